"""What the look at the data predicts for step 7: for each factor a sentence with its evidence.

Each function reads facts and returns whether its factor is expected to matter, and why. That it will NOT matter is a
prediction too, and is tested like the others.
"""

from collections.abc import Callable
from typing import Literal

from pipelines.exploration.sentences import GAIN, SCORE, SHARE, YES, form_of, say
from pipelines.facts.claims import Form, Place
from pipelines.facts.eda import EdaLook, Hypothesis, Prediction
from pipelines.facts.shared import Sentence
from pipelines.inputs import LEVELLED
from pipelines.targets import TARGETS

FEW_ROWS = 50  # of the rarer class (or rows) a feature, below which restraint decides; rules of thumb ask for 10 to 50
FORMS = {
    "peak": "rises and falls again", "valley": "falls and rises again", "wave": "goes up and down",
    "rises": "rises, but not along a straight line", "falls": "falls, but not along a straight line",
    "flat": "bends",
}  # fmt: skip

Guess = tuple[bool, list[str], Sentence]  # whether it matters, features, why


def find_hypotheses(facts: EdaLook) -> list[Hypothesis]:
    """Return one hypothesis a factor, in step 7's order."""
    found: list[Hypothesis] = []
    for factor, guess in GUESSES.items():
        matters, features, sentence = guess(facts)
        predicts: Prediction = "matters" if matters else "does not matter"
        found.append({
            "id": f"H{len(found) + 1}", "factor": factor, "features": features, "predicts": predicts,
            "close": _close(facts, factor), "text": sentence["text"], "evidence": sentence["evidence"],
        })  # fmt: skip
    return found


def conclude(facts: EdaLook, hypotheses: list[Hypothesis]) -> Sentence:
    """Return the sentence {text, evidence} that sums the hypotheses up, or says that there is nothing to explain."""
    if not facts["screens"]["signal"]:
        return say(
            facts,
            "No quick fit is better than a constant beyond doubt ({score} in {label}): "
            "the features seem to say nothing about the target, and no factor is expected to matter.",
            score=("screens/best/score", SCORE), label=("screens/label", ""),
        )  # fmt: skip
    named = [item["factor"] for item in hypotheses if item["predicts"] == "matters"]
    if not named:
        text = "Nothing but straight lines was seen: no factor is expected to matter."
        return {"text": text, "evidence": []}
    listed = ", ".join(named[:-1]) + (" and " if named[:-1] else "") + named[-1]
    return {"text": f"Expected to matter: {listed}.", "evidence": []}


def guess_encoding(facts: EdaLook) -> Guess:
    """Many-levelled categories: whether holding their levels closer to the mean pays."""
    categories = [i for i, column in enumerate(facts["columns"]) if column["kind"] == LEVELLED.seen_as]
    if not categories:
        return False, [], say(facts, "No feature holds categories, so their encoding cannot matter.")
    most = max(categories, key=lambda i: (facts["columns"][i]["distinct"], -i))
    about: dict[str, Place] = {
        "feature": (f"columns/{most}/name", ""), "levels": (f"columns/{most}/distinct", ",.0f"),
        "rows": (f"columns/{most}/rows_per_level", ",.0f"),
    }  # fmt: skip
    start = "{feature} has {levels} levels of {rows} training rows on average; "
    return _tried(facts, "encoding", [most], start + "holding small levels closer to the mean", about)


def guess_missingness(facts: EdaLook) -> Guess:
    """Missing values: whether the target differs where they are, and whether marks of them help."""
    columns = facts["columns"]
    scores = {i: column["missing_alone"]["score"] for i, column in enumerate(columns) if column["missing_alone"]}
    if not scores:
        return False, [], say(facts, "No feature has values missing in part of the rows, so missingness cannot matter.")
    most = max(scores, key=lambda i: (scores[i], columns[i]["missing"], -i))
    place = f"columns/{most}"
    kind = TARGETS[facts["target"]["task"]]
    form: Form = YES if "probabilities" in kind.can else form_of
    about: dict[str, Place] = {}
    if "confusion" in kind.can:
        about["class"] = (f"{place}/missing_alone/class", "")
    about |= {
        "feature": (f"{place}/name", ""), "share": (f"{place}/missing", SHARE),
        "there": (f"{place}/missing_alone/target_mean", form), "elsewhere": (f"{place}/missing_alone/others", form),
    }  # fmt: skip
    start = f"Where {{feature}} is missing, in {{share}} of the rows, the {kind.words.mean} is {{there}}, "
    start += "elsewhere {elsewhere}; "
    return _tried(facts, "missingness", [most], start + "marking missing values", about)


def guess_scale(facts: EdaLook) -> Guess:
    """Heavy tails: whether ranks in place of raw values help a straight line."""
    best = _most(facts, "ranks")
    if best is None:
        return _tried(facts, "scale", [], "Taking ranks in place of raw values", {})
    place = f"columns/{best}"
    about: dict[str, Place] = {
        "feature": (f"{place}/name", ""), "top": (f"{place}/quantiles/100", form_of),
        "middle": (f"{place}/quantiles/50", form_of),
    }  # fmt: skip
    start = "{feature} reaches {top} while its median is {middle}; "
    if facts["columns"][best]["codes"]:
        about["code"] = (f"{place}/codes/0/value", form_of)
        about["rows"] = (f"{place}/codes/0/rows", ",.0f")
        start = "{feature} reaches {top} while its median is {middle}, and {rows} rows share the far-off value {code}; "
    return _tried(facts, "scale", [best], start + "taking ranks in place of raw values", about)


def guess_shape(facts: EdaLook) -> Guess:
    """Bends: whether piecewise lines beat straight ones."""
    best = _most(facts, "bends")
    if best is None:
        return _tried(facts, "shape", [], "Letting each feature bend", {})
    form = FORMS[facts["columns"][best]["relation"]["form"] or "flat"]
    about: dict[str, Place] = {"feature": (f"columns/{best}/name", "")}
    what = "the target"
    if facts["columns"][best]["relation"]["class"] is not None:
        what, about["class"] = "the share of class {class}", (f"columns/{best}/relation/class", "")
    start = f"Along {{feature}} {what} {form}; "
    return _tried(facts, "shape", [best], start + "letting each feature bend", about)


def guess_interaction(facts: EdaLook) -> Guess:
    """Pairs: whether any act together, on rows not used to find them."""
    found = facts["screens"]["factors"]["interaction"]
    if not found["applicable"]:
        return False, [], say(facts, "Features or rows are too few to look for pairs that act together: nothing seen.")
    seen = [i for i, pair in enumerate(found["pairs"]) if pair["seen"]]
    if not seen:
        about: dict[str, Place] = {"tried": ("screens/factors/interaction/tried", ",.0f")}
        return _tried(facts, "interaction", [], "Of {tried} pairs none was found again; adding the likeliest", about)
    place = f"screens/factors/interaction/pairs/{seen[0]}/features"
    about = {"one": (f"{place}/0", ""), "other": (f"{place}/1", "")}
    names = found["pairs"][seen[0]]["features"]
    columns = [i for i, column in enumerate(facts["columns"]) if column["name"] in names]
    start = "{one} and {other} act together" + ("; " if found["kept"] else ", but little: ")
    return _tried(facts, "interaction", columns, start + "adding the likeliest pairs", about)


def guess_tuning(facts: EdaLook) -> Guess:
    """Room for restraint: few rows a feature leave much to how hard a model is held."""
    ratio = facts["size"]["rows_per_feature"]
    if not facts["screens"]["signal"]:
        return False, [], say(facts, "Without a sign of signal there is nothing for tuning to find.")
    kind = TARGETS[facts["target"]["task"]].words.evidence
    about = {"ratio": ("size/rows_per_feature", form_of)}
    if ratio < FEW_ROWS:
        text = f"For each feature there are only {{ratio}} {kind}, so how hard a model is held back will matter."
        return True, [], say(facts, text, **about)
    text = f"For each feature there are {{ratio}} {kind}, enough for plain settings: tuning will not matter."
    return False, [], say(facts, text, **about)


GUESSES: dict[str, Callable[[EdaLook], Guess]] = {
    "encoding": guess_encoding, "missingness": guess_missingness, "scale": guess_scale, "shape": guess_shape,
    "interaction": guess_interaction, "tuning": guess_tuning,
}  # fmt: skip


def _tried(facts: EdaLook, factor: str, columns: list[int], start: str, about: dict[str, Place]) -> Guess:
    """Return the guess that the quick fit makes, its sentence opening with what was seen and what was changed."""
    found, place = facts["screens"]["factors"][factor], f"screens/factors/{factor}"
    if not found["applicable"]:
        return False, [], say(facts, f"No feature gives {factor} anything to change, so it cannot matter.")
    label = ("screens/label", "")
    if found["kept"]:
        text = f"{start} takes a quick fit from {{before}} to {{after}} in {{label}}: {factor} will matter."
        ends = {"before": (f"{place}/before", SCORE), "after": (f"{place}/score", SCORE), "label": label}
    else:
        text = f"{start} changes a quick fit by {{gain}} in {{label}}: {factor} will not matter."
        ends = {"gain": (f"{place}/gain", GAIN), "label": label}
    return found["kept"], [facts["columns"][i]["name"] for i in columns], say(facts, text, **about, **ends)


def _most(facts: EdaLook, change: Literal["ranks", "bends"]) -> int | None:
    """Return the number column with the largest sure gain by the given change, alone; None where none is sure."""
    sure = {}
    for i, column in enumerate(facts["columns"]):
        if straight := column["straight"]:
            by_ranks = straight["ranks_gain"], straight["ranks_gain_ci"]
            gain, ci = by_ranks if change == "ranks" else (straight["bends_gain"], straight["bends_gain_ci"])
            if ci[0] > 0:
                sure[i] = gain
    return max(sure, key=lambda i: (sure[i], -i)) if sure else None


def _close(facts: EdaLook, factor: str) -> bool:
    """Return whether the interval of the quick fit's gain holds the smallest gain that matters."""
    found = facts["screens"]["factors"].get(factor)
    if found is None or found["ci"] is None:
        return False
    return bool(found["ci"][0] < facts["screens"]["material"] <= found["ci"][1])
