"""Why groups gain, whether they are there at all, what makes them, and how a row gets its group."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.reflect.groups_shown import GroupsAlong, GroupsCheck, GroupsMaps
from pipelines.facts.shared import Estimate, Interval

Says = Literal["groups", "a gradient", "nothing"]


class GroupsValley(TypedDict):
    """A valley of the fitted density, as rows see it that were not fitted."""

    at_lowest: int  # rows at its emptiest point
    at_lower_peak: int  # rows at the lower of the two peaks beside it
    p_value: float  # of so few in the valley, if the density were that of the lower peak
    depth: float  # nats, of the fitted density
    confirmed: bool  # fewer rows than at the peak, beyond chance over all valleys of the half


class GroupsHalving(TypedDict):
    """What the two halves of one halving say."""

    says: Says  # by itself
    number: int  # of groups that both halves have
    alike: float  # adjusted Rand index of the halves' groups on all rows
    together: float  # nats a row left out that columns say of each other
    ci: Interval  # its interval
    valleys: list[GroupsValley]  # of both halves


class GroupsVerdict(TypedDict):
    """Whether there are groups."""

    says: Says  # `groups` only where every halving says so
    number: int  # at least so many groups; 0 where there are none
    close: bool  # some halvings say groups, and others do not
    votes: int  # halvings that say groups
    rows: int  # looked at: of many rows a part
    halvings: list[GroupsHalving]  # each deals all rows into two halves
    nearest: GroupsValley  # where rows left out come nearest to a valley
    along: list[GroupsAlong]  # each valley between two groups; without groups, the line of `nearest`


class GroupsNull(TypedDict):
    """The same verdict on a table like this one, of which something was taken away."""

    name: Literal["one Gaussian", "same marginals and rank correlation", "columns shuffled"]  # of the table
    says: Says  # of one halving
    number: int  # of groups said; 0 of none


class GroupsRung(TypedDict):
    """A density with one change more than the one before."""

    rung: str  # its cause; the first is k-means on raw values
    way: str  # how rows are put into groups, in words
    density: float  # mean log density of the training rows left out, nats
    gain: Estimate | None  # over the rung before; null of the first
    score: float | None  # R2 of the outcome by these groups, out of fold; null without one


class GroupsColumn(TypedDict):
    """What one column has to do with the groups."""

    column: str  # its name
    explained: float  # share of its variance, once scaled, that the groups explain
    alike: float  # adjusted Rand index of the groups with and without it
    loss: Estimate | None  # of the metric on the test rows without it; null without an outcome


class GroupsRange(TypedDict):
    """A column's values in a group."""

    column: str  # its name
    median: float  # of the group's rows
    ci: Interval  # of the median
    low: float  # a quarter of the rows lie below
    high: float  # a quarter of the rows lie above
    place: float  # share of all rows below the median
    place_ci: Interval  # shares of all rows below the ends of the median's interval


class GroupsLevel(TypedDict):
    """A level of a column that describes groups."""

    column: str  # its name
    level: str  # one of its values
    share: float  # of the group's rows that have it
    ci: Interval  # of that
    of_all: float  # share of all rows


class GroupsProfile(TypedDict):
    """A group, described."""

    group: int  # from 1, the largest first
    rows: int  # training rows
    share: float  # of all training rows
    outcome: Estimate | None  # mean outcome on its scale; null without one
    columns: list[GroupsRange]  # in the table's order
    described: list[GroupsLevel]  # by column, the commonest levels


class GroupsAssigned(TypedDict):
    """How a row gets its group, and how surely."""

    how: str  # in words
    sure: float  # mean probability of the group that a row is given, by the groups' Gaussians, on the test rows
    unsure_share: float  # of test rows whose group has a probability below one half
    steady: float  # adjusted Rand index of the groups that two folds' models make of the same test rows, their mean
    rows: int  # test rows


class GroupsControls(TypedDict):
    """What is found where there is nothing to find."""

    nulls: list[GroupsNull]  # one Gaussian has no groups; tables with the same values may, where a column does alone
    single_columns: bool  # columns that say nothing of each other have groups too: a gap in one of them makes some
    checks: list[GroupsCheck]  # the usual ones, none of which decides
    at_random: float | None  # R2 of as many groups drawn at random, on the test rows; null without an outcome
    passed: bool  # one Gaussian is not said to have groups


class GroupReasons(TypedDict):
    """What the experiments on groups find."""

    verdict: GroupsVerdict  # whether there are groups
    rungs: list[GroupsRung]  # of densities, whatever the metric
    density_of_one: float  # mean log density of rows left out by one Gaussian, nats
    density_alone: float  # the same by one normal distribution a column
    number: int  # groups of the strong model, fitted to all training rows
    way: str  # how the strong model makes them, in words
    columns: list[GroupsColumn]  # those that the groups explain most, first
    profiles: list[GroupsProfile]  # of the strong model's groups, the largest first
    assigned: GroupsAssigned  # rows to groups
    maps: GroupsMaps  # of the table and of tables like it
    controls: GroupsControls  # tables of which something was taken away
