"""Tuning: what the strong model has beyond the other causes: its settings, averaging, or being of another kind."""

from pipelines.causes.cause import Cause
from pipelines.causes.guess import Guess, idle
from pipelines.exploration.sentences import form_of, say
from pipelines.facts.eda import EdaLook

FEW_ROWS = 50  # of the rarer class (or rows) a feature, below which restraint decides; rules of thumb ask for 10 to 50


def _guess(facts: EdaLook) -> Guess:
    """Guess from the rows per feature: with few, it matters much how strongly a model is held back."""
    from pipelines.targets import TARGETS

    ratio = facts["size"]["rows_per_feature"]
    if not facts["screens"]["signal"]:
        return idle(facts, "No quick fit shows a signal, so tuning has nothing to find.")
    kind = TARGETS[facts["target"]["task"]].words.evidence
    about = {"ratio": ("size/rows_per_feature", form_of)}
    if ratio < FEW_ROWS:
        text = f"There are only {{ratio}} {kind} per feature, too few for default settings: tuning will matter."
        return Guess(matters=True, features=[], why=say(facts, text, **about))
    text = f"There are {{ratio}} {kind} per feature, enough for default settings: tuning will not matter."
    return Guess(matters=False, features=[], why=say(facts, text, **about))


TUNING = Cause(
    name="tuning",
    title="all the rest: settings, averaging",
    step="whatever tuning adds",
    wording="all remaining differences",
    grows="rest",
    guess=_guess,
)
