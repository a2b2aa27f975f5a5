"""Step 7's experiments on top of the ladder: what else the gain may be, where it is, and how much more there is.

EXPERIMENTS is the list that the step walks over, in the order in which its facts stand.
"""

from collections.abc import Mapping
from functools import partial

from pipelines.core.submit import side_by_side
from pipelines.experiments.controls import CONTROLS
from pipelines.experiments.details import HYPOTHESES, INTERACTIONS, PARTS, SHAPES
from pipelines.experiments.experiment import Experiment, Given, Known
from pipelines.experiments.forecasts import FORECASTS
from pipelines.experiments.groups.reasons import GROUPS
from pipelines.experiments.headroom import HEADROOM
from pipelines.experiments.leaks import LEAKS
from pipelines.experiments.people import PEOPLE
from pipelines.experiments.repaired import REPAIRED
from pipelines.experiments.shap import SHAP
from pipelines.experiments.slices import SLICES
from pipelines.experiments.split_leaks import SPLIT_LEAKS
from pipelines.experiments.texts.reasons import TEXTS
from pipelines.experiments.too_good import TOO_GOOD

__all__ = ["EXPERIMENTS", "Experiment", "Given", "Known", "run_early", "run_late"]

EXPERIMENTS: tuple[Experiment, ...] = (
    PARTS, REPAIRED, SHAPES, INTERACTIONS, SHAP, LEAKS, TOO_GOOD, SPLIT_LEAKS, HEADROOM, SLICES, HYPOTHESES, CONTROLS,
    PEOPLE, FORECASTS, TEXTS, GROUPS,
)  # fmt: skip


def run_early(given: Given) -> dict[str, Mapping[str, object]]:
    """Return what the experiments find that need no ladder, by name.

    One after the other: their pieces fill the time in which the ladder waits, and do not delay it.
    """
    early = sorted((one for one in EXPERIMENTS if one.early), key=lambda one: -one.longest)
    return {one.name: one.facts(given) for one in early}


def run_late(known: Known) -> dict[str, Mapping[str, object]]:
    """Return what the other experiments find, by name; those with the longest pieces begin first."""
    late = sorted((one for one in EXPERIMENTS if not one.early), key=lambda one: -one.longest)
    if any(one.applies(known) for one in late if one.compares_with_everything):
        known.everything  # noqa: B018 - handed out once, before several threads ask for it
    found = side_by_side([partial(one.facts, known) for one in late], known.study.submit)
    return {one.name: facts for one, facts in zip(late, found, strict=True)}
