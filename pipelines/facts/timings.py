"""What `sevenfold timings NAME` writes: wall times and memory, measured on purpose and never by a rebuild."""

from typing_extensions import TypedDict


class StepTime(TypedDict):
    """What one step took, in a process of its own."""

    step: str  # its name
    seconds: float  # wall time, with imports
    peak_mib: int  # peak memory of its largest process


class PredictionTime(TypedDict):
    """What predicting takes, on one core."""

    single_microseconds: float  # a row predicted alone, median
    batch_microseconds: float  # a row among many predicted at once
    batch_rows: int  # how many


class ModelTime(PredictionTime):
    """What a model takes, on one core."""

    bytes: int  # of the archive that was timed, to two significant digits
    fit_seconds: float  # fits of all parts on all folds, without any search


class ModelTimes(TypedDict):
    """What both models take."""

    baseline: ModelTime  # the baseline
    strong: ModelTime  # the strong model


class TimingsFacts(TypedDict):
    """Times of a project's steps and models."""

    project: str  # its name
    cores: int  # that the steps could use
    steps: list[StepTime]  # in order
    models: ModelTimes  # both models
    total_seconds: float  # of all steps
    peak_mib: int  # of the largest
