"""The project file of a new project, written from a table and what the user said of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pandas as pd
import tomlkit

from pipelines.core.errors import InputError, quote
from pipelines.inputs import FALSE, TRUE, Date, Guess, is_amount
from pipelines.profiling.asked import SEED, Asked
from pipelines.profiling.cells import as_written, read_cells, zero_led_texts
from pipelines.profiling.column import guess_column
from pipelines.profiling.forecast import Drafted as Forecast
from pipelines.profiling.forecast import draft_forecast, steps_ahead
from pipelines.profiling.groups import Drafted as Groups
from pipelines.profiling.groups import draft_groups, of_groups
from pipelines.profiling.problem import Framed, frame_problem, margin_of, value_text
from pipelines.profiling.said import check_flags, group_column, guess_columns
from pipelines.profiling.shares import SHARES, share_of_test_groups, share_of_test_rows
from pipelines.profiling.texts import near_copies_of, owner_of_texts, settle_texts, worded
from pipelines.splits import Column, Group, Random, Stratified, Time
from pipelines.targets import TARGETS

REMARK_AT = 40  # where remarks begin, if there is room
GROUPS = 5  # of a draft
MARKS = ("test", "Test", "TEST", "holdout", "1", "true")  # what may mark test rows


def draft(frame: pd.DataFrame, asked: Asked, codes: Collection[str] = ()) -> str:
    """Return the TOML text: what the user said, and guesses with their reasons as remarks.

    `frame` is the raw table as read; `codes` are the columns whose numbers have leading zeros. Raises InputError where
    a flag names a column or value that is not there, or the target cannot be learned.
    """
    check_flags(frame, asked)
    codes = {*codes, *zero_led_texts(frame)}
    frame, written = read_cells(frame, asked, codes)
    guesses = guess_columns(frame, asked, codes)
    for name, cells in written.items():
        if guesses[name].type == Date.name and cells.amounts is not None and cells.amounts.form:
            guesses[name] = guess_column(name, frame[name], but=Date.name)  # counted moments have no thousands
        guesses[name] = as_written(guesses[name], cells)
    guesses = settle_texts(guesses, asked, group_column(frame, asked))
    if asked.horizon is not None:
        return _of_forecast(frame, asked, draft_forecast(frame, asked, guesses))
    if of_groups(asked):
        return _of_groups(frame, asked, draft_groups(frame, asked, guesses))
    target = guesses[asked.target]
    framed = frame_problem(frame[asked.target], target, asked)
    kind = TARGETS[framed.task[0]]
    guesses[asked.target] = replace(
        target, type=kind.declared_type(target.type, amounts=is_amount(frame[asked.target]))
    )
    others = "the other columns"
    parts = [
        *_heading(frame, asked),
        *_problem(asked, framed, f"Can {asked.target} be predicted from {others}?"),
        *_columns(list(guesses.values()), asked),
        *_split(frame, asked, framed, guesses),
        *_text(frame, guesses),
        *_closing(asked, framed),
    ]
    return "\n".join(parts) + "\n"


def _heading(frame: pd.DataFrame, asked: Asked) -> list[str]:
    return [
        f"# {asked.name}: drafted from {_comment(asked.file)}, {len(frame):,} rows of {len(frame.columns)} columns.",
        f'# Where it says "a guess", correct it, then `sevenfold check {asked.name}`. All keys: docs/project-file.md',
        "",
    ]


def _of_forecast(frame: pd.DataFrame, asked: Asked, drafted: Forecast) -> str:
    """Return the TOML text of a forecast."""
    ahead = steps_ahead(int(asked.horizon or 0), drafted.guessed.frequency[0])
    parts = [
        *_heading(frame, asked),
        *_problem(asked, drafted.framed, f"What will {asked.target} be over the next {ahead}?"),
        *_columns(list(drafted.guesses.values()), asked),
        *_forecast(asked, drafted),
        *_closing(asked, drafted.framed),
    ]
    return "\n".join(parts) + "\n"


def _of_groups(frame: pd.DataFrame, asked: Asked, drafted: Groups) -> str:
    """Return the TOML text of a project that looks for groups."""
    metric, why = drafted.metric
    problem = [
        "[problem]",
        _line("question", "Are there groups of rows, or is it one crowd?", "the question, in your own words"),
        _line("decision", "Not said yet: who does what with the answer", "the report quotes it"),
        _line("task", str(asked.task), "groups without a label"),
    ]
    if asked.outcome is not None:
        problem.append(_line("outcome", asked.outcome, "scored, and never seen by what makes the groups"))
        problem.append(_line("outcome_scale", *drafted.scale))
    share = asked.test if asked.test is not None else share_of_test_rows(None, len(frame))
    by, why_by = drafted.by
    parts = [
        *_heading(frame, asked),
        *problem, "", "[source]", _line("file", asked.file), "",
        *_columns(list(drafted.guesses.values()), asked),
        "[clusters]",
        *_listing("columns", drafted.columns, "what makes the groups"),
        *_listing("describe", drafted.describe, "shown by group, and never used"),
        _line("baseline", "quantiles", 'what groups have to beat; or "kmeans", and no `by`'),
        _line("by", by, why_by),
        _line("groups", GROUPS, "a guess: of the baseline, and for the outcome"),
        _line("missing", *drafted.missing), "",
        "[split]",
        _line("kind", Random.name, "groups are looked for in halves that are drawn"),
        _line("test", share, "share of test rows"),
        _line("seed", SEED), "",
        "[metric]",
        _line("primary", metric.name, why),
        _line("margin", *margin_of(pd.Series([0.0, 1.0]), metric, "linear")), "",
        "[effort]",
        _line("level", asked.effort or "standard", "quick | standard | thorough"),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _forecast(asked: Asked, drafted: Forecast) -> list[str]:
    """Return the section of the forecast."""
    guessed, horizon = drafted.guessed, int(asked.horizon or 0)
    lines = ["[forecast]", _line("time", asked.time)]
    if asked.series:
        remark = f"columns that name a series; there are {guessed.series:,}"
        lines.append(_line("series", list(asked.series), remark))
    frequency, why = guessed.frequency
    lines += [
        _line("frequency", frequency, why),
        _line("horizon", horizon, f"steps: a forecast is made every {steps_ahead(horizon, frequency)}"),
        _line("season", *guessed.season),
        _line("effects", *guessed.effects),
    ]
    lines += _listing("known", drafted.known, "known of the whole horizon when the forecast is made")
    lines += _listing("past", drafted.past, "known up to the last step before the forecast")
    lines.append(_line("fill", *guessed.fill))
    if asked.leave_out:
        lines.append(_line("leave_out", list(asked.leave_out), "--leave-out says so"))
    return [*lines, ""]


def _listing(key: str, names: Sequence[tuple[str, str]], remark: str) -> list[str]:
    """Return a list of columns, one a line where there are any."""
    if not names:
        return [_line(key, [], remark)]
    return [_remarked(f"{key} = [", remark), *(_remarked(f"    {_value(name)},", why) for name, why in names), "]"]


def _problem(asked: Asked, framed: Framed, question: str) -> list[str]:
    lines = [
        "[problem]",
        _line("question", question, "the question, in your own words"),
        _line("decision", "Not said yet: who does what with the answer", "the report quotes it"),
        _line("task", *framed.task),
        _line("target", asked.target),
    ]
    if framed.positive[0] is not None:
        lines.append(_line("positive", *framed.positive))
    if "log_scale" in TARGETS[framed.task[0]].can:
        lines.append(_line("target_scale", *framed.scale))
    return [*lines, "", "[source]", _line("file", asked.file), ""]


def _columns(guesses: Sequence[Guess], asked: Asked) -> list[str]:
    """Return the section of the columns: each with what was seen of it."""
    dropped = [guess for guess in guesses if guess.type is None]
    names = {guess.name for guess in guesses if guess.type is not None}
    lines = ["[columns]", "# `missing` is the largest share that may be missing, rounded up from what was seen."]
    if dropped:
        if "drop" in names:
            raise InputError(
                "a column is called 'drop', which is a setting of [columns]",
                where=asked.file,
                todo="rename it in the file",
            )
        lines.append("drop = [")
        lines += [_remarked(f"    {_value(guess.name)},", guess.seen) for guess in dropped]
        lines.append("]")
    decided = [name for name in dict.fromkeys([*asked.drop, asked.id]) if name is not None and name not in names]
    of_forecast = asked.horizon is not None  # which sets no row aside
    if decided and "sure" not in names:
        listed = ", ".join(_value(name) for name in decided)
        lines.append(_remarked(f"sure = [{listed}]", "flags decide about these: no doubt is raised"))
    if "on_invalid" not in names and not of_forecast:
        lines.append(_line("on_invalid", "quarantine", 'rows out of bounds are set aside; "fail" stops instead'))
    if asked.missing:
        lines.append(_line("missing_values", list(asked.missing), "--missing says so"))
    lines.append("")
    lines += [_remarked(f"{_key(guess.name)} = {_declaration(guess)}", guess.seen) for guess in guesses if guess.type]
    return [*lines, ""]


def _declaration(guess: Guess) -> str:
    parts = [f"type = {_value(guess.type)}"]
    if guess.least is not None:
        parts.append(f"min = {guess.least}")
    if guess.format is not None:
        parts.append(f"format = {_value(guess.format)}")
    if guess.unit is not None:
        parts.append(f"unit = {_value(guess.unit)}")
    parts += [f"{key} = {_value(list(cells))}" for key, cells in _cells(guess).items() if cells]
    parts += [f"{key} = {_value(value)}" for key, value in guess.keys]
    if guess.missing:
        parts.append(f"missing = {guess.missing:g}")
    return "{ " + ", ".join(parts) + " }"


def _cells(guess: Guess) -> dict[str, tuple[str, ...]]:
    return {"missing_values": guess.missing_values, "not_missing": guess.not_missing}


def _text(frame: pd.DataFrame, guesses: Mapping[str, Guess]) -> list[str]:
    """Return the section of the texts, where there are any."""
    names = worded(guesses)
    return ["[text]", _line("near_copies", *near_copies_of(frame, names)), ""] if names else []


def _split(frame: pd.DataFrame, asked: Asked, framed: Framed, guesses: Mapping[str, Guess]) -> list[str]:
    target, group = frame[asked.target].dropna(), group_column(frame, asked)
    of_classes = "probabilities" in TARGETS[framed.task[0]].can
    if asked.split_column is not None:
        mark, why = _mark(frame[asked.split_column], asked.split_column)
        kind = [
            _line("kind", Column.name, "the file says which rows are for testing"),
            _line("column", asked.split_column),
        ]
        return ["[split]", *kind, _line("test_value", mark, why), _line("seed", SEED), ""]
    if asked.time is not None:
        kind = [_line("kind", Time.name, "the latest rows are for testing"), _line("column", asked.time)]
    elif group is not None:
        why = "rows of one group stay together" if asked.group else f"{_comment(group)} repeats: its rows stay together"
        kind = [_line("kind", Group.name, why), _line("column", group)]
    else:
        drawn = Stratified.name if of_classes else Random.name
        owner = owner_of_texts(frame, guesses, asked)
        other = "" if owner is None else f"; --group {_comment(quote(owner))} if new texts are of other ones"
        kind = [_line("kind", drawn, f"a guess: rows are independent; --time or --group if they are not{other}")]
    return [
        "[split]",
        *kind,
        _line("test", *_share(frame, asked, group, target, of_classes=of_classes)),
        _line("seed", SEED),
        "",
    ]


def _share(
    frame: pd.DataFrame, asked: Asked, group: str | None, target: pd.Series, *, of_classes: bool
) -> tuple[float, str]:
    """Return the share of test rows, and the remark: the one asked for, or the first that leaves enough rows."""
    if asked.test is not None:
        return asked.test, "share of test rows"
    if group is not None:
        share = share_of_test_groups(frame[group][target.index], target if of_classes else None)
        if share is not None and share > SHARES[0]:
            return share, "share of test rows: a smaller one leaves too few groups, or too few rows of a class"
        if share is not None:
            return share, "share of test rows"
    classes = {str(key): int(count) for key, count in target.value_counts().items()} if of_classes else None
    return share_of_test_rows(classes, len(target)), "share of test rows"


def _mark(values: pd.Series, name: str) -> tuple[str | int | bool, str]:
    """Return what marks test rows; raise InputError where nothing looks like it."""
    counts = values.dropna().value_counts()
    texts = {value_text(value): value for value in counts.index}
    found = next((mark for mark in MARKS if mark in texts), None)
    if found is None or len(counts) < 2:  # noqa: PLR2004 - rows with the mark and without
        raise InputError(
            f"no value of {quote(name)} looks like the mark of test rows",
            where="--split-column",
            allowed=", ".join(MARKS),
            todo='mark test rows with "test" and the others with "train"',
        )
    if set(map(str.lower, texts)) <= {*TRUE, *FALSE}:
        return (1 if is_amount(values) else True), "a guess"
    return found, "a guess"


def _closing(asked: Asked, framed: Framed) -> list[str]:
    metric, why = framed.metric
    return [
        "[metric]",
        _line("primary", metric.name, why),
        *(_line(one.name, one.draft, f"a guess: {one.means}") for one in metric.parameters),
        _line("margin", *framed.margin),
        "",
        "[effort]",
        _line("level", asked.effort or "standard", "quick | standard | thorough"),
    ]


def _line(key: str, value: str | float | bool | list[str] | list[int] | None, remark: str = "") -> str:
    return _remarked(f"{key} = {_value(value)}", remark)


def _remarked(line: str, remark: str) -> str:
    return f"{line:<{REMARK_AT - 2}}  # {_comment(remark)}" if remark else line


def _value(value: str | float | bool | list[str] | list[int] | None) -> str:
    return tomlkit.item(value).as_string()


def _key(name: str) -> str:
    return tomlkit.key(name).as_string()


def _comment(text: str) -> str:
    """Return the text without what would end a comment or is not allowed in one."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
