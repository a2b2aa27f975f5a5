"""Rows as what a Gaussian depends on: a one, the values, and their products in pairs.

With these, the log density of all rows is one product of matrices, and so are the sums that covariances are made of.
Where that takes too much memory, products in pairs are summed component by component.
Values are scaled (mean near 0, variance near 1), so that a difference of moments loses no more than some 1e-13.
"""

import numpy as np

from pipelines.groups.columns import Floats

AT_ONCE = 1 << 24  # moments that are held: 128 MiB
LOG_TURN = float(np.log(2 * np.pi))


class Moments:
    """The moments of rows (n, columns): 1 + columns + pairs, of which all are kept where `crossed`, else squares."""

    def __init__(self, z: Floats, *, crossed: bool) -> None:
        self.rows, self.columns = z.shape
        self.together = np.asarray(z.T @ z / self.rows)  # the mean of all rows' products, (columns, columns)
        self._one, self._other = np.triu_indices(self.columns) if crossed else np.diag_indices(self.columns)
        self._twice = np.where(self._one == self._other, 1.0, 2.0)  # a pair stands twice in a quadratic form
        self._z, parts = z, [np.ones((self.rows, 1)), z]
        self._whole = not crossed or self.rows * (1 + self.columns + len(self._one)) <= AT_ONCE
        if self._whole:
            parts.append(z[:, self._one] * z[:, self._other])
        self._moments = np.concatenate(parts, axis=1)

    def sums(self, member: Floats) -> Floats:
        """Return the sums of moments over rows that belong to components by shares (n, components)."""
        found = np.asarray(member.T @ self._moments)
        if self._whole:
            return found
        pairs = [((share[:, None] * self._z).T @ self._z)[self._one, self._other] for share in member.T]
        return np.concatenate([found, pairs], axis=1)

    def means(self, sums: Floats, count: Floats) -> Floats:
        """Return the means (components, columns) of sums over so many rows (components,)."""
        return np.asarray(sums[:, 1 : 1 + self.columns] / count[:, None])

    def covariances(self, sums: Floats, count: Floats, means: Floats) -> Floats:
        """Return the covariances (components, columns, columns); those of squares alone are diagonal."""
        pairs = sums[:, 1 + self.columns :] / count[:, None] - means[:, self._one] * means[:, self._other]
        squares = self._one == self._other
        pairs[:, squares] = np.maximum(pairs[:, squares], 0)
        found = np.zeros((len(count), self.columns, self.columns))
        found[:, self._one, self._other] = pairs
        found[:, self._other, self._one] = pairs
        return found

    def expected(self, weights: Floats, means: Floats, covariances: Floats) -> tuple[float, Floats]:
        """Return the mean log density of a mixture in nats, and by what shares rows belong to it, (n, components).

        Weights are of shape (components,), means (components, columns), covariances (components, columns, columns).
        """
        precisions = np.linalg.inv(covariances)
        pulls = np.einsum("kij,kj->ki", precisions, means)
        apart = np.linalg.slogdet(covariances)[1] + self.columns * LOG_TURN + np.einsum("ki,ki->k", means, pulls)
        linear = [(np.log(weights) - apart / 2)[:, None], pulls]
        if self._whole:
            linear.append(-precisions[:, self._one, self._other] * self._twice / 2)
        joint = self._moments @ np.concatenate(linear, axis=1).T
        if not self._whole:
            for place, precision in enumerate(precisions):
                joint[:, place] -= np.einsum("nd,nd->n", self._z @ precision, self._z) / 2
        most = joint.max(axis=1, keepdims=True)
        member = np.exp(joint - most)
        density = member.sum(axis=1, keepdims=True)
        return float((most + np.log(density)).mean()), member / density
