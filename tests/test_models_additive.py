"""Additive trees: no feature changes what another does to a prediction."""

import numpy as np
import pandas as pd
import pytest
from toy_table import small_table

from pipelines.core.table import Table
from pipelines.models.additive import AdditiveLearner
from pipelines.models.folds import fold_data
from pipelines.models.lightgbm import LightGBMLearner, lightgbm_settings
from pipelines.models.size import measure_size
from pipelines.targets import Number


@pytest.mark.parametrize(("learner", "additive"), [(AdditiveLearner, True), (LightGBMLearner, False)])
def test_what_a_feature_adds_does_not_depend_on_another(learner: type[LightGBMLearner], additive: bool) -> None:
    """Of a product, f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1) is 0, and of plain LightGBM it is not."""
    rng = np.random.default_rng(3)
    frame = small_table().frame[["row_id", "split", "fold"]]
    a, b = rng.normal(size=(2, len(frame)))
    table = Table(frame.assign(y_true=a * b + a, a=a, b=b), Number())
    every = {"feature_fraction": 1.0}  # half of two features would be one a tree, whoever learns
    settings = lightgbm_settings(measure_size(table.y, 2, Number(), "standard")) | every
    corners = pd.DataFrame({"a": [1.0, 1.0, -1.0, -1.0], "b": [1.0, -1.0, 1.0, -1.0]})

    predicted = learner(settings).fit(fold_data(table, 0, 7)).predict(corners)

    together = predicted @ np.array([1.0, -1.0, -1.0, 1.0])
    assert np.ptp(predicted) > 0.1
    assert (abs(together) < 1e-9) == additive
