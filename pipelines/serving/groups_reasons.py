"""Why a row is in its group and not in the next likeliest: what each column's value does to the odds of the two.

A column's effect is what the logarithm of the odds, by the groups' Gaussians, would lose if the row had the other
group's mean in it, and all its other values as they are. Effects add up to nothing in particular: columns of a group
say something of each other. Of quantiles of one column that column is the whole reason.
"""

from collections.abc import Mapping
from typing import NotRequired

import numpy as np
import pandas as pd
from typing_extensions import TypedDict

from pipelines.core.cells import value_label
from pipelines.models.grouped.grouped import GroupedModel
from pipelines.serving.groups_model import Placed
from pipelines.serving.groups_words import why_words
from pipelines.targets.arrays import Floats

SHOWN = 3  # columns
LEAST = 0.1  # nats: a value that changes the odds by less than a tenth is no reason
UNIT = "nats"  # of effects


class ColumnEffect(TypedDict):
    """What a column's value says for its group and against the next."""

    feature: str
    title: str
    value: NotRequired[str]  # as it stands in the row, where that was asked for
    effect: float  # below 0: the value speaks for the other group
    unit: str
    here: float | None  # median of the training rows in its group
    there: float | None  # and of those in the other


class Quantile(TypedDict):
    """Between which values of one column the rows of a group lie."""

    feature: str
    title: str
    low: float | None  # from which on; None: from the lowest
    high: float | None  # below which; None: up to the highest


class GroupReason(TypedDict):
    """Why a row is in its group."""

    group: int
    next: int | None
    features: list[ColumnEffect]  # the largest effect first
    by: Quantile | None
    text: str


def group_reasons(
    model: GroupedModel, x: pd.DataFrame, placed: Placed, medians: Mapping[str, list[float | None]],
    titles: Mapping[str, str], units: Mapping[str, str], *, echo: bool = False,
) -> list[GroupReason]:  # fmt: skip
    """Return the reason of each of the rows `x` (rows, features), which were placed so.

    `medians` are those of the groups' training rows, by feature. Values of the row are in it only where `echo` asks.
    """
    effects = _effects(model, x, placed)
    found: list[GroupReason] = []
    for row in range(len(x)):
        own, other = int(placed.number[row]), int(placed.following[row]) or None
        by = None if model.by is None else _quantile(model, model.features[model.by], own, titles)
        features: list[ColumnEffect] = []
        if by is None and other is not None:
            for column in np.argsort(-np.abs(effects[row]), kind="stable")[:SHOWN].tolist():
                name = model.features[column]
                if abs(effects[row, column]) < LEAST:
                    break
                one: ColumnEffect = {
                    "feature": name, "title": titles.get(name, name), "effect": float(effects[row, column]),
                    "unit": UNIT, "here": medians[name][own - 1], "there": medians[name][other - 1],
                }  # fmt: skip
                if echo:
                    one["value"] = value_label(float(x[name].iloc[row]))
                features.append(one)
        reason: GroupReason = {"group": own, "next": other, "features": features, "by": by, "text": ""}
        found.append({**reason, "text": why_words(reason, units)})
    return found


def _effects(model: GroupedModel, x: pd.DataFrame, placed: Placed) -> Floats:
    """Return what the odds of each row's own group lose by each column, (rows, features), in nats."""
    values, _ = model.scaled(x)
    rows, own, other = np.arange(len(x)), placed.number - 1, np.maximum(placed.following - 1, 0)

    def odds(of: Floats) -> Floats:
        joint = model.gaussians.joint(of)
        return np.asarray(joint[rows, own] - joint[rows, other])

    there, now = model.gaussians.means[other], odds(values)
    effects = np.empty(values.shape)
    for column in range(values.shape[1]):
        moved = values.copy()
        moved[:, column] = there[:, column]
        effects[:, column] = now - odds(moved)
    return np.nan_to_num(effects)


def _quantile(model: GroupedModel, name: str, own: int, titles: Mapping[str, str]) -> Quantile:
    edges = model.assignment.points[:, 0].tolist()
    place = int(np.flatnonzero(model.assignment.labels == own - 1)[0])
    return {
        "feature": name, "title": titles.get(name, name), "low": edges[place - 1] if place else None,
        "high": edges[place] if place < len(edges) else None,
    }  # fmt: skip
