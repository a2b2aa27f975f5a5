"""The post in every case: its title, what it says of a difference and its interval, and how long short ones may be."""

import re

import pytest
import sample_facts
from spoken_cases import CASES, facts_of

from pipelines.answer.answer import answered
from pipelines.report.pages.report import render_beside
from pipelines.report.spoken.brief import NETWORK, SHORT

BOASTS = ("So it is better", "Why my model improved", "of the improvement", "the largest reason is")
ENDS = {"tie": "A tie", "worse": "The simple model won", "underpowered": "too few to say"}
USES = ("use the strong", "use the repaired", "keep the repaired")


def parts_of(case: str) -> tuple[str, str, str]:
    """Return the post of a case, its short version and the one for a network."""
    page = render_beside("post", facts_of(case))
    post, rest = page.split("\n## Short\n\n")
    short, network = rest.split("\n\n## For a professional network\n\n")
    return post, short.strip(), network.strip()


@pytest.mark.parametrize("case", CASES)
def test_the_short_ones_fit(case: str) -> None:
    """280 characters for a social page, 1,300 for a professional network, as Markdown that can be pasted."""
    _, short, network = parts_of(case)
    assert 0 < len(short) <= SHORT == 280
    assert 0 < len(network) <= NETWORK == 1300


@pytest.mark.parametrize("case", CASES)
def test_no_version_is_prouder_than_the_answer(case: str) -> None:
    """Where no gain is shown none is told, and the model is shipped where the answer says to use it, nowhere else."""
    facts = answered(facts_of(case))
    post, short, network = parts_of(case)
    action, verdict = facts["answer"]["action"], facts["compare"]["difference"]["verdict"]

    if verdict != "better" or action in ("use neither", "find the leak"):
        boasts = BOASTS if verdict != "better" else BOASTS[1:]
        assert [boast for boast in boasts if boast in post + short + network] == []
    assert ("Would I ship it?** Yes" in post) == ("Would I ship it? Yes" in network) == (action in USES)
    if action == "keep the baseline" and verdict in ENDS:
        assert ENDS[verdict] in short


@pytest.mark.parametrize("case", CASES)
def test_a_post_has_one_picture_and_a_title_of_its_own(case: str) -> None:
    """One picture at most, no table, and a heading that says what was found."""
    post, _, _ = parts_of(case)
    assert post.count("![") == 1
    assert "|" not in post
    assert re.match(r"# [A-Z0-9][^#\n]{20,80}\n", post)
    assert "The post" not in post


def test_the_interval_is_explained_rightly() -> None:
    """It is the range that the rows are compatible with, and not what chance does."""
    page = render_beside("post", sample_facts.binary())
    assert ("The test rows are compatible with gains from 0.19 to 0.36, which is a 95 % interval") in page
    assert "chance" not in page


def test_numbers_are_rounded() -> None:
    """Scores and gains have two digits, and no plus signs."""
    post, short, _ = parts_of("binary, better, as recorded")
    assert "from 0.67 to 0.89" in post
    assert "0.67, a stronger model 0.94" in short
    assert not re.search(r"\+\d|0\.\d{4}", post.replace("0.0050", ""))


def test_a_tie_is_honest() -> None:
    """The title says it, and so does the first sentence of the result."""
    post, short, _ = parts_of("regression, tie, as recorded")
    assert post.startswith("# My complicated model tied with ridge regression\n")
    assert "That is a tie." in post
    assert "no gain left to explain" in post
    assert short.endswith("A tie. I would keep the simple one.")


def test_a_question_that_is_too_long_is_left_out_of_the_short_one() -> None:
    """The project file may hold a page; the post has it, the version for a network has not."""
    facts = sample_facts.binary()
    facts["define"]["question"] = "Which of them will be late? " * 60
    page = render_beside("post", facts)
    network = page.split("## For a professional network")[1]
    assert "Which of them" in page
    assert "Which of them" not in network
    assert len(network.strip()) <= NETWORK
