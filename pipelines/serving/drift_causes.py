"""What the causes of step 7 rest on, and whether it still occurs in what is served.

A cause that mattered is a statement about the data: some values were codes, a feature had a heavy tail, values were
missing. Where that no longer occurs, the reason why the strong model is better no longer holds, and a score need not
show it: 225 rows with codes among 120,000 hardly move one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from scipy.special import betainccinv, betaincinv

from pipelines.facts.reflect import ReflectFacts
from pipelines.facts.steps import Facts
from pipelines.inputs import LEVELLED
from pipelines.metrics.prepared import Integers
from pipelines.serving.drift_bins import Bins

HOLDS = 0.5  # of its share among the training rows: what occurs more rarely than that no longer carries a cause
UNSEEN = 0.1  # share of rows whose level no training row has: more, and the levels' effects are not those learned
MOST_PARTS = 3  # features of a cause that are watched
MANY_LEVELS = 10  # a category with fewer is encoded in one way
CODES, SCALE, MISSINGNESS, ENCODING = "codes", "scale", "missingness", "encoding"

What = Literal["codes", "missing values", "tail", "unseen levels", "variation"]
State = Literal["holds", "gone", "rarer", "unseen", "too early"]


class Belonging(NamedTuple):
    """A cause that a feature is part of."""

    cause: str
    gain: float  # of the whole cause, in step 7
    ci: list[float]
    matters: bool


@dataclass(frozen=True)
class Rest:
    """What one cause rests on in one feature: that some of its bins go on being filled, or not being."""

    cause: str
    gain: float
    ci: list[float]
    feature: str
    what: What
    where: str  # the values in words
    bins: list[int]  # among those of all features; of "variation" all bins of the feature
    rows: int  # training rows in them, of "variation" outside the fullest
    of: int  # training rows

    def to_dict(self) -> dict[str, Any]:
        """Return the fields by name."""
        return asdict(self)

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Self:
        """Return what `to_dict` gave."""
        return cls(**saved)


@dataclass(frozen=True)
class Held:
    """Whether a cause's rest still occurs among the served rows."""

    rest: Rest
    rows: int  # served rows that have it
    of: int  # served rows
    ratio: float  # its share by that among the training rows; of "unseen levels" the share itself
    ci: tuple[float, float]  # of the ratio, at 95 %
    state: State


def held(rest: Rest, counts: Integers, rows: int, alpha: float) -> Held:
    """Return whether a cause's rest still occurs in `counts` (bins of all features,) of `rows` served rows.

    It is "gone" (or "rarer", where a few remain) if the interval of the ratio of its shares ends below HOLDS at the
    one-sided level `alpha`; it "holds" if the interval at 95 % begins above. The ratio of two rates from counts k of n
    and K of N: given k + K, k is binomial, with the probability n r / (n r + N) for the ratio r. Source: Przyborowski
    and Wilenski 1940, Homogeneity of results in testing samples from Poisson series, Biometrika 31, 313-323, with the
    interval of Clopper and Pearson 1934, Biometrika 26, 404-413.
    """
    own = counts[rest.bins]
    found = int(rows - own.max()) if rest.what == "variation" else int(own.sum())
    if rest.what == "unseen levels":
        share, ci = found / max(rows, 1), clopper_pearson(found, rows, 0.05)
        gone = clopper_pearson(found, rows, 2 * alpha)[0] > UNSEEN
        return Held(rest, found, rows, share, ci, "unseen" if gone else "holds" if ci[1] < UNSEEN else "too early")
    ratio = (found / max(rows, 1)) / (rest.rows / rest.of)
    ci = _ratio_interval(found, rows, rest, 0.05)
    gone = _ratio_interval(found, rows, rest, 2 * alpha)[1] < HOLDS
    lost: State = "rarer" if found else "gone"
    return Held(rest, found, rows, ratio, ci, lost if gone else "holds" if ci[0] > HOLDS else "too early")


def clopper_pearson(hits: int, rows: int, alpha: float) -> tuple[float, float]:
    """Return the exact interval of a share, which misses it with at most the probability alpha / 2 on either side."""
    low = float(betaincinv(hits, rows - hits + 1, alpha / 2)) if hits else 0.0
    high = float(betainccinv(hits + 1, rows - hits, alpha / 2)) if hits < rows else 1.0
    return low, high


def _ratio_interval(found: int, rows: int, rest: Rest, alpha: float) -> tuple[float, float]:
    """Return the interval of the ratio of the served share to that among the training rows."""
    if not rows:
        return 0.0, np.inf
    low, high = (
        np.inf if share >= 1 else share / (1 - share) * rest.of / rows
        for share in clopper_pearson(found, found + rest.rows, alpha)
    )
    return low, high


def belongings(facts: Facts) -> dict[str, tuple[Belonging, ...]]:
    """Return the causes that each feature is part of, the one that gained most first; features of none are left out."""
    gains = _gains(facts["reflect"])
    found: dict[str, dict[str, Belonging]] = {}
    for cause, features in _parts(facts):
        if cause in gains and gains[cause].gain > 0:
            for feature in features:
                found.setdefault(feature, {})[cause] = gains[cause]
    return {
        feature: tuple(sorted(causes.values(), key=lambda one: -one.gain)) for feature, causes in sorted(found.items())
    }


def rests(facts: Facts, bins: Sequence[Bins], train: Integers, offsets: Integers) -> Iterator[Rest]:
    """Yield what each cause that matters rests on; `train` counts training rows by bin of all features.

    Nothing of what has no share to compare with, and of causes that stand for no feature, such as the tuning.
    """
    places = {one.feature: place for place, one in enumerate(bins)}
    gains = _gains(facts["reflect"])
    quantiles = {column["name"]: column.get("quantiles") for column in facts["eda"]["columns"]}
    named: dict[str, list[str]] = {}
    for cause, features in _parts(facts):
        named.setdefault(cause, []).extend(name for name in features if name not in named.get(cause, []))
    for cause, gain in gains.items():
        if not gain.matters:
            continue
        for feature in [name for name in named.get(cause, []) if name in places][:MOST_PARTS]:
            own, start = bins[places[feature]], int(offsets[places[feature]])
            what, chosen = _rests_on(cause, own, quantiles.get(feature))
            flat = [start + place for place in chosen]
            counts, rows = train[start : start + len(own.sorts)], int(train[flat].sum())
            total = int(counts.sum())
            rows = total - int(counts.max()) if what == "variation" else rows
            if not rows and what != "unseen levels":
                continue
            where = " or ".join(own.labels[place] for place in chosen) if what == "codes" else ""
            yield Rest(cause, gain.gain, gain.ci, feature, what, where, flat, rows, total)


def _rests_on(cause: str, bins: Bins, quantiles: Mapping[str, float] | None) -> tuple[What, list[int]]:
    """Return what a cause needs of a feature, and the bins that show it."""
    if cause == CODES:
        return "codes", bins.of_sort("code")
    if cause == MISSINGNESS:
        return "missing values", bins.of_sort("missing")
    if cause == ENCODING and bins.levels is not None:
        return "unseen levels", bins.of_sort("unseen")
    if cause == SCALE and quantiles and bins.levels is None:
        return "tail", _tail(bins, quantiles)
    return "variation", list(range(len(bins.sorts)))


def _tail(bins: Bins, quantiles: Mapping[str, float]) -> list[int]:
    """Return the bins of the longer tail, from a hundredth of the training rows on, codes on that side included."""
    upper = quantiles["100"] - quantiles["50"] >= quantiles["50"] - quantiles["0"]
    begins = quantiles["99"] if upper else quantiles["1"]
    values = bins.of_sort("values")
    ends = bins.cuts[1:]  # the largest value of each of these bins
    if upper:
        inside = [place for place, end in zip(values, ends, strict=True) if end > begins]
        codes = [place for code, place in bins.codes if code > begins]
        return sorted({*(inside or values[-1:]), *bins.of_sort("above"), *codes})
    inside = [place for place, end in zip(values, ends, strict=True) if end <= begins]
    codes = [place for code, place in bins.codes if code < begins]
    return sorted({*(inside or values[:1]), *bins.of_sort("below"), *codes})


def _gains(facts: ReflectFacts) -> dict[str, Belonging]:
    """Return each cause's gain by its name, that of codes beside the scale's, which it is a part of."""
    found = {
        one["factor"]: Belonging(one["factor"], one["gain"], list(one["ci"]), one["matters"])
        for one in facts["attribution"]
    }
    codes = facts["codes"]
    if codes:
        found[CODES] = Belonging(CODES, codes["gain"], list(codes["ci"]), codes["matters"])
    return found


def _parts(facts: Facts) -> Iterator[tuple[str, list[str]]]:
    """Yield the features of each cause, those that gain most first: those that matter alone, or else the first."""
    reflect, columns = facts["reflect"], facts["eda"]["columns"]
    if reflect["codes"]:
        yield CODES, list(reflect["codes"]["features"])
    yield SCALE, _chosen([([one["feature"]], one["matters"]) for one in reflect["scales"]])
    yield "shape", _chosen([([one["feature"]], one["matters"]) for one in reflect["shapes"]])
    yield "interaction", _chosen([(one["features"], one["matters"]) for one in reflect["interactions"]])
    for cause, effects in reflect["details"].items():
        yield cause, _chosen([(one["features"], one["matters"]) for one in effects])
    marked = [(column["missing_alone"]["score"], column["name"]) for column in columns if column["missing_alone"]]
    yield MISSINGNESS, [name for _, name in sorted(marked, key=lambda one: -one[0])]
    levelled = [(column["distinct"], column["name"]) for column in columns if column["kind"] == LEVELLED.seen_as]
    yield ENCODING, [name for many, name in sorted(levelled, key=lambda one: -one[0]) if many > MANY_LEVELS]
    for expected in facts["eda"]["hypotheses"]:
        yield expected["factor"], list(expected["features"])


def _chosen(effects: Sequence[tuple[Sequence[str], bool]]) -> list[str]:
    """Return the features of the effects that matter, in their order; of the first one where none does."""
    matter = [features for features, matters in effects if matters] or [features for features, _ in effects[:1]]
    return list(dict.fromkeys(name for features in matter for name in features))
