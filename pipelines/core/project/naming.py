"""How complaints list names, and which known name is near an unknown one."""

import difflib
from collections.abc import Iterable

from pipelines.core.errors import quote


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a complaint about a name that is not among the known ones."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {quote(near[0])}?" if near else "; add it there"


def either(names: Iterable[str]) -> str:
    """Return the names quoted, with an "or" before the last of several."""
    *others, last = names
    return ", ".join(map(repr, others)) + f" or {last!r}" if others else repr(last)
