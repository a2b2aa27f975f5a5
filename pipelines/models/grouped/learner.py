"""Fits groups to one fold, and says which ways of grouping steps 4 and 5 try."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pipelines.models.family import Family, Variant
from pipelines.models.grouped.fitting import Kept, fit_way, with_outcome
from pipelines.models.grouped.gaussians import Spread
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.names import ONE_HUMP
from pipelines.models.grouped.way import MANY_COLUMNS, Way, baseline_way, grouped_target
from pipelines.models.model import FoldData, Learner, Settings
from pipelines.models.size import LEVELS, Level, Size
from pipelines.targets import Groups

SEED = 0  # of all starts, so that equal ways have equal groups, in whichever step they are fitted
BASELINE, BY_VALUES, APART = "baseline", "k_means_raw", "columns_apart"


@dataclass(frozen=True)
class GroupedLearner:
    """Fits groups; where there is an outcome, they then say its mean in each."""

    target: Groups
    way: Way
    name: str = BASELINE

    @property
    def settings(self) -> Settings:
        """What the facts say about how it is fitted."""
        predicts = "the mean outcome of a row's group" if self.target.scored else "the log density at a row, in nats"
        return {"model": self.way.describe(), "predicts": predicts}

    def fit(self, data: FoldData) -> GroupedModel:
        """Return the groups of the fold's rows, the held-out ones not looked at; raises what `fit_way` raises."""
        return fit_groups(self.target, self.way, data)


def fit_groups(target: Groups, way: Way, data: FoldData) -> GroupedModel:
    """Return the groups of a fold's rows, with their mean outcome where the target has one.

    What is learned of a table's rows is kept with the table, since several rungs and models share it.
    """
    kept: Kept | None = None
    if data.table is not None and data.fitted is not None:
        kept = data.table.remembered.setdefault((data.fitted.tobytes(), *data.x.columns), {})
    model = None if kept is None else kept.get(way)
    if model is None:
        model = fit_way(way, data.x, SEED, kept)
        if kept is not None:
            kept[way] = model
    return with_outcome(model, data.x, data.y) if target.scored else model


CENTRES = Way(bent=True)
WHITE = Way(bent=True, whitened=True, spread="shared")
RAW_HUMP = Way("mixture", 1)
MAIN = Way(bent=True, reduced=True, spread="shared")
DENSE = Way("dense regions", None, bent=True, spread="free")


def mixture_of(spread: Spread) -> Way:
    """Return the mixture of Gaussians with covariances of that sort."""
    return Way("mixture", bent=True, spread=spread)


def one_hump(spread: Spread) -> Way:
    """Return one Gaussian on Yeo-Johnson values: no groups at all."""
    return Way("mixture", 1, bent=True, spread=spread)


def _learner(name: str, way: Way, *, counted: bool = False) -> Callable[[Size, Settings | None], Learner]:
    """Return what makes the learner of a way, with as many groups as the project asks for, or `counted` by BIC.

    Mixtures without an outcome are counted: their number is part of what they say of the density.
    """

    def make(size: Size, _: Settings | None) -> Learner:
        target = grouped_target(size.target)
        by_bic = counted or (way.method == "mixture" and not target.scored)
        asked = None if by_bic or way.method == "dense regions" else target.count
        return GroupedLearner(target, replace(way, groups=asked), name)

    return make


def _of_one(name: str, spread: Spread) -> Callable[[Size, Settings | None], Learner | None]:
    """Return what makes the learner of one hump, to which groups are compared where there is no outcome."""

    def make(size: Size, _: Settings | None) -> Learner | None:
        target = grouped_target(size.target)
        return None if target.scored else GroupedLearner(target, one_hump(spread), name)

    return make


def _of_values(size: Size, searched: Settings | None) -> Learner | None:
    """Return the learner of k-means on raw values, where it is not the baseline."""
    known = baseline_way(grouped_target(size.target)).method == "k-means"
    return None if known else _learner(BY_VALUES, Way())(size, searched)


def _of_components(size: Size, searched: Settings | None) -> Learner | None:
    """Return the learner of k-means on principal components, where columns are many."""
    return _learner("k_means_components", MAIN)(size, searched) if size.features > MANY_COLUMNS else None


MORE: tuple[Level, ...] = ("standard", "thorough")


def _variant(
    name: str, title: str, about: str, way: Way, place: int, *, counted: bool = False,
    efforts: tuple[Level, ...] = LEVELS,
) -> Variant:  # fmt: skip
    return Variant(
        name, title, "candidate", about, _learner(name, way, counted=counted),
        order=100 - place, shown=place, preferred=place, rows="grouped", efforts=efforts,
    )  # fmt: skip


FAMILY = Family(
    name=GroupedModel.family,
    title="groups",
    load=GroupedModel.load,
    libraries=("sklearn",),
    imports=("sklearn.cluster", "sklearn.mixture", "scipy.stats", "scipy.optimize"),
    variants=(
        _variant(
            "k_means", "k-means", "on Yeo-Johnson values, as many groups as the project asks for", CENTRES, 10
        ),
        _variant(
            "k_means_counted", "k-means, number by BIC", "on Yeo-Johnson values, as many groups as BIC says",
            CENTRES, 11, counted=True,
        ),
        _variant(
            "k_means_whitened", "k-means on whitened values", "distances without what columns say of each other",
            WHITE, 12,
        ),
        Variant(
            "k_means_components", "k-means on principal components", "candidate",
            f"those that hold nine tenths of the variance, where there are more than {MANY_COLUMNS} columns",
            _of_components, order=87, shown=13, preferred=13, rows="grouped",
        ),
        _variant(
            "mixture_shared", "mixture, one covariance", "Gaussians with one covariance matrix",
            mixture_of("shared"), 14, efforts=MORE,
        ),
        _variant(
            "mixture_diagonal", "mixture, diagonal", "Gaussians without covariances",
            mixture_of("diagonal"), 15, efforts=MORE,
        ),
        _variant(
            "mixture_free", "mixture, free", "Gaussians with a covariance matrix each",
            mixture_of("free"), 16,
        ),
        _variant(
            "dense_regions", "dense regions (HDBSCAN)", "dense regions, each other row with the nearest row of one",
            DENSE, 17,
        ),
        Variant(
            BY_VALUES, "k-means on raw values", "classic", "on standardised values as they are",
            _of_values, order=95, shown=5, rows="grouped",
        ),
        Variant(
            ONE_HUMP, "one Gaussian", "classic", "one hump on Yeo-Johnson values: no groups at all",
            _of_one(ONE_HUMP, "shared"), order=96, shown=3, rows="grouped",
        ),
        Variant(
            APART, "columns apart", "classic", "one hump for each column, and nothing that they say of each other",
            _of_one(APART, "columns"), order=97, shown=2, rows="grouped",
        ),
    ),
)  # fmt: skip
