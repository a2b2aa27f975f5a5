"""How scikit-learn spells our metrics, so that the scores of a notebook come from code that is not ours."""

from typing import NamedTuple


class Call(NamedTuple):
    """A function of `sklearn.metrics`, and what it is called with: `y` is the truth and `p` the prediction."""

    function: str
    arguments: str


# One number a row: the probability of an event, or the value.
SINGLE: dict[str, Call] = {
    "roc_auc": Call("roc_auc_score", "y, p"),
    "average_precision": Call("average_precision_score", "y, p"),
    "log_loss": Call("log_loss", "y, p"),
    "brier": Call("brier_score_loss", "y, p"),
    "accuracy": Call("accuracy_score", "y, p >= 0.5"),
    "balanced_accuracy": Call("balanced_accuracy_score", "y, p >= 0.5"),
    "precision": Call("precision_score", "y, p >= 0.5, zero_division=0"),
    "recall": Call("recall_score", "y, p >= 0.5, zero_division=0"),
    "f1": Call("f1_score", "y, p >= 0.5, zero_division=0"),
    "mcc": Call("matthews_corrcoef", "y, p >= 0.5"),
    # The means of counts stay above zero, as those of our models do.
    "poisson_deviance": Call("mean_poisson_deviance", "y, np.maximum(p, 1e-6)"),
    "d2_poisson": Call("d2_tweedie_score", "y, np.maximum(p, 1e-6), power=1"),
    "rmse": Call("root_mean_squared_error", "y, p"),
    "mae": Call("mean_absolute_error", "y, p"),
    "mse": Call("mean_squared_error", "y, p"),
    "r2": Call("r2_score", "y, p"),
    "wape": Call("mean_absolute_error", "y / np.abs(y).mean(), p / np.abs(y).mean()"),
    "median_ae": Call("median_absolute_error", "y, p"),
    "mape": Call("mean_absolute_percentage_error", "y, p"),
    "pinball": Call("mean_pinball_loss", 'y, p, alpha=project.metric.parameters["level"]'),
}
# A probability for each class; those of some libraries have seven digits, and add up to one only in these.
SEVERAL: dict[str, Call] = {
    "roc_auc": Call("roc_auc_score", "np.eye(p.shape[1])[y.astype(int)], p"),
    "log_loss": Call("log_loss", "y, p / p.sum(axis=1, keepdims=True), labels=range(p.shape[1])"),
    "brier": Call(
        "brier_score_loss", "y, p / p.sum(axis=1, keepdims=True), labels=range(p.shape[1]), scale_by_half=False"
    ),
    "accuracy": Call("accuracy_score", "y, p.argmax(axis=1)"),
    "balanced_accuracy": Call("balanced_accuracy_score", "y, p.argmax(axis=1)"),
    "f1": Call("f1_score", 'y, p.argmax(axis=1), average="macro", labels=range(p.shape[1]), zero_division=0'),
    "mcc": Call("matthews_corrcoef", "y, p.argmax(axis=1)"),
}


def scikit_call(metric: str, *, several: bool) -> Call | None:
    """Return how scikit-learn computes a metric, of `several` classes or of one number a row; None where it cannot."""
    return (SEVERAL if several else SINGLE).get(metric)
