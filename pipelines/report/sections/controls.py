"""The negative controls: whether the method finds something where there is nothing to find."""

from pipelines.answer.places import beside_margin, say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.ladder.alpha import ALPHA
from pipelines.report.section import Section, View
from pipelines.report.spoken.speech import makes_groups, tried_on, without_outcome

WHERE = "reflect#/controls"
TRIED = "The same method was run where there is nothing to find: on a shuffled target, and beside a column of noise ("
NOTHING = "It kept no change on the shuffled target, and found nothing in the noise."
SMALL = "Nothing reached the margin of {margin}; the largest effect was {factor} with {gain}"
CHANCE = "Nothing was beyond chance; the largest effect was {factor} with {gain}"
OF_GROUPS = "The same method was run where there is nothing to find: on WHERE ("
NOTHING_OF_GROUPS = "It kept no change there."
CORRELATED = "It found what one Gaussian has, {factor} with {gain}, and nothing else."
EFFECT_OF_GROUPS = "It found an effect there, {factor} with {gain}: do not trust the causes above."
EFFECT = "It found an effect on the shuffled target, {factor} with {gain}: do not trust the causes above."
IN_NOISE = "It found an effect of the noise: do not trust the causes above."


def _largest(facts: Facts) -> int | None:
    """Return the place of the largest effect on the shuffled target; None where nothing was kept."""
    effects = facts["reflect"]["controls"]["shuffled"]["attribution"]
    gains = {place: item["gain"] for place, item in enumerate(effects) if item["gain"] > 0}
    return max(gains, key=lambda place: gains[place]) if gains else None


def _outcome(facts: Facts, largest: int | None) -> str:
    """Return what came out, as a template."""
    controls = facts["reflect"]["controls"]
    if makes_groups(facts):
        found_it = controls["shuffled"]["effect"] and largest is not None
        if largest is None or (not controls["passed"] and not found_it):
            return NOTHING_OF_GROUPS
        if found_it or without_outcome(facts):
            return EFFECT_OF_GROUPS if found_it else CORRELATED
    elif not controls["passed"]:
        return EFFECT if controls["shuffled"]["effect"] and largest is not None else IN_NOISE
    if largest is None:
        return NOTHING
    found = controls["shuffled"]["attribution"][largest]
    if found["gain"] >= facts["metric"]["margin"]:
        return CHANCE + "."
    p = found["p_adjusted"]
    return SMALL + (", p {p}." if p is not None and p < ALPHA else ".")


def say_controls(facts: Facts) -> Claim:
    """Return what was tried, what came out, and the largest effect, in two sentences."""
    controls, largest = facts["reflect"]["controls"], _largest(facts)
    where = f"{WHERE}/shuffled/attribution/{largest}"
    pool: dict[str, Place] = {
        "rows": (f"{WHERE}/rows", ",.0f"), "of": ("define#/split/train", ",.0f"),
        "features": (f"{WHERE}/features", ",.0f"), "margin": ("metric#/margin", "g"),
        "factor": (f"{where}/factor", ""), "gain": (f"{where}/gain", beside_margin(facts)),
        "p": (f"{where}/p_adjusted", ".3f"),
    }  # fmt: skip
    sampled = controls["rows"] < facts["define"]["split"]["train"]
    rows = "a sample of {rows} of the {of} training rows" if sampled else "{rows} training rows"
    features = "{features} feature" if controls["features"] == 1 else "{features} features"
    tried = TRIED
    if makes_groups(facts):
        tried = OF_GROUPS.replace("on WHERE", tried_on(facts))
    return say("controls", f"{tried}{rows}, {features}). {_outcome(facts, largest)}", facts, **pool)


def _view(facts: Facts) -> View:
    return {"controls": say_controls(facts)}


CONTROLS = Section("controls", "reflect", _view, (WHERE,))
