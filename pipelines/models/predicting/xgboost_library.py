"""Boosters of xgboost, by its C interface (https://xgboost.readthedocs.io/en/stable/dev/group__c__api.html)."""

import ctypes
import json
from functools import cache

import numpy as np

from pipelines.models.predicting.library import load_library
from pipelines.targets.arrays import Floats

# As `xgboost.Booster.predict` asks: predictions by all trees, several classes as columns.
ASKED = json.dumps(
    {"type": 0, "training": False, "iteration_begin": 0, "iteration_end": 0, "missing": float("nan"),
     "strict_shape": False, "cache_id": 0},
).encode()  # fmt: skip


class XGBoostBooster:
    """A model in xgboost's binary JSON; any number of threads may predict with it."""

    def __init__(self, content: bytes, features: int) -> None:
        """Read the model of so many features; `content` must have passed `check_xgboost`: xgboost trusts it."""
        self._library = _library()
        self._handle = ctypes.c_void_p()
        self.features = features
        self._check(self._library.XGBoosterCreate(None, 0, ctypes.byref(self._handle)))
        self._check(self._library.XGBoosterSetParam(self._handle, b"nthread", b"1"))
        self._check(self._library.XGBoosterLoadModelFromBuffer(self._handle, content, len(content)))
        self.predict(np.zeros((1, features)))  # the first call sets up what later ones, in several threads, read

    def predict(self, matrix: Floats) -> Floats:
        """Return what `xgboost.Booster.predict` returns, float32 (rows,), or (rows, classes) of several.

        `matrix` is (rows, features), float64 and C-contiguous.
        """
        rows, columns = matrix.shape
        if columns != self.features or matrix.dtype != np.float64 or not matrix.flags.c_contiguous:
            message = f"a matrix of {self.features} columns in float64 is needed, not {matrix.shape} {matrix.dtype}"
            raise ValueError(message)
        where = b'{"data":[%d,true],"shape":[%d,%d],"typestr":"<f8","version":3}'
        shape, dimensions = ctypes.POINTER(ctypes.c_uint64)(), ctypes.c_uint64()
        found = ctypes.POINTER(ctypes.c_float)()
        given = where % (matrix.ctypes.data, rows, columns), ASKED, None
        places = ctypes.byref(shape), ctypes.byref(dimensions), ctypes.byref(found)
        self._check(self._library.XGBoosterPredictFromDense(self._handle, *given, *places))
        sizes = tuple(shape[i] for i in range(dimensions.value))
        return np.ctypeslib.as_array(found, sizes).astype(np.float64)  # the thread's next call writes over it

    def __del__(self) -> None:
        """Give the model's memory back."""
        if getattr(self, "_handle", None):
            self._library.XGBoosterFree(self._handle)

    def _check(self, status: int) -> None:
        if status:
            raise RuntimeError(f"xgboost: {self._library.XGBGetLastError().decode(errors='replace')}")


@cache
def _library() -> ctypes.CDLL:
    """Return xgboost's library, with the types that its functions take."""
    library = load_library("xgboost", "libxgboost")
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    library.XGBGetLastError.restype = text
    taken = {
        "XGBoosterCreate": [pointer, ctypes.c_uint64, pointer],
        "XGBoosterSetParam": [pointer, text, text],
        "XGBoosterLoadModelFromBuffer": [pointer, text, ctypes.c_uint64],
        "XGBoosterPredictFromDense": [pointer, text, text, pointer, pointer, pointer, pointer],
        "XGBoosterFree": [pointer],
    }
    for name, types in taken.items():
        getattr(library, name).argtypes = types
    return library
