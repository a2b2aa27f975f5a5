"""One byte a value: which of a feature's bins it lies in.

LightGBM sorts values into at most 255 bins anyway, but its Dask estimators first hold each worker's rows as floats, and
a second time joined. Sorted into bins partition by partition, as they are read, they take an eighth of that.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MISSING = 0  # the code of a missing value; `zero_as_missing` is set
MOST_EDGES = 253  # so that 254 bins and the missing values have one byte, and one of LightGBM's 255 bins, each


@dataclass(frozen=True)
class Bins:
    """The features and, for each, the edges between its bins, ascending: bin 1 ends with the first, inclusive."""

    features: tuple[str, ...]
    edges: tuple[np.ndarray, ...]

    def codes(self, frame: pd.DataFrame) -> np.ndarray:
        """Return which bin each value lies in, MISSING for none, uint8 of shape (rows, features)."""
        codes = np.empty((len(frame), len(self.features)), np.uint8)
        for i, (name, edges) in enumerate(zip(self.features, self.edges, strict=True)):
            values = frame[name].to_numpy(np.float64, na_value=np.nan)
            codes[:, i] = np.where(np.isnan(values), MISSING, 1 + np.searchsorted(edges, values, side="left"))
        return codes


def learn_bins(sample: pd.DataFrame, features: tuple[str, ...]) -> Bins:
    """Return bins that hold about equally many of the sample's rows each; every value its own bin where they are few.

    An edge is a value of the sample, so that comparing with it is exact whatever the width of the floats.
    """
    edges = []
    for name in features:
        values = np.unique(sample[name].to_numpy(np.float64, na_value=np.nan))
        present = values[np.isfinite(values)]
        if len(present) > MOST_EDGES + 1:
            whole = sample[name].to_numpy(np.float64, na_value=np.nan)
            shares = np.linspace(0, 1, MOST_EDGES + 2)[1:-1]
            present = np.unique(np.quantile(whole[np.isfinite(whole)], shares, method="lower"))
            edges.append(present)
        else:
            edges.append(present[:-1])
    return Bins(features, tuple(edges))
