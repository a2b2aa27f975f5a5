"""A look at the columns that make groups: how each is spread, with which spikes and tails, and how they go together.

It looks for no groups. What is said here explains why the usual ways would find some: tails that outweigh all else,
values that many rows share, columns that say the same.
"""

from itertools import pairwise

import numpy as np

from pipelines.core.table import Table
from pipelines.exploration.sentences import SHARE, form_of, say
from pipelines.facts.eda import EdaLook
from pipelines.facts.eda.grouped import GroupedLook, PairTogether, SpreadColumn, Together
from pipelines.facts.shared import Sentence
from pipelines.groups.columns import Scaling
from pipelines.targets.amount import held_by_the_tail
from pipelines.targets.arrays import Floats

MOST_ROWS = 20_000  # training rows looked at
QUANTILES = (0, 1, 5, 25, 50, 75, 95, 99, 100)
BINS, FAR = 40, 3.5  # of the histograms, between so many standard deviations
DEEP = 0.3  # nats by which a valley lies below the lower peak, as in the search for groups: a quarter less dense
FEWEST = 0.05  # of the rows, in a hump: fewer are a tail
GRID = 512  # points at which densities are taken
PAIRS = 5  # strongest correlations, listed
PARTS = 5  # of the rows along the main direction
HEAVY = 0.2  # of the squared distances in 1 % of the rows, from which they outweigh the others; of a Gaussian 7 %
SPIKE = 0.05  # of the rows, from which a value is named
STRONG = 0.7  # correlation, from which two columns say much of each other
UNEVEN = 1.5  # times as wide in one part of the rows as in another
NAMES = 3  # of columns in a sentence


def look_at_groups(train: Table, seed: int) -> GroupedLook:
    """Return the look at the training rows; the sentences are still to come."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(train.y))[:MOST_ROWS])
    raw = train.x.to_numpy(np.float64)[rows]
    scaling = Scaling.fit(raw, np.random.default_rng(seed))
    bent = scaling.apply(raw, np.random.default_rng(seed))[0]
    bent = (bent - bent.mean(axis=0)) / bent.std(axis=0)
    standardised = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    columns = [
        look_at_column(name, raw[:, i], bent[:, i], scaling.columns[i].power) for i, name in enumerate(train.features)
    ]
    return {
        "rows": len(rows),
        "tail": held_by_the_tail(np.square(standardised).sum(axis=1)),
        "bent_tail": held_by_the_tail(np.square(bent).sum(axis=1)),
        "columns": columns,
        "together": look_together(train.features, standardised, bent),
        "findings": [],
    }


def look_at_column(name: str, raw: Floats, bent: Floats, power: float) -> SpreadColumn:
    """Return how one column is spread: its values (rows,) as they are, and bent and standardised."""
    values, counts = np.unique(raw, return_counts=True)
    most = int(np.argmax(counts))
    edges = np.linspace(-FAR, FAR, BINS + 1)
    return {
        "column": name,
        "quantiles": {str(one): float(np.quantile(raw, one / 100)) for one in QUANTILES},
        "commonest": float(values[most]),
        "commonest_share": float(counts[most] / len(raw)),
        "different": len(values),
        "skewness": _skewness(raw),
        "bent_skewness": _skewness(bent),
        "power": power,
        "tail": held_by_the_tail(np.square(raw - raw.mean())),
        "bent_tail": held_by_the_tail(np.square(bent - bent.mean())),
        "edges": edges.tolist(),
        "counts": np.histogram(np.clip(bent, -FAR, FAR), edges)[0].tolist(),
        "humps": humps(bent),
    }


def look_together(names: list[str], raw: Floats, bent: Floats) -> Together:
    """Return how columns (rows, columns), standardised as they are and bent, go together."""
    correlation, as_they_are = (np.atleast_2d(np.corrcoef(values.T)) for values in (bent, raw))
    pairs: list[PairTogether] = [
        {"first": names[i], "second": names[j], "correlation": float(correlation[i, j]),
         "raw": float(as_they_are[i, j])}
        for i in range(len(names)) for j in range(i + 1, len(names))
    ]  # fmt: skip
    widths, directions = np.linalg.eigh(correlation)
    main = bent @ directions[:, -1]
    return {
        "pairs": sorted(pairs, key=lambda pair: -abs(pair["correlation"]))[:PAIRS],
        "nats": float(-np.linalg.slogdet(correlation)[1] / 2),
        "first": float(widths[-1] / widths.sum()),
        "dimensions": float(widths.sum() ** 2 / np.square(widths).sum()),
        "humps": humps(main),
        "uneven": _uneven(main, bent @ directions[:, :-1]),
    }


def humps(values: Floats) -> int:
    """Return how many humps the density of `values` (rows,) has, each with FEWEST of the rows and a valley beside it.

    The density is a kernel estimate with the bandwidth of Silverman (1986, Density Estimation, equation 3.31).
    """
    spread = min(float(values.std()), float(np.subtract(*np.percentile(values, [75, 25]))) / 1.34) or values.std()
    width = 0.9 * float(spread) * len(values) ** -0.2
    edges = np.linspace(values.min() - 3 * width, values.max() + 3 * width, GRID + 1)
    counts = np.histogram(values, edges)[0].astype(np.float64)
    step = float(edges[1] - edges[0])
    reach = max(1, int(np.ceil(4 * width / step)))
    kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) * step / width))
    density = np.convolve(counts, kernel / kernel.sum(), mode="same")
    return len(_merged(density, counts))


def _merged(density: Floats, counts: Floats) -> list[tuple[int, int]]:
    """Return the stretches of the grid that are humps, (first, last) each: none too shallow, none with too few rows."""
    inner = np.flatnonzero((density[1:-1] < density[:-2]) & (density[1:-1] <= density[2:])) + 1
    cuts = [0, *inner.tolist(), len(density)]
    parts = list(pairwise(cuts))

    def shallow(place: int) -> float:
        """Return by how much the valley after a part lies below the lower of the peaks beside it, in nats."""
        (low, cut), (_, high) = parts[place], parts[place + 1]
        lower = min(density[low:cut].max(), density[cut:high].max())
        return float(np.log(max(lower, 1e-300)) - np.log(max(density[cut], 1e-300)))

    while len(parts) > 1:
        few = [place for place, (low, high) in enumerate(parts) if counts[low:high].sum() < FEWEST * counts.sum()]
        depths = [shallow(place) for place in range(len(parts) - 1)]
        if few:
            beside = [place for place in (few[0] - 1, few[0]) if 0 <= place < len(depths)]
            join = min(beside, key=lambda place: depths[place])
        elif min(depths) < DEEP:
            join = int(np.argmin(depths))
        else:
            break
        parts[join : join + 2] = [(parts[join][0], parts[join + 1][1])]
    return parts


def _skewness(values: Floats) -> float:
    centred = values - values.mean()
    return float((centred**3).mean() / values.std() ** 3)


def _uneven(main: Floats, others: Floats) -> float:
    """Return how much wider rows spread about the main direction in one part of it than in another, 1 if alike.

    The spread is the root of the mean variance of the other directions, each of standard deviation 1 over all rows.
    """
    if not others.shape[1]:
        return 1.0
    wide = others.std(axis=0)
    order = np.argsort(main, kind="stable")
    each = others[:, wide > 0] / wide[wide > 0]
    parts = [float(np.sqrt(each[part].var(axis=0).mean())) for part in np.array_split(order, PARTS)]
    return max(parts) / min(parts) if min(parts) > 0 else 1.0


def with_findings(facts: EdaLook) -> GroupedLook:
    """Return the look with its sentences, each number of which is bound to these facts."""
    look = facts["clusters"]
    found = [_tails(facts, look), *_spikes(facts, look), *_together(facts, look), _humps(facts, look)]
    return {**look, "findings": [one for one in found if one is not None]}


def _tails(facts: EdaLook, look: GroupedLook) -> Sentence:
    places = {"raw": ("clusters/tail", SHARE), "bent": ("clusters/bent_tail", SHARE)}
    if look["tail"] >= HEAVY:
        worst = max(range(len(look["columns"])), key=lambda i: look["columns"][i]["tail"])
        return say(
            facts, "On standardised values the hundredth of the rows that is farthest from the mean holds {raw} of all "
            "squared distances, most in {column}: distances between the others hardly count. After Yeo-Johnson it "
            "holds {bent}.",
            **places, column=(f"clusters/columns/{worst}/column", ""),
        )  # fmt: skip
    return say(
        facts, "No few rows outweigh the others: the hundredth that is farthest from the mean holds {raw} of all "
        "squared distances, and {bent} after Yeo-Johnson.", **places,
    )  # fmt: skip


def _spikes(facts: EdaLook, look: GroupedLook) -> list[Sentence]:
    """Return a sentence on each of the columns with the commonest values."""
    order = sorted(range(len(look["columns"])), key=lambda i: -look["columns"][i]["commonest_share"])
    return [
        say(
            facts, "{column} is {value} in {share} of the rows: taken as it is, that value would be a group of its "
            "own.",
            column=(f"clusters/columns/{i}/column", ""), value=(f"clusters/columns/{i}/commonest", form_of),
            share=(f"clusters/columns/{i}/commonest_share", SHARE),
        )
        for i in order[:NAMES] if look["columns"][i]["commonest_share"] >= SPIKE
    ]  # fmt: skip


def _together(facts: EdaLook, look: GroupedLook) -> list[Sentence]:
    """Return how columns go together, and where rows spread more."""
    together, where = look["together"], "clusters/together"
    places = {
        "first": (f"{where}/pairs/0/first", ""), "second": (f"{where}/pairs/0/second", ""),
        "correlation": (f"{where}/pairs/0/correlation", ".2f"), "share": (f"{where}/first", SHARE),
        "nats": (f"{where}/nats", ".2f"),
    }  # fmt: skip
    strong = abs(together["pairs"][0]["correlation"]) >= STRONG
    template = (
        "Columns explain each other: {first} and {second} have a correlation of {correlation} after Yeo-Johnson"
        if strong else
        "No two columns say much of each other; the strongest correlation after Yeo-Johnson is {correlation}, of "
        "{first} and {second}"
    )  # fmt: skip
    found = [say(
        facts, template + ". One direction holds {share} of the variance, and one Gaussian makes a row likelier than "
        "independent columns do by {nats} nats.", **places,
    )]  # fmt: skip
    if together["uneven"] >= UNEVEN:
        found.append(say(
            facts, "Rows spread {times} times as much about that direction in one fifth of it as in another: groups of "
            "one size and shape cannot fit them all.", times=(f"{where}/uneven", ".1f"),
        ))  # fmt: skip
    return found


def _humps(facts: EdaLook, look: GroupedLook) -> Sentence:
    """Return whether any column, or their main direction, has more than one hump."""
    several = [i for i, one in enumerate(look["columns"]) if one["humps"] > 1]
    if several:
        i = max(several, key=lambda place: look["columns"][place]["humps"])
        return say(
            facts, "{column} has {humps} humps with a valley between them: groups may show in it alone.",
            column=(f"clusters/columns/{i}/column", ""), humps=(f"clusters/columns/{i}/humps", ",.0f"),
        )  # fmt: skip
    if look["together"]["humps"] > 1:
        return say(
            facts, "Along the main direction there are {humps} humps with a valley between them: groups may be there.",
            humps=("clusters/together/humps", ",.0f"),
        )  # fmt: skip
    return say(facts, "Every column has one hump, and so has their main direction: nothing points to groups yet.")
