"""Set the clock of this Python process back by a day, some seconds after it has started."""

import os
import time

DAY = 86400
_right, _right_ns = time.time, time.time_ns
_jump = _right() + float(os.environ["CLOCK_JUMPS_AFTER"])


def _back() -> int:
    return DAY if _right() > _jump else 0


time.time = lambda: _right() - _back()
time.time_ns = lambda: _right_ns() - _back() * 10**9
