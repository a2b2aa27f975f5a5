"""What the columns that make groups are like, each by itself and together."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Sentence


class SpreadColumn(TypedDict):
    """How a column that makes groups is spread, as it is and after Yeo-Johnson."""

    column: str  # its name
    quantiles: dict[str, float]  # by per cent, as they are
    commonest: float  # its commonest value
    commonest_share: float  # of the rows that hold it
    different: int  # values
    skewness: float  # third standardised moment, as they are
    bent_skewness: float  # after Yeo-Johnson
    power: float  # of Yeo-Johnson: 1 changes nothing, 0 is the logarithm
    tail: float  # share of the squared deviation that the most extreme 1 % of the rows hold, as they are
    bent_tail: float  # after Yeo-Johnson
    edges: list[float]  # of a histogram after Yeo-Johnson, in standard deviations, one more than counts
    counts: list[int]  # rows in each bin; the outer ones hold what lies beyond
    humps: int  # of its density after Yeo-Johnson, with a valley between any two


class PairTogether(TypedDict):
    """Two columns, and how they go together."""

    first: str  # column
    second: str  # column
    correlation: float  # after Yeo-Johnson
    raw: float  # as they are


class Together(TypedDict):
    """How all columns go together, after Yeo-Johnson."""

    pairs: list[PairTogether]  # the strongest first
    nats: float  # by which one Gaussian makes a row likelier than columns that are independent
    first: float  # share of the variance along the main direction
    dimensions: float  # how many equally wide directions would be as many as there are
    humps: int  # of the density along the main direction
    uneven: float  # spread about the main direction in the fifth of rows where it is widest, over where it is narrowest


class GroupedLook(TypedDict):
    """What the columns that make groups say before any is looked for. All of training rows."""

    rows: int  # looked at
    tail: float  # share of the squared distances from the mean, columns standardised, that 1 % of the rows hold
    bent_tail: float  # after Yeo-Johnson
    columns: list[SpreadColumn]  # in the table's order
    together: Together  # all of them
    findings: list[Sentence]  # in words
