"""What each feature holds, and what it says of the target alone."""

from typing import TYPE_CHECKING, TypedDict

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.eda.column import Column
from pipelines.facts.pointer import has
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.inputs import Date
from pipelines.metrics import METRICS
from pipelines.report.section import Picture, Section, View
from pipelines.report.words import LISTED, SHOWN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE, ALONE = "eda#/columns", ".3f"
TARGET = "eda#/target/spread"  # which groups without an outcome do not have


class Row(TypedDict):
    """One feature: where it stands, and how its values are written."""

    at: Pointer
    numeric: bool
    form: str


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.eda import draw_relations

    return draw_relations(facts)


def _places(facts: Facts) -> list[int]:
    """Return the places of the features, the one that says most alone first."""
    columns = facts["eda"]["columns"]
    return sorted(range(len(columns)), key=lambda place: -columns[place]["score_alone"])


def _title(facts: Facts) -> Claim:
    """Return which feature says most of the target alone."""
    where = f"{WHERE}/{_places(facts)[0]}"
    pool: dict[str, Place] = {
        "name": (f"{where}/name", ""), "score": (f"{where}/score_alone", ALONE),
        "label": ("eda#/score_alone_label", ""),
    }  # fmt: skip
    return say("title", "Alone, {name} says most of the target: {label} {score}", facts, **pool)


def _row(facts: Facts, place: int) -> Row:
    column: Column = facts["eda"]["columns"][place]
    years = {feature["name"] for feature in facts["define"]["features"] if feature["unit"] == "year"}
    dated = column["type"] == Date.name or column["name"] in years
    return {
        "at": f"{WHERE}/{place}",
        "numeric": column.get("quantiles") is not None,
        "form": "bare" if dated else "number",
    }


def _view(facts: Facts) -> View:
    rows = [_row(facts, place) for place in _places(facts)]
    ruled = next((i for i, one in enumerate(facts["eda"]["columns"]) if one["outliers"] is not None), None)
    same = facts["eda"]["duplicates"]["same_target"]
    look = METRICS[facts["eda"]["score_alone_metric"]].look
    return {
        "title": _title(facts),
        "alone": has(facts, TARGET),
        "compared": same is not None,
        "first": rows[:SHOWN],
        "rest": rows[SHOWN:LISTED],
        "more": len(rows) > LISTED,
        "rule": None if ruled is None else f"{WHERE}/{ruled}/outliers/rule",
        "nothing": "zero" if look is not None and look.trivial == 0 else "one half",
    }


COLUMNS = Section("columns", "eda", _view, (WHERE,), pictures=(Picture("3-relations", _draw, TARGET),))
