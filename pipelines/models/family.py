"""What a family of models says of itself, so that no step and no page needs to know which families there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipelines.models.model import FoldModel, Learner, Settings
from pipelines.models.predicting.rows import Fast, Reading
from pipelines.models.size import LEVELS, Level, Size
from pipelines.targets import Target

Role = Literal[
    "baseline",  # of step 4
    "candidate",  # of step 5: the strong model is one of them, or a mean of several
    "classic",  # of step 5, to compare with: never taken
    "mean",  # made of candidates
]
TRIED: tuple[Role, ...] = ("candidate", "classic")  # what step 5 fits


@dataclass(frozen=True)
class Variant:
    """One model of a family."""

    name: str  # in facts and in the table of predictions
    title: str  # in pages
    role: Role
    about: str  # what is special, in docs/models.md
    # From the size and from `searched` settings; a learner may be for some targets only.
    learner: Callable[[Size, Settings | None], Learner | None] | None = None
    order: int = 0  # place in which fits are handed out: slow ones first, so that the last ones to end are short
    shown: int = 0  # place in the order in which models are taught
    preferred: int = 0  # place of a candidate among tied ones: fast to run and easy to explain first
    efforts: tuple[Level, ...] = LEVELS  # at which it is fitted
    rows: str = "apart"  # for targets whose rows are such
    searched: bool = False  # fitted only where a search has found settings


@dataclass(frozen=True)
class TreeShap:
    """How models made of trees are explained: by exact SHAP values, see `TreeModel.contributions`."""

    rows: int  # of the test rows, at most
    of: Literal["raw", "prediction"]  # what the values add up to


class Loading(NamedTuple):
    """What a saved model's own files do not say."""

    target: type[Target]
    family_of: Callable[[str], "Family"]  # by name; raises KeyError


Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Family:
    """One family of models: what it can fit, how a fitted model is read back, and what explains it."""

    name: str  # in facts and archives
    title: str  # in pages
    load: Callable[[Files, Loading], FoldModel]
    variants: tuple[Variant, ...]
    libraries: tuple[str, ...] = ()  # without which a saved model cannot be read
    imports: tuple[str, ...] = ()  # modules that a fit uses, to be imported before threads are
    explains: TreeShap | None = None
    # A saved model made ready to predict many times, to the same bits as the loaded one; it raises UnknownPart where it
    # does not know how.
    fast: Callable[[Files, Loading, Reading], Fast] | None = None
    load_part: Callable[[Files, str, Loading], FoldModel] | None = None  # one of the models that a model is made of
