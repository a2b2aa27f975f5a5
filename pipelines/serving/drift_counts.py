"""How many served rows fell into which bins: all that is kept of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from pipelines.core.errors import InputError
from pipelines.metrics.prepared import Integers
from pipelines.serving.drift_bins import Columns, place_rows
from pipelines.serving.drift_reference import Reference


@dataclass(frozen=True)
class Counts:
    """Counts of served rows; those of two processes, or of two times, are added."""

    rows: int
    outside: int  # rows with a bin that no test row is in
    inside: Integers  # (bins of all features,): of the other rows
    every: Integers  # the same of all rows

    @classmethod
    def none(cls, reference: Reference) -> Self:
        """Return the counts of no row."""
        zeros = np.zeros(int(reference.offsets[-1]), np.int64)
        return cls(0, 0, zeros, zeros)

    @classmethod
    def of(cls, reference: Reference, columns: Columns) -> Self:
        """Return the counts of some rows, of which there is each feature, as the table has it, among other columns."""
        flat = place_rows(reference.bins, columns) + reference.offsets[:-1]
        outside = (reference.test == 0)[flat].any(axis=1)
        size = int(reference.offsets[-1])
        every = np.bincount(flat.ravel(), minlength=size)
        inside = np.bincount(flat[~outside].ravel(), minlength=size) if outside.any() else every
        return cls(len(flat), int(outside.sum()), inside, every)

    def __add__(self, other: "Counts") -> "Counts":
        """Return the counts of both's rows."""
        return Counts(
            self.rows + other.rows, self.outside + other.outside, self.inside + other.inside, self.every + other.every
        )

    def __sub__(self, earlier: "Counts") -> "Counts":
        """Return the counts of the rows that came after the earlier ones."""
        return Counts(
            self.rows - earlier.rows, self.outside - earlier.outside, self.inside - earlier.inside,
            self.every - earlier.every,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON can hold them."""
        return {
            "rows": self.rows, "outside": self.outside, "inside": self.inside.tolist(), "every": self.every.tolist(),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any], reference: Reference) -> Self:
        """Return the counts that `to_dict` gave; raise InputError where they are of other bins."""
        inside, every = (np.asarray(saved[key], np.int64) for key in ("inside", "every"))
        size = int(reference.offsets[-1])
        if inside.shape != (size,) or every.shape != (size,):
            raise InputError(
                f"counts of {inside.size} bins", where="the counts of drift", allowed=f"{size}, those of this archive",
                todo="begin to count again: they belong to another build",
            )  # fmt: skip
        return cls(int(saved["rows"]), int(saved["outside"]), inside, every)
