"""What predictions are judged against: some rows of a table, with what belongs to them."""

import numpy as np
from small_exploration import table_of

from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS

GROUPS = np.arange(10) // 2


def test_the_truth_of_some_rows_is_theirs() -> None:
    """By mask or by position, targets, folds and groups are those of the same rows."""
    y = np.array([0.0, 1, 1, 0, 1, 0, 1, 0, 1, 1])
    table = table_of({"x": np.arange(10.0)}, y, group=GROUPS)

    truth = Truth.of(table, table.fold >= 0, METRICS["roc_auc"], 7)

    assert truth.y.tolist() == [0, 1, 1, 0, 1, 0, 1, 0]
    assert truth.group is not None
    assert truth.group.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert truth.fold is not None
    assert truth.fold.tolist() == [0, 1, 2, 3, 4, 0, 1, 2]
    part = truth.take(np.array([5, 2]))
    assert part.y.tolist() == [0, 1]
    assert part.group is not None
    assert part.group.tolist() == [2, 1]
    assert (part.seed, part.metric) == (7, METRICS["roc_auc"])


def test_rows_that_stand_alone_are_drawn_alone() -> None:
    """Without groups there are none to draw, and none are made up by taking a part."""
    truth = Truth(METRICS["mae"], np.arange(4.0), 3).take(np.array([True, False, True, True]))

    draw = truth.draw(50)

    assert truth.y.tolist() == [0, 2, 3]
    assert truth.fold is None
    assert (draw.seed, draw.group, draw.count) == (3, None, 50)
