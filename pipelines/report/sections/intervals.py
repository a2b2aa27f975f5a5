"""How far off a single prediction may be: whether prediction intervals hold what they promise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipelines.facts.compare.intervals import IntervalLevel
from pipelines.facts.pointer import given
from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list
from pipelines.report.formats import share
from pipelines.report.section import Picture, Section, View
from pipelines.report.views import each

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WHERE = "compare#/intervals"
PROMISES = {
    "held": "hold their promise on average", "broken": "**do not hold their promise**",
    "exceeded": "hold more than they promise, so they are wider than needed",
}  # fmt: skip

EACH_FIFTH = "and no fifth of the predictions is shown to break it"


class Level(NamedTuple):
    """The intervals of one model and level, with the fifths of the predictions where too few values lie inside."""

    model: Pointer
    at: Pointer
    broken: str


def _draw(facts: Facts) -> "Figure":
    from pipelines.report.figures.errors import draw_intervals

    return draw_intervals(facts)


def _fifths(names: Sequence[str]) -> str:
    return as_list(list(names)) if names else "none"


def by_fifth(level: IntervalLevel) -> str:
    """Return what the fifths of the predictions add to what holds on average."""
    if level["broken"]:
        joint = "least" if level["promise"] == "broken" else "but not"
        said = f"{joint} for the {_fifths(level['broken'])} fifth of the predictions"
    else:
        said = "in no fifth of the predictions too few" if level["exceeded"] else EACH_FIFTH
    wide = f"; for the {_fifths(level['exceeded'])} fifth they are wider than needed" if level["exceeded"] else ""
    return said + wide


def _form(level: IntervalLevel) -> str:
    """Return the format of a coverage: a finer one where a coarse one hides a broken promise."""
    shown = {share(value) for value in (level["coverage"], *level["ci"])}
    return "finer share" if level["promise"] == "broken" and share(level["level"]) in shown else "share"


def _view(facts: Facts) -> View:
    found = given(facts["compare"]["intervals"])
    levels = [
        (model["model"], Level(f"{at}/model", f"{at}/levels/{j}", _fifths(level["broken"])), level)
        for at, model in zip(each(facts, f"{WHERE}/models"), found["models"], strict=True)
        for j, level in enumerate(model["levels"])
    ]
    shown, level = next(
        (row, level) for name, row, level in levels if name == "strong" and level["level"] == found["shown_level"]
    )
    return {
        "rows": [row for _, row, _ in levels],
        "shown": shown.at,
        "form": _form(level),
        "promise": PROMISES[level["promise"]],
        "fifths": by_fifth(level),
        "narrower": (found["narrower"] or 0) > 0,
        "logarithm": found["log"],
        "groups": found["exchangeable"] == "groups",
    }


INTERVALS = Section("intervals", "compare", _view, (WHERE,), pictures=(Picture("6-intervals", _draw, WHERE),))
