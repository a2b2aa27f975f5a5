"""The metric of groups without an outcome: how dense rows left out are where models expect them."""

from math import inf

from pipelines.metrics.metric import Metric, Proposal
from pipelines.metrics.prepared import Floats, Prepared, prepare_ratio
from pipelines.targets.groups import Density


def _log_density(y: Floats, prediction: Floats) -> Prepared:  # noqa: ARG001 - there is no truth but the row itself
    return prepare_ratio(prediction)


ROWS = (
    Metric(
        name="log_density",
        label="log density",
        why="It is the mean log density that models give to rows which they did not see, in nats a row: groups that "
        "are there make rows likelier, groups that are not do not. Columns are measured in their own standard "
        "deviations, whatever a model makes of them.",
        targets=(Density.name,),
        greater_is_better=True,
        range=(-inf, inf),
        scale="real",
        prepare_single=_log_density,
        leads=(Density.name,),
        proposals=(Proposal(Density.name, "without an outcome, only the rows themselves can say"),),
        draft_margin=0.01,
        shows_signal=(Density.name,),
    ),
)
