"""Groups of all training rows: those that step 7 describes, and that are served."""

from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.facts.strong import StrongFacts
from pipelines.models.grouped.fitting import fit_way, with_outcome
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.models.grouped.learner import SEED, GroupedLearner
from pipelines.models.grouped.way import Way, baseline_way, grouped_target
from pipelines.models.refittable import heaviest, learners


def whole_model(table: Table, way: Way) -> GroupedModel:
    """Return the groups of all training rows, with their mean outcome where there is one."""
    rows = table.trained
    x = table.x[rows]
    model = fit_way(way, x, SEED)
    return with_outcome(model, x, table.y[rows]) if grouped_target(table.target).scored else model


def chosen_way(table: Table, project: Project, strong: StrongFacts) -> Way:
    """Return how step 5 chose to make groups; raise TypeError where its model puts no row into a group."""
    chosen = learners(table, project, strong)[heaviest(strong)[0]]
    if not isinstance(chosen, GroupedLearner):
        message = f"the strong model {chosen.name} puts no row into a group"
        raise TypeError(message)
    return chosen.way


def whole_models(table: Table, project: Project, strong: StrongFacts) -> dict[str, GroupedModel]:
    """Return the groups of all training rows by the strong model's way, and by the baseline's."""
    ways = {"strong": chosen_way(table, project, strong), "baseline": baseline_way(table.target)}
    return {name: whole_model(table, way) for name, way in ways.items()}
