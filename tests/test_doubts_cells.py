"""Doubts about cells: which numbers stand for no value, which are codes, and when a doubt is gone."""

from collections.abc import Callable

import numpy as np
import pytest
from messy.case import Case
from messy.cells import CASES
from scipy.stats import f_oneway

from flows.commands.check import rehearse
from pipelines.core.project import Project
from pipelines.doubts.codes import Disorder, measure_disorder
from pipelines.doubts.numbers_for_none import find_numbers_for_none

ROWS = 2_500
Draw = Callable[[np.random.Generator], np.ndarray]
GAPS: list[tuple[float, float, Draw]] = [  # the code, its share, the amounts that it stands among
    (999, 0.05, lambda rng: rng.integers(18, 90, ROWS)),
    (9999, 0.03, lambda rng: rng.gamma(2, 300, ROWS).round()),
    (-999, 0.03, lambda rng: rng.gamma(2, 300, ROWS).round(2)),
    (-9999, 0.01, lambda rng: rng.normal(5, 10, ROWS).round(1)),
    (-99, 0.02, lambda rng: rng.poisson(3, ROWS)),
    (-1, 0.1, lambda rng: rng.integers(0, 365, ROWS)),
    (-1, 0.05, lambda rng: rng.gamma(2, 30, ROWS).round(1)),
    (99, 0.05, lambda rng: rng.integers(18, 80, ROWS)),
    (99, 0.05, lambda rng: rng.integers(0, 11, ROWS)),
    (999.9, 0.02, lambda rng: rng.normal(20, 5, ROWS).round(1)),
    (888, 0.02, lambda rng: rng.integers(18, 90, ROWS)),
]
AMOUNTS: dict[str, Draw] = {
    "up to 9999": lambda rng: rng.integers(0, 10_000, ROWS),
    "capped at 9999": lambda rng: np.minimum(rng.gamma(2, 3_000, ROWS).round(), 9999),
    "ages up to 99": lambda rng: np.minimum(rng.gamma(9, 6, ROWS).round(), 99),
    "per cent up to 99": lambda rng: np.clip(rng.normal(95, 3, ROWS).round(), 0, 99),
    "moods": lambda rng: rng.integers(-1, 2, ROWS),
    "floors from -1": lambda rng: rng.integers(-1, 30, ROWS),
    "differences": lambda rng: rng.normal(0, 5, ROWS).round(),
    "prices": lambda rng: rng.choice([99, 199, 499, 999, 1999, 4999, 9999], ROWS),
    "prices with cents": lambda rng: rng.choice([9.99, 19.99, 99.99, 999.99], ROWS),
    "sizes": lambda rng: rng.choice([7, 77, 88, 99], ROWS),
    "marks": lambda rng: rng.integers(1, 10, ROWS),
    "long tail": lambda rng: rng.lognormal(3, 2, ROWS).round(),
    "never called": lambda rng: np.where(rng.random(ROWS) < 0.8, -1, rng.integers(1, 400, ROWS)),
    "one outlier": lambda rng: np.append(rng.integers(18, 90, ROWS - 1), 999),
}


@pytest.mark.parametrize(("code", "share", "draw"), GAPS)
@pytest.mark.parametrize("seed", [1, 2])
def test_numbers_apart_from_the_others_stand_for_none(code: float, share: float, draw: Draw, seed: int) -> None:
    """The code is found, and nothing beside it, with the rows that hold it."""
    rng = np.random.default_rng(seed)
    values = draw(rng).astype(np.float64)
    values[rng.permutation(ROWS)[: round(share * ROWS)]] = code

    assert find_numbers_for_none(values, None) == [(code, round(share * ROWS))]


@pytest.mark.parametrize("draw", AMOUNTS.values(), ids=AMOUNTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_amounts_are_no_codes(draw: Draw, seed: int) -> None:
    """Amounts that really reach 9999 or -1, prices and single outliers stand for themselves."""
    assert find_numbers_for_none(draw(np.random.default_rng(seed)).astype(np.float64), None) == []


def test_an_amount_that_carries_on_is_no_code() -> None:
    """99999 is the amount of those with most, where the target rises further there; a gap, where it does not."""
    rng = np.random.default_rng(4)
    values = np.minimum(rng.lognormal(8, 0.8, ROWS).round(), 40_000)
    values[rng.permutation(ROWS)[:50]] = 99_999

    assert find_numbers_for_none(values, (values > 15_000).astype(np.float64)) == []
    assert find_numbers_for_none(values, rng.integers(0, 2, ROWS).astype(np.float64)) == [(99_999, 50)]


def test_the_survey_codes_97_to_99_go_together() -> None:
    """Refused, not known and not asked are three codes beside each other."""
    rng = np.random.default_rng(5)
    values = rng.integers(1, 6, ROWS).astype(np.float64)
    values[:90] = np.repeat([97, 98, 99], 30)

    assert find_numbers_for_none(values, None) == [(97, 30), (98, 30), (99, 30)]


def _codes(effects: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers and a measure that each shifts by its effect."""
    numbers = rng.integers(0, len(effects), ROWS)
    return numbers.astype(np.float64), effects[numbers] + rng.normal(size=ROWS)


def test_disorder_is_what_analysis_of_variance_says() -> None:
    """The chance is scipy's F test of the groups, but for the two numbers that stand out most of fourteen."""
    rng = np.random.default_rng(6)
    effects = np.append(rng.permutation(np.linspace(-0.5, 0.5, 12)), [9.0, -7.0])
    numbers, measure = _codes(effects, rng)

    found = measure_disorder(numbers, measure)

    groups = [measure[numbers == number] for number in range(12)]
    assert found is not None
    assert found.levels == 14
    assert found.chance == pytest.approx(f_oneway(*groups).pvalue, rel=1e-6)


def _ordered_and_not(levels: int, seed: int) -> tuple[Disorder | None, Disorder | None]:
    """Return the disorder of rising effects, and of the same effects drawn in any order."""
    rng = np.random.default_rng(seed)
    effects = rng.normal(size=levels)
    rising, drawn = _codes(np.sort(effects), rng), _codes(effects, rng)
    return measure_disorder(*rising), measure_disorder(*drawn)


@pytest.mark.parametrize("levels", [14, 30, 50])
def test_neighbours_of_codes_differ_as_any_two(levels: int) -> None:
    """The ratio is near 1 for codes and near 0 for amounts: nearly all codes are found, and no amount is."""
    pairs = [_ordered_and_not(levels, seed) for seed in range(60)]

    assert all(one is not None and one.strong and not one.orderless for one, _ in pairs)
    assert sum(one is not None and one.strong and one.orderless for _, one in pairs) >= 0.9 * len(pairs)
    assert np.mean([one.neighbours for _, one in pairs if one is not None]) == pytest.approx(1, abs=0.12)


@pytest.mark.parametrize("levels", [8, 20, 100])
def test_noise_has_no_disorder(levels: int) -> None:
    """Numbers that say nothing of the measure are left alone."""
    found = [measure_disorder(*_codes(np.zeros(levels), np.random.default_rng(seed))) for seed in range(60)]

    assert not any(one is not None and one.strong for one in found)


SHAPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "line": lambda u: 3 * u, "valley": lambda u: 16 * (u - 0.5) ** 2, "step": lambda u: 3.0 * (u > 0.4),
    "wave": lambda u: 2 * np.sin(6 * u), "nought is special": lambda u: 3.0 * (u == 0),
    "a band": lambda u: 3.0 * ((u > 0.4) & (u < 0.5)),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("levels", [8, 12, 24, 50])
def test_shapes_of_amounts_are_no_disorder(shape: Callable[[np.ndarray], np.ndarray], levels: int) -> None:
    """Whatever the shape, neighbouring amounts are alike, but for one or two special ones."""
    effects = shape(np.arange(levels) / levels)
    found = [measure_disorder(*_codes(effects, np.random.default_rng(seed))) for seed in range(20)]

    assert not any(one is not None and one.strong and one.orderless for one in found)


DOUBTED = ["99 among ratings", "shop, 14 codes", "grams and kilograms", "two decimal marks", "unknown in guilty"]


@pytest.mark.parametrize("name", DOUBTED)
def test_a_doubt_is_gone_once_the_project_file_is_sure(name: str) -> None:
    """The doubt stands with its evidence and a way to decide, until the column is named in `sure`."""
    case: Case = next(case for case in CASES if case.name.startswith(name))
    drafted = case.outcome(case.faulty(np.random.default_rng(0))).draft
    doubts = drafted.defined.facts["doubts"]
    columns = [str(doubt["column"]) for doubt in doubts]
    assert columns
    assert all(doubt["found"] and doubt["done"] and doubt["decide"] for doubt in doubts)

    sure = drafted.project.columns.model_copy(update={"sure": tuple(columns)})
    project: Project = drafted.project.model_copy(update={"columns": sure})

    assert rehearse(drafted.raw, project, "0" * 64).facts["doubts"] == []
