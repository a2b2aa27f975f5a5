"""What each change is worth in density: how much likelier rows left out become, whatever the project's metric."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.groups import NATS, WHERE, nats, nats_form, scored
from pipelines.findings.texts import fraction
from pipelines.report.section import Section, View

RUNGS = f"{WHERE}/rungs"
LARGEST = (
    "From {first} on, log density of rows left out rises from {before} to {after} nats a row, and about {share} of "
    "that is {rung}: {gain} {ci}."
)
SURE = (
    "Of the changes whose gain is beyond chance, {rung} makes rows left out likelier by most: {gain} {ci} nats a row. "
    "That of {other_rung}, {other_gain} {other_ci}, is larger, and too uncertain to call."
)
NOTHING = "No change makes rows left out likelier by more than chance would."
AGREE = "With {best}, density is highest, and {metric} is best as well."
DIFFER = (
    "Density and use disagree: density is highest with {best}, where {metric} is {its}; {metric} is best with "
    "{useful}, {most}. With an outcome, the outcome decides."
)
HUMP = "One Gaussian has {one} nats, columns apart {apart}."
WHOLE = 0.95  # of the gain, from which a change is said to be nearly all of it


def largest(facts: Facts) -> Claim:
    """Return which change makes rows left out likelier by most, and about which part of all gains that is."""
    rungs = facts["reflect"]["groups"]["rungs"]
    gains = {i: one["gain"] for i, one in enumerate(rungs) if one["gain"] is not None}
    last = max(range(len(rungs)), key=lambda i: rungs[i]["density"])
    sure = [i for i, one in gains.items() if one["ci"][0] > 0 and one["value"] >= NATS and i <= last]
    if not sure:
        return say("density", NOTHING, facts)
    place, other = (max(some, key=lambda i: gains[i]["value"]) for some in (sure, gains))
    pool = _gain(facts, place)
    if place != other:
        return say("density", SURE, facts, **pool, **{f"other_{key}": at for key, at in _gain(facts, other).items()})
    pool |= {
        "first": (f"{RUNGS}/0/rung", ""), "before": (f"{RUNGS}/0/density", nats_form),
        "after": (f"{RUNGS}/{last}/density", nats_form),
    }  # fmt: skip
    part = gains[place]["value"] / (rungs[last]["density"] - rungs[0]["density"])
    text = LARGEST.replace("about {share}", "all" if part > 1 else "nearly all" if part >= WHOLE else "about {share}")
    return say("density", text.replace("{share}", fraction(part)), facts, **pool)


def _gain(facts: Facts, place: int) -> dict[str, Place]:
    """Return where a change's name, its gain and the interval of that stand."""
    at = f"{RUNGS}/{place}"
    form = nats(facts, f"{at}/gain/ci")
    return {"rung": (f"{at}/rung", ""), "gain": (f"{at}/gain/value", form), "ci": (f"{at}/gain/ci", form)}


def use(facts: Facts) -> Claim | None:
    """Return whether the densest groups are the most useful ones, too; None without an outcome."""
    rungs = facts["reflect"]["groups"]["rungs"]
    known = [i for i, one in enumerate(rungs) if one["score"] is not None]
    if not known or not scored(facts):
        return None
    sign = 1 if facts["metric"]["greater_is_better"] else -1
    best = max(known, key=lambda i: rungs[i]["density"])
    useful = max(known, key=lambda i: sign * (rungs[i]["score"] or 0.0))
    pool: dict[str, Place] = {
        "best": (f"{RUNGS}/{best}/rung", ""), "useful": (f"{RUNGS}/{useful}/rung", ""), "metric": ("metric#/label", ""),
        "its": (f"{RUNGS}/{best}/score", ".3f"), "most": (f"{RUNGS}/{useful}/score", ".3f"),
    }  # fmt: skip
    text = AGREE if best == useful else DIFFER
    return say("use", text, facts, **pool)


def _view(facts: Facts) -> View:
    pool: dict[str, Place] = {
        "one": (f"{WHERE}/density_of_one", nats_form), "apart": (f"{WHERE}/density_alone", nats_form),
    }  # fmt: skip
    return {
        "largest": largest(facts), "use": use(facts), "hump": say("hump", HUMP, facts, **pool),
        "scored": scored(facts),
        "rungs": [
            (f"{RUNGS}/{i}", one["gain"] is not None) for i, one in enumerate(facts["reflect"]["groups"]["rungs"])
        ],
    }  # fmt: skip


GROUP_DENSITY = Section("group_density", "reflect", _view, (RUNGS,))
