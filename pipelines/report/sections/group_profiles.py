"""The groups described: which columns are high or low in each, with intervals, and what describes them besides."""

from typing import TYPE_CHECKING

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.reflect.groups import GroupsLevel, GroupsProfile, GroupsRange
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.groups import WHERE, scored, value_form
from pipelines.findings.wording import as_list
from pipelines.report.section import Picture, Section, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PROFILES = f"{WHERE}/profiles"
FAR = 0.2  # of the rows, from the middle, from which a group's median is said to be high or low
NAMED = 3  # columns in a sentence
NEUTRAL = "The middle of each group in each column, by its place among all rows"
WIDEST = "{column} parts the groups most: medians lie above {low} to {high} of all rows"


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.groups import draw_profiles

    return draw_profiles(facts)


def in_words(facts: Facts, place: int, *, most: int = NAMED, described: bool = True) -> Claim:
    """Return a group in words: its size, its columns that are high or low, its outcome, and what is common in it."""
    one, at = facts["reflect"]["groups"]["profiles"][place], f"{PROFILES}/{place}"
    pool: dict[str, Place] = {
        "group": (f"{at}/group", "d"), "rows": (f"{at}/rows", ",.0f"), "share": (f"{at}/share", ".0%"),
    }  # fmt: skip
    said = []
    for i, word in _far(one)[:most]:
        where = f"{at}/columns/{i}"
        pool |= {
            f"column{i}": (f"{where}/column", ""), f"place{i}": (f"{where}/place", ".0%"),
            f"median{i}": (f"{where}/median", _with(one["columns"][i])),
            f"ci{i}": (f"{where}/ci", _with(one["columns"][i])),
        }  # fmt: skip
        said.append(f"{{column{i}}} {word} (median {{median{i}}} {{ci{i}}}, above {{place{i}}} of all rows)")
    text = "Group {group}, {rows} rows ({share}): " + (as_list(said) if said else "near the middle in every column")
    if one["outcome"] is not None:
        form = value_form(one["outcome"]["ci"])
        pool |= {"outcome": (f"{at}/outcome/value", form), "outcome_ci": (f"{at}/outcome/ci", form)}
        text += "; mean outcome {outcome} {outcome_ci}"
    if described and (level := _common(one)) is not None:
        where = f"{at}/described/{level}"
        pool |= {
            "describes": (f"{where}/column", ""), "level": (f"{where}/level", ""), "part": (f"{where}/share", ".0%"),
            "part_ci": (f"{where}/ci", ".0%"), "of_all": (f"{where}/of_all", ".0%"),
        }  # fmt: skip
        text += "; {describes} is {level} in {part} {part_ci} of them, of all rows in {of_all}"
    return say("profile", f"{text}.", facts, **pool)


def _with(one: GroupsRange) -> str:
    return value_form([*one["ci"], one["median"]])


def _far(one: GroupsProfile) -> list[tuple[int, str]]:
    """Return the places of the columns whose median lies far from the middle of all rows, the farthest first."""
    off = {i: column["place"] - 0.5 for i, column in enumerate(one["columns"])}
    far = sorted((i for i in off if abs(off[i]) >= FAR), key=lambda i: -abs(off[i]))
    return [(i, "high" if off[i] > 0 else "low") for i in far]


def _common(one: GroupsProfile) -> int | None:
    """Return the place of the level whose share differs most from that of all rows, beyond its interval; None else."""
    beyond: dict[int, GroupsLevel] = {
        i: level for i, level in enumerate(one["described"]) if not level["ci"][0] <= level["of_all"] <= level["ci"][1]
    }
    return max(beyond, key=lambda i: abs(beyond[i]["share"] - beyond[i]["of_all"]), default=None)


def _title(facts: Facts) -> Claim:
    """Return which column parts the groups most."""
    profiles = [(i, one) for i, one in enumerate(facts["reflect"]["groups"]["profiles"]) if one["columns"]]
    if len(profiles) < 2:  # noqa: PLR2004 - groups
        return say("title", NEUTRAL, facts)
    spans: list[tuple[float, Pointer, Pointer, Pointer]] = []
    for column in range(len(profiles[0][1]["columns"])):
        found = sorted((one["columns"][column]["place"], f"{PROFILES}/{i}/columns/{column}") for i, one in profiles)
        spans.append((found[-1][0] - found[0][0], found[0][1], found[0][1], found[-1][1]))
    _, name, low, high = max(spans, key=lambda span: span[0])
    pool: dict[str, Place] = {
        "column": (f"{name}/column", ""), "low": (f"{low}/place", ".0%"), "high": (f"{high}/place", ".0%"),
    }  # fmt: skip
    return say("title", WIDEST, facts, **pool)


def _view(facts: Facts) -> View:
    profiles = facts["reflect"]["groups"]["profiles"]
    return {
        "title": _title(facts),
        "words": [in_words(facts, place) for place in range(len(profiles))],
        "columns": [f"{PROFILES}/0/columns/{i}/column" for i in range(len(profiles[0]["columns"]))],
        "table": [
            (f"{PROFILES}/{i}", [f"{PROFILES}/{i}/columns/{j}" for j in range(len(one["columns"]))])
            for i, one in enumerate(profiles)
            if one["columns"]
        ],
        "levels": [
            (f"{PROFILES}/{i}", f"{PROFILES}/{i}/described/{j}")
            for i, one in enumerate(profiles)
            for j in range(len(one["described"]))
        ],
        "scored": scored(facts),
    }  # fmt: skip


GROUP_PROFILES = Section(
    "group_profiles", "reflect", _view, (f"{PROFILES}/0/columns/0",),
    pictures=(Picture("7-group-profiles", _draw, f"{PROFILES}/0/columns/0"),),
)  # fmt: skip
