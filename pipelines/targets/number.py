"""A number: squared error, and the value itself as the raw prediction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from pipelines.targets.target import START_DIGITS, Ability, Estimator, Floats, Integers, Matrix, Target
from pipelines.targets.words import TargetWords

QUANTILES = 101  # of the target, among which the best constant is looked for


@dataclass(frozen=True)
class Number(Target):
    """A regression: the target, or its natural logarithm, is a number."""

    name: ClassVar[str] = "regression"
    can: ClassVar[frozenset[Ability]] = frozenset({"residuals", "intervals", "log_scale"})
    column_types: ClassVar[tuple[str, ...]] = ("integer", "number")
    words: ClassVar[TargetWords] = TargetWords(
        average="mean",
        constant="the mean of the target over the training rows",
        knows="average",
        linear_model="ridge regression",
        loss="squared error",
        raw_unit="value",
        unit="value",
        mean="mean",
        mean_of="target's mean",
        evidence="training rows",
        predictions="predictions one by one",
    )
    engines: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "lightgbm": {"objective": "regression", "metric": "l2"},
        "lightgbm_large": {"min_data_in_leaf": 5, "feature_fraction": 0.9},
        "xgboost": {"objective": "reg:squarederror", "eval_metric": "rmse"},
        "sklearn": {"suffix": "Regressor"},
        "forest": {"max_features": 1 / 3, "min_samples_leaf": (3, 3), "arguments": {}},
        "histogram": {},
        "target_encoder": {"target_type": "continuous"},
        "linear": {"model": "ridge regression", "penalty": 1.0},
        "classic": {"without": ()},
    }
    hessian_counts_rows: ClassVar[bool] = True
    sparse_levels: ClassVar[bool] = False
    alone_metric: ClassVar[Literal["roc_auc", "r2"]] = "r2"
    signal_metric: ClassVar[str | None] = None
    fastest_learning: ClassVar[float] = 0.5
    outputs: int = 1

    def loss(self, y: Floats, prediction: Floats) -> Floats:
        """Return the squared errors."""
        return self.judged_loss(y, prediction)

    def judged(self, y: Floats, prediction: Floats) -> Floats:  # noqa: ARG002 - the value is judged as it is
        """Return the value."""
        return prediction

    def judged_loss(self, y: Floats, judgement: Floats) -> Floats:
        """Return the squared errors."""
        truth = y if judgement.ndim == 1 else y[:, None]
        return np.asarray((truth - judgement) ** 2)

    def raw_loss(self, y: Floats, raw: Floats) -> Floats:
        """Return the squared errors."""
        return np.asarray((y - raw) ** 2)

    def inverse(self, raw: Floats) -> Floats:
        """Return the value as it is."""
        return raw

    def gradient_hessian(self, y: Floats, raw: Floats) -> tuple[Floats, Floats]:
        """Return the derivatives of half the squared error."""
        return raw - y, np.ones_like(raw)

    def start(self, y: Floats, raw: Floats) -> Floats:
        """Return the values with START_DIGITS digits of their standard deviation."""
        spread = float(y.std())
        return np.round(raw, START_DIGITS - int(np.floor(np.log10(spread))) if spread > 0 else START_DIGITS)

    def constant(self, y: Floats, rows: int) -> Floats:
        """Return the mean."""
        return np.full(rows, y.mean())

    def best_constant(
        self, y: Floats, rows: int, score: Callable[[Floats, Floats], float], gain: Callable[[float, float], float]
    ) -> Floats:
        """Return the mean, or the quantile of `y` that scores better."""
        tried = [float(y.mean()), *np.quantile(y, np.linspace(0, 1, QUANTILES), method="nearest").tolist()]
        scores = [score(y, np.full(len(y), value)) for value in tried]
        best = max(range(len(tried)), key=lambda i: (gain(scores[0], scores[i]), -i))
        return np.full(rows, tried[best])

    def one_hot(self, y: Floats) -> Floats:
        """Return `y` itself."""
        return y

    def strata(self, y: Floats) -> Integers:
        """Return zeros: all rows are of one stratum."""
        return np.zeros(len(y), np.int64)

    def evidence(self, y: Floats) -> int:
        """Return the number of rows: a regression learns from each."""
        return len(y)

    def linear_estimator(
        self,
        matrix: Matrix,
        penalty: float = 1.0,
        *,
        exact: bool = True,
        seed: int | None = None,
    ) -> Estimator:
        """Return the ridge regression."""
        from scipy.sparse import issparse
        from sklearn.linear_model import Ridge

        if not exact:
            return Ridge(alpha=penalty, random_state=seed)
        # Cholesky is exact; sparse tables need an iterative solver, run to near machine precision.
        settings = {"solver": "sparse_cg", "tol": 1e-10} if issparse(matrix) else {"solver": "cholesky"}
        return Ridge(alpha=penalty, **settings)

    def check_converged(self, estimator: Estimator) -> None:
        """Raise nothing: a ridge regression is solved in one step."""

    def predicted(self, estimator: Estimator, x: Matrix) -> Floats:
        """Return the value."""
        return np.asarray(estimator.predict(x), np.float64)

    def raw_predicted(self, estimator: Estimator, x: Matrix) -> Floats:
        """Return the value."""
        return self.predicted(estimator, x)

    def places(self, y: Floats) -> Floats:
        """Return each row's mid-rank over the number of rows."""
        from scipy.stats import rankdata

        return np.asarray(rankdata(y) / len(y))
