"""Numbers agree with the words for what they count."""

import pytest

from pipelines.core.plural import agree
from pipelines.report.formats import Formats


@pytest.mark.parametrize(
    ("count", "plural", "word"),
    [
        (1, "rows", "row"), (0, "rows", "rows"), (2, "rows", "rows"), (1, "training rows", "training row"),
        (1, "categories", "category"), (1, "classes", "class"), (1, "changes", "change"), (1, "values", "value"),
        (1, "sheep", "sheep"),
    ],
)  # fmt: skip
def test_a_word_agrees_with_its_number(count: int, plural: str, word: str) -> None:
    """One has no plural ending; none and several have."""
    assert agree(count, plural) == word


@pytest.mark.parametrize(
    ("count", "form", "shown"),
    [(1, "rows", "1 row"), (2345, "rows", "2,345 rows"), (0, "rows", "0 rows"), (1, "test rows", "1 test row"),
     (1, "features", "1 feature"), (12, "folds", "12 folds")],
)  # fmt: skip
def test_a_page_writes_a_number_with_its_word(count: int, form: str, shown: str) -> None:
    """Number and word are one bound place of a page."""
    assert Formats().show(count, form) == shown
