"""What every kind of target can say of itself, so that no step needs to know which kind it has.

A *raw prediction* is what a linear model or a booster adds up: log-odds, one a class, or the value itself (the word is
scikit-learn's, `sklearn/_loss/loss.py`). A *prediction* is what a step writes down: a probability, one a class, or the
value. Both are (rows,), or (rows, classes) where there are several classes: then only differences between a row's raw
predictions mean anything.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
import pandas as pd

from pipelines.facts.clusters import ClustersFacts
from pipelines.facts.define import ForecastFacts, TargetSummary
from pipelines.facts.metric import TargetLook
from pipelines.targets.arrays import Booleans, Estimator, Floats, Integers, Matrix
from pipelines.targets.declared import Declared
from pipelines.targets.sampled import Sampled
from pipelines.targets.words import TargetWords

# What a kind of target can do; steps, sections and pictures ask for these.
# probabilities: the target is a class, and a prediction a probability, or one for each class; event: 1 is the event,
# and its rows are positives; costs: a wrong decision of either sort has a price; curves: ROC and precision-recall;
# confusion: which class is taken for which; residuals: errors have a size and a sign; intervals: a prediction has a
# lower and an upper end; log_scale: the logarithm may be modelled.
Ability = Literal["probabilities", "event", "costs", "curves", "confusion", "residuals", "intervals", "log_scale"]
FEW_NUMBERS = 10  # whole numbers up to so many different ones are taken for classes
START_DIGITS = 4  # of a starting raw prediction: later ones differ between processors and could flip splits
MAX_ITERATIONS = 2_000  # of a linear model: lbfgs needs 20 to 2,000 on scaled columns; more means no convergence
MOST_NEWTON = 600  # coefficients up to which Newton's steps are quicker than lbfgs
TOLERANCE = 1e-6  # of a linear model's gradient: tight, so that coefficients agree between processors


class Rates(NamedTuple):
    """How common classes are; None where the target has no such number."""

    base_rate: float | None = None  # the share of events among the training rows
    test_positives: int | None = None  # events among the test rows
    test_rarest: int | None = None  # test rows of the rarest of several classes


class Target(Sampled):
    """One kind of target; subclasses are frozen dataclasses. `y` is float64, (rows,), as `define` encodes it."""

    name: ClassVar[str]  # in the project file: `task = "..."`
    can: ClassVar[frozenset[Ability]]
    rows: ClassVar[Literal["apart", "series", "grouped"]] = (
        "apart"  # stand apart, are moments of series, or form groups
    )
    column_types: ClassVar[tuple[str, ...]]  # of [columns], that the target's column may have
    words: ClassVar[TargetWords]
    # Each library's settings for this kind, under the name of what reads them:
    # "lightgbm", "xgboost": the objective and its metric, to which `engine` adds the number of classes;
    # "lightgbm_large": what large trees take besides; "sklearn": the `suffix` of an estimator's class;
    # "forest": `max_features`, and `min_samples_leaf` with little and with more evidence, and further `arguments`;
    # "histogram": arguments of HistGradientBoosting; "target_encoder": arguments of TargetEncoder;
    # "linear": what the facts say of the linear model; "classic": `without`, the classics that have no such loss.
    engines: ClassVar[Mapping[str, Mapping[str, Any]]]
    raw_in_unit: ClassVar[bool] = False  # a raw prediction is in the target's own unit, or its logarithm where asked
    hessian_counts_rows: ClassVar[bool]  # a leaf's sum of second derivatives is its number of rows
    sparse_levels: ClassVar[bool]  # the linear model's solver is quicker on sparse one-hot columns, few as they may be
    # The power of 1 / rows by which errors shrink at best. What the best models of planted tables had yet to learn was
    # no less than a quick model's curve leaves at this power: probabilities saturate, while amounts have tails, which
    # few rows teach.
    fastest_learning: ClassVar[float]
    blends: ClassVar[bool] = True  # a weighted mean of models is a model of the same sort

    @classmethod
    def of(cls, y: Floats) -> Self:  # noqa: ARG003 - most kinds have one output whatever the values
        """Return the target with as many outputs as the values `y` of all rows need."""
        return cls()

    def knowing(
        self,
        *,
        squares_errors: bool,  # noqa: ARG002 - of most kinds
        forecast: ForecastFacts | None,  # noqa: ARG002
        clusters: ClustersFacts | None = None,  # noqa: ARG002
    ) -> Self:
        """Return the target with what it is to know of the metric, and of how the table was made."""
        return self

    @classmethod
    def judged_as(cls, outcome: str) -> str:  # noqa: ARG003 - of groups alone
        """Return the kind of target whose metrics judge a project with that outcome, "" for none."""
        return cls.name

    # The column

    @classmethod
    @abstractmethod
    def labels(cls, values: pd.Series, declared: Declared, where: str) -> list[str] | None:
        """Return the classes as text, in the order of their numbers; None of a number.

        `values` are the target's column, parsed and indexed by raw row. Raises InputError where its classes are not
        such as this kind of target has.
        """

    @classmethod
    @abstractmethod
    def encode(cls, values: pd.Series, labels: list[str] | None, declared: Declared, where: str) -> Floats:
        """Return the target, float64 of shape (rows,): the class's number, the value, or its natural logarithm.

        Raises InputError where this kind of target cannot have a value.
        """

    @classmethod
    @abstractmethod
    def valid(cls, y: pd.Series) -> pd.Series:
        """Return which values an encoded target may have."""

    @classmethod
    @abstractmethod
    def summary(cls, y: Floats, test: Booleans, labels: list[str] | None, declared: Declared) -> TargetSummary:
        """Return how the target is spread, in all rows and on either side of the split: `test` (rows,) marks test rows.

        Classes: rows and shares by class. Numbers: quantiles and a histogram in the target's own unit, the bins equally
        wide on the modelling scale.
        """

    # What `sevenfold new` guesses of a column's values, which hold none that is missing

    @classmethod
    @abstractmethod
    def guess(cls, values: pd.Series, column_type: str | None) -> str | None:
        """Return why values of that type look like this kind of target; None where they do not."""

    @classmethod
    def declared_type(cls, column_type: str | None, *, amounts: bool) -> str | None:  # noqa: ARG003 - any will do
        """Return the type that the column is declared with, of a guessed one; `amounts`: the file holds numbers."""
        return column_type

    # Losses and links

    @abstractmethod
    def loss(self, y: Floats, prediction: Floats) -> Floats:
        """Return each row's loss, (rows,): the one by which settings, numbers of trees and weights are chosen.

        It is smooth, whatever the project's metric: average precision on 30 events jumps at random from one candidate
        to the next.
        """

    @abstractmethod
    def judged(self, y: Floats, prediction: Floats) -> Floats:
        """Return what a prediction is judged by, (rows,): the probability given to what happened, or the value.

        A weighted mean of models is judged by the weighted mean of theirs.
        """

    @abstractmethod
    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:
        """Return the losses of `judged` predictions, (rows,) or (rows, several), in their shape."""

    @abstractmethod
    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return each row's loss of a raw prediction, (rows,), as LightGBM's metric of this kind measures it."""

    @abstractmethod
    def inverse(self, raw: Floats) -> Floats:
        """Return the prediction of a raw prediction (the inverse link), in its shape."""

    @abstractmethod
    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the first and second derivative of the loss by the raw prediction, in its shape.

        The first is prediction minus truth. Of several classes the second is that of each class by itself.
        """

    @abstractmethod
    def start(self, y: Floats, raw: Floats) -> Floats:
        """Return a raw prediction as boosters start from it: rounded, and kept within reason.

        `y` is the training target, whose spread says what a negligible digit is.
        """

    @abstractmethod
    def simulate(self, raw: Floats, rng: np.random.Generator) -> Floats:
        """Return targets drawn at random, (rows,), where `raw` is what a perfect model would say of each row.

        Tables in which the causes are known are made by it.
        """

    def centred(self, raw: Floats) -> Floats:
        """Return raw predictions whose mean over the classes is zero; those of one output as they are."""
        return raw if raw.ndim == 1 else raw - raw.mean(axis=1, keepdims=True)

    def zeros(self, rows: int) -> Floats:
        """Return raw predictions of zero."""
        return np.zeros(rows if self.outputs == 1 else (rows, self.outputs))

    def dispersion(self, y: Floats, prediction: Floats) -> float | None:  # noqa: ARG002 - the spread is not given
        """Return by how many times the target varies more than its distribution says; None where it says nothing."""
        return None

    @property
    def task(self) -> str:
        """The task that it belongs to, as the project file names it."""
        return self.name

    # Features

    methods: tuple[str, ...] = ()  # columns of the table that are no features: forecasts by rules, and oracles

    @property
    def rules(self) -> tuple[str, ...]:
        """Those of `methods` that a fitted model may ask for: what no one knows in time is not among them."""
        return self.methods

    def alone(self, features: Sequence[str]) -> tuple[tuple[int, ...], ...]:
        """Return the places of features that may meet in a tree where each has an effect of its own: none with others.

        A feature may come with one that only says what it means.
        """
        return tuple((place,) for place in range(len(features)))

    def in_trees(self, features: Sequence[str]) -> tuple[int, ...]:
        """Return the places of the features that the ladder's trees may use: all of them."""
        return tuple(range(len(features)))

    def hiding(self, *roles: str) -> Self:  # noqa: ARG002 - features of most kinds have no role
        """Return the target whose trees do not see the features of these roles either."""
        return self

    def still(self, features: Sequence[str]) -> list[str]:  # noqa: ARG002 - of rows that stand apart none
        """Return the features that say when a row is, and so on which side of a split in time."""
        return []

    def offset(self, x: pd.DataFrame) -> Floats | None:  # noqa: ARG002 - linear models of most kinds start from nothing
        """Return what linear models add to, known before they are fitted, (rows,); None of nothing."""
        return None

    def plain(self, x: pd.DataFrame) -> pd.DataFrame:
        """Return the features that the baseline sees: all of them."""
        return x

    def label(self, y: Floats) -> Floats:
        """Return what boosters on top of a raw prediction are fitted to, (rows,)."""
        return y

    # Constants

    @abstractmethod
    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the prediction for `rows` rows that knows only the mean of `y`, or the shares of its classes."""

    def best_constant(
        self,
        y: Floats,
        rows: int,
        score: Callable[[Floats, Floats], float],  # noqa: ARG002 - the shares of classes are best for all
        gain: Callable[[float, float], float],  # noqa: ARG002
    ) -> Floats:
        """Return the constant prediction for `rows` rows that scores best on `y`, by `score` of truth and prediction.

        `gain` says by how much its second score is better than its first.
        """
        return self.constant(y, rows)

    @property
    def trivial_rules(self) -> tuple[str, ...]:
        """The forecasts by rules that anyone could make, columns of the table."""
        return ()

    def trivial_of(self, x: pd.DataFrame) -> dict[str, Floats]:  # noqa: ARG002 - of most kinds the target is enough
        """Return the predictions of trivial predictors that need the features of the rows, by name."""
        return {}

    def unmodelled(self, x: pd.DataFrame, fitted: Booleans) -> Floats | None:  # noqa: ARG002 - a constant is enough
        """Return what is predicted of rows without any model, where that is no constant, (rows,); None: it is one.

        It is learned of the rows `fitted`, a mask.
        """
        return None

    @abstractmethod
    def trivial(self, y: Floats, seed: int) -> dict[str, Floats]:
        """Return the predictions of predictors that know no feature, drawn up on the training target `y`, by name."""

    # What step 2 reports

    def rates(self, y: Floats, test_y: Floats) -> Rates:  # noqa: ARG002 - amounts have none
        """Return how common the classes are in the training target `y` and among the test rows."""
        return Rates()

    @abstractmethod
    def traits(self, y: Floats, declared: Declared) -> TargetLook:
        """Return what may mislead a metric, from the training target `y` on the modelling scale."""

    # Numbers for least squares and for counting

    @abstractmethod
    def one_hot(self, y: Floats) -> Floats:
        """Return the target as what least squares can fit: `y` itself, or 0 and 1 by class, (rows, classes)."""

    @abstractmethod
    def strata(self, y: Floats) -> Integers:
        """Return the stratum of each row that a split may keep in equal shares: its class, or zero."""

    @abstractmethod
    def evidence(self, y: Floats) -> int:
        """Return how many rows teach something: all, or of classes those outside the commonest one."""

    def learnable(self, y: Floats) -> bool:  # noqa: ARG002 - a constant number is predicted, and no model fails
        """Return whether a model can be fitted to `y`: where there are classes it takes two."""
        return True

    def indispensable(self, y: Floats) -> Booleans | None:  # noqa: ARG002 - of most kinds any rows will do
        """Return which rows no model can do without, classes aside; None: any will do."""
        return None

    def complete(self, y: Floats, whole: Floats) -> bool:  # noqa: ARG002 - a number has no classes
        """Return whether every class of the `whole` target is among `y`."""
        return True

    # scikit-learn's linear model of this kind

    @abstractmethod
    def linear_estimator(
        self, matrix: Matrix, penalty: float = 1.0, *, exact: bool = True, seed: int | None = None
    ) -> Estimator:
        """Return the unfitted linear model for a prepared `matrix` (rows, columns), dense or sparse.

        `penalty` is the weight of half the coefficients' squares against the sum of the rows' losses. `exact` models
        are solved until their coefficients agree between processors; others by the solver's own defaults, with `seed`
        where it draws. Fit it to `as_fitted(y)`, then ask `check_converged` and `remember`.
        """

    def as_fitted(self, y: Floats) -> Floats | Integers:
        """Return `y` as scikit-learn's estimators of this kind take it: whole numbers where it is a class."""
        return y

    def remember(self, estimator: Estimator, y: Floats) -> None:
        """Keep on the fitted linear model what its predictions need of its training target."""

    def check_converged(self, estimator: Estimator) -> None:
        """Raise RuntimeError where the fitted linear model used all its iterations."""
        most = estimator.max_iter
        if np.max(estimator.n_iter_) >= most:
            message = f"{self.words.linear_model} did not converge in {most} iterations"
            raise RuntimeError(message)

    @classmethod
    @abstractmethod
    def predicted(cls, estimator: Estimator, x: Matrix) -> Floats:
        """Return the prediction of a fitted scikit-learn estimator or pipeline of this kind, float64."""

    @abstractmethod
    def raw_predicted(self, estimator: Estimator, x: Matrix) -> Floats:
        """Return the raw prediction of a fitted linear model or pipeline of this kind, float64."""

    def engine(self, name: str) -> dict[str, Any]:
        """Return an engine's settings; where there are several classes, boosters are given their number."""
        return {**self.engines[name], **({"num_class": self.outputs} if self.outputs > 1 else {})}

    # Exploration

    def places(self, y: Floats) -> Floats:
        """Return the target such that no outlier stretches it: a number's mid-rank over the number of rows."""
        return y

    def spread(self, y: Floats) -> float:
        """Return the standard deviation of the target; of several classes, the root of their variances' sum."""
        return float(np.sqrt(self.one_hot(y).var(axis=0).sum()))


def linear_solver(matrix: Matrix, coefficients: int) -> Literal["lbfgs", "newton-cholesky"]:
    """Return scikit-learn's name of the solver for a matrix (rows, columns) and so many coefficients.

    Newton's steps need a dozen passes where lbfgs needs hundreds, and end nearer to the optimum, but their cost grows
    with the square of the coefficients.
    """
    from scipy.sparse import issparse

    return "lbfgs" if issparse(matrix) or coefficients > MOST_NEWTON else "newton-cholesky"
