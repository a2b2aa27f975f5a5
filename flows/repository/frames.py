"""Tables as files: written whole, and read as an earlier step left them."""

from pathlib import Path

import pandas as pd
from pyarrow import default_memory_pool
from pyarrow.lib import ArrowException

from flows.repository.earlier import check_recorded, damaged, made_by
from flows.repository.files import replacing


def write_table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all, without its index; equal tables give equal bytes."""
    with replacing(path) as file:
        frame.to_parquet(file, engine="pyarrow", index=False, compression="zstd")


def read_frame(path: Path, step: str, name: str) -> pd.DataFrame:
    """Return a table that an earlier step wrote; raise InputError if it is not there or damaged."""
    made = made_by(step, path, name)
    check_recorded(step, path, name)
    try:  # without Arrow's threads: where the system starts no more, it would wait without end
        frame = pd.read_parquet(made, engine="pyarrow", use_threads=False, pre_buffer=False)
    except (ArrowException, OSError) as error:
        raise damaged(path, step, name) from error
    default_memory_pool().release_unused()  # Arrow would keep four times the table's size for the rest of the step
    return frame
