"""Arrays without their last digits, which differ between processors.

Whatever is decided on such numbers (which of two rows comes first, which of two losses is smaller, where a tree
splits) is then decided alike: but where a number lies in the middle between two neighbours, about once in 1,000 numbers
of which the sixteenth decimal digit differs.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

KEPT = 40  # binary digits of a number, of 52: twelve decimal ones, and more than a float32 has
_DROPPED = 52 - KEPT
_HALF, _MASK = np.int64(1 << (_DROPPED - 1)), np.int64(-1 << _DROPPED)


def steady(values: ArrayLike) -> NDArray[np.float64]:
    """Return the values with KEPT binary digits each, the nearest such number, in their shape."""
    bits = np.array(values, np.float64).view(np.int64)
    bits += _HALF
    bits &= _MASK
    return bits.view(np.float64)


def steady_together(values: ArrayLike) -> NDArray[np.float64]:
    """Return the values rounded alike, to the last of the KEPT binary digits of the largest, in their shape.

    So are coefficients that one system of equations decides: the errors of all are those of the largest.
    """
    found = np.asarray(values, np.float64)
    largest = float(np.max(np.abs(found), initial=0.0))
    unit = np.ldexp(1.0, int(np.frexp(largest)[1]) - KEPT)
    return np.asarray(np.round(found / unit) * unit + 0.0)
