"""The pages under docs/ that are made of the code, so that neither can say what the other does not.

`python -m flows.docs` (`make docs`) writes them; a test fails where one is not what it would write.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from flows.repository.files import write_text
from pipelines.facts.page import render_page
from pipelines.facts.schema import SHAPES, write_schema
from pipelines.inputs.page import render_inputs
from pipelines.metrics.page import render_metrics
from pipelines.models.page import render_models


def with_blocks(path: str, makes: Mapping[str, Callable[[], str]]) -> str:
    """Return a hand-written page with each block between `<!-- NAME -->` and `<!-- end of NAME -->` made again."""
    page = Path(path).read_text(encoding="utf-8")
    for name, make in makes.items():
        opening, closing = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        before, _, rest = page.partition(opening)
        page = f"{before}{opening}\n{make()}\n{closing}{rest.partition(closing)[2]}"
    return page


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/facts.md": render_page,
    "docs/models.md": partial(with_blocks, "docs/models.md", {"models": render_models}),
    "docs/project-file.md": partial(
        with_blocks, "docs/project-file.md", {"inputs": render_inputs, "metrics": render_metrics}
    ),
    **{f"pipelines/facts/schemas/{step}.json": partial(write_schema, step) for step in SHAPES},
}  # path to what makes its text, all text that a file holds


def main() -> None:
    """Write every page."""
    for path, make in PAGES.items():
        write_text(Path(path), make())


if __name__ == "__main__":
    main()
