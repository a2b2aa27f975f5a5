"""Where the facts that many sentences of the answer state stand, and how they are written there."""

import math
from collections.abc import Callable
from string import Formatter

from pipelines.core import rounding
from pipelines.facts.claims import Place, claim
from pipelines.facts.shared import Claim, Interval, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import ci_form, judged, score_form

DIFFERENCE = "compare#/difference"
SAVING = "compare#/threshold/saving_per_thousand"
MANY_TIMES = 100  # from which a ratio is written without decimals
WHOLE = 100  # from which an amount of money is
FINER = 7  # decimals more at most, to distinguish a gain from the margin


def model(facts: Facts, role: str) -> Pointer:
    """Return the pointer to the model of a role among those that step 6 scores."""
    place = next(i for i, one in enumerate(facts["compare"]["models"]) if one["role"] == role)
    return f"compare#/models/{place}"


def scores(facts: Facts) -> dict[str, Place]:
    """Return the scores of both models, the metric, its margin and the number of test rows."""
    form = score_form(facts)
    return {
        "metric": ("metric#/label", ""),
        "strong": (f"{model(facts, 'strong')}/score", form),
        "baseline": (f"{model(facts, 'baseline')}/score", form),
        "margin": ("metric#/margin", "g"),
        "rows": ("compare#/test_rows", ",.0f"),
    }


def gap(facts: Facts) -> dict[str, Place]:
    """Return the difference that the verdict is about, with its interval."""
    where = judged(facts)
    form = ci_form(f"{where}/ci", facts)
    return {"gap": (f"{where}/value", form), "ci": (f"{where}/ci", form)}


def saving(facts: Facts, where: Pointer = SAVING) -> dict[str, Place]:
    """Return what decisions save, with its interval and of how many rows; with the currency where there is one."""
    places: dict[str, Place] = {
        "saved": (f"{where}/value", money), "saved_ci": (f"{where}/ci", money), "of": (f"{where}/rows", ",.0f"),
    }  # fmt: skip
    return places | currency(facts)


def currency(facts: Facts) -> dict[str, Place]:
    """Return the currency, where the project file names one."""
    cost = facts["metric"]["cost"]
    return {"currency": ("metric#/cost/currency", "")} if cost is not None and cost["currency"] else {}


def amount(facts: Facts, what: str) -> str:
    """Return the part of a template that holds an amount of money."""
    return f"{what} {{currency}}" if currency(facts) else what


def money(value: float | Interval) -> str:
    """Return the format of an amount: whole from a hundred on."""
    largest = max(abs(one) for one in (value if isinstance(value, list) else [value]))
    return ",.0f" if largest >= WHOLE else ".2f" if round(largest, 2) else "z.2f"


def chance(value: float) -> str:
    """Return the format of a probability: two significant digits of it, or of what is left to one, no powers of ten."""
    shown = f"{value:.2g}"
    rest = min(value, 1 - value)
    return ".2g" if rest <= 0 or ("e" not in shown and shown != "1") else f".{1 - math.floor(math.log10(rest))}f"


def two_digits(value: float) -> str:
    """Return the format of an amount in any unit: two significant digits, no powers of ten."""
    return f"z,.{max(0, 1 - math.floor(math.log10(abs(value))))}f" if value else ",.0f"


def beside_margin(facts: Facts) -> Callable[[float], str]:
    """Return the form of a gain that a sentence holds against the margin: rounding does not lift it to the margin."""
    margin, usual = facts["metric"]["margin"], rounding.decimals(facts["metric"]["margin"])

    def form(value: float) -> str:
        needed = (n for n in range(usual, usual + FINER) if round(value, n) != round(margin, n))
        return rounding.gain_form(value, margin) if value >= margin else f"z,.{next(needed, usual)}f"

    return form


def beside_level(level: float, ends: Interval) -> str:
    """Return the form of a coverage: with decimals enough that no end of its interval reads as the level promised."""
    return next(
        (form for form in (".0%", ".1%") if format(level, form) not in [format(end, form) for end in ends]), ".2%"
    )


def beyond_chance(facts: Facts) -> bool:
    """Return whether an undecided difference is not zero: only whether it is large enough to act on is open."""
    difference = facts["compare"]["difference"]
    found = difference.get("constant") or difference
    clear = not found["ci"][0] <= 0 <= found["ci"][1]
    return difference["verdict"] == "underpowered" and clear and abs(found["value"]) <= difference["margin"]


def times(value: float) -> str:
    """Return the format of how many times as much something is."""
    return ",.0f" if value >= MANY_TIMES else ".1f" if value >= 1 else ".2f"


def say(name: str, template: str, facts: Facts, /, **pool: Place) -> Claim:
    """Return the claim that fills the template from the places of the pool that it names.

    Of an error on the logarithm it is said that it is one. Raises KeyError on a place that the pool lacks.
    """
    if facts["define"]["target_scale"] == "log":
        template = template.replace("{metric}", "{metric} of the logarithm")
    named = dict.fromkeys(field for _, field, _, _ in Formatter().parse(template) if field)
    return claim(name, template, facts, **{field: pool[field] for field in named})


def every(where: Pointer, count: int, form: str | Callable[[float], str] = "") -> dict[str, Place]:
    """Return a place for each item of a list of facts: `item0`, `item1` and so on."""
    return {f"item{i}": (f"{where}/{i}", form) for i in range(count)}
