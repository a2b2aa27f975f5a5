"""What surprises most, in one sentence that the picture of the causes lets a reader check."""

from pipelines.answer.places import DIFFERENCE, every, gap, say, scores
from pipelines.answer.shares import Part, below, leading, stays_linear, whole_gain
from pipelines.answer.standing import Standing
from pipelines.causes import BY_NAME, SCALE
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, ci_form, gain_form, score_form


def say_finding(at: Standing, facts: Facts) -> Claim:
    """Return the finding: of a gain its largest cause, else what the picture shows in place of one."""
    if not at.signal:
        return say("finding", NOTHING, facts)
    if at.leak == "the gain":
        return _leak(facts)
    if not at.controls:
        return say("finding", UNTRUSTED, facts)
    if at.verdict != "better":
        return say("finding", _no_gain(at), facts, **gap(facts), **scores(facts))
    found = leading(facts)
    return say("finding", NO_CAUSE, facts, **gap(facts)) if found is None else _cause(facts, *found)


NOTHING = "No change to the baseline matters: none can, where no model is shown to predict better than a constant."
UNTRUSTED = "The causes below are not to be trusted: the same method found an effect where there is none."
NO_GAIN = {
    "tie": "All that the strong model adds to the baseline gains {gap} {ci} in {metric}.",
    "worse": "What the strong model adds to the baseline makes {metric} worse: the gain is {gap} {ci}.",
    "underpowered": (
        "What the strong model adds to the baseline gains {gap} {ci} in {metric}: too few rows to say more."
    ),
}
FROM_CONSTANT = "From a constant, which the baseline loses to, the strong model differs by {gap} {ci} in {metric}."
NO_CAUSE = "No single change is shown to explain the gain of {gap} {ci} by itself."
FOLDS_ONLY = (
    "Over the folds {cause} gains {folds}, but on the test rows {part} {part_ci} of {whole}: there no "
    "single change is shown to explain the gain."
)


def _no_gain(at: Standing) -> str:
    """Return what all changes together come to, as a template."""
    if at.lost_baseline:
        return FROM_CONSTANT
    return NO_GAIN[at.verdict]


def _cause(facts: Facts, place: int, part: Part) -> Claim:
    """Return how much of the gain the largest cause has; of one that leaves the model linear, what such a model has."""
    cause = BY_NAME[facts["reflect"]["attribution"][place]["factor"]]
    where, form, score = f"reflect#/attribution/{place}", gain_form(facts), score_form(facts)
    ci = ci_form(f"{where}/ci", facts)
    pool: dict[str, Place] = {
        "share": (f"{where}/share", ".0%"), "cause": (f"{where}/factor", ""), "part": (f"{where}/gain", form),
        "whole": (f"{DIFFERENCE}/value", form), "metric": ("metric#/label", ""),
        "folds": (f"{where}/out_of_fold/gain", form), "part_ci": (f"{where}/ci", ci),
    }  # fmt: skip
    if part == "none":
        return say("finding", FOLDS_ONLY, facts, **pool | {"part": (f"{where}/gain", ci)})
    much = PARTS[part].replace("GAIN", whole_gain(facts))
    more = "," if part == "more" else ""
    lost = "; other changes lose a part of it again" if part == "more" else ""
    if cause.remedy is None or not stays_linear(facts, cause.name):
        return say(
            "finding",
            f"{much} ({{part}} of {{whole}}){more} comes from {{cause}}: {cause.wording}{lost}.",
            facts,
            **pool,
        )
    rung = next(i for i, one in enumerate(facts["reflect"]["ladder"]) if one["rung"] == cause.name)
    pool |= {"before": (below(facts, cause.name), score), "rung": (f"reflect#/ladder/{rung}/test_score", score)}
    one = "one simple change" if cause.simple else "one change"
    template = (
        f"{much}{more} comes from {one}: with {cause.remedy}, a linear model goes from {{metric}} "
        "{before} to {rung}"
    )
    codes = facts["reflect"]["codes"]
    if codes is None or not codes["matters"] or cause.name != SCALE.name:
        return say("finding", f"{template}{lost}.", facts, **pool)
    pool |= every("reflect#/codes/values", len(codes["values"]), "g")
    pool |= {"rows": ("reflect#/codes/rows", ",.0f")}
    values = as_list([f"{{item{i}}}" for i in range(len(codes["values"]))])
    verb = "looks like a code" if len(codes["values"]) == 1 else "look like codes"
    most = codes["gain"] > facts["reflect"]["attribution"][place]["out_of_fold"]["gain"] / 2
    rows = "training row" if codes["rows"] == 1 else "training rows"
    why = f"{'mostly' if most else 'partly'} because {values} ({{rows}} {rows}) {verb}"
    return say("finding", f"{template}, {why}{lost}.", facts, **pool)


PARTS: dict[Part, str] = {
    "some": "{share} of GAIN", "all": "All of GAIN", "more": "All of GAIN, and more",
}  # fmt: skip


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
