"""Run the command line, and kill this process when the given file, by number, is written but not yet in its place."""

import os
import signal
import sys
from unittest.mock import patch

from flows.cli import main

_flush = os.fsync
_left = [int(sys.argv[1])]


def flush(handle: int) -> None:
    """Flush, and end at the last of the files."""
    _flush(handle)
    _left[0] -= 1
    if not _left[0]:
        os.kill(os.getpid(), signal.SIGKILL)


with patch.object(os, "fsync", flush):
    sys.exit(main(sys.argv[2:]))
