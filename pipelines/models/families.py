"""The families of models, one line each: every question about them goes over this list."""

from collections.abc import Iterator
from types import MappingProxyType

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
from pipelines.models.model import FoldModel, Learner
from pipelines.models.size import Level
from pipelines.series.methods import NAIVE
from pipelines.targets import Target

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


def imports(level: Level, rows: str) -> list[str]:
    """Return the modules that step 5's fits use at this effort, for targets with rows of that sort."""
    return [
        module
        for family in FAMILIES.values()
        if any(level in one.efforts and one.role in TRIED and one.rows == rows for one in family.variants)
        for module in family.imports
    ]


def dummy_of(target: Target) -> Learner:
    """Return the learner of the dummy: what knows no feature, or of series only the season before."""
    if target.rows == "series":
        return rule.RuleLearner(target, dummy.NAME, (NAIVE,))
    return dummy.DummyLearner(target)


def libraries(model: FoldModel) -> list[str]:
    """Return the libraries, sorted, without which a model cannot be read."""
    parts = model.parts if isinstance(model, mean.MeanModel) else ()
    return sorted({*FAMILIES[model.family].libraries, *(name for part in parts for name in libraries(part))})
