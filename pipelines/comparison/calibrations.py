"""Do the predicted probabilities of both models come true?"""

from collections.abc import Mapping

import numpy as np

from pipelines.comparison.scores import PAIR
from pipelines.core.submit import Pending, Submit
from pipelines.core.table import Table
from pipelines.facts.compare.calibration import Calibration as CalibrationFacts
from pipelines.facts.shared import Compared
from pipelines.inference.calibration import Calibration, calibrate
from pipelines.metrics.prepared import Floats, Integers
from pipelines.targets import Target

Handed = dict[Compared, Pending[Calibration]]


def hand_out_calibrations(rows: Table, test: Mapping[str, Floats], seed: int, submit: Submit) -> Handed:
    """Hand out the calibration of each model on the test `rows`; none where a prediction is no probability."""
    if "probabilities" not in rows.target.can:
        return {}
    return {
        model: submit(calibration, rows.target, rows.y, test[model], rows.unit, seed, name=f"calibration {model}")
        for model in PAIR
    }


def calibration(target: Target, y: Floats, prediction: Floats, group: Integers | None, seed: int) -> Calibration:
    """Return the calibration of the event's probabilities, or of those of all classes together.

    Every class of a row is then an event of its own, and the classes of a row, which depend on each other, are a group.
    """
    if target.outputs == 1:
        return calibrate(y, prediction, seed=seed, group=group)
    unit = np.repeat(np.arange(len(y)) if group is None else group, target.outputs)
    return calibrate(target.one_hot(y).ravel(), prediction.ravel(), seed=seed, group=unit)


def calibration_facts(handed: Handed) -> list[CalibrationFacts] | None:
    """Return the calibrations that were handed out, None where there are none."""
    return [_plain(model, part.result()) for model, part in handed.items()] or None


def _plain(model: Compared, found: Calibration) -> CalibrationFacts:
    return {
        "model": model,
        "bins": [
            {"predicted": one.predicted, "observed": one.observed, "rows": one.rows, "lo": one.lo, "hi": one.hi}
            for one in found.bins
        ],
        "by": found.by,
        "ece": found.ece,
        "ece_ci": list(found.ece_ci),
        "ece_by_chance": found.ece_by_chance,
        "brier": found.brier,
        "reliability": found.reliability,
        "resolution": found.resolution,
        "uncertainty": found.uncertainty,
        "within_bins": found.within_bins,
    }
