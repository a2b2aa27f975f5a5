"""What the strong model costs to keep; where its use is open, whether that is worth it, as the opening has not said."""

from pipelines.answer.places import model, say, times
from pipelines.answer.worth import SETTLED
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.facts.timings import ModelTimes
from pipelines.findings.wording import gain_form
from pipelines.models.families import variants
from pipelines.report.section import Section, View

MODELS = {variant.name: variant.title for variant in variants()}
WHERE = "compare#/complexity"


def timed(facts: Facts) -> ModelTimes | None:
    """Return the models' times by name, where they were measured."""
    return facts["timings"]["models"] if "timings" in facts and facts["timings"]["models"] else None


def _size(facts: Facts) -> Claim:
    """Return how much larger the strong model is, and how much slower where that was measured."""
    pool: dict[str, Place] = {"times": (f"{WHERE}/times_bytes", times)}
    template = "The strong model takes {times} times the baseline's bytes"
    if timed(facts):
        pool |= {name: (f"timings#/models/{name}/single_microseconds", ",.0f") for name in ("strong", "baseline")}
        template += ", and {strong} microseconds for a single prediction in place of {baseline}"
    return say("size", f"{template}.", facts, **pool)


def _mean(facts: Facts) -> Claim | None:
    """Return that one part of the weighted mean would do nearly as well, where it would."""
    if facts["compare"]["complexity"]["mean_pays"] is not False:
        return None
    ensemble = facts["strong"]["ensemble"]
    title = MODELS.get(ensemble["against"], ensemble["against"])
    template = "Over the folds, its weighted mean gains {gain} over the best single model, less than the margin: "
    if ensemble["gain"] <= 0:
        template = "Over the folds, its weighted mean gains nothing over the best single model ({gain}): "
    alone = f"{title} alone would do {'as' if ensemble['gain'] <= 0 else 'nearly as'} well."
    return say("mean", template + alone, facts, gain=("strong#/ensemble/gain", gain_form(facts)))


def _view(facts: Facts) -> View:
    sizes, found = facts["compare"]["complexity"], timed(facts)
    pairs = [] if found is None else [(found["baseline"], sizes["baseline"]), (found["strong"], sizes["strong"])]
    return {
        "open": "answer" in facts and facts["answer"]["action"] not in SETTLED,
        "size": _size(facts),
        "mean": _mean(facts),
        "timed": found is not None,
        "earlier": any(timed_one["bytes"] != size["bytes"] for timed_one, size in pairs),
        "baseline": model(facts, "baseline"),
        "strong": model(facts, "strong"),
        "margins": sizes["gain_in_margins"] is not None,
        "logarithm": facts["define"]["target_scale"] == "log",
    }


WORTH = Section("worth", "compare", _view, (WHERE,))
