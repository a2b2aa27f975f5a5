"""Which raw files changed since the last build: their content against what DVC recorded when step 1 read them.

Looking costs nothing while a file's size and times stay. A file counts when it has stayed for one look, as one that is
being written is half of a file.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from flows.dvc.listed import PIPELINE, listed
from flows.repository.files import BLOCK

LOCK = Path("dvc.lock")
Seen = tuple[int, int, int] | None  # size, time of change and number of a file; None where there is none


class RawFiles:
    """The raw files of some projects, looked at again and again."""

    def __init__(self, names: Sequence[str]) -> None:
        """Look at those of the named projects, of all without names."""
        self._names = names
        self._last: dict[str, Seen] = {}  # at the last look
        self._known: dict[str, tuple[Seen, str]] = {}  # the content's md5, while the file stays as it was seen
        self._told: dict[str, str] = {}  # by project: the content of which it was said that it changed

    def changed(self) -> dict[str, str]:
        """Return the raw file of each project whose content is not the one last built; each content once."""
        found = {}
        for name, path in chosen(self._names).items():
            content = self._content(path)
            built = built_md5(name, path)
            if content == built:
                self._told.pop(name, None)
            elif content is not None and built is not None and self._told.get(name) != content:
                self._told[name] = content
                found[name] = path
        return found

    def _content(self, path: str) -> str | None:
        """Return the md5 of a file that has not changed since the last look; None of any other."""
        seen = _seen(Path(path))
        stayed = path in self._last and self._last[path] == seen
        self._last[path] = seen
        if seen is None or not stayed:
            return None
        if path not in self._known or self._known[path][0] != seen:
            with suppress(OSError):
                content = _md5(Path(path))
                if _seen(Path(path)) != seen:
                    return None
                self._known[path] = seen, content
        return self._known[path][1] if path in self._known and self._known[path][0] == seen else None


def chosen(names: Iterable[str]) -> dict[str, str]:
    """Return the raw file of each named project, of all without names, as dvc.yaml lists them."""
    wanted = set(names)
    return {name: path for name, path in known().items() if not wanted or name in wanted}


def known() -> dict[str, str]:
    """Return the raw file of each project that dvc.yaml lists, parsed again only where that file has changed."""
    return dict(_listed(_seen(PIPELINE)))


@lru_cache(maxsize=1)
def _listed(seen: Seen) -> dict[str, str]:  # noqa: ARG001 - which content it is of
    return listed()


def imported(names: Iterable[str]) -> list[str]:
    """Return the DVC files of the projects' raw files that were imported: from a URL, or from another repository."""
    return [f"{path}.dvc" for path in chosen(names).values() if _tracked(path).get("deps")]


def built_md5(name: str, path: str) -> str | None:
    """Return the md5 of the raw file that the last build of step 1 read, as DVC recorded it; None if there is none."""
    import yaml  # type: ignore[import-untyped] # its types are published apart

    with suppress(OSError, yaml.YAMLError, KeyError, TypeError):
        text = LOCK.read_text(encoding="utf-8", errors="replace") + "\n"
        lines = re.search(rf"^  define@{re.escape(name)}:\n(?:(?: {{4}}.*)?\n)+", text, re.MULTILINE)
        entry = yaml.load(lines[0] if lines else "", yaml.CSafeLoader)[f"define@{name}"]
        return next((str(dep["md5"]) for dep in entry["deps"] if dep["path"] == path), None)
    return None


def _tracked(path: str) -> dict[str, Any]:
    """Return what DVC keeps of a raw file beside it; nothing where that is missing or damaged."""
    import yaml

    with suppress(OSError, yaml.YAMLError):
        found = yaml.safe_load(Path(f"{path}.dvc").read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def _seen(path: Path) -> Seen:
    with suppress(OSError):
        found = path.stat()
        return found.st_size, found.st_mtime_ns, found.st_ino
    return None


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
