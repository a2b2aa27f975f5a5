"""The rows that step 7 looks at: of a very large table as many training rows as leave gains known well enough.

More rows would move gains by less than what is worth acting on. The test rows stay whole. The ladder sets out from the
baseline fitted to the same training rows, so that no cause is charged with what the stored one learned from the others;
the causes' gains add up to the strong model's lead over it, and the page states its score beside the stored one's.
"""

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.reflect.thinned import Thinned
from pipelines.targets.sampled import evenly

FEWEST = 150_000  # training rows of which none is left out
SHARP = 0.1  # of the margin: the standard error of the gain over the folds that is sharp enough


def rows_wanted(error: float, rows: int, margin: float) -> int:
    """Return how many training rows are enough, where `rows` test rows give the gain the standard error `error`.

    A standard error shrinks with the square root of the rows. Rare events and noisy gains ask for more rows.
    """
    if not (margin > 0 and np.isfinite(error)):
        return np.iinfo(np.int64).max
    return max(FEWEST, int(np.ceil(rows * (error / (SHARP * margin)) ** 2)))


def spaced(table: Table, wanted: int) -> np.ndarray:
    """Return the places of about so many training rows, evenly spaced in each fold, and of all test rows; ascending."""
    share = wanted / table.trained.sum()
    places = [np.flatnonzero(table.tested)]
    for fold in np.unique(table.fold[table.trained]):
        rows = np.flatnonzero(table.fold == fold)
        places.append(evenly(rows, min(len(rows), int(np.ceil(share * len(rows))))))
    return np.sort(np.concatenate(places))


def thinned_facts(table: Table, rows: np.ndarray, error: float) -> Thinned:
    """Return how many training rows are among `rows`, and how well they know the gain: `error` is that by test rows."""
    studied = int(table.trained[rows].sum())
    tested = int(table.tested.sum())
    return {
        "rows": studied, "of": len(table.y) - tested, "se": error * float(np.sqrt(tested / studied)),
    }  # fmt: skip
