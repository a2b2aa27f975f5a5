"""The models that a rung keeps on top of its linear one, as they were fitted, by the part of the rows left out."""

from dataclasses import dataclass

from pipelines.causes.cause import Columns
from pipelines.ladder.additive import Additive
from pipelines.ladder.fitting import Part
from pipelines.ladder.joint import Names
from pipelines.models.on_top import Boosted
from pipelines.targets import Floats


@dataclass(frozen=True)
class KeptTrees:
    """Boosters of one kind: curves where they were read as such; a part has none where nothing could be grown."""

    rung: str
    rounds: int  # of each booster that count
    boosted: dict[Part, Boosted]
    curves: dict[Part, Additive]


@dataclass(frozen=True)
class KeptPair:
    """The coefficients of a pair's columns."""

    rung: str
    pair: Names
    columns: Columns
    coefficients: dict[Part, Floats]


Kept = KeptTrees | KeptPair
