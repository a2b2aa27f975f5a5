"""What pages show of groups: rows along a valley, the usual checks beside those of nulls, and maps."""

from typing import Literal

from typing_extensions import TypedDict

Without = Literal[
    "one Gaussian", "same marginals and rank correlation"
]  # what tables like this one were drawn from; the first has no groups


class GroupsAlong(TypedDict):
    """Rows left out along the line from one hump of the density to another."""

    humps: list[int]  # the two, from 1, the largest first; none where the line is the one nearest to a valley
    counts: list[int]  # rows in each part of the line
    edges: list[float]  # ends of these parts, one more; standard deviations from the first hump's middle
    lowest: float  # where the fitted density is lowest
    peaks: list[float]  # where it is highest on either side
    reach: float  # rows are counted as far as this from a place
    at_lowest: int  # rows counted at the emptiest point
    at_peaks: list[int]  # and at both peaks
    lower: int  # place of the lower peak among both
    p_value: float  # of so few rows at the emptiest point, if the density were that of the lower peak
    depth: float  # nats, of the fitted density


class CheckedNull(TypedDict):
    """A usual check of a table like this one, drawn at random."""

    name: Without  # of the table
    value: float  # of its best number of groups
    says: int  # groups that it claims; 1: it claims no groups


class GroupsCheck(TypedDict):
    """A usual check of a clustering, next to its value on tables like this one. None of them decides."""

    check: Literal["silhouette", "stability", "prediction strength", "gap statistic"]  # its name
    value: float  # of the best number of groups
    says: int  # groups that it claims; 1: it claims no groups
    nulls: list[CheckedNull]  # one Gaussian, and the same marginals with the same rank correlation


class GroupsMap(TypedDict):
    """A table laid out in two dimensions."""

    method: Literal["PCA", "t-SNE", "UMAP"]  # that made it
    x: list[int]  # of the rows shown, in thousandths of the map's width
    y: list[int]  # in thousandths of its height
    islands: int  # parts with a fiftieth of the rows or more and water around them, by DBSCAN


class MappedTable(TypedDict):
    """The maps of one table."""

    name: Literal["the table"] | Without  # whose rows they are
    groups: list[int]  # of the rows shown, by k-means, from 1
    maps: list[GroupsMap]  # in the order of the methods


class GroupsMaps(TypedDict):
    """The same maps of the table and of tables like it, drawn at random."""

    rows: int  # that were laid out
    shown: int  # of these
    number: int  # of groups by k-means, whose colours rows have
    tables: list[MappedTable]  # the project's own first
