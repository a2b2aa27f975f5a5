"""Universal Binary JSON, as xgboost writes it (https://ubjson.org/): numbers of one type stand in arrays of numpy."""

import struct
from typing import Any

import numpy as np

from pipelines.models.saving.tree_check import unsound

WHOLE = {b"i": 1, b"U": 1, b"I": 2, b"l": 4, b"L": 8}  # bytes
REAL = {b"d": ">f", b"D": ">d"}
NUMBERS = {b"i": ">i1", b"U": ">u1", b"I": ">i2", b"l": ">i4", b"L": ">i8", b"d": ">f4", b"D": ">f8"}
CONSTANTS = {b"T": True, b"F": False, b"Z": None}
DEEPEST = 64  # of what stands inside one another


def read_ubjson(content: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return the value; raise InputError where the bytes are something else."""
    try:
        return _Reader(content).value(0)
    except (IndexError, struct.error, UnicodeDecodeError, ValueError, KeyError):
        raise unsound("not xgboost's binary JSON") from None


class _Reader:
    """Bytes, and how far they were read."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def value(self, depth: int) -> Any:  # noqa: ANN401 - JSON
        """Return the next value."""
        kind = self._take(1)
        if depth > DEEPEST:
            raise ValueError(depth)
        if kind in WHOLE:
            return int.from_bytes(self._take(WHOLE[kind]), "big", signed=kind != b"U")
        if kind in REAL:
            return struct.unpack(REAL[kind], self._take(struct.calcsize(REAL[kind])))[0]
        if kind in CONSTANTS:
            return CONSTANTS[kind]
        if kind == b"S":
            return self._text()
        return {b"{": self._object, b"[": self._array}[kind](depth + 1)

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self._passes(b"}"):
            name = self._text()
            if name in found:
                raise ValueError(name)
            found[name] = self.value(depth)
        return found

    def _array(self, depth: int) -> Any:  # noqa: ANN401 - a list, or numbers
        kind = self._take(1) if self._passes(b"$") else None
        if self._passes(b"#"):
            length = self._length()
            if kind is None:
                return [self.value(depth) for _ in range(length)]
            dtype = np.dtype(NUMBERS[kind])
            return np.frombuffer(self._take(length * dtype.itemsize), dtype)
        found = []
        while not self._passes(b"]"):
            found.append(self.value(depth))
        return found

    def _length(self) -> int:
        kind = self._take(1)
        length = int.from_bytes(self._take(WHOLE[kind]), "big", signed=kind != b"U")
        if length < 0:
            raise ValueError(length)
        return length

    def _text(self) -> str:
        return self._take(self._length()).decode("utf-8")

    def _passes(self, mark: bytes) -> bool:
        """Return whether the next byte is that one, and pass it if so."""
        found = self._content[self._at : self._at + 1] == mark
        self._at += found
        return found

    def _take(self, length: int) -> bytes:
        taken = self._content[self._at : self._at + length]
        if len(taken) != length:
            raise IndexError(length)
        self._at += length
        return taken
