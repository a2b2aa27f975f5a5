"""The metrics of targets with classes: of an event, and most of several classes too."""

from math import inf

import numpy as np

from pipelines.metrics import several_classes as several
from pipelines.metrics import two_classes as two
from pipelines.metrics.constants import group_means
from pipelines.metrics.looks import Look, rank_auc, rank_precision
from pipelines.metrics.metric import LABEL_THRESHOLD, Metric, Proposal
from pipelines.metrics.prepared import Floats, Prepared, divide
from pipelines.metrics.ranks import prepare_average_precision, prepare_roc_auc
from pipelines.targets import TARGETS, Classes, Event
from pipelines.targets.labelled import indicators

ANY = tuple(kind.name for kind in TARGETS.values() if "probabilities" in kind.can)
EVENT = tuple(name for name in ANY if "curves" in TARGETS[name].can)
ONE = 0.9  # share of the commonest class above which constant probabilities look good
RARE = 0.05  # share of the rarer class below which average precision says more


def _correlation(own: Floats, answered: Floats) -> Prepared:
    """Return the correlation of the rows' own classes with the answers, both 0/1, (rows, classes).

    0 where all rows are of one class, or all answers name one. Source: Gorodkin 2004, Comparing two K-category
    assignments by a K-category correlation coefficient, Computational Biology and Chemistry 28, 367-374.
    """
    right = (own * answered).sum(axis=1)

    def score(weights: Floats) -> Floats:
        total, hits, true, named = weights.sum(axis=0), right @ weights, own.T @ weights, answered.T @ weights
        spreads = [np.square(total) - np.square(part).sum(axis=0) for part in (true, named)]
        return divide(hits * total - (true * named).sum(axis=0), np.sqrt(np.maximum(spreads[0] * spreads[1], 0)), 0.0)

    def influence() -> Floats:
        total, hits, true, named = float(len(right)), right.sum(), own.sum(axis=0), answered.sum(axis=0)
        spread, spread_named = total**2 - np.square(true).sum(), total**2 - np.square(named).sum()
        if not spread * spread_named > 0:
            return np.zeros(len(right))
        above, below = hits * total - true @ named, np.sqrt(spread * spread_named)
        moved = right * total + hits - own @ named - answered @ true
        widened = (total - own @ true) / spread + (total - answered @ named) / spread_named
        influences: Floats = (moved - above * widened) / below
        return influences

    return Prepared(score, influence)


def _correlation_of_two(y: Floats, prediction: Floats) -> Prepared:
    return _correlation(indicators(y, 2), indicators((prediction >= LABEL_THRESHOLD).astype(np.float64), 2))


def _correlation_of_several(y: Floats, prediction: Floats) -> Prepared:
    classes = prediction.shape[1]
    return _correlation(indicators(y, classes), indicators(prediction.argmax(axis=1).astype(np.float64), classes))


ROWS = (
    Metric(
        name="roc_auc",
        label="ROC AUC",
        why="It asks how often a positive is ranked above a negative, whatever the threshold and the base rate.",
        why_several="It asks how often a row of a class is ranked above one of another, each class against all others.",
        targets=ANY,
        greater_is_better=True,
        range=(0, 1),
        scale="share",
        prepare_single=prepare_roc_auc,
        prepare_several=several.prepare_roc_auc,
        needs_classes=(0, 1),
        hides_false_alarms=True,
        is_auc=True,
        best_constant=group_means,
        proposals=(
            Proposal(Event.name, "how well the two are distinguished, whatever the threshold"),
            Proposal(
                Classes.name, "{commonest:.3g} % are of one class, whose share alone has a small log loss", above=ONE
            ),
        ),
        draft_margin=0.005,
        shows_signal=ANY,
        look=Look("ROC AUC", 20_000, rank_auc, 0.5, EVENT, leak=0.975, suspicious=0.9),
    ),
    Metric(
        name="average_precision",
        label="average precision",
        why="It asks how pure the top of the ranking is: the mean precision at each positive found.",
        targets=EVENT,
        greater_is_better=True,
        range=(0, 1),
        scale="share",
        prepare_single=prepare_average_precision,
        needs_classes=(1,),
        proposals=(Proposal(Event.name, "the rarer class is {rarer:.3g} % of the rows", RARE, of_rarer=True),),
        draft_margin=0.01,
        # It depends on the few common rows that score like rare ones, and needs more of them.
        look=Look("average precision", 40_000, rank_precision, None),
    ),
    Metric(
        name="log_loss",
        label="log loss",
        why="It asks for honest probabilities and punishes sure and wrong ones most.",
        why_several="It asks for honest probabilities of all classes, and punishes sure and wrong ones most.",
        targets=ANY,
        greater_is_better=False,
        range=(0, inf),
        scale="error",
        prepare_single=two.prepare_log_loss,
        prepare_several=several.prepare_log_loss,
        best_constant=group_means,
        leads=(Classes.name,),
        proposals=(Proposal(Classes.name, "probabilities for every class"),),
        draft_margin=0.01,
    ),
    Metric(
        name="brier",
        label="Brier score",
        why="It asks for honest probabilities: the mean squared distance from what happened.",
        why_several="It asks for honest probabilities of all classes: the squared distance from what happened.",
        targets=ANY,
        greater_is_better=False,
        range=(0, 2),  # of two classes up to 1
        scale="error",
        prepare_single=two.prepare_brier,
        prepare_several=several.prepare_brier,
        best_constant=group_means,
        leads=(Classes.name,),
        draft_margin=0.005,
    ),
    Metric(
        name="accuracy",
        label="accuracy",
        why="It counts right answers, each row alike.",
        targets=ANY,
        greater_is_better=True,
        range=(0, 1),
        scale="share",
        prepare_single=two.prepare_accuracy,
        prepare_several=several.prepare_accuracy,
        uses_threshold=True,
        flatters_the_commonest=True,
        best_constant=group_means,
        draft_margin=0.01,
    ),
    Metric(
        name="balanced_accuracy",
        label="balanced accuracy",
        why="It counts right answers within each class and weighs both classes alike.",
        why_several="It counts right answers within each class and weighs all classes alike.",
        targets=ANY,
        greater_is_better=True,
        range=(0, 1),
        scale="share",
        prepare_single=two.prepare_balanced_accuracy,
        prepare_several=several.prepare_balanced_accuracy,
        needs_classes=(0, 1),
        uses_threshold=True,
        draft_margin=0.01,
    ),
    Metric(
        name="precision",
        label="precision",
        why="It asks how many of the flagged rows are positives.",
        targets=EVENT,
        greater_is_better=True,
        range=(0, 1),
        scale="share",
        prepare_single=two.prepare_precision,
        needs_classes=(1,),
        uses_threshold=True,
        draft_margin=0.01,
    ),
    Metric(
        name="recall",
        label="recall",
        why="It asks how many of the positives are flagged.",
        targets=EVENT,
        greater_is_better=True,
        range=(0, 1),
        scale="share",
        prepare_single=two.prepare_recall,
        needs_classes=(1,),
        uses_threshold=True,
        draft_margin=0.01,
    ),
    Metric(
        name="f1",
        label="F1",
        why="It balances how many of the flagged are positives against how many of the positives are flagged.",
        why_several="It balances hits and false alarms within each class and weighs all classes alike.",
        targets=ANY,
        greater_is_better=True,
        range=(0, 1),
        scale="share",
        prepare_single=two.prepare_f1,
        prepare_several=several.prepare_f1,
        needs_classes=(1,),
        uses_threshold=True,
        draft_margin=0.01,
    ),
    Metric(
        name="mcc",
        label="Matthews correlation",
        why="It correlates the answers with the truth, so that a guess scores nothing, whatever the base rate.",
        targets=ANY,
        greater_is_better=True,
        range=(-1, 1),
        scale="explained",
        prepare_single=_correlation_of_two,
        prepare_several=_correlation_of_several,
        needs_classes=(0, 1),
        uses_threshold=True,
        draft_margin=0.01,
    ),
)
