"""What a section of a page is: the facts that it needs, the small view of them that it prints, and its pictures.

A section stands in two files of the same name: the module in `sections/` that makes its view, and the template in
`templates/` that prints it. The view decides (which rows, which claim, which title); the template writes down what it
is given, and compares no number. A page is a list of sections (see `pages/`). The templates have a folder of their own
because the pictures do not depend on them: another wording of a sentence draws none again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.facts.pointer import has
from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

View = Mapping[str, object]  # names that the template may print or ask: pointers, claims, words, truth values, lists


@dataclass(frozen=True)
class Picture:
    """A picture: its name on the page, how it is drawn, and the facts without which there is nothing to draw."""

    name: str
    draw: "Callable[[Facts], Figure]"  # imports matplotlib itself, so that pages without pictures need not
    needs: Pointer


@dataclass(frozen=True)
class Section:
    """One section. Another one is a row like this in its own module, its template, and a line in a page's list."""

    name: str  # of its module and its template
    step: str  # after which its facts are known
    view: Callable[[Facts], View | None] = lambda _: {}  # None where there is nothing to say
    needs: tuple[Pointer, ...] = ()  # facts without which there is no such section
    pictures: tuple[Picture, ...] = ()

    def look(self, facts: Facts) -> View | None:
        """Return the view of the facts, or None where the section does not apply."""
        return self.view(facts) if all(has(facts, pointer) for pointer in self.needs) else None


@dataclass(frozen=True)
class Part:
    """A part of a page: sections under one heading, folded away where only some readers want them."""

    title: str | None  # None: the page's opening, which needs no heading
    sections: tuple[Section, ...]
    folded: bool = False
    summary: str = ""  # what stands on the fold
