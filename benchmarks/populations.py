"""Populations of rows and two models' predictions whose metrics are known exactly, to test statistics on.

Binary: within each class a model's score is normal with variance 1, mean 0 for negatives and `skill` for positives;
the prediction is the true chance of a positive given that score. Regression: a model's error is normal times its
`skill` times a size that both models share in a row, as hard rows are hard for everybody. The two models' noise is
correlated by AGREEMENT. Equal skills make two different models that are exactly equally good.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, log_expit, logit, ndtr

from pipelines.metrics import METRICS
from pipelines.metrics.prepared import Floats

AGREEMENT = 0.8  # correlation of the two models' noise: about that of a linear model and boosted trees
FREEDOM = 4  # of the t distribution
LOG_SPREAD = 0.75  # standard deviation of the logarithm of the lognormal size: errors with a kurtosis of 28
TAILS = ("normal", "t(4)", "lognormal")
SKILL = {"binary": 1.2, "regression": 1.0}  # of the first model; 1.2 is an AUC of 0.80
MOST_SKILL, LEAST_SKILL = 4.0, 0.05  # where the second model's skill is looked for
POINTS = 2_001
FAR = 10.0  # standard deviations within which integrals are taken


@dataclass(frozen=True)
class Population:
    """A metric and the world on which it is measured: a base rate for binary targets, else a tail of errors."""

    metric: str
    world: float | str

    @property
    def skill(self) -> float:
        """The skill of the first model."""
        return SKILL["binary" if isinstance(self.world, float) else "regression"]

    def truth(self, skill: float) -> float:
        """Return the metric of a model of that skill on the whole population, exact or integrated to 1e-8."""
        if isinstance(self.world, str):
            return skill * float(np.sqrt(_mean_square(self.world)))
        if self.metric == "roc_auc":
            return float(ndtr(skill / np.sqrt(2)))
        integrand = _precision if self.metric == "average_precision" else _loss
        at = np.linspace(-FAR, FAR + skill, POINTS)  # the trapezoidal rule is as good as exact on such smooth bells
        return float(np.trapezoid(integrand(at, skill, self.world), at))

    def better_by(self, gain: float) -> float:
        """Return the skill of a model whose metric is better than the first model's by `gain`.

        Where none is (few positives are told to show nothing but gains beyond the furthest), that one.
        """
        gain_of = METRICS[self.metric].gain
        start = self.truth(self.skill)
        furthest = LEAST_SKILL if isinstance(self.world, str) else MOST_SKILL
        if gain_of(start, self.truth(furthest)) <= gain:
            return furthest
        return float(brentq(lambda skill: gain_of(start, self.truth(skill)) - gain, self.skill, furthest, xtol=1e-9))

    def draw(
        self, random: np.random.Generator, rows: int, skills: dict[str, float]
    ) -> tuple[Floats, dict[str, Floats]]:
        """Return the truth (rows,) and each model's predictions (rows,) of freshly drawn rows."""
        shared = random.normal(size=rows)
        noise = {
            name: np.sqrt(AGREEMENT) * shared + np.sqrt(1 - AGREEMENT) * random.normal(size=rows) for name in skills
        }
        if isinstance(self.world, str):
            size = _size(random, rows, self.world)
            return np.zeros(rows), {name: skill * size * noise[name] for name, skill in skills.items()}
        y = (random.random(rows) < self.world).astype(np.float64)
        return y, {name: expit(_log_odds(noise[name] + skill * y, skill, self.world)) for name, skill in skills.items()}


def _size(random: np.random.Generator, rows: int, tail: str) -> Floats:
    if tail == "t(4)":
        return 1 / np.sqrt(random.chisquare(FREEDOM, rows) / FREEDOM)
    return np.exp(LOG_SPREAD * random.normal(size=rows)) if tail == "lognormal" else np.ones(rows)


def _mean_square(tail: str) -> float:
    known = {"normal": 1.0, "t(4)": FREEDOM / (FREEDOM - 2), "lognormal": float(np.exp(2 * LOG_SPREAD**2))}
    return known[tail]


def _log_odds(score: Floats, skill: float, base: float) -> Floats:
    """Return the log odds of a positive given the score: those of the base rate and the two densities' ratio."""
    return np.asarray(logit(base) + skill * score - skill**2 / 2)


def _precision(at: Floats, skill: float, base: float) -> Floats:
    """Return the precision at thresholds, times the density of positives there."""
    found, alarms = base * ndtr(skill - at), (1 - base) * ndtr(-at)
    return np.asarray(_density(at - skill) * found / (found + alarms))


def _loss(at: Floats, skill: float, base: float) -> Floats:
    """Return the log loss at scores, times their density."""
    odds = _log_odds(at, skill, base)
    return np.asarray(-base * _density(at - skill) * log_expit(odds) - (1 - base) * _density(at) * log_expit(-odds))


def _density(at: Floats) -> Floats:
    return np.exp(-np.square(at) / 2) / np.sqrt(2 * np.pi)
