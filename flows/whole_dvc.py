"""The `dvc` of this environment: DVC's own, but it writes its files whole or not at all, and does things once.

DVC empties dvc.lock and then fills it, which takes a tenth of a second where stages are many. Killed there, it leaves a
part of a file, at which every later `dvc repro` stops. Most of the time that it takes itself is for reading, hashing
and writing again what it has just read, hashed or written.
"""

import gc
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows.dvc import once, recording, telling
from flows.dvc.lock_entries import with_entries
from flows.dvc.recording import Recording
from flows.repository.files import write_bytes
from flows.running.leaving import leave_at_once, leaving

OBJECTS = 100_000  # between looks for garbage: imports and files make a million, and hardly any goes before the end
REPEATING = ("repro", "status")  # the commands that look at all stages; others may change dvc.yaml while they run


def main() -> int:
    """Run DVC's command line on the arguments of this process; return its exit status."""
    leave_at_once()  # before DVC is imported
    gc.set_threshold(OBJECTS)
    from dvc.cli import main as command_line

    adapt(sys.argv[1] if sys.argv[1:] else "")
    return leaving(command_line())


def adapt(command: str, owned: Recording | None = None) -> None:
    """Replace what is DVC's own in this process, as far as it is for this command of DVC.

    A rebuild records its run in Prefect: in `owned`, which the caller begins and ends, or in one of its own.
    """
    write_whole()
    write_entries()
    if command in REPEATING:
        once.load_once()
        once.parse_once()
        once.hash_once()
        once.lock_once()
        records = owned or Recording()
        telling.tell(records.say)
        recording.record(records, owned=owned is not None)


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


def write_entries() -> None:
    """Let dvc.lock be changed where a stage's entry stands, and stay as it is elsewhere."""
    from dvc.dvcfile import Lockfile, logger
    from dvc.stage.serialize import to_lockfile
    from dvc.utils.serialize import dumps_yaml

    write_all = Lockfile.dump_stages

    def dump_stages(self: Any, stages: list[Any], **more: Any) -> None:  # noqa: ANN401 - DVC's
        path = Path(self.path)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        entries = {name: entry for stage in stages for name, entry in to_lockfile(stage, **more).items()}
        changed = with_entries(text, entries, dumps_yaml)
        if changed is None:
            write_all(self, stages, **more)
        elif changed != text:
            logger.info("Updating lock file '%s'", self.relpath)
            write_bytes(path, changed.encode())
            self.repo.scm_context.track_file(self.relpath)

    Lockfile.dump_stages = dump_stages
