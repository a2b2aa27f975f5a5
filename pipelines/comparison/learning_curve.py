"""Learning curves: a model fitted to ever more of a fold's training rows, scored on these and on the fold's own rows.

The parts are nested and drawn at random, whole groups where rows are grouped; the shared folds keep what the split
keeps apart. The last point is the model that step 4 or 5 fitted to all of a fold's training rows, and the others have
the settings that it chose by itself: its penalties weigh against the sum of the rows' losses, as those of a prior do,
and so do not depend on the number of rows. Step 7 has a curve of
another kind: that of a quick model on the ladder's linear rung, drawn on beyond the rows that there are.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from pipelines.comparison.curve_reading import read_curve
from pipelines.core.submit import Pending, Submit
from pipelines.core.table import Table
from pipelines.facts.compare.learning import LearningCurve, LearningLeftOut, LearningPoint
from pipelines.metrics import Metric
from pipelines.metrics.prepared import Floats, Integers
from pipelines.models.folds import fold_data, fold_numbers
from pipelines.models.model import FoldData, FoldModel, Learner, predicted
from pipelines.models.refittable import Refittable
from pipelines.models.size import Level
from pipelines.targets import Target

SHARES = (1 / 16, 1 / 4, 1 / 2)  # of a fold's training rows, beside all of them
MIN_ROWS = 100  # that a point needs
# Rows times features of one fit: beyond, a part is left out. All rows cost nothing, since step 5 has fitted them.
MOST_CELLS: Mapping[Level, int] = {"quick": 300_000, "standard": 2_000_000, "thorough": 2_000_000}
OWN_ROWS = 10_000  # of the rows that a model was fitted to, on which it is scored; predicting costs as much as fitting
MAX_REASON = 120  # characters of an exception that the facts keep


class Yardstick(NamedTuple):
    """What a curve is scored and read by."""

    metric: Metric
    margin: float  # smallest difference that is worth acting on
    dummy: Sequence[float | None] | None  # scores on each fold of a model that knows no feature


class Whole(NamedTuple):
    """The model that was fitted to all of a fold's training rows."""

    learner: Learner
    model: FoldModel
    held_out: Floats  # its predictions for the fold's own rows


class Point(NamedTuple):
    """One fit of one fold; scores are NaN where the fit or the metric failed."""

    rows: int
    train: float  # score on rows that it was fitted to
    validation: float  # score on the fold's own rows
    why: str | None  # it failed


def learning_curves(
    models: Sequence[Refittable], table: Table, by: Yardstick, seed: int, submit: Submit, level: Level = "standard"
) -> list[LearningCurve]:
    """Return one curve a model; for what it says see `read_curve`.

    Training scores are measured on
    at most OWN_ROWS of a fit's rows.
    """
    pending: list[tuple[Refittable, list[Pending[list[Point]]]]] = [
        (
            one,
            [
                submit(
                    score_parts, Whole(one.settled(fold), one.models[fold], one.prediction[table.fold == fold]),
                    table, fold, by.metric, seed, MOST_CELLS[level],
                    name=f"learning curve {one.name} fold {fold}",
                )
                for fold in fold_numbers(table)
            ],
        )
        for one in models
    ]  # fmt: skip
    return [_facts(one, [part.result() for part in parts], by) for one, parts in pending]


def score_parts(whole: Whole, table: Table, fold: int, metric: Metric, seed: int, most_cells: int) -> list[Point]:
    """Return one point for each of SHARES and one for `whole`, the model fitted to all of the fold's training rows.

    A part that is too small, or has more than `most_cells` and so costs too much to be fitted again, has no scores, and
    `why` says it.
    """
    data = fold_data(table, fold, seed)
    order = nested_order(len(data.y), _groups(table, fold), data.seed)
    points = []
    for share in SHARES:
        rows = order[: round(share * len(order))]
        why = _refused(data, rows, table.target, most_cells)
        points.append(Point(len(rows), np.nan, np.nan, why) if why else _fit_part(whole.learner, data, rows, metric))
    validation = metric.score(data.held_y, whole.held_out)
    return [*points, Point(len(order), _on_own(whole.model, data, order, metric), validation, None)]


def nested_order(rows: int, group: Integers | None, seed: int) -> Integers:
    """Return the places of all rows in random order, rows of a group one after another; any beginning is a random part.

    `group` (rows,) numbers the groups, None where rows stand alone.
    """
    rng = np.random.default_rng(seed)
    if group is None:
        return rng.permutation(rows)
    numbers, place = np.unique(group, return_inverse=True)
    return np.argsort(rng.permutation(len(numbers))[place], kind="stable")


def _groups(table: Table, fold: int) -> Integers | None:
    return None if table.group is None else table.group[table.fits(fold)]


def _refused(data: FoldData, rows: Integers, target: Target, most_cells: int) -> str | None:
    """Return why some rows of a fold's training rows are not fitted, None where they are."""
    if len(rows) < MIN_ROWS:
        return "too few rows"
    if len(rows) * data.x.shape[1] > most_cells:
        return "too many rows to fit them again"
    return None if target.complete(data.y[rows], data.y) else "a class is missing from the rows drawn"


def _fit_part(learner: Learner, data: FoldData, rows: Integers, metric: Metric) -> Point:
    """Fit some rows of a fold's training rows, and score the model."""
    try:
        model = learner.fit(data.some(rows))
        validation = metric.score(data.held_y, _predicted(model, data))
        return Point(len(rows), _on_own(model, data, rows, metric), validation, None)
    except MemoryError:
        raise  # no fault of the part: with more memory the step leaves other files
    except Exception as error:  # noqa: BLE001 - the libraries raise what they like, and the other parts go on
        return Point(len(rows), np.nan, np.nan, f"{type(error).__name__}: {error}"[:MAX_REASON])


def _on_own(model: FoldModel, data: FoldData, rows: Integers, metric: Metric) -> float:
    """Return the score on (some of) the rows that the model was fitted to."""
    own = np.sort(rows[:OWN_ROWS])
    return metric.score(data.y[own], _predicted(model, data, own))


def _predicted(model: FoldModel, data: FoldData, own: Integers | None = None) -> Floats:
    """Return the predictions of the rows held out, or of some of the others, by their places among these."""
    rows = data.held if own is None else (data.x if data.seen is None else data.seen).iloc[own]
    if data.table is None or data.fitted is None or data.held_out is None:
        return model.predict(rows)
    places = np.flatnonzero(data.held_out) if own is None else np.flatnonzero(data.fitted)[own]
    return predicted(model, rows, places, data.table)


def _facts(refittable: Refittable, folds: Sequence[Sequence[Point]], by: Yardstick) -> LearningCurve:
    """Return one model's curve; a part that failed in any fold is left out: every point is of the same folds."""
    points: list[LearningPoint] = []
    left_out: list[LearningLeftOut] = []
    kept = []
    for place, parts in enumerate(zip(*folds, strict=True)):
        share = (*SHARES, 1.0)[place]
        rows = min(point.rows for point in parts)
        why = next((point.why for point in parts if point.why), None)
        train, validation = (np.array([getattr(point, side) for point in parts]) for side in ("train", "validation"))
        if why is None and not np.isfinite([train, validation]).all():
            why = f"{by.metric.label} is undefined in a fold"
        if why is not None:
            left_out.append({"share": share, "rows": rows, "why": why})
            continue
        kept.append((train, validation))
        points.append(
            {
                "share": share, "rows": rows,
                "train": float(train.mean()), "train_sd": _spread(train),
                "validation": float(validation.mean()), "validation_sd": _spread(validation),
            }
        )  # fmt: skip
    reading = (
        read_curve(
            np.array([train for train, _ in kept]),
            np.array([validation for _, validation in kept]),
            [point["rows"] for point in points],
            *by,
        )
        if points
        else None
    )
    return {
        "model": refittable.name, "role": refittable.role, "weight": refittable.weight, "folds": len(folds),
        "points": points, "left_out": left_out, "reading": reading,
    }  # fmt: skip


def _spread(scores: np.ndarray) -> float | None:
    return float(scores.std(ddof=1)) if len(scores) > 1 else None
