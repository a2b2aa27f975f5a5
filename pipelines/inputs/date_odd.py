"""Cells among dates that are no dates, or that stand for "no date": 0000-00-00, 31/02/2020, 9999-12-31, 0."""

import numpy as np
import pandas as pd

from pipelines.inputs.date_formats import COUNTED, read_dates
from pipelines.inputs.date_numbers import moments_among
from pipelines.inputs.date_texts import OF_PERIODS, TRIED, formats_alike

ENOUGH = 20  # different dates, beside which a few other cells are odd
NEARLY = 0.95  # share of the different texts that are dates
FEWEST_ALIKE = 3  # different texts that make a way of writing dates
MOST_ODD = 20  # different odd cells that a declaration may list
EDGES = ((1, 1), (12, 31), (12, 30), (1, 19))  # month and day of dates that programs write for "none" and "always"
REPEATED, SHARE = 5, 0.005  # rows with such a date, and their share: no single slip
NUMBERS = (
    0,
    -1,
    999_999,
    99_991_231,
    99_999_999,
    9_999_999_999,
)  # that programs write for "none" where moments are numbers
MOST = 0.9  # share of cells without a date
APART = pd.Timedelta(days=3652)  # from all other dates, and further than these are from each other


def odd_dates(distinct: pd.Series) -> list[str]:
    """Return the few texts that are no dates among many that are, all written in one way; none where that is not so."""
    if len(distinct) < ENOUGH:
        return []
    tried = distinct.iloc[np.linspace(0, len(distinct) - 1, min(TRIED, len(distinct))).astype(np.int64)]
    shares = {form: float(read_dates(tried, form).notna().mean()) for form in formats_alike(tried)}
    form = max(shares, key=lambda one: shares[one], default=None)
    if not shares or shares[form] < NEARLY - 0.1:
        return []
    unread = read_dates(distinct, form).isna()
    few = unread.sum() <= MOST_ODD and unread.mean() <= 1 - NEARLY
    return distinct[unread].tolist() if few else []


def dates_in_several_ways(distinct: pd.Series) -> list[str]:
    """Return an example of each way in which different texts are written, where nearly all are dates; else nothing.

    A way counts that reads some which the ways before it do not. Nothing is said of texts that one way reads.
    """
    if len(distinct) < ENOUGH:
        return []
    tried = distinct.iloc[np.linspace(0, len(distinct) - 1, min(TRIED, len(distinct))).astype(np.int64)]
    left, examples = tried, []
    for form in formats_alike(tried):
        fits = read_dates(left, form).between(*OF_PERIODS)
        if fits.sum() >= FEWEST_ALIKE:
            examples.append(str(left[fits].iloc[0]))
            left = left[~fits]
    return examples if len(left) <= (1 - NEARLY) * len(tried) and len(examples) > 1 else []


def dates_for_none(counts: pd.Series, form: str) -> list[str]:
    """Return the dates that stand for none: one repeated day far from all others.

    `counts` are of how many rows hold each text, which `form` reads; empty for ISO 8601.
    """
    texts = pd.Series(counts.index, dtype="str")
    if len(texts) <= ENOUGH:
        return []
    moments = read_dates(texts, form or None)
    order = np.argsort(moments.to_numpy(), kind="stable")
    found = []
    for place, neighbour, far in ((order[0], order[1], order[-1]), (order[-1], order[-2], order[0])):
        moment = moments[place]
        gap = abs(moments[neighbour] - moment)
        span = abs(moments[far] - moments[neighbour])
        often = counts.iloc[place] >= max(REPEATED, SHARE * counts.sum())
        if often and (moment.month, moment.day) in EDGES and gap >= max(APART, span):
            found.append(str(texts[place]))
    return found


def numbers_for_none(numbers: pd.Series, name: str) -> list[str]:
    """Return the cells that stand for no date where the other numbers of the column `name` are moments, as text.

    `numbers` are the cells that hold something.
    """
    held = numbers.isin(NUMBERS)
    if not held.any() or held.mean() > MOST:
        return []
    rest = numbers[~held]
    counted = moments_among(rest, name)
    if counted is None:
        return []
    found = [int(number) for number in numbers[held].unique()]
    if counted.form not in COUNTED:
        counts = rest.value_counts()
        counts.index = counts.index.astype(np.int64).astype("str")
        found += [int(text) for text in dates_for_none(counts, counted.form)]
    whole = pd.api.types.is_integer_dtype(numbers.dtype)
    return [text for number in found for text in ([str(number)] if whole else [str(number), f"{number}.0"])]
