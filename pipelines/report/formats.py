"""How values are written: one place that turns a fact's value into the characters that a reader sees."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from pipelines.core.plural import agree
from pipelines.core.rounding import gain_form, score_form
from pipelines.report import words
from pipelines.report.text import LONGEST_NAME, code, escape

NOTHING = "\N{EN DASH}"  # what a table shows where a fact is None
_SHORT_HASH = 12  # enough of a sha256 to distinguish two files by eye
_SMALLEST_P = 0.001
_LARGE = 1000  # from here on, whole numbers with thousands separators
BOTH_ENDS = frozenset({"gain"})  # formats that look at both ends of an interval
# Formats of a number with the word for what it counts, which agrees with it: "1 row", "2,345 rows".
COUNTED = frozenset({
    "rows", "training rows", "test rows", "columns", "features", "values", "levels", "categories", "classes", "folds",
    "models", "trees", "pairs", "things", "days", "groups",
})  # fmt: skip
_SMALL = 1e-4  # below this, powers of ten


def count(value: float) -> str:
    """Return a whole number with thousands separators."""
    return f"{round(value):,}"


def counted(value: float, what: str) -> str:
    """Return a whole number with the word for what it counts, given in the plural: "1 row", "2,345 rows"."""
    return f"{count(value)} {agree(value, what)}"


def share(value: float) -> str:
    """Return a share as a percentage with two significant digits of it or of what is left to the whole."""
    if abs(value * 100 - round(value * 100)) < 1e-9:  # noqa: PLR2004 -- a whole percentage
        return f"{value * 100:.0f} %"
    rest = min(abs(value), abs(1 - value)) * 100
    decimals = 0 if rest >= 10 else min(4, 1 - math.floor(math.log10(rest))) if rest > 0 else 1  # noqa: PLR2004
    return f"{value * 100:.{decimals}f} %"


def finer_share(value: float) -> str:
    """Return a share as a percentage with two decimals."""
    return f"{value * 100:.2f} %"


def number(value: float) -> str:
    """Return any number with about four significant digits, without needless zeros."""
    if value == 0 or (float(value).is_integer() and abs(value) < 1e15):  # noqa: PLR2004
        return f"{value:,.0f}"
    if abs(value) >= _LARGE:
        return f"{value:,.0f}"
    if abs(value) < _SMALL:
        return f"{value:.1e}"
    decimals = 3 - math.floor(math.log10(abs(value)))
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")


def bare(value: float) -> str:
    """Return a number that counts nothing, such as a year: without thousands separators."""
    return number(value).replace(",", "")


def setting(value: object) -> str:
    """Return a model's setting: a number without needless digits, or text that is no markup; several joined by "or"."""
    if isinstance(value, list):
        return " or ".join(setting(one) for one in value)
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else escape(value)


def unsigned_zero(shown: str) -> str:
    """Return a formatted number, without its sign where rounding left nothing of it."""
    return shown.lstrip("+-") if shown.strip("+-0.,") == "" else shown


def compact(value: float) -> str:
    """Return a number for the foot of a picture: at most four significant digits, thousands as k, millions as M."""
    for size, letter in ((1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (size if letter == 'M' else 1e3):.3g}{letter}"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4g}"  # no separator: it may be a year


def brief(value: float) -> str:
    """Return a number with two significant digits and no more than that, never in powers of ten."""
    if value == 0:
        return "0"
    decimals = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"


def money(value: float) -> str:
    """Return an amount: whole from a hundred on, in hundredths from one on, with two significant digits below."""
    if abs(value) >= 100:  # noqa: PLR2004
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 or value == 0 else brief(value)


def p_value(value: float) -> str:
    """Return a p-value to three decimals; very small ones only as small."""
    return f"< {_SMALLEST_P}" if value < _SMALLEST_P else f"{value:.3f}"


def yes_no(value: object) -> str:
    """Return a truth value as a word."""
    return "yes" if value else "no"


def _interval(ends: Sequence[str]) -> str:
    return "[" + ", ".join(ends) + "]"


@dataclass(frozen=True)
class Formats:
    """The formats by name; scores of the primary metric get as many decimals as its margin asks for.

    `margin` is the smallest difference worth acting on; see `pipelines.core.rounding`, where the rule is.
    """

    margin: float | None = None
    titles: Mapping[str, str] = field(default_factory=dict)  # a reader's name of each column that has one

    def column(self, name: object) -> str:
        """Return a column by its reader's name, else as a code span."""
        title = self.titles.get(str(name))
        return code(name) if title is None else escape(title)

    def where(self, text: object) -> str:
        """Return a condition on columns, such as "age is above 41", with their readers' names, as Markdown."""
        return escape(self.named(text))

    def named(self, text: object) -> str:
        """Return a condition on columns with their readers' names."""
        said = str(text)
        longest = "|".join(re.escape(name) for name in sorted(self.titles, key=len, reverse=True))
        if longest:  # all at once: a title may hold another column's name
            said = re.sub(rf"(?<!\w)(?:{longest})(?!\w)", lambda found: self.titles[found[0]], said)
        return said

    def score(self, value: float) -> str:
        """Return a score of the primary metric."""
        return format(value, score_form(self.margin))

    def gain(self, value: float | Sequence[float]) -> str:
        """Return a difference or a spread of scores, or the interval of one, without a plus sign."""
        form = gain_form(value, self.margin)
        return _interval([format(end, form) for end in value]) if isinstance(value, Sequence) else format(value, form)

    def below(self, value: object, form: str) -> str:
        """Return the form with one decimal more where a value below the margin would be written as the margin."""
        if not isinstance(value, float) or not self.margin or not self.margin / 2 < value < self.margin:
            return form
        digits = int(form.removeprefix("z,.").removesuffix("f"))
        return f"z,.{digits + 1}f" if round(value, digits) >= self.margin else form

    def show(self, value: object, form: str) -> str:
        """Return `value` as Markdown text in the named format, or in Python's own where no name matches.

        Lists of two are intervals: "[0.861, 0.871]". None is shown as a dash. Raises ValueError or TypeError
        where the format does not fit the value.
        """
        if value is None:
            return NOTHING
        if isinstance(value, list) and form not in BOTH_ENDS:
            return _interval([self.show(part, form) for part in value])
        known = self._known
        return known[form](value) if form in known else unsigned_zero(format(value, form))

    @cached_property
    def _known(self) -> dict[str, Callable[..., str]]:
        """Return what writes a value, by the name of the format."""
        return {
            "count": count, "share": share, "number": number, "bare": bare, "brief": brief, "money": money,
            "finer share": finer_share, "p": p_value, "yes": yes_no, "setting": setting,
            "score": self.score, "gain": self.gain,
            "quantile": lambda name: words.QUANTILES.get(name, f"{name} %"),
            "model": lambda name: escape(words.model(name)),
            "title": lambda name: escape(words.title(name)),
            "text": escape, "phrase": lambda text: escape(str(text).rstrip(" .")), "code": self.column,
            "where": self.where,
            "reason": lambda text: escape(re.sub(r"(?<=\d)%", " %", str(text).rstrip(" ."))),
            "heading": lambda text: escape(words.capitalised(str(text))),
            "sentence": lambda text: escape(words.sentence(text)), "name": lambda name: escape(name, LONGEST_NAME),
            "argument": "{}".format,  # a project's name, which is plain, inside the code span of a command
            "hash": lambda text: code("sha256:" + str(text)[:_SHORT_HASH]),
        } | {what: partial(counted, what=what) for what in COUNTED}  # fmt: skip
