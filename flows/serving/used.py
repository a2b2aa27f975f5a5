"""Which packages answering needs: measured, by answering in a process of its own and looking at what that imported.

Libraries import what else happens to be installed (LightGBM takes Dask where there is one), so only what code of ours
names counts, and what that requires. `python -m flows.serving.used ARCHIVE` prints the former, one a line.
"""

import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from importlib.util import find_spec
from pathlib import Path

from flows.dvc.closure import others

ENTRY = Path("flows", "serving", "standalone.py")
SERVER = ("uvicorn.loops.auto", "uvicorn.lifespan.on", "uvicorn.supervisors")
IN_C = ("httptools", "uvloop")  # what uvicorn parses and waits with, which it does not require


def used_packages(archive: Path) -> list[str]:
    """Return the packages, by their names on an index, that serving an archive imports, and those that these require.

    Raises CalledProcessError where the archive cannot be served here.
    """
    command = [sys.executable, "-m", "flows.serving.used", str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    return with_requirements(done.stdout.split())


def with_requirements(names: Iterable[str]) -> list[str]:
    """Return packages and all that they require on this machine, extras aside, sorted."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    waiting = [normal(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            needed = [Requirement(text) for text in requires(name) or ()]
        except PackageNotFoundError:  # a marker asks for it elsewhere
            continue
        found.add(name)
        waiting += [normal(one.name) for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    return sorted(found)


def normal(name: str) -> str:
    """Return a package's name as the lock has it."""
    return name.lower().replace("_", "-").replace(".", "-")


def main() -> None:
    """Answer the archive's own rows by every model, and print whose modules that imported."""
    for module in ("flows.serving.standalone", "flows.serving.app", *SERVER):
        import_module(module)
    from pipelines.serving.kinds import load_service

    service = load_service(Path(sys.argv[1]).read_bytes())
    service.check_parity()
    _ = service.explainers  # what reasons need is loaded
    fast = {name for name in IN_C if find_spec(name)}
    tops = {name.partition(".")[0] for name in sys.modules}
    named = {name.partition(".")[0] for name in others([ENTRY])} & tops
    named |= fast | {library for model in service.models.values() for library in model.schema["versions"]}
    own = packages_distributions()
    sys.stdout.write("\n".join(sorted({one for name in named if name in own for one in own[name]})) + "\n")


if __name__ == "__main__":
    main()
