"""What is asked of forecasts alone: what was known in time, how far ahead it helps, bands, and better knowledge."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.sections.ahead import sums
from pipelines.report.spoken.question import Question, always, of_forecasts
from pipelines.report.spoken.speech import about, percent, plain

WRONG = "What could be wrong"
BANDS, GUARD, INFORMATION = "compare#/forecasts/bands", "define#/forecast/guard", "reflect#/forecasts/information"


def _known(facts: Facts) -> Claim:
    return say(
        "say",
        "Before anything was fitted, the future of {origins} origins was replaced by noise and every feature made "
        "again: nothing changed. Items or columns that were chosen with later knowledge would still pass.",
        facts,
        origins=(f"{GUARD}/origins", ",.0f"),
    )


def _known_asked(facts: Facts) -> list[Claim]:
    found = [
        say("compared", "It compared {compared} values.", facts, compared=(f"{GUARD}/compared", ",.0f")),
    ]
    for place, one in enumerate(facts["reflect"]["forecasts"]["information"]["pieces"]):
        if one["kind"] != "cheat":
            continue
        at = f"{INFORMATION}/pieces/{place}"
        pool: dict[str, Place] = {
            "name": (f"{at}/name", ""), "gain": (f"{at}/gain/value", about(facts)),
            "ci": (f"{at}/gain/ci", about(facts)),
        }  # fmt: skip
        found.append(say("cheat", "With {name} a quick model would seem to gain {gain} {ci}.", facts, **pool))
    return found[:4]


def _far(facts: Facts) -> Claim:
    steps = facts["compare"]["forecasts"]["by_step"]
    last = len(steps) - 1
    pool: dict[str, Place] = {
        "near": ("compare#/forecasts/by_step/0/strong/value", about(facts)),
        "far": (f"compare#/forecasts/by_step/{last}/strong/value", about(facts)),
    }  # fmt: skip
    step = facts["define"]["forecast"]["step"]
    text = f"At the first {step} the mean absolute error is {{near}}, at the last {{far}}; the report has each of them."
    return say("say", text, facts, **pool)


def _far_asked(facts: Facts) -> list[Claim]:
    found = []
    step = facts["define"]["forecast"]["step"]
    for place, one in enumerate(facts["reflect"]["forecasts"]["by_step"]):
        at = f"reflect#/forecasts/by_step/{place}"
        if one["helps_until"] is not None:
            pool: dict[str, Place] = {"cause": (f"{at}/factor", ""), "until": (f"{at}/helps_until", ",.0f")}
            ahead = step if one["helps_until"] == 1 else f"{step}s"
            found.append(
                say("until", f"The change {{cause}} helps at each step up to {{until}} {ahead} ahead.", facts, **pool)
            )
    return found[:4] or [plain("No change is shown to help at the nearest step by itself.", facts)]


def _one(facts: Facts) -> Claim:
    pool: dict[str, Place] = {"level": (f"{BANDS}/level", ".0%"), "held": (f"{BANDS}/coverage/value", ".0%")}
    text = (
        "Each has a band: {level} of the values were promised to lie inside, and {held} of those of the test time do."
    )
    return say("say", text, facts, **pool)


def _one_asked(facts: Facts) -> list[Claim]:
    pool: dict[str, Place] = {
        "low": (f"{BANDS}/lowest_step", percent), "high": (f"{BANDS}/highest_step", percent),
        "worst": (f"{BANDS}/lowest_unit", percent),
    }  # fmt: skip
    text = "By step ahead the bands held between {low} and {high}, in the worst stretch of time {worst}."
    added = sums(facts)
    return [say("steps", text, facts, **pool), *([] if added is None else [added])]


def _worth(facts: Facts) -> Claim:
    pieces = facts["reflect"]["forecasts"]["information"]["pieces"]
    known = [(one["gain"]["value"], place) for place, one in enumerate(pieces) if one["kind"] == "oracle"]
    if not known:
        return plain("No column of the file is of that sort, so I cannot say it from these data.", facts)
    at = f"{INFORMATION}/pieces/{max(known)[1]}"
    pool: dict[str, Place] = {"name": (f"{at}/name", ""), "gain": (f"{at}/gain/value", about(facts))}
    text = (
        "If {name} were known when the forecast is made, a quick model would gain {gain}. That is a ceiling: one does "
        "not know it."
    )
    return say("say", text, facts, **pool)


def _worth_asked(facts: Facts) -> list[Claim]:
    found = []
    for place, one in enumerate(facts["reflect"]["forecasts"]["information"]["pieces"]):
        if one["kind"] == "oracle":
            at = f"{INFORMATION}/pieces/{place}"
            pool: dict[str, Place] = {
                "name": (f"{at}/name", ""), "gain": (f"{at}/gain/value", about(facts)),
                "ci": (f"{at}/gain/ci", about(facts)),
            }  # fmt: skip
            found.append(say("oracle", "{name}: {gain} {ci}.", facts, **pool))
    return found[:4] or [plain("Covariates that are named in forecast.oracle would be measured so.", facts)]


IN_TIME = Question(
    always("How do you know that you did not look ahead?"), _known, _known_asked, WRONG, applies=of_forecasts
)
FAR = Question(always("How far ahead does it help?"), _far, _far_asked, "Why", applies=of_forecasts)
ONE_BY_ONE = Question(always("Can I believe its forecasts one by one?"), _one, _one_asked, WRONG, applies=of_forecasts)
KNOWLEDGE = Question(always("What would better knowledge be worth?"), _worth, _worth_asked, WRONG, applies=of_forecasts)
