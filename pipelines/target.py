"""The target as numbers: which class counts as the event, the logarithm, and how the target is spread."""

import numpy as np
import pandas as pd

from pipelines.core.cells import as_text
from pipelines.core.errors import InputError, quote
from pipelines.core.project import Problem, Project

QUANTILES = (0, 1, 5, 25, 50, 75, 95, 99, 100)  # per cent
BINS = 30  # of the histogram
MOST_CLASSES = 100  # each costs trees of its own, and a score over so many says little of any


def class_labels(values: pd.Series, problem: Problem, where: str) -> list[str]:
    """Return the classes as text: binary the event last, multiclass in order of value.

    Raises InputError where the target holds only one class, or a binary target not exactly the event and one other.
    """
    present = sorted(values.dropna().unique().tolist())
    labels = [_label(value) for value in present]
    where = f"{where}, column {quote(problem.target)}"
    if len(labels) < 2:  # noqa: PLR2004
        found = f"the target holds only one class: {quote(labels[0])}" if labels else "no row with a target is left"
        raise InputError(found, where=where, allowed="two classes or more", todo="take a file with both outcomes")
    if problem.task == "multiclass":
        if len(labels) == 2:  # noqa: PLR2004 - then one number a row says all
            raise InputError(
                f"the target holds two classes: {quote(labels[0])} and {quote(labels[1])}", where=where,
                allowed="for task 'multiclass': three or more", todo='take task = "binary" and name one as `positive`',
            )  # fmt: skip
        if len(labels) > MOST_CLASSES:
            raise InputError(
                f"the target holds {len(labels)} classes", where=where,
                allowed=f"for task 'multiclass': up to {MOST_CLASSES}",
                todo='group classes, or take task = "regression" if the target is a quantity',
            )  # fmt: skip
        return labels
    event = event_label(problem, values)
    others = [label for label in labels if label != event]
    if event not in labels or len(others) != 1:
        raise InputError(
            f"the target holds {', '.join(quote(label) for label in labels[:12])}{', …' if len(labels) > 12 else ''}",  # noqa: PLR2004
            where=where,
            allowed=f"for task 'binary': problem.positive, {quote(event)}, and one other value",
            todo="correct `positive`, or set aside other values with `allowed`",
        )
    return [*others, event]


def event_label(problem: Problem, values: pd.Series) -> str:
    """Return the label of the event, as `class_labels` writes it."""
    if pd.api.types.is_numeric_dtype(values.dtype) and isinstance(problem.positive, bool | int | float):
        return _label(float(problem.positive))
    return as_text(problem.positive)


def encode_target(values: pd.Series, problem: Problem, labels: list[str] | None, where: str) -> np.ndarray:
    """Return the target, float64 of shape (rows,): the class's number, or the value, or its natural logarithm.

    Raises InputError where a logarithm is asked of a value that has none.
    """
    if labels is not None:
        codes, present = pd.factorize(values)
        numbers: np.ndarray = np.array([labels.index(_label(value)) for value in present], np.float64)
        return numbers[codes]
    y: np.ndarray = values.to_numpy(np.float64)
    if len(y) and y.min() == y.max():
        raise InputError(
            f"the target holds only one value: {_label(y[0])}", where=f"{where}, column {quote(problem.target)}",
            allowed="two values or more", todo="take a file in which the target varies",
        )  # fmt: skip
    if problem.target_scale == "linear":
        return y
    if (low := np.flatnonzero(y <= 0)).size:
        raise InputError(
            f"{low.size} value(s) of the target {quote(problem.target)} have no logarithm",
            where=f"{where}, row {values.index[low[0]]}: {_label(y[low[0]])}",
            allowed="values above 0 with problem.target_scale = 'log'",
            todo=f"declare a `min` above 0 for {quote(problem.target)}, or take target_scale = 'linear'",
        )
    logs: np.ndarray = np.log(y)
    return logs


def check_metric_of_target(y: np.ndarray, project: Project, where: str) -> None:
    """Raise InputError where the metric is a relative error, and a target, as it is modelled, is 0."""
    if project.metric.primary == "mape" and (count := int((y == 0).sum())):
        raise InputError(
            f"metric.primary is 'mape', which divides by the target, and that is 0 in {count:,} row(s)",
            where=f"{where}, column {quote(project.problem.target)}", allowed="a target that is never 0",
            todo="take 'mae', or set those rows aside with `min`",
        )  # fmt: skip


def summarise_target(y: np.ndarray, test: np.ndarray, problem: Problem, labels: list[str] | None) -> dict[str, object]:
    """Return how the target is spread, in all rows and on either side of the split.

    Classes: rows and shares by class. Regression: quantiles and a histogram in the target's own unit, the bins equally
    wide on the modelling scale.
    """
    if labels is not None:
        classes = []
        for place, label in enumerate(labels):
            hit = y == place
            shares = {"share": hit.mean(), "train_share": hit[~test].mean(), "test_share": hit[test].mean()}
            row = {"value": label, "rows": int(hit.sum())}
            classes.append(row | {name: float(share) for name, share in shares.items()})
        return {"classes": classes}
    edges = np.histogram_bin_edges(y, BINS)
    back = np.exp if problem.target_scale == "log" else np.asarray
    return {
        "quantiles": {str(q): float(v) for q, v in zip(QUANTILES, np.percentile(back(y), QUANTILES), strict=True)},
        "histogram": {
            "edges": back(edges).tolist(),
            "train": np.histogram(y[~test], edges)[0].tolist(),
            "test": np.histogram(y[test], edges)[0].tolist(),
        },
        "unit": problem.unit,
        "scale": problem.target_scale,
    }


def _label(value: object) -> str:
    """Return a class or value as text, whole numbers without a point."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
