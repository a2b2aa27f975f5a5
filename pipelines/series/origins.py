"""When forecasts are made: an origin every `horizon` steps, each step a target once, and folds that only look back.

Time runs in steps from 0. An *origin* is the last step that a forecast may use; the `horizon` steps after it are its
*block* of targets. Blocks are laid from the end, so the last one ends with the file. A *unit* counts as one
observation in every interval: whole blocks, a week of them where a block is shorter, all series together, because
errors of neighbouring steps, and of all series at one time, have causes in common.

The last units are the test. Of the units before them the first are the *warm-up*, on which models learn and are never
scored; the others are FOLDS consecutive folds. A fold is predicted by models fitted to all blocks before it, the test
by models fitted to all blocks before the test: rolling-origin evaluation (Tashman 2000, International Journal of
Forecasting 16, 437-450).
"""

from dataclasses import dataclass

import numpy as np

from pipelines.core.errors import InputError
from pipelines.core.table import FOLDS, TEST, WARM_UP
from pipelines.targets.arrays import Booleans, Integers

WARM_UP_SHARE = 0.4  # of the units before the test
TEST_SHARE = 0.2  # of all units, where the project file does not say
USUAL_TEST, FEWEST_TEST = 12, 8  # units: as many are enough for a verdict, and fewer for none
FEWEST_OF_FOLD, FEWEST_WARM_UP = 4, 13  # units


@dataclass(frozen=True)
class Origins:
    """The forecasts that are made, in time; arrays have one entry a block."""

    horizon: int  # steps of a block
    origin: Integers  # (blocks,) the last step that the block's forecast may use, ascending
    unit: Integers  # (blocks,) the block's unit, ascending from 0
    fold: Integers  # (blocks,) WARM_UP, 0 to FOLDS - 1, TEST

    @property
    def targets(self) -> Integers:
        """The steps that are forecast, (blocks, horizon)."""
        return self.origin[:, None] + np.arange(1, self.horizon + 1)

    def learned_from(self, fold: int) -> Booleans:
        """Return which blocks (blocks,) the models that predict a fold, or the test, are fitted to: all before it."""
        predicted = np.flatnonzero(self.fold == fold)
        before: Booleans = np.arange(len(self.fold)) < predicted[0]
        return before


def lay_origins(
    steps: int, horizon: int, history: int, week: int | None, where: str, test: int | None = None, wished: int = 0
) -> Origins:
    """Return the origins of a file of so many `steps`, of which every forecast needs the last `history` to look at.

    `week` is the number of steps of a week, None where a step is longer than that; `test` the number of test units. Of
    the warm-up, blocks that have fewer than `wished` steps before them are left out, as long as enough remain.
    Raises InputError where the steps are too few for a warm-up, five folds and a test that decides something.
    """
    length = horizon if week is None else max(1, -(-week // horizon)) * horizon
    blocks = max((steps - history) // horizon, 0)
    units = blocks * horizon // length
    tested = test or max(round(TEST_SHARE * units), USUAL_TEST)
    if tested < FEWEST_TEST:
        raise InputError(
            f"forecast.test is {tested} unit(s) of {length} steps, too few for a verdict",
            where=where,
            allowed=f"at least {FEWEST_TEST}; {USUAL_TEST} or more are better",
            todo="enlarge forecast.test, or leave it out",
        )
    folded = FOLDS * FEWEST_OF_FOLD
    needed = FEWEST_WARM_UP + folded + tested
    if units < needed:
        raise InputError(
            f"{steps:,} steps are too few: beyond the {history:,} that a forecast looks back they hold {units} unit(s) "
            f"of {length} steps",
            where=where,
            allowed=f"at least {needed} units: {FEWEST_WARM_UP} to begin with, {folded} for folds, {tested} to test",
            todo="take a longer history, or make forecast.horizon, forecast.season or forecast.test smaller",
        )
    per_unit = length // horizon
    first = blocks - units * per_unit  # blocks at the beginning that fill no unit: warm-up
    unit = np.maximum((np.arange(blocks) - first) // per_unit, 0)
    training = units - tested
    warm = max(round(WARM_UP_SHARE * training), FEWEST_WARM_UP)
    warm = min(warm, training - folded)
    of_unit = np.concatenate([
        np.full(warm, WARM_UP), np.arange(training - warm) * FOLDS // (training - warm), np.full(tested, TEST)
    ])  # fmt: skip
    origin = steps - 1 - horizon * np.arange(blocks, 0, -1)
    early = min(int((origin + 1 < wished).sum()), int((unit < warm - FEWEST_WARM_UP).sum()))
    fold = of_unit[unit].astype(np.int64)[early:]
    unit = unit.astype(np.int64)[early:]
    return Origins(horizon, origin.astype(np.int64)[early:], unit - unit[0], fold)
