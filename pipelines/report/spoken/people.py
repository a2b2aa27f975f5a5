"""Whether groups of people are treated differently, said aloud; the listener decides whether that is acceptable."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.reflect.people import PeopleColumn
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.sections.people import NO_COLUMN, ends_of, flagged, person, together
from pipelines.report.spoken.question import Question, always, of_rows
from pipelines.report.spoken.speech import first_short, pair, percent, plain

WHERE = "reflect#/people"
NOT_ASKED = "That was not examined here."
NO_FACTS = "The facts of this report say nothing of it; building it again examines it."
YOURS = " Whether that is acceptable is not mine to decide."
USED = " Whether it may be used is not mine to decide."
MOST = 4  # sentences of evidence


def _say(facts: Facts) -> Claim:
    found = facts["reflect"].get("people")
    if not found:
        return plain(NOT_ASKED if found is None else NO_COLUMN, facts)
    pool: dict[str, Place] = {"name": (f"{WHERE}/0/feature", "")}
    several = found[1:] and " The report has further such columns."
    looks = f"The column {{name}} looks like a protected attribute.{several or ''}"
    differ, places = _differ(facts, found[0])
    return first_short(
        [
            say("say", f"{looks} {differ}", facts, **pool, **places),
            plain(
                "Some columns look like protected attributes; the report says what the score is without them.", facts
            ),
        ]
    )


def _differ(facts: Facts, column: PeopleColumn) -> tuple[str, dict[str, Place]]:
    """Return how decisions differ between the groups of a column, or what a model without it scores."""
    ends = ends_of(column["groups"], flagged)
    if ends is not None:
        low, high = (f"{WHERE}/0/groups/{place}/flagged/value" for place in ends)
        if ends[0] == ends[1]:
            return "The strong model flags the same share of rows in each of its groups: {low}.", {
                "low": (low, percent)
            }
        template = "Between its groups, the share of rows that the strong model flags goes from {low} to {high}."
        return template + YOURS, {"low": (low, percent), "high": (high, percent)}
    if column["without"] is None:
        return f"The report says how predictions differ between its groups.{YOURS}", {}
    before, after = pair(facts, f"{WHERE}/0/without/score_with", f"{WHERE}/0/without/score_without")
    return f"Without it, a quick model goes from {{metric}} {{before}} to {{after}}.{USED}", {
        "metric": ("metric#/label", ""), "before": before, "after": after,
    }  # fmt: skip


def _asked(facts: Facts) -> list[Claim]:
    found = facts["reflect"].get("people") or []
    said = [person(facts, place, column).said for place, column in enumerate(found[: MOST - 1])]
    all_of_them = together(facts)
    if all_of_them is not None:
        said.append(all_of_them)
    searched = "Columns were searched by their names and by their levels."
    return said or [plain(searched if "people" in facts["reflect"] else NO_FACTS, facts)]


PEOPLE = Question(always("Does it treat groups of people differently?"), _say, _asked, "What could be wrong", of_rows)
