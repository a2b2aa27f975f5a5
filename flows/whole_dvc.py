"""The `dvc` of this environment: DVC's own, but it writes its files whole or not at all.

DVC empties dvc.lock and then fills it, which takes a tenth of a second where stages are many. Killed there, it leaves a
part of a file, at which every later `dvc repro` stops.
"""

import io
from collections.abc import Callable
from pathlib import Path

from flows.repository.files import write_bytes


def main() -> int:
    """Run DVC's command line on the arguments of this process; return its exit status."""
    from dvc.cli import main as command_line

    write_whole()
    status: int = command_line()
    return status


def write_whole() -> None:
    """Let `dvc.utils.serialize` write YAML by `dump_data`; two of its modules have the function that does it."""
    from dvc.utils.serialize import _common, _yaml

    _common._dump_data = _yaml._dump_data = dump_data  # noqa: SLF001 - DVC has no setting for it


def dump_data(
    path: str, data: object, dumper: Callable[..., object], fs: object = None, **more: object  # noqa: ARG001
) -> None:  # fmt: skip
    """Write `data` as `dumper(data, stream)` does; a file that is there stays until all is written.

    Raises what the dumper and the disk raise. DVC writes to the disk of this machine alone, which `fs` is.
    """
    stream = io.StringIO()
    dumper(data, stream, **more)
    write_bytes(Path(path), stream.getvalue().encode())
