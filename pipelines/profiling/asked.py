"""What the user says of a new project; the rest is guessed."""

from dataclasses import dataclass

SEED = 7  # of a draft's split


@dataclass(frozen=True)
class Asked:
    """The flags of `sevenfold new`; None where nothing was said."""

    name: str
    file: str  # the raw file's place in the repository
    target: str = ""  # groups have none
    task: str | None = None
    outcome: str | None = None  # groups: what they are scored by
    positive: str | None = None
    id: str | None = None
    time: str | None = None
    group: str | None = None
    split_column: str | None = None
    test: float | None = None  # the share of test rows
    metric: str | None = None
    effort: str | None = None
    drop: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # cells that hold no value, in any column
    keep: tuple[str, ...] = ()
    horizon: int | None = None  # steps ahead: the project is a forecast
    series: tuple[str, ...] = ()  # columns that name a series
    fill: str | None = None  # what a missing row of a series means
    leave_out: tuple[str, ...] = ()  # series

    @property
    def answer(self) -> str | None:
        """The column that answers the question: the target, or the outcome of groups; None where there is neither."""
        return self.target or self.outcome
