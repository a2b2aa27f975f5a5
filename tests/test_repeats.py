"""Natural repeats and copies, told apart: by hand, in simulated surveys, and in tables with rows copied into them."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pipelines.duplicates import identical_features, kept_together
from pipelines.repeats import natural_repeats

SEEDS = range(5)
Rng = np.random.Generator


def judged(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows repeat others, and which of them are natural repeats."""
    features = {str(name): frame[name] for name in frame.columns}
    same = identical_features(features, len(frame))
    return np.bincount(same)[same] > 1, natural_repeats(features, same)


def survey(rng: Rng, rows: int, questions: int, answers: int, together: float) -> pd.DataFrame:
    """Return answers in equal shares, all moved by one hidden trait that has such a part in each."""
    trait = np.sqrt(together) * rng.standard_normal((rows, 1))
    latent = trait + np.sqrt(1 - together) * rng.standard_normal((rows, questions))
    places = np.argsort(np.argsort(latent, axis=0), axis=0)
    return pd.DataFrame(places * answers // rows, columns=[f"q{i}" for i in range(questions)])


def measured(rng: Rng, rows: int) -> pd.DataFrame:
    """Return rows with two measurements, an age and a level."""
    return pd.DataFrame({
        "a": rng.normal(size=rows).round(2), "age": rng.integers(18, 80, rows),
        "level": rng.choice(list("xyz"), rows), "d": rng.gamma(2, 10, rows).round(1),
    })  # fmt: skip


def stacked(frame: pd.DataFrame, rows: int, times: int) -> pd.DataFrame:
    """Return the frame with its first rows copied so many times."""
    return pd.concat([frame, *[frame.iloc[:rows]] * times], ignore_index=True)


def experiment(rng: Rng, rows: int = 2_000) -> pd.DataFrame:
    """Return two variants on three devices."""
    return pd.DataFrame({"variant": rng.choice(["A", "B"], rows), "device": rng.choice(["p", "d", "t"], rows)})


NATURAL: dict[str, Callable[[Rng], pd.DataFrame]] = {
    "independent answers": lambda rng: survey(rng, 2_000, 6, 5, 0.0),
    "answers that go together": lambda rng: survey(rng, 2_000, 6, 5, 0.5),
    "yes or no": lambda rng: survey(rng, 1_000, 12, 2, 0.3),
    "few questions": lambda rng: survey(rng, 3_000, 4, 4, 0.5),
    "few rows": lambda rng: survey(rng, 500, 4, 8, 0.0),
    "two columns": experiment,
    "one column": lambda rng: experiment(rng)[["device"]],
    "a column twice": lambda rng: experiment(rng).pipe(lambda frame: frame.assign(again=frame["variant"] == "A")),
    "dummies": lambda rng: pd.get_dummies(experiment(rng)).astype(int),
    "mostly zero": lambda rng: pd.DataFrame(np.where(rng.random((2_000, 6)) < 0.8, 0, rng.poisson(2, (2_000, 6)))),
    "amounts or nothing": lambda rng: pd.DataFrame(
        np.where(rng.random((2_000, 5)) < 0.8, 0, rng.gamma(2, 100, (2_000, 5)).round(2))
    ),
    "with gaps": lambda rng: survey(rng, 2_000, 5, 4, 0.3).where(rng.random((2_000, 5)) < 0.8),
}
COPIED: dict[str, Callable[[Rng], pd.DataFrame]] = {
    "a tenth copied": lambda rng: stacked(measured(rng, 2_000), 200, 1),
    "all twice": lambda rng: stacked(measured(rng, 1_000), 1_000, 1),
    "all eight times": lambda rng: stacked(measured(rng, 300), 300, 7),
    "a rare class drawn tenfold": lambda rng: stacked(measured(rng, 2_000), 150, 9),
    "a coarse table twice": lambda rng: stacked(survey(rng, 2_000, 6, 6, 0.0), 2_000, 1),
    "one measurement twice": lambda rng: stacked(measured(rng, 1_000)[["a", "d"]].sum(axis=1).to_frame(), 1_000, 1),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NATURAL)
def test_few_values_repeat_by_chance(name: str, seed: int) -> None:
    """Every repeated row of a table whose rows were drawn one by one is a natural repeat."""
    repeated, natural = judged(NATURAL[name](np.random.default_rng(seed)))
    assert repeated.mean() > 0.05
    assert np.array_equal(natural, repeated)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", COPIED)
def test_copies_are_no_natural_repeats(name: str, seed: int) -> None:
    """Of rows that were copied, hardly one is taken for a natural repeat."""
    repeated, natural = judged(COPIED[name](np.random.default_rng(seed)))
    assert repeated.mean() > 0.05
    assert natural.mean() < 0.01


def test_both_in_one_table() -> None:
    """Two thirds of the rows are all zero, a tenth of the others was copied: each is known for what it is."""
    rng = np.random.default_rng(0)
    amounts = np.where(rng.random((3_000, 4)) < 0.1, rng.gamma(2, 100, (3_000, 4)).round(2), 0)
    spent = pd.DataFrame(amounts, columns=list("abcd"))
    full = pd.DataFrame(rng.gamma(2, 100, (300, 4)).round(2), columns=list("abcd"))
    frame = pd.concat([spent, full, full], ignore_index=True)
    repeated, natural = judged(frame)
    assert repeated[3_000:].all()
    assert not natural[3_000:].any()
    zero = (frame == 0).all(axis=1).to_numpy()
    assert natural[zero].all()
    units, facts = kept_together({name: frame[name] for name in "abcd"}, identical_features(dict(frame), len(frame)))
    assert facts is not None
    assert facts["copied"] >= 600
    assert np.array_equal(units[3_000:3_300], units[3_300:])
    assert len(set(units[zero])) == zero.sum()


def test_few_repeats_stay_together_whatever_they_are() -> None:
    """Where fewer than one row in twenty repeats another, units are the rows with equal features, as counted."""
    frame = survey(np.random.default_rng(0), 300, 6, 6, 0.0)
    features = {str(name): frame[name] for name in frame.columns}
    same = identical_features(features, len(frame))
    assert 0 < (np.bincount(same)[same] > 1).mean() < 0.05
    units, facts = kept_together(features, same)
    assert facts is None
    assert np.array_equal(units, same)
