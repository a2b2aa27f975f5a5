"""Interaction: features may act together."""

from pipelines.causes.cause import Cause, Detail, Trees
from pipelines.causes.guess import Guess, Seen, idle, tried
from pipelines.causes.plan import Training
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook

PAIRS = Trees("the strongest pairs", "strongest pairs", leaves=8)
ANY = Trees("all features", "any features", leaves=15)


def _applies(rows: Training) -> str | None:
    return "there is only one feature" if rows.x.shape[1] == 1 else None


PRODUCTS = "Joint effects of the likeliest pairs"


def _guess(facts: EdaLook) -> Guess:
    """Guess from pairs whether any act together, on rows not used to find them."""
    found = facts["screens"]["factors"]["interaction"]
    if not found["applicable"]:
        return idle(facts, "Features or rows are too few to look for pairs that act together.")
    others = {name: screen for name, screen in facts["screens"]["factors"].items() if name != "interaction"}
    explained = [pair["features"] for one in others.values() if one["kept"] for pair in one.get("pairs", [])]
    seen = [i for i, pair in enumerate(found["pairs"]) if pair["seen"] and pair["features"] not in explained]
    if explained and not seen:
        return idle(facts, "No pair was seen to act together beyond what another cause says of it.")
    if not seen:
        about: dict[str, Place] = {"tried": ("screens/factors/interaction/tried", ",.0f")}
        return tried(facts, "interaction", PRODUCTS, Seen([], "Of {tried} pairs none was found again.", about))
    place = f"screens/factors/interaction/pairs/{seen[0]}/features"
    about = {"one": (f"{place}/0", ""), "other": (f"{place}/1", "")}
    names = found["pairs"][seen[0]]["features"]
    columns = [i for i, column in enumerate(facts["columns"]) if column["name"] in names]
    sentence = "{one} and {other} act together." if found["kept"] else "{one} and {other} act together, but little."
    return tried(facts, "interaction", PRODUCTS, Seen(columns, sentence, about))


INTERACTION = Cause(
    name="interaction",
    title="features may act together",
    step="features that may act together",
    wording="joint effects of several features",
    grows="trees",
    applies=_applies,
    trees=(PAIRS, ANY),
    detail=Detail(
        where="reflect#/interactions",
        claim="which_pair",
        sentence="A joint effect of {first} and {second} alone gains {effect} over the folds.",
        needs=PAIRS.change,
    ),
    guess=_guess,
)
