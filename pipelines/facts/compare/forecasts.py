"""How forecasts err: by metric, by step ahead, by series and by month, and whether their bands hold."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Estimate, Interval


class Accuracy(TypedDict):
    """One measure of all forecasts, in the target's own unit where it has one."""

    metric: str  # key: mae, wape, mase, rmse or bias
    label: str  # its plain name
    dummy: Estimate  # of the seasonal naive forecast
    baseline: Estimate  # of the baseline
    strong: Estimate  # of the strong model


class SecondOpinion(TypedDict):
    """The Diebold-Mariano test with the correction of Harvey, Leybourne and Newbold."""

    moments: int  # at which mean losses over all series are compared
    steps: int  # ahead, over which errors are taken to be correlated
    difference: float  # mean loss of the baseline minus that of the strong model
    ci: Interval  # its interval
    statistic: float  # Student's t with one degree of freedom less than there are moments
    p_value: float  # of no difference


class AtStep(TypedDict):
    """Errors so many steps ahead."""

    steps: int  # ahead; of long horizons the last of several
    dummy: Estimate  # mean absolute error of the seasonal naive forecast
    baseline: Estimate  # of the baseline
    strong: Estimate  # of the strong model
    coverage: float  # share of values within the strong model's bands
    reach: float  # half the mean width of the bands


class InMonth(TypedDict):
    """Errors of one month of the test time."""

    month: str  # year and month
    rows: int  # values
    baseline: float  # mean absolute error of the baseline
    strong: float  # of the strong model
    bias: float | None  # sum of the strong model's forecasts by that of the values, less 1; null where nothing happened
    coverage: float  # share of values within the bands


class OfSeries(TypedDict):
    """Errors of one series."""

    series: str  # empty where there is one
    mean: float  # of its values in the test time
    mase: float  # the strong model's error by the series' usual seasonal change
    baseline: float  # the same of the baseline
    bias: float | None  # sum of forecasts by that of the values, less 1


class Bands(TypedDict):
    """Bands about the strong model's forecasts, from what its forecasts of earlier times missed."""

    level: float  # share of values that they promise to hold
    score: str  # what is taken for the size of a miss, in words
    coverage: Estimate  # of all values of the test time
    plain: float  # the same of bands that do not adapt
    width: float  # mean width, in the target's own unit
    lowest_step: float  # coverage of the step with the least
    highest_step: float  # and with the most
    lowest_unit: float  # coverage of the stretch of time with the least
    rate: float  # by which the level of a step moves after each forecast
    ahead: list[float]  # reach of each step's band after the last forecast, on the scale of the score


class Shown(TypedDict):
    """One series' last forecasts, to be drawn."""

    series: str  # empty where there is one
    why: str  # largest, middle or worst
    times: list[str]  # moments
    actual: list[float]  # values
    baseline: list[float]  # forecasts of the baseline
    strong: list[float]  # and of the strong model
    low: list[float]  # lower ends of the bands
    high: list[float]  # upper ends


class ForecastScores(TypedDict):
    """How forecasts err."""

    units: int  # stretches of the test time that count as one observation each
    accuracy: list[Accuracy]  # by metric
    diebold_mariano: SecondOpinion  # beside the verdict
    by_step: list[AtStep]  # the nearest first
    by_month: list[InMonth]  # in time
    worst_series: list[OfSeries]  # by the strong model's error, at most ten
    bands: Bands  # of the strong model
    shown: list[Shown]  # series to be drawn
