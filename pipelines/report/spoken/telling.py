"""What a post says, paragraph by paragraph: the question, the scores, what they mean, the reason, and the doubt."""

from pipelines.answer.places import beyond_chance, every, say
from pipelines.answer.shares import Part, below, has_linear, leading, repaired_part, stays_linear
from pipelines.answer.standing import standing
from pipelines.causes import BY_NAME, SCALE
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list
from pipelines.report.spoken.speech import both, found_nothing, gained, linear, makes_groups, pair, plain, tried_on
from pipelines.report.spoken.sure import BUT
from pipelines.report.spoken.why import mostly_codes

VALUES = 3  # codes that a sentence names


def setup(facts: Facts) -> Claim:
    """Return how many rows there were, and that some of them were set aside."""
    return say(
        "setup",
        "I had {rows} rows. Before looking at them I set {test} aside, to be scored once, at the end. Everything "
        "was learned and "
        "chosen on the rest.",
        facts,
        rows=("define#/rows", ",.0f"), test=("define#/split/test", ",.0f"),
    )  # fmt: skip


CANDIDATES = {
    False: "boosted trees, forests and others, or a weighted mean of them",
    True: "k-means, mixtures, dense regions and others, each with a number of groups of its own",
}
"""What the strong model was chosen among, by whether the project makes groups."""


def models(facts: Facts) -> Claim:
    """Return what was compared, and both scores."""
    better = "Greater" if facts["metric"]["greater_is_better"] else "Smaller"
    return say(
        "models",
        f"The baseline is what one writes in ten minutes: {linear(facts)}. The strong model is the best that the "
        "training rows "
        f"could find among {CANDIDATES[makes_groups(facts)]}. On the rows set aside "
        "the baseline has "
        f"{{metric}} {{baseline}}, the strong model {{strong}}. {better} is better.",
        facts,
        **both(facts),
    )


RANGE = "The test rows are compatible with {what} from {low} to {high}, which is a {confidence} interval"
RESULTS = {
    "better": (
        f"So it is better, by {{gap}}. {RANGE}: all of it is above zero, and {{margin}} would be enough to act."
    ),
    "tie": (
        f"That is a tie. The gain is {{gap}}. {RANGE}: nothing in it is worth acting on, since all of it is "
        "less than {margin} either way."
    ),
    "worse": (
        f"That is worse: the gain is {{gap}}. {RANGE}, all of it below zero. It happens, and it is worth saying."
    ),
    "underpowered": (
        f"The gain is {{gap}}. {RANGE}: it may be nothing, and it may be more than {{margin}}, the "
        "least that is worth acting on. So I do not claim it."
    ),
}
BEYOND_CHANCE = (
    f"The gain is {{gap}}. {RANGE}: it is not zero, but it may be less than {{margin}}, the least that is "
    "worth acting on. So I do not claim it."
)
NO_SIGNAL = (
    f"The difference is {{gap}}. {RANGE}. But that is not the point: neither model is shown to be better than a "
    "constant."
)
LOST = "A constant does better there than my baseline, so I compare the strong model with the constant. "


def result(facts: Facts) -> Claim:
    """Return what the difference comes to, with its interval, and what stands against it."""
    at = standing(facts)
    template = BEYOND_CHANCE if beyond_chance(facts) else RESULTS[at.verdict]
    template = template if at.signal else NO_SIGNAL
    template = (LOST if at.lost_baseline else "") + template.replace("{what}", "gains")
    template += BUT.get(facts["answer"]["action"], "")
    more: dict[str, Place] = {"confidence": ("compare#/confidence", ".0%"), "margin": ("metric#/margin", "g")}
    return say("result", template, facts, **gained(facts), **more)


def explained(facts: Facts) -> bool:
    """Return whether there is a gain, and a reason for it that may be named."""
    at = standing(facts)
    return at.verdict == "better" and at.signal and at.controls and not at.too_good and at.leak != "the gain"


HOW = (
    "Most write-ups stop at the score. I made one change to the baseline at a time, each on top of the one "
    "before, and dropped each "
    "that did not help on rows that it had not seen."
)


NOTHING = "Here there was no gain left to explain."
NO_SINGLE = "No single change is shown to explain the improvement by itself."
FOLDS_ONLY = "Over the folds {cause} explains it; on the test rows alone no single change is shown to."
NOT_YET = "But I do not repeat any reason before I believe the score: one that is next to perfect is usually a leak."
UNTRUSTED = "But the control experiments failed, so I repeat no reason here."
LEAK = (
    "Here the largest reason is perhaps a leak: without the suspected columns, little of the lead over the baseline "
    "is left."
)


def reason(facts: Facts) -> Claim:
    """Return the largest cause of a gain, or why none is named."""
    at, found = standing(facts), leading(facts)
    if at.signal and at.too_good:
        return plain(NOT_YET, facts)
    if not at.signal or at.verdict != "better":
        return plain(NOTHING, facts)
    if at.leak == "the gain":
        return plain(LEAK, facts)
    if not at.controls:
        return plain(UNTRUSTED, facts)
    return plain(NO_SINGLE, facts) if found is None else _cause(facts, *found)


PARTS: dict[Part, str] = {"some": "About {share}", "all": "All", "more": "More than all"}


def _cause(facts: Facts, place: int, share: Part) -> Claim:
    """Return how much of the improvement a cause has, and what a linear model has with it, where it can have it."""
    item = facts["reflect"]["attribution"][place]
    cause, where = BY_NAME[item["factor"]], f"reflect#/attribution/{place}"
    pool: dict[str, Place] = {"share": (f"{where}/share", ".0%"), "cause": (f"{where}/factor", "")}
    if share == "none":
        return say("reason", FOLDS_ONLY, facts, **pool)
    part = PARTS[share]
    if cause.remedy is None or not stays_linear(facts, cause.name):
        return say("reason", f"{part} of the improvement came from {{cause}}: {cause.wording}.", facts, **pool)
    pool |= _reached(facts, cause.name)
    template = (
        f"{part} of the improvement came from one change{' that needs no complex model' if cause.simple else ''}: with "
        f"{cause.remedy}, a linear model goes from {{before}} to {{reached}}."
    )
    codes = facts["reflect"]["codes"]
    if codes is not None and cause.name == SCALE.name and mostly_codes(facts, place):
        count = min(VALUES, len(codes["values"]))
        values = as_list([f"{{item{i}}}" for i in range(count)])
        few = "" if count == len(codes["values"]) else "such values as "
        verb = "looks like a code" if count == 1 else "look like codes"
        template += f" And most of that was no statistics at all: {few}{values} {verb}, not like numbers."
        pool |= every("reflect#/codes/values", count, "g")
    return say("reason", template, facts, **pool)


def _reached(facts: Facts, cause: str) -> dict[str, Place]:
    """Return the score of the ladder's rung of a cause, and that from which it set out, rounded."""
    rung = next(i for i, one in enumerate(facts["reflect"]["ladder"]) if one["rung"] == cause)
    before, reached = pair(facts, below(facts, cause), f"reflect#/ladder/{rung}/test_score")
    return {"before": before, "reached": reached}


def controls(facts: Facts) -> Claim:
    """Return what the same experiments found where there is nothing to find."""
    if facts["reflect"]["controls"]["passed"]:
        return plain(f"The same experiments, {tried_on(facts, 'pure noise')}, {found_nothing(facts)}.", facts)
    return plain(
        f"Yes: the same experiments, {tried_on(facts, 'pure noise')}, found an effect. Until "
        "that is understood I "
        "do not believe any reasons.",
        facts,
    )


TITLES = {
    "read the table": "Before the models: how is this table to be read?",
    "find the leak": "My model is next to perfect, and I do not believe it",
    "ask about columns": "My models may know the answer from a leak",
    "split otherwise": "My test set made every model look better than it is",
    "check the controls": "My explanation failed its own control",
    "follow the level": "Both of my models did worse than a mean",
    "try side by side": "My model scored better, and I would not rely on it yet",
    "keep the repaired": "A repaired baseline was enough",
}
IMPROVED: dict[Part | None, str] = {
    "some": "{share} of my model's improvement needed no complex model",
    "all": "My model's improvement needed no complex model",
    "more": "My model's improvement needed no complex model",
}
BY_VERDICT = {
    "better": "Why my model improved, and how I know",
    "tie": "My complicated model tied with LINEAR",
    "worse": "My complicated model lost to LINEAR",
    "underpowered": "Too few rows to say which model is better",
}


def title(facts: Facts) -> Claim:
    """Return the title that the case asks for."""
    at, action = standing(facts), facts["answer"]["action"]
    if action in TITLES:
        return plain(TITLES[action], facts)
    if not at.signal:
        return plain("I found no signal in this data", facts)
    if at.lost_baseline and at.verdict != "better":
        return plain("Neither of my models is shown to beat a constant", facts)
    if action == "keep the baseline" and at.verdict == "better":
        return plain("My model scored better, and is not shown to save anything", facts)
    if action == "use the repaired" and repaired_part(facts) in IMPROVED:
        return _improved(facts)
    return plain(BY_VERDICT[at.verdict], facts)


def _improved(facts: Facts) -> Claim:
    """Return the title where the repaired baseline is to be used: how much of the improvement a linear model has."""
    repaired = facts["reflect"].get("repaired")
    if repaired is not None and not all(BY_NAME[name].simple for name in repaired["causes"]):
        return plain("My model improved, and stayed linear" if has_linear(facts) else "My groups improved", facts)
    share: dict[str, Place] = {"share": ("reflect#/repaired/share", ".0%")}
    return say("title", IMPROVED[repaired_part(facts)], facts, **share)
