"""The controls of texts: what is left of each cause without word order, names, pretraining, or a real label."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.answer.places import every, say
from pipelines.facts.claims import Place
from pipelines.facts.pointer import has, resolve
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.texts import (
    CONTROLS,
    MEANING,
    Loss,
    Lost,
    causes_found,
    causes_tried,
    controls_named,
    found_in,
    losses,
)
from pipelines.findings.wording import as_list, ci_form
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "reflect#/texts/controls"
NEUTRAL = "What each cause of texts gains where one thing is taken away"
UNTRUSTED = "A control finds what is not there: do not trust the causes of texts"
THINGS = {"shuffled": "word order", "masked": "names", "scrambled": "pretraining"}  # what each control takes away
WORTH: dict[Lost, str] = {
    "all": "all of {cause}", "nearly all": "nearly all of {cause}", "part": "about {share} of {cause}",
}  # fmt: skip
LEFT = " ({left} of {whole} is left)"
NOT_MADE = {
    "masked": "names (no column is named in [text] mask)",
    "scrambled": "a scrambled dictionary (there is no encoder)",
    "random": "a random embedding (there is no encoder)",
}


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.text_reasons import draw_controls

    return draw_controls(facts)


def pool_of(facts: Facts, found: Sequence[Loss]) -> dict[str, Place]:
    """Return the places of the causes of a control, and of their gains with and without what it takes away."""
    pool: dict[str, Place] = {}
    for one in found:
        form = ci_form(f"{one.whole}/ci", facts)
        pool |= {
            f"cause_{one.factor}": (f"{one.whole.removesuffix('/gain')}/factor", ""),
            f"whole_{one.factor}": (f"{one.whole}/value", form), f"left_{one.factor}": (f"{one.left}/value", form),
        }  # fmt: skip
    return pool


def parts(found: Sequence[Loss], *, numbers: bool = True) -> list[str]:
    """Return what a thing is worth of each cause, as templates; nothing of those whose loss is not shown."""
    made = []
    for one in found:
        if one.lost in WORTH:
            template = WORTH[one.lost] + (LEFT if numbers and one.lost != "all" else "")
            made.append(_own(template, one))
    return made


def _own(template: str, one: Loss) -> str:
    """Return a template whose places are those of one cause."""
    return template.replace("{share}", one.share).replace("}", f"_{one.factor}}}")


def names(found: Sequence[Loss], *lost: Lost) -> str:
    """Return the causes whose loss is of that sort, as a list in a template; nothing where there are none."""
    chosen = [f"{{cause_{one.factor}}}" for one in found if one.lost in lost]
    return as_list(chosen) if chosen else ""


def worth_of(thing: str, found: Sequence[Loss]) -> str:
    """Return what a thing is worth, as a template in one or two sentences."""
    verb, made, said = "are" if thing.endswith("s") else "is", parts(found), []
    if made:
        said.append(f"{thing.capitalize()} {verb} worth {as_list(made)}.")
    if kept := names(found, "nothing"):
        said.append(f"Without {thing}, no loss of {kept} is shown.")
    said += [
        _own(f"Whether {thing} {verb} worth some of {{cause}} stays open", one) + _own(LEFT, one) + "."
        for one in found
        if one.lost == "open"
    ]
    return " ".join(said)


def _masked(facts: Facts, found: Sequence[Loss]) -> Claim:
    """Return what names are worth, which they are, and how many rows hold them, where step 1 says that."""
    template, pool = worth_of(THINGS["masked"], found), pool_of(facts, found)
    if has(facts, "define#/texts/masked_rows"):
        columns = facts["define"]["texts"]["mask"]  # type: ignore[index]  # they are there
        listed = as_list([f"{{item{place}}}" for place in range(len(columns))])
        template += f" Names are the words of {listed}; {{held}} of {{all}} rows hold one."
        pool |= every("define#/texts/mask", len(columns))
        pool |= {"held": ("define#/texts/masked_rows", ",.0f"), "all": ("define#/rows", ",.0f")}
    return say("masked", template, facts, **pool)


def _network(found: Sequence[Loss]) -> str:
    """Return what the same network is worth without what it learned of words, as a template."""
    (one,) = found
    if one.lost == "all":
        return (
            "With its dictionary scrambled, the same network gains nothing: all of {cause_meaning} is pretraining, "
            "none of it architecture."
        )
    if one.lost == "nothing":
        return "With its dictionary scrambled, the same network gains as much: no worth of pretraining is shown."
    rest = " The rest may be architecture." if one.lost == "part" else ""
    return worth_of("pretraining", found) + rest


def _nothing(facts: Facts, name: str, opening: str) -> Claim:
    """Return what is found where there is nothing to find."""
    found = found_in(facts, name)
    if found:
        at = found[0]
        form = ci_form(f"{at}/gain/ci", facts)
        pool: dict[str, Place] = {
            "cause": (f"{at}/factor", ""), "gain": (f"{at}/gain/value", form), "ci": (f"{at}/gain/ci", form),
        }  # fmt: skip
        return say(name, f"{opening} {{cause}} gains {{gain}} {{ci}}, where there is nothing to find.", facts, **pool)
    gains = [one for _, control in controls_named(facts, name) for one in control["gains"]]
    what = "" if name == "labels" else f" by {MEANING}"
    if any(one["kept"] for one in gains):
        return say(name, f"{opening} no gain{what} is beyond chance and reaches the margin.", facts)
    return say(name, f"{opening} nothing is gained{what}.", facts)


def sentences(facts: Facts) -> list[Claim]:
    """Return what each control says; of those that were made, and say something."""
    made = []
    if found := losses(facts, "shuffled"):
        made.append(say("shuffled", worth_of(THINGS["shuffled"], found), facts, **pool_of(facts, found)))
    if found := losses(facts, "masked"):
        made.append(_masked(facts, found))
    if found := losses(facts, "scrambled"):
        made.append(say("scrambled", _network(found), facts, **pool_of(facts, found)))
    if controls_named(facts, "random") and MEANING in causes_tried(facts):
        made.append(_nothing(facts, "random", "With random numbers in place of the embedding,"))
    if controls_named(facts, "labels"):
        made.append(_nothing(facts, "labels", "On shuffled labels,"))
    return made


def title(facts: Facts) -> Claim:
    """Return the finding: what word order and names are worth, and what pretraining is."""
    if not facts["reflect"]["texts"]["controls"]["passed"]:
        return say("title", UNTRUSTED, facts)
    said, pool = list[str](), dict[str, Place]()
    for name, thing in THINGS.items():
        found = losses(facts, name)
        pool |= pool_of(facts, found)
        verb = "" if said and " worth " in said[-1] else ("are worth " if thing.endswith("s") else "is worth ")
        if made := parts(found, numbers=False):
            said.append(f"{thing} {verb}{as_list(made)}")
        elif found and all(one.lost == "nothing" for one in found):
            of = f" of {names(found, 'nothing')}" if silent(facts) else ""
            said.append(f"without {thing} no loss{of} is shown")
    text = "; ".join(said)
    return say("title", f"{text[:1].upper()}{text[1:]}" if said else NEUTRAL, facts, **pool)


def silent(facts: Facts) -> list[Pointer]:
    """Return where the gains stand of causes that are too small on these rows to lose anything."""
    found, tried = causes_found(facts), causes_tried(facts)
    at, none = controls_named(facts, "none")[0]
    return [
        f"{at}/gains/{place}"
        for place, one in enumerate(none["gains"])
        if one["factor"] in tried and one["factor"] not in found
    ]


def _silent(facts: Facts) -> Claim | None:
    """Return that such causes say nothing of what was taken away; None where all say something."""
    where = silent(facts)
    if not where:
        return None
    pool, listed = dict[str, Place](), []
    for place, at in enumerate(where):
        form = ci_form(f"{at}/gain/ci", facts)
        pool |= {
            f"cause{place}": (f"{at}/factor", ""), f"gain{place}": (f"{at}/gain/value", form),
            f"ci{place}": (f"{at}/gain/ci", form),
        }  # fmt: skip
        kept = resolve(facts, f"{at}/kept")
        listed.append(f"{{cause{place}}} ({f'{{gain{place}}} {{ci{place}}}' if kept else 'not kept'})")
    gain, they, lose = ("gain", "is", "it loses") if len(where) == 1 else ("gains", "are", "they lose")
    text = (
        f"On these rows the {gain} of {as_list(listed)} {they} not beyond chance and the margin, so no control can "
        f"show what {lose}."
    )
    return say("silent", text, facts, **pool)


def _rows(facts: Facts) -> Claim:
    pool: dict[str, Place] = {"rows": (f"{WHERE}/rows", ",.0f"), "of": ("define#/split/train", ",.0f")}
    sampled = facts["reflect"]["texts"]["controls"]["rows"] < facts["define"]["split"]["train"]
    rows = "a sample of {rows} of the {of} training rows" if sampled else "the {rows} training rows"
    return say("rows", f"The causes of texts were tried again on {rows}, with one thing taken away at a time.", facts,
               **pool)  # fmt: skip


def _table(facts: Facts) -> list[tuple[Pointer, list[tuple[Pointer, bool] | None]]]:
    """Return each control with the gains of the causes that were tried: where, and whether kept; None where not."""
    tried = causes_tried(facts)
    made = []
    for place, control in enumerate(facts["reflect"]["texts"]["controls"]["controls"]):
        known = {one["factor"]: (i, one["kept"]) for i, one in enumerate(control["gains"])}
        at = f"{CONTROLS}/{place}"
        cells = [(f"{at}/gains/{known[name][0]}", known[name][1]) if name in known else None for name in tried]
        made.append((at, cells))
    return made


def _view(facts: Facts) -> View:
    missing = [words for name, words in NOT_MADE.items() if not controls_named(facts, name)]
    return {
        "rows": _rows(facts),
        "title": title(facts),
        "failed": not facts["reflect"]["texts"]["controls"]["passed"],
        "found": sentences(facts),
        "silent": _silent(facts),
        "missing": as_list(missing) if missing else "",
        "causes": [f"{controls_named(facts, 'none')[0][0]}/gains/{i}/factor" for i in _places(facts)],
        "table": _table(facts),
    }


def _places(facts: Facts) -> list[int]:
    """Return the places of the causes that were tried among the gains where nothing is taken away."""
    gains = controls_named(facts, "none")[0][1]["gains"]
    return [place for place, one in enumerate(gains) if one["factor"] in causes_tried(facts)]


TEXT_CONTROLS = Section(
    "text_controls", "reflect", _view, (WHERE,), pictures=(Picture("7-text-controls", _draw, WHERE),)
)
