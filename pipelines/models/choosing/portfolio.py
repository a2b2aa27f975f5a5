"""Which models step 5 fits: the classics, to compare with, and the candidates, of which one or several are taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.core.table import Table
from pipelines.models.families import variants
from pipelines.models.family import TRIED, Role
from pipelines.models.model import Learner, Settings
from pipelines.models.size import Level, Size, measure_size
from pipelines.models.worded.block import all_blocks


@dataclass(frozen=True)
class Portfolio:
    """The learners, in the order in which they are handed out."""

    candidates: tuple[Learner, ...]
    classics: tuple[Learner, ...]  # never taken
    left_out: tuple[tuple[str, str], ...]  # name and why

    @property
    def learners(self) -> list[Learner]:
        """All of them."""
        return [*self.candidates, *self.classics]


def size_of(table: Table, level: Level) -> Size:
    """Return the size of a table's training rows, and what can be read of its texts."""
    size = measure_size(table.y[table.trained], table.in_trees.shape[1], table.target, level)
    return replace(size, rows_are=table.rows_are, blocks=all_blocks(table) if table.texts else ())


def portfolio(size: Size, searched: Settings | None) -> Portfolio:
    """Return what is fitted to a table of this size at its level of effort; `searched` are settings found, if any."""
    fitting = [one for one in variants() if one.rows in (size.target.rows, size.rows_are)]
    unable = size.target.engines["classic"]["without"]

    def of(role: Role) -> tuple[Learner, ...]:
        made = (
            variant.learner(size, searched)
            for variant in sorted(fitting, key=lambda one: one.order)
            if variant.role == role and variant.learner is not None and variant.name not in unable
            and size.level in variant.efforts and not (variant.searched and searched is None)
        )  # fmt: skip
        return tuple(learner for learner in made if learner is not None)

    skipped = [one for one in fitting if one.role in TRIED and size.level not in one.efforts]
    skipped.sort(key=lambda one: (not one.searched, one.order))
    why = f'effort.level = "{size.level}" fits fewer models'
    left_out = [(name, "it has no loss for this kind of target") for name in unable]
    left_out += [(one.name, why) for one in skipped if one.name not in unable]
    return Portfolio(of("candidate"), of("classic"), tuple(left_out))


def in_teaching_order(names: Sequence[str]) -> list[str]:
    """Return models in the order in which they are shown; what step 5 does not fit by itself comes last."""
    places = {one.name: one.shown for one in variants() if one.role in TRIED}
    return sorted(names, key=lambda name: places.get(name, max(places.values()) + 1))


def preferred(names: Sequence[str]) -> list[str]:
    """Return the candidates among models, in the order in which tied ones are taken."""
    places = {one.name: one.preferred for one in variants() if one.role == "candidate"}
    return sorted((name for name in names if name in places), key=lambda name: places[name])
