"""Whether the difference between the two models is real: on the test rows, by several methods, and over the folds."""

from typing import TYPE_CHECKING

from pipelines.answer.places import beyond_chance, model, say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import gain_form
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import NUMBERS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/difference"
TINY = 0.001  # below which every p-value says the same
TITLES = {
    "better": "The interval of the difference excludes zero, and {value} exceeds the margin of {margin}",
    "worse": "The strong model is worse: a difference of {value}, beyond the margin of {margin}",
    "tie": "The whole interval of the difference, {value}, lies within the margin of {margin}",
    "underpowered": "The difference of {value} may be zero, and may exceed the margin of {margin}",
}
BEYOND_CHANCE = "The difference of {value} is beyond chance, but may be less than the margin of {margin}"
FROM_BASELINE = "From the baseline, which loses to a constant, the strong model differs by {value}"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.compare import draw_scores

    return draw_scores(facts)


def _title(facts: Facts) -> Claim:
    difference, form = facts["compare"]["difference"], gain_form(facts)
    pool: dict[str, Place] = {
        "value": (f"{WHERE}/value", form), "margin": ("metric#/margin", "g"),
    }  # fmt: skip
    template = BEYOND_CHANCE if beyond_chance(facts) else TITLES[difference["verdict"]]
    template = FROM_BASELINE if difference.get("against") == "constant" else template
    return say("title", template, facts, **pool)


def _methods(facts: Facts) -> list[tuple[Pointer, str]]:
    """Return where the difference stands by each method, with the method's name where the facts hold none."""
    difference = facts["compare"]["difference"]
    found = [(WHERE, "")]
    if difference["delong"] is not None:
        found.append((f"{WHERE}/delong", "DeLong, test rows"))
    if difference["nadeau_bengio"] is not None:
        found.append((f"{WHERE}/nadeau_bengio", "Nadeau-Bengio, folds of the training rows"))
    return found


def _largest_p(facts: Facts) -> tuple[Pointer, float]:
    """Return where the largest p-value of the methods stands, and what it is."""
    difference = facts["compare"]["difference"]
    found = {WHERE: difference["p_value"]}
    for name, tested in (("delong", difference["delong"]), ("nadeau_bengio", difference["nadeau_bengio"])):
        if tested is not None:
            found[f"{WHERE}/{name}"] = tested["p_value"]
    largest = max(found, key=lambda place: found[place])
    return f"{largest}/p_value", found[largest]


def folds_won(facts: Facts) -> str | None:
    """Return on how many folds the strong model scores better, in words; None where a fold has no score."""
    baseline = next(one for one in facts["baseline"]["models"] if one["role"] == "baseline")["fold_scores"]
    strong = next(one for one in facts["strong"]["models"] if one["role"] == "strong")["fold_scores"]
    sign = 1 if facts["metric"]["greater_is_better"] else -1
    gains = [sign * (b - a) for a, b in zip(baseline, strong, strict=True) if a is not None and b is not None]
    if not gains or len(gains) < len(strong):
        return None
    won = sum(gain > 0 for gain in gains)
    if won == len(gains):
        return "each"
    return NUMBERS[won].lower().replace("no", "none") if won < len(NUMBERS) else "most"


def _view(facts: Facts) -> View:
    where, p = _largest_p(facts)
    place = next(i for i, one in enumerate(facts["strong"]["models"]) if one["role"] == "strong")
    return {
        "title": _title(facts),
        "methods": _methods(facts),
        "p_decides": p >= TINY,
        "largest_p": where,
        "won": folds_won(facts),
        "folds": f"strong#/models/{place}/fold_scores",
        "baseline": model(facts, "baseline"),
        "strong": model(facts, "strong"),
    }


DIFFERENCE = Section("difference", "compare", _view, ("compare#",), pictures=(Picture("6-scores", _draw, "compare#"),))
