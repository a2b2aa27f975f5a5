"""Which facts a piece of work reads, so that a subset can be kept on which it does the same."""

from collections.abc import Iterator, Mapping
from typing import Any

EACH = "*"  # any place of a list, in a path
Path = tuple[str, ...]


class Watched(dict[str, Any]):
    """An object of the facts that notes the path of every key that is read."""

    def __init__(self, values: Mapping[str, object], reads: set[Path], path: Path = ()) -> None:
        super().__init__({key: _watch(value, reads, (*path, key)) for key, value in values.items()})
        self._reads, self._path = reads, path

    def _note(self, *keys: str) -> None:
        self._reads.update((*self._path, key) for key in keys)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever the facts hold
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._note(*super().keys())
        return super().__iter__()

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - whatever the facts hold
        """Return the value at `key`, or the default."""
        self._note(key)
        return super().get(key, default)

    def items(self) -> Any:  # noqa: ANN401 - a view, whose type has no public name
        """Return all keys with their values."""
        self._note(*super().keys())
        return super().items()

    def values(self) -> Any:  # noqa: ANN401 - a view, whose type has no public name
        """Return all values."""
        self._note(*super().keys())
        return super().values()


def keep(value: Any, reads: set[Path], path: Path = ()) -> Any:  # noqa: ANN401 - whatever the facts hold
    """Return the part of some facts that was read: of an object the keys that were, or all where none was by itself.

    Lists keep all items, each with the keys that were read of any, so that pointers lead to the same places.
    """
    if isinstance(value, list):
        return [keep(item, reads, (*path, EACH)) for item in value]
    if not isinstance(value, dict):
        return value
    read = [key for key in value if (*path, key) in reads]
    return {key: keep(value[key], reads, (*path, key)) for key in read} if read else value


def _watch(value: object, reads: set[Path], path: Path) -> object:
    if isinstance(value, dict):
        return Watched(value, reads, path)
    return [_watch(item, reads, (*path, EACH)) for item in value] if isinstance(value, list) else value
