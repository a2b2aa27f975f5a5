"""The scale on which a column is looked at: bent towards a normal distribution, or as it is.

A power that makes a column as normal as can be takes a small group at its end for skewness, and draws it nearer. So
both scales are tried, each with the best mixture of the column alone, and the one with the lower BIC in the column's
own unit is taken.
"""

import numpy as np

from pipelines.groups.columns import Column, Floats, Scaling
from pipelines.groups.mixtures import Mixture, best_mixture

ENOUGH = 2_000  # rows that the choice needs; the density of the scale chosen is of all


def choose_scaling(values: Floats, rng: np.random.Generator) -> tuple[Scaling, list[Mixture]]:
    """Return the scaling of rows (n, columns) in any order by chance, and the density of each scaled column alone."""
    seed = int(rng.integers(2**31))
    tried = [Scaling.fit(values, np.random.default_rng(seed), bent=bent).columns for bent in (False, True)]
    uniform = np.random.default_rng(seed).random(values.shape)
    pairs = zip(*tried, values.T, uniform.T, strict=True)
    chosen = [_better(plain, bent, column, spread, seed) for plain, bent, column, spread in pairs]
    return Scaling(tuple(column for column, _ in chosen)), [density for _, density in chosen]


def _better(plain: Column, bent: Column, values: Floats, uniform: Floats, seed: int) -> tuple[Column, Mixture]:
    """Return the column with the lower BIC in its own unit, by the first ENOUGH rows, and its density by all."""
    found = []
    for column in (plain, bent):
        z, log_slope = column.apply(values[:ENOUGH], uniform[:ENOUGH])
        density = best_mixture(z[:, None], np.random.default_rng(seed), ("free",))
        found.append((density.bic - 2 * float(log_slope.sum()), column, density))
    _, column, density = min(found, key=lambda one: one[0])
    if len(values) > ENOUGH:
        z, _ = column.apply(values, uniform)
        density = best_mixture(z[:, None], np.random.default_rng(seed), ("free",))
    return column, density
