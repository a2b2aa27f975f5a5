"""Maps of the table beside the same maps of one Gaussian and of a copula: islands may appear in all of them."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.core.plural import agree
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.groups import WHERE
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAPS = f"{WHERE}/maps"
TABLES = f"{MAPS}/tables"
COUNTED = "{method} shows {i0} ISLANDS in the table, {i1} in {name1} and {i2} in a table with the {name2}"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.group_maps import draw_maps

    return draw_maps(facts)


def title(facts: Facts) -> Claim:
    """Return how many islands the last method shows in the table, and in the others."""
    tables = facts["reflect"]["groups"]["maps"]["tables"]
    last = len(tables[0]["maps"]) - 1
    found = [one["maps"][last]["islands"] for one in tables]
    pool: dict[str, Place] = {"method": (f"{TABLES}/0/maps/{last}/method", "")}
    for i in range(len(tables)):
        pool |= {f"i{i}": (f"{TABLES}/{i}/maps/{last}/islands", "d"), f"name{i}": (f"{TABLES}/{i}/name", "")}
    several = found[1] > 1 and max(found[1:]) >= found[0]
    text = f"A map proves nothing: {COUNTED}" if several else COUNTED
    return say("title", text.replace("ISLANDS", agree(found[0], "islands")), facts, **pool)


def _view(facts: Facts) -> View:
    tables = facts["reflect"]["groups"]["maps"]["tables"]
    return {
        "title": title(facts), "at": MAPS,
        "methods": [f"{TABLES}/0/maps/{i}/method" for i in range(len(tables[0]["maps"]))],
        "tables": [
            (f"{TABLES}/{i}", [f"{TABLES}/{i}/maps/{j}/islands" for j in range(len(one["maps"]))])
            for i, one in enumerate(tables)
        ],
    }  # fmt: skip


GROUP_MAPS = Section("group_maps", "reflect", _view, (f"{TABLES}/2",), pictures=(Picture("7-group-maps", _draw, MAPS),))
