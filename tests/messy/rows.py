"""Rows that belong together, or only seem to: natural repeats, few groups, things without a key, orders in time."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from messy.case import Case, Outcome, undoubted

Rng = np.random.Generator


def _event(score: np.ndarray, rng: Rng) -> np.ndarray:
    """Return 1 for rows drawn with odds that rise with their score, which is centred."""
    return (rng.random(len(score)) < 1 / (1 + np.exp(0.6 - (score - score.mean())))).astype(int)


# Natural repeats


def _answers(rng: Rng, rows: int, answers: list[int], together: float) -> pd.DataFrame:
    trait = np.sqrt(together) * rng.standard_normal((rows, 1))
    latent = trait + np.sqrt(1 - together) * rng.standard_normal((rows, len(answers)))
    places = np.argsort(np.argsort(latent, axis=0), axis=0)
    frame = pd.DataFrame({f"q{i}": 1 + places[:, i] * most // rows for i, most in enumerate(answers)})
    return frame.assign(agrees=_event(0.4 * frame.sum(axis=1).to_numpy(), rng))


def _experiment(rng: Rng, rows: int, **arms: int) -> pd.DataFrame:
    frame = pd.DataFrame({name: rng.choice([f"{name}{i}" for i in range(count)], rows) for name, count in arms.items()})
    first = next(iter(arms))
    return frame.assign(bought=_event(0.8 * (frame[first] == f"{first}1").to_numpy(float), rng))


def _copied(rng: Rng, rows: int, target: str) -> pd.DataFrame:
    """Return orders, a fifth of which were written twice."""
    amount = rng.gamma(2, 40, rows).round(2)
    town = rng.choice(["Bern", "Oslo"], rows)
    frame = pd.DataFrame({"amount": amount, "weight": rng.normal(5, 1, rows).round(3), "town": town})
    frame[target] = _event(0.02 * amount, rng)
    return pd.concat([frame, frame.iloc[: rows // 5]], ignore_index=True)


def _are_natural(outcome: Outcome) -> bool:
    repeats = outcome.draft.defined.facts["duplicates"].get("natural")
    return repeats is not None and not repeats["copied"]


def _are_copies(outcome: Outcome) -> bool:
    repeats = outcome.draft.defined.facts["duplicates"]
    return "natural" not in repeats and not repeats["across_split"]


def _repeats(name: str, target: str, faulty: Callable[[Rng], pd.DataFrame], rows: int = 1_500) -> Case:
    return Case(
        "natural repeats", name, faulty, _are_natural, lambda rng: _copied(rng, rows, target), _are_copies,
        flags={"target": target},
    )  # fmt: skip


REPEATS = [
    _repeats("a survey of five answers", "agrees", lambda rng: _answers(rng, 2_000, [5, 5, 5, 4], 0.0)),
    _repeats("a survey whose answers go together", "agrees", lambda rng: _answers(rng, 3_000, [5, 4, 3, 4], 0.5)),
    _repeats("a small survey", "agrees", lambda rng: _answers(rng, 400, [4, 3, 3], 0.2)),
    _repeats("ten questions of three answers", "agrees", lambda rng: _answers(rng, 2_500, [3] * 8, 0.5)),
    _repeats("two variants", "bought", lambda rng: _experiment(rng, 1_000, variant=2)),
    _repeats("two variants on three devices", "bought", lambda rng: _experiment(rng, 5_000, variant=2, device=3)),
    _repeats("three prices in four towns", "bought", lambda rng: _experiment(rng, 1_200, price=3, town=4, season=2)),
]


# Few groups


def _visits(rng: Rng, groups: int, each: int, *, uneven: bool = False) -> pd.DataFrame:
    sizes = rng.integers(each // 2, 2 * each, groups) if uneven else np.full(groups, each)
    site = np.repeat(np.arange(groups), sizes)
    score = rng.normal(size=len(site)).round(3)
    return pd.DataFrame({
        "site": [f"S{i}" for i in site], "score": score, "age": rng.integers(20, 90, len(site)),
        "back": _event(score + 0.5 * rng.standard_normal(groups)[site], rng),
    })  # fmt: skip


def _tests_on_groups(outcome: Outcome) -> bool:
    table = outcome.draft.defined.table
    assert table.group is not None
    tested = len(np.unique(table.group[table.fold < 0]))
    return tested >= 5 and all((table.fold == fold).any() for fold in range(5))


def _usual_share(outcome: Outcome) -> bool:
    return _tests_on_groups(outcome) and outcome.project.split.test == 0.2


def _groups(groups: int, each: int, *, uneven: bool = False) -> Case:
    return Case(
        "few groups", f"{groups} groups of {each}{', uneven' if uneven else ''}",
        lambda rng: _visits(rng, groups, each, uneven=uneven), _tests_on_groups,
        lambda rng: _visits(rng, 60, 40), _usual_share, flags={"target": "back", "group": "site"},
    )  # fmt: skip


def _refused(groups: int) -> Case:
    def names_a_way(outcome: Outcome) -> bool:
        said = str(outcome.error)
        return outcome.error is not None and "--group" in said and "split." not in said

    return Case(
        "few groups", f"{groups} groups, too few", lambda rng: _visits(rng, groups, 80), names_a_way,
        lambda rng: _visits(rng, 60, 40), _usual_share, flags={"target": "back", "group": "site"},
    )  # fmt: skip


GROUPS = [_groups(10, 200), _groups(11, 150), _groups(14, 60), _groups(18, 90, uneven=True), _refused(6), _refused(1)]


# Things without a key


def _of_things(
    rng: Rng, things: int, each: int, slow: Callable[[int], dict[str, np.ndarray]], *, apart: bool, key: str | None
) -> pd.DataFrame:
    """Return rows of things, or where `apart` as many rows each with values of its own, and an outcome."""
    thing = np.arange(things * each) if apart else rng.permutation(np.repeat(np.arange(things), each))
    count = int(thing.max()) + 1
    stays = {name: values[thing] for name, values in slow(count).items()}
    changes = rng.normal(70, 9, len(thing)).round(1)
    frame = pd.DataFrame(stays | {"measured": changes, "load": rng.random(len(thing)).round(3)})
    effect = 2.0 * rng.standard_normal(count)[thing]
    if key is not None:
        frame[key] = [f"{key}-{number:05d}" for number in rng.permutation(99_999)[:count][thing]]
    return frame.assign(fails=_event(effect + 0.05 * (changes - 70), rng))


def _one_thing(outcome: Outcome) -> bool:
    return any(one["kind"] == "rows of one thing" for one in outcome.doubts)


def _things(
    name: str, things: int, each: int, slow: Callable[[Rng, int], dict[str, np.ndarray]], key: str | None = None
) -> Case:
    def make(rng: Rng, *, apart: bool) -> pd.DataFrame:
        return _of_things(rng, things, each, lambda count: slow(rng, count), apart=apart, key=key)

    def right(outcome: Outcome) -> bool:
        ways = [one["decide"] for one in outcome.doubts if one["kind"] == "rows of one thing"]
        return bool(ways) and (key is None or f"--group '{key}'" in ways[0])

    return Case(
        "rows of one thing", name, lambda rng: make(rng, apart=False), right, lambda rng: make(rng, apart=True),
        lambda outcome: not _one_thing(outcome) and undoubted(outcome),
        flags={"target": "fails"} | ({"drop": (key,)} if key else {}),
    )  # fmt: skip


THINGS = [
    _things("patients", 300, 8, lambda rng, n: {
        "age": rng.integers(18, 88, n), "height": rng.normal(170, 9, n).round(1),
        "marker": rng.gamma(4, 1, n).round(2)}),
    _things("patients, their key dropped", 250, 9, lambda rng, n: {
        "age": rng.integers(18, 88, n), "height": rng.normal(170, 9, n).round(1)}, key="patient"),
    _things("meters, their key dropped", 150, 15, lambda rng, n: {
        "area": rng.normal(120, 40, n).round(), "built": rng.integers(1900, 2020, n),
        "north": rng.normal(47, 1, n).round(3)}, key="meter"),
    _things("shops", 120, 20, lambda rng, n: {
        "area": rng.normal(900, 250, n).round(), "km_to_centre": rng.gamma(2, 3, n).round(1)}),
    _things("machines", 80, 25, lambda rng, n: {
        "bought_for": rng.gamma(3, 9_000, n).round(-1), "rpm": rng.normal(4_000, 300, n).round()}),
    _things("pupils, unrounded", 250, 6, lambda rng, n: {
        "iq": rng.normal(100, 15, n), "income_at_home": rng.lognormal(8, 0.4, n)}),
    _things("customers, four rows each", 600, 4, lambda rng, n: {
        "born_in": rng.integers(1940, 2005, n), "floor_area": rng.normal(80, 25, n).round(1),
        "distance": rng.gamma(2, 4, n).round(1)}),
]  # fmt: skip


# Orders


def _series(rng: Rng, rows: int, clock: Callable[[Rng, int], np.ndarray] | None, *, slow: bool) -> pd.DataFrame:
    """Return series and a price over time, slow or of independent values, in the order of time only without a clock."""

    def one(step: float) -> np.ndarray:
        values = rng.normal(0, step, rows)
        return (np.cumsum(values) if slow else 20 * values).round(3)

    columns = {} if clock is None else {"stamp": clock(rng, rows)}
    frame = pd.DataFrame(columns | {"wind": one(0.1), "load": one(0.2), "gas": one(0.1), "price": 50 + one(0.4)})
    return frame if clock is None else frame.iloc[rng.permutation(rows)]


def _in_order(name: str, rows: int, clock: Callable[[Rng, int], np.ndarray] | None) -> Case:
    def right(outcome: Outcome) -> bool:
        doubts = [one for one in outcome.doubts if one["kind"] == "rows in an order"]
        column = None if clock is None else "stamp"
        way = bool(doubts) and doubts[0]["column"] == column and "--time" in doubts[0]["decide"]
        return way and not outcome.doubted(column, "dropped")  # which would say --keep

    def clean(outcome: Outcome) -> bool:
        return outcome.error is None and not any(one["kind"] == "rows in an order" for one in outcome.doubts)

    return Case(
        "rows in an order", name, lambda rng: _series(rng, rows, clock, slow=True), right,
        lambda rng: _series(rng, rows, clock, slow=False), clean, flags={"target": "price", "task": "regression"},
    )  # fmt: skip


def _hourly(_: Rng, rows: int) -> np.ndarray:
    return 1_704_067_200 + 3_600 * np.arange(rows)


def _irregular(rng: Rng, rows: int) -> np.ndarray:
    return 1_600_000_000_000 + np.sort(rng.integers(0, 10**10, rows))


def _days(_: Rng, rows: int) -> np.ndarray:
    return pd.date_range("2018-03-01", periods=rows, freq="D").strftime("%Y-%m-%d").to_numpy()


def _steps(_: Rng, rows: int) -> np.ndarray:
    return np.arange(rows) * 5


ORDERS = [
    _in_order("seconds, hourly", 2_000, _hourly), _in_order("thousandths", 1_500, _irregular),
    _in_order("days", 1_200, _days), _in_order("a running number", 2_500, _steps), _in_order("the file", 2_000, None),
    _in_order("a number of the rows", 1_800, lambda _, rows: np.arange(1, rows + 1)),
]  # fmt: skip

CASES = [*REPEATS, *GROUPS, *THINGS, *ORDERS]
