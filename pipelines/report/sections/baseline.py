"""The simple model to beat, and the dummy that knows no feature."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import score_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.spoken.speech import linear, makes_groups
from pipelines.report.views import each, reads_words, without
from pipelines.splits import SPLITS
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "baseline#/models"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.fits import draw_baseline

    return draw_baseline(facts)


def _title(facts: Facts) -> Claim:
    """Return what moves the baseline most, or between which scores it moves over the folds."""
    if facts["baseline"]["coefficients"]:
        pool: dict[str, Place] = {"name": ("baseline#/coefficients/0/feature", "")}
        return say("title", "The baseline's predictions move most with {name}", facts, **pool)
    place = next(i for i, one in enumerate(facts["baseline"]["models"]) if one["role"] == "baseline")
    known = [(i, s) for i, s in enumerate(facts["baseline"]["models"][place]["fold_scores"]) if s is not None]
    ends = sorted(known, key=lambda one: one[1])
    where, form = f"{WHERE}/{place}/fold_scores", score_form(facts)
    between: dict[str, Place] = {"low": (f"{where}/{ends[0][0]}", form), "high": (f"{where}/{ends[-1][0]}", form)}
    return say("title", "Over the folds the baseline scores from {low} to {high}", facts, **between)


def _view(facts: Facts) -> View:
    kind = TARGETS[facts["define"]["task"]]
    later = SPLITS[facts["define"]["split"]["kind"]].later
    return {
        "title": _title(facts),
        "knows": kind.words.knows,
        "linear": linear(facts),
        "groups": makes_groups(facts),
        "words": reads_words(facts),
        "models": each(facts, WHERE),
        "coefficients": bool(facts["baseline"]["coefficients"]),
        "luck": "by luck and by period" if later else "by the luck of the rows alone",
        "failed": without("baseline#/failed", facts["baseline"]["failed"]),
    }


BASELINE = Section("baseline", "baseline", _view, (WHERE,), pictures=(Picture("4-baseline", _draw, "baseline#"),))
