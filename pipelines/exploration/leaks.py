"""Which features may give the target away: small checks on facts, each a sentence with evidence or nothing."""

from typing import NamedTuple

from pipelines.exploration.sentences import SCORE, SHARE, say
from pipelines.facts.claims import Place
from pipelines.facts.eda import EdaLook, LeakSuspect, MissingAlone
from pipelines.facts.shared import Sentence
from pipelines.metrics import METRICS, look_of
from pipelines.metrics.looks import Look
from pipelines.targets import TARGETS

LONELY = 1 / 3  # of the error that the next best column leaves: a suspicious one leaves no more
# Share of pairs of a missing and a known row that the target orders: more than a shift by 1.6 standard deviations does.
TELLING = 0.875
PURE = 1 / 20  # of the usual rate (or of what is left to 1): rows are all but all of one kind
FEWEST = 30  # rows on a side: fewer may be alike by chance
DISTINCT_LEVELS = 0.95  # distinct share from which a category is a name of rows and no kind of them
IN_STEP = 0.95  # rank correlation of a numbering with the file's order
FILLED = 0.5  # share of a numbering's span that occurs


def find_suspects(facts: EdaLook) -> list[LeakSuspect]:
    """Return the leak suspects, the strongest first.

    One entry a feature: the first check that fires, of near-perfect, telling gaps, identifier, stands alone.
    """
    suspects: list[LeakSuspect] = []
    for i, column in enumerate(facts["columns"]):
        for check in (check_perfect, check_gaps, check_numbering, check_names, check_lonely):
            sentence = check(facts, i)
            if sentence:
                kind = check.__name__.removeprefix("check_")
                suspects.append({
                    "feature": column["name"], "kind": KINDS[kind], "score_alone": column["score_alone"],
                    "why": sentence["text"], "evidence": sentence["evidence"],
                })  # fmt: skip
                break
    return sorted(suspects, key=lambda item: -item["score_alone"])


KINDS = {
    "perfect": "near-perfect alone", "gaps": "missing values tell", "numbering": "identifier", "names": "identifier",
    "lonely": "far better than the rest",
}  # fmt: skip


def _look(facts: EdaLook) -> Look:
    return look_of(METRICS[facts["score_alone_metric"]])


def check_perfect(facts: EdaLook, i: int) -> Sentence | None:
    """A column that alone all but tells the target."""
    if facts["columns"][i]["score_alone"] < _look(facts).leak:
        return None
    return say(
        facts, "alone it scores {score} in {label}, next to perfect",
        score=(f"columns/{i}/score_alone", SCORE), label=("score_alone_label", ""),
    )  # fmt: skip


def check_lonely(facts: EdaLook, i: int) -> Sentence | None:
    """A strong column with nothing near it: the columns that go with it do not count, nor does one column alone."""
    own = facts["columns"][i]
    kin = {name for group in facts["correlated"] if own["name"] in group["features"] for name in group["features"]}
    others = [j for j, column in enumerate(facts["columns"]) if j != i and column["name"] not in kin]
    if own["score_alone"] < _look(facts).suspicious or not others:
        return None
    best = max(others, key=lambda j: facts["columns"][j]["score_alone"])
    if 1 - own["score_alone"] > LONELY * (1 - facts["columns"][best]["score_alone"]):
        return None
    return say(
        facts, "alone it scores {score} in {label}, and the next best, {next}, only {second}",
        score=(f"columns/{i}/score_alone", SCORE), label=("score_alone_label", ""),
        next=(f"columns/{best}/name", ""), second=(f"columns/{best}/score_alone", SCORE),
    )  # fmt: skip


def check_gaps(facts: EdaLook, i: int) -> Sentence | None:
    """A column whose gaps tell the target: they order it, or rows with a value, or without, are all of one kind.

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
        facts, f"in the {{rows}} rows where it is {side.word} {what} is {{mean}}, elsewhere {{others}}",
        **about, rows=(f"{place}/{side.rows_at}", ",.0f"),
        mean=(f"{place}/{side.mean_at}", ".4f"), others=(f"{place}/{other.mean_at}", ".4f"),
    )  # fmt: skip


def _ordering(facts: EdaLook, place: str, told: str | None) -> Sentence:
    """Say how well the gaps order the target."""
    if "probabilities" not in TARGETS[facts["target"]["task"]].can:
        return say(
            facts, "of all pairs of a row where it is missing and one where it is known, {auc} have the higher target "
            "on the same side", auc=(f"{place}/auc", SHARE),
        )  # fmt: skip
    of_class, about = ("", {}) if told is None else (" for class {class}", {"class": (f"{place}/class", "")})
    return say(
        facts, f"knowing only whether it is missing scores {{auc}} in ROC AUC{of_class}",
        auc=(f"{place}/auc", SCORE), **about,
    )  # fmt: skip


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
        return side.spread <= PURE * facts["target"]["spread"]
    low, high = side.ci
    return high <= PURE * other.mean or 1 - low <= PURE * (1 - other.mean)


def check_numbering(facts: EdaLook, i: int) -> Sentence | None:
    """Whole numbers, nearly all distinct, that follow the file's order or fill their span: a number of the row."""
    numbering = facts["columns"][i].get("numbering")
    if numbering is None or (numbering["order"] < IN_STEP and numbering["filling"] < FILLED):
        return None
    place = f"columns/{i}/numbering"
    if numbering["order"] >= IN_STEP:
        return say(
            facts, "its whole numbers, {share} distinct, follow the order of the file (rank correlation {order})",
            share=(f"{place}/distinct_share", ".1%"), order=(f"{place}/order", ".2f"),
        )  # fmt: skip
    return say(
        facts, "its whole numbers, {share} distinct, fill {filling} of their span like a numbering",
        share=(f"{place}/distinct_share", ".1%"), filling=(f"{place}/filling", ".1%"),
    )  # fmt: skip


def check_names(facts: EdaLook, i: int) -> Sentence | None:
    """A category with nearly as many levels as rows: it names rows."""
    if facts["columns"][i].get("distinct_share", 0) < DISTINCT_LEVELS:
        return None
    return say(
        facts, "{levels} levels, nearly one for each row, name the rows instead of describing them",
        levels=(f"columns/{i}/distinct", ",.0f"),
    )  # fmt: skip
