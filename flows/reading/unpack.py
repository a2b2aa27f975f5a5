"""The bytes of a file that may be packed, up to a limit: a small file can unpack to more than any disk holds."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import pyarrow as pa

from pipelines.core.errors import InputError

MOST_BYTES = 8 << 30  # that a file may unpack to
MOST_TIMES = 200  # its own size: tables pack to a tenth or so, zeros to a thousandth
UNSUSPECTED = 256 << 20  # bytes that it may unpack to however small it is


def _open_zstd(path: Path) -> BinaryIO:
    return cast(BinaryIO, pa.input_stream(str(path), compression="zstd"))


OPENERS: Mapping[str, Callable[[Path], IO[bytes]]] = {
    ".bz2": bz2.BZ2File,
    ".gz": lambda path: cast(BinaryIO, gzip.GzipFile(path)),
    ".xz": lzma.LZMAFile,
    ".zst": _open_zstd,
}


def packing(path: Path) -> str:
    """Return the suffix that says how the file is packed, empty for a plain one."""
    suffix = path.suffix.lower()
    return suffix if suffix in OPENERS else ""


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """Open the file's bytes, unpacked; raise InputError where they cannot be unpacked or are too many."""
    suffix = packing(path)
    if not suffix:
        with path.open("rb") as stream:
            yield stream
        return
    most = min(max(MOST_TIMES * path.stat().st_size, UNSUSPECTED), MOST_BYTES)
    try:
        with OPENERS[suffix](path) as packed, io.BufferedReader(_Limited(packed, most, path)) as stream:
            yield cast(BinaryIO, stream)
    except (gzip.BadGzipFile, lzma.LZMAError, EOFError, zlib.error, OSError) as error:
        raise InputError(
            f"the file cannot be unpacked: {error}",
            where=str(path),
            allowed=f"a whole {suffix} file",
            todo="fetch it again",
        ) from None


class _Limited(io.RawIOBase):
    """A stream that refuses to give more than so many bytes."""

    def __init__(self, stream: IO[bytes], most: int, path: Path) -> None:
        self._stream, self._left, self._most, self._path = stream, most, most, path

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; raise InputError where the limit is passed."""
        block = self._stream.read(len(buffer))
        self._left -= len(block)
        if self._left < 0:
            raise InputError(
                f"the file unpacks to more than {self._most >> 20:,} MiB",
                where=f"{self._path}, {self._path.stat().st_size:,} bytes",
                allowed=f"up to {MOST_TIMES} times its size or {UNSUSPECTED >> 20} MiB, and {MOST_BYTES >> 30} GiB",
                todo="check that it is the file you mean; if it is, unpack it yourself",
            )
        buffer[: len(block)] = block
        return len(block)
