"""One or several series on the same regular steps of time, with what else is known of each step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from pipelines.targets.arrays import Floats


@dataclass(frozen=True)
class Panel:
    """The target of each series at each step, (series, steps), NaN before a series begins; covariates likewise.

    A covariate of categories holds the place of each level among its `levels`, NaN where it is missing.
    """

    target: Floats
    known: Mapping[str, Floats] = field(default_factory=dict)  # known of a step long before it comes
    past: Mapping[str, Floats] = field(default_factory=dict)  # known of a step once it is over
    oracle: Mapping[str, Floats] = field(default_factory=dict)  # of the target's own step, but not known in time
    times: np.ndarray = field(default_factory=lambda: np.empty(0, "datetime64[s]"))  # (steps,)
    names: tuple[str, ...] = ()  # of the series; one without a name where there is one
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of covariates that are categories

    @property
    def steps(self) -> int:
        """The number of steps."""
        return self.target.shape[1]

    def replaced_after(self, step: int, seed: int) -> Self:
        """Return the panel with noise, far from all that was, in place of what is unknown at the end of `step`."""
        rng = np.random.default_rng(seed)
        past = {name: _noise_after(one, step, rng) for name, one in self.past.items()}
        return replace(self, target=_noise_after(self.target, step, rng), past=past)


def _noise_after(values: Floats, step: int, rng: np.random.Generator) -> Floats:
    replaced = values.copy()
    later = replaced[:, step + 1 :]
    spread = float(np.nanstd(values)) or 1.0
    later[...] = np.nanmax(np.abs(values)) + spread * rng.uniform(1.0, 100.0, later.shape)
    return replaced
