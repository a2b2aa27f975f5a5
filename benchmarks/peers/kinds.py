"""What is compared: tables whose rows stand apart, and forecasts; each with its tools, and what these are given."""

import json
import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from flows.reading.raw import read_raw
from flows.repository.projects import load_project
from pipelines.core.keys import SCALE, SERIES, TIME
from pipelines.core.project import Project
from pipelines.core.table import TEST
from pipelines.rows.arranged import Clean
from pipelines.rows.series import regular_of
from pipelines.series.frequency import Frequency
from pipelines.validation.checks import find_violations, parse_columns

HERE = Path(__file__).resolve().parent
OURS = "sevenfold"
REFERENCE = "autogluon"  # whose wall time is the bar
MASE = '[metric]\nprimary = "mase"\nmargin = 0.01\n'
OFFSETS = {"h": "h", "d": "D", "w": "W", "mo": "MS"}  # units of frequencies, as pandas calls them


class Kind(ABC):
    """Rows that are compared alike."""

    labels: Mapping[str, str]  # the tools, ours first
    steps: tuple[str, ...]  # of ours whose seconds count
    given: tuple[str, ...] = ()  # steps of ours that bring what these need, as `fetch` brings the raw file

    @abstractmethod
    def settings(self, text: str) -> str:
        """Return the project file's text as it is compared."""

    @abstractmethod
    def command(self, name: str, tool: str, work: Path, predictions: Path) -> Sequence[str]:
        """Return what runs a peer in its own environment, from the folder `work`."""

    def size(self, name: str) -> str:  # noqa: ARG002 - most are told by their rows
        """Return how large a data set is, where its rows and features do not say it, from the working folder."""
        return ""

    @abstractmethod
    def gather(self, name: str, work: Path, predictions: Path) -> None:
        """Leave what a peer predicted as `row_id` and one column, or one a class, as the product's table has them."""


class Tables(Kind):
    """Rows that stand apart: what the product's first step wrote is what every tool learns from."""

    labels: Mapping[str, str] = {
        OURS: "Sevenfold",
        "lightgbm": "LightGBM",
        "flaml": "FLAML",
        "mljar": "mljar",
        REFERENCE: "AutoGluon",
    }
    steps: tuple[str, ...] = ("strong",)

    def settings(self, text: str) -> str:
        """Return the text as it is."""
        return text

    def command(self, name: str, tool: str, work: Path, predictions: Path) -> Sequence[str]:
        """Return the call of peer.py."""
        project = load_project(name)
        table = work / "data" / name / "table.parquet"
        asked = (project.problem.task, project.metric.primary)
        return [_python("tables"), str(HERE / "peer.py"), tool, str(table), *asked, str(predictions)]

    def gather(self, name: str, work: Path, predictions: Path) -> None:
        """Do nothing: peer.py leaves them so."""


class Texts(Tables):
    """Rows with texts: the product turns these into numbers by itself, which counts; peers get the texts as they are.

    The words that a control of the product masks are no column of theirs.
    """

    steps = ("encode", "strong")
    given = ("encoder",)


class Forecasts(Kind):
    """Moments of series: every tool gets the whole series up to each origin of the test time, and what is known ahead.

    All are scored by MASE, so the product is told to forecast for it. Its first step makes the features, which the
    others make themselves, and counts.
    """

    labels: Mapping[str, str] = {
        OURS: "Sevenfold",
        "seasonal_naive": "seasonal naive",
        "auto_ets": "AutoETS",
        "auto_arima": "AutoARIMA",
        "auto_theta": "AutoTheta",
        "mlforecast": "mlforecast",
        REFERENCE: "AutoGluon-TS",
    }
    steps = ("define", "strong")

    def settings(self, text: str) -> str:
        """Return the text with MASE as its metric."""
        found, count = re.subn(r"^\[metric\]\n(?:.+\n)+", MASE, text, flags=re.MULTILINE)
        if count != 1:
            message = "a project file has one section [metric], with a setting in each line"
            raise ValueError(message)
        return found

    def command(self, name: str, tool: str, work: Path, predictions: Path) -> Sequence[str]:
        """Return the call of forecaster.py, for which the history is written if it is not there."""
        given = work / "data" / name / "given"
        if not (given / "asked.json").exists():
            write_history(load_project(name), work, given)
        environment = "autogluon" if tool == REFERENCE else "nixtla"
        return [_python(environment), str(HERE / "forecaster.py"), tool, str(given), str(predictions)]

    def gather(self, name: str, work: Path, predictions: Path) -> None:
        """Bring forecasts of series and times to the rows of the table, in its unit."""
        table = pd.read_parquet(work / "data" / name / "table.parquet")
        test = table.loc[table["fold"] == TEST, ["row_id", SERIES, TIME, SCALE]].astype({SERIES: "str"})
        found = pd.read_parquet(predictions).astype({"series": "str"})
        rows = test.merge(found, left_on=[SERIES, TIME], right_on=["series", "time"], how="left", validate="1:1")
        rows.assign(p0=rows["forecast"] / rows[SCALE])[["row_id", "p0"]].to_parquet(predictions, index=False)

    def size(self, name: str) -> str:
        """Return the numbers of series and steps, and the horizon."""
        told = json.loads(Path("reports", name, "facts", "define.json").read_text("utf-8"))["forecast"]
        return f"{told['series']:,} x {told['steps']:,}, {told['horizon']}"


TABLES, TEXTS, FORECASTS = Tables(), Texts(), Forecasts()


def kind_of(file: Path) -> Kind:
    """Return the kind that a project file is of."""
    told = tomllib.loads(file.read_text("utf-8"))
    if "forecast" in told:
        return FORECASTS
    types = {one.get("type") for one in told["columns"].values() if isinstance(one, dict)}
    return TEXTS if "text" in types else TABLES


def has_peers(file: Path) -> bool:
    """Return whether the tools can be asked what a project file asks: none of them forms groups without a label."""
    return "clusters" not in tomllib.loads(file.read_text("utf-8"))


def write_history(project: Project, work: Path, folder: Path) -> None:
    """Write what forecasters are given: all series on regular steps, and the origins of the product's test time."""
    raw = read_raw(work / project.raw.path, project)
    violations = find_violations(raw, parsed := parse_columns(raw, project), project, project.raw.path)
    panel = regular_of(Clean.of(raw, parsed, violations, project.raw.path), project)[0].panel
    asked, frequency = project.asked_forecast, Frequency.of(project.asked_forecast.frequency)
    values = {"y": panel.target, **panel.known, **panel.past}
    names = pd.Series([str(name) for name in panel.names]).repeat(panel.steps).to_numpy()
    times = np.tile(panel.times, len(panel.target))
    frame = pd.DataFrame({"series": names, "time": times} | {name: one.ravel() for name, one in values.items()})
    folder.mkdir(parents=True, exist_ok=True)
    frame[frame["y"].notna()].to_parquet(folder / "history.parquet", index=False)
    table = pd.read_parquet(work / "data" / project.name / "table.parquet")
    first = table.loc[table["fold"] == TEST, TIME].min().to_datetime64()
    before = int((panel.times < first).sum())
    origins = range(before - 1, panel.steps - 1, asked.horizon)
    told = {
        "horizon": asked.horizon,
        "season": list(asked.season),
        "frequency": ("" if frequency.count == 1 else str(frequency.count)) + OFFSETS[frequency.unit],
        "known": list(panel.known),
        "origins": [str(panel.times[one]) for one in origins],
    }
    (folder / "asked.json").write_text(json.dumps(told), encoding="utf-8")


def _python(environment: str) -> str:
    return str(HERE / f".venv-{environment}" / "bin" / "python")
