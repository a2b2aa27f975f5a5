"""What is asked of models of texts: meaning or names, word order, what labels and pretraining bring, and the words."""

from collections.abc import Sequence

from pipelines.answer.places import say, two_digits
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.texts import MEANING, Loss, Lost, causes_found, causes_tried, controls_named, is_found, losses
from pipelines.findings.wording import as_list, gain_form
from pipelines.report.sections.text_controls import names, parts, pool_of, sentences
from pipelines.report.sections.text_rows import changes, worth
from pipelines.report.sections.text_terms import WHERE, by_effect, places, sides
from pipelines.report.spoken.question import TOP, Question, always, of_texts
from pipelines.report.spoken.speech import plain

REAL = "Is it real?"
PHRASES = "phrases"
FAILED = "The controls of the texts failed, so I would not say: a cause was found where there is nothing to find."
NO_NETWORK = "It has no network that could understand: it counts words, phrases and pieces of words. "
NOT_FOUND = "What a pretrained network makes of the texts was tried, and adds nothing that is shown on these rows. "
SCRAMBLED: dict[Lost, str] = {
    "all": "It uses what a pretrained network knows of words: with a scrambled dictionary it gains nothing. ",
    "nearly all": "It uses what a pretrained network knows of words: with a scrambled dictionary, hardly any is left. ",
    "part": "In part it uses what a pretrained network knows of words; the rest may be the network's architecture. ",
    "open": "Whether the network gains by what it knows of words stays open. ",
    "nothing": "I cannot say that it understands: with its dictionary scrambled, the network gains as much. ",
}
IN_A_ROW = (
    "Words in a row are: with all rows, phrases gain {gain} over single words. On the fewer rows of the control with "
    "shuffled words that is too little to be shown again."
)
NOT_SCRAMBLED = "A pretrained network adds to the words; whether by what it knows of them was not tested. "
NO_ENCODER = " Pretraining was not tried, for want of an encoder."
NAMES_ARE = "Names are worth {parts}, and that is memory."
NAMES_ARE_NOT = "And it needs no names: without them no loss of {causes} is shown."
NAMES_OPEN = "Whether names are worth something of {causes} stays open."
NAMES_UNTESTED = "Whether it memorises names was not tested."
NAMES_SILENT = "Whether it memorises names cannot be said: on the rows of that control no cause gains enough."


def _memory(facts: Facts) -> Claim:
    """Return whether it is meaning, and whether it is names."""
    if not facts["reflect"]["texts"]["controls"]["passed"]:
        return plain(FAILED, facts)
    masked = losses(facts, "masked")
    return say("say", _knows(facts) + _names(facts, masked), facts, **pool_of(facts, masked))


def _knows(facts: Facts) -> str:
    """Return whether what it uses of a network is what that knows of words."""
    if MEANING not in causes_tried(facts):
        return NO_NETWORK
    if MEANING not in causes_found(facts):
        return NOT_FOUND
    scrambled = losses(facts, "scrambled")
    return SCRAMBLED[scrambled[0].lost] if scrambled else NOT_SCRAMBLED


def _names(facts: Facts, masked: Sequence[Loss]) -> str:
    """Return what names are worth, as a template."""
    if not controls_named(facts, "masked"):
        return NAMES_UNTESTED
    if made := parts(masked, numbers=False):
        return NAMES_ARE.format(parts=as_list(made))
    if unsure := names(masked, "open"):
        return NAMES_OPEN.format(causes=unsure)
    return NAMES_ARE_NOT.format(causes=names(masked, "nothing")) if masked else NAMES_SILENT


def _controls_asked(facts: Facts) -> list[Claim]:
    return sentences(facts)[:4] or [plain("On the rows of the controls no cause gains enough to lose anything.", facts)]


def _order(facts: Facts) -> Claim:
    """Return what word order is worth."""
    if not facts["reflect"]["texts"]["controls"]["passed"]:
        return plain(FAILED, facts)
    found = losses(facts, "shuffled")
    pool = pool_of(facts, found)
    if made := parts(found, numbers=False):
        return say("say", f"Yes: with the words of each text shuffled, {gone(made)}.", facts, **pool)
    if unsure := names(found, "open"):
        return say("say", f"That stays open: with the words shuffled, {unsure} may lose something.", facts, **pool)
    if (at := _phrases(facts)) is not None:
        gain: Place = (f"{at}/gain/value", gain_form(facts))
        return say("say", IN_A_ROW, facts, gain=gain)
    if not found:
        return plain("I cannot say: on the rows of that control no cause gains enough to lose anything.", facts)
    kept = names(found, "nothing")
    return say("say", f"Not that I can show: with the words shuffled, no loss of {kept} is shown.", facts, **pool)


def gone(made: Sequence[str]) -> str:
    """Return that parts of gains are gone, as a template."""
    return f"{as_list(made)} {'is' if len(made) == 1 else 'are'} gone"


def _phrases(facts: Facts) -> Pointer | None:
    """Return where the gain of phrases with all rows stands, where it is found there and not on the controls' rows."""
    sizes = facts["reflect"]["texts"]["sizes"]
    for place, one in enumerate(sizes[-1]["gains"]):
        if one["factor"] == PHRASES and is_found(one, facts["metric"]["margin"]) and PHRASES not in causes_found(facts):
            return f"reflect#/texts/sizes/{len(sizes) - 1}/gains/{place}"
    return None


def _order_asked(facts: Facts) -> list[Claim]:
    found = losses(facts, "shuffled")
    pool, made = pool_of(facts, found), []
    for one in found:
        after = "it is not kept" if one.lost == "all" else f"{{left_{one.factor}}}"
        template = f"The gain of {{cause_{one.factor}}} is {{whole_{one.factor}}} in order; shuffled, {after}."
        made.append(say("order", template, facts, **pool))
    phrases = changes(facts).get("phrases")
    return [*made[:3], *([] if phrases is None else [phrases])] or _rows_of(facts)


def _rows_of(facts: Facts) -> list[Claim]:
    rows: Place = ("reflect#/texts/controls/rows", ",.0f")
    return [say("rows", "The controls were made on {rows} training rows.", facts, rows=rows)]


def _labels(facts: Facts) -> Claim:
    """Return for how many labels the last cause stands."""
    found = worth(facts, "" if MEANING in causes_tried(facts) else NO_ENCODER)
    if found is not None:
        return found
    if not any(one["kept"] for one in facts["reflect"]["texts"]["sizes"][-1]["gains"]):
        return plain("No cause beyond the words was kept, so none of them stands for labels.", facts)
    return plain("I cannot say it from these rows: they are too few to compare several numbers of them.", facts)


def _labels_asked(facts: Facts) -> list[Claim]:
    """Return what the words alone reach with few rows and with all, and how each gain changes."""
    sizes, at = facts["reflect"]["texts"]["sizes"], "reflect#/texts/sizes"
    last = len(sizes) - 1
    pool: dict[str, Place] = {
        "few": (f"{at}/0/rows", ",.0f"), "all": (f"{at}/{last}/rows", ",.0f"), "metric": ("metric#/label", ""),
        "least": (f"{at}/0/words", gain_form(facts)), "most": (f"{at}/{last}/words", gain_form(facts)),
    }  # fmt: skip
    text = "Words alone have {metric} {least} with {few} rows and {most} with {all}."
    if last == 0:
        text = "Words alone have {metric} {most} with {all} rows."
    return [say("words", text, facts, **pool), *changes(facts).values()][:4]


def _terms(facts: Facts) -> Claim:
    """Return the strongest words on both sides."""
    if not facts["reflect"]["texts"]["terms"]:
        return plain("No single word moves predictions in the same way in every fold.", facts)
    return say("say", f"{sides(facts)}. That is what the linear model uses, not what causes the answer.", facts,
               **places(facts))  # fmt: skip


def _terms_asked(facts: Facts) -> list[Claim]:
    made = []
    for place in by_effect(facts)[:3]:
        at, form = f"{WHERE}/{place}", two_digits(facts["reflect"]["texts"]["terms"][place]["effect"]["value"])
        pool: dict[str, Place] = {
            "term": (f"{at}/term", ""), "effect": (f"{at}/effect/value", form), "ci": (f"{at}/effect/ci", form),
            "texts": (f"{at}/texts", ",.0f"),
        }  # fmt: skip
        made.append(
            say("term", "“{term}” moves the raw prediction by {effect} {ci}; {texts} texts hold it.", facts, **pool)
        )
    return made or _rows_of(facts)


MEMORY = Question(
    always("Does it understand the texts, or does it memorise names?"), _memory, _controls_asked, REAL, applies=of_texts
)
ORDER = Question(always("Is word order used?"), _order, _order_asked, REAL, applies=of_texts)
LABELS = Question(
    always("What would more labels bring, what does pretraining bring?"), _labels, _labels_asked, TOP, applies=of_texts
)
TERMS = Question(always("Which words matter?"), _terms, _terms_asked, "Why", applies=of_texts)


WITHOUT = {
    "shuffled": "with the words shuffled", "masked": "without names",
    "scrambled": "with the network's dictionary scrambled",
}  # fmt: skip


def in_a_post(facts: Facts) -> Claim | None:
    """Return what the controls of texts say, in one sentence; None without texts, and where they say nothing."""
    if not of_texts(facts):
        return None
    if not facts["reflect"]["texts"]["controls"]["passed"]:
        return plain("And the controls of the texts failed: I do not believe their causes.", facts)
    said, pool = [], dict[str, Place]()
    for name, without in WITHOUT.items():
        found = losses(facts, name)
        pool |= pool_of(facts, found)
        if made := parts(found, numbers=False):
            said.append(f"{without} {gone(made)}")
        elif found and all(one.lost == "nothing" for one in found):
            said.append(f"{without} no loss of {names(found, 'nothing')} is shown")
    return say("texts", f"Of the texts: {', '.join(said)}.", facts, **pool) if said else None
