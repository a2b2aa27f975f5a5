"""Sections, pictures, interview and post of groups: what is said of each verdict, and left out elsewhere."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
import sample_facts
from conftest import Facts
from grouped_facts import TITLES, Says, estimate, grouped, pairs
from hostile import LEVELS
from printed import printed
from test_rendering import agree

from pipelines.answer.answer import answered
from pipelines.findings.groups import adds
from pipelines.report.figures.group_maps import draw_maps
from pipelines.report.figures.groups import draw_outcome, draw_profiles, draw_valley
from pipelines.report.figures.style import to_svg
from pipelines.report.pages.interview import QUESTIONS
from pipelines.report.pages.report import render_beside, render_report
from pipelines.report.pictures import draw_pictures
from pipelines.report.section import Section
from pipelines.report.sections.group_answer import GROUP_ANSWER
from pipelines.report.sections.group_assigned import GROUP_ASSIGNED
from pipelines.report.sections.group_checks import GROUP_CHECKS
from pipelines.report.sections.group_columns import GROUP_COLUMNS
from pipelines.report.sections.group_density import GROUP_DENSITY
from pipelines.report.sections.group_maps import GROUP_MAPS
from pipelines.report.sections.group_numbers import GROUP_NUMBERS
from pipelines.report.sections.group_profiles import GROUP_PROFILES
from pipelines.report.sections.group_verdict import GROUP_VERDICT
from pipelines.report.spoken.groups import ARE_REAL, NOT_CLASSIFIED, WHEN, WHY_SO_MANY
from pipelines.report.spoken.speech import NUMBERS, numbers, words
from pipelines.report.tables import check_tables

SECTIONS = (
    GROUP_ANSWER, GROUP_VERDICT, GROUP_NUMBERS, GROUP_DENSITY, GROUP_COLUMNS, GROUP_PROFILES, GROUP_CHECKS, GROUP_MAPS,
    GROUP_ASSIGNED,
)  # fmt: skip
ASKED = (WHY_SO_MANY, ARE_REAL, NOT_CLASSIFIED, WHEN)
PICTURES = {"7-group-valley", "7-group-profiles", "7-group-maps"}
SAYS: tuple[Says, ...] = ("groups", "a gradient", "nothing")
Case = Callable[[Facts], Facts]


def same(facts: Facts) -> Facts:
    """Return the facts as they are."""
    return facts


def failed(facts: Facts) -> Facts:
    """Return the facts as they would be if the verdict found groups in one Gaussian."""
    found = facts["reflect"]["groups"]["controls"]
    found["passed"] = False
    found["nulls"][0] |= {"says": "groups", "number": 2}
    return facts


def single(facts: Facts) -> Facts:
    """Return the facts as they would be if a gap in one column made the groups."""
    found = facts["reflect"]["groups"]["controls"]
    found["single_columns"] = True
    for one in found["nulls"][1:]:
        one |= {"says": "groups", "number": 2}
    return facts


def honest(facts: Facts) -> Facts:
    """Return the facts as they would be if no usual check were fooled."""
    for one in facts["reflect"]["groups"]["controls"]["checks"]:
        for null in one["nulls"]:
            null["says"] = 1
    return facts


def loose(facts: Facts) -> Facts:
    """Return the facts as they would be if other rows made other groups, none of them far from the middle."""
    found = facts["reflect"]["groups"]
    found["assigned"] |= {"steady": 0.31, "how": "by the quantile that a row's value lies in"}
    for one in found["profiles"]:
        one["described"] = []
        for column in one["columns"]:
            column |= {"place": 0.5, "place_ci": [0.48, 0.52]}
    for column in found["columns"]:
        column["explained"] = 0.1
    return facts


def one_group(facts: Facts) -> Facts:
    """Return the facts as they would be of a strong model with a single group."""
    found = facts["reflect"]["groups"]
    found |= {"profiles": found["profiles"][:1], "number": 1}
    return facts


def no_gain(facts: Facts) -> Facts:
    """Return the facts as they would be if no change made rows left out likelier."""
    for one in facts["reflect"]["groups"]["rungs"]:
        one |= {"density": 0.1, "gain": None if one["gain"] is None else estimate(0.0, 0.02)}
    return facts


CASES: tuple[Case, ...] = (same, failed, single, honest, loose, one_group, no_gain)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.name)
def test_other_projects_have_no_such_section(section: Section) -> None:
    """What depends on facts of groups is left out without them."""
    assert printed(section, sample_facts.binary()) == ""
    assert printed(section, grouped()) != ""


def test_sections_and_questions_are_the_golden_ones() -> None:
    """Compared whole, so that a broken table or a lost sentence cannot hide."""
    pages = []
    for says, scored in (("a gradient", True), ("groups", False)):
        facts = answered(grouped(says, scored=scored), TITLES)  # type: ignore[arg-type]
        pages += [printed(section, facts) for section in SECTIONS]
        pages += [f"## {one.title(facts)}\n\n{one.say(facts)['text']}\n\n{_list(one.asked(facts))}" for one in ASKED]

    agree("groups.md", "\n\n".join(pages) + "\n")


def _list(claims: list[Facts]) -> str:
    return "\n".join(f"- {claim['text']}" for claim in claims)


@pytest.mark.parametrize(
    ("says", "votes", "said"),
    [
        ("groups", 5, "Yes, at least 3: all five halvings of the rows find groups, in both halves alike."),
        ("groups", 5, "Of rows left out, 52 lie at the emptiest point of the least clear valley and 120 at its lower"),
        (
            "a gradient",
            0,
            "No groups, a gradient: columns go together (0.810 [0.770, 0.850] nats a row left out). None",
        ),
        ("a gradient", 0, "nearest to a valley, 229 of them lie at its emptiest point and 224 at its lower peak."),
        ("a gradient", 0, "a trough of 0.52 nats there: the model draws a valley that the rows do not have."),
        ("a gradient", 2, "A close call: 2 of five halvings find groups, which is not enough to claim any."),
        ("nothing", 0, "Nothing: no groups, and the columns are not shown to say anything of each other."),
    ],
)
def test_each_verdict_has_its_words_and_counts(says: Says, votes: int, said: str) -> None:
    """The least clear valley speaks for groups, the nearest one for none."""
    assert said in printed(GROUP_ANSWER, grouped(says, votes))


def test_a_valley_that_rows_may_have_is_not_said_to_be_drawn_by_the_model() -> None:
    """Where fewer rows lie in it than chance has once in twenty, or the density has no trough, nothing is said."""
    for change in ({"p_value": 0.03}, {"depth": 0.1}):
        facts = grouped("a gradient")
        facts["reflect"]["groups"]["verdict"]["nearest"] |= change
        assert "the model draws" not in printed(GROUP_ANSWER, facts)


@pytest.mark.parametrize(
    ("value", "half", "says", "kind", "said"),
    [
        (-0.003, 0.003, "neither", "nothing", "Groups say nothing that the numbers do not: put beside the numbers"),
        (0.02, 0.005, "more", "more", "Groups say something that trees on the numbers do not"),
        (0.008, 0.004, "neither", "little", "Groups say a little that trees on the numbers do not, perhaps too little"),
        (0.005, 0.02, "neither", "open", "Groups are not shown to say anything that the numbers do not"),
        (-0.03, 0.01, "less", "less", "Groups do harm beside the numbers"),
    ],
)
def test_what_groups_add_to_numbers(value: float, half: float, says: str, kind: str, said: str) -> None:
    """Nothing is said to be nothing only where all of its interval is below the margin."""
    facts = grouped()
    facts["compare"]["groups"]["pairs"][2] |= {"out_of_fold": estimate(value, half) | {"p_value": 0.1}, "says": says}

    assert adds(facts, facts["compare"]["groups"]["pairs"][2]) == kind
    assert said in printed(GROUP_ANSWER, facts)


def test_without_an_outcome_one_hump_is_what_groups_are_held_against() -> None:
    """And better than one Gaussian is no verdict on groups."""
    text = printed(GROUP_ANSWER, grouped(scored=False)) + printed(GROUP_NUMBERS, grouped(scored=False))

    assert "**Do groups say anything that one hump does not?** Several humps describe rows left out better" in text
    assert "That is a shape, and no verdict on groups" in text
    assert "7-group-outcome" not in text


def test_the_ladder_of_densities_says_which_change_brings_most() -> None:
    """5.213 of 5.494 nats is about nine tenths; by R2 another rung is best than by density."""
    text = printed(GROUP_DENSITY, grouped())

    assert (
        "rises from -4.924 to 0.570 nats a row, and about nine tenths of that is scaling: 5.213 [5.203, 5.223]" in text
    )
    assert (
        "Density and use disagree: density is highest with method, where R² is 0.199; R² is best with scaling" in text
    )
    assert "R²" not in printed(GROUP_DENSITY, grouped(scored=False))
    assert "No change makes rows left out likelier" in printed(GROUP_DENSITY, no_gain(grouped()))
    facts = grouped()
    rungs = facts["reflect"]["groups"]["rungs"]
    sure = max((one for one in rungs[2:]), key=lambda one: one["gain"]["value"])
    rungs[1]["gain"] = {"value": 52.7, "ci": [-14.5, 119.9]}
    said = printed(GROUP_DENSITY, facts)
    assert f"Of the changes whose gain is beyond chance, {sure['rung']} makes rows left out likelier by most" in said
    assert f"That of {rungs[1]['rung']}, 52.7" in said
    assert "No change makes" not in said


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (
            same,
            "Passed: of one Gaussian with this table's correlations, which has no groups, the verdict is a gradient.",
        ),
        (same, "A silhouette of 0.31 says 4 groups; on one Gaussian it is 0.27 and says 2; on a table with the same"),
        (
            same,
            "Three of four usual checks find groups in one Gaussian: silhouette, stability and prediction strength.",
        ),
        (same, "As many groups, drawn at random, have R² -0.002 on the test rows."),
        (failed, "**Not passed:** the verdict finds groups in one Gaussian, which has none."),
        (single, "So a gap in a single column makes groups here, without a look at any other."),
        (honest, "None of the usual checks finds groups in one Gaussian."),
    ],
)
def test_checks_stand_beside_their_values_on_nulls(case: Case, said: str) -> None:
    """What the verdict says of one Gaussian, what the usual checks do, and what a single column makes."""
    assert said in printed(GROUP_CHECKS, case(grouped()))


def test_groups_of_columns_together_are_said_to_be() -> None:
    """Where the copula and shuffled columns have none; nothing of the sort without groups."""
    assert "So the groups are made by columns together" in printed(GROUP_CHECKS, grouped("groups"))
    assert "So the groups are made" not in printed(GROUP_CHECKS, grouped("a gradient"))


def test_groups_are_described_by_what_is_far_from_the_middle() -> None:
    """With intervals; the level that differs most, and nothing where all is near the middle."""
    text = printed(GROUP_PROFILES, grouped())

    assert "- Group 1, 2,225 rows (53 %): recency high (median 989 [961, 1,017], above 80 % of all rows)" in text
    assert "country is Germany in 6 % [5 %, 7 %] of them, of all rows in 2 %." in text
    assert "- Group 2, 1,000 rows (24 %): near the middle in every column; mean outcome 3.00 [2.80, 3.20];" in text
    assert "mean outcome" not in printed(GROUP_PROFILES, grouped(scored=False))


@pytest.mark.parametrize(
    ("islands", "opening"),
    [
        ((4, 11, 4), "A map proves nothing: UMAP shows"),
        ((4, 1, 1), "UMAP shows 4"),
        ((1, 1, 3), "UMAP shows 1 island in"),
    ],
)
def test_islands_are_counted_beside_those_of_nulls(islands: tuple[int, int, int], opening: str) -> None:
    """Only where one Gaussian shows several, and the table no more than they, is that said to prove nothing."""
    facts = grouped()
    for table, number in zip(facts["reflect"]["groups"]["maps"]["tables"], islands, strict=True):
        table["maps"][-1]["islands"] = number

    assert f"**{opening}" in printed(GROUP_MAPS, facts)


def test_assignment_says_how_and_how_surely() -> None:
    """And that groups do not stay where they do not."""
    assert "A new row gets the group of the nearest centre." in printed(GROUP_ASSIGNED, grouped())
    text = printed(GROUP_ASSIGNED, loose(grouped()))
    assert "A new row gets its group by the quantile that a row's value lies in." in text
    assert "do not put the same rows together: adjusted Rand index 0.31" in text


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("says", SAYS)
@pytest.mark.parametrize("scored", [True, False])
def test_each_case_is_a_whole_page(case: Case, says: Says, *, scored: bool) -> None:
    """Every number is bound, tables are tables, what is said aloud is short, and no page speaks of linear models."""
    facts = answered(case(grouped(says, scored=scored)), TITLES)
    report, interview, post = render_report(facts), render_beside("interview", facts), render_beside("post", facts)

    assert set(report.pictures) >= PICTURES
    assert ("7-group-outcome" in report.pictures) == scored
    assert "**Are there groups?**" in report.markdown
    assert "boosted trees, forests" not in post
    assert "a linear model" not in post + interview
    assert "shuffled target" not in post + interview
    for question in ASKED:
        assert question.applies(facts)
        said, asked = question.say(facts), question.asked(facts)
        assert words(said) < 60, said["text"]
        assert numbers(said) <= NUMBERS, said["text"]
        assert 1 <= len(asked) <= 4, question.title(facts)
        assert said["text"] not in [one["text"] for one in asked]


def test_questions_of_groups_are_asked_of_groups_alone() -> None:
    """Other projects are not asked about groups."""
    facts = answered(sample_facts.binary())
    assert not [question for question in ASKED if question.applies(facts)]
    assert [question for question in QUESTIONS if question in ASKED] == list(ASKED)


@pytest.mark.parametrize(
    ("says", "votes", "number", "real"),
    [
        ("groups", 5, "The rows show at least 3. The model cuts finer, into 5", "Yes. I fitted a density to half"),
        ("a gradient", 0, "The data do not ask for any number: they are one crowd with a gradient.", "No. I fitted"),
        ("a gradient", 2, "one crowd with a gradient.", "I would not claim it: only some of the halvings"),
        ("nothing", 0, "columns that say nothing of each other.", "No. I fitted a density to half of the rows"),
    ],
)
def test_what_is_said_of_their_number_and_of_their_being_real(says: Says, votes: int, number: str, real: str) -> None:
    """As the verdict has it, and no surer; a failed control leaves nothing to say."""
    facts = grouped(says, votes)
    assert WHY_SO_MANY.title(facts) == "Why five groups?"
    assert number in WHY_SO_MANY.say(facts)["text"]
    assert real in ARE_REAL.say(facts)["text"]
    for question in (WHY_SO_MANY, ARE_REAL):
        assert "I would not say" in question.say(failed(grouped(says, votes)))["text"]


def test_why_not_classify_depends_on_an_outcome() -> None:
    """With one, numbers are beside the groups; without, there was no label."""
    assert "trees on the numbers have R² 0.34, the groups 0.26" in NOT_CLASSIFIED.say(grouped())["text"]
    assert "there is no label to learn" in NOT_CLASSIFIED.say(grouped(scored=False))["text"]
    facts = grouped()
    facts["compare"]["groups"]["pairs"] = pairs(scored=False)
    assert "was not compared" in NOT_CLASSIFIED.say(facts)["text"]


@pytest.mark.parametrize("value", [*LEVELS, "10", "100 %", "{group}", "[0.1, 0.2]"])
def test_whatever_levels_and_columns_are_called_is_text(value: str) -> None:
    """Each page is made, its numbers are bound, and no markup gets in."""
    facts = grouped()
    found = facts["reflect"]["groups"]
    for one in found["profiles"]:
        one["described"][1] |= {"level": value, "column": value}
        one["columns"][0]["column"] = value
    found["columns"][0]["column"] = value
    facts["define"]["clusters"] |= {"outcome": value, "columns": [value], "describe": [value]}
    facts = answered(facts)

    pages = [render_report(facts).markdown, render_beside("interview", facts), render_beside("post", facts)]

    for page in pages:
        check_tables(page)
        assert not re.search(r"<script|<img|<!--|(?<!\\)\]\((?:javascript|https?):", re.sub("`[^`\n]*`", "", page))
    for draw in (draw_profiles, draw_outcome):
        ET.fromstring(to_svg(draw, facts))


@pytest.mark.parametrize("case", [same, loose, one_group])
@pytest.mark.parametrize("draw", [draw_valley, draw_outcome, draw_profiles, draw_maps])
@pytest.mark.parametrize("says", ["groups", "a gradient"])
def test_pictures_are_drawn_in_each_case(draw: Callable[[Facts], object], case: Case, says: Says) -> None:
    """Each is well-formed, of the one width, and the same twice."""
    drawn = to_svg(draw, case(grouped(says)))  # type: ignore[arg-type]
    assert ET.fromstring(drawn).get("width") == "525.6pt"
    assert drawn == to_svg(draw, case(grouped(says)))  # type: ignore[arg-type]


def test_without_an_outcome_there_is_no_picture_of_a_target() -> None:
    """Nothing is drawn of what is not there, and the page does without."""
    facts = grouped(scored=False)
    facts["define"]["target_summary"] = {}
    report = render_report(answered(facts))

    assert "1-target" not in report.pictures
    assert list(draw_pictures(facts)) == [f"{name}.svg" for name in report.pictures]
