"""Which model becomes `strong`: a weighted mean of the candidates, the best of them, or a simpler one tied with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.strong import ChoiceFacts
from pipelines.metrics.metric import Metric
from pipelines.models.choosing.selection import beats, choose, chosen_elsewhere
from pipelines.models.describe import fold_scores
from pipelines.models.folds import CrossFit
from pipelines.models.mean import combine

WHY_A_MEAN = (
    "a weighted mean of several models beats the best of them by more than one standard error on training rows "
    "that helped neither to fit, nor to weigh, nor to choose it"
)


@dataclass(frozen=True)
class Chosen:
    """The model that becomes `strong`."""

    model: CrossFit
    is_mean: bool
    facts: ChoiceFacts


def choose_strong(
    candidates: Sequence[CrossFit], table: Table, metric: Metric, margin: float, seed: int, submit: Submit
) -> Chosen:
    """Return which of the candidates, the preferred ones first, is taken, or their weighted mean.

    The choice is by mean score of the metric over the folds, so on training rows alone: the mean where it beats the
    best candidate by more than noise, else that one or a simpler one tied with it.
    """
    scores = {one.name: fold_scores(one, table, metric) for one in candidates}
    single = choose(scores, metric, list(scores), margin)
    combined, weights = combine(table, candidates, submit)
    rival = chosen_elsewhere(scores, {one.name: one.prediction for one in candidates}, table.fold, metric)
    judged = beats(table, metric, combined.prediction, rival, seed)
    kept = judged.kept and len(weights) > 1
    taken = combined if kept else next(one for one in candidates if one.name == single.name)
    facts: ChoiceFacts = {
        "chosen": taken.name,
        "why_chosen": WHY_A_MEAN if kept else single.why,
        "ranking": single.ranking,
        "ensemble": {
            "gain": judged.gain,
            "standard_error": judged.standard_error,
            "kept": kept,
            "against": single.ranking[0]["name"],
            "weights": weights,
        },
    }
    return Chosen(taken, kept, facts)
