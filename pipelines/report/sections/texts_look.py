"""What the texts look like: lengths, languages, near copies, headers and quotes, and words that say much alone."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.pointer import has
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import each

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE, NEAR = "eda#/texts/columns", "define#/texts/near_copies"
ALONE = ".3f"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.texts import draw_tokens

    return draw_tokens(facts)


def _title(facts: Facts) -> Claim:
    """Return which word says most alone, or how many may give the target away."""
    look = facts["eda"]["texts"]["columns"][0]
    if not look["suspects"]:
        pool: dict[str, Place] = {
            "word": (f"{WHERE}/0/tokens/0/word", ""), "auc": (f"{WHERE}/0/tokens/0/auc", ALONE),
        }  # fmt: skip
        return say("title", 'No single word gives the target away; "{word}" says most alone (AUC {auc})', facts, **pool)
    first: dict[str, Place] = {"word": (f"{WHERE}/0/suspects/0", "")}
    if len(look["suspects"]) == 1:
        return say("title", 'One word may give the target away: "{word}"', facts, **first)
    return say("title", 'Several words may give the target away, first of all "{word}"', facts, **first)


def _column(facts: Facts, place: int) -> dict[str, object]:
    at: Pointer = f"{WHERE}/{place}"
    tokens = facts["eda"]["texts"]["columns"][place]["tokens"]
    return {
        "at": at,
        "findings": each(facts, f"{at}/findings"),
        "tokens": [
            (f"{at}/tokens/{i}", one["class"] is not None, one["mostly"] is not None, one["suspect"] is not None)
            for i, one in enumerate(tokens)
        ],
    }


def _view(facts: Facts) -> View:
    columns = facts["eda"]["texts"]["columns"]
    found = facts["define"].get("texts")
    near = None if found is None else found["near_copies"]
    return {
        "columns": [_column(facts, place) for place in range(len(columns))],
        "several": len(columns) > 1,
        "near": NEAR,
        "copied": near is not None and near["rows"] > 0,
        "across": near is not None and near["across_split"] > 0,
        "garbled": [
            f"define#/texts/columns/{place}"
            for place, one in enumerate([] if found is None else found["columns"]) if one["garbled"]
        ],
        "stripped": found is not None and len(found["strip"]) > 0,
        "title": _title(facts) if has(facts, f"{WHERE}/0/tokens/0") else None,
    }  # fmt: skip


TEXTS_LOOK = Section(
    "texts_look", "eda", _view, ("eda#/texts",), pictures=(Picture("3-texts", _draw, f"{WHERE}/0/tokens/0"),)
)
