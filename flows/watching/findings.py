"""What a step found, in lines for the log of its run: one short function a step, every number out of the facts.

The report says it better, later and with its evidence; these lines are for a person who watches a rebuild.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pipelines.core.plural import agree
from pipelines.report.text import plain
from pipelines.report.words import VERDICTS

Facts = Mapping[str, Any]  # what one step returned
MOST = 3  # doubts, suspects or warnings that are named; the report names all
TRIED = "tried, and not kept: "  # the line says it
LONGEST = 240  # characters of a sentence or name out of the facts


def findings(step: str, facts: Facts) -> list[str]:
    """Return the lines, the first thing first; none for steps that find nothing."""
    return list(FOUND[step](facts)) if step in FOUND else []


def _fetch(facts: Facts) -> Iterator[str]:
    yield f"{_said(facts['file'])}: {facts['bytes']:,} bytes, sha256 {facts['sha256']}"


def _define(facts: Facts) -> Iterator[str]:
    split, aside = facts["split"], facts["quarantined"]
    yield f"{facts['rows']:,} rows of the file: {split['train']:,} to train and {split['test']:,} to test on"
    for reason in aside["reasons"][:MOST]:
        yield f"set aside: {reason['rows']:,}, {_said(reason['column'])} {_said(reason['reason'])}"
    if (texts := facts.get("texts")) and (near := texts["near_copies"])["rows"]:
        yield f"near copies of texts: {near['rows']:,} rows, {near['treatment']}"
    yield from (f"in doubt: {_about(doubt)}{_said(doubt['found'])}" for doubt in facts["doubts"][:MOST])
    if more := len(facts["doubts"][MOST:]):
        yield f"in doubt: {more} more {agree(more, 'things')}"


def _metric(facts: Facts) -> Iterator[str]:
    better = "more" if facts["greater_is_better"] else "less"
    yield f"{_said(facts['label'])} decides, {better} is better, from a difference of {facts['margin']:g} on"
    smallest = facts["minimum_detectable"]
    if smallest is not None:
        enough = "" if smallest <= facts["margin"] else ": the test rows are too few for a margin that small"
        yield f"smallest difference that the test rows can show: {smallest:.3g}{enough}"
    yield from (_said(warning["text"]) for warning in facts["warnings"] if warning["primary"])


def _eda(facts: Facts) -> Iterator[str]:
    expected = [_said(one["factor"]) for one in facts["hypotheses"] if one["predicts"] == "matters"]
    yield f"expected to matter: {', '.join(expected) or 'no cause'}"
    for suspect in facts["leak_suspects"][:MOST]:
        yield f"may give the target away: {_said(suspect['feature'])}, {_said(suspect['why'])}"
    for look in facts.get("texts", {}).get("columns", ()):
        for word in look["suspects"][:MOST]:
            yield f"may give the target away: the word {_said(word)} in {_said(look['column'])}"
    drift = facts["drift"]
    differ = "differ from" if drift["drifted"] else "look like"
    low, high = drift["ci"]
    yield f"test rows {differ} training rows: ROC AUC {drift['auc']:.3f} [{low:.3f}, {high:.3f}] between them"


def _baseline(facts: Facts) -> Iterator[str]:
    scores = {model["name"]: model["cv_mean"] for model in facts["models"]}
    baseline, constant = _score(scores["baseline"]), _score(scores["dummy"])
    yield f"{_said(facts['label'])} over the folds: baseline {baseline}, constant {constant}"
    yield from _failed(facts)


def _strong(facts: Facts) -> Iterator[str]:
    scores = {model["name"]: model["cv_mean"] for model in facts["models"]}
    if tuning := facts["tuning"]:
        yield _tuned(tuning)
    best = facts["ranking"][0]["name"] if facts["ranking"] else None
    if best is not None:
        yield f"best single model: {best}, {_said(facts['label'])} {_score(scores[best])} over the folds"
    mean = facts["ensemble"]
    if mean["weights"]:
        parts = ", ".join(f"{_said(name)} {weight:.2f}" for name, weight in mean["weights"].items())
        word = "kept" if mean["kept"] else "not kept"
        yield f"{word}: a mean of {parts}, {_signed(mean['gain'])} over the best single model"
    yield f"strong model: {_said(facts['chosen'])}, {_said(facts['label'])} {_score(scores['strong'])} over the folds"
    yield from _failed(facts)


def _tuned(tuning: Facts) -> str:
    if not tuning["trials"]:
        return f"LightGBM was not tuned: {_said(tuning['why'])}"
    start, trials = _score(tuning["best_start"]), f"{tuning['trials']} {agree(tuning['trials'], 'trials')}"
    if tuning.get("ended_at"):
        return f"tuned LightGBM: nothing better than the start, loss {start}, in {trials}"
    return f"tuned LightGBM: loss {_score(tuning['best'])} after {trials}, start {start}"


def _compare(facts: Facts) -> Iterator[str]:
    scores = {model["role"]: model["score"] for model in facts["models"] if model["role"] in ("baseline", "strong")}
    label, rows = _said(facts["label"]), facts["test_rows"]
    yield f"{label} on {rows:,} test rows: strong {_score(scores['strong'])}, baseline {_score(scores['baseline'])}"
    found = facts["difference"]
    low, high = (_score(end) for end in found["ci"])
    close = ", a close call" if found["close"] else ""
    gain = f"difference {_signed(found['value'])} [{low}, {high}], margin {found['margin']:g}"
    yield f"verdict: {verdict_in_words(found['verdict'])}{close}; {gain}"


def _reflect(facts: Facts) -> Iterator[str]:
    if not facts["signal"]["present"]:
        yield "no signal: no model predicts better than a constant"
    for cause in facts["attribution"]:
        yield _cause(cause)
    if (leak := facts["leak_verdict"]) is not None and leak["is_the_gain"]:
        yield "most of the gain may be a leak"
    yield f"controls {'passed' if facts['controls']['passed'] else 'FAILED: something is found where nothing is'}"


def _cause(cause: Facts) -> str:
    name, why = _said(cause["factor"]), _said(cause["why"]).removeprefix(TRIED)
    if not cause["applicable"]:
        return f"does not apply: {name}, {why}"
    if not cause["gain"] and not any(cause["ci"]):
        return f"not kept: {name}, {why}"
    low, high = (_score(end) for end in cause["ci"])
    word = "kept" if cause["tried"] else "the rest"
    verdict = "matters" if cause["matters"] else "undecided" if cause["undecided"] else "does not matter"
    return f"{word}: {name} {_signed(cause['gain'])} [{low}, {high}] on the test rows, {verdict}"


def _report(facts: Facts) -> Iterator[str]:
    yield f"{_said(facts['report'])} can be read"
    answer = facts.get("answer")
    if answer:
        sentences: Sequence[Facts | None] = [answer["verdict"], answer["finding"]]
        yield from (_said(sentence["text"], None) for sentence in sentences if sentence)


def _overview(facts: Facts) -> Iterator[str]:
    yield f"{_said(facts['report'])} compares {', '.join(map(_said, facts['projects']))}"


def verdict_in_words(verdict: str) -> str:
    """Return a verdict of step 6 as the report words it, without its emphasis."""
    return VERDICTS[verdict].strip("*")


def _failed(facts: Facts) -> Iterator[str]:
    yield from (f"could not be fitted: {_said(one['name'])}, {_said(one['why'])}" for one in facts["failed"])


def _about(doubt: Facts) -> str:
    return "" if doubt["column"] is None else f"{_said(doubt['column'])}, "


def _said(value: object, longest: int | None = LONGEST) -> str:
    """Return a name or sentence out of the facts on one line, whatever it holds."""
    return plain(value, longest)


def _score(value: float | None) -> str:
    """Return a score with four digits; of those that two models share, four leave a difference to see."""
    return "undefined" if value is None else f"{value:.4g}"


def _signed(value: float) -> str:
    return "0" if not value else f"{value:+.3g}"


FOUND: Mapping[str, Callable[[Facts], Iterator[str]]] = {
    "fetch": _fetch,
    "define": _define,
    "metric": _metric,
    "eda": _eda,
    "baseline": _baseline,
    "strong": _strong,
    "compare": _compare,
    "reflect": _reflect,
    "report": _report,
    "overview": _overview,
}
