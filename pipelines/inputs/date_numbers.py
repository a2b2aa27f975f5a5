"""Numbers that are moments: 202405, 20240501, and what programs count from a fixed day.

Amounts and codes look much like them, so each form asks for evidence: a column's name, or what no amount shows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.inputs.date_formats import EXCEL, UNIX, read_dates
from pipelines.inputs.words import words_of

OF_TIME = {
    "arrival", "at", "begin", "clock", "closed", "created", "date", "datetime", "departure", "dropoff", "dt", "ended",
    "epoch", "finished", "joined", "login", "measured", "modified", "moment", "opened", "ordered", "pickup", "posted",
    "published", "received", "recorded", "registered", "seen", "sent", "started", "time", "timestamp", "ts", "tstamp",
    "unix", "unixtime", "updated", "utc", "when",
}  # fmt: skip
OF_DAYS = {"birthdate", "birthday", "born", "date", "datum", "day", "dob", "dt", "when", "yyyymmdd"}
OF_MONTHS = {"billing", "cohort", "date", "month", "period", "ym", "yearmonth", "yyyymm"}
OF_WEEKS = {"isoweek", "kw", "week", "wk", "yearweek", "yyyyww"}
OF_OTHERS = {  # whatever else a name says, these are amounts, lengths of time or labels
    "amount", "assets", "balance", "batch", "budget", "bytes", "code", "cost", "count", "days", "duration", "elapsed",
    "hours", "id", "income", "length", "lot", "minutes", "model", "nr", "no", "number", "phone", "population", "price",
    "product", "revenue", "salary", "sales", "sku", "store", "sum", "tel", "to", "total", "value", "version", "views",
    "volume", "zip",
}  # fmt: skip
COMPUTED = (pd.Timestamp("1990-01-01"), pd.Timestamp("2040-01-01"))  # moments that computers wrote down
DATED = (1900, 2100)  # years of dates
FEW, SEVERAL, MANY = 3, 13, 20  # different values: with a name that says so, months without one, days without one
CODED_FEWEST = 5  # counted moments, with a name that says so
MOST_YEARS = 60  # from first to last, without a name that says so
COVERED = 0.5  # share of the months between first and last that occur
STEP = 60  # seconds: moments in regular steps are whole minutes, hours or days apart
ROUND = 1000  # steps that are multiples of it are those of amounts
RHYTHM_FEWEST, RHYTHM_DAYS = 200, 20  # different moments over so many days that show the rhythm of a day
RHYTHM = 30.0  # -log of the chance that moments without a rhythm lean to one hour as these do (Rayleigh's test)
NO_RHYTHM = 8.0  # as much by other periods is no rhythm of days
DAY = 86_400.0
OTHER_PERIODS = (DAY * 0.7548776662, DAY * 1.3247179572, DAY * 0.5698402910)  # in no simple ratio to a day


@dataclass(frozen=True)
class Counted:
    """A format that numbers have as moments, and what says that they are."""

    form: str
    why: str


def moments_among(numbers: pd.Series, name: str) -> Counted | None:
    """Return the format that numbers have as moments; None where they may as well be amounts or labels.

    `numbers` are the cells that hold something: integers or floats.
    """
    words = words_of(name)
    if words & OF_OTHERS:
        return None
    values = numbers.to_numpy()
    if not np.isfinite(values.astype(np.float64)).all() or values.min() <= 0:
        return None
    distinct = np.unique(values)
    tries: tuple[Callable[[np.ndarray, set[str]], Counted | None], ...] = (
        _unix,
        _stamps,
        _days,
        _months,
        _weeks,
        _excel,
    )
    return next((found for one in tries if (found := one(distinct, words)) is not None), None)


def _unix(distinct: np.ndarray, words: set[str]) -> Counted | None:
    """Return the unit in which seconds since 1970 are counted."""
    low, high = ((limit - pd.Timestamp(0)) / pd.Timedelta(seconds=1) for limit in COMPUTED)
    for form, per in UNIX.items():
        if distinct[0] < low * per or distinct[-1] > high * per:
            continue
        if len(distinct) >= CODED_FEWEST and words & OF_TIME:
            return Counted(form, "by size and name")
        seconds = distinct / per
        if (why := _regular(seconds)) or (why := _daily(seconds)):
            return Counted(form, why)
    return None


def _regular(seconds: np.ndarray) -> str | None:
    """Return that moments are whole minutes apart, and not as round amounts are."""
    if len(seconds) < SEVERAL or (seconds != np.floor(seconds)).any():
        return None
    step = int(np.gcd.reduce(np.diff(seconds).astype(np.int64)))
    if step % STEP or not step % ROUND:
        return None
    return f"by size, and all are multiples of {step // STEP:,} minutes apart"


def _daily(seconds: np.ndarray) -> str | None:
    """Return that moments prefer hours of the day, and no part of any other period."""
    if len(seconds) < RHYTHM_FEWEST or seconds[-1] - seconds[0] < RHYTHM_DAYS * DAY:
        return None
    if _rhythm(seconds, DAY) < RHYTHM or max(_rhythm(seconds, period) for period in OTHER_PERIODS) > NO_RHYTHM:
        return None
    return "by size, and they prefer hours of the day"


def _rhythm(seconds: np.ndarray, period: float) -> float:
    """Return n times the squared mean of the moments' directions in the period's round: its chance is exp(-that)."""
    turns = 2j * np.pi * (seconds % period) / period
    return float(len(seconds) * abs(np.exp(turns).mean()) ** 2)


def _stamps(distinct: np.ndarray, words: set[str]) -> Counted | None:
    """Return that numbers are days with a time, as 20240501133000: all of the digits are in range."""
    for form, per in (("%Y%m%d%H%M%S", 10**10), ("%Y%m%d%H%M", 10**8)):
        fewest = CODED_FEWEST if words & (OF_TIME | OF_DAYS) else MANY
        if len(distinct) >= fewest and _years(distinct, per, form) is not None:
            return Counted(form, "days and times by their digits")
    return None


def _days(distinct: np.ndarray, words: set[str]) -> Counted | None:
    """Return that numbers are days, as 20240501."""
    named = bool(words & OF_DAYS)
    form = "%Y%m%d"
    if len(distinct) < (FEW if named else MANY) or (years := _years(distinct, 10_000, form)) is None:
        return None
    return Counted(form, "days by their digits") if named or np.ptp(years) <= MOST_YEARS else None


def _months(distinct: np.ndarray, words: set[str]) -> Counted | None:
    """Return that numbers are months, as 202405; without a name that says so they are to follow each other."""
    named = bool(words & OF_MONTHS)
    if words & OF_WEEKS:
        return None
    form = "%Y%m"
    if len(distinct) < (FEW if named else SEVERAL) or (years := _years(distinct, 100, form)) is None:
        return None
    months = years * 12 + distinct % 100
    followed = len(distinct) >= COVERED * (np.ptp(months) + 1) and np.ptp(years) > 0
    return Counted(form, "months by their digits") if named or followed else None


def _weeks(distinct: np.ndarray, words: set[str]) -> Counted | None:
    """Return that numbers are weeks of ISO 8601, as 202405, where their name says so."""
    form = "%G%V"
    if not words & OF_WEEKS or len(distinct) < FEW or _years(distinct, 100, form) is None:
        return None
    return Counted(form, "weeks by their digits and name")


def _years(distinct: np.ndarray, per: int, form: str) -> np.ndarray | None:
    """Return the years of numbers that are all dates of that form; None where one is no date."""
    if (distinct != np.floor(distinct)).any():
        return None
    years = distinct // per
    if years[0] < DATED[0] or years[-1] > DATED[1]:
        return None
    texts = pd.Series(distinct.astype(np.int64)).astype("str")
    return None if read_dates(texts, form).isna().any() else years.astype(np.int64)


def _excel(distinct: np.ndarray, words: set[str]) -> Counted | None:
    """Return that numbers are Excel's days: only where their name speaks of dates, and the years of such files."""
    low, high = ((limit - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1) for limit in COMPUTED)
    named = bool(words & (OF_DAYS - {"day"}))
    if not named or len(distinct) < CODED_FEWEST or distinct[0] < low or distinct[-1] > high:
        return None
    return Counted(EXCEL, "days of Excel by size and name")
