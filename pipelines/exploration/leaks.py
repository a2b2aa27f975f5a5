"""Which features may give the target away: small checks on facts, each a sentence with evidence or nothing."""

from collections.abc import Callable
from typing import NamedTuple

from pipelines.exploration.sentences import SCORE, SHARE, form_of, say
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook
from pipelines.facts.eda.column import MissingAlone
from pipelines.facts.eda.expected import LeakSuspect
from pipelines.facts.shared import Sentence
from pipelines.metrics import METRICS, look_of
from pipelines.metrics.looks import Look
from pipelines.targets import TARGETS

BESIDE = 2  # columns of the file beside a lonely one
LONELY = 1 / 3  # of the error that the next best column leaves: a suspicious one leaves no more
# Share of pairs of a missing and a known row that the target orders: more than a shift by 1.6 standard deviations does.
TELLING = 0.875
PURE = 1 / 20  # of the usual rate (or of what is left to 1): rows are almost all of one kind
FEWEST = 30  # rows on a side: fewer may be alike by chance
# The same for rows away from a column's default, where they are of the rarer kind: a count that is seldom above 0 may
# honestly mark risk, and then a tenth of such rows are as usual; where they are of the commoner kind, PURE holds.
PURE_AWAY = 1 / 10
HALF = 0.5
BANDED = 100  # rows on which bands are judged
IN_BAND = 0.97  # mean over levels of the share of rows that lie in their range
# Widths of the middle half of a range between neighbouring ones: bands made from the target touch (.2 where rows lie
# evenly), and two normal groups of which so few rows overlap lie .35 apart, more of them further.
TOUCHING = 0.3
DISTINCT_LEVELS = 0.95  # distinct share from which a category is a name of rows and no kind of them
IN_STEP = 0.95  # rank correlation of a numbering with the file's order
FILLED = 0.5  # share of a numbering's span that occurs


def find_suspects(facts: EdaLook) -> list[LeakSuspect]:
    """Return the leak suspects, the strongest first.

    One entry a feature: the first check that fires stands alone. Those that give the target together come first: it is
    what they come to that is strong.
    """
    suspects: list[LeakSuspect] = []
    for i, column in enumerate(facts["columns"]):
        for check, kind in CHECKS:
            sentence = check(facts, i)
            if sentence:
                suspects.append({
                    "feature": column["name"], "kind": kind, "score_alone": column["score_alone"],
                    "why": sentence["text"], "evidence": sentence["evidence"],
                })  # fmt: skip
                break
    return sorted(suspects, key=lambda item: (item["kind"] != TOGETHER, -item["score_alone"]))


TOGETHER = "with others"


def _look(facts: EdaLook) -> Look:
    return look_of(METRICS[facts["score_alone_metric"]])


def check_perfect(facts: EdaLook, i: int) -> Sentence | None:
    """Find a column that alone almost gives the target."""
    if facts["columns"][i]["score_alone"] < _look(facts).leak:
        return None
    return say(
        facts,
        "alone it scores {score} in {label}, next to perfect",
        score=(f"columns/{i}/score_alone", SCORE),
        label=("score_alone_label", ""),
    )


def check_lonely(facts: EdaLook, i: int) -> Sentence | None:
    """Find a strong column with nothing near it: the columns that go with it do not count, nor do other parts of it.

    Beside a single column of the file, a strong one is nothing odd.
    """
    own = facts["columns"][i]
    made_of = [column.get("column", column["name"]) for column in facts["columns"]]
    kin = {name for group in facts["correlated"] if own["name"] in group["features"] for name in group["features"]}
    apart = [j for j in range(len(made_of)) if made_of[j] != made_of[i]]
    others = [j for j in apart if facts["columns"][j]["name"] not in kin]
    few = len({made_of[j] for j in apart}) < BESIDE
    if own["score_alone"] < _look(facts).suspicious or few or not others:
        return None
    best = max(others, key=lambda j: facts["columns"][j]["score_alone"])
    if 1 - own["score_alone"] > LONELY * (1 - facts["columns"][best]["score_alone"]):
        return None
    return say(
        facts, "alone it scores {score} in {label}; the next best column, {next}, scores only {second}",
        score=(f"columns/{i}/score_alone", SCORE), label=("score_alone_label", ""),
        next=(f"columns/{best}/name", ""), second=(f"columns/{best}/score_alone", SCORE),
    )  # fmt: skip


def check_gaps(facts: EdaLook, i: int) -> Sentence | None:
    """Find a column whose gaps give the target: they order it, or rows with a value, or without, are all of one kind.

    Gaps of an amount are judged by how they order it: those that mark its highest fifth explain little of its variance.
    """
    gaps = facts["columns"][i]["missing_alone"]
    if gaps is None:
        return None
    place = f"columns/{i}/missing_alone"
    if gaps["auc"] >= TELLING and min(gaps["rows"], gaps["known_rows"]) >= FEWEST:
        return _ordering(facts, place, gaps["class"])
    missing, known = _sides(gaps)
    if _pure(missing, known, facts):
        side, other = missing, known
    elif known.rows <= missing.rows and _pure(known, missing, facts):  # where the known rows are the fewer
        side, other = known, missing
    else:
        return None
    what, about = "the target's mean", dict[str, Place]()
    if gaps["class"] is not None:
        what, about = "the share of class {class}", {"class": (f"{place}/class", "")}
    return say(
        facts, f"where it is {side.word} ({{rows}} rows) {what} is {{mean}}, elsewhere {{others}}",
        **about, rows=(f"{place}/{side.rows_at}", ",.0f"),
        mean=(f"{place}/{side.mean_at}", ".4f"), others=(f"{place}/{other.mean_at}", ".4f"),
    )  # fmt: skip


def check_default(facts: EdaLook, i: int) -> Sentence | None:
    """Find a column that leaves its default, 0 or "none", almost only where the target is of one kind."""
    default = facts["columns"][i].get("default_alone")
    if default is None or min(default["away"], default["rows"]) < FEWEST or default["ci"] is None:
        return None
    place = f"columns/{i}/default_alone"
    if _look(facts).ranks is None and default["class"] is None:
        if default["spread"] > PURE * (facts["target"]["spread"] or 0.0):
            return None
    elif not _away_in_one_class(default["target_mean"], default["ci"], default["others"], default["away"], facts):
        return None
    what, about = "the target's mean", dict[str, Place]()
    if default["class"] is not None:
        what, about = "the share of class {class}", {"class": (f"{place}/class", "")}
    elif _look(facts).ranks is not None:
        what = "the share of positives"
    value = default["value"]
    return say(
        facts, f"in most rows it is {{value}} and {what} is {{others}}; in the {{rows}} other rows that is {{mean}}",
        **about, value=(f"{place}/value", "" if isinstance(value, str) else form_of(value)),
        rows=(f"{place}/away", ",.0f"), mean=(f"{place}/target_mean", ".4f"), others=(f"{place}/others", ".4f"),
    )  # fmt: skip


def _away_in_one_class(share: float, ci: list[float], others: float, away: int, facts: EdaLook) -> bool:
    """Return whether rows away from the default are almost all of one class, even at their interval's end."""
    rows = facts["rows"]["described"]
    overall = (share * away + others * (rows - away)) / rows
    low, high = ci
    to_class, to_others = (PURE_AWAY, PURE) if overall <= HALF else (PURE, PURE_AWAY)
    return 1 - low <= to_class * (1 - others) or high <= to_others * others


def check_bands(facts: EdaLook, i: int) -> Sentence | None:
    """Find a column whose values divide the target into ranges that touch and do not overlap."""
    bands = facts["columns"][i].get("bands")
    if bands is None or bands["rows"] < BANDED or bands["in_band"] < IN_BAND or bands["gap"] > TOUCHING:
        return None
    place = f"columns/{i}/bands"
    return say(
        facts, "its {levels} levels divide the target into ranges that follow one another: on average {share} of a "
        "level's rows lie in its range ({rows} rows)",
        levels=(f"{place}/levels", ",.0f"), share=(f"{place}/in_band", SHARE), rows=(f"{place}/rows", ",.0f"),
    )  # fmt: skip


def check_formula(facts: EdaLook, i: int) -> Sentence | None:
    """Find a column that gives the target together with one or two others, by plain arithmetic."""
    name = facts["columns"][i]["name"]
    found = next((k for k, formula in enumerate(facts.get("formulas", ())) if name in formula["features"]), None)
    if found is None:
        return None
    formula, place = facts["formulas"][found], f"formulas/{found}"
    others = [j for j, feature in enumerate(formula["features"]) if feature != name]
    places: dict[str, Place] = {f"with{j}": (f"{place}/features/{j}", "") for j in others}
    listed = " and ".join(f"{{with{j}}}" for j in others)
    return say(
        facts, f"with {listed} it gives the target: {FORMULAS[formula['kind']]}",
        **places, form=(f"{place}/form", ""), score=(f"{place}/score", ".2%"), alone=(f"{place}/alone", SHARE),
    )  # fmt: skip


FORMULAS = {
    "amount": "{form} explains {score} of the target's variance, the best of them alone {alone}",
    "cut": "ranges of {form} give the class of {score} of the rows, the best of them alone of {alone}, "
    "each class with equal weight",
    "comparison": "{form} gives the class of {score} of the rows, the best of them alone of {alone}, "
    "each class with equal weight",
}


def _ordering(facts: EdaLook, place: str, of: str | None) -> Sentence:
    """Return how well the gaps order the target."""
    if "probabilities" not in TARGETS[facts["target"]["task"]].can:
        return say(
            facts,
            "of all pairs of a row where it is missing and one where it is known, {auc} have the higher target "
            "on the same side",
            auc=(f"{place}/auc", SHARE),
        )
    of_class, about = ("", {}) if of is None else (" for class {class}", {"class": (f"{place}/class", "")})
    return say(
        facts,
        f"knowing only whether it is missing scores {{auc}} in ROC AUC{of_class}",
        auc=(f"{place}/auc", SCORE),
        **about,
    )


class Side(NamedTuple):
    """The rows with a value, or without, and where their facts stand."""

    word: str
    rows_at: str
    mean_at: str
    rows: int
    mean: float
    ci: list[float] | None
    spread: float


def _sides(gaps: MissingAlone) -> tuple[Side, Side]:
    """Return the rows without a value and those with one."""
    return (
        Side("missing", "rows", "target_mean", gaps["rows"], gaps["target_mean"], gaps["ci"], gaps["spread"]),
        Side("known", "known_rows", "others", gaps["known_rows"], gaps["others"], gaps["others_ci"],
             gaps["others_spread"]),
    )  # fmt: skip


def _pure(side: Side, other: Side, facts: EdaLook) -> bool:
    """Return whether the rows of a side are all of one kind."""
    if side.rows < FEWEST or side.ci is None:
        return False
    if _look(facts).ranks is None:
        return side.spread <= PURE * (facts["target"]["spread"] or 0.0)
    low, high = side.ci
    return high <= PURE * other.mean or 1 - low <= PURE * (1 - other.mean)


def check_numbering(facts: EdaLook, i: int) -> Sentence | None:
    """Find whole numbers, nearly all distinct, that follow the file's order or fill their span: a number of the row."""
    numbering = facts["columns"][i].get("numbering")
    if numbering is None or (numbering["order"] < IN_STEP and numbering["filling"] < FILLED):
        return None
    place = f"columns/{i}/numbering"
    if numbering["order"] >= IN_STEP:
        return say(
            facts,
            "its whole numbers, {share} distinct, follow the order of the file (rank correlation {order})",
            share=(f"{place}/distinct_share", ".1%"),
            order=(f"{place}/order", ".2f"),
        )
    return say(
        facts,
        "its whole numbers, {share} distinct, fill {filling} of their span as row numbers do",
        share=(f"{place}/distinct_share", ".1%"),
        filling=(f"{place}/filling", ".1%"),
    )


def check_names(facts: EdaLook, i: int) -> Sentence | None:
    """Find a category with nearly as many levels as rows: it names rows."""
    if facts["columns"][i].get("distinct_share", 0) < DISTINCT_LEVELS:
        return None
    return say(
        facts,
        "{levels} levels, nearly one for each row, name the rows instead of describing them",
        levels=(f"columns/{i}/distinct", ",.0f"),
    )


# In order of weight: the check, and the kind of suspect that it finds.
CHECKS: tuple[tuple[Callable[[EdaLook, int], Sentence | None], str], ...] = (
    (check_perfect, "near-perfect alone"),
    (check_formula, TOGETHER),
    (check_gaps, "missing values give it away"),
    (check_default, "leaves its default"),
    (check_bands, "bands of the target"),
    (check_numbering, "identifier"),
    (check_names, "identifier"),
    (check_lonely, "far better than the rest"),
)
