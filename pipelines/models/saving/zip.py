"""Zips of files in memory: the same bytes for the same files, whatever the clock and the system."""

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


def pack(files: Mapping[str, bytes], *, compress: bool) -> bytes:
    """Return a zip of `files` in sorted order and without times: the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, files[name], compresslevel=6 if compress else None)
    return buffer.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def below(files: Mapping[str, bytes], prefix: str) -> dict[str, bytes]:
    """Return the files whose names begin with `prefix`, by the rest of their names."""
    return {name.removeprefix(prefix): file for name, file in files.items() if name.startswith(prefix)}
