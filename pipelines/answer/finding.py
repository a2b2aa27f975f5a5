"""What surprises most, in one sentence that the picture of the causes lets a reader check."""

from pipelines.answer.places import DIFFERENCE, every, gap, model, say, scores
from pipelines.answer.standing import Standing
from pipelines.causes import BY_NAME
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, ci_form, gain_form, mattering, score_form

WHOLE = 0.995  # of the gain, from which a share is written as all of it


def say_finding(at: Standing, facts: Facts) -> Claim:
    """Return the finding: of a gain its largest cause, else what the picture shows in place of one."""
    if not at.signal:
        return say("finding", NOTHING, facts)
    if at.leak == "the gain":
        return _leak(facts)
    if not at.controls:
        return say("finding", UNTRUSTED, facts)
    if at.verdict != "better":
        return say("finding", NO_GAIN[at.verdict], facts, **gap(facts), **scores(facts))
    places = mattering(facts)
    return _cause(facts, places[0]) if places else say("finding", NO_CAUSE, facts, **gap(facts))


NOTHING = "No change to the baseline matters: none can, where no model is shown to predict better than a constant."
UNTRUSTED = "The causes below are not to be trusted: the same method found an effect where there is none."
NO_GAIN = {
    "tie": "Everything that the strong model adds to the baseline together moves {metric} by {gap} {ci}.",
    "worse": "What the strong model adds to the baseline makes {metric} worse, by {gap} {ci}.",
    "underpowered": (
        "What the strong model adds to the baseline moves {metric} by {gap} {ci}: too few rows to say more."
    ),
}
NO_CAUSE = "No single change is shown to explain the gain of {gap} {ci} by itself."


def _cause(facts: Facts, place: int) -> Claim:
    """Return how much of the gain the largest cause has; of one that leaves the model linear, what such a model has."""
    cause = BY_NAME[facts["reflect"]["attribution"][place]["factor"]]
    where, form, score = f"reflect#/attribution/{place}", gain_form(facts), score_form(facts)
    rung = next(i for i, one in enumerate(facts["reflect"]["ladder"]) if one["rung"] == cause.name)
    share = facts["reflect"]["attribution"][place]["share"]
    part = "All" if share is None or share > WHOLE else "{share}"
    pool: dict[str, Place] = {
        "share": (f"{where}/share", ".0%"), "cause": (f"{where}/factor", ""), "part": (f"{where}/gain", form),
        "whole": (f"{DIFFERENCE}/value", form), "rung": (f"reflect#/ladder/{rung}/test_score", score),
        "metric": ("metric#/label", ""), "baseline": (f"{model(facts, 'baseline')}/score", score),
    }  # fmt: skip
    if cause.remedy is None:
        return say(
            "finding",
            f"{part} of the gain ({{part}} of {{whole}}) comes from {{cause}}: {cause.wording}.",
            facts,
            **pool,
        )
    template = (
        f"{part} of the gain needs no complex model: with {cause.remedy} a plain linear model goes from {{metric}} "
        "{baseline} to {rung}"
    )
    codes = facts["reflect"]["codes"]
    if codes is None or not codes["matters"]:
        return say("finding", template + ".", facts, **pool)
    pool |= every("reflect#/codes/values", len(codes["values"]), "g")
    pool |= {"rows": ("reflect#/codes/rows", ",.0f")}
    values = as_list([f"{{item{i}}}" for i in range(len(codes["values"]))])
    verb = "is a code" if len(codes["values"]) == 1 else "are codes"
    most = codes["gain"] > facts["reflect"]["attribution"][place]["out_of_fold"]["gain"] / 2
    why = f"{'mostly' if most else 'partly'} because {values} {verb} and no numbers in {{rows}} training rows"
    return say("finding", f"{template}, {why}.", facts, **pool)


def _leak(facts: Facts) -> Claim:
    """Return what is left of the gain without the columns that may give the target away."""
    verdict, form = facts["reflect"]["leak_verdict"], ci_form("reflect#/leak_verdict/ci", facts)
    names = every("reflect#/leak_verdict/features", len(verdict["features"]) if verdict else 0)
    leak = "reflect#/leak_verdict"
    return say(
        "finding",
        f"The gain depends on {as_list([f'{{{name}}}' for name in names])}: without, a quick strong model leads the "
        "baseline by {without} {ci} instead of {with_it} in {metric}.",
        facts,
        **names, without=(f"{leak}/gain_without", form), ci=(f"{leak}/ci", form), with_it=(f"{leak}/gain_with", form),
        metric=("metric#/label", ""),
    )  # fmt: skip
