"""A mixture of Gaussians as plain arrays: the density of groups, however these were found.

All sums go row by row, column after column, so that a row has its bits alone and in company.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipelines.groups.mixtures import LEAST_VARIANCE
from pipelines.targets.arrays import Floats, Integers

# What the groups' covariance matrices are. "columns": one for all groups, without covariances; "shared": one for all;
# "diagonal": each its own, without covariances; "free": each its own.
Spread = Literal["columns", "shared", "diagonal", "free"]
HALF_LOG_TURN = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True)
class Gaussians:
    """A mixture: what share of rows each group has, and how these are spread."""

    weights: Floats  # (groups,), summing to 1
    means: Floats  # (groups, columns)
    covariances: Floats  # (groups, columns, columns)

    @classmethod
    def of_labels(cls, values: Floats, labels: Integers, spread: Spread) -> "Gaussians":
        """Return the Gaussians of labelled rows, values (rows, columns) and labels (rows,) from 0 on without gaps.

        A group with no more rows than columns takes the covariances of all groups together.
        """
        size = np.bincount(labels)
        means = np.stack([values[labels == one].mean(axis=0) for one in range(len(size))])
        apart = values - means[labels]
        pooled = apart.T @ apart / len(values)
        own = [
            apart[labels == one].T @ apart[labels == one] / rows
            if spread in ("free", "diagonal") and rows > values.shape[1]
            else pooled
            for one, rows in enumerate(size)
        ]
        floor = LEAST_VARIANCE * np.eye(values.shape[1])
        made = [np.diag(np.diag(one)) if spread in ("columns", "diagonal") else one for one in own]
        return cls(size / len(values), means, np.stack(made) + floor)

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.weights)

    def joint(self, values: Floats) -> Floats:
        """Return the logarithm of each group's share times its density at each row, (rows, groups)."""
        found = np.empty((len(values), self.groups))
        inverses = np.linalg.inv(np.linalg.cholesky(self.covariances))
        for place, (weight, mean, inverse) in enumerate(zip(self.weights, self.means, inverses, strict=True)):
            apart = [values[:, column] - mean[column] for column in range(len(mean))]
            distance = np.zeros(len(values))
            for row in range(len(mean)):
                part = np.zeros(len(values))
                for column in range(row + 1):
                    part += inverse[row, column] * apart[column]
                distance += np.square(part)
            size = float(np.log(np.diag(inverse)).sum()) - len(mean) * HALF_LOG_TURN
            found[:, place] = np.log(weight) + size - distance / 2
        return found

    def log_density(self, values: Floats) -> Floats:
        """Return the logarithm of the mixture's density at each row, (rows,)."""
        return together(self.joint(values))

    def belonging(self, values: Floats) -> Floats:
        """Return how likely each row is of each group, (rows, groups), rows summing to 1."""
        joint = self.joint(values)
        return np.asarray(np.exp(joint - together(joint)[:, None]))


def together(joint: Floats) -> Floats:
    """Return the logarithm of the sum of what logarithms (rows, groups) are of, (rows,); group after group."""
    highest = joint.max(axis=1)
    total = np.zeros(len(joint))
    for place in range(joint.shape[1]):
        total += np.exp(joint[:, place] - highest)
    return np.asarray(highest + np.log(total))


def parameters(groups: int, columns: int, spread: Spread) -> int:
    """Return how many numbers a mixture has to learn: shares, means and covariances."""
    whole = columns * (columns + 1) // 2
    of_spread = {"columns": columns, "shared": whole, "diagonal": groups * columns, "free": groups * whole}
    return groups - 1 + groups * columns + of_spread[spread]


def bic(found: Gaussians, values: Floats, spread: Spread) -> float:
    """Return the Bayesian information criterion on the rows fitted to, values (rows, columns); less is better.

    Source: Schwarz 1978, Estimating the dimension of a model, Annals of Statistics 6, 461-464.
    """
    learned = parameters(found.groups, values.shape[1], spread)
    return float(learned * np.log(len(values)) - 2 * found.log_density(values).sum())
