"""What the sections of a project file must agree on: each check returns what is wrong and what is allowed, or None."""

import difflib
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipelines.core.errors import quote
from pipelines.core.keys import RESERVED

if TYPE_CHECKING:
    from pipelines.core.project import Column, Project

# What a date and a text become, since models see only numbers and categories: columns named `sold (days)` and so on.
DERIVED = {"date": ("days", "month", "weekday"), "text": ("characters", "words")}
METRICS: dict[str, tuple[str, ...]] = {
    "binary": (
        "roc_auc", "average_precision", "log_loss", "brier",
        "accuracy", "balanced_accuracy", "precision", "recall", "f1",
    ),
    "multiclass": ("log_loss", "brier", "roc_auc", "accuracy", "balanced_accuracy", "f1"),
    "regression": ("rmse", "mae", "r2", "mse", "median_ae", "mape"),
}  # fmt: skip
UNBOUNDED = ("log_loss", "rmse", "mae", "mse", "median_ae", "mape")  # all other metrics are 1 at best
TARGET_TYPES = {
    "binary": ("integer", "number", "boolean", "category"),
    "multiclass": ("integer", "category"),
    "regression": ("integer", "number"),
}
SPLIT_TYPES = {
    "time": ("date", "integer", "number"),
    "group": ("integer", "category", "text"),
    "column": ("integer", "boolean", "category"),
}
DAY = len("2014-05-02")
LARGEST = 1e30  # in size, of a number: more was measured by nobody, and overflows in trees, which hold 32-bit floats
EXACT = 2**53  # whole numbers below it are floats without loss; from it on two of them may become one
# How amounts may be written: the signs that part thousands, and the one before fractions.
AMOUNTS = {"1,234.5": (",", "."), "1.234,5": (".", ","), "1 234,5": (" \u00a0\u202f", ","), "1'234.5": ("'\u2019", ".")}
BOUNDED = ("integer", "number", "date")


def derived_names(name: str, column: "Column") -> list[str]:
    """Return the names of the features that a column becomes."""
    return [f"{name} ({part})" for part in DERIVED[column.type]] if column.type in DERIVED else [name]


def read_bounds(column: dict[str, object]) -> dict[str, object]:
    """Return the declaration of a column of dates with `min` and `max` as moments; raise ValueError if they are not."""
    read = dict(column)
    for key in ("min", "max"):
        limit = column.get(key)
        if isinstance(limit, date):
            message = f'`{key}` is a date without quotes, which DVC cannot keep; write {key} = "{limit.isoformat()}"'
            raise ValueError(message)  # noqa: TRY004 - pydantic tells ValueErrors with their place
        if isinstance(limit, str):
            try:
                read[key] = date.fromisoformat(limit) if len(limit) == DAY else datetime.fromisoformat(limit)
            except ValueError:
                message = f'`{key}` is {quote(limit)}; a date is written as "2014-05-02"'
                raise ValueError(message) from None
    return read


def check_column(column: "Column") -> str | None:
    """Return what is wrong with the declaration of one column."""
    for key, limit in (("min", column.min), ("max", column.max)):
        if limit is None:
            continue
        if column.type not in BOUNDED:
            return f"`{key}` is for the types {', '.join(BOUNDED)}, not for {column.type!r}"
        if isinstance(limit, date) != (column.type == "date"):
            kind = 'date, as "2014-05-02"' if column.type == "date" else "number"
            return f"`{key}` of a column of type {column.type!r} is a {kind}"
        if not isinstance(limit, date) and not abs(limit) <= LARGEST:
            return f"`{key}` is not finite or beyond {LARGEST:g}; leave it out where there is no bound"
        if isinstance(limit, datetime) and limit.tzinfo is not None:
            return f"`{key}` has a time zone; give the moment in UTC, without one"
    if column.min is not None and column.max is not None and _moment(column.min) > _moment(column.max):  # type: ignore[operator]
        return f"`min` {column.min} is above `max` {column.max}"
    return _check_format(column) or _check_allowed(column)


def _moment(limit: float | date) -> float | datetime:
    """Return a bound such that it can be compared with another of its kind."""
    if isinstance(limit, datetime) or not isinstance(limit, date):
        return limit
    return datetime(limit.year, limit.month, limit.day)  # noqa: DTZ001 - bounds have no zone


def _check_format(column: "Column") -> str | None:
    if column.format is None:
        return None
    if column.type in ("integer", "number"):
        known = ", ".join(f'"{form}"' for form in AMOUNTS)
        return None if column.format in AMOUNTS else f"`format` {quote(column.format)} of numbers is none of {known}"
    if column.type != "date":
        return f"`format` is for the types 'date', 'integer' and 'number', not for {column.type!r}"
    try:
        datetime.strptime(datetime(2014, 5, 2).strftime(column.format), column.format)  # noqa: DTZ001, DTZ007 - no zone
    except (ValueError, re.error):
        return f'`format` {quote(column.format)} is not one that strptime reads; as "%d/%m/%Y"'
    return None


def _check_allowed(column: "Column") -> str | None:
    if column.allowed is None:
        return None
    if column.type == "date":
        return "`allowed` is not for type 'date'; take `min` and `max`"
    if not column.allowed:
        return "`allowed` is empty; name the values, or leave it out"
    numbers = column.type in ("integer", "number", "boolean")
    measured = int | float if numbers else float  # a label may be as long as it likes
    if any(isinstance(value, measured) and not abs(value) <= LARGEST for value in column.allowed):
        return f"`allowed` holds a number that is not finite or beyond {LARGEST:g}"
    odd = [value for value in column.allowed if numbers and isinstance(value, str)]
    return f"`allowed` of type {column.type!r} holds the text {quote(odd[0])}" if odd else None


def check_metric(project: "Project") -> str | None:
    """The metric fits the task, and the margin the metric."""
    task, primary = project.problem.task, project.metric.primary
    if primary not in METRICS[task]:
        near = difflib.get_close_matches(primary, METRICS[task], n=1)
        hint = f"; did you mean {quote(near[0])}?" if near else ""
        return f"metric.primary is {quote(primary)}; for task {task!r} it may be {', '.join(METRICS[task])}{hint}"
    if primary not in UNBOUNDED and project.metric.margin >= 1:
        return f"metric.margin is {project.metric.margin:g}; {primary!r} is 1 at best, so the margin lies below 1"
    return check_cost(project)


def check_cost(project: "Project") -> str | None:
    """Only binary decisions have costs, and some error costs something."""
    cost = project.metric.cost
    if cost is None:
        return None
    if project.problem.task != "binary":
        return "metric.cost is for task 'binary'"
    return None if cost.false_positive or cost.false_negative else "metric.cost is 0 for both errors; leave it out"


def check_target(project: "Project") -> str | None:
    """The target is declared, kept, and of a type that the task can learn."""
    target, task = project.problem.target, project.problem.task
    if target in project.columns.drop:
        return f"columns.drop names the target {quote(target)}"
    if target not in project.columns.declared:
        return f"the target {quote(target)} (problem.target) is not declared in [columns]{_nearest(target, project)}"
    kind = project.columns.declared[target].type
    if kind not in TARGET_TYPES[task]:
        allowed = _either(TARGET_TYPES[task])
        return f"the target {quote(target)} is of type {kind!r}; for task {task!r} it may be {allowed}"
    positive = project.problem.positive
    if isinstance(positive, str) and kind != "category":
        return f"problem.positive is the text {quote(positive)}, but the target is of type {kind!r}; omit the quotes"
    return None


def check_values(project: "Project") -> str | None:
    """The event and the mark of test rows, if they are numbers, are such as a column holds."""
    for key, value in (("problem.positive", project.problem.positive), ("split.test_value", project.split.test_value)):
        if isinstance(value, int | float) and not abs(value) <= LARGEST:
            return f"{key} is {quote(value)}, not finite or beyond {LARGEST:g}; name a value of the column"
    return None


def check_split(project: "Project") -> str | None:
    """The split suits the task, and its column is declared, kept, not the target, and of a type to split by."""
    kind, name = project.split.kind, project.split.column
    if kind == "stratified" and project.problem.task == "regression":
        return "split.kind 'stratified' needs classes; for task 'regression' take 'random', 'group', 'time' or 'column'"
    if name is None:
        return None
    if name == project.problem.target or name in project.columns.drop:
        return f"split.column {quote(name)} is the target or dropped; take another column"
    if name not in project.columns.declared:
        return f"split.column {quote(name)} is not declared in [columns]{_nearest(name, project)}"
    found = project.columns.declared[name].type
    if found not in SPLIT_TYPES[kind]:
        allowed = _either(SPLIT_TYPES[kind])
        return f"split.column {quote(name)} is of type {found!r}; for kind {kind!r} it may be {allowed}"
    return None


def check_names(project: "Project") -> str | None:
    """There is a feature, and no two features, or a feature and a column of the recipe, have one name."""
    seen = set(RESERVED)
    names = [name for name in project.columns.declared if name not in project.not_features]
    for name in names:
        for feature in derived_names(name, project.columns.declared[name]):
            if feature in seen:
                return f"column {quote(name)} gives the feature {quote(feature)}, a name already taken; rename it"
            seen.add(feature)
    return None if names else "[columns] declares no feature besides the target, the split column and the dropped ones"


CHECKS: tuple[Callable[["Project"], str | None], ...] = (
    check_metric, check_target, check_values, check_split, check_names,
)  # fmt: skip


def _nearest(name: str, project: "Project") -> str:
    near = difflib.get_close_matches(name, project.columns.declared, n=1)
    return f"; did you mean {quote(near[0])}?" if near else "; add it there"


def _either(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names[:-1])) + f" or {names[-1]!r}"
