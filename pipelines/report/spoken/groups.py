"""What is asked of groups: why so many, whether they are real, why not classify, and when to do which."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.groups import GROUPS, NOTHING, STRONG, WHERE, adds, lines, pair_of, scored
from pipelines.models.grouped.names import BOOSTED
from pipelines.report.sections.group_assigned import steady
from pipelines.report.sections.group_checks import beside_nulls, check_of, nulls
from pipelines.report.sections.group_columns import made_of
from pipelines.report.sections.group_density import largest, use
from pipelines.report.sections.group_numbers import alone, beside, kink, one_hump
from pipelines.report.sections.group_profiles import in_words
from pipelines.report.sections.group_verdict import places, verdict
from pipelines.report.spoken.question import TOP, Question, always, of_groups
from pipelines.report.spoken.speech import pair, plain
from pipelines.report.views import NUMBERS

REAL = "Is it real?"
FAILED = "I would not say: the verdict finds groups in one Gaussian, which has none."


def _how_many(facts: Facts) -> str:
    number = facts["reflect"]["groups"]["number"]
    return f"Why {NUMBERS[number].lower() if number < len(NUMBERS) else 'so many'} groups?"


def _number(facts: Facts) -> Claim:
    """Return whether the data ask for that many groups, or the project does."""
    if not facts["reflect"]["groups"]["controls"]["passed"]:
        return plain(FAILED, facts)
    found = facts["reflect"]["groups"]
    if found["verdict"]["says"] == GROUPS:
        used, shown = found["number"], found["verdict"]["number"]
        if used > shown:
            text = (
                "The rows show at least {number}. The model cuts finer, into {used}, because that does best on rows "
                "left out; the cuts within a group are a choice."
            )
        else:
            text = (
                "The rows show at least {number}: between each two of them is a valley that rows left out leave empty."
            )
        return say("say", text, facts, **_numbers(facts))
    what = (
        "one crowd with a gradient" if found["verdict"]["says"] != NOTHING else "columns that say nothing of each other"
    )
    text = f"The data do not ask for any number: they are {what}. How many is a choice of how fine one wants to cut."
    return plain(text, facts)


def _numbers(facts: Facts) -> dict[str, Place]:
    known = places(facts)
    return {"number": known["number"], "used": (f"{WHERE}/number", ",.0f")}


def _number_asked(facts: Facts) -> list[Claim]:
    way: dict[str, Place] = {"way": (f"{WHERE}/way", "")}
    return [
        say("way", "The strong model, chosen among others on rows left out: {way}.", facts, **way),
        made_of(facts), largest(facts), in_words(facts, 0, most=1, described=False),
    ]  # fmt: skip


def _real(facts: Facts) -> Claim:
    """Return whether the groups are real, with the two counts."""
    found = facts["reflect"]["groups"]
    if not found["controls"]["passed"]:
        return plain(FAILED, facts)
    if found["verdict"]["says"] == GROUPS:
        text = (
            "Yes. I fitted a density to half of the rows and counted the other half: {low} lie at the emptiest point "
            "of the least clear valley, {peak} at its lower peak. Every halving agrees."
        )
        text = text if len(lines(facts)) > 1 else text.replace("the least clear valley", "the valley")
        return say("say", text, facts, **_counts(facts))
    no = "I would not claim it: only some of the halvings find a valley." if found["verdict"]["close"] else "No."
    text = (
        f"{no} I fitted a density to half of the rows and counted the other half where it comes nearest to a valley: "
        "{low} at the emptiest point, {peak} at the lower peak. That parts nothing in every halving."
    )
    return say("say", text, facts, **_counts(facts))


def _counts(facts: Facts) -> dict[str, Place]:
    known = places(facts)
    return {"low": known["low"], "peak": known["peak"]}


def _real_asked(facts: Facts) -> list[Claim]:
    place = check_of(facts, "silhouette")
    shown = [] if place is None else [beside_nulls(facts, place)]
    return [capital(nulls(facts)), *shown, steady(facts)]


def capital(claim: Claim) -> Claim:
    """Return a sentence with a capital first; it must not begin with a fact."""
    return {**claim, "text": claim["text"][:1].upper() + claim["text"][1:]}


def _classify(facts: Facts) -> Claim:
    """Return why groups were made where there is an outcome, or that there was no label."""
    if not scored(facts):
        return plain(
            "Nothing in the file says of a row what the answer would have been, so there is no label to learn. If "
            "a person can label some hundred rows, I would classify instead: then a test says whether it works.",
            facts,
        )
    found = pair_of(facts, STRONG, BOOSTED)
    if found is None:
        return plain("An outcome scores the groups; a model of the numbers was not compared with them.", facts)
    at, one = found
    base, other = pair(facts, f"{at}/base_score", f"{at}/other_score")
    pool: dict[str, Place] = {"metric": ("metric#/label", ""), "base": base, "other": other}
    does = adds(facts, one)
    text = {
        "more": "For the outcome I would: trees on the numbers have {metric} {other}, the groups {base}. Groups are "
        "for people who can treat rows in a few ways only, and that is what they cost.",
        "less": "I tried that too: trees on the numbers have {metric} {other}, the groups {base}. Here the groups do "
        "better.",
        "little": "For the outcome that is a little better: trees on the numbers have {metric} {other}, the groups "
        "{base}. It may be too little to act on, and groups are easier to act on.",
        "nothing": "I tried that too: trees on the numbers have {metric} {other}, the groups {base}. That is no more, "
        "and groups are easier to act on.",
        "open": "I tried that too: trees on the numbers have {metric} {other}, the groups {base}. Which is better "
        "stays open.",
    }[does]
    return say("say", text, facts, **pool)


def _classify_asked(facts: Facts) -> list[Claim]:
    said = [one for one in (beside(facts), kink(facts), use(facts), one_hump(facts)) if one is not None]
    return said[:3] or [verdict(facts)]


def _when(facts: Facts) -> Claim:
    """Return when to make groups and when to classify, and what these data ask for."""
    here = {GROUPS: "Here there are groups.", NOTHING: "Here there is nothing to describe."}
    return plain(
        "Classify where past rows say what the answer was: then a test decides. Make groups where no one can say, and "
        "people must treat rows in a few ways; and first ask whether there are groups at all. "
        + here.get(
            facts["reflect"]["groups"]["verdict"]["says"],
            "Here there are none: a gradient, for which a number serves better.",
        ),
        facts,
    )


def _when_asked(facts: Facts) -> list[Claim]:
    said = alone(facts) or one_hump(facts)
    return [verdict(facts), *([] if said is None else [said])]


WHY_SO_MANY = Question(_how_many, _number, _number_asked, "Why", applies=of_groups)
ARE_REAL = Question(always("Are the groups real?"), _real, _real_asked, REAL, applies=of_groups)
NOT_CLASSIFIED = Question(always("Why did you not classify?"), _classify, _classify_asked, TOP, applies=of_groups)
WHEN = Question(always("When would you make groups, and when classify?"), _when, _when_asked, TOP, applies=of_groups)


def in_a_post(facts: Facts) -> Claim | None:
    """Return whether there are groups, in one or two sentences; None of other projects."""
    return verdict(facts) if of_groups(facts) else None


def adds_in_a_post(facts: Facts) -> Claim | None:
    """Return whether groups say anything that the numbers do not; None of other projects."""
    return (beside(facts) or one_hump(facts)) if of_groups(facts) else None
