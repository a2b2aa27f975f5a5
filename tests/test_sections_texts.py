"""Sections, pictures, interview and post of a project with texts: what is said in each case, and left out elsewhere."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
import sample_facts
from conftest import Facts
from hostile import LEVELS
from printed import printed, unfolded
from test_rendering import agree
from worded_facts import estimate, gains, without_encoder, worded

from pipelines.answer.answer import answered
from pipelines.report.figures.style import to_svg
from pipelines.report.figures.text_reasons import count_up, draw_controls, draw_rows, draw_terms
from pipelines.report.pages.interview import QUESTIONS
from pipelines.report.pages.report import render_beside, render_report
from pipelines.report.section import Section
from pipelines.report.sections.text_columns import TEXT_COLUMNS
from pipelines.report.sections.text_controls import TEXT_CONTROLS
from pipelines.report.sections.text_examples import TEXT_EXAMPLES
from pipelines.report.sections.text_rows import TEXT_ROWS, change
from pipelines.report.sections.text_sizes import TEXT_SIZES
from pipelines.report.sections.text_slices import TEXT_SLICES
from pipelines.report.sections.text_terms import TEXT_TERMS
from pipelines.report.spoken.speech import NUMBERS, numbers, words
from pipelines.report.spoken.texts import LABELS, MEMORY, ORDER, TERMS, in_a_post
from pipelines.report.tables import check_tables

SECTIONS = (TEXT_CONTROLS, TEXT_ROWS, TEXT_SIZES, TEXT_TERMS, TEXT_EXAMPLES, TEXT_SLICES, TEXT_COLUMNS)
PICTURES = {"7-text-rows", "7-text-terms", "7-text-controls"}
ASKED = (MEMORY, ORDER, TERMS, LABELS)


def failed(facts: Facts) -> Facts:
    """Return the facts as they would be if a cause were found on shuffled labels."""
    found = facts["reflect"]["texts"]["controls"]
    found["passed"] = False
    found["controls"][5]["gains"] = gains(None, (0.02, 0.005), None)
    return facts


def names_count(facts: Facts) -> Facts:
    """Return the facts as they would be if most of meaning were names."""
    facts["reflect"]["texts"]["controls"]["controls"][2]["gains"] = gains(
        (0.0069, 0.004), (0.0219, 0.0085), (0.0155, 0.0105)
    )
    return facts


def names_open(facts: Facts) -> Facts:
    """Return the facts as they would be if names might be worth something."""
    facts["reflect"]["texts"]["controls"]["controls"][2]["gains"][2] = gains(None, None, (0.039, 0.0105))[2]
    return facts


def architecture(facts: Facts) -> Facts:
    """Return the facts as they would be if a scrambled dictionary gained as much."""
    found = facts["reflect"]["texts"]["controls"]
    found["passed"] = False
    found["controls"][3]["gains"] = gains(None, None, (0.045, 0.0105))[2:]
    return facts


def small(facts: Facts) -> Facts:
    """Return the facts as they would be if no cause gained enough on the rows of the controls."""
    for one in facts["reflect"]["texts"]["controls"]["controls"]:
        one["gains"] = [{**gain, "gain": estimate(0.0, 0.0), "kept": False} for gain in one["gains"]]
    return facts


def nothing_kept(facts: Facts) -> Facts:
    """Return the facts as they would be if no cause of texts were kept."""
    small(facts)
    found = facts["reflect"]["texts"]
    for one in found["sizes"]:
        one["gains"] = gains(None, None, None)
    found |= {"worth": None, "examples": None, "terms": [], "columns": []}
    return facts


def one_size(facts: Facts) -> Facts:
    """Return the facts as they would be of few rows."""
    found = facts["reflect"]["texts"]
    found |= {"sizes": found["sizes"][:1], "worth": None}
    return facts


CASES: tuple[Callable[[Facts], Facts], ...] = (
    failed, names_count, names_open, architecture, small, nothing_kept, one_size, without_encoder,
)  # fmt: skip


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.name)
def test_other_projects_have_no_such_section(section: Section) -> None:
    """What depends on facts of texts is left out without them."""
    assert printed(section, sample_facts.binary()) == ""
    assert printed(section, worded()) != ""


def test_sections_and_questions_are_the_golden_ones() -> None:
    """Compared whole, so that a broken table or a lost sentence cannot hide."""
    facts = answered(worded(), {"review": "text of the review"})
    said = [f"## {one.title(facts)}\n\n{one.say(facts)['text']}\n\n{_list(one.asked(facts))}" for one in ASKED]

    agree("texts.md", "\n\n".join([printed(section, facts) for section in SECTIONS] + said) + "\n")


def _list(claims: list[Facts]) -> str:
    return "\n".join(f"- {claim['text']}" for claim in claims)


def test_controls_say_what_each_thing_is_worth() -> None:
    """Order, names, pretraining, and that nothing is found where there is nothing."""
    text = unfolded(TEXT_CONTROLS, worded())

    assert "Word order is worth all of phrases and about two fifths of meaning (0.029 of 0.046 is left)." in text
    assert "Without word order, no loss of spelling is shown." in text
    assert "Without names, no loss of phrases, spelling and meaning is shown." in text
    assert "all of meaning is pretraining, none of it architecture" in text
    assert "On shuffled labels, nothing is gained." in text
    assert "Passed: no cause is found where there is nothing to find." in text
    assert "Not tested" not in text


def test_names_are_said_to_be_which() -> None:
    """Where step 1 knows the columns and the rows that hold their words, by the readers' names of the columns."""
    facts = worded()
    facts["define"] |= {"rows": 4012, "texts": {"mask": ["film_name"], "masked_rows": 900}}
    facts = answered(facts, {"film_name": "film"})

    assert "is shown. Names are the words of film; 900 of 4,012 rows hold one." in unfolded(TEXT_CONTROLS, facts)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (failed, "**Not passed:** a cause is found where there is nothing to find."),
        (failed, "On shuffled labels, spelling gains 0.020 [0.015, 0.025], where there is nothing to find."),
        (failed, "**A control finds what is not there: do not trust the causes of texts**"),
        (names_count, "Names are worth about two thirds of meaning (0.015 of 0.046 is left)."),
        (names_open, "Whether names are worth some of meaning stays open (0.039 of 0.046 is left)."),
        (architecture, "the same network gains as much: no worth of pretraining is shown."),
        (small, "On these rows the gains of phrases (not kept), spelling (not kept) and meaning (not kept) are not"),
        (without_encoder, "Not tested: a scrambled dictionary (there is no encoder) and a random embedding"),
    ],
)
def test_controls_in_each_case(case: Callable[[Facts], Facts], said: str) -> None:
    """What is lost, what is open, what was not tested, and what must not be trusted."""
    assert said in unfolded(TEXT_CONTROLS, case(worded()))


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, (0.009, 0.003), "needs"),
        ((0.03, 0.01), None, "leaves"),
        (None, None, "never"),
        ((0.085, 0.0255), (0.022, 0.0035), "shrinks"),
        ((0.01, 0.002), (0.02, 0.002), "grows"),
        ((0.012, 0.0215), (0.0106, 0.0034), "stays"),
    ],
)
def test_how_a_gain_changes_with_the_rows(
    first: tuple[float, float] | None, last: tuple[float, float] | None, said: str
) -> None:
    """It is not called a change while the noise of both may explain it."""
    assert change(gains(first)[0], gains(last)[0]) == said


def test_rows_are_worth_what_the_facts_say() -> None:
    """3,200 of 10,246 rows leave out about two thirds; where the fewest rows do, it is at least so much."""
    facts = worded()
    assert (
        "Pretraining is worth about two thirds of the labels: with meaning, about 3,200 rows score what 10,246 do "
        "without."
    ) in printed(TEXT_ROWS, facts)
    assert "The gain of meaning shrinks with more rows: 0.085 with 1,000, 0.022 with 10,246" in printed(
        TEXT_ROWS, facts
    )

    facts["reflect"]["texts"]["worth"] |= {"same_with": 1000, "at_most": True}
    assert "Pretraining is worth at least nine tenths of the labels: with meaning, 1,000 rows, the fewest tried," in (
        printed(TEXT_ROWS, facts)
    )

    text = printed(TEXT_SIZES, facts)
    assert "| 1,000 | 0.710 | not kept | 0.012 [-0.009, 0.034] | 0.085 [0.060, 0.111] | 0.807 |" in text
    assert "- The gain of phrases needs rows: nothing with 1,000, 0.009 with 10,246." in text

    facts["reflect"]["texts"]["worth"] = None
    assert "What labels are worth" not in printed(TEXT_ROWS, facts)


def test_words_are_named_by_their_effects() -> None:
    """The strongest two on each side; of a number they speak for high and low values."""
    text = printed(TEXT_TERMS, worded())
    assert (
        "“powerful” and “and” speak most for the positives, “dull” and “too” speak most against the positives" in text
    )
    assert "| of the | 0.15 [0.10, 0.20] | 1,070 |" in text

    facts = worded()
    facts["define"]["positive"] = "fresh"
    assert "“powerful” and “and” speak most for “fresh”, “dull” and “too” speak most against “fresh”" in (
        printed(TEXT_TERMS, facts)
    )

    facts = worded("regression")
    assert "“powerful” and “and” speak most for a high value, “dull” and “too” speak most for a low value" in (
        printed(TEXT_TERMS, facts)
    )


def test_texts_are_shown_and_are_no_markup() -> None:
    """Whatever a text holds, it is text; numbers are shown apart from probabilities."""
    text = printed(TEXT_EXAMPLES, worded())
    assert "**One text that only the model with meaning gets right**" in text
    assert "&lt;b&gt;bad&lt;/b&gt; &#124;" in text
    assert "<b>" not in text
    assert "(http://x.example)" not in text
    assert "| 0.57 | 0.28 |" in text

    numbers_of = printed(TEXT_EXAMPLES, worded("regression"))
    assert "**One text that meaning takes nearer to the value**" in numbers_of
    assert "Predicted without meaning" in numbers_of


@pytest.mark.parametrize("value", [*LEVELS, "10", "100 %", "{term0}", "[0.1, 0.2]"])
def test_whatever_texts_hold_is_text(value: str) -> None:
    """In words, texts, labels and names of columns: each page is made, its numbers are bound, and no markup gets in."""
    facts = worded()
    found = facts["reflect"]["texts"]
    for one in (*found["terms"][:2], *found["terms"][4:]):
        one |= {"term": value, "column": value}
    found["examples"]["right"][0] |= {"text": value, "truth": value}
    found["columns"][0]["column"] = value
    facts["define"] |= {"positive": value, "texts": {"mask": [value], "masked_rows": 10}}
    facts = answered(facts)

    pages = [render_report(facts).markdown, render_beside("interview", facts), render_beside("post", facts)]

    for page in pages:
        check_tables(page)
        assert not re.search(
            r"<script|<img|<!--|(?<!\\)\]\((?:javascript|https?):", re.sub("`[^`\n]*`", "", page)
        )  # no code
    ET.fromstring(to_svg(draw_terms, facts))


def test_slices_say_where_it_is_not_better() -> None:
    """Worse and not shown, each in a sentence; where it is better everywhere, one says that."""
    facts = worded()
    text = unfolded(TEXT_SLICES, facts)
    assert "**The strong model is worse than the baseline on review without a word that denies (-0.030" in text
    assert (
        "The strong model is not shown to be better on review with a word that denies (0.004 [-0.006, 0.014])" in text
    )

    for one in facts["reflect"]["texts"]["slices"]:
        one["better"] = "strong"
    assert "the strong model is better than the baseline" in unfolded(TEXT_SLICES, facts)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.27, "it brings 0.270 [0.250, 0.290]"), (0.0, "nothing that is shown"), (-0.1, "it does harm")],
)
def test_what_a_text_column_brings(value: float, said: str) -> None:
    """Something, nothing that is shown, or harm."""
    facts = worded()
    facts["reflect"]["texts"]["columns"][0]["gain"] = estimate(value, 0.02)

    assert said in printed(TEXT_COLUMNS, facts)


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_each_case_is_a_whole_page(case: Callable[[Facts], Facts], kind: str) -> None:
    """Every number is bound, tables are tables, and what is said aloud is short and has its evidence."""
    facts = answered(case(worded(kind)))
    report = render_report(facts)
    assert "### Controls of the texts" in report.markdown
    for question in ASKED:
        assert question.applies(facts)
        said, asked = question.say(facts), question.asked(facts)
        assert words(said) < 60, said["text"]
        assert numbers(said) <= NUMBERS, said["text"]
        assert 1 <= len(asked) <= 4, question.title(facts)
        assert said["text"] not in [one["text"] for one in asked]
    assert "memorise names" in render_beside("interview", facts)
    assert render_beside("post", facts)


def test_questions_of_texts_are_asked_of_texts_alone() -> None:
    """Other projects are not asked about words."""
    facts = answered(sample_facts.binary())
    assert not [question for question in ASKED if question.applies(facts)]
    assert [question for question in QUESTIONS if question in ASKED] == list(ASKED)
    assert in_a_post(facts) is None


@pytest.mark.parametrize(
    ("case", "memory", "order"),
    [
        (lambda facts: facts, "And it needs no names", "all of phrases and about two fifths of meaning are gone"),
        (failed, "The controls of the texts failed", "The controls of the texts failed"),
        (names_count, "Names are worth about two thirds of meaning, and that is memory.", "Yes:"),
        (names_open, "Whether names are worth something of meaning stays open.", "Yes:"),
        (without_encoder, "It has no network that could understand", "Yes: with the words of each text shuffled"),
        (small, "adds nothing that is shown", "Words in a row are: with all rows, phrases gain 0.009"),
        (nothing_kept, "adds nothing that is shown", "I cannot say"),
    ],
)
def test_what_is_said_of_memory_and_order(case: Callable[[Facts], Facts], memory: str, order: str) -> None:
    """As the controls have it, and no surer."""
    facts = case(worded())
    assert memory in MEMORY.say(facts)["text"]
    assert order in ORDER.say(facts)["text"]


def test_a_post_has_one_sentence() -> None:
    """What is gone without order, names and what the network learned; or that the controls failed."""
    said = in_a_post(worded())
    assert said is not None
    assert said["text"] == (
        "Of the texts: with the words shuffled all of phrases and about two fifths of meaning are gone, without names "
        "no loss of phrases, spelling and meaning is shown, with the network's dictionary scrambled all of meaning is "
        "gone."
    )
    assert said["text"] in render_beside("post", worded())
    assert "failed" in in_a_post(failed(worded()))["text"]  # type: ignore[index]
    assert in_a_post(small(worded())) is None


@pytest.mark.parametrize("case", [lambda facts: facts, *CASES])
@pytest.mark.parametrize("draw", [draw_rows, draw_controls, draw_terms])
def test_pictures_are_drawn_in_each_case(draw: Callable[[Facts], object], case: Callable[[Facts], Facts]) -> None:
    """Each is well-formed and of the one width."""
    picture = ET.fromstring(to_svg(draw, case(worded())))  # type: ignore[arg-type]
    assert picture.get("width") == "525.6pt"


def test_its_pictures_are_on_the_page() -> None:
    """Three of them."""
    assert set(render_report(answered(worded())).pictures) >= PICTURES


def test_sets_of_the_same_name_are_numbered() -> None:
    """Two sets of labels are the first and the second; what stands alone has no number."""
    assert count_up(["none", "labels", "labels"]) == [None, 1, 2]
