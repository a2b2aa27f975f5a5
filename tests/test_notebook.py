"""The notebook: run anew it says what facts and report say, for every kind of target, and its file never changes."""

import ast
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
import sample_facts
from conftest import ROOT, Facts
from metric_oracles import ORACLES, bound
from recorded_models import record_models
from situations import behind_a_constant, with_repair, without_repair
from toy_project import of_metric, project_text

from flows.dvc.closure import PACKAGES, modules
from flows.repository.earlier import load_facts
from flows.repository.files import write_json
from flows.repository.layout import Layout
from flows.repository.names import EVERY
from flows.running.pool import pool
from flows.steps import notebook as step
from pipelines.answer.answer import answered
from pipelines.core.steps import SEVEN
from pipelines.core.submit import run_now
from pipelines.metrics import Metric
from pipelines.report.notebook import notebook
from pipelines.report.notebook.execute import execute
from pipelines.report.notebook.notebook import METADATA, make_notebook
from pipelines.report.notebook.scikit import SEVERAL, SINGLE, scikit_call
from pipelines.report.pages.report import render_report
from pipelines.targets import TARGETS
from pipelines.validation.expectations import warm

MOST_BYTES = 200_000
LEFT_OUT = {"fetch", "pictures", "report", "notebook", "overview"}
SCORES = (
    "import json, sys\n"
    "import matplotlib, nbformat\n"
    "matplotlib.use('agg')\n"
    "cells = {}\n"
    "for cell in nbformat.read(sys.argv[1], 4).cells:\n"
    "    if cell.cell_type == 'code':\n"
    "        exec(cell.source, cells)\n"
    "own = {'value': cells['value'], 'reach': cells['reach'], 'verdict': cells['judged'].name}\n"
    "json.dump(own | {'scores': cells['scores']['this notebook'].to_dict()}, sys.stderr)\n"
)


def cottages(rows: int = 400) -> tuple[pd.DataFrame, str]:
    """Return prices over time whose logarithm is modelled, and their project file."""
    rng = np.random.default_rng(3)
    area, rooms = rng.normal(70, 15, rows).round(1), rng.integers(1, 7, rows)
    days = pd.to_timedelta(rng.integers(0, 900, rows), unit="D")
    frame = pd.DataFrame(
        {"area": area, "rooms": rooms, "sold": (pd.Timestamp("2014-01-01") + days).strftime("%Y-%m-%d")}
    )
    frame["price"] = np.exp(11 + 0.015 * area + 0.3 * (rooms > 3) + rng.normal(0, 0.2, rows)).round()
    return frame, project_text(
        "regression", target="price", problem='target_scale = "log"\nunit = "USD"', metric=of_metric("rmse", 0.02),
        columns='area = { type = "number" }\nrooms = { type = "integer" }\nsold = { type = "date" }\n'
        'price = { type = "number", min = 1 }',
        split='kind = "time"\ncolumn = "sold"\ntest = 0.25\nseed = 7', effort='level = "quick"',
    )  # fmt: skip


def visits(rows: int = 500) -> tuple[pd.DataFrame, str]:
    """Return counts of people who come several times, whose baseline loses to a constant, and their project file."""
    rng = np.random.default_rng(4)
    x, person = rng.normal(size=rows), rng.integers(0, rows // 5, rows)
    frame = pd.DataFrame({"x": x, "town": rng.choice(["Bern", "Oslo"], rows), "person": person})
    frame["y"] = rng.poisson(np.exp(0.3 + 0.6 * np.abs(x)))
    return frame, project_text(
        "count", columns='x = { type = "number" }\ntown = { type = "category" }\nperson = { type = "integer" }\n'
        'y = { type = "integer", min = 0 }', split='kind = "group"\ncolumn = "person"\nseed = 3',
        metric=of_metric("poisson_deviance", 0.02), effort='level = "quick"',
    )  # fmt: skip


@pytest.fixture(scope="module", params=[cottages, visits], ids=["cottages", "visits"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A repository, the working directory, in which the project `small` has all that its notebook reads."""
    root = tmp_path_factory.mktemp("built")
    frame, text = request.param()
    (root / "projects").mkdir()
    (root / "data" / "raw").mkdir(parents=True)
    (root / "projects" / "small.toml").write_text(text, encoding="utf-8")
    frame.to_csv(root / "data" / "raw" / "small.csv", index=False)
    warm()  # here, or the project would wait for a process that does
    with pytest.MonkeyPatch.context() as patch, pool() as submit:
        patch.chdir(root)
        for name in EVERY:
            if name not in LEFT_OUT:
                importlib.import_module(f"flows.steps.{name}").run("small", submit)
                record_models("small")
        facts = load_facts("small", SEVEN)
        write_json(Layout("small").answer, answered(facts)["answer"])
        step.run("small", submit)
        yield root


def cells(made: Any) -> dict[str, Any]:  # noqa: ANN401 - a notebook
    """Return the cells by their names."""
    return {cell.id: cell for cell in made.cells}


def read(root: Path) -> Any:  # noqa: ANN401 - a notebook
    """Return the notebook of the project `small`."""
    return nbformat.read(root / Layout("small").notebook, as_version=4)


def told(facts: Facts) -> dict[str, float]:
    """Return the scores in the facts of the models that were saved."""
    scores = {one["role"]: one["score"] for one in facts["compare"]["models"] if one["role"] in ("baseline", "strong")}
    repaired = facts["reflect"]["repaired"]
    return scores | ({"repaired": repaired["score"]} if repaired else {})


def test_run_anew_it_says_what_the_facts_say(built: Path) -> None:
    """Its cells, as plain Python in a fresh process in its own folder and without a home, give the facts' numbers."""
    path = built / Layout("small").notebook
    away = {"HOME": "/nonexistent", "PYTHONPATH": str(ROOT), "MPLCONFIGDIR": str(built)}
    command = [sys.executable, "-W", "error::RuntimeWarning", "-c", SCORES, path.name]
    done = subprocess.run(command, cwd=path.parent, env=os.environ | away, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    found, facts = json.loads(done.stderr), load_facts("small", SEVEN)
    said = facts["compare"]["difference"]
    tested = said["constant"] if said.get("against") == "constant" else said
    assert found["scores"] == pytest.approx(told(facts), rel=1e-6)
    assert found["value"] == pytest.approx(tested["value"], rel=1e-5)
    # Five hundred resamples, and intervals that are not studentised: a fifth of the width at most.
    assert found["reach"] == pytest.approx((tested["ci"][1] - tested["ci"][0]) / 2, rel=0.2)
    assert found["verdict"] == said["verdict"]


def test_what_it_shows_is_what_the_facts_say(built: Path) -> None:
    """The file holds the scores that its cells gave, a picture and as many rows as it promises, and is small."""
    made = read(built)
    shown = {name: cell.outputs for name, cell in cells(made).items() if cell.cell_type == "code"}
    table = shown["scores"][0].data["text/plain"]

    assert (built / Layout("small").notebook).stat().st_size < MOST_BYTES
    for score in told(load_facts("small", SEVEN)).values():
        assert table.count(f"{score:.6f}") == 2
    assert [output.output_type for output in shown["waterfall"]] == ["display_data"]
    assert set(shown["waterfall"][0].data) == {"image/png"}
    assert len(shown["ten-rows"][0].data["text/plain"].splitlines()) == 2 + 10


def test_the_same_facts_make_the_same_bytes(built: Path) -> None:
    """Written anew, in this process and at another time, the file is the same byte for byte."""
    path = built / Layout("small").notebook
    before = path.read_bytes()

    step.run("small", run_now)

    assert path.read_bytes() == before


def test_the_file_holds_nothing_of_the_machine(built: Path) -> None:
    """Neither versions nor times nor paths are in it; cells are identified by names, and counted as if run once."""
    made = read(built)
    names = [cell.id for cell in made.cells]

    assert made.metadata == METADATA
    assert len(set(names)) == len(names)
    assert all(not cell.metadata for cell in made.cells)
    counts = [cell.execution_count for cell in made.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert str(built) not in nbformat.writes(made)


@pytest.mark.usefixtures("built")
def test_other_scores_than_the_models_stop_it() -> None:
    """A score in the facts that the saved model does not have is an error, and the notebook stays as it was."""
    layout, facts = Layout("small"), load_facts("small", SEVEN)
    kept = {path: path.read_bytes() for path in (layout.facts("compare"), layout.answer, layout.notebook)}
    next(one for one in facts["compare"]["models"] if one["role"] == "strong")["score"] += 0.001
    try:
        write_json(layout.facts("compare"), facts["compare"])
        write_json(layout.answer, answered(facts)["answer"])
        with pytest.raises(AssertionError) as raised:
            step.run("small", run_now)
        assert layout.notebook.read_bytes() == kept[layout.notebook]
    finally:
        for path, content in kept.items():
            path.write_bytes(content)

    assert raised.value.__notes__ == ["in the cell `scores` of the notebook"]


def test_of_many_rows_a_sample_is_predicted_again(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many test rows the kept predictions are scored, after a sample of them was predicted once more."""
    monkeypatch.setattr(notebook, "LARGE", 60)

    made = make_notebook(load_facts("small", SEVEN))

    assert "load_predictions" in cells(made)["scores"].source
    assert "len(test.y), 12, replace" in cells(made)["scores"].source
    assert cells(execute(made))["scores"].outputs[0].data == cells(read(built))["scores"].outputs[0].data


@pytest.mark.parametrize("kind", sample_facts.SAMPLES)
def test_it_opens_and_ends_as_the_report_does(kind: str) -> None:
    """Question, verdict, finding and advice are the report's own sentences: they cannot disagree."""
    facts = answered(sample_facts.load(kind))
    made = cells(make_notebook(facts))
    page = render_report(facts).markdown
    lines = [
        line for line in (made["load-text"].source + made["end-text"].source).splitlines() if line.startswith("**")
    ]

    assert len(lines) >= 3
    assert all(line in page for line in lines)


def test_forecasts_are_given_what_their_models_ask_for() -> None:
    """Rules' forecasts stand beside the features, and one model of all training rows predicts, not a mean of folds."""
    made = {kind: cells(make_notebook(sample_facts.load(kind))) for kind in ("forecast", "regression")}

    for name in ("ten-rows", "scores"):
        assert "test.seen" in made["forecast"][name].source
        assert "test.seen" not in made["regression"][name].source
    assert "fitted to all training rows" in made["forecast"]["load"].source
    assert "the mean over" in made["regression"]["load"].source


def _variants() -> Iterator[tuple[str, Facts]]:
    """Yield the facts of each way in which cells differ."""
    for kind in sample_facts.SAMPLES:
        yield kind, sample_facts.load(kind)
    yield "constant", behind_a_constant(sample_facts.binary())
    yield "repaired", with_repair(sample_facts.binary())
    bare = without_repair(sample_facts.regression())
    bare["reflect"]["shap"] = None
    yield "bare", bare
    large = with_repair(sample_facts.multiclass())
    large["compare"]["test_rows"] = 100_000
    large["reflect"]["thinned"] = {"rows": 150_000, "of": 500_000, "se": 0.001}
    yield "large", large


VARIANTS = [pytest.param(name, facts, id=name) for name, facts in _variants()]


@pytest.mark.parametrize(("name", "facts"), VARIANTS)
def test_its_code_reads_as_ours_does(name: str, facts: Facts, tmp_path: Path) -> None:
    """Whichever cells a project has, ruff finds nothing unused, undefined or oddly laid out in them."""
    path = tmp_path / f"{name}.ipynb"
    nbformat.write(make_notebook(facts), path)
    ruff = [str(Path(sys.executable).with_name("ruff"))]
    rules = [
        "check",
        "--isolated",
        "--line-length=120",
        "--select=E,F,W,B,C4,UP,SIM,PIE,RET,NPY,PD",
        "--ignore=E402,B905",
    ]
    layout = ["format", "--isolated", "--line-length=120", "--check", "--diff"]

    for command in (rules, layout):
        done = subprocess.run([*ruff, *command, str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_metric_that_scikit_learn_lacks_is_scored_by_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a row in the table the cell calls the project's own function, and says so."""
    facts = sample_facts.binary()
    monkeypatch.delitem(SINGLE, facts["metric"]["primary"])

    made = cells(make_notebook(facts))

    assert "return metric.score(y, p)" in made["scores"].source
    assert "sklearn" not in made["scores"].source + made["verdict"].source
    assert "scikit-learn" not in made["scores-text"].source


def rows_for(metric: Metric, *, several: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return a truth and predictions that the metric can score."""
    rng = np.random.default_rng(5)
    if several:
        return rng.integers(0, 4, 200).astype(np.float64), rng.dirichlet(np.ones(4), 200)
    if any("probabilities" in TARGETS[name].can for name in metric.targets):
        return rng.integers(0, 2, 200).astype(np.float64), rng.uniform(0.01, 0.99, 200)
    return rng.poisson(3, 200) + 1.0, rng.uniform(0.1, 6, 200)


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("several", [False, True])
def test_scikit_learn_agrees_with_our_metric(name: str, several: bool) -> None:
    """Each call of the table gives the score that the metric of that name gives; what has no such form has no row."""
    metric, call = bound(name), scikit_call(name, several=several)
    of_densities = metric.perfect == np.inf  # which scikit-learn's models score themselves
    assert (call is None) == (of_densities or metric.by_series or (several and metric.prepare_several is None))
    if call is None:
        return
    y, p = rows_for(metric, several=several)
    project = SimpleNamespace(metric=SimpleNamespace(parameters=dict(metric.given)))

    function = getattr(importlib.import_module("sklearn.metrics"), call.function)
    found = eval(f"score({call.arguments})", {"score": function, "y": y, "p": p, "np": np, "project": project})

    assert found == pytest.approx(metric.score(y, p), rel=1e-9)


def test_every_call_belongs_to_a_metric() -> None:
    """The table of calls names metrics that there are."""
    assert set(SINGLE) | set(SEVERAL) <= set(ORACLES)


@pytest.mark.parametrize(("name", "facts"), VARIANTS)
def test_dvc_sees_what_the_cells_import(name: str, facts: Facts) -> None:
    """What a cell imports of ours is among the modules that the stage depends on: changed, it runs the cells anew."""
    known = {".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in modules("notebook", ROOT)}
    trees = [ast.parse(cell.source) for cell in make_notebook(facts).cells if cell.cell_type == "code"]
    named = {node.module for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    ours = {module for module in named if str(module).split(".")[0] in PACKAGES}
    assert len(ours) >= 6, name
    assert ours <= known


def a_notebook(*sources: str) -> Any:  # noqa: ANN401 - a notebook
    """Return a notebook of code cells."""
    made = [nbformat.v4.new_code_cell(source, id=f"cell-{place}") for place, source in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=made)


def test_cells_share_names_and_show_what_they_print_and_end_with() -> None:
    """Text, the last expression's value and pictures are outputs; assignments, None and empty cells show nothing."""
    made = execute(
        a_notebook(
            "x = 2",
            "print(x)\nx + 1",
            "None",
            "",
            "import pandas as pd\npd.DataFrame({'<b>': [x]})",
            "import matplotlib.pyplot as plt\nplt.plot([1, x]);\nplt.show()",
        )
    )

    outputs = [
        [dict(output.get("data", {"text": output.get("text")})) for output in cell.outputs] for cell in made.cells
    ]
    assert outputs[:4] == [[], [{"text": "2\n"}, {"text/plain": "3"}], [], []]
    assert "&lt;b&gt;" in outputs[4][0]["text/html"]
    assert [set(one) for one in outputs[5]] == [{"image/png"}]


def test_a_cell_that_fails_is_named_and_leaves_things_as_they_were(tmp_path: Path) -> None:
    """The error says in which cell it arose; the working directory and the import path are what they were."""
    here, path = Path.cwd(), list(sys.path)

    with pytest.raises(ZeroDivisionError) as raised:
        execute(a_notebook(f"import os, sys\nos.chdir({str(tmp_path)!r})\nsys.path.insert(0, 'x')", "1 / 0"))

    assert raised.value.__notes__ == ["in the cell `cell-1` of the notebook"]
    assert (Path.cwd(), sys.path) == (here, path)


def test_nobodys_settings_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader's own widths and styles change no output, and are theirs again afterwards."""
    shown = a_notebook(
        "import pandas as pd\npd.DataFrame({f'column {i}': [i] for i in range(30)})",
        "import matplotlib.pyplot as plt\nplt.bar(0, 1)\nNone",
    )
    usual = execute(shown)
    monkeypatch.setenv("COLUMNS", "40")
    with pd.option_context("display.width", 40, "display.max_columns", 3):
        plt = importlib.import_module("matplotlib.pyplot")
        with plt.rc_context({"axes.facecolor": "red"}):
            assert nbformat.writes(execute(shown)) == nbformat.writes(usual)
            assert plt.rcParams["axes.facecolor"] == "red"
        assert pd.get_option("display.max_columns") == 3
