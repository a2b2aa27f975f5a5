"""What step 7 writes: why the strong model differs from the baseline, by controlled experiments."""

from typing import NotRequired

from typing_extensions import TypedDict

from pipelines.facts.reflect.attribution import Attribution, HypothesisOutcome, Rung
from pipelines.facts.reflect.controls import Controls
from pipelines.facts.reflect.effects import Codes, Interaction, PairsScreened, PartEffect, Scale, Shape
from pipelines.facts.reflect.forecasts import ForecastReasons
from pipelines.facts.reflect.groups import GroupReasons
from pipelines.facts.reflect.headroom import Headroom
from pipelines.facts.reflect.leaks import Leakage, LeakVerdict, TooGood
from pipelines.facts.reflect.people import PeopleColumn, PeopleTogether
from pipelines.facts.reflect.repaired import Repaired
from pipelines.facts.reflect.shap import Shap
from pipelines.facts.reflect.signal import Signal
from pipelines.facts.reflect.slices import Slice
from pipelines.facts.reflect.split_leaks import DatesTested, SplitLeak
from pipelines.facts.reflect.texts import TextReasons
from pipelines.facts.reflect.thinned import Thinned
from pipelines.facts.shared import Claim


class Findings(TypedDict):
    """What was found in step 7, not yet in sentences."""

    attribution: list[Attribution]  # by cause, in the ladder's order, and last the tuning
    ladder: list[Rung]  # from the baseline to the strong model
    signal: Signal  # whether anything is predicted
    scales: list[Scale]  # ranks of single features, the best first
    details: dict[str, list[PartEffect]]  # of further causes by name: each part alone, the best first
    codes: Codes | None  # null where step 3 suspects none
    shapes: list[Shape]  # bends of single features, the best first
    interactions: list[Interaction]  # pairs, the best first
    pairs_screened: PairsScreened  # among how many features pairs were looked for
    shap: Shap | None  # null where the strong model has no trees
    leakage: list[Leakage]  # by feature
    leak_verdict: LeakVerdict | None  # null without suspects
    too_good: TooGood | None  # null where no score is next to perfect
    split_leaks: list[SplitLeak]  # rows of one thing and neighbours, if any; near copies, dates
    dates_tested: DatesTested  # by how many dates the order in time is judged
    headroom: Headroom | None  # what these features can still give; null of forecasts, whose rows are no sample
    slices: list[Slice]  # that held up, the best for the strong model first
    repaired: Repaired | None  # null where there is nothing to repair, or nothing is predicted
    hypotheses: list[HypothesisOutcome]  # of step 3
    controls: Controls  # negative controls
    people: list[PeopleColumn]  # columns that look like protected attributes, in the table's order
    people_together: PeopleTogether | None  # null unless there are several
    forecasts: NotRequired[ForecastReasons]  # of forecasts: gains by step, looks ahead, and what is worth knowing
    texts: NotRequired[TextReasons]  # of tables with texts: controls, what rows are worth, what words count
    groups: NotRequired[GroupReasons]  # of rows that form groups: whether they do, what makes them, who is in which
    thinned: Thinned | None  # null unless a very large table's training rows were not all looked at


class ReflectFacts(Findings):
    """Step 7: why. All gains are in the primary metric unless another is named.

    `attribution` and `ladder` stand in the order in which the ladder makes its changes. In `attribution`, `gain` and
    `ci` are those on the test rows; `out_of_fold` holds the same as a mean over the folds of the training rows, where
    more rows give more power. It decides `p_adjusted` (Holm) and `matters`, unless the test rows rule out a gain of
    the margin; `tuning` must be `confirmed` as well, since the folds chose the strong model.
    """

    claims: list[Claim]  # in sentences, the main reason first
