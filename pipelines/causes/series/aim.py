"""Aim: which number of what may happen is forecast. A line through all forecasts moves them to what the metric asks.

Least squares aims at the mean. Absolute errors are least at the median, which lies lower where sales are rare and
large. Nothing more is known of any moment: only the number that is named changes, and the sum of all forecasts with it.
"""

from typing import TYPE_CHECKING

from pipelines.causes.cause import Cause
from pipelines.causes.guess import Guess, idle
from pipelines.causes.plan import Training
from pipelines.exploration.sentences import form_of, say
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    from pipelines.targets import Floats

NAME = "aim"
ROWS = 20_000  # that a line is fitted to, evenly spaced
ROUNDS = 60  # of weighted least squares
LOPSIDED = 0.05  # of the mean absolute distance: mean and median that lie closer are one
FEW = 0.999  # of the size of an error, below which it weighs no more (see `shift`)


def _applies(rows: Training) -> str | None:
    from pipelines.targets.forecast import Forecast

    aims_at_mean = isinstance(rows.target, Forecast) and rows.target.aim == "mean"
    return "the metric squares errors, so the mean is what it asks for" if aims_at_mean else None


def shift(y: "Floats", forecast: "Floats") -> tuple[float, float]:
    """Return a and b, so that a + b times the forecast has the least absolute errors, (rows,) each.

    By weighted least squares, each row weighing one over its error of the round before (Schlossmacher 1973, Journal of
    the American Statistical Association 68, 857-859); errors below a thousandth of the mean one weigh no more.
    """
    import numpy as np

    from pipelines.targets.sampled import evenly

    take = evenly(np.arange(len(y)), min(len(y), ROWS))
    truth, seen = y[take], forecast[take]
    matrix = np.column_stack([np.ones(len(take)), seen])
    found = np.array([0.0, 1.0])
    least = max(float(np.abs(truth - seen).mean()) * (1 - FEW), 1e-12)
    best = float(np.abs(truth - seen).sum()), found
    for _ in range(ROUNDS):
        weight = 1.0 / np.maximum(np.abs(truth - matrix @ found), least)
        root = np.sqrt(weight)
        found = np.linalg.lstsq(matrix * root[:, None], truth * root, rcond=None)[0]
        loss = float(np.abs(truth - matrix @ found).sum())
        if loss < best[0]:
            best = loss, found
    return float(best[1][0]), float(best[1][1])


def _guess(facts: EdaLook) -> Guess:
    """Guess from the distance of mean and median whether it matters which of them is forecast."""
    look = facts["series"]["lopsided"]
    if look is None:
        return idle(facts, "The metric squares errors, so the mean is what it asks for.")
    about = {"share": ("series/lopsided", form_of)}
    if look > LOPSIDED:
        text = (
            "What the calendar leaves is lopsided: its mean and its median lie {share} of its mean absolute size "
            "apart, and the metric asks for the median: aim will matter."
        )
        return Guess(matters=True, features=[], why=say(facts, text, **about))
    text = (
        "Mean and median of what the calendar leaves lie only {share} of its mean absolute size apart: aim will not "
        "matter."
    )
    return Guess(matters=False, features=[], why=say(facts, text, **about))


AIM = Cause(
    name=NAME,
    title="the median rather than the mean",
    step="the number that the metric asks for",
    wording="forecasts of the median",
    grows="aim",
    applies=_applies,
    guess=_guess,
)
