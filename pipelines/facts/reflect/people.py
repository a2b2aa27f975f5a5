"""Columns that look like protected attributes: their part of the score, and how decisions differ between groups."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Estimate, Interval


class Rate(TypedDict):
    """A share of rows."""

    value: float  # the share
    ci: Interval  # by Wilson, as if rows were independent
    of: int  # rows that it is a share of


class PeopleGroup(TypedDict):
    """The test rows of one group: what the strong model says of them, and what is true."""

    group: str  # its level, or the range of its numbers
    rows: int  # test rows
    mean_prediction: float  # mean prediction, on the scale of the modelled target; of an event, its probability
    flagged: Rate | None  # share that is decided positive; null without a threshold
    positives: Rate | None  # share that is positive in truth; null unless the target is an event
    false_positive_rate: Rate | None  # share of the negatives that is decided positive; null where there are none
    miss_rate: Rate | None  # share of the positives that is decided negative; null where there are none
    mean_error: Estimate | None  # mean of prediction less truth; null unless the target is a number


class WithoutPeople(TypedDict):
    """What a quick strong model scores with some columns and without, refitted, out of fold."""

    score_with: float  # with all features
    score_without: float  # without the columns
    gain: float  # of having them: positive where the score falls without them
    ci: Interval  # its paired interval


class PeopleColumn(TypedDict):
    """A column that looks like a protected attribute."""

    feature: str  # name of the column in the file
    features: list[str]  # what it became; a date becomes several
    attribute: str  # which attribute it looks like
    by: Literal["name", "levels"]  # what says so
    without: WithoutPeople | None  # null for columns beyond the first few
    threshold: float | None  # probability from which a row is decided positive; null unless the target is an event
    by_cost: bool  # whether that threshold is step 6's; if not, it is one half
    groups: list[PeopleGroup]  # numbers ascending, levels the commonest first; none for several classes
    groups_not_shown: int  # groups of too few rows to say anything, and levels beyond the commonest
    rows_not_shown: int  # their test rows


class PeopleTogether(WithoutPeople):
    """The same without all columns that look like protected attributes."""

    features: list[str]  # the columns, by their names in the file
