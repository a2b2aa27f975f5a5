"""Facts as plain values: what JSON can hold, rounded as it will be written."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from pipelines.core.digits import written


def plain(value: Any) -> Any:  # noqa: ANN401 - any nesting of facts
    """Return the facts with numpy's numbers as Python's, floats as `written`, NaN and infinities None.

    Rounding happens before sentences are written, so that what they say is what the file holds.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.bool_ | bool):
        return bool(value)
    if isinstance(value, np.integer | int):
        return int(value)
    if isinstance(value, np.floating | float):
        return written(float(value)) if math.isfinite(value) else None
    return value
