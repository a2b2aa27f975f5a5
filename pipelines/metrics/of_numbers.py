"""The metrics of numbers: errors on the modelling scale, deviances, and the shares of either that are explained."""

from math import inf

import numpy as np

from pipelines.metrics.constants import group_means, group_medians
from pipelines.metrics.looks import Look
from pipelines.metrics.metric import Metric, Parameter, Proposal
from pipelines.metrics.prepared import Floats, Integers, Prepared, divide, prepare_ratio
from pipelines.metrics.ranks import prepare_median
from pipelines.targets import TARGETS
from pipelines.targets.count import LEAST, Count
from pipelines.targets.forecast import Forecast
from pipelines.targets.groups import Density, Groups

NUMBER = tuple(kind.name for kind in TARGETS.values() if "residuals" in kind.can)
APART = tuple(name for name in NUMBER if TARGETS[name].rows == "apart")
LOOKED_AT = (
    *(kind.name for kind in TARGETS.values() if "curves" not in kind.can),
    Density.name,
)  # classes as numbers, 0 and 1
SMALLEST_TARGET = float(np.finfo(np.float64).eps)  # a relative error divides by at least this, as scikit-learn does


def _squared_error(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(np.square(y - prediction))


def _absolute_error(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(np.abs(y - prediction))


def _share_of_values(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(np.abs(y - prediction), np.abs(y))


def _relative_error(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(np.abs(y - prediction) / np.maximum(np.abs(y), SMALLEST_TARGET))


def _median_error(y: Floats, prediction: Floats) -> Prepared:
    return prepare_median(np.abs(y - prediction))


def _root_squared_error(y: Floats, prediction: Floats) -> Prepared:
    squared = _squared_error(y, prediction)

    def influence() -> Floats:
        root = float(np.sqrt(np.mean(np.square(y - prediction))))
        moved = squared.influence() if squared.influence else np.zeros(y.size)
        return moved / (2 * root) if root > 0 else np.zeros(y.size)

    return Prepared(lambda weights: np.sqrt(squared.score(weights)), influence)


def _explained(y: Floats, prediction: Floats) -> Prepared:
    centred = y - y.mean()  # so that the variance does not cancel in the last digits
    error, square = np.square(y - prediction), np.square(centred)
    sums = np.stack([error, square, centred, np.ones(y.size)])

    def score(weights: Floats) -> Floats:
        unexplained, squares, total, weight = sums @ weights
        return 1 - divide(unexplained, squares - divide(np.square(total), weight, 0.0), np.nan)

    def influence() -> Floats:
        spread = square.sum()
        return (error.sum() / spread * square - error) / spread if spread > 0 else np.zeros(y.size)

    return Prepared(score, influence)


def deviances(y: Floats, mean: Floats) -> Floats:
    """Return each row's Poisson deviance from a predicted mean, kept above LEAST, (n,)."""
    from scipy.special import xlogy

    mean = np.maximum(mean, LEAST)
    return np.asarray(2 * (xlogy(y, y / mean) - y + mean))


def _deviance(y: Floats, prediction: Floats) -> Prepared:
    return prepare_ratio(deviances(y, prediction))


def _explained_deviance(y: Floats, prediction: Floats) -> Prepared:
    from scipy.special import xlog1py

    own, middle = deviances(y, prediction), max(float(y.mean()), LEAST)
    alone = deviances(y, np.full(y.size, middle))
    sums = np.stack([own, alone, y, np.full(y.size, middle)])

    def score(weights: Floats) -> Floats:
        left, whole, total, expected = sums @ weights
        # The weighted mean is the best constant: it takes away what the rows' own mean leaves too much.
        apart = divide(total, expected, 1.0) - 1
        moved = 2 * (xlog1py(total, apart) - expected * apart)
        return 1 - divide(left, whole - moved, np.nan)

    def influence() -> Floats:
        whole = alone.sum()
        return (own.sum() / whole * alone - own) / whole if whole > 0 else np.zeros(y.size)

    return Prepared(score, influence)


def _pinball_loss(y: Floats, prediction: Floats, level: float) -> Prepared:
    """Return the mean loss that the quantile of that level minimises.

    Source: Koenker and Bassett 1978, Regression quantiles, Econometrica 46, 33-50.
    """
    error = y - prediction
    return prepare_ratio(np.maximum(level * error, (level - 1) * error))


def _group_quantiles(goals: Floats, first: Integers, size: Integers, level: float) -> Floats:
    """Return each group's quantile, (groups,): the smallest value that a share `level` of its rows do not exceed."""
    quantiles: Floats = goals[first + np.ceil(level * size).astype(np.int64) - 1]
    return quantiles


ROWS = (
    Metric(
        name="poisson_deviance",
        label="Poisson deviance",
        why="It weighs an error by how much such counts vary: the same miss weighs less where many are expected.",
        targets=(Count.name,),
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_deviance,
        is_deviance=True,
        best_constant=group_means,
        leads=(Count.name,),
        proposals=(Proposal(Count.name, "counts vary more where more are expected"),),
        draft_margin=0.01,
        shows_signal=(Count.name,),
    ),
    Metric(
        name="d2_poisson",
        label="explained deviance",
        why="It is the share of the target's Poisson deviance that the model explains.",
        targets=(Count.name,),
        greater_is_better=True,
        range=(-inf, 1),
        scale="explained",
        prepare_single=_explained_deviance,
        needs_spread=True,
        is_deviance=True,
        best_constant=group_means,
        leads=(Count.name,),
        draft_margin=0.01,
        shows_signal=(Count.name,),
    ),
    Metric(
        name="rmse",
        label="RMSE",
        why="It weighs large errors most, and is in the unit of the modelled target.",
        targets=NUMBER,
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_root_squared_error,
        unit_power=1,
        squares_errors=True,
        best_constant=group_means,
        leads=NUMBER,
        proposals=tuple(Proposal(target, "large errors hurt most") for target in NUMBER),
        shows_signal=NUMBER,
    ),
    Metric(
        name="mae",
        label="mean absolute error",
        why="It weighs every unit of error alike.",
        targets=NUMBER,
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_absolute_error,
        unit_power=1,
        best_constant=group_medians,
        leads=NUMBER,
        shows_signal=NUMBER,
        original_scale=2,
    ),
    Metric(
        name="wape",
        label="WAPE",
        why="It is the sum of all errors as a share of the sum of all values: what is sold most weighs most.",
        targets=(Forecast.name,),
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_share_of_values,
        best_constant=group_medians,
        leads=(Forecast.name,),
        draft_margin=0.005,
    ),
    Metric(
        name="mase",
        label="MASE",
        why="It measures each series' errors by what it usually changes from one season to the next: 1 is as bad as "
        "always to repeat the last season, before the first fold.",
        targets=(Forecast.name,),
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_absolute_error,
        by_series=True,
        best_constant=group_medians,
        leads=(Forecast.name,),
        draft_margin=0.01,
    ),
    Metric(
        name="mse",
        label="MSE",
        why="It weighs large errors most: the mean squared error.",
        targets=APART,
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_squared_error,
        unit_power=2,
        squares_errors=True,
        best_constant=group_means,
        shows_signal=NUMBER,
    ),
    Metric(
        name="r2",
        label="R²",
        why="It is the share of the target's variance that the model explains; large errors weigh most.",
        targets=(*APART, Groups.name),
        greater_is_better=True,
        range=(-inf, 1),
        scale="explained",
        prepare_single=_explained,
        needs_spread=True,
        squares_errors=True,
        best_constant=group_means,
        leads=(*NUMBER, Groups.name),
        proposals=(Proposal(Groups.name, "groups are worth what they say of the outcome"),),
        draft_margin=0.01,
        shows_signal=(*NUMBER, Groups.name),
        look=Look("explained variance", 20_000, None, 0.0, LOOKED_AT, leak=0.95, suspicious=0.8),
    ),
    Metric(
        name="median_ae",
        label="median absolute error",
        why="It is the error that half of the rows stay below, and ignores the worst rows.",
        targets=APART,
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_median_error,
        unit_power=1,
        shows_signal=NUMBER,
        original_scale=1,
    ),
    Metric(
        name="mape",
        label="MAPE",
        why="It measures errors relative to the true value.",
        targets=APART,
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_relative_error,
        relative=True,
        draft_margin=0.01,
        shows_signal=NUMBER,
        original_scale=3,
    ),
    Metric(
        name="pinball",
        label="pinball loss at level {level:g}",
        why="It weighs errors so that the best prediction is the quantile of level {level:g} of what may happen. "
        "All models here are fitted to the mean, and are judged by it as they are.",
        targets=NUMBER,
        greater_is_better=False,
        range=(0, inf),
        scale="tailed",
        prepare_single=_pinball_loss,
        parameters=(
            Parameter(
                "level", 0.001, 0.999, "the share of rows whose target is to lie below the prediction", draft=0.5
            ),
        ),
        unit_power=1,
        best_constant=_group_quantiles,
    ),
)
