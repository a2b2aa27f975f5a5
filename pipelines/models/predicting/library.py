"""The compiled libraries of LightGBM and xgboost, called by their published C interfaces.

Their Python packages import scikit-learn wherever it is installed, which takes longer than to load the models, and
prepare each call for longer than a row takes. What is computed is the same code, so the same bits.
"""

import ctypes
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipelines.core.errors import InputError

SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
FOLDERS = ("lib", "bin")  # of a package, that hold its library


@cache
def load_library(package: str, stem: str) -> ctypes.CDLL:
    """Return the compiled library of an installed package; raise InputError where there is none."""
    spec = find_spec(package)
    homes = list(spec.submodule_search_locations or []) if spec else []
    paths = [Path(home) / folder / (stem + SUFFIX) for home in homes for folder in FOLDERS]
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        raise InputError(
            f"the library of {package} is not installed",
            where="this Python's packages",
            allowed=f"{package} with its compiled library {stem}{SUFFIX}",
            todo=f"install {package}",
        )
    return ctypes.CDLL(str(found))


def address(array: "ctypes.Array[ctypes.c_char]") -> ctypes.c_void_p:
    """Return where a buffer begins."""
    return ctypes.cast(array, ctypes.c_void_p)
