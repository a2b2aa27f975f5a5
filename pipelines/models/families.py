"""The families of models, one line each: every question about them goes over this list."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from pipelines.core.table import Table
from pipelines.models import (
    additive,
    classic,
    dummy,
    forest,
    levelled,
    lightgbm,
    linear,
    mean,
    rule,
    ruled,
    series_linear,
    xgboost,
)
from pipelines.models.family import TRIED, Family, Variant
from pipelines.models.grouped import learner as grouped
from pipelines.models.grouped import numbers
from pipelines.models.grouped.way import baseline_way
from pipelines.models.model import FoldModel, Learner
from pipelines.models.size import Level
from pipelines.models.worded import stacked
from pipelines.models.worded.block import plain_blocks
from pipelines.series.methods import NAIVE
from pipelines.targets import Density, Groups, Target

FAMILIES = MappingProxyType(
    {
        family.name: family
        for family in (
            dummy.FAMILY,
            linear.FAMILY,
            classic.FAMILY,
            forest.FAMILY,
            lightgbm.FAMILY,
            xgboost.FAMILY,
            additive.FAMILY,
            rule.FAMILY,
            series_linear.FAMILY,
            levelled.FAMILY,
            ruled.FAMILY,
            stacked.FAMILY,
            grouped.FAMILY,
            numbers.STRAIGHT_FAMILY,
            numbers.BOOSTED_FAMILY,
            mean.FAMILY,
        )
    }
)


def family_of(name: str) -> Family:
    """Return a family by its name in facts and archives; raise KeyError for one that is not known."""
    return FAMILIES[name]


def variants() -> Iterator[Variant]:
    """Return every model that a family can fit."""
    return (variant for family in FAMILIES.values() for variant in family.variants)


def imports(level: Level, *rows: str) -> list[str]:
    """Return the modules that step 5's fits use at this effort, for tables with rows of these sorts."""
    return [
        module
        for family in FAMILIES.values()
        if any(level in one.efforts and one.role in TRIED and one.rows in rows for one in family.variants)
        for module in family.imports
    ]


def dummy_of(target: Target) -> Learner:
    """Return the learner of the dummy: what knows no feature, of series only the season before.

    Of groups without an outcome it knows each column by itself.
    """
    if target.rows == "series":
        return rule.RuleLearner(target, dummy.NAME, (NAIVE,))
    if isinstance(target, Density):
        return grouped.GroupedLearner(target, grouped.RAW_HUMP, dummy.NAME)
    return dummy.DummyLearner(target)


def baseline_of(table: Table) -> Learner:
    """Return the learner of the baseline: the plain linear model, with the words of texts, or the plainest groups."""
    if table.texts:
        return stacked.StackedLearner(table.target, plain_blocks(table.features, table.texts))
    if isinstance(table.target, Groups):
        return grouped.GroupedLearner(table.target, baseline_way(table.target))
    return linear.LinearLearner(table.target)


def pilot_of(table: Table) -> tuple[Learner, ...]:
    """Return two learners whose difference is measured before any other; none: those that all other tables have."""
    if isinstance(table.target, Groups):
        way = replace(grouped.CENTRES, groups=table.target.count)
        return baseline_of(table), grouped.GroupedLearner(table.target, way, "k_means")
    return ()


def libraries(model: FoldModel) -> list[str]:
    """Return the libraries, sorted, without which a model cannot be read."""
    parts = model.parts if isinstance(model, mean.MeanModel) else ()
    return sorted({*FAMILIES[model.family].libraries, *(name for part in parts for name in libraries(part))})
