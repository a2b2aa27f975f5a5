"""The repaired baseline against the baseline and the strong model: its score, its decisions and its size."""

from collections.abc import Mapping

import numpy as np

from pipelines.core.digits import written_bytes
from pipelines.core.submit import Pending
from pipelines.experiments.experiment import Experiment, Known
from pipelines.facts.reflect.effects import Codes
from pipelines.facts.reflect.repaired import Repaired, RepairedCodes
from pipelines.facts.shared import Tested
from pipelines.inference.bootstrap import Estimate, Replicates, replicates
from pipelines.inference.cost import Costs
from pipelines.inference.paid import PER, Paid, paid
from pipelines.inference.truth import Truth
from pipelines.ladder.repair import REPAIRED as NAME
from pipelines.metrics.prepared import Floats
from pipelines.models.describe import fold_scores

BASELINE, STRONG = "baseline", "strong"
PAIRS = [(BASELINE, NAME), (NAME, STRONG)]


def repaired_facts(known: Known) -> Repaired:
    """Return what the repaired baseline is worth, on the test rows and the resamples of step 6."""
    study, model = known.study, known.repaired
    table = study.table
    predictions = {NAME: model.fitted.prediction, **{one: known.predictions[one] for one in (BASELINE, STRONG)}}
    tested = table.tested
    truth = Truth.of(table, tested, study.metric, study.seed)
    train, test = ({name: one[rows] for name, one in predictions.items()} for rows in (table.scored, tested))
    measured = study.submit(measure, truth, test, name="repaired: paired bootstrap")
    decided = _decisions(known, table.y[table.scored], train, truth, test)
    drawn = measured.result()
    done = decided.result() if decided else None
    versus, adds = (drawn.gain(*pair) for pair in PAIRS)
    whole = study.metric.gain(drawn.point[BASELINE], drawn.point[STRONG])
    scores = fold_scores(model.fitted, known.whole or table, study.metric)
    known_scores = scores[np.isfinite(scores)]
    return {
        "causes": model.causes,
        "codes": _codes(known.codes) if known.codes and model.codes else None,
        "score": drawn.point[NAME],
        "ci": list(drawn.score(NAME).ci),
        "cv_mean": float(known_scores.mean()) if len(known_scores) else None,
        "versus_baseline": _tested(versus),
        "strong_adds": _tested(adds),
        "share": versus.value / whole if whole > 0 else None,
        "threshold": done.decision(NAME) if done else None,
        "saving_per_thousand": done.saving(BASELINE, NAME, PER) if done else None,
        "strong_saves_per_thousand": done.saving(NAME, STRONG, PER) if done else None,
        "bytes": written_bytes(len(model.saved)),
    }


def measure(truth: Truth, predictions: Mapping[str, Floats]) -> Replicates:
    """Return the scores of the three models on the same resamples."""
    return replicates(truth, predictions, pairs=PAIRS)


def _decisions(
    known: Known, train_y: Floats, train: Mapping[str, Floats], truth: Truth, test: Mapping[str, Floats]
) -> Pending[Paid] | None:
    """Hand out the choice of thresholds by cost; None where no costs are given."""
    given = known.project.metric.cost
    if given is None:
        return None
    costs = Costs(given.false_positive, given.false_negative)
    return known.study.submit(paid, train_y, train, truth, test, costs, PAIRS, name="repaired: decisions by cost")


def _codes(found: Codes) -> RepairedCodes:
    return {"features": found["features"], "values": found["values"], "rows": found["rows"]}


def _tested(gain: Estimate) -> Tested:
    return {"value": gain.value, "ci": list(gain.ci), "p_value": gain.p_value}


REPAIRED = Experiment(
    "repaired baseline",
    lambda known: {"repaired": repaired_facts(known)},
    applies=lambda known: known.repaired.repairs,
    otherwise={"repaired": None},
)
