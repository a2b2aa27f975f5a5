"""The kinds of split: which rows are for testing, and which fold holds out each training row."""

from pipelines.splits.column import Column
from pipelines.splits.drawn import Group, Random, Stratified
from pipelines.splits.origins import Origins
from pipelines.splits.split import Rows, Split, Splitting
from pipelines.splits.time import Time

__all__ = ["SPLITS", "Column", "Group", "Origins", "Random", "Rows", "Split", "Splitting", "Stratified", "Time"]

# By the name that the project file gives as `kind`.
SPLITS: dict[str, Split] = {kind.name: kind() for kind in (Stratified, Random, Group, Time, Column, Origins)}
