"""One step's part of a report as plain Markdown, for watching a run: it needs no later facts and shows no pictures."""

from pipelines.core.steps import SEVEN
from pipelines.rendering.numbers import Facts
from pipelines.rendering.pages import close, fill, open_page


def render_section(step: str, facts: Facts) -> str:
    """Return the Markdown of one step's section, from the facts of that step and the ones before it.

    Raises BindingError where the section states a number that no fact backs, or points to a fact that is not there.
    """
    known = {name: facts[name] for name in SEVEN[: SEVEN.index(step) + 1] if name in facts}
    page = open_page(known, pictures=False)
    return close(page, fill(page, f"{step}.md.j2"))[0]
