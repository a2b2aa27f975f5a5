"""The pictures of one project's report: facts in, SVG out."""

from pipelines.facts.pointer import has
from pipelines.facts.steps import Facts
from pipelines.report.figures.style import to_svg
from pipelines.report.pages.parts import PARTS
from pipelines.report.section import Picture

PICTURES: tuple[Picture, ...] = tuple(
    picture for part in PARTS for section in part.sections for picture in section.pictures
)
"""The pictures of all sections, in the page's order."""


def draw_pictures(facts: Facts) -> dict[str, bytes]:
    """Return the pictures that the report of these facts shows, by file name; the same facts make the same bytes."""
    return {
        f"{picture.name}.svg": to_svg(picture.draw, facts)
        for part in PARTS
        for section in part.sections
        if section.pictures and section.look(facts) is not None
        for picture in section.pictures
        if has(facts, picture.needs)
    }
