"""What the strong model says of the test rows of each group of a column that looks like a protected attribute."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from pipelines.experiments.protected import Look
from pipelines.experiments.slices import written
from pipelines.facts.reflect.people import PeopleGroup, Rate
from pipelines.facts.shared import Estimate
from pipelines.inference.bootstrap import resample
from pipelines.inference.calibration import wilson
from pipelines.inference.truth import Truth
from pipelines.inputs import Bin, Binning, is_category, kind_of
from pipelines.ladder.gains import COUNT
from pipelines.ladder.study import Study
from pipelines.metrics.prepared import Floats, prepare_ratio

FEWEST_ROWS = 50  # of a group that is shown: a share of 50 rows is known to within 14 points, of fewer it says nothing
# Groups of numbers of about equally many rows, and the commonest levels: more than a reader compares.
GROUPS = Binning(5, levels=10, rest="none", edges="higher", one_a_value=True)
FEWEST_UNITS = 2  # groups or stretches of time, of which resamples can be drawn


class Column(NamedTuple):
    """A column of the file that looks like a protected attribute."""

    name: str
    features: list[str]  # what it became
    look: Look
    days: bool  # whether the first of these counts days since 1970


class Groups(NamedTuple):
    """Groups of the test rows, and how many others there are."""

    shown: list[PeopleGroup]
    others: int
    rows_of_others: int


def group_facts(study: Study, column: Column, prediction: Floats, threshold: float | None) -> Groups:
    """Return what the strong model's `prediction`, in the table's order, says of each group of the test rows.

    A row is decided positive where its prediction reaches the `threshold`. Of several classes there are no groups: they
    have no positives, and no error in one direction.
    """
    table, test = study.table, study.table.tested
    if "confusion" in table.target.can:
        return Groups([], 0, 0)
    values, predicted = table.named.loc[test, column.features[0]], prediction[test]
    truth = Truth.of(table, test, study.metric, study.seed)
    bins = kind_of(values).bins(values, GROUPS)
    shown = [one for one in bins if one.rows.sum() >= FEWEST_ROWS]
    count = values.nunique() + int(values.isna().any()) if is_category(values) else len(bins)
    facts = [
        group_of(group_name(one, days=column.days), truth.take(one.rows), predicted[one.rows], threshold)
        for one in shown
    ]
    return Groups(facts, count - len(shown), len(values) - sum(int(one.rows.sum()) for one in shown))


def group_of(name: str, truth: Truth, prediction: Floats, threshold: float | None) -> PeopleGroup:
    """Return the facts of one group's rows, with decisions where there is a threshold, and else with errors."""
    rows = len(truth.y)
    facts: PeopleGroup = {
        "group": name, "rows": rows, "mean_prediction": float(prediction.mean()), "flagged": None, "positives": None,
        "false_positive_rate": None, "miss_rate": None, "mean_error": None,
    }  # fmt: skip
    if threshold is None:
        return {**facts, "mean_error": mean_error(truth, prediction)}
    flagged, positive, everybody = prediction >= threshold, truth.y == 1, np.ones(rows, bool)
    return {
        **facts,
        "flagged": rate(flagged, everybody),
        "positives": rate(positive, everybody),
        "false_positive_rate": rate(flagged, ~positive),
        "miss_rate": rate(~flagged, positive),
    }


def rate(hits: np.ndarray, among: np.ndarray) -> Rate | None:
    """Return the share of hits among some of the rows, both bool (rows,); None where there are no such rows."""
    rows = int(among.sum())
    if not rows:
        return None
    count = np.array([float((hits & among).sum())])
    low, high = wilson(count, np.array([float(rows)]))
    return {"value": float(count[0] / rows), "ci": [float(low[0]), float(high[0])], "of": rows}


def mean_error(truth: Truth, prediction: Floats) -> Estimate:
    """Return the mean of prediction less truth with its bootstrap interval, of whole units where there are several."""
    several = truth.group is not None and len(np.unique(truth.group)) >= FEWEST_UNITS
    draw = replace(truth, group=truth.group if several else None).draw(COUNT)
    error = resample({"error": prepare_ratio(prediction - truth.y)}, len(truth.y), draw, pairs=[]).score("error")
    return {"value": error.value, "ci": list(error.ci)}


def group_name(one: Bin, *, days: bool) -> str:
    """Return a group in words: its level, its number or the range of its numbers; of days since 1970 the dates."""
    if one.low is None or one.high is None:
        return one.label
    ends = [str(np.datetime64(int(np.floor(end)), "D")) if days else written(end, days) for end in (one.low, one.high)]
    return " to ".join(dict.fromkeys(ends))
