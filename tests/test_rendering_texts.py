"""The section about texts: what it prints of the facts of steps 1 and 3, and its picture."""

from typing import cast

import numpy as np
import pandas as pd
import pytest
from toy_raw import change
from toy_texts import TEXT_TOML, defined, labels, looked, reviews, text_raw

from pipelines.facts.steps import Facts
from pipelines.report.figures.style import to_svg
from pipelines.report.figures.texts import draw_tokens
from pipelines.report.page import close, open_page, print_section
from pipelines.report.sections.caveat_list import LINKS
from pipelines.report.sections.texts_look import TEXTS_LOOK


def explored(raw: pd.DataFrame, toml: str = TEXT_TOML) -> Facts:
    """Return the facts of steps 1 and 3 of a table, as far as they are about texts."""
    made = defined(raw, toml)
    return cast("Facts", {"define": made.facts, "eda": looked(made)})


def printed(facts: Facts) -> str:
    """Return the section as Markdown; every number in it is bound, or this raises."""
    page = open_page(facts, pictures=True)
    return close(page, print_section(page, TEXTS_LOOK))[0]


@pytest.fixture(scope="module")
def plain() -> Facts:
    """Return the facts of the toy table."""
    return explored(text_raw(400))


def test_texts_without_a_suspect_say_what_they_are(plain: Facts) -> None:
    """Findings are a list, the title names the strongest word, and no near copy is said to be there."""
    text = printed(plain)

    strongest = plain["eda"]["texts"]["columns"][0]["tokens"][0]["word"]
    assert text.splitlines()[0].lstrip("# ").lower().replace(" ", "-") == LINKS["words"].anchor
    assert "- Half of the texts in review have at most" in text
    assert f'**No single word gives the target away; "{strongest}" says most alone (AUC 0.' in text
    assert "No text is a near copy of another one." in text
    assert "figures/3-texts.svg" in text
    assert f"| `{strongest}` |" in text


def test_near_copies_suspects_and_what_was_removed_are_named() -> None:
    """Every tenth text stands twice, the fresh ones are signed, and quotes were removed."""
    texts = [
        f"{text}\n> quoted{' signedx' if label == 'fresh' else ''}\n{'signed' if label == 'fresh' else 'sent'} by me"
        for text, label in zip(reviews(400), labels(400), strict=True)
    ]
    texts[0::20] = texts[10::20]
    texts[1] += " caf\ufffd"
    raw = text_raw(400).assign(review=pd.Series(texts, dtype="str"))

    text = printed(explored(raw, f'{TEXT_TOML}[text]\nstrip = ["quotes"]\n'))

    assert "40 rows (10 %) have a near copy: at least 70 %" in text
    assert "They form 20 sets, the largest of 2 rows; of 40 rows the text occurs elsewhere" in text
    assert "Near copies are kept on one side of the split and in one fold." in text
    assert "1 of the texts in `review` hold signs of a wrong encoding." in text
    assert "Removed from the texts before all else: quotes." in text
    assert "**Several words may give the target away, first of all" in text
    assert "signedx" not in text


def test_several_columns_and_classes_are_named() -> None:
    """Each column has its own findings and words; words of several classes name theirs."""
    classes = np.arange(600) % 3
    notes = pd.Series(
        [f"{text} stamped" if one == 2 else text for text, one in zip(reviews(600, 5), classes, strict=True)],
        dtype="str",
    )
    raw = text_raw(600).assign(film=notes, label=pd.Series(classes.astype(str), dtype="str"))
    toml = change(
        TEXT_TOML.replace('positive = "fresh"\n', ""), task='"multiclass"', film='{ type = "text" }',
        primary='"accuracy"',
    )  # fmt: skip

    text = printed(explored(raw, toml))

    assert "**review**" in text
    assert "**film**" in text
    assert "| `stamped` | 33 % | 1.000 (2) | 100 % 2 | yes |" in text


def test_the_picture_draws_every_word_and_is_the_same_twice(plain: Facts) -> None:
    """Each word has a lane."""
    figure = draw_tokens(plain)

    shown = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert shown == [one["word"] for one in plain["eda"]["texts"]["columns"][0]["tokens"]]
    assert to_svg(draw_tokens, plain) == to_svg(draw_tokens, plain)


def test_a_table_without_texts_has_no_such_section(plain: Facts) -> None:
    """Nothing is printed."""
    without = {"define": plain["define"], "eda": {k: v for k, v in plain["eda"].items() if k != "texts"}}

    assert TEXTS_LOOK.look(cast("Facts", without)) is None
