"""Facts are made and read by their types: no dictionary of anything, of which mypy sees no key."""

import re
from pathlib import Path

import pytest
from conftest import ROOT

RECIPE = ROOT / "pipelines"
STEPS = ("define", "metric", "eda", "baseline", "strong", "compare", "reflect")
FOLDERS = (
    "comparison",
    "experiments",
    "exploration",
    "findings",
    "inference",
    "ladder",
    "answer",
    "report",
    "yardsticks",
)
ANYTHING = re.compile(r"\b(?:dict|Mapping)\[str, Any\]")
OTHERS = {  # whose dictionaries are no facts of a known shape
    "report/notebook/execute.py": "what the cells of a notebook define",
    "ladder/additive.py": "a booster as LightGBM dumps it",
    "ladder/saved.py": "the schema of a saved ladder",
    "ladder/parts.py": "facts whose keys the causes name",
    "report/figures/style.py": "Matplotlib's settings",
}
MODULES = sorted(
    [
        *(RECIPE / f"{step}.py" for step in STEPS),
        *(path for folder in FOLDERS for path in (RECIPE / folder).rglob("*.py")),
        RECIPE / "models" / "describe.py",
    ]
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(RECIPE).as_posix())
def test_facts_have_types(path: Path) -> None:
    """Whoever adds a fact adds its type: a key that is misspelt or missing is found before anything runs."""
    untyped = ANYTHING.findall(path.read_text(encoding="utf-8"))

    assert bool(untyped) == (path.relative_to(RECIPE).as_posix() in OTHERS)
