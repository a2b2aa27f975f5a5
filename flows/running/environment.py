"""What must stand in the environment before anything heavy is imported, and where the repository is."""

import os
from pathlib import Path

from pipelines.core.errors import InputError

# Parallel pieces run in threads of their own, and a sum added up by several threads differs in its last digits.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

SILENCE = {  # what is built here stays here
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "DVC_NO_ANALYTICS": "1",
}

WATCHING = {  # a user's own value wins
    "PREFECT_API_REQUEST_TIMEOUT": "10",
    "PREFECT_CLIENT_MAX_RETRIES": "1",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",  # the lock pins both sides
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the terminal belongs to DVC; the log is in the UI
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
}


def prepare(root: Path) -> None:
    """Set threads, silence and Prefect's home for this process and its children."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    os.environ.update(SILENCE)
    os.environ["PREFECT_HOME"] = str(root / ".prefect")
    for name, value in WATCHING.items():
        os.environ.setdefault(name, value)


def find_root(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that holds `projects/`; raise InputError if none does."""
    for folder in (start, *start.parents):
        if (folder / "projects").is_dir():
            return folder
    raise InputError("no folder `projects/` here or above", where=str(start), todo="change into the repository first")
