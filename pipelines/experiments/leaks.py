"""Leaks, confirmed by refitting: what is left of the score, and of the gain, without a suspicious column."""

import numpy as np

from pipelines.core.submit import Pending
from pipelines.core.table import Table
from pipelines.experiments.experiment import Experiment, Known, of_labels
from pipelines.experiments.without import Refit, constant, refit_without
from pipelines.facts.eda import EdaFacts
from pipelines.facts.reflect.leaks import Leakage, LeakLoss, Leaks, LeakVerdict
from pipelines.inference.foldwise import score_over_folds
from pipelines.inference.truth import Truth
from pipelines.ladder.gains import Gain, paired_gains
from pipelines.ladder.study import Study

SUSPECTS = 3  # refitted without, one at a time; the strongest single column comes on top
LITTLE = 0.2  # of the gain: where less is left without the suspects, even at the interval's end, they are the gain


def suspects(table: Table, eda: EdaFacts) -> dict[str, str]:
    """Return why step 3 suspects a feature, by feature."""
    return {item["feature"]: item["why"] for item in eda["leak_suspects"] if item["feature"] in table.features}


def left_out(table: Table, eda: EdaFacts) -> list[str]:
    """Return the features to do without, one at a time: the first SUSPECTS, and the one that is strongest alone.

    There are none where nothing would be left without the only feature, and nothing speaks against it.
    """
    why = suspects(table, eda)
    alone = {name: score for name, score in _alone(eda).items() if score is not None and name in table.features}
    strongest = sorted(alone, key=lambda name: (-alone[name], name))[:1]
    names = list(dict.fromkeys([*list(why)[:SUSPECTS], *strongest]))
    return names if len(table.features) > 1 or why else []


def _alone(eda: EdaFacts) -> dict[str, float | None]:
    return {column["name"]: column.get("score_alone") for column in eda["columns"]}


def leakage_facts(study: Study, everything: Pending[Refit], eda: EdaFacts, *, better: bool) -> Leaks:
    """Return what the models lose without a suspect, and whether the suspects are the gain.

    `leakage` has an entry for each feature that is to be `left_out`; scores are those of a quick strong model, gains
    are its lead over the baseline, both refitted, out-of-fold. For `leak_verdict` see `judge_leak`. `everything` are
    the models with all features; without a strong model that is `better`, beyond what a constant reaches too, there is
    no gain that could be a leak.
    """
    table, submit = study.table, study.submit
    alone, why, names = _alone(eda), suspects(table, eda), left_out(table, eda)
    dropped = dict.fromkeys([(name,) for name in names])
    together = tuple(why) if why else None
    pending = {
        one: submit(refit_without, table, one, None, study.seed, name=f"leaks: refit without {', '.join(one)}")
        for one in dict.fromkeys([*dropped, *([together] if together else [])])
    }
    whole = everything.result()
    without = {one: refit.result() for one, refit in pending.items()}
    facts: list[Leakage] = [
        {
            "feature": name, "score_alone": alone.get(name), "suspect": name in why, "why": why.get(name, HONEST),
            **_loss(study, whole, without[name,]),
        }
        for name in names
    ]  # fmt: skip
    verdict = judge_leak(study, together, whole, without[together], better=better) if together else None
    return {"leakage": facts, "leak_verdict": verdict}


HONEST = "the strongest single column; step 3 found nothing suspicious in it"


def judge_leak(study: Study, suspects: tuple[str, ...], whole: Refit, without: Refit, *, better: bool) -> LeakVerdict:
    """Return whether the gain is the leak: what is left of the quick strong model's lead without any of the suspects.

    Gains are those over the folds. `is_the_gain` where the strong model is `better`, the lead with them is
    beyond chance and reaches the margin, and that interval ends below the LITTLE of it.
    """
    gains = _gain(study, whole), _gain(study, without)
    established = gains[0].ci[0] > 0 and gains[0].value >= study.margin
    return {
        "features": list(suspects), **_loss(study, whole, without),
        "gain_with": gains[0].value, "gain_without": gains[1].value, "ci": list(gains[1].ci),
        "is_the_gain": bool(better and established and gains[1].ci[1] < LITTLE * gains[0].value),
    }  # fmt: skip


def _gain(study: Study, refit: Refit) -> Gain:
    truth = Truth.of(study.table, study.table.scored, study.metric, study.seed)
    (gain,) = paired_gains(truth, refit._asdict(), [("baseline", "strong")])
    return gain


def _loss(study: Study, whole: Refit, without: Refit) -> LeakLoss:
    """Return the quick strong model's scores and leads with everything and without, and the share of skill lost."""
    table, measure = study.table, study.metric
    training = table.scored

    def score(prediction: np.ndarray) -> float:
        return score_over_folds(measure, table.y[training], prediction, table.fold[training])

    base, strong, left = score(whole.baseline), score(whole.strong), score(without.strong)
    skill = measure.gain(score(constant(table)[training]), strong)
    return {
        "score_with": strong,
        "score_without": left,
        "gain_with": measure.gain(base, strong),
        "gain_without": measure.gain(score(without.baseline), left),
        "share_lost": measure.gain(left, strong) / skill if skill > 0 else None,
    }


def _run(known: Known) -> Leaks:
    return leakage_facts(known.study, known.everything, known.facts["eda"], better=known.better)


LEAKS = Experiment(
    "leaks",
    _run,
    applies=lambda known: (
        of_labels(known) and not known.study.table.forward and bool(left_out(known.study.table, known.facts["eda"]))
    ),
    otherwise={"leakage": [], "leak_verdict": None},
    longest=3.0,
    compares_with_everything=True,
)
