"""Groups of rows on which the strong model is better, and on which it is worse than the baseline.

Found on one half of the training rows (out-of-fold), tested on the other, so that searching through many slices
cannot make one look good.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.experiments.experiment import Experiment, Given, of_labels
from pipelines.facts.eda import EdaFacts
from pipelines.facts.reflect.slices import Slice as SliceFacts
from pipelines.inference.bootstrap import replicates
from pipelines.inference.truth import Truth
from pipelines.inputs import Bin, Binning, counts_days, kind_of
from pipelines.ladder.alpha import ALPHA
from pipelines.ladder.gains import NO_GAIN, adjusted, paired_gains
from pipelines.ladder.study import Study
from pipelines.targets import Target

FEATURES = 20  # searched, those that say most about the target alone
PARTS = Binning(4, levels=8, rest="none")  # rare levels together would be no group that anyone could name
MIN_ROWS = 100  # of a slice in each half
MIN_CLASS = 20  # rows outside the commonest class in each half
TESTED = 3  # slices tested on either side
THOUSAND, LARGE = 1e3, 1e9  # between them numbers are written out, to the unit
QUICK = 25  # replicates while searching, where the standard error is the metric's own


@dataclass(frozen=True)
class Slice:
    """Some rows, in words and as a mask over the training rows."""

    where: str
    rows: np.ndarray


class Compared(NamedTuple):
    """The training rows' targets (rows,) and the two models' predictions, by name."""

    truth: Truth
    models: dict[str, np.ndarray]


def slice_facts(study: Study, predictions: Mapping[str, np.ndarray], eda: EdaFacts) -> list[SliceFacts]:
    """Return the slices whose difference held up, `{where, feature, rows, difference, ci, p_adjusted, better}`.

    `difference` is the strong model's gain over the baseline on the testing half, `rows` the slice's rows there,
    `better` "strong" or "baseline"; only those with Holm's p below 0.05 are returned, best for the strong model first.
    """
    table, metric, seed, submit = study.table, study.metric, study.seed, study.submit
    training = table.scored
    truth = Truth.of(table, training, metric, seed)
    base, strong = (predictions[name][training] for name in ("baseline", "strong"))
    compared = Compared(truth, {"baseline": base, "strong": strong})
    finding = _half(len(truth.y), truth.group, seed)
    alone = {column["name"]: column.get("score_alone") or 0.0 for column in eda["columns"]}
    days = {one["name"] for one in eda["columns"] if counts_days(one)}
    names = sorted(table.features, key=lambda name: (-alone.get(name, 0.0), name))[:FEATURES]
    pending = [
        submit(
            search, table.named.loc[training, name], name in days, compared, finding, table.target,
            name=f"slices: search {name}",
        )
        for name in names
    ]  # fmt: skip
    found = [(score, name, one) for name, part in zip(names, pending, strict=True) for score, one in part.result()]
    order = sorted(range(len(found)), key=lambda i: (-found[i][0], i))
    chosen = [i for i in order[:TESTED] if found[i][0] > 0] + [i for i in order[-TESTED:] if found[i][0] < 0]
    tested = [
        submit(
            paired_gains, truth.take(rows), {"baseline": base[rows], "strong": strong[rows]}, [("baseline", "strong")],
            name=f"slices: test {found[i][2].where}",
        )
        for i in chosen
        for rows in [found[i][2].rows & ~finding]
    ]  # fmt: skip
    gains = [one.result()[0] for one in tested]
    facts: list[SliceFacts] = [
        {
            "where": found[i][2].where, "feature": found[i][1], "rows": int((found[i][2].rows & ~finding).sum()),
            "difference": gain.value, "ci": list(gain.ci), "p_adjusted": p,
            "better": "strong" if gain.value > 0 else "baseline",
        }
        for i, gain, p in zip(chosen, gains, adjusted(gains, [gain != NO_GAIN for gain in gains]), strict=True)
        if p is not None and p < ALPHA
    ]  # fmt: skip
    return sorted(facts, key=lambda fact: (-fact["difference"], fact["where"]))


def search(
    column: pd.Series, days: bool, compared: Compared, finding: np.ndarray, target: Target
) -> list[tuple[float, Slice]]:
    """Return the slices of one feature with the strong model's gain there in standard errors, on the finding half.

    `days`: the feature counts days since 1970.
    """
    scored = []
    for one in _slices(column, days):
        if not all(_enough(compared.truth.y[one.rows & half], target) for half in (finding, ~finding)):
            continue
        rows = one.rows & finding
        on_rows = {name: values[rows] for name, values in compared.models.items()}
        scored.append((_deviate(compared.truth.take(rows), on_rows), one))
    return scored


def _deviate(truth: Truth, models: dict[str, np.ndarray]) -> float:
    if np.array_equal(models["baseline"], models["strong"]):
        return 0.0
    pair = ("baseline", "strong")
    gain = replicates(replace(truth, group=None), models, count=QUICK, pairs=[pair]).gain(*pair)
    return float(gain.value / gain.se) if np.isfinite(gain.value) and gain.se > 0 else 0.0


def _enough(y: np.ndarray, target: Target) -> bool:
    """Return whether there are rows enough, and enough outside the commonest class."""
    return len(y) >= MIN_ROWS and target.evidence(y) >= MIN_CLASS


def _slices(column: pd.Series, days: bool) -> Iterator[Slice]:
    """Yield a feature's slices: quartiles or frequent levels, and the rows without a value."""
    for one in kind_of(column).bins(column, PARTS):
        words = _between(one, days) if one.holds == "values" else one.label
        if words:
            yield Slice(f"{column.name} is {words}", one.rows)


def _between(one: Bin, days: bool) -> str:
    """Return which values a bin of numbers holds; nothing where it has no edge, since it holds all."""
    words = [] if one.above is None else [f"above {written(one.above, days)}"]
    words += [] if one.upto is None else [f"at most {written(one.upto, days)}"]
    if words and one.low is not None and one.low == one.high:
        return written(one.low, days)
    return " and ".join(words)


def written(value: float, days: bool) -> str:
    """Return a number with about four significant digits; of days since 1970, the date too."""
    if days:
        return f"{value:.7g} ({np.datetime64(int(np.floor(value)), 'D')})"
    return f"{value:.0f}" if THOUSAND <= abs(value) < LARGE else f"{value:.4g}"


def _half(rows: int, group: np.ndarray | None, seed: int) -> np.ndarray:
    """Return which rows the slices are found on: half of them, groups undivided."""
    rng = np.random.default_rng(seed)
    if group is None:
        return np.asarray(rng.permutation(rows) < rows // 2)
    _, unit = np.unique(group, return_inverse=True)
    return np.asarray((rng.permutation(int(unit.max()) + 1) < (unit.max() + 1) // 2)[unit])


def _run(given: Given) -> Mapping[str, object]:
    return {"slices": slice_facts(given.study, given.predictions, given.facts["eda"])}


SLICES = Experiment("slices", _run, applies=of_labels, otherwise={"slices": []}, early=True)
