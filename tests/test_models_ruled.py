"""Trees on a rule: what is predicted is the rule's forecast and what the trees add to it, on the scale of effects."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from toy_forecast import TEXT, daily, defined

from pipelines.core.keys import SERIES
from pipelines.core.table import Table
from pipelines.models.families import FAMILIES
from pipelines.models.folds import fold_data
from pipelines.models.model import FoldData
from pipelines.models.rule import RuleLearner
from pipelines.models.ruled import RULES, RuledLearner, RuledModel
from pipelines.models.size import measure_size
from pipelines.series.methods import THETAS
from pipelines.targets.forecast import LEVEL_NAME

FOLD = 3
EFFECTS = {"absolute": TEXT, "relative": TEXT.replace('frequency = "1d"', 'frequency = "1d"\neffects = "relative"')}


@cache
def table(effects: str) -> Table:
    """Return the table of a small forecast, of a shop that is closed on three of ten days and then sells a fifth."""
    frame = daily()
    day = frame["day"].astype("category").cat.codes
    shut = (np.random.default_rng(2).random(day.max() + 1) < 0.3)[day]
    units = np.where(shut, frame["units"] // 5, frame["units"])
    return defined(frame.assign(units=units, open=1 - shut.astype(int)), EFFECTS[effects]).table


def learner(name: str, effects: str) -> RuledLearner:
    """Return the learner of that name."""
    given = table(effects)
    size = measure_size(given.y, len(given.features), given.target, "quick")
    (variant,) = [one for one in FAMILIES["ruled"].variants if one.name == name]
    assert variant.learner is not None
    found = variant.learner(size, None)
    assert isinstance(found, RuledLearner)
    return found


def fitted(name: str, effects: str) -> tuple[FoldData, RuledModel]:
    """Return a fold's rows and the model that was fitted to them."""
    data = fold_data(table(effects), FOLD, 7)
    model = learner(name, effects).fit(data)
    assert isinstance(model, RuledModel)
    return data, model


@pytest.mark.parametrize("effects", list(EFFECTS))
@pytest.mark.parametrize("name", ["lightgbm_rules", "lightgbm_theta"])
def test_trees_are_added_to_what_they_start_from(name: str, effects: str) -> None:
    """The level, or each series' best Theta of the fitted rows; trees see the features and the rules less that."""
    data, model = fitted(name, effects)
    seen = data.held_seen
    assert data.seen is not None
    assert seen is not None
    there, back = (np.log1p, np.expm1) if effects == "relative" else (np.asarray, np.asarray)
    start = seen[LEVEL_NAME].to_numpy()
    if name == "lightgbm_theta":
        errors = {
            rule: (data.y - data.seen[rule]).abs().groupby(data.seen[SERIES], observed=True).sum() for rule in THETAS
        }
        best = {series: min(THETAS, key=lambda rule: errors[rule][series]) for series in errors[THETAS[0]].index}
        start = np.array([there(row[best[row[SERIES]]]) for _, row in seen.iterrows()])
    columns = seen[table(effects).features].assign(**{rule: there(seen[rule]) - start for rule in RULES})

    found = model.predict(seen)

    expected = back(start + model.trees.predict(columns))
    assert found == pytest.approx(expected, rel=1e-9)
    assert not np.allclose(found, back(start))  # the trees say something


def test_trees_learn_what_all_series_share_and_a_rule_misses() -> None:
    """Whether the shop is closed: no rule of single series knows it, the trees do."""
    data, model = fitted("lightgbm_theta", "relative")
    assert data.held_seen is not None
    rule = RuleLearner(table("relative").target, "theta", THETAS).fit(data)

    closed = (data.held_x["open"] == 0).to_numpy()
    errors = {
        name: np.abs(data.held_y - one.predict(data.held_seen)) for name, one in (("rule", rule), ("trees", model))
    }

    assert closed.sum() >= 30
    assert errors["trees"][closed].mean() < 0.5 * errors["rule"][closed].mean()
    assert errors["trees"].mean() < errors["rule"].mean()


def test_no_share_of_a_feature_is_told() -> None:
    """Rules that were made of the same values stand beside the features, so their shares would mislead."""
    _, model = fitted("lightgbm_rules", "absolute")

    assert set(model.notes) == {"rows_used", "trees", "stopped_early", "curve"}
    assert FAMILIES["ruled"].explains is None


def test_a_table_without_rules_is_refused() -> None:
    """Nothing is fitted where there is nothing to add to."""
    data = replace(fold_data(table("absolute"), FOLD, 7), seen=None)

    with pytest.raises(ValueError, match="no forecasts by rules"):
        learner("lightgbm_theta", "absolute").grow(data)
