"""Which hundred years two digits of a year mean: by the gap that the years leave, and the latest year known."""

from dataclasses import dataclass

import numpy as np

from pipelines.inputs.words import words_of

# Where nothing in a file says when it was written: a constant, so that one file is always read alike.
PRESENT = 2030
GAP = 2  # years in a row that do not occur, from which they part the latest from the earliest
CLEARLY = 3  # times as long as the next longest gap, and longer
SPAN = 30  # years: dates to come reach no further, dates of birth do
ABOUT = 5  # years: a few years that begin before the latest known one may run on for so long
TO_COME = {
    "deadline", "due", "end", "ends", "exp", "expiration", "expire", "expires", "expiry", "matures", "maturity",
    "planned", "renewal", "renews", "scheduled", "until", "valid",
}  # fmt: skip
CENTURY = 100


@dataclass(frozen=True)
class Century:
    """The hundred years that two digits mean, by the latest of them, and why."""

    latest_year: int
    why: str
    sure: bool


def century_of(years: np.ndarray, name: str, latest: int | None = None) -> Century:
    """Return the hundred years for the years' last two digits, integers 0 to 99.

    `latest` is the latest year of other dates in the file, None where there are none. Years are never after it, unless
    all of them would lie in a few years that reach past it, as days on which something ends do.
    """
    present = PRESENT if latest is None else latest
    known = f"the latest year of the file's other dates is {latest}" if latest else f"no year after {PRESENT}"
    seen = np.unique(years)
    first, last, gap, clear = _longest_gap(seen)
    end = _at_most(present, last)  # the last year, if none is after the present
    span = (last - first) % CENTURY
    later = end + CENTURY
    straddles = later - span <= present  # begins before the present and ends after it
    if not clear:
        return Century(present, known, sure=True)
    if span <= SPAN and is_to_come(name) and later - span <= present + SPAN and later > present:
        return Century(later + gap // 2, f"{later - span} to {later}: by its name of days to come", sure=False)
    if span <= SPAN and straddles and later - present <= min(span, ABOUT):
        return Century(later + gap // 2, f"{later - span} to {later}: a few years about the latest known", sure=False)
    chosen = min(max(present, end), end + gap)
    why = f"{end - span} to {end}; {known}"
    return Century(chosen, why, sure=not straddles or span > SPAN)


def is_to_come(name: str) -> bool:
    """Return whether a column's name speaks of days on which something ends."""
    return bool(words_of(name) & TO_COME)


def _longest_gap(seen: np.ndarray) -> tuple[int, int, int, bool]:
    """Return the years after and before the longest gap in the round of hundred, its length, and if it is clear."""
    gaps = (np.roll(seen, -1) - seen - 1) % CENTURY if len(seen) > 1 else np.array([CENTURY - 1])
    place = int(gaps.argmax())
    longest = int(gaps[place])
    others = np.delete(gaps, place)
    clear = longest >= GAP and (not len(others) or longest > CLEARLY * int(others.max()))
    return int(seen[(place + 1) % len(seen)]), int(seen[place]), longest, clear


def _at_most(latest: int, two_digits: int) -> int:
    """Return the latest year with these last digits that is not after `latest`."""
    return latest - (latest - two_digits) % CENTURY
