"""How many rows the slow looks use."""

import numpy as np

FEWEST = 1_000  # rows kept however many columns there are


def rows_within(cells: int, columns: int, cap: int) -> int:
    """Return how many rows each of `columns` columns may use to stay within a budget of cells, at most `cap`."""
    return int(np.clip(cells // max(columns, 1), FEWEST, cap))
