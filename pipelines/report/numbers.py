"""Binding of every number on a page to the fact it states.

A template can write a number only through a `Binder`: it resolves a JSON pointer such as
`compare#/difference/value`, formats what it finds, and encloses the characters in marks that carry the number of their
binding. When the page is done, `unbind` removes the marks and raises on any digit that was outside them; `enclose`
replaces them with what the caller makes of each binding, for pages that show where a number comes from.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.core.rounding import gain_form
from pipelines.facts.claims import check_sentence
from pipelines.facts.pointer import BindingError, has, join, parts, resolve
from pipelines.facts.shared import Claim, Pointer
from pipelines.report.formats import BOTH_ENDS, Formats

# OPEN, the place of the binding among the page's, SHOWN, what the reader sees, CLOSE: private-use characters, and
# `text.plain` lets none through from data.
OPEN, SHOWN, CLOSE = "\ue000", "\ue002", "\ue001"
MARK = re.compile(f"{OPEN}([0-9]+){SHOWN}([^{OPEN}{SHOWN}{CLOSE}]*){CLOSE}")
# Pointers to what names a column, and names that a sentence may hold as words.
_COLUMN = re.compile(r"/(feature|column|target|from|features/\d+|columns/\d+/name|mask/\d+)$")
_WORD = re.compile(r"[a-z]+")
_STEP_HEADING = re.compile(r"^(#{1,6}) \d\b", re.MULTILINE)
_DIGIT = re.compile("[0-9]")
_LINK_TARGET = re.compile(r"\]\([^()\s]*\)")


@dataclass(frozen=True)
class Binding:
    """One bound place on a page: where its value comes from, the value, what the reader sees, whose facts they are."""

    fact: Pointer
    value: object
    shown: str
    project: str = ""


@dataclass
class Binder:
    """Writes facts into one page, and keeps account of what it wrote."""

    facts: Mapping[str, object]
    formats: Formats
    bindings: list[Binding] = field(default_factory=list)

    def fact(self, pointer: Pointer, form: str = "number") -> str:
        """Return the fact's value in the format `form` (see formats.py), marked as bound."""
        value = resolve(self.facts, pointer)
        try:
            shown = self.formats.show(value, form)
        except (TypeError, ValueError) as error:
            message = f"{pointer}: {value!r} cannot be written as {form!r}: {error}"
            raise BindingError(message) from error
        return self._bind(pointer, value, shown)

    def interval(self, value: Pointer, ci: Pointer, form: str = "score") -> str:
        """Return a value with its interval, such as "0.866 [0.861, 0.871]", or the value alone if there is none."""
        if not self.has(ci):
            return self.fact(value, form)
        if form in BOTH_ENDS:  # the value has the decimals of its interval, outside of which it could seem to lie
            form = gain_form(resolve(self.facts, ci), self.formats.margin)  # type: ignore[arg-type]
            form = self.formats.below(resolve(self.facts, value), form)
        return f"{self.fact(value, form)} {self.fact(ci, form)}"

    def length(self, pointer: Pointer) -> str:
        """Return how many items the list or object at `pointer` has, marked as bound."""
        found = resolve(self.facts, pointer)
        if not isinstance(found, (list, Mapping)):
            message = f"{pointer}: {found!r} has no items to count"
            raise BindingError(message)
        shown = self.formats.show(len(found), "count")
        return self._bind(pointer, found, shown)

    def text(self, pointer: Pointer) -> str:
        """Return the fact as text that is no markup, marked as bound."""
        return self.fact(pointer, "text")

    def key(self, pointer: Pointer, form: str = "text") -> str:
        """Return the last part of the pointer, which must lead somewhere: the name under which the facts file it."""
        value = resolve(self.facts, pointer)
        shown = self.formats.show(parts(pointer)[1][-1], form)
        return self._bind(pointer, value, shown)

    def claim(self, pointer: Pointer, key: str = "text") -> str:
        """Return the sentence at `pointer`/`key`, whose numbers its own evidence must back, as text that is no markup.

        Each of its numbers is bound to the fact that its evidence points to, the words between to the sentence.
        Percentages are spaced as elsewhere on the page. Raises BindingError where the evidence's values are not those
        of the facts it points to.
        """
        return self._sentence(pointer, resolve(self.facts, pointer), key, join(pointer, key))

    def say(self, claim: Claim) -> str:
        """Return a claim that a view made, in the same way as `claim`; its words are bound to the first fact stated."""
        first = claim["evidence"][0]["fact"] if claim["evidence"] else claim["id"]
        return self._sentence(f"claim {claim['id']}", claim, "text", first)

    def _sentence(self, name: str, sentence: Any, key: str, bound_to: Pointer) -> str:  # noqa: ANN401 - some claim
        """Return the sentence as text that is no markup: with readers' names of columns, and percentages spaced."""
        said, evidence = sentence[key], sentence.get("evidence", [])
        check_sentence(name, said, evidence, self.facts)
        stated: dict[str, list[Any]] = {}
        for item in sorted(evidence, key=lambda item: -len(str(item.get("shown", "")))):
            written = item.get("shown", "")
            if item.get("form", "").endswith("%"):
                written = written.replace("%", " %")
                said = said.replace(item["shown"], written)
            elif str(item["fact"]).endswith("/where"):
                written = self.formats.named(written)
                said = said.replace(item["shown"], written)
            elif _COLUMN.search(item["fact"]):
                written = self.formats.titles.get(written, written)
            stated.setdefault(_bare(self.formats.show(written, "text")), []).append(item)
        pieces, said = "", self._titled(said, evidence)
        for piece, item in _pieces(self.formats.show(said, "text"), stated):
            where, value = (item["fact"], item["value"]) if item else (bound_to, sentence[key])
            pieces += self._bind(where, value, piece)
        return pieces

    def _titled(self, said: str, evidence: Sequence[Any]) -> str:
        """Return the sentence with the readers' names of the columns that it states.

        A column's name may be a word of the sentence as well: "rate", "age". Where it stands there more often than it
        is stated, and reads like a word, it is not known which place is the column's, and it stays as it is.
        """
        columns = [item["shown"] for item in evidence if _COLUMN.search(item["fact"])]
        names = {one for one in columns if one in self.formats.titles}
        words = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sorted(names, key=len, reverse=True)))
        found = words.findall(said) if names else []
        known = {one for one in names if found.count(one) <= columns.count(one) or not _WORD.fullmatch(one)}
        return words.sub(lambda at: self.formats.titles[at[0]] if at[0] in known else at[0], said) if known else said

    def has(self, pointer: Pointer) -> bool:
        """Return whether there is something at `pointer`."""
        return has(self.facts, pointer)

    def each(self, pointer: Pointer) -> list[Pointer]:
        """Return the pointers to the items of the list or object at `pointer`."""
        found = resolve(self.facts, pointer)
        keys: Iterable[str | int] = range(len(found)) if isinstance(found, list) else list(found)  # type: ignore[call-overload]
        return [join(pointer, key) for key in keys]

    def _bind(self, pointer: Pointer, value: object, shown: str) -> str:
        """Return what the reader sees in marks, after noting where it comes from."""
        define: Any = self.facts.get("define", {})
        self.bindings.append(Binding(pointer, value, shown, define.get("project", "")))
        return f"{OPEN}{len(self.bindings) - 1}{SHOWN}{shown}{CLOSE}"


def _pieces(text: str, stated: Mapping[str, list[Any]]) -> Iterator[tuple[str, Any]]:
    """Yield the pieces of a sentence, each with the evidence for the number that it is, or None for words.

    `stated` holds the evidence by how it is written, in the sentence's order where several are written alike.
    """
    longest_first = sorted(filter(None, stated), key=len, reverse=True)
    written = "|".join(re.escape(one).replace(r"\]", r"\\?\]") for one in longest_first)
    left = {one: list(items) for one, items in stated.items()}
    end = 0
    for one in re.finditer(rf"(?<!\w)(?:{written})(?!\w)", text) if written else ():
        items = left[_bare(one[0])]
        item = items.pop(0) if len(items) > 1 else items[0]
        if isinstance(item["value"], str):
            continue
        if one.start() > end:
            yield text[end : one.start()], None
        yield one[0], item
        end = one.end()
    if end < len(text) or not text:
        yield text[end:], None


def _bare(escaped: str) -> str:
    """Return escaped text with plain brackets: whether a bracket needs its backslash depends on what follows it."""
    return escaped.replace(r"\]", "]")


def find_unbound(marked: str) -> list[str]:
    """Return the lines of a marked page that hold a digit outside marks, headings' step numbers and link targets."""
    rest = _LINK_TARGET.sub("]()", _STEP_HEADING.sub(r"\1", MARK.sub("", marked)))
    return [line.strip() for line in rest.splitlines() if _holds_number(line)]


def _holds_number(line: str) -> bool:
    """Return whether a character of a line is numeric in any script."""
    if line.isascii():
        return _DIGIT.search(line) is not None
    return any(c.isnumeric() for c in line)


def unbind(marked: str) -> str:
    """Return the page without marks. Raises BindingError naming the lines that hold an unbound number."""
    if loose := find_unbound(marked):
        message = "numbers that no fact backs: " + " | ".join(loose[:5])
        raise BindingError(message)
    return MARK.sub(r"\2", marked)


def enclose(marked: str, bindings: Sequence[Binding], write: Callable[[int, Binding, str], str]) -> str:
    """Return the page with each mark replaced by `write(place, binding, shown)`; `unbind` is the one without.

    `shown` is what stands between the marks on this page.
    """
    return MARK.sub(lambda found: write(int(found[1]), bindings[int(found[1])], found[2]), marked)
