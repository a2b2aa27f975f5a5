"""The notebook of one project: facts in, cells out. Words state bound facts, and code computes its numbers itself.

`templates/notebook.md.j2` is the notebook as one page: each fence ```` ```python NAME ```` is a code cell, what stands
between them are cells of Markdown.
"""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipelines.answer.answer import answered
from pipelines.facts.pointer import has
from pipelines.facts.steps import Facts
from pipelines.report.notebook.scikit import scikit_call
from pipelines.report.page import Page, close, fill, open_page, print_section
from pipelines.report.section import View
from pipelines.report.sections.advice import ADVICE
from pipelines.report.sections.answer import ANSWER
from pipelines.report.text import LONGEST_NAME
from pipelines.report.views import reads_words
from pipelines.targets import TARGETS

if TYPE_CHECKING:
    from nbformat import NotebookNode

PAIR = '("baseline", "strong")'  # as Python; step 6 scores these
_CODE = re.compile(r"^```python ([a-z-]+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
LARGE = (
    50_000  # test rows, of which more are not all predicted again: some models take a tenth of a second for a thousand
)
MANY = 1_000  # of a target's unit: from here on, decimals of a predicted value are noise to its readers
# No versions: they would change the file where nothing else changed.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def make_notebook(facts: Facts) -> "NotebookNode":
    """Return the notebook that the facts of all seven steps make, not yet run.

    The same facts make the same notebook. Raises BindingError on a number outside code that no fact backs.
    """
    from nbformat.v4 import new_notebook

    page = open_page(answered(facts), pictures=True)
    answer, advice = print_section(page, ANSWER), print_section(page, ADVICE)
    text = fill(page, "notebook.md.j2", **_view(page.facts), answer=answer, advice=advice)
    return new_notebook(cells=list(_cells(page, text)), metadata=METADATA)


def _cells(page: Page, text: str) -> "Iterator[NotebookNode]":
    """Yield the cells of the filled page: a code cell has the name of its fence, the words before it NAME-text."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    parts = _CODE.split(text)  # words, name, code, words, name, code ... words
    for words, name, code in zip(parts[::3], [*parts[1::3], "end"], [*parts[2::3], None], strict=True):
        markdown = close(page, words)[0].strip()
        if markdown:
            yield new_markdown_cell(markdown, id=f"{name}-text")
        if code is not None:
            yield new_code_cell(code.strip("\n"), id=name)


def _view(facts: Facts) -> View:
    """Return what the template asks: which kind of target there is, how scikit-learn scores it, and where to begin."""
    define = facts["define"]
    can = TARGETS[define["task"]].can
    several = "probabilities" in can and "event" not in can
    quantiles = define["target_summary"].get("quantiles", {})
    moves, repaired = facts["reflect"]["shap"], has(facts, "reflect#/repaired")
    return {
        "models": '("baseline", "repaired", "strong")' if repaired else PAIR,
        "pair": PAIR,
        "repaired": repaired,
        "digits": 0 if any(abs(one) >= MANY for one in quantiles.values()) else 3,
        "project": define["project"],
        "event": "event" in can,
        "several": several,
        # Forecasts also need what rules forecast, and are made by models fitted again, to all training rows.
        "given": "seen" if has(facts, "define#/forecast") else "told" if reads_words(facts) else "named",
        "refit": has(facts, "define#/forecast"),
        "thinned": facts["reflect"]["thinned"] is not None,
        "large": facts["compare"]["test_rows"] > LARGE,
        "sample": f"{LARGE // 5:_}",
        "log": define["target_scale"] == "log",
        "constant": has(facts, "compare#/difference/constant"),
        "direction": "greater" if facts["metric"]["greater_is_better"] else "smaller",
        "scikit": scikit_call(facts["metric"]["primary"], several=several),
        "shap": moves is not None,
        # What was made of a text changes with the text alone.
        "column": "test.features[0]"
        if moves is None or reads_words(facts)
        else _column(moves["features"][0]["feature"], facts),
    }


def _column(name: str, facts: Facts) -> str:
    """Return the Python expression of a feature's name: the text itself, or its place where that is hard to read."""
    if name.isprintable() and len(name) <= LONGEST_NAME:
        return json.dumps(name, ensure_ascii=False)
    return f"test.features[{[one['name'] for one in facts['define']['features']].index(name)}]"
