"""Step 7's experiments on top of the ladder: what else the gain may be, where it is, and how much more there is.

EXPERIMENTS is the list that the step walks over, in the order in which its facts stand.
"""

from pipelines.experiments.controls import CONTROLS
from pipelines.experiments.details import HYPOTHESES, INTERACTIONS, PARTS, SHAPES
from pipelines.experiments.experiment import Experiment, Known
from pipelines.experiments.headroom import HEADROOM
from pipelines.experiments.leaks import LEAKS
from pipelines.experiments.people import PEOPLE
from pipelines.experiments.repaired import REPAIRED
from pipelines.experiments.shap import SHAP
from pipelines.experiments.slices import SLICES
from pipelines.experiments.split_leaks import SPLIT_LEAKS
from pipelines.experiments.too_good import TOO_GOOD

__all__ = ["EXPERIMENTS", "Experiment", "Known"]

EXPERIMENTS: tuple[Experiment, ...] = (
    PARTS, REPAIRED, SHAPES, INTERACTIONS, SHAP, LEAKS, TOO_GOOD, SPLIT_LEAKS, HEADROOM, SLICES, HYPOTHESES, CONTROLS,
    PEOPLE,
)  # fmt: skip
