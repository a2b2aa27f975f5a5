"""Pages that are made of the code say what the code says."""

import pytest
from conftest import ROOT

from flows.docs import PAGES


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_what_the_code_makes_of_it(path: str) -> None:
    """Nobody has edited it by hand, and `make docs` was run after the last change."""
    assert (ROOT / path).read_text(encoding="utf-8") == PAGES[path]().rstrip("\n") + "\n"
