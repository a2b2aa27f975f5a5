"""What `sevenfold serve NAME --verify` writes: whether a served model answers what the build predicted."""

from typing import Literal

from typing_extensions import TypedDict


class Sent(TypedDict):
    """Raw test rows that were sent, and the answers that were the build's predictions, bit by bit."""

    sent: int  # rows
    equal: int  # answers that were the build's


class ServedModel(TypedDict):
    """One model that was asked."""

    name: Literal["strong", "baseline", "repaired"]  # which
    batched: Sent  # many rows a request
    single: Sent  # one row a request


class ServingFacts(TypedDict):
    """Raw test rows sent to the served models, and what came back. It holds no times."""

    project: str  # its name
    test_rows: int  # of the build
    batch_rows: int  # rows of a request, where there are many
    models: list[ServedModel]  # that were asked
    columns: int  # that a row needs
    may_be_missing: int  # those of them that may have no value
    archive_bytes: int  # of the archive, to two significant digits
