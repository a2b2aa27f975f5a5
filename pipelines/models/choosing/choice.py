"""Which model becomes `strong`: a weighted mean of the candidates, the best of them, or a simpler one tied with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.submit import Submit
from pipelines.core.table import Table
from pipelines.facts.strong import ChoiceFacts
from pipelines.metrics.metric import Metric
from pipelines.models.choosing.selection import against, choose, chosen_elsewhere
from pipelines.models.describe import fold_scores
from pipelines.models.folds import CrossFit
from pipelines.models.mean import combine

BETTER = (
    "a weighted mean of several models beats the best of them by more than one standard error on training rows "
    "that helped neither to fit, nor to weigh, nor to choose it"
)
TIED = (
    "a weighted mean of several models and the best of them differ by no more than one standard error on training rows "
    "that helped neither to fit, nor to weigh, nor to choose it; the mean is taken, because it depends less on the "
    "choice of one model"
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

    A mean of groupings puts no row into a group, so of such models one alone is taken. The choice is by score on
    training rows out of fold: the mean, except where it is worse than the best candidate beyond noise; then that one,
    or a simpler one tied with it. On eleven of twelve small development tables the mean scored better on the test rows
    than the single model, though out of fold it was better beyond noise on six only.
    """
    scores = {one.name: fold_scores(one, table, metric) for one in candidates}
    single = choose(scores, metric, list(scores), margin)
    mixed = candidates if table.target.blends else [one for one in candidates if one.name == single.name]
    combined, weights = combine(table, mixed, submit)
    rival = chosen_elsewhere(
        {one.name: scores[one.name] for one in mixed}, {one.name: one.prediction for one in mixed}, table.fold, metric
    )
    judged = against(table, metric, combined.prediction, rival, seed)
    kept = len(weights) > 1 and not judged.worse
    taken = combined if kept else next(one for one in candidates if one.name == single.name)
    facts: ChoiceFacts = {
        "chosen": taken.name,
        "why_chosen": (BETTER if judged.better else TIED) if kept else single.why,
        "ranking": single.ranking,
        "ensemble": {
            "gain": judged.gain,
            "standard_error": judged.standard_error,
            "better": judged.better,
            "kept": kept,
            "against": single.ranking[0]["name"],
            "weights": weights,
        },
    }
    return Chosen(taken, kept, facts)
