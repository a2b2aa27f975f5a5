"""Plain names for what facts call by short keys. Nothing is computed here."""

import re
from collections.abc import Mapping

from pipelines.causes import BY_NAME
from pipelines.facts.steps import Facts
from pipelines.models.families import FAMILIES, variants

MODELS: Mapping[str, str] = {variant.name: variant.title for variant in variants()} | {"strong": "strong model"}
OVERDISPERSED = 1.5  # times as much spread as the distribution says, from which on a page calls it so
LISTED = 200  # rows of such a table, and names in a sentence; the others are in the facts
SHOWN = 12  # rows of a table of features that everyone sees; the others open on a click
_KEYS = frozenset(name for name in MODELS if "_" in name or MODELS[name].lower() == name)  # no words of plain text
_LIBRARIES = tuple(family.title for family in FAMILIES.values() if family.name in family.libraries)  # spelled their way
QUANTILES: Mapping[str, str] = {
    "0": "smallest", "5": "5 %", "25": "25 %", "50": "median", "75": "75 %", "95": "95 %", "100": "largest",
}  # fmt: skip
CAUSE_TITLES: Mapping[str, str] = {cause.name: cause.title for cause in BY_NAME.values()}
VERDICTS: Mapping[str, str] = {"better": "**better**", "worse": "**worse**", "tie": "tie", "underpowered": "undecided"}


def model(name: object) -> str:
    """Return a model's plain name."""
    return MODELS.get(str(name), str(name).replace("_", " "))


def sentence(text: object) -> str:
    """Return a sentence of the facts with models by their plain names, a capital first and a full stop last."""
    said = re.sub(r"[a-z]+(_[a-z]+)?", lambda found: MODELS[found[0]] if found[0] in _KEYS else found[0], str(text))
    return capitalised(said).strip().rstrip(".") + "."


def capitalised(text: str) -> str:
    """Return a text with a capital first, except for a library that spells itself without."""
    return text if text.startswith(_LIBRARIES) else text[:1].upper() + text[1:]


def primary(facts: Facts) -> str:
    """Return what the primary metric measures: on the logarithm of the target, that is said."""
    logarithm = facts["define"]["target_scale"] == "log"
    return f"{facts['metric']['label']} of the logarithm" if logarithm else facts["metric"]["label"]


def title(name: object) -> str:
    """Return a project's name as a title: `loan_default` becomes "Loan default"."""
    spaced = str(name).replace("_", " ")
    return spaced[:1].upper() + spaced[1:]
