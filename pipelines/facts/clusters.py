"""What step 1 writes of tables whose rows form groups."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import LeftLines


class MadeColumn(TypedDict):
    """A column that was made of an entity's lines."""

    name: str  # as later steps call it
    take: str  # what was taken of the lines: their number, a sum, a mean, days since the last one
    of: str | None  # of which column of the file; null of the lines themselves
    where: list[str]  # conditions that these lines meet
    after: bool  # of lines from the cut on


class EntitiesGuard(TypedDict):
    """What the guard of the cut looked at; a table that leaks is not written."""

    columns: int  # that were made again
    compared: int  # values that came out as before
    removed_after: int  # lines from the cut on that columns before it were made without
    removed_before: int  # lines before the cut that outcomes were made without


class EntitiesFacts(TypedDict):
    """How a file of events became one row for each entity."""

    by: str  # column that names it
    time: str  # column of a line's time
    cut: str  # columns know what was before, the outcome what came from then on
    until: str | None  # end of the outcome's time; null where it is the file's
    first: str  # time of the first line that counts
    last: str  # time of the last
    lines: int  # of the file, without those set aside
    kept: int  # that count
    left_out: list[LeftLines]  # in the order of the reasons
    before: int  # lines before the cut
    after: int  # lines of the outcome's time
    found: int  # entities with a line that counts
    rows: int  # entities in the table
    only_after: int  # entities without a line before the cut
    few: int  # entities with fewer lines before the cut than they need
    silent: int  # entities of the table without a line in the outcome's time
    columns: list[MadeColumn]  # in order
    guard: EntitiesGuard  # nothing knows the other side of the cut


class LookedColumn(TypedDict):
    """What was checked of a column that makes groups."""

    name: str  # column
    commonest: float  # its commonest value
    commonest_share: float  # of the rows that hold it
    explained: float  # R2 of it by straight lines of the other columns, after Yeo-Johnson; 1 if exact before
    nearest: str  # the column that equals it in most rows beyond chance
    equal: float  # share of the rows in which they are equal, beyond chance


class ClustersFacts(TypedDict):
    """Which columns make groups, and what they are compared with."""

    columns: list[str]  # that make them
    describe: list[str]  # that describe them and make none
    outcome: str | None  # by which they are scored; null where the density of rows left out scores them
    outcome_scale: Literal["linear", "log", "log1p"]  # on which it is modelled
    baseline: Literal["quantiles", "kmeans"]  # what groups are compared with
    by: str | None  # the column of the quantiles
    groups: int  # of the baseline, and for the outcome
    missing: int  # rows left out since a column has no value
    halvings: int  # times that the rows were dealt into two halves
    looked: list[LookedColumn]  # in the order of `columns`
    entities: NotRequired[EntitiesFacts]  # where the file holds events
