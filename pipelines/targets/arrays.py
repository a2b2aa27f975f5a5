"""What kinds of target take and return."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Estimator = Any  # scikit-learn is imported late and has no types
Matrix = Any  # a frame, or a matrix, dense or sparse
