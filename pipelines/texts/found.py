"""What step 1 finds in the columns of text, and which rows it keeps together because of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from pipelines.core.cells import SHOWN
from pipelines.core.project import Project
from pipelines.duplicates import count_duplicates
from pipelines.facts.define import NearCopiesFound, TextColumn, TextsFound
from pipelines.splits import SPLITS, Splitting
from pipelines.splits.sizes import TooFewError
from pipelines.texts.checks import Truth, check_texts
from pipelines.texts.masking import hold_them, words_to_mask
from pipelines.texts.near_copies import SIMILAR, NearCopies, find_near_copies, joined

TOGETHER = "kept on one side of the split and in one fold"
IN_ONE_FOLD = "kept where the file's own column puts them; training rows in one fold"
WHERE_THEY_ARE = "kept where their time puts them"
AS_DRAWN = "drawn like any rows, as text.near_copies says"
SETS = 3  # of near copies that are shown, each by its first rows


class Rows(Protocol):
    """The rows of the file that keep to the declaration (`rows/arranged.py`)."""

    @property
    def raw(self) -> pd.DataFrame:
        """The whole file."""

    @property
    def row_id(self) -> np.ndarray:
        """Places of the rows in it."""

    @property
    def columns(self) -> Mapping[str, pd.Series]:
        """The kept columns, parsed."""

    @property
    def left(self) -> str:
        """The file, for messages."""


@dataclass(frozen=True)
class Found:
    """The columns of text. Arrays are (rows,)."""

    project: Project
    columns: list[TextColumn]
    near: NearCopies
    masked: pd.Series | None  # words of each row that a control masks
    masked_rows: int  # whose texts hold one of them

    @property
    def together(self) -> bool:
        """Whether near copies stay together, as far as the split lets them."""
        split = SPLITS[self.project.split.kind]
        return self.project.texts.near_copies == "together" and (split.keeps_copies or split.keeps_groups)

    def kept_together(self, units: np.ndarray) -> np.ndarray:
        """Return a number for each row, equal where rows share one of `units` or are near copies, or theirs are."""
        return joined(units, self.near.component) if self.together and self.near.copied.any() else units

    def explained(self, error: TooFewError) -> TooFewError:
        """Return the error of a split that leaves too few rows, which may come from near copies."""
        if not self.together or not self.near.copied.any():
            return error
        share = 100 * float(self.near.copied.mean())
        changed = TooFewError(
            error.found, where=error.where, allowed=error.allowed,
            todo=f"{error.todo}; {share:.0f} % of the texts have a near copy and stay together: "
            'text.near_copies = "report" only counts them',
        )  # fmt: skip
        changed.flags, changed.ways = error.flags, error.ways
        return changed

    def facts(self, y: np.ndarray, splitting: Splitting, row_id: np.ndarray) -> TextsFound:
        """Return what was found, and where the split puts near copies."""
        texts = self.project.texts
        return {
            "columns": self.columns,
            "strip": list(texts.strip),
            "mask": list(texts.mask),
            "masked_rows": self.masked_rows,
            "near_copies": self._near_copies(y, splitting, row_id),
        }

    def _near_copies(self, y: np.ndarray, splitting: Splitting, row_id: np.ndarray) -> NearCopiesFound:
        near, split = self.near, SPLITS[self.project.split.kind]
        across = count_duplicates(near.component, y, splitting.test, splitting.fold)
        treatment = AS_DRAWN
        if self.project.texts.near_copies == "together":
            treatment = WHERE_THEY_ARE if not self.together else IN_ONE_FOLD if split.given else TOGETHER
        largest = [one for one in np.argsort(-near.sizes, kind="stable")[:SETS] if near.sizes[one] > 1]
        return {
            "similar": SIMILAR,
            "rows": int(near.copied.sum()),
            "share": float(near.copied.mean()),
            "exact": int(near.exact.sum()),
            "sets": int((near.sizes > 1).sum()),
            "largest": int(near.sizes.max(initial=0)) if near.copied.any() else 0,
            "examples": [row_id[np.flatnonzero(near.component == one)[:SHOWN]].tolist() for one in largest],
            "treatment": treatment,
            "across_split": across["across_split"],
            "across_folds": across["across_folds"],
        }


def look_at_texts(rows: Rows, project: Project, truth: Truth) -> Found | None:
    """Return what the columns of text hold; None without any. Raises InputError where one cannot be used as text."""
    names = [name for name in rows.columns if name in project.worded]
    if not names:
        return None
    columns = check_texts(
        {name: rows.columns[name] for name in names}, truth, rows.row_id, project.columns.sure, rows.left
    )
    whole = pd.DataFrame({name: rows.columns[name].fillna("").reset_index(drop=True) for name in names})
    texts = whole.agg("\n".join, axis=1).astype("str") if len(names) > 1 else whole[names[0]]
    mask = list(project.texts.mask)
    masked = words_to_mask(rows.raw[mask].iloc[rows.row_id].reset_index(drop=True), texts) if mask else None
    held = 0 if masked is None else int(hold_them(masked, texts).sum())
    return Found(project, columns, find_near_copies(texts), masked, held)
