"""What must stand in the environment before anything heavy is imported, and where the repository is."""

import os
import platform
from pathlib import Path

from pipelines.core.errors import InputError

# Parallel pieces run in threads of their own, and a sum added up by several threads differs in its last digits.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

# numpy sorts by another algorithm where the processor has AVX2 or AVX-512, with equal values in another order, and its
# logarithms differ in their last digit. Without its faster code a rebuild is the same on every processor: Optuna sorts
# settings that are often equal, and so led the search elsewhere.
X86 = ("x86_64", "amd64")  # as the operating system calls processors that have these, or have not
SAME_NUMPY = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"}

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


def alike() -> dict[str, str]:
    """Return what lets this process compute the same bytes on any number of cores and on any processor."""
    return dict.fromkeys(ONE_THREAD, "1") | (SAME_NUMPY if platform.machine().lower() in X86 else {})


def prepare(root: Path) -> None:
    """Set threads, numpy's code, silence and Prefect's home for this process and its children."""
    os.environ.update(alike() | SILENCE)
    os.environ["PREFECT_HOME"] = str(root / ".prefect")
    for name, value in WATCHING.items():
        os.environ.setdefault(name, value)


def find_root(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that holds `projects/`; raise InputError if none does."""
    for folder in (start, *start.parents):
        if (folder / "projects").is_dir():
            return folder
    raise InputError("no folder `projects/` here or above", where=str(start), todo="change into the repository first")
