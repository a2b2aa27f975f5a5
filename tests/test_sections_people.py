"""What the report says of columns that look like protected attributes."""

import pytest
import sample_facts
from conftest import Facts
from printed import printed, unfolded

from pipelines.report.sections.people import PEOPLE
from pipelines.report.tables import find_tables

WITHOUT = {"score_with": 0.942, "score_without": 0.931, "gain": 0.011, "ci": [0.004, 0.018]}


def rate(value: float) -> Facts:
    """Return a share of rows with its interval."""
    return {"value": value, "ci": [value / 2, 2 * value], "of": 400}


def group(name: str, flagged: float | None, positives: float, error: float | None = None) -> Facts:
    """Return what is said of one group."""
    return {
        "group": name, "rows": 400, "mean_prediction": 0.08, "flagged": None if flagged is None else rate(flagged),
        "positives": None if flagged is None else rate(positives),
        "false_positive_rate": None if flagged is None else rate(0.2), "miss_rate": None,
        "mean_error": None if error is None else {"value": error, "ci": [error - 1, error + 1]},
    }  # fmt: skip


def column(*groups: Facts, **more: object) -> Facts:
    """Return a column that looks like an age."""
    return {
        "feature": "age", "features": ["age"], "attribute": "age", "by": "name", "without": WITHOUT, "threshold": 0.05,
        "by_cost": True, "groups": list(groups), "groups_not_shown": 0, "rows_not_shown": 0, **more,
    }  # fmt: skip


def with_people(*columns: Facts, together: Facts | None = None) -> Facts:
    """Return the facts with such columns."""
    facts = sample_facts.binary()
    facts["reflect"] |= {"people": list(columns), "people_together": together}
    return facts


THREE = (group("18 to 30", 0.4, 0.1), group("31 to 60", 0.2, 0.08), group("61 to 90", 0.05, 0.02))


def test_a_column_has_one_line_and_a_folded_table() -> None:
    """The score without it, the lowest and the highest share decided positive beside what is true; no verdict."""
    text = unfolded(PEOPLE, with_people(column(*THREE)))

    assert (
        "- The column age looks like a protected attribute: without it, a quick model goes from ROC AUC 0.942 to "
        "0.931, a loss of 0.011 [0.004, 0.018]. The share decided positive is lowest, 5.0 %, in the group 61 to 90, "
        "and highest, 40 %, in the group 18 to 30; in truth 2.0 % and 10 % of them are positive."
    ) in text
    assert "is for the reader to decide" in text
    assert find_tables(text) == []
    assert len(find_tables(printed(PEOPLE, with_people(column(*THREE))))[0]) == 2 + 3


@pytest.mark.parametrize(
    ("ci", "said"),
    [
        ([0.004, 0.018], "a loss of 0.011"),
        ([-0.004, 0.018], "a difference of 0.011 [-0.004, 0.018] that may be zero"),
        ([-0.018, -0.004], "and does better."),
    ],
)
def test_what_the_score_owes_to_a_column(ci: list[float], said: str) -> None:
    """A loss beyond chance, nothing that is shown, or a gain."""
    assert said in unfolded(PEOPLE, with_people(column(without=WITHOUT | {"ci": ci})))


def test_a_column_beyond_the_first_few_has_no_score() -> None:
    """Where nothing was refitted without it, nothing is said of a score."""
    text = unfolded(PEOPLE, with_people(column(*THREE, feature="birth", by="levels", without=None)))

    assert "- The column birth looks like a protected attribute (age) by its levels. The share" in text
    assert "quick model" not in text


def test_a_number_has_errors_in_place_of_decisions() -> None:
    """The mean error of the groups, and no column of decisions."""
    groups = (group("a", None, 0, error=-2.0), group("b", None, 0, error=3.5))
    text = printed(
        PEOPLE, with_people(column(*groups, threshold=None, by_cost=False, groups_not_shown=4, rows_not_shown=31))
    )

    assert "Prediction less truth is lowest on average, -2.0, in the group a, and highest, 3.5, in the group b." in text
    assert "Decided positive" not in text
    assert "4 further groups with 31 test rows are not shown" in text


@pytest.mark.parametrize("groups", [(), THREE[:1]])
def test_one_group_is_not_compared(groups: tuple[Facts, ...]) -> None:
    """Several classes have no groups, and a single group has nothing beside it."""
    text = printed(PEOPLE, with_people(column(*groups)))

    assert "goes from 5" not in text
    assert "<details>" in text or not groups


def test_several_columns_are_left_out_together() -> None:
    """One sentence on all of them."""
    facts = with_people(column(*THREE), column(feature="income"), together=WITHOUT | {"features": ["age", "income"]})

    assert "Without age and income, a quick model goes from ROC AUC 0.942 to 0.931" in unfolded(PEOPLE, facts)


def test_no_such_column_is_one_honest_sentence() -> None:
    """That none was found says nothing of columns that stand in for one."""
    text = printed(PEOPLE, with_people())
    assert text.startswith("### People\n\nNo column looks like a protected attribute by its name or its levels")
    assert "was not examined" in text
