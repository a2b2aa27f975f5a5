"""What is unknown after a report: later rows, other sources, the repaired baseline's faults, another order."""

from collections.abc import Callable

from pipelines.answer.advice import advise
from pipelines.answer.places import model, say
from pipelines.answer.standing import standing
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import score_form
from pipelines.models.families import variants
from pipelines.splits import SPLITS

MODELS = {variant.name: variant.title for variant in variants()}


def _later(facts: Facts) -> Claim | None:
    if not SPLITS[facts["define"]["split"]["kind"]].later:
        return None
    return say("one_period", "Not tested: how the models age beyond the test period.", facts)


def _elsewhere(facts: Facts) -> Claim | None:
    split = SPLITS[facts["define"]["split"]["kind"]]
    if split.later:
        return None
    pool: dict[str, Place] = {"column": ("define#/split/column", "")}
    how = "by {column}" if split.keeps_groups else "by the file's column {column}" if split.given else "at random"
    return say(
        "same_source", f"Not tested: later rows and other sources, since one file was split {how}.", facts, **pool
    )


def _repaired(facts: Facts) -> Claim | None:
    """Return which checks were not made for the repaired baseline, where that is the model to use."""
    if advise(standing(facts)) not in ("use the repaired", "keep the repaired"):
        return None
    measured = "score was" if facts["compare"]["threshold"] is None else "score and cost were"
    return say(
        "strong_only",
        f"Of the repaired baseline only the {measured} measured on the test rows: the report's other checks are of the "
        "strong model.",
        facts,
    )


def _order(facts: Facts) -> Claim | None:
    return say(
        "shared_credit",
        "What two changes could both explain is credited to the one made first; another order could share it "
        "differently.",
        facts,
    )


def _capped(facts: Facts) -> Claim | None:
    candidates = [(i, one) for i, one in enumerate(facts["strong"]["models"]) if one["candidate"]]
    most = max((one["rows_used"] for _, one in candidates), default=0)
    capped = [(i, one) for i, one in candidates if one["rows_used"] < most]
    if not capped:
        return None
    place, first = capped[0]
    names = " and ".join(
        dict.fromkeys(
            MODELS.get(one["name"], one["name"]) for _, one in capped if one["rows_used"] == first["rows_used"]
        )
    )
    return say(
        "capped_rows",
        f"Each tree of {names} drew at most {{rows}} rows of a fold; with all rows such a model may do better.",
        facts,
        rows=(f"strong#/models/{place}/rows_used", ",.0f"),
    )


def _thinned(facts: Facts) -> Claim | None:
    """Return of how many rows the reasons are, where the table has more, and why these are enough."""
    if facts["reflect"]["thinned"] is None:
        return None
    score = score_form(facts)
    return say(
        "thinned_rows",
        "The reasons were looked for in {rows} of {of} training rows, evenly spaced, and in all test rows. On so many "
        "the gain has a standard error of about {se}, where {margin} is worth acting on. The causes set out from the "
        "baseline fitted to these rows, whose {metric} on the test rows is {few}; fitted to all, it is {all}.",
        facts,
        rows=("reflect#/thinned/rows", ",.0f"), of=("reflect#/thinned/of", ",.0f"),
        se=("reflect#/thinned/se", ".2g"), margin=("metric#/margin", ".3g"), metric=("metric#/label", ""),
        few=("reflect#/ladder/0/test_score", score), all=(f"{model(facts, 'baseline')}/score", score),
    )  # fmt: skip


CHECKS: tuple[Callable[[Facts], Claim | None], ...] = (_later, _elsewhere, _repaired, _order, _capped, _thinned)


def not_tested(facts: Facts) -> list[Claim]:
    """Return what was not tested, the most important first; there is always at least one."""
    return [found for check in CHECKS if (found := check(facts)) is not None]
