"""How numbers and names are put into speech: few of them, rounded, and never longer than a listener can follow."""

import math
from collections.abc import Callable, Sequence

from pipelines.answer.places import every, model, say, two_digits
from pipelines.facts.claims import Place
from pipelines.facts.pointer import resolve
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, judged
from pipelines.targets import TARGETS

WORDS = 59  # of an answer that is said aloud: about half a minute
NUMBERS = 2  # that a listener keeps in mind
NAMES = 2  # of columns, in one breath
PLAINEST = {"quantiles": "a cut of one column into quantiles", "kmeans": "k-means on raw values"}  # of groups
LONGEST = 60  # characters of such names together


def shorter(value: float, decimals: int) -> str:
    """Return the format that writes a value with two significant digits, and at most so many decimals."""
    needed = 1 - math.floor(math.log10(abs(value))) if value else 0
    return f"z,.{max(0, min(decimals, needed))}f"


def decimals(facts: Facts) -> int:
    """Return the decimals that the margin has."""
    return max(0, -math.floor(math.log10(facts["metric"]["margin"])))


def about(facts: Facts) -> Callable[[float | list[float]], str]:
    """Return the form of a score, a difference or an interval: two significant digits, where the margin allows them."""

    def form(value: float | list[float]) -> str:
        largest = max(map(abs, value)) if isinstance(value, list) else value
        return shorter(largest, decimals(facts) + 1)

    return form


def percent(value: float | list[float]) -> str:
    """Return the form of a small share: a percentage with two significant digits."""
    largest = 100 * (max(map(abs, value)) if isinstance(value, list) else abs(value))
    return f".{max(0, 1 - math.floor(math.log10(largest))) if largest else 0}%"


def ended(place: str, text: str) -> str:
    """Return a place of a template with the full stop that its text may lack."""
    return place if text.rstrip().endswith((".", "?", "!")) else f"{place}."


def pair(facts: Facts, first: Pointer, second: Pointer) -> tuple[Place, Place]:
    """Return two scores with as many decimals as distinguish them, and at most as many as the margin has."""
    gap = abs(float(resolve(facts, first)) - float(resolve(facts, second)))  # type: ignore[arg-type]
    needed = 1 - math.floor(math.log10(gap)) if gap else decimals(facts)
    usual = max(0, min(decimals(facts), needed))

    def form(value: float) -> str:
        return shorter(value, decimals(facts) + 1) if value and round(value, usual) == 0 else f",.{usual}f"

    return (first, form), (second, form)


def further(facts: Facts) -> int | None:
    """Return with how many decimals the scores differ by as much as the difference says; None where they do anyway."""
    places = [f"{model(facts, role)}/score" for role in ("baseline", "strong")]
    low, high = (float(resolve(facts, place)) for place in places)  # type: ignore[arg-type]
    gap = facts["compare"]["difference"]["value"]
    if facts["compare"]["difference"].get("against") == "constant" or not gap or decimals(facts) == 0:
        return None
    usual = max(0, min(decimals(facts), 1 - math.floor(math.log10(abs(gap)))))
    for digits in range(usual, decimals(facts) + 1):
        off = abs(abs(round(high, digits) - round(low, digits)) - abs(round(gap, digits)))
        if off < 10**-digits / 2:
            return None if digits == usual else digits
    return decimals(facts)


def both(facts: Facts) -> dict[str, Place]:
    """Return the scores of both models, rounded, with their metric."""
    baseline, strong = pair(facts, f"{model(facts, 'baseline')}/score", f"{model(facts, 'strong')}/score")
    if (digits := further(facts)) is not None:
        baseline, strong = (baseline[0], f",.{digits}f"), (strong[0], f",.{digits}f")
    return {"baseline": baseline, "strong": strong, "metric": ("metric#/label", "")}


def gained(facts: Facts) -> dict[str, Place]:
    """Return the difference that the verdict is about and both ends of its interval, rounded, and the test rows."""
    where, digits = judged(facts), further(facts)
    form = about(facts) if digits is None else f"z,.{digits}f"
    difference = facts["compare"]["difference"]
    ends = (difference.get("constant") or difference)["ci"]
    excludes_zero = not ends[0] <= 0 <= ends[1]

    def end(value: float) -> str:
        """Return the form of an end, which is not written as zero where the interval excludes that."""
        usual = form if isinstance(form, str) else form(value)
        return two_digits(value) if excludes_zero and not float(format(value, usual).replace(",", "")) else usual

    return {
        "gap": (f"{where}/value", form), "low": (f"{where}/ci/0", end), "high": (f"{where}/ci/1", end),
        "rows": ("compare#/test_rows", ",.0f"),
    }  # fmt: skip


def named(facts: Facts, where: Pointer, count: int, otherwise: str) -> tuple[str, dict[str, Place]]:
    """Return words that name the items of a list of facts, with their places; others where that is too long."""
    names = [str(resolve(facts, f"{where}/{i}")) for i in range(count)]
    if not names or count > NAMES or sum(map(len, names)) > LONGEST:
        return otherwise, {}
    return as_list([f"{{item{i}}}" for i in range(count)]), every(where, count)


def makes_groups(facts: Facts) -> bool:
    """Return whether the project makes groups of its rows."""
    return "clusters" in facts["define"]


def without_outcome(facts: Facts) -> bool:
    """Return whether groups are scored by how likely rows left out are."""
    return makes_groups(facts) and facts["define"]["clusters"]["outcome"] is None


def found_nothing(facts: Facts) -> str:
    """Return what the experiments found where there is nothing to find: one Gaussian has its correlations."""
    return "found nothing" + (" that one Gaussian does not have" if without_outcome(facts) else "")


def tried_on(facts: Facts, noise: str = "noise") -> str:
    """Return where the experiments were made again, with nothing to find."""
    if not makes_groups(facts):
        return f"on a shuffled target and on a column of {noise}"
    return "on rows of one Gaussian" if without_outcome(facts) else "on a shuffled outcome"


def linear(facts: Facts) -> str:
    """Return what the baseline is called."""
    if makes_groups(facts):
        return PLAINEST[facts["define"]["clusters"]["baseline"]]
    return TARGETS[facts["define"]["task"]].words.linear_model


def average(facts: Facts) -> str:
    """Return what a constant predicts."""
    return TARGETS[facts["define"]["task"]].words.average


def words(claim: Claim) -> int:
    """Return how many words a sentence has."""
    return len(claim["text"].split())


def numbers(claim: Claim) -> int:
    """Return how many numbers a sentence states; both ends of an interval count."""
    values = [item["value"] for item in claim["evidence"]]
    return sum(
        len(value) if isinstance(value, list) else isinstance(value, int | float) and not isinstance(value, bool)
        for value in values
    )


def first_short(claims: Sequence[Claim], longest: int = WORDS) -> Claim:
    """Return the first of some sentences that has at most so many words, and the last where none has."""
    return next((claim for claim in claims if words(claim) <= longest), claims[-1])


def told(facts: Facts, *names: str, most: int = 3) -> list[Claim]:
    """Return the claims of step 7 that have these names, in this order, and at most so many."""
    claims = {claim["id"]: claim for claim in facts["reflect"]["claims"]}
    return [claims[name] for name in names if name in claims][:most]


def plain(template: str, facts: Facts) -> Claim:
    """Return a sentence that states no fact but what the models of this kind of target are called."""
    return say("say", template.replace("LINEAR", linear(facts)).replace("AVERAGE", average(facts)), facts)


def question(facts: Facts, before: str = "") -> Claim:
    """Return what was asked, and what depends on it."""
    decision = ended("{decision}", facts["define"]["decision"])
    return say(
        "question",
        f"{before}{{question}} What depends on the answer: {decision}",
        facts,
        question=("define#/question", ""), decision=("define#/decision", ""),
    )  # fmt: skip
