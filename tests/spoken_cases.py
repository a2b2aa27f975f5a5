"""The situations that an interview and a post must put into words: each with the verdicts, and several at once."""

from itertools import combinations, product

from conftest import Facts
from situations import SITUATIONS, VERDICTS, situation

Case = tuple[str, str, tuple[str, ...]]  # the sample, its verdict, and what holds

GRAVE = ("no signal", "the gain is a leak", "the split leaks", "controls failed", "a doubt", "too good")
ALONE = [("binary", verdict, (name,)) for verdict, name in product(VERDICTS, SITUATIONS)]
OTHERS = [
    (kind, verdict, (name,))
    for kind, verdict, name in product(("multiclass", "regression"), ("better", "tie"), SITUATIONS)
]
TOGETHER = [("binary", "better", pair) for pair in combinations(GRAVE, 2)]
ALL = ("the gain is a leak", "the split leaks", "controls failed", "a doubt", "drift", "unstable", "close")
BEHIND = "behind the mean"
CASES: dict[str, Case] = {
    f"{kind}, {verdict}, {' and '.join(names)}": (kind, verdict, names)
    for kind, verdict, names in (*ALONE, *OTHERS, *TOGETHER, ("binary", "better", ALL), ("binary", "better", (BEHIND,)))
}


def facts_of(case: str) -> Facts:
    """Return the facts of a case."""
    kind, verdict, names = CASES[case]
    return behind_the_mean(situation(kind, verdict)) if BEHIND in names else situation(kind, verdict, *names)


def behind_the_mean(facts: Facts) -> Facts:
    """Both models do worse than the test rows' own mean."""
    row = {"metric": "r2", "label": "R2", "greater_is_better": True, "dummy": -0.3, "baseline": -0.2, "strong": -0.1}
    facts["compare"]["other_metrics"] = [row]
    return facts
