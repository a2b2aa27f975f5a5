"""Scale: ranks in place of raw values, whose tails drag a straight line."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.causes.cause import Cause, Detail, Quick
from pipelines.causes.guess import Guess, Seen, surest, tried
from pipelines.causes.plan import Block, Features, Plan, Training
from pipelines.exploration.sentences import form_of
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook

if TYPE_CHECKING:
    from pipelines.causes.design import Design

MOST_ALONE = 6  # features tested alone, those whose ranks follow the target best compared with their values


@dataclass(frozen=True)
class Ranked:
    """Numbers scaled by rank instead of by standard deviation."""

    features: tuple[str, ...]

    def describe(self) -> str:
        """Return the change in words."""
        return f"normal scores of the ranks of {len(self.features)} features"

    def blocks(self, features: Features) -> list[Block]:
        """Return the ranks of those that are there and have a value."""
        from pipelines.causes.ranks import RankScaler

        there = [name for name in self.features if name in features.x.columns]
        ranked = [name for name in there if features.x[name].notna().any()]
        return [Block("ranked", RankScaler(), ranked, replaces=True)] if ranked else []


def ranked_in(plan: Plan) -> tuple[str, ...]:
    """Return the features that a plan ranks."""
    return next((change.features for change in plan.changes if isinstance(change, Ranked)), ())


def advantages(rows: Training, names: tuple[str, ...]) -> dict[str, float]:
    """Return how much better the target follows each feature's ranks than its values (see `rank_advantage`)."""
    from pipelines.causes.ranks import rank_advantage

    return rank_advantage(rows.x[list(names)], rows.y, rows.target)


def _varying(rows: Training) -> tuple[str, ...]:
    """Return the numbers with more than two values: two have no scale."""
    return tuple(name for name in rows.numeric if rows.x[name].nunique() > 2)  # noqa: PLR2004


def _applies(rows: Training) -> str | None:
    return None if _varying(rows) else "no numeric feature has more than two values"


def _tries(rows: Training, plan: Plan) -> list[Plan]:
    """Return the plans that rank all numbers, and those alone whose ranks follow the target better."""
    advantage = advantages(rows, _varying(rows))
    chosen = tuple(name for name in advantage if advantage[name] > 0)
    return [plan.and_then(Ranked(ranked)) for ranked in dict.fromkeys((tuple(advantage), chosen)) if ranked]


def _parts(rows: Training, plan: Plan) -> dict[tuple[str, ...], Plan]:
    """Return the baseline with one feature ranked, for those whose ranks help most."""
    ranked = ranked_in(plan)
    advantage = advantages(rows, ranked) if ranked else {}
    names = sorted(advantage, key=lambda name: (-advantage[name], name))[:MOST_ALONE]
    return {(name,): Plan((Ranked((name,)),)) for name in names}


def _quick(design: "Design") -> "Design":
    from pipelines.causes.design import ranks, raw

    return replace(design, numbers=tuple(ranks if make is raw else make for make in design.numbers))


RANKS = "Ranks in place of raw values"


def _guess(facts: EdaLook) -> Guess:
    """Guess from heavy tails whether ranks in place of raw values help a straight line."""
    best = surest(facts, "ranks")
    if best is None:
        return tried(facts, "scale", RANKS, Seen())
    place = f"columns/{best}"
    about: dict[str, Place] = {
        "feature": (f"{place}/name", ""),
        "top": (f"{place}/quantiles/100", form_of),
        "middle": (f"{place}/quantiles/50", form_of),
    }
    sentence = "{feature} reaches {top} while its median is {middle}."
    if facts["columns"][best]["codes"]:
        about["code"] = (f"{place}/codes/0/value", form_of)
        about["rows"] = (f"{place}/codes/0/rows", ",.0f")
        sentence = (
            "{feature} reaches {top} while its median is {middle}, and {rows} rows share the far-off value {code}."
        )
    return tried(facts, "scale", RANKS, Seen([best], sentence, about))


SCALE = Cause(
    name="scale",
    title="ranks in place of raw values, the model stays linear",
    step="ranks in place of raw values",
    wording="ranks in place of raw values",
    remedy="ranks in place of raw values",
    grows="matrix",
    applies=_applies,
    tries=_tries,
    detail=Detail(
        where="reflect#/scales",
        claim="which_feature",
        sentence="Ranks of {feature} alone gain {effect} over the folds.",
        parts=_parts,
    ),
    guess=_guess,
    quick=Quick(_quick, lambda features: bool(features.numeric)),
)
