"""Columns that look like protected attributes: what the score owes to them, and rates by group against brute force."""

from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Facts

from pipelines.causes.plan import Plan
from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.experiments.people import REFITTED, people_facts, protected_columns
from pipelines.experiments.people_groups import FEWEST_ROWS
from pipelines.experiments.without import refit_with_all
from pipelines.ladder.fitting import Part, linear_fits
from pipelines.ladder.ladder import Standing
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.targets import Classes, Count, Event, Number

ROWS, Z = 3_000, 1.959963984540054
THRESHOLD = 0.3


def features(*names: str, **declared: Any) -> Any:  # noqa: ANN401 - facts
    """Return the facts of features by name, each of its own column."""
    return [
        {"name": name, "from": name, "kind": "numeric", "type": "number", "unit": None, **declared} for name in names
    ]


def people_table(signal: str = "age", target: Any = None, rows: int = ROWS) -> Table:  # noqa: ANN401 - any kind
    """Return a table with an age, a sex and two other numbers, of which `signal` alone makes the target."""
    rng = np.random.default_rng(3)
    x: dict[str, Any] = {
        "age": rng.integers(18, 90, rows).astype(float),
        "sex": pd.Series(rng.choice(["f", "m", "x"], rows, p=[0.49, 0.49, 0.02]), dtype="category"),
        "height": rng.normal(size=rows),
        "income": rng.normal(size=rows),
    }
    drive = 2 * (x[signal] == "f") - 1.0 if signal == "sex" else (x[signal] - x[signal].mean()) / x[signal].std()
    kind = target or Event()
    y = kind.simulate(2 * np.asarray(drive) - 1 if "event" in kind.can else np.asarray(drive), rng)
    test = np.arange(rows) % 3 == 2
    fold = np.where(test, -1, np.arange(rows) // 3 % 5)
    keys = {"row_id": np.arange(rows), "split": np.where(test, "test", "train"), "fold": fold, "y_true": y}
    return Table(pd.DataFrame(keys | x), kind)


def found(table: Table, metric: str = "roc_auc", decided: Any = None, prediction: Any = None, **kept: Any) -> Facts:  # noqa: ANN401 - facts
    """Return the experiment's facts of a table, whose strong model says `prediction`, or what is true."""
    parts: list[Part] = [(fold,) for fold in range(5)]
    standing = Standing(Plan(), {part: models[0] for part, models in linear_fits(table, parts, [Plan()]).items()})
    study = Study(table, METRICS[metric], 0.005, 1, run_now)
    columns = protected_columns(table, kept.get("features") or features(*table.features))
    return people_facts(
        study, refit_with_all(study, standing), columns, table.y if prediction is None else prediction, decided
    )


def wilson_by_hand(hits: int, rows: int) -> tuple[float, float]:
    """Return the shares whose distance from the one seen is just Z standard errors of their own: two roots."""
    a, b, c = rows + Z**2, -(2 * hits + Z**2), hits**2 / rows
    root = sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def check_rate(rate: Facts | None, hits: list[bool]) -> None:
    """Hold a rate against the rows that are hits, or not, of those that it is a share of."""
    assert rate is not None
    assert rate["of"] == len(hits)
    assert rate["value"] == pytest.approx(sum(hits) / len(hits))
    assert rate["ci"] == pytest.approx(list(wilson_by_hand(sum(hits), len(hits))), abs=1e-9)


def test_rates_of_each_group_by_brute_force() -> None:
    """Each rate is counted row by row over the test rows of a group; training rows play no part."""
    table = people_table()
    prediction = np.random.default_rng(1).random(ROWS)
    costs = {"strong": {"threshold": THRESHOLD}}
    (age, sex) = found(table, decided=costs, prediction=prediction)["people"]
    rows = list(zip(table.fold, table.frame["sex"], table.frame["age"], table.y, prediction, strict=True))

    assert (age["threshold"], age["by_cost"]) == (sex["threshold"], sex["by_cost"]) == (THRESHOLD, True)
    assert [group["group"] for group in sex["groups"]] in (["f", "m"], ["m", "f"])
    spans = [[float(end) for end in group["group"].split(" to ")] for group in age["groups"]]
    assert len(spans) == 5
    for group, (low, high) in [*zip(age["groups"], spans, strict=True)]:
        inside = [(y, p) for fold, _, value, y, p in rows if fold < 0 and low <= value <= high]
        check_group(group, inside)
    for group in sex["groups"]:
        check_group(group, [(y, p) for fold, level, _, y, p in rows if fold < 0 and level == group["group"]])


def check_group(group: Facts, rows: list[tuple[float, float]]) -> None:
    """Hold the facts of a group against its rows: truth and prediction."""
    assert group["rows"] == len(rows)
    assert group["mean_prediction"] == pytest.approx(sum(p for _, p in rows) / len(rows))
    assert group["mean_error"] is None
    check_rate(group["flagged"], [p >= THRESHOLD for _, p in rows])
    check_rate(group["positives"], [y == 1 for y, _ in rows])
    check_rate(group["false_positive_rate"], [p >= THRESHOLD for y, p in rows if y == 0])
    check_rate(group["miss_rate"], [p < THRESHOLD for y, p in rows if y == 1])


def test_small_groups_are_counted_and_not_shown() -> None:
    """The sex of two in a hundred has too few test rows for a rate; its rows are counted."""
    table = people_table()
    sex = found(table)["people"][1]
    few = int(((table.frame["sex"] == "x") & (table.fold < 0)).sum())

    assert 0 < few < FEWEST_ROWS
    assert (sex["groups_not_shown"], sex["rows_not_shown"]) == (1, few)
    assert sum(group["rows"] for group in sex["groups"]) + few == int((table.fold < 0).sum())


def test_levels_beyond_the_commonest_are_counted() -> None:
    """Of twelve post codes ten are shown, and rows without a value are a group of their own."""
    table = people_table()
    rng = np.random.default_rng(2)
    codes = pd.Series(rng.choice([f"80{i:02}" for i in range(12)], ROWS), dtype="str").mask(rng.random(ROWS) < 0.1)
    (one,) = found(
        Table(
            table.frame.assign(zip=codes.astype("category"))[[*table.frame.columns[:4], "height", "zip"]], table.target
        )
    )["people"]

    assert len(one["groups"]) == 11
    assert one["groups"][-1]["group"] == "missing"
    assert one["groups_not_shown"] == 2
    assert sum(group["rows"] for group in one["groups"]) + one["rows_not_shown"] == int((table.fold < 0).sum())


def test_rates_of_nobody_are_null() -> None:
    """A group without positives has no miss rate, and one without negatives no false positive rate."""
    table = people_table()
    only = Table(table.frame.assign(y_true=np.where(table.frame["sex"] == "f", 1.0, 0.0)), table.target)
    groups = {group["group"]: group for group in found(only)["people"][1]["groups"]}

    assert groups["f"]["false_positive_rate"] is None
    assert groups["m"]["miss_rate"] is None
    assert groups["f"]["miss_rate"] == {
        "value": 0.0,
        "ci": [0.0, pytest.approx(0.0, abs=0.01)],
        "of": groups["f"]["rows"],
    }


def test_without_costs_the_threshold_is_one_half() -> None:
    """It is said that the project file gives none."""
    (age, _) = found(people_table())["people"]

    assert (age["threshold"], age["by_cost"]) == (0.5, False)


@pytest.mark.parametrize(("target", "metric"), [(Number(), "rmse"), (Count(), "poisson_deviance")])
def test_numbers_have_errors_and_no_decisions(target: Any, metric: str) -> None:  # noqa: ANN401 - kinds of target
    """The mean error is that of prediction less truth, row by row; its interval is about the one of the textbook."""
    table = people_table(target=target)
    prediction = np.abs(table.y) + np.random.default_rng(1).normal(size=ROWS) ** 2
    for one in found(table, metric, prediction=prediction)["people"]:
        assert (one["threshold"], one["by_cost"]) == (None, False)
        assert one["groups"]
        for group in one["groups"]:
            assert group["flagged"] is group["positives"] is group["miss_rate"] is group["false_positive_rate"] is None
        assert sum(g["rows"] * g["mean_prediction"] for g in one["groups"]) > 0
    group = next(g for g in one["groups"] if g["group"] == "f")
    rows = (table.frame["sex"] == "f").to_numpy() & (table.fold < 0)
    errors = [p - y for p, y, inside in zip(prediction, table.y, rows, strict=True) if inside]
    mean = sum(errors) / len(errors)
    reach = Z * sqrt(sum((e - mean) ** 2 for e in errors) / (len(errors) - 1) / len(errors))
    assert group["mean_error"]["value"] == pytest.approx(mean)
    assert group["mean_error"]["ci"] == pytest.approx([mean - reach, mean + reach], abs=0.2 * reach)


def test_errors_that_rows_share_make_wide_intervals() -> None:
    """Rows of one household have one error: the interval is that of the households' means, not of the rows."""
    table = people_table(target=Number())
    household = np.arange(ROWS) // 30
    shared = np.random.default_rng(1).normal(size=ROWS // 30)[household]
    (_, sex) = found(table, "rmse", prediction=table.y + shared)["people"]
    grouped = Table(table.frame.assign(group=household), table.target)
    (_, by_group) = found(grouped, "rmse", prediction=table.y + shared)["people"]
    plain, wide = (one["groups"][0]["mean_error"] for one in (sex, by_group))

    assert plain["value"] == wide["value"]
    assert np.ptp(wide["ci"]) > 1.8 * np.ptp(plain["ci"])  # about five of a household's ten test rows are of that sex


def test_several_classes_have_no_groups() -> None:
    """They have no positives and no direction of an error; what the score owes to the column is told."""
    table = people_table()
    y = (table.frame["age"] // 25).clip(0, 2).to_numpy(np.float64)
    y = np.unique(y, return_inverse=True)[1].astype(float)
    classes = Table(table.frame.assign(y_true=y), Classes.of(y))
    facts = found(classes, "log_loss", prediction=classes.target.one_hot(y))

    assert [(one["groups"], one["threshold"]) for one in facts["people"]] == [([], None)] * 2
    assert facts["people"][0]["without"]["ci"][0] > 0


def test_a_column_that_carries_the_signal_is_missed() -> None:
    """The age alone makes the target: without it the score is that of a constant, and the sex adds nothing."""
    facts = found(people_table("age"))
    age, sex = (one["without"] for one in facts["people"])

    assert [(one["feature"], one["attribute"], one["by"]) for one in facts["people"]] == [
        ("age", "age", "name"), ("sex", "sex", "name"),
    ]  # fmt: skip
    assert age["score_with"] > 0.8
    assert age["score_without"] == pytest.approx(0.5, abs=0.05)
    assert age["ci"][0] > 0.2
    assert age["gain"] == pytest.approx(age["score_with"] - age["score_without"])
    assert sex["score_with"] == age["score_with"]
    assert sex["ci"][1] < 0.01


def test_a_column_that_says_nothing_is_not_missed() -> None:
    """The height alone makes the target: neither age nor sex nor both bring anything."""
    facts = found(people_table("height"))
    losses = [*(one["without"] for one in facts["people"]), facts["people_together"]]

    assert facts["people_together"]["features"] == ["age", "sex"]
    assert all(one["ci"][0] <= 0 and one["gain"] < 0.01 and one["score_without"] > 0.8 for one in losses)


def test_columns_that_stand_in_for_each_other_are_missed_together() -> None:
    """A date of birth says what the age says: one of them is enough, without both the score falls."""
    table = people_table("age")
    born = -365.25 * (table.frame["age"] - 30)
    both = Table(
        table.frame.assign(**{"birth (days)": born, "birth (month)": 1.0 + table.frame["age"] % 12}), table.target
    )
    dates = [
        {"name": f"birth ({part})", "from": "birth_date", "kind": "numeric", "type": "date", "unit": unit}
        for part, unit in (("days", "days since 1970-01-01"), ("month", "month of the year"))
    ]
    facts = found(both, features=[*features("age", "height"), *dates])
    age, birth = facts["people"]

    assert (birth["feature"], birth["features"]) == ("birth_date", ["birth (days)", "birth (month)"])
    assert birth["attribute"] == "age"
    assert birth["groups"][0]["group"].startswith("1911-01-01 to ")
    assert max(age["without"]["gain"], birth["without"]["gain"]) < 0.02
    assert facts["people_together"]["ci"][0] > 0.2


def test_a_table_of_things_says_nothing() -> None:
    """No column looks so, neither by its name nor by what it holds: there is nothing to run."""
    table = people_table("height")
    things = Table(table.frame.drop(columns=["age", "sex"]).assign(mileage=table.frame["age"]), table.target)

    assert protected_columns(things, features(*things.features)) == []


def test_texts_say_nothing() -> None:
    """The number of characters of a religion is none."""
    table = people_table()
    lengths = Table(table.frame.assign(**{"religion (characters)": table.frame["age"]}), table.target)
    text = features("religion (characters)", **{"from": "religion", "type": "text"})

    assert protected_columns(lengths, text) == []


def test_only_the_first_columns_are_left_out_one_at_a_time() -> None:
    """Many of them cost many fits: those beyond the first are left out together with all others."""
    rng = np.random.default_rng(5)
    table = people_table("height", rows=900)
    names = ["race_white", "race_black", "race_asian", "race_hispanic", "race_other"]
    wide = Table(table.frame.assign(**{name: (rng.random(900) < 0.4) * 1.0 for name in names}), table.target)
    facts = found(wide, features=features(*names))

    assert [one["without"] is None for one in facts["people"]] == [i >= REFITTED for i in range(len(names))]
    assert facts["people_together"]["features"] == names


def test_nothing_may_be_left_without_them() -> None:
    """A table of nothing else: what is left is a constant."""
    table = people_table("age")
    alone = Table(table.frame.drop(columns=["sex", "height", "income"]), table.target)
    facts = found(alone)

    assert facts["people"][0]["without"]["score_without"] == 0.5
    assert facts["people_together"] is None
