"""The site: reports, pages beside them and docs for a browser, with the fact behind each number.

`python -m flows.site` (`make site`) writes the folder `site/`, which any web server can offer as it is. The pages are
rendered from the facts, as the reports are; see docs/site.md.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import cast

from flows.repository.files import read_json
from flows.repository.layout import OVERVIEW, OVERVIEW_FIGURES, Layout
from flows.repository.projects import project_names
from pipelines.core.errors import InputError
from pipelines.core.steps import SEVEN
from pipelines.facts.steps import Facts
from pipelines.report import words
from pipelines.report.pages.overview import render_overview
from pipelines.report.pages.report import BESIDE, Report, render_report, report_beside
from pipelines.site import data_docs
from pipelines.site.evidence import evidence_element
from pipelines.site.links import find_links, is_source, relink, source_page
from pipelines.site.notebook import notebook_page
from pipelines.site.settings import SCRIPT, SITE, SOURCE, STYLE, Nav, settings
from pipelines.site.spans import with_spans

OUT = Path("site")
README = PurePosixPath("README.md")
KEPT_BACK = ("data", "models")  # folders of what DVC keeps; of these the site has Data Docs alone
TITLES = {"interview": "Interview", "post": "Post"}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WARNING = re.compile(r"^Warning: (.+)\n\s*╭─\[ (\S+:\d+):\d+ \]", re.MULTILINE)
Copies = dict[PurePosixPath, Path | str]  # by path in the site's source: a file to copy, or the text of one


def main() -> None:
    """Write the site and say where it is."""
    try:
        warnings = build(OUT)
    except InputError as error:
        sys.exit(str(error))
    sys.stderr.writelines(f"{warning}\n" for warning in warnings)
    print(f"{OUT}/index.html; with search: .venv/bin/python -m http.server --directory {OUT}")  # noqa: T201 -- its answer


def build(out: Path) -> list[str]:
    """Write the site into the folder `out`, whole, and return what the generator warns of, such as a dead link.

    Projects without the facts of all steps are left out. Raises InputError where none is left, or the generator fails.
    """
    with tempfile.TemporaryDirectory(prefix="sevenfold-site-") as scratch:
        work = Path(scratch)
        names = [name for name in project_names() if all(Layout(name).facts(step).exists() for step in SEVEN)]
        if not names:
            raise InputError("no project has facts yet", where=f"{OVERVIEW.parent}/", todo="run `dvc repro`")
        for path, content in collect(names).items():
            place = work / SOURCE / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, place)
            else:
                place.write_text(content, encoding="utf-8")
        (work / "zensical.toml").write_text(settings(navigation(names)), encoding="utf-8")
        warnings = _generate(work)
        beside = out.with_name(f"{out.name}.new")  # so that a site is there whole or not at all
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(work / SITE, beside)
        shutil.rmtree(out, ignore_errors=True)
        beside.rename(out)
    return warnings


def navigation(names: list[str]) -> Nav:
    """Return the pages in the order of their menu: the start, the overview, each project, the docs."""
    docs = [{_heading(path): path.as_posix()} for path in sorted(Path("docs").glob("*.md"))]
    projects = [{words.title(name): list(_project_pages(Layout(name)))} for name in names]
    return [{"Start": str(README)}, {"Overview": OVERVIEW.as_posix()}, {"Projects": projects}, {"Docs": docs}]


def _project_pages(layout: Layout) -> Iterator[str | Mapping[str, str]]:
    """Yield a project's pages: the report and, as far as they are there, the others."""
    yield layout.report.as_posix()
    for page in BESIDE:
        yield {TITLES[page]: layout.beside(page).as_posix()}
    if layout.notebook.exists():
        yield {"Notebook": f"{layout.notebook.as_posix()}.md"}
    if (index := layout.data_docs / "index.html").exists():
        yield {"Data Docs": index.as_posix()}


def _heading(page: Path) -> str:
    """Return the first heading of a page."""
    found = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else page.stem


def collect(names: list[str]) -> Copies:
    """Return everything that the generator reads, by its path, which is the path in the repository."""
    bound, plain, copies = _bound_pages(names), _plain_pages(), _copies(names)
    for path, page in (*plain.items(), *((path, page.markdown) for path, page in bound.items())):
        for linked in filter(_offered, find_links(page, path)):
            copies.setdefault(linked, Path(linked))
    files = frozenset([*copies, *plain, *bound])
    for path in sorted(files):
        if path in bound:
            markdown, behind = with_spans(bound[path])
            copies[path] = f"{relink(markdown, path, files)}\n{evidence_element(behind, path, files)}\n"
        elif path in plain:
            copies[path] = relink(plain[path], path, files)
        elif path.suffix == ".ipynb":
            copies[path.with_name(f"{path.name}.md")] = notebook_page(path, Path(path).read_text("utf-8"), files)
        elif is_source(path):
            copies[path.with_name(f"{path.name}.md")] = source_page(path, Path(copies.pop(path)).read_text("utf-8"))
    return copies


def _bound_pages(names: list[str]) -> dict[PurePosixPath, Report]:
    """Return the pages that are rendered from facts."""
    facts = {name: _facts(Layout(name)) for name in names}
    pages = {PurePosixPath(OVERVIEW): render_overview(list(facts.values()))}
    for name, known in facts.items():
        pages[PurePosixPath(Layout(name).report)] = render_report(known)
        pages |= {PurePosixPath(Layout(name).beside(page)): report_beside(page, known) for page in BESIDE}
    return pages


def _facts(layout: Layout) -> Facts:
    """Return all facts of a project that are there, and the answer to them."""
    files = [
        *sorted(layout.facts("define").parent.glob("*.json")),
        *([layout.answer] if layout.answer.exists() else []),
    ]
    return cast("Facts", {file.stem: read_json(file) for file in files})


def _plain_pages() -> dict[PurePosixPath, str]:
    """Return the pages that people write, or that are made of the code."""
    return {
        PurePosixPath(page): page.read_text(encoding="utf-8") for page in [Path(README), *Path("docs").glob("*.md")]
    }


def _copies(names: list[str]) -> Copies:
    """Return the files that pages show or lead to: pictures, facts, Data Docs, and how numbers show their facts."""
    files = [*OVERVIEW_FIGURES.glob("*.svg"), *Path("docs", "pictures").iterdir()]
    copies: Copies = {}
    for layout in map(Layout, names):
        files += [*layout.figures.glob("*.svg"), *layout.facts("define").parent.glob("*.json")]
        files += [path for path in (layout.answer, layout.notebook) if path.exists()]
        copies |= _data_docs(layout.data_docs)
    copies |= {PurePosixPath(file): file for file in files}
    here = Path(data_docs.__file__).parent
    return copies | {PurePosixPath(name): here / Path(name).name for name in (SCRIPT, STYLE)}


def _data_docs(folder: Path) -> Copies:
    """Return the pages of a project's Data Docs, where step 1 wrote them in this clone."""
    pages = {
        page: data_docs.without_addresses(page.read_text(encoding="utf-8")) for page in sorted(folder.rglob("*.html"))
    }
    if (index := folder / "index.html") in pages:
        others = [page.relative_to(folder).as_posix() for page in pages if page != index]
        pages[index] = data_docs.with_links(pages[index], others)
    return {PurePosixPath(page): html for page, html in pages.items()}


def _offered(path: PurePosixPath) -> bool:
    """Return whether the file that a page links is for the site: no page of its own, and never data or a model."""
    inside = ".." not in path.parts and path.parts[0] not in KEPT_BACK
    return inside and path.suffix != ".md" and Path(path).is_file()


def _generate(work: Path) -> list[str]:
    """Let the generator make the site, and return its warnings: the page and line, and what is wrong there.

    Raises InputError, with the generator's words on standard error, where it fails.
    """
    command = [sys.executable, "-m", "zensical", "build", "--config-file", "zensical.toml"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)  # noqa: S603 -- no shell
    said = _COLOUR.sub("", done.stdout + done.stderr)
    if done.returncode:
        sys.stderr.write(said)
        raise InputError("the site was not made", where="make site", todo="fix what the generator names above")
    return [f"{place}: {what}" for what, place in _WARNING.findall(said)]


if __name__ == "__main__":
    main()
