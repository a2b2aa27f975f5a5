"""Whole numbers that are names: neighbours are no more alike than any two of them, as with codes of states or shops."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.errors import quote
from pipelines.core.keys import RESERVED
from pipelines.doubts.doubt import Doubting, Reading
from pipelines.facts.define import Doubt
from pipelines.inputs import NUMERIC, Category, Integer, Number, holds_numbers, is_category
from pipelines.inputs.worded import holds_texts

FEWEST_LEVELS = 7  # of fewer numbers an order cannot be distinguished from chance
MOST_LEVELS = 1_000
ONE_IN = 12  # so many numbers, beside the first, one more may be special
FEWEST_ROWS = 5  # of a number, to have a mean
RARELY = 1e-6  # chance by which numbers without an effect would differ so much
# Of what neighbours of no order differ by, from which they are not alike: at least, of fewer than MANY_LEVELS numbers.
DIFFERENCE, OF_FEW, MANY_LEVELS = 0.4, 0.5, 10
BY_CHANCE = 0.005  # share of random orders that bring neighbours closer, from which the numbers' own is no better
ABOVE_NOISE = 1.0  # variance of the numbers' effects, in units of that of their means by chance
TELLING = 0.03  # share of a variance that the numbers explain, below which nothing is lost
CROWDED = 0.15  # of the range, that half of the different numbers lie within: then they are amounts with a long tail
MORE, FEWER = 1.5, 0.6  # pairs with another column, by the numbers and by what chance gives: rows are of fewer things
YEARS = (1800, 2200)
OF_TIME = re.compile(
    r"(?i:(^|[^a-z])(year|yr|quarter|month|week|weekday|day|dow|hour|hr|minute|time|date)s?($|[^a-z]))"
)
ORDERS = 999  # random orders tried
MOST_ROWS = 20_000
SEED = 7
MOST_MEASURES = 12  # columns that show whether a target's numbers have an order


@dataclass(frozen=True)
class Disorder:
    """How much the mean of a measure differs between numbers, and between neighbours among them."""

    levels: int
    explained: float  # share of the measure's variance, less what chance explains
    chance: float  # of so large differences, if there were none: the F test of one-way analysis of variance
    neighbours: float  # squared difference of neighbours by that of any two numbers, both without noise: 1 if no order
    closer: float  # share of random orders in which neighbours are at least as close

    @property
    def strong(self) -> bool:
        """Whether the numbers predict something of the measure, beyond doubt."""
        return self.chance < RARELY and self.explained >= TELLING

    @property
    def orderless(self) -> bool:
        """Whether neighbours are as different as any two numbers."""
        least = OF_FEW if self.levels < MANY_LEVELS else DIFFERENCE
        return self.neighbours >= least and self.closer > BY_CHANCE


def measure_disorder(numbers: np.ndarray, measure: np.ndarray) -> Disorder | None:
    """Return how a measure, without gaps, differs between whole numbers; None where there is too little to decide.

    The numbers that stand out most do not count: a value or two of an amount may be special, as 0 is.

    Assumes rows independent of each other. The ratio of neighbours' differences is von Neumann's (1941, Annals of
    Mathematical Statistics 12, 367-395), less the variance that the means have by chance; its null distribution is that
    of random orders.
    """
    from scipy.special import fdtrc  # that of scipy.stats, whose import takes as long as drafting a small table

    _, places, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    often = counts >= FEWEST_ROWS
    if not FEWEST_LEVELS < often.sum() <= MOST_LEVELS or counts[often].sum() < len(numbers) / 2:
        return None
    sums = np.bincount(places, measure - measure.mean())
    special = 1 + int(often.sum()) // ONE_IN
    often[np.argsort(np.where(often, -(sums**2) / counts, 1), kind="stable")[:special]] = False
    kept = often[places]
    groups, y = (np.cumsum(often) - 1)[places[kept]], measure[kept]
    counts, levels, rows = counts[often], int(often.sum()), int(kept.sum())
    if levels < FEWEST_LEVELS:
        return None
    total = float(((y - y.mean()) ** 2).sum())
    means = np.bincount(groups, y) / counts
    within = float(((y - means[groups]) ** 2).sum())
    if rows <= levels or total <= 0 or within <= 1e-12 * total:
        return None
    noise = within / (rows - levels)
    between = (total - within) / (levels - 1)
    by_chance = noise * float((1 / counts).mean())
    effects = float(means.var(ddof=1)) - by_chance
    if effects < ABOVE_NOISE * by_chance:
        return None
    rng = np.random.default_rng(SEED)
    orders = np.argsort(rng.random((ORDERS, levels)), axis=1, kind="stable")
    own = _neighbours(means[None], counts[None], noise)[0]
    random = _neighbours(means[orders], counts[orders], noise)
    return Disorder(
        levels=levels + special,
        explained=max(0.0, 1 - noise * (rows - 1) / total),
        chance=float(fdtrc(levels - 1, rows - levels, max(between, 0.0) / noise)),
        neighbours=float(own / (2 * effects)),
        closer=float((1 + (random <= own).sum()) / (ORDERS + 1)),
    )


def _neighbours(means: np.ndarray, counts: np.ndarray, noise: float) -> np.ndarray:
    """Return the mean squared difference of neighbours, without what chance adds, of each order (orders, levels)."""
    added = noise * (1 / counts[:, 1:] + 1 / counts[:, :-1])
    return np.asarray((np.diff(means, axis=1) ** 2 - added).mean(axis=1))


def _find(reading: Reading) -> list[Doubt]:
    """Return a doubt for each column of whole numbers, the target too, that seem to be names."""
    frame = reading.train.frame
    rows = np.random.default_rng(SEED).permutation(len(frame))
    if "group" in frame:  # rows of a group are not independent: one of each
        rows = rows[np.unique(frame["group"].to_numpy()[rows], return_index=True)[1]]
    rows = rows[:MOST_ROWS]
    frame, y = frame.iloc[rows], reading.train.y[rows]
    found = [doubt for name in _whole(reading, frame) if (doubt := _feature(name, frame, y, reading)) is not None]
    target = _target(reading, frame)
    return found if target is None else [target, *found]


def _whole(reading: Reading, frame: pd.DataFrame) -> Iterator[str]:
    """Yield the features that are whole numbers, by their declaration amounts."""
    for name, column in reading.project.columns.declared.items():
        if name in frame.columns and column.type in (Integer.name, Number.name) and column.unit is None:
            values = frame[name].dropna()
            if len(values) and bool((values % 1 == 0).all()) and not _of_time(name, values):
                yield name


def _of_time(name: str, values: pd.Series) -> bool:
    """Return whether the numbers are years, or by their name parts of time: each may have had its own weather."""
    return bool(OF_TIME.search(name)) or bool(values.between(*YEARS).all())


def _feature(name: str, frame: pd.DataFrame, y: np.ndarray, reading: Reading) -> Doubt | None:
    """Return the doubt of one feature, by how the target differs between its numbers."""
    numbers = frame[name].to_numpy(np.float64)
    known = ~np.isnan(numbers)
    if _skewed(numbers[known]) or _repeats_with_others(numbers, frame, but=name):
        return None
    measures = [y] if reading.train.target.outputs == 1 else [y == one for one in _commonest(y)]
    pairs = [(numbers[known], np.asarray(one, np.float64)[known]) for one in measures]
    found = _without_order(pairs, least=(len(pairs) + 1) // 2)
    if found is None:
        return None
    return {
        "kind": CODES.name,
        "column": name,
        "found": f"the target differs between {found.levels} whole numbers of {quote(name)}, and between neighbours as "
        f"much as between any two ({100 * found.explained:.0f} % of its variance): they may be codes",
        "done": "used as an amount",
        "decide": f'`type = "{Category.name}"` for {quote(name)} in [columns]; name it in `sure` if it is an amount',
        "weight": float(min(0.9, 0.3 + found.explained)),
    }


def _target(reading: Reading, frame: pd.DataFrame) -> Doubt | None:
    """Return the doubt of a target of whole numbers, by how the features differ between them."""
    problem, target = reading.project.problem, reading.train.target
    values = reading.raw[problem.target].iloc[frame["row_id"]]
    if "probabilities" in target.can or not holds_numbers(values):
        return None
    numbers = values.to_numpy(np.float64)
    if not bool((numbers % 1 == 0).all()) or _skewed(numbers) or _repeats_with_others(numbers, frame):
        return None
    found = _without_order([(numbers[known], measure) for known, measure in _measures(frame)])
    if found is None:
        return None
    return {
        "kind": CODES.name,
        "column": problem.target,
        "found": f"rows of neighbouring numbers of the target are no more alike than those of any two of its "
        f"{found.levels}: they may be codes of classes",
        "done": f"predicted as an amount ({problem.task})",
        "decide": f'`--task multiclass`, or `task = "multiclass"` and `type = "{Category.name}"` for '
        f"{quote(problem.target)}; name it in `sure` if it is an amount",
        "weight": 0.95,
    }


def _without_order(pairs: Sequence[tuple[np.ndarray, np.ndarray]], least: int = 1) -> Disorder | None:
    """Return the strongest disorder of (numbers, measure), where most measures that show something see no order.

    At least `least` measures have to show something.
    """
    tested = [measure_disorder(numbers, measure) for numbers, measure in pairs]
    strong = sorted((one for one in tested if one is not None and one.strong), key=lambda one: -one.explained)
    if len(strong) < least or not np.median([one.neighbours for one in strong]) >= DIFFERENCE:
        return None
    return strong[0] if sum(one.orderless for one in strong) > len(strong) / 2 else None


def _repeats_with_others(values: np.ndarray, frame: pd.DataFrame, but: str = "") -> bool:
    """Return whether rows are of fewer things than there are rows, so that numbers differ by the things they hold.

    Then far fewer pairs of the number and another column occur than if one of them were shuffled, yet more than there
    are numbers: a patient's age and height, not a shop and its size.
    """
    rng = np.random.default_rng(SEED)
    numbers = pd.factorize(values)[0]
    levels = int(numbers.max()) + 1
    for other in _features(frame, but):
        codes = pd.factorize(frame[other])[0]
        if codes.max() < FEWEST_LEVELS:
            continue
        pairs, shuffled = (_pairs(numbers, one) for one in (codes, rng.permutation(codes)))
        if levels * MORE < pairs < FEWER * shuffled:
            return True
    return False


def _pairs(one: np.ndarray, other: np.ndarray) -> int:
    """Return how many different pairs there are."""
    return len(np.unique(one.astype(np.int64) * (int(other.max()) + 2) + other))


def _features(frame: pd.DataFrame, but: str = "") -> list[str]:
    """Return the first features, and the group where there is one; texts are no features."""
    hidden = ("row_id", "split", "fold", "y_true", but)
    return [name for name in frame.columns if name not in hidden and not holds_texts(frame[name])][:MOST_MEASURES]


def _skewed(numbers: np.ndarray) -> bool:
    """Return whether the numbers crowd at one end, as amounts do and codes do not."""
    distinct, counts = np.unique(numbers, return_counts=True)
    middle, span = float(np.median(distinct)), float(np.ptp(distinct))
    return bool(len(distinct) < 2 or middle - distinct[0] < CROWDED * span or counts[0] > len(numbers) / 2)  # noqa: PLR2004 - a constant


def _measures(frame: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield what features say of rows: (rows that hold a value, values), of labels whether a row has the commonest."""
    names = [name for name in frame.columns if name not in RESERVED and not holds_texts(frame[name])]
    for name in names[:MOST_MEASURES]:
        column = frame[name]
        known = column.notna().to_numpy()
        if known.sum() < FEWEST_LEVELS * FEWEST_ROWS:
            continue
        if is_category(column):
            yield known, (column == column.value_counts().index[0]).to_numpy(np.float64)[known]
        elif NUMERIC.holds(column.dtype):
            values = column.to_numpy(np.float64)[known]
            yield known, pd.Series(values).rank().to_numpy()  # so that no outlier decides


def _commonest(y: np.ndarray) -> np.ndarray:
    classes, counts = np.unique(y, return_counts=True)
    return classes[np.argsort(-counts, kind="stable")[:5]]


CODES = Doubting("codes", _find, unless=("rows of one thing", "rows in an order"))
