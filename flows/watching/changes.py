"""What a rebuild changed: verdict, scores, causes and data of each project, before and now, in Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from flows.repository.files import read_json
from flows.repository.layout import Layout
from flows.watching.findings import verdict_in_words
from pipelines.core.rounding import gain_form, score_form
from pipelines.report.text import escape, plain

Build = Mapping[str, Any]  # what is compared of a project: its facts by step, its answer and its metrics
STEPS = ("define", "metric", "eda", "compare", "reflect")
SHIFT = 0.1  # interquartile ranges: a median that moves by less is not named, nor are quartiles wider apart by less
SHARE = 0.01  # of the rows: a share of missing values, of a level or of a class that moves by less is not named
MOST = 8  # columns that are named of those that moved; the rest is counted
LONGEST = 60  # characters of a name


def build_of(name: str) -> dict[str, Any]:
    """Return what there is of a project's last build; nothing of a part that is missing or damaged."""
    layout = Layout(name)
    paths = {step: layout.facts(step) for step in STEPS} | {"answer": layout.answer, "metrics": layout.metrics}
    found = {}
    for part, path in paths.items():
        with suppress(OSError, ValueError):
            found[part] = read_json(path)
    return found


def changes(before: Mapping[str, Build], now: Mapping[str, Build], metrics_diff: str) -> str:
    """Return the page: a part for each project that changed, a line for the others, and DVC's own comparison."""
    same = [name for name in now if now[name] == before[name]]
    changed = [name for name in now if name not in same]
    parts = ["# What changed since the last rebuild"]
    for name in changed:
        parts += [f"## {escape(name)}", *_project(before[name], now[name])]
    if same:
        parts.append(f"Nothing changed in {', '.join(map(escape, same))}.")
    return "\n\n".join([*parts, "## `dvc metrics diff`: against the last commit", metrics_diff]) + "\n"


def in_short(before: Build, now: Build) -> list[str]:
    """Return what changed in a few plain lines; none where nothing did."""
    if before == now or "metrics" not in now:
        return []
    new, label = now["metrics"], plain(now.get("metric", {}).get("label", now["metrics"]["metric"]))
    form = score_form(_margin(now))
    if "metrics" not in before:
        return [f"built for the first time: {verdict_in_words(new['verdict'])}, {label} {new['strong']:{form}}"]
    old = before["metrics"]
    verdict, was = verdict_in_words(new["verdict"]), verdict_in_words(old["verdict"])
    verdict = verdict if verdict == was else f"{verdict}, was {was}"
    lines = [f"{verdict}; {label} of the strong model {new['strong']:{form}}, was {old['strong']:{form}}"]
    if (gone := _causes(before) - _causes(now)) | (come := _causes(now) - _causes(before)):
        lines.append(f"causes that matter: {_listed(come)} now, {_listed(gone)} no more")
    return [*lines, *map(str, _rows(before, now))]


def _project(before: Build, now: Build) -> Iterator[str]:
    """Yield the paragraphs and tables of one project."""
    if "metrics" not in now:
        yield "It has no report yet."
        return
    if "metrics" not in before:
        yield f"Built for the first time. {_verdict(now)}"
        return
    old, new = (verdict_in_words(build["metrics"]["verdict"]) for build in (before, now))
    yield f"**Verdict.** {'Still' if old == new else f'Was {old}, is'} {new}. {_verdict(now)}"
    yield _scores(before, now)
    yield from _causes_table(before, now)
    yield "**Data.**"
    yield "\n".join(f"- {one}" for one in [*_rows(before, now), *_moved(before, now)])


def _verdict(now: Build) -> str:
    return escape(now["answer"]["verdict"]["text"]) if "answer" in now else ""


def _scores(before: Build, now: Build) -> str:
    """Return the table of scores. What is compared is named: other test rows make another score of the same model."""
    form, more = score_form(_margin(now)), ""
    if _test_rows(before) != _test_rows(now):
        more = "\n\nThe test rows are others than before, so a difference may be theirs and not the model's."
    label = escape(now.get("metric", {}).get("label", now["metrics"]["metric"]))
    rows = [f"| {label} | before | now | change |", "|:---|---:|---:|---:|"]
    for key in ("baseline", "strong", "difference"):
        old, new = before["metrics"][key], now["metrics"][key]
        rows.append(f"| {key} | {old:{form}} | {new:{form}} | {new - old:+.3g} |")
    return "\n".join(rows) + more


def _causes_table(before: Build, now: Build) -> Iterator[str]:
    """Yield the causes, before and now."""
    old, new = _by_cause(before), _by_cause(now)
    if not old and not new:
        return
    if _causes(before) == _causes(now):
        yield f"**Causes.** As before, {_listed(_causes(now))} matter{'s' if len(_causes(now)) == 1 else ''}."
    rows = ["| cause | before | now |", "|:---|---:|---:|"]
    margin = _margin(now)
    rows += [f"| {escape(one)} | {_gain(old.get(one), margin)} | {_gain(new.get(one), margin)} |" for one in new | old]
    yield "\n".join(rows)


def _gain(cause: Mapping[str, Any] | None, margin: float | None) -> str:
    if cause is None or not cause["applicable"]:
        return "does not apply"
    if not cause["gain"]:
        return "not kept"
    word = "**matters**" if cause["matters"] else "undecided" if cause["undecided"] else "does not matter"
    return f"{cause['gain']:{gain_form(cause['gain'], margin)}}, {word}"


def _by_cause(build: Build) -> dict[str, Mapping[str, Any]]:
    return {cause["factor"]: cause for cause in build.get("reflect", {}).get("attribution", [])}


def _causes(build: Build) -> set[str]:
    return {name for name, cause in _by_cause(build).items() if cause["matters"]}


def _listed(names: set[str]) -> str:
    return ", ".join(plain(name, LONGEST) for name in sorted(names)) or "none"


def _rows(before: Build, now: Build) -> Iterator[str]:
    """Yield how many rows there are, and whether the raw file is another one."""
    if "define" not in before or "define" not in now:
        return
    old, new = before["define"], now["define"]
    if old["source"]["sha256"] == new["source"]["sha256"]:
        yield "the raw file is the same"
    else:
        yield f"the raw file is another one: {new['rows']:,} rows, was {old['rows']:,}"
    if old["quarantined"]["count"] != new["quarantined"]["count"]:
        yield f"{new['quarantined']['count']:,} rows set aside, was {old['quarantined']['count']:,}"
    for part in ("train", "test"):
        if old["split"][part] != new["split"][part]:
            yield f"{new['split'][part]:,} {part} rows, was {old['split'][part]:,}"


def _moved(before: Build, now: Build) -> Iterator[str]:
    """Yield what the training rows hold otherwise than before, the target first."""
    yield from _target(before, now)
    if "eda" not in before or "eda" not in now:
        return
    old, new = ({column["name"]: column for column in build["eda"]["columns"]} for build in (before, now))
    if come := [name for name in new if name not in old]:
        yield f"new columns: {_names(come)}"
    if gone := [name for name in old if name not in new]:
        yield f"columns that are gone: {_names(gone)}"
    told = [(size, words) for name in new if name in old for size, words in _column(name, old[name], new[name])]
    told.sort(key=lambda one: -one[0])
    yield from (words for _, words in told[:MOST])
    if more := len(told[MOST:]):
        yield f"{more} smaller changes of columns"
    if not told and not come and not gone:
        yield f"no column moved: no median by {SHIFT:g} of its interquartile range, no share by {SHARE:.0%} of the rows"


def _target(before: Build, now: Build) -> Iterator[str]:
    """Yield the classes whose share moved, or a number's median where it did."""
    if "define" not in before or "define" not in now:
        return
    old, new = (build["define"]["target_summary"] for build in (before, now))
    shares = [{one["value"]: one["share"] for one in summary.get("classes", [])} for summary in (old, new)]
    for value in shares[0] | shares[1]:
        was, is_now = (share.get(value, 0.0) for share in shares)
        if abs(is_now - was) >= SHARE:
            yield f"target {escape(value, LONGEST)}: {is_now:.1%} of the rows, was {was:.1%}"
    if old.get("quantiles") and new.get("quantiles"):
        yield from (words for _, words in _shift("target", old["quantiles"], new["quantiles"]))


def _column(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[float, str]]:
    """Yield how far a column moved, to sort by, and the words."""
    shown = escape(name, LONGEST)
    if old.get("quantiles") and new.get("quantiles"):
        yield from _shift(shown, old["quantiles"], new["quantiles"])
    if abs(new["missing"] - old["missing"]) >= SHARE:
        yield abs(new["missing"] - old["missing"]), f"{shown}: {new['missing']:.1%} missing, was {old['missing']:.1%}"
    levels = [{level["value"]: level["share"] for level in column.get("top", [])} for column in (old, new)]
    for level in levels[0] | levels[1]:
        if level in levels[0] and level in levels[1] and abs(levels[1][level] - levels[0][level]) >= SHARE:
            was, is_now = levels[0][level], levels[1][level]
            yield abs(is_now - was), f"{shown}: {escape(level, LONGEST)} in {is_now:.1%} of the rows, was {was:.1%}"


def _shift(name: str, old: Mapping[str, float], new: Mapping[str, float]) -> Iterator[tuple[float, str]]:
    """Yield a median that moved, in interquartile ranges of before; where that is zero, any move counts as one."""
    wide = old["75"] - old["25"]
    moved = new["50"] - old["50"]
    size = abs(moved) / wide if wide > 0 else float(moved != 0)
    if size >= SHIFT:
        yield size, f"{name}: median {new['50']:.4g}, was {old['50']:.4g} ({size:.1f} interquartile ranges)"


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(escape(name, LONGEST) for name in names[:MOST]) + more


def _margin(build: Build) -> float | None:
    return build.get("metric", {}).get("margin")


def _test_rows(build: Build) -> object:
    return build.get("define", {}).get("test_rows_sha256")
