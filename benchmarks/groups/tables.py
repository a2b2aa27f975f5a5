"""Tables with and without groups, planted: what is true of each was written down before any was run."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import numpy as np

Table = np.ndarray
Maker = Callable[[np.random.Generator, int], Table]


@dataclass(frozen=True)
class Kind:
    """A kind of table, and what is true of it."""

    name: str
    says: str  # groups | a gradient | nothing
    number: int  # of groups; 0 without
    make: Maker
    rows: int = 1_500


def blobs(rng: np.random.Generator, rows: int, centres: Table, shares: Table | None = None) -> tuple[Table, Table]:
    """Return normal noise (rows, columns) around centres (groups, columns), and the group of each row."""
    group = rng.choice(len(centres), rows, p=shares)
    return rng.normal(size=(rows, centres.shape[1])) + centres[group], group


def apart(rng: np.random.Generator, groups: int, columns: int, distance: float) -> Table:
    """Return centres of which no two are nearer than the distance, and each is that far from another."""
    centres = np.zeros((1, columns))
    while len(centres) < groups:
        step = rng.normal(size=columns)
        new = centres[rng.integers(len(centres))] + distance * step / np.linalg.norm(step)
        if np.linalg.norm(centres - new, axis=1).min() > distance - 1e-9:
            centres = np.vstack([centres, new])
    return centres


def spaced(groups: int, columns: int, distance: float) -> Maker:
    """Return a maker of equally common round groups, as far apart from their nearest."""
    return lambda rng, rows: blobs(rng, rows, apart(rng, groups, columns, distance))[0]


def turned(rng: np.random.Generator, columns: int) -> Table:
    """Return a random rotation (columns, columns)."""
    return np.linalg.qr(rng.normal(size=(columns, columns)))[0]


def long_turned(groups: int) -> Maker:
    """Return a maker of long groups (1 : 4), each turned its own way, too far apart to touch."""

    def make(rng: np.random.Generator, rows: int) -> Table:
        group = rng.integers(groups, size=rows)
        noise = rng.normal(size=(rows, 3)) * [2.4, 0.6, 0.6]
        turns = np.stack([turned(rng, 3) for _ in range(groups)])
        return np.einsum("ni,nij->nj", noise, turns[group]) + apart(rng, groups, 3, 8)[group]

    return make


def parallel(rng: np.random.Generator, rows: int) -> Table:
    """Return two long groups side by side: six times as long as wide, five widths apart."""
    group = rng.integers(2, size=rows)
    return (rng.normal(size=(rows, 3)) * [6, 1, 1] + group[:, None] * [0, 5, 0]) @ turned(rng, 3)


def densities(rng: np.random.Generator, rows: int) -> Table:
    """Return three groups with standard deviations of .5, 1.2 and 1, of 60, 30 and 10 % of the rows."""
    group = rng.choice(3, rows, p=[0.6, 0.3, 0.1])
    centres = np.array([[0, 0, 0], [5, 0, 0], [2.5, 5, 0.0]])
    return rng.normal(size=(rows, 3)) * np.array([0.5, 1.2, 1])[group][:, None] + centres[group]


def one_column(rng: np.random.Generator, rows: int) -> Table:
    """Return two groups, four standard deviations apart in one column of four, which are otherwise normal."""
    x = rng.normal(size=(rows, 4))
    x[:, 2] += 4 * rng.integers(2, size=rows)
    return x


def lognormal_groups(rng: np.random.Generator, rows: int) -> Table:
    """Return three groups of which values are exponentials: skewed columns, groups on the logarithm."""
    centres = 4.5 * np.array([[0, 0], [1, 0], [0.5, 0.9]])
    return np.exp(0.8 * blobs(rng, rows, centres)[0])


def among_noise(rng: np.random.Generator, rows: int) -> Table:
    """Return three groups in two columns, and five columns of noise."""
    x = blobs(rng, rows, 4.5 * np.array([[0, 0], [1, 0], [0.5, 0.9]]))[0]
    return np.hstack([x, rng.normal(size=(rows, 5))])


def gaussian(rng: np.random.Generator, rows: int) -> Table:
    """Return one Gaussian of which columns are correlated."""
    return rng.normal(size=(rows, 4)) @ (np.eye(4) + 0.6 * rng.normal(size=(4, 4)))


def overlapping(rng: np.random.Generator, rows: int) -> Table:
    """Return two groups 1.7 standard deviations apart: one hump, since less than 2."""
    return blobs(rng, rows, np.array([[0, 0, 0], [1.2, 1.2, 0]]))[0]


def curve(rng: np.random.Generator, rows: int) -> Table:
    """Return noise around a parabola."""
    x = rng.normal(size=rows)
    return np.column_stack([x, x**2 + 0.4 * rng.normal(size=rows), rng.normal(size=rows)])


def ring(rng: np.random.Generator, rows: int) -> Table:
    """Return noise around a circle."""
    angle = rng.uniform(0, 2 * np.pi, rows)
    return np.column_stack([np.cos(angle), np.sin(angle)]) * 3 + 0.5 * rng.normal(size=(rows, 2))


def heavy_factor(rng: np.random.Generator, rows: int) -> Table:
    """Return four columns of one factor, with t(3) tails."""
    factor = rng.standard_t(3, rows)
    return factor[:, None] + rng.standard_t(3, (rows, 4))


def counts(rng: np.random.Generator, rows: int) -> Table:
    """Return three columns of counts of one factor."""
    rate = np.exp(0.8 * rng.normal(size=rows))
    return rng.poisson(rate[:, None] * [1, 3, 8]).astype(float)


def outliers(rng: np.random.Generator, rows: int) -> Table:
    """Return correlated columns with 2 % of outliers far away on all sides."""
    x = gaussian(rng, rows)
    far = rng.random(rows) < 0.02  # noqa: PLR2004 - as said
    x[far] *= 8
    return x


def spiral(rng: np.random.Generator, rows: int) -> Table:
    """Return noise around a spiral of one and a half turns: curved, and one piece."""
    turn = rng.uniform(0.25, 1, rows) ** 0.5 * 3 * np.pi
    return np.column_stack([turn * np.cos(turn), turn * np.sin(turn)]) + 0.6 * rng.normal(size=(rows, 2))


def in_a_hole(rng: np.random.Generator, rows: int) -> Table:
    """Return a third of the rows in the hole of a ring of the others: two groups with one centre."""
    inner = rng.random(rows) < 1 / 3
    angle = rng.uniform(0, 2 * np.pi, rows)
    around = np.column_stack([np.cos(angle), np.sin(angle)]) * 5
    return np.where(inner[:, None], 0, around) + 0.7 * rng.normal(size=(rows, 2))


def half_moons(rng: np.random.Generator, rows: int) -> Table:
    """Return two half rings that reach into each other."""
    angle, group = rng.uniform(0, np.pi, rows), rng.integers(2, size=rows)
    one = np.column_stack([np.cos(angle), np.sin(angle)])
    other = np.column_stack([1 - np.cos(angle), 0.35 - np.sin(angle)])
    return 3 * np.where(group[:, None] == 0, one, other) + 0.35 * rng.normal(size=(rows, 2))


def skewed_groups(rng: np.random.Generator, rows: int) -> Table:
    """Return two skewed groups (gamma of shape 2) that no power of a column makes normal at once."""
    group = rng.integers(2, size=rows)
    return rng.gamma(2, 0.7, (rows, 3)) + group[:, None] * np.array([6.0, 0, 5.0])


def skewed_one(rng: np.random.Generator, rows: int) -> Table:
    """Return one skewed hump: two gammas that share a part."""
    shared = rng.gamma(2, 1, (rows, 1))
    return shared + rng.gamma(1.5, 1, (rows, 3))


def grid(rng: np.random.Generator, rows: int) -> Table:
    """Return answers on five levels of one opinion: three columns of 1 to 5 that go together."""
    opinion = rng.normal(size=(rows, 1))
    return np.clip(np.round(3 + opinion + 0.7 * rng.normal(size=(rows, 3))), 1, 5)


def independent_grid(rng: np.random.Generator, rows: int) -> Table:
    """Return two, three and seven levels that have nothing to do with each other."""
    sizes = [2, 3, 7]
    return np.column_stack([rng.integers(size, size=rows) for size in sizes]).astype(float)


def discrete_groups(rng: np.random.Generator, rows: int) -> Table:
    """Return counts of two groups: few of each, or many of each."""
    rate = np.where(rng.random(rows)[:, None] < 1 / 2, [3, 2, 4], [16, 14, 20])
    return rng.poisson(rate).astype(float)


def zeros_and_hump(rng: np.random.Generator, rows: int) -> Table:
    """Return a column of which a third are zero and the others far from it, beside two of noise: two groups."""
    amount = np.where(rng.random(rows) < 1 / 3, 0, np.round(rng.normal(60, 10, rows), 1))
    return np.column_stack([amount, rng.normal(size=(rows, 2))])


def zeros_and_tail(rng: np.random.Generator, rows: int) -> Table:
    """Return two columns of which a third are zero and the others begin there: no gap, and no valley."""
    amount = np.where(rng.random((rows, 2)) < 1 / 3, 0, np.round(rng.exponential(20, (rows, 2)), 0))
    return np.column_stack([amount, rng.normal(size=rows)])


def ten_columns(rng: np.random.Generator, rows: int) -> Table:
    """Return three groups in ten columns, four and a half standard deviations apart."""
    return blobs(rng, rows, apart(rng, 3, 10, 4.5))[0]


def ten_of_one(rng: np.random.Generator, rows: int) -> Table:
    """Return ten columns of two factors, one skewed: a gradient."""
    factors = np.column_stack([rng.normal(size=rows), rng.gamma(2, 1, rows)])
    return factors @ rng.normal(size=(2, 10)) + rng.normal(size=(rows, 10))


def uneven(rng: np.random.Generator, rows: int) -> Table:
    """Return two groups of 85 and 15 % of the rows, four standard deviations apart."""
    return blobs(rng, rows, np.array([[0, 0, 0], [4.0, 0, 0]]), np.array([0.85, 0.15]))[0]


def heavy_groups(rng: np.random.Generator, rows: int) -> Table:
    """Return two groups with t(4) tails, seven units apart."""
    group = rng.integers(2, size=rows)
    return rng.standard_t(4, (rows, 3)) + group[:, None] * np.array([7.0, 0, 0])


def funnel(rng: np.random.Generator, rows: int) -> Table:
    """Return a column of which the spread depends on another: narrow here, wide there, and one hump."""
    x = rng.normal(size=rows)
    return np.column_stack([x, np.exp(0.7 * x) * rng.normal(size=rows), rng.normal(size=rows)])


def cross(rng: np.random.Generator, rows: int) -> Table:
    """Return two long groups through one centre: one hump with four arms."""
    noise = rng.normal(size=(rows, 2)) * [4, 0.5]
    return np.where(rng.random(rows)[:, None] < 1 / 2, noise, noise[:, ::-1])


def triangle(rng: np.random.Generator, rows: int) -> Table:
    """Return rows evenly in a triangle: edges, corners, and no valley."""
    x = np.sort(rng.random((rows, 2)), axis=1)
    return np.column_stack([x, rng.random(rows)])


def zeros_and_lognormal(rng: np.random.Generator, rows: int) -> Table:
    """Return two columns of which half are zero and the others rounded lognormal ones that begin there: no gap."""
    amount = np.round(rng.lognormal(2, 1.2, (rows, 2)), 0)
    return np.column_stack([np.where(rng.random((rows, 2)) < 1 / 2, 0, amount), rng.normal(size=rows)])


def heaped(rng: np.random.Generator, rows: int) -> Table:
    """Return whole years, a quarter of them rounded to tens, and a column that goes with them: favourite numbers."""
    age = np.round(rng.normal(50, 15, rows))
    tens = rng.random(rows) < 1 / 4
    return np.column_stack([np.where(tens, np.round(age / 10) * 10, age), age / 15 + rng.normal(size=rows)])


def far_groups(rng: np.random.Generator, rows: int) -> Table:
    """Return one dense group, and a long one that begins five of its standard deviations from there."""
    long = rng.random(rows) < 1 / 2
    wide = rng.normal(size=(rows, 3)) * [3, 1, 1] + [9, 0, 0]
    return np.where(long[:, None], wide, 0.5 * rng.normal(size=(rows, 3)))


def wave(rng: np.random.Generator, rows: int) -> Table:
    """Return noise around two waves of a sine: one piece that bends four times."""
    x = rng.uniform(0, 4 * np.pi, rows)
    return np.column_stack([x, 2 * np.sin(x)]) + 0.4 * rng.normal(size=(rows, 2))


def shells(rng: np.random.Generator, rows: int) -> Table:
    """Return noise around a sphere: a hollow that no straight line between its parts avoids."""
    x = rng.normal(size=(rows, 3))
    return 3 * x / np.linalg.norm(x, axis=1, keepdims=True) + 0.5 * rng.normal(size=(rows, 3))


KINDS = (
    Kind("2 blobs, 4 sd", "groups", 2, spaced(2, 3, 4)),
    Kind("2 blobs, 3 sd", "groups", 2, spaced(2, 3, 3)),
    Kind("2 blobs, 3.5 sd", "groups", 2, spaced(2, 2, 3.5)),
    Kind("3 blobs, 4 sd", "groups", 3, spaced(3, 3, 4)),
    Kind("4 blobs, 4 sd", "groups", 4, spaced(4, 3, 4)),
    Kind("5 blobs, 4 sd", "groups", 5, spaced(5, 4, 4)),
    Kind("6 blobs, 4 sd", "groups", 6, spaced(6, 4, 4)),
    Kind("2 long, turned", "groups", 2, long_turned(2)),
    Kind("3 long, turned", "groups", 3, long_turned(3)),
    Kind("2 long, parallel", "groups", 2, parallel),
    Kind("3 densities", "groups", 3, densities),
    Kind("15 and 85 %", "groups", 2, uneven),
    Kind("in one column of four", "groups", 2, one_column),
    Kind("3 lognormal", "groups", 3, lognormal_groups),
    Kind("3 among five of noise", "groups", 3, among_noise),
    Kind("one Gaussian", "a gradient", 0, gaussian),
    Kind("2 overlapping, 1.7 sd", "a gradient", 0, overlapping),
    Kind("curve", "a gradient", 0, curve),
    Kind("ring", "a gradient", 0, ring),
    Kind("heavy-tailed factor", "a gradient", 0, heavy_factor),
    Kind("counts", "a gradient", 0, counts),
    Kind("outliers", "a gradient", 0, outliers),
    Kind("independent Gaussians", "nothing", 0, lambda rng, rows: rng.normal(size=(rows, 4))),
    Kind("uniform cube", "nothing", 0, lambda rng, rows: rng.random((rows, 3))),
    Kind("independent t(3)", "nothing", 0, lambda rng, rows: rng.standard_t(3, (rows, 3))),
    Kind("spiral", "a gradient", 0, spiral),
    Kind("in a ring's hole", "groups", 2, in_a_hole),
    Kind("half moons", "groups", 2, half_moons),
    Kind("2 skewed", "groups", 2, skewed_groups),
    Kind("one skewed", "a gradient", 0, skewed_one),
    Kind("five levels of one opinion", "a gradient", 0, grid),
    Kind("independent levels", "nothing", 0, independent_grid),
    Kind("counts of two groups", "groups", 2, discrete_groups),
    Kind("zeros and a hump", "groups", 2, zeros_and_hump),
    Kind("zeros and a tail", "nothing", 0, zeros_and_tail),
    Kind("3 in ten columns", "groups", 3, ten_columns),
    Kind("ten columns of two factors", "a gradient", 0, ten_of_one),
    Kind("2 with heavy tails", "groups", 2, heavy_groups),
    Kind("funnel", "a gradient", 0, funnel),
    Kind("cross", "a gradient", 0, cross),
    Kind("zeros and a lognormal tail", "nothing", 0, zeros_and_lognormal),
    Kind("favourite numbers", "a gradient", 0, heaped),
    Kind("a dense one and a long one", "groups", 2, far_groups),
    Kind("wave", "a gradient", 0, wave),
    Kind("sphere", "a gradient", 0, shells),
    Kind("triangle", "a gradient", 0, triangle),
)  # fmt: skip


def plant(kind: Kind, seed: int) -> Table:
    """Return the table of a kind and seed (rows, columns); no two share random numbers."""
    return kind.make(np.random.default_rng([seed, crc32(kind.name.encode())]), kind.rows)
