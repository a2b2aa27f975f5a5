"""Boosters of LightGBM, by its C interface (https://lightgbm.readthedocs.io/en/stable/C-API.html)."""

import ctypes
from functools import cache

import numpy as np

from pipelines.models.predicting.library import load_library
from pipelines.targets.arrays import Floats

FLOAT64, ROW_MAJOR, PREDICTION, FIRST, ALL = 1, 1, 0, 0, -1  # constants of c_api.h
ONE_THREAD = b"num_threads=1"
FEW = 4  # rows up to which one call a row is quicker than one for all, which reads its settings again


class LightGBMBooster:
    """A model in LightGBM's text format; any number of threads may predict with it."""

    def __init__(self, text: str) -> None:
        """Read the model; `text` must have passed `checked_text`, since LightGBM trusts what it reads."""
        self._library = _library()
        self._handle = ctypes.c_void_p()
        trees, features, outputs = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
        call = self._library.LGBM_BoosterLoadModelFromString
        self._check(call(text.encode(), ctypes.byref(trees), ctypes.byref(self._handle)))
        self._check(self._library.LGBM_BoosterGetNumFeature(self._handle, ctypes.byref(features)))
        self._check(self._library.LGBM_BoosterGetNumClasses(self._handle, ctypes.byref(outputs)))
        self.features, self.outputs = features.value, outputs.value
        self._single = ctypes.c_void_p()
        prepare = self._library.LGBM_BoosterPredictForMatSingleRowFastInit
        given = (PREDICTION, FIRST, ALL, FLOAT64, features, ONE_THREAD)
        self._check(prepare(self._handle, *given, ctypes.byref(self._single)))

    def predict(self, matrix: Floats) -> Floats:
        """Return what `lightgbm.Booster.predict` returns, float64 (rows,), or (rows, outputs) of several.

        `matrix` is (rows, features), float64 and C-contiguous.
        """
        rows, columns = matrix.shape
        if columns != self.features or matrix.dtype != np.float64 or not matrix.flags.c_contiguous:
            message = f"a matrix of {self.features} columns in float64 is needed, not {matrix.shape} {matrix.dtype}"
            raise ValueError(message)
        found = np.empty(rows * self.outputs)
        length = ctypes.c_int64()
        given, put = matrix.ctypes.data, found.ctypes.data
        if rows <= FEW:
            for row in range(rows):
                places = given + row * 8 * columns, ctypes.byref(length), put + row * 8 * self.outputs
                self._check(self._library.LGBM_BoosterPredictForMatSingleRowFast(self._single, *places))
        else:
            asked = (FLOAT64, rows, columns, ROW_MAJOR, PREDICTION, FIRST, ALL, ONE_THREAD)
            call = self._library.LGBM_BoosterPredictForMat
            self._check(call(self._handle, given, *asked, ctypes.byref(length), put))
        return found if self.outputs == 1 else found.reshape(rows, self.outputs)

    def __del__(self) -> None:
        """Give the model's memory back."""
        if getattr(self, "_single", None):
            self._library.LGBM_FastConfigFree(self._single)
        if getattr(self, "_handle", None):
            self._library.LGBM_BoosterFree(self._handle)

    def _check(self, status: int) -> None:
        if status:
            raise RuntimeError(f"LightGBM: {self._library.LGBM_GetLastError().decode(errors='replace')}")


@cache
def _library() -> ctypes.CDLL:
    """Return LightGBM's library, with the types that its functions take."""
    library = load_library("lightgbm", "lib_lightgbm")
    whole, pointer, text = ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p
    library.LGBM_GetLastError.restype = text
    taken = {
        "LGBM_BoosterLoadModelFromString": [text, pointer, pointer],
        "LGBM_BoosterGetNumFeature": [pointer, pointer],
        "LGBM_BoosterGetNumClasses": [pointer, pointer],
        "LGBM_BoosterFree": [pointer],
        "LGBM_FastConfigFree": [pointer],
        "LGBM_BoosterPredictForMatSingleRowFastInit": [
            pointer, whole, whole, whole, whole, ctypes.c_int32, text, pointer,
        ],
        "LGBM_BoosterPredictForMatSingleRowFast": [pointer, pointer, pointer, pointer],
        "LGBM_BoosterPredictForMat": [
            pointer, pointer, whole, ctypes.c_int32, ctypes.c_int32, whole, whole, whole, whole, text, pointer, pointer,
        ],
    }  # fmt: skip
    for name, types in taken.items():
        getattr(library, name).argtypes = types
    return library
