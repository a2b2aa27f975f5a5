"""The usual checks of a clustering, next to their values on tables that have no groups."""

from collections.abc import Mapping

import numpy as np

from pipelines.facts.reflect.groups_shown import GroupsCheck, Without
from pipelines.groups.columns import Scaling
from pipelines.groups.usual_checks import Checks, usual_checks
from pipelines.targets.arrays import Floats

NAMES: Mapping[str, str] = {"prediction_strength": "prediction strength", "gap": "gap statistic"}


def checks(values: Floats, nulls: Mapping[Without, Floats], seed: int) -> list[GroupsCheck]:
    """Return each check of the table's values (rows, columns), and of those of `nulls`.

    Each table is scaled by itself, as it would be if it were the project's own.
    """
    own = _checked(values, seed)
    without = {name: _checked(table, seed) for name, table in nulls.items()}
    return [
        {
            "check": NAMES.get(name, name), "value": best(own, name), "says": says,  # type: ignore[typeddict-item]
            "nulls": [
                {"name": null, "value": best(found, name), "says": found.says()[name]}
                for null, found in without.items()
            ],
        }
        for name, says in own.says().items()
    ]  # fmt: skip


def best(found: Checks, name: str) -> float:
    """Return a check's value at the number of groups that it claims; where it claims none, its largest."""
    says, values = found.says()[name], getattr(found, name)
    if says > 1:
        return float(values[says - 2])
    return found.gap_of_one[0] if name == "gap" else float(values.max())


def _checked(values: Floats, seed: int) -> Checks:
    rng = np.random.default_rng(seed)
    return usual_checks(Scaling.fit(values, rng).apply(values, rng)[0], rng)
