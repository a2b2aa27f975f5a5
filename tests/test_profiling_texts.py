"""Drafts of tables with texts: which columns are texts and why, what repeats, and whose they are."""

import numpy as np
import pandas as pd
import pytest
from toy_texts import labels, reviews, text_raw

from pipelines.core.project import parse_project
from pipelines.core.submit import run_now
from pipelines.define import define
from pipelines.inputs import Text, holds_words
from pipelines.profiling.asked import Asked
from pipelines.profiling.column import guess_column
from pipelines.profiling.draft import draft

ASKED = Asked("small", "data/raw/small.csv", "label")


def raw_of(rows: int = 400) -> pd.DataFrame:
    """Return the toy table with films by short names, ten reviews each."""
    return text_raw(rows).assign(film=pd.Series([f"film {i % (rows // 10)}" for i in range(rows)], dtype="str"))


def line(text: str, key: str) -> str:
    """Return the draft's line that begins with a key, one blank where several stand."""
    return " ".join(next(one for one in text.splitlines() if one.startswith(f"{key} =")).split())


def test_a_column_of_texts_is_recognised_and_its_draft_is_accepted() -> None:
    """The remark says what was seen; the draft is a project that step 1 takes."""
    text = draft(raw_of(), ASKED)

    project = parse_project(text, "small", "projects/small.toml")
    found = line(text, "review")
    assert found.startswith('review = { type = "text", encoder = "none" } # 400 different, ')
    assert found.endswith("words on average: a text")
    assert line(text, "near_copies") == 'near_copies = "together" # no text is nearly the same as another'
    assert define(raw_of(), project, "0" * 64, run_now).facts["texts"] is not None


def test_texts_that_repeat_are_counted() -> None:
    """Every tenth text stands twice: 40 of 400 rows."""
    texts = reviews()
    texts[0::20] = texts[10::20].to_numpy()

    text = draft(raw_of().assign(review=texts), ASKED)

    assert "# 40 rows (10 %) have a text nearly as another's: they stay on one side" in line(text, "near_copies")


def test_the_column_that_texts_belong_to_is_proposed() -> None:
    """Forty films of ten reviews each; with --group the film decides, and nothing is proposed."""
    raw = raw_of()

    assert "--group 'film' if new texts are of other ones" in line(draft(raw, ASKED), "kind")
    grouped = draft(raw, Asked("small", "data/raw/small.csv", "label", group="film"))
    assert line(grouped, "kind") == 'kind = "group" # rows of one group stay together'


@pytest.mark.parametrize("rows", [400, 399])
def test_a_table_without_texts_has_no_such_section(rows: int) -> None:
    """Categories alone propose no group because of texts."""
    text = draft(raw_of(rows).drop(columns="review"), ASKED)

    assert "[text]" not in text
    assert "new texts" not in text


LENGTHS: dict[str, tuple[list[str], str]] = {
    "few rows": (list(reviews(150)), "fewer than 200 rows hold a text"),
    "codes": ([f"{i:x}f3 {i * 7:x}a9 {i * 13:x}c1" for i in range(400)], "its words are names or codes"),
    "garbled": ([f"caf\ufffd {text}" for text in reviews()], "400 texts hold control characters"),
    "single words in most": (
        [text if i % 3 == 0 else f"{text.split()[0]}{i}" for i, text in enumerate(reviews())],
        "half of the texts are single words",
    ),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_texts_that_step_1_would_refuse_are_their_lengths(name: str) -> None:
    """The remark says why, and the draft is accepted."""
    texts, why = LENGTHS[name]
    found = guess_column("review", pd.Series(texts, dtype="str"))

    assert (found.type, found.keys) == (Text.name, (("use", "numbers"),))
    assert f"its length alone, since {why}" in found.seen
    raw = raw_of(len(texts)).assign(review=pd.Series(texts, dtype="str"))
    text = draft(raw, ASKED)
    project = parse_project(text, "small", "projects/small.toml")
    assert not holds_words(project.columns.declared["review"])
    assert "[text]" not in text
    assert define(raw, project, "0" * 64, run_now).facts["texts"] is None


def test_a_column_that_rows_are_split_by_is_no_text() -> None:
    """A group of long names keeps its type, and no key of texts."""
    names = pd.Series([f"the long name of film {2 * i // 3}" for i in range(400)], dtype="str")
    raw = text_raw().assign(film=names)

    text = draft(raw, Asked("small", "data/raw/small.csv", "label", group="film"))

    assert parse_project(text, "small", "projects/small.toml").columns.declared["film"].type == Text.name
    assert line(text, "film").startswith('film = { type = "text" }')


def test_two_long_texts_may_be_the_target() -> None:
    """They are classes, without a key of texts."""
    raw = text_raw().assign(label=np.where(labels() == "fresh", "it is a fresh one", "it is a rotten one"))

    text = draft(raw, ASKED)

    assert line(text, "label").startswith('label = { type = "category" }')
