"""A project whose every name and value that a user or a file gives is an attack on whoever shows it."""

import importlib
from pathlib import Path

import numpy as np
import pandas as pd
from recorded_models import record_models
from toy_project import of_metric, project_text, quoted, usual_metric

from flows.repository.names import EVERY
from flows.running.pool import pool
from pipelines.core.project import Task
from pipelines.targets import TARGETS

ROWS = 240
SCRIPT = '<script>alert("x")</script>'
IMAGE = '![x](http://e.example/x.png)<img src=x onerror="alert(1)">'
HEADING = "end\n\n# heading\n===\n| a | b |\n|---|---|\n```\ncode"
HIDDEN = "abc\u202efdp.exe\u2066\u200f\u200b\ufeff\u00ad\U000e0041\u3164"
ANSI = "\x1b[31mred\x1b[0m\x07\x9b2J\x7f"
FORMULA = "=cmd|' /C calc'!A0 $x^2$ {{ 7*7 }} {% raw %} {0} %s"
LINKS = "[a](javascript:alert(1)) a@e.example https://e.example www.e.example &lt;b&gt; &copy;"
CLOSING = "**bold** _it_ ~~no~~ </details></td><!-- --> ``x`"
OUTSIDE = "../../../etc/passwd"
LONG = "long|`<b>" * 400
FEATURES = (SCRIPT, HEADING, HIDDEN + ANSI, LINKS + FORMULA, OUTSIDE, LONG)
NUMBERS = FEATURES[:4]
TARGET = IMAGE
LEVELS = (SCRIPT, HEADING, HIDDEN, ANSI, FORMULA, LINKS, CLOSING, LONG)
CLASSES = (HEADING, CLOSING, ANSI + HIDDEN)
RAW = f"data/raw/{IMAGE.replace('/', '')}{ANSI}{HIDDEN}|`$x$`.parquet"
QUESTION = f"Which rows? {SCRIPT} {HEADING} {LINKS}"
DECISION = f"{CLOSING} {ANSI} {HIDDEN} {FORMULA}"


def build(root: Path, task: Task, *, steps: tuple[str, ...] = EVERY[1:]) -> None:
    """Run steps (all but `fetch`) on the project `hostile` in a fresh repository, which is the working directory."""
    (root / "projects").mkdir(parents=True)
    (root / "projects" / "hostile.toml").write_text(project(task), encoding="utf-8")
    (root / RAW).parent.mkdir(parents=True)
    table(task).to_parquet(root / RAW, index=False)
    with pool() as submit:
        for step in steps:
            importlib.import_module(f"flows.steps.{step}").run("hostile", submit)
            record_models("hostile", question=HEADING, decision=ANSI)


def table(task: Task) -> pd.DataFrame:
    """Return rows whose target bends, jumps with a category, and depends on whether a value is missing."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(ROWS, len(NUMBERS)))
    level, other = rng.integers(0, len(LEVELS), ROWS), rng.integers(0, 4, ROWS)
    gone = rng.random(ROWS) < 0.15
    score = np.abs(2 * x[:, 0]) + (level % 2) + 1.5 * gone + x[:, 1] * x[:, 2] + rng.normal(0, 0.5, ROWS)
    numbers = dict(zip(NUMBERS, [np.exp(2 * x[:, 0]), *x.T[1:]], strict=True))
    numbers[HEADING] = np.where(gone, np.nan, numbers[HEADING])
    numbers[SCRIPT][0] = -1.0  # below the declared minimum: goes into quarantine
    categories = {OUTSIDE: np.array(LEVELS, object)[level], LONG: np.array(LEVELS, object)[other]}
    return pd.DataFrame(numbers | categories | {TARGET: target(score, task)})


def target(score: np.ndarray, task: Task) -> np.ndarray:
    """Return the target of a task out of a score."""
    kind = TARGETS[task]
    if "log_scale" in kind.can:
        return np.exp(score / 4)
    if "probabilities" not in kind.can:
        return kind().simulate(score / 4, np.random.default_rng(6))
    if "event" not in kind.can:
        return np.array(CLASSES, object)[np.digitize(score, np.quantile(score, [0.4, 0.7]))]
    return np.array(CLASSES, object)[(score > np.median(score)).astype(int)]


def project(task: Task) -> str:
    """Return the project file."""
    declared = f"{{ type = 'number', missing = 0.3, unit = {quoted(LINKS)} }}"
    numbers = [f"{quoted(name)} = {declared}" for name in NUMBERS[1:]]
    categories = [f"{quoted(name)} = {{ type = 'category' }}" for name in FEATURES[len(NUMBERS) :]]
    first = f"{quoted(SCRIPT)} = {{ type = 'number', min = 0, unit = {quoted(HIDDEN)} }}"
    can = TARGETS[task].can
    kind = "category" if "probabilities" in can else "number"
    costs = [f"cost = {{ false_positive = 1, false_negative = 3 }}\ncurrency = {quoted(CLOSING)}"]
    return project_text(
        task,
        question=QUESTION,
        decision=DECISION,
        target=TARGET,
        positive=quoted(CLASSES[1]),
        problem=f"unit = {quoted(FORMULA + ANSI)}\ntarget_scale = 'log'" if "log_scale" in can else "",
        source=f"file = {quoted(RAW)}",
        columns="\n".join([first, *numbers, *categories, f'{quoted(TARGET)} = {{ type = "{kind}" }}']),
        split=f'kind = "{"stratified" if "probabilities" in can else "random"}"\ntest = 0.3',
        metric=of_metric(usual_metric(task), 0.01, *(costs if "costs" in can else [])),
        effort='level = "quick"',
    )
