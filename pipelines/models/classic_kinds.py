"""What the classics are: one row a kind, with the columns that it reads and the setting that is chosen for it.

Penalties are on the mean loss, so they mean the same at any number of rows.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pipelines.models.family import Role
from pipelines.models.size import Level
from pipelines.targets import Target
from pipelines.targets.arrays import Estimator, Matrix
from pipelines.targets.target import MAX_ITERATIONS

KERNEL_CACHE = 500  # MiB


class Given(NamedTuple):
    """What an estimator depends on, besides its setting."""

    target: Target
    matrix: Matrix  # that it will be fitted to, (rows, columns)
    seed: int

    @property
    def rows(self) -> int:
        """How many rows it will be fitted to."""
        return int(self.matrix.shape[0])

    @property
    def classes(self) -> bool:
        """Whether a classifier is wanted."""
        return "probabilities" in self.target.can

    def of(self, module: Any, name: str) -> Any:  # noqa: ANN401 - scikit-learn has no types
        """Return scikit-learn's class of this name for this kind of target, say DecisionTreeRegressor."""
        return getattr(module, name + self.target.engines["sklearn"]["suffix"])


class Kind(NamedTuple):
    """One kind of model."""

    title: str  # in pages
    role: Role
    words: str  # what it is
    setting: str  # the one that is chosen
    choices: tuple[float, ...]  # its values
    make: Callable[[Given, float], Estimator]  # the unfitted estimator, with a value of the setting
    columns: str  # a key of COLUMNS
    order: int  # see `Variant`, as for what follows
    shown: int
    preferred: int = 0
    max_rows: int | None = None
    one_at_a_time: bool = False  # its classifier draws from a stream of random numbers that all threads share
    efforts: tuple[Level, ...] = ("standard", "thorough")


def _linear(given: Given, penalty: float) -> Estimator:
    return given.target.linear_estimator(given.matrix, penalty * given.rows, exact=False, seed=given.seed)


def _lasso(given: Given, penalty: float) -> Estimator:
    """Return a lasso whose penalty is in standard deviations of the target, or an L1-penalised logistic regression.

    Several classes: one regression for each class against all others, which is what its solver can do.
    """
    from sklearn.linear_model import Lasso, LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    if not given.classes:
        return _in_units(Lasso(alpha=penalty, max_iter=MAX_ITERATIONS))
    machine = LogisticRegression(
        l1_ratio=1.0, solver="liblinear", C=1 / (penalty * given.rows), max_iter=MAX_ITERATIONS, tol=1e-3,
        random_state=given.seed,
    )  # fmt: skip
    return machine if given.target.outputs == 1 else OneVsRestClassifier(machine)


def _nearest(given: Given, neighbours: float) -> Estimator:
    from sklearn import neighbors as library

    # Every pair's distance: among few rows in many columns quicker than a tree of them.
    few = min(int(neighbours), given.rows)
    return given.of(library, "KNeighbors")(n_neighbors=few, algorithm="brute", n_jobs=1)


def _tree(given: Given, leaf: float) -> Estimator:
    from sklearn import tree

    return given.of(tree, "DecisionTree")(min_samples_leaf=int(leaf), random_state=given.seed)


def _histogram(given: Given, leaves: float) -> Estimator:
    from sklearn import ensemble

    return given.of(ensemble, "HistGradientBoosting")(
        max_leaf_nodes=int(leaves),
        l2_regularization=10.0,
        early_stopping=False,
        random_state=given.seed,
        **given.target.engines["histogram"],
    )


def _support_vectors(given: Given, penalty: float) -> Estimator:
    """Return a support vector machine; its scores become probabilities by Platt's sigmoid, cross-fitted."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import SVC, SVR

    if not given.classes:
        return _in_units(SVR(C=penalty, cache_size=KERNEL_CACHE))
    machine = SVC(C=penalty, cache_size=KERNEL_CACHE, random_state=given.seed)
    return CalibratedClassifierCV(machine, method="sigmoid", cv=3, ensemble=False)


def _in_units(estimator: Estimator) -> Estimator:
    """Return the estimator on a target in standard deviations, as its settings want it."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    return TransformedTargetRegressor(estimator, transformer=StandardScaler())


KINDS: Mapping[str, Kind] = {
    "lasso": Kind(
        "lasso", "candidate", "linear, L1 penalty", "penalty", (1e-3, 3e-3, 1e-2), _lasso, "scaled",
        order=100, shown=10, preferred=20, one_at_a_time=True,
    ),
    "linear_ranks": Kind(
        "linear on ranks", "candidate", "linear, L2 penalty", "penalty", (1e-6, 1e-5, 1e-4, 1e-3), _linear, "ranked",
        order=90, shown=20, preferred=10,
    ),
    "k_nearest": Kind(
        "nearest neighbours", "classic", "mean of the nearest rows", "neighbours", (15, 50, 150), _nearest, "scaled",
        order=130, shown=30, max_rows=3_000,
    ),
    "decision_tree": Kind(
        "decision tree", "classic", "one tree", "smallest leaf", (10, 30, 100), _tree, "coded",
        order=140, shown=40, max_rows=30_000,
    ),
    "hist_boosting": Kind(
        "histogram boosting", "classic", "histogram boosting of 100 trees", "leaves", (31,), _histogram, "coded",
        order=120, shown=70, efforts=("thorough",),
    ),
    "svm": Kind(
        "support vectors", "classic", "support vectors, Gaussian kernel", "C", (1.0, 10.0), _support_vectors, "scaled",
        order=110, shown=140, max_rows=2_000,
    ),
}  # fmt: skip
