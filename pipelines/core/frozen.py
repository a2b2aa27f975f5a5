"""The identity of the test rows: decided once, checked whenever the table is loaded."""

import hashlib

import numpy as np


def hash_rows(row_id: np.ndarray, sha256: str) -> str:
    """Return the sha256 of the raw file's sha256 and the ascending row numbers, one a line: the test set's identity."""
    lines = [sha256, *np.sort(row_id).astype(str).tolist()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
