"""What `sevenfold serve NAME --verify` writes: whether a served model answers what the build predicted."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pipelines.facts.shared import Interval


class Sent(TypedDict):
    """Raw test rows that were sent, and the answers that were the build's predictions, bit by bit."""

    sent: int  # rows
    equal: int  # answers that were the build's


class ServedModel(TypedDict):
    """One model that was asked."""

    name: Literal["strong", "baseline", "repaired"]  # which
    batched: Sent  # many rows a request
    single: Sent  # one row a request


class ServedGroups(TypedDict):
    """The groups of all training rows that one model serves."""

    name: Literal["strong", "baseline"]  # which
    groups: int  # how many
    score: float  # on the test rows, each by the one group that it is in
    ci: Interval  # its interval, 95 %


class ServingFacts(TypedDict):
    """Raw test rows sent to the served models, and what came back. It holds no times."""

    project: str  # its name
    test_rows: int  # of the build
    batch_rows: int  # rows of a request, where there are many
    models: list[ServedModel]  # that were asked
    columns: int  # that a row needs
    may_be_missing: int  # those of them that may have no value
    archive_bytes: int  # of the archive, to two significant digits
    groups: NotRequired[list[ServedGroups]]  # of projects that look for groups
