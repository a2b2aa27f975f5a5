"""The comparison with other tools: which half a table is in, how packaged files are read, and what the page claims."""

import io
import json
import os
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import readers
import toy_forecast
from datasets import DATASETS
from halves import DEALT, FORECASTS, KNOWN, deal, half_of
from kinds import FORECASTS as PANELS
from kinds import TABLES, has_peers, kind_of, write_history
from page import _bars, _compared, _costs, _forecast_bars, write_page
from row import Row, keep, kept
from run import _file, projects

from pipelines.core.keys import SCALE, SERIES, TIME
from pipelines.core.project import parse_project
from pipelines.core.table import TEST
from pipelines.inference.bootstrap import Estimate
from pipelines.metrics import METRICS

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "benchmarks" / "peers"


def tasks() -> dict[str, str]:
    """Return the task of each table that was dealt."""
    files = {name: PEERS / "projects" / f"{name}.toml" for name in DEALT}
    return {name: tomllib.loads(file.read_text("utf-8"))["problem"]["task"] for name, file in files.items()}


def test_halves_are_those_of_the_draw() -> None:
    """Nobody moved a table after the draw: it comes out the same from the tasks that the project files state."""
    assert dict(DEALT) == deal(tasks())


def test_every_table_is_in_one_half() -> None:
    """No project is without a half, none is in both lists, and none is listed without a project."""
    assert sorted(projects()) == sorted([*KNOWN, *DEALT, *FORECASTS])
    assert not set(KNOWN) & {*DEALT, *FORECASTS}
    assert set(DATASETS) <= set(projects())


def test_tables_of_old_settings_are_never_reported() -> None:
    """A table on which settings were settled is no fresh test."""
    assert {half_of(name) for name in KNOWN} == {"development"}


def test_reported_half_is_large_and_mixed() -> None:
    """The reported half holds what the bars are about."""
    reported = Counter(task for name, task in tasks().items() if half_of(name) == "reported")

    assert reported.total() >= 12
    assert reported["multiclass"] >= 4
    assert reported["regression"] >= 6
    assert reported["binary"] >= 6


def test_a_half_is_asked_for_by_name() -> None:
    """Both halves together are all tables, and they share none."""
    development, reported = projects("development"), projects("reported")

    assert sorted([*development, *reported]) == sorted(projects())
    assert not set(development) & set(reported)
    assert set(reported) <= {*DEALT, *FORECASTS}


def test_deal_gives_three_tenths_of_each_task_to_development() -> None:
    """Ten tables of one task and seven of another: three and two."""
    asked = {f"a{place}": "binary" for place in range(10)} | {f"b{place}": "regression" for place in range(7)}

    dealt = deal(asked)

    found = Counter((asked[name], half) for name, half in dealt.items())
    assert found == {
        ("binary", "development"): 3,
        ("binary", "reported"): 7,
        ("regression", "development"): 2,
        ("regression", "reported"): 5,
    }


def test_deal_depends_on_names_alone() -> None:
    """Neither the order of the tables nor those of another task change a draw."""
    asked = {f"a{place}": "binary" for place in range(10)}

    backwards = deal(dict(reversed(asked.items())))
    beside = deal(asked | {"c": "regression"})

    assert deal(asked) == backwards
    assert deal(asked).items() <= beside.items()


def test_keel_takes_names_from_attributes() -> None:
    """Brackets stand with or without a blank behind the name."""
    file = io.BytesIO(
        b"@relation r\n@attribute Age integer[1,9]\n@attribute Kind {a, b}\n@inputs Age\n@data\n3, a\n4,b\n"
    )

    found = readers.keel(file)

    assert found.to_dict("list") == {"Age": [3, 4], "Kind": ["a", "b"]}


def test_keel_without_data_is_refused() -> None:
    """A file of another format does not become an empty table."""
    with pytest.raises(ValueError, match="no line @data"):
        readers.keel(io.BytesIO(b"a,b\n1,2\n"))


def test_rows_without_a_header_get_names() -> None:
    """Given names, with a question mark for a gap; numbered ones, with the target last; labels of a second file."""
    named = readers.with_names("a b")(io.BytesIO(b"1,?\n2,x\n"))
    numbered = readers.with_numbers("y")(io.BytesIO(b"1,2,0\n3,4,1\n"))
    labelled = readers.with_labels("y")(io.BytesIO(b"1 2\n3  4\n"), io.BytesIO(b"-1\n1\n"))

    assert named["a"].tolist() == [1, 2]
    assert named["b"].isna().tolist() == [True, False]
    assert numbered.to_dict("list") == {"x1": [1, 3], "x2": [2, 4], "y": [0, 1]}
    assert labelled.to_dict("list") == {"x1": [1, 3], "x2": [2, 4], "y": [-1, 1]}


def row(
    name: str, ours: float | None, peers: float = 0.8, high: float = 0.01, seconds: float = 50.0, rows: int = 5000
) -> Row:
    """Return a table on which all peers have one score, and AutoGluon took 100 s; ours failed if it has no score."""
    scores = dict.fromkeys(TABLES.labels, peers) | ({"sevenfold": ours} if ours is not None else {})
    took = dict.fromkeys(TABLES.labels, 100.0) | {"sevenfold": seconds}
    if ours is None:
        del scores["sevenfold"], took["sevenfold"]
    gain = None if ours is None else Estimate(high - 0.01, 0.005, (high - 0.02, high), 0.5)
    return Row(
        name=name,
        metric=METRICS["roc_auc"],
        train=rows * 4 // 5,
        rows=rows,
        features=9,
        task="binary",
        scores=scores,
        seconds=took,
        peaks=dict.fromkeys(took, 1),
        failed={} if ours is not None else {"sevenfold": "no more memory"},
        busy={},
        gain=gain,
        best="flaml",
        day="2026-11-29",
    )


def verdict(*rows: Row) -> list[bool]:
    """Return which of the three bars hold."""
    return [line.endswith("| yes |") for line in _bars(list(rows))[2:5]]


def test_all_bars_hold() -> None:
    """First on every table and in half of AutoGluon's seconds."""
    assert verdict(row("a", 0.9), row("b", 0.9)) == [True, True, True]


@pytest.mark.parametrize(("first", "holds"), [(9, True), (8, False)])
def test_mean_rank_has_a_bar(first: int, holds: bool) -> None:
    """First on nine of ten tables and last, beyond the interval, on one: 1.4; on two: 1.8. The bar is 1.6."""
    better = [row(f"a{place}", 0.9) for place in range(first)]
    worse = [row(f"b{place}", 0.7, high=-0.01) for place in range(10 - first)]

    assert verdict(*better, *worse)[0] is holds


def test_a_rank_behind_is_allowed_where_no_table_is_worse() -> None:
    """Last on each table, and within the interval on each."""
    assert verdict(row("a", 0.79, high=0.0), row("b", 0.79, high=0.01))[0]
    assert not verdict(row("a", 0.79, high=-0.001), row("b", 0.79, high=0.01))[0]


def test_seconds_have_two_bars() -> None:
    """Of AutoGluon's: all on any table, 0.8 on those of 800 to 60,000 rows."""
    assert verdict(row("a", 0.9, seconds=80))[1:] == [True, True]
    assert verdict(row("a", 0.9, seconds=81))[1:] == [True, False]
    assert verdict(row("a", 0.9, seconds=101))[1:] == [False, False]
    assert verdict(row("a", 0.9), row("large", 0.9, seconds=100, rows=60_001))[1:] == [True, True]
    assert verdict(row("a", 0.9), row("small", 0.9, seconds=100, rows=799))[1:] == [True, True]
    assert verdict(row("a", 0.9), row("edge", 0.9, seconds=100, rows=60_000))[1:] == [True, False]


def test_a_table_on_which_we_fail_is_lost() -> None:
    """It ranks last, counts as worse, and is named; it has no seconds to be proud of."""
    lost = row("a", None)

    assert not verdict(lost)[0]
    assert "worse on 1 of 1 (a)" in _bars([lost])[2]
    assert verdict(lost)[1:] == [False, False]
    assert _compared([lost], []) == "Compared: 1 of 1 data sets. Failed: Sevenfold on a. Scored on 2026-11-29."


def test_page_counts_what_was_not_run() -> None:
    """A half that was run in part says so."""
    said = _compared([row("a", 0.9), row("d", 0.9)._replace(day="2026-11-23")], ["b", "c"])

    assert said == (
        "Compared: 2 of 4 data sets. Failed: none. Scored on 2026-11-23, 2026-11-29. Not run yet by every tool: b, c."
    )


@pytest.mark.parametrize("ours", [0.9, None])
def test_what_is_kept_comes_back(ours: float | None, tmp_path: Path) -> None:
    """Every number of a table's results, that of a failure too."""
    told = row("a", ours)

    keep(told, tmp_path / "a.json")

    assert kept(tmp_path / "a.json") == told


def costs(*rows: Row) -> str:
    """Return what is said of seconds."""
    return " ".join(_costs(list(rows)))


def test_page_names_the_tools_that_ran_beside_other_work() -> None:
    """Their seconds are no fair comparison; those of the others are."""
    alone = dict.fromkeys(TABLES.labels, 2.0)
    one, other = row("a", 0.9)._replace(busy=alone), row("b", 0.9)._replace(busy=alone | {"mljar": 90.0})

    assert "had at most 2 % of the cores." in costs(one)
    assert "beside other work" not in costs(one)
    assert "LightGBM, FLAML and AutoGluon started, other programs had at most 2 %" in costs(one, other)
    assert "mljar ran beside other work, so those seconds" in costs(one, other)
    assert "before" not in costs(one._replace(busy=dict.fromkeys(TABLES.labels, 90.0))).lower()


PROJECT = """
[problem]
question = "How much?"
decision = "None"
task = "regression"
target = "y"

[source]
file = "data/raw/{name}.parquet"

[columns]
x = {{ type = "number" }}
y = {{ type = "number" }}

[split]
kind = "random"
test = 0.25
seed = 7

[metric]
primary = "rmse"
margin = 0.1

[effort]
level = "standard"
"""


def write_results(work: Path, name: str, errors: dict[str, float], failed: tuple[str, ...] = ()) -> None:
    """Write a table of 200 rows, 50 of them test rows, and each tool's predictions: off by its error, up and down."""
    row_id = np.arange(200)
    frame = pd.DataFrame({"row_id": row_id, "split": np.where(row_id < 50, "test", "train"), "fold": row_id % 5})
    frame = frame.assign(y_true=row_id.astype(float), x=row_id.astype(float))
    (work / "projects").mkdir(parents=True, exist_ok=True)
    (work / "projects" / f"{name}.toml").write_text(PROJECT.format(name=name), encoding="utf-8")
    (work / "data" / name).mkdir(parents=True)
    frame.to_parquet(work / "data" / name / "table.parquet")
    folder = work / "results" / name
    folder.mkdir(parents=True)
    test = frame[frame["split"] == "test"]
    for tool, error in errors.items():
        told = {"failed": "no more memory"} if tool in failed else {"seconds": 10.0, "peak": 2**30, "busy": 1.0}
        (folder / f"{tool}.json").write_text(json.dumps(told), encoding="utf-8")
        off = error * np.where(test["row_id"] % 2, 1, -1)
        pd.DataFrame({"row_id": test["row_id"], "p0": test["y_true"] + off}).to_parquet(folder / f"{tool}.parquet")


def test_page_holds_the_halves_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores are the errors that were made; bars stand on the reported half alone; failures and gaps are named."""
    errors = {"sevenfold": 1.0, "lightgbm": 3.0, "flaml": 2.0, "mljar": 5.0, "autogluon": 4.0}
    monkeypatch.chdir(tmp_path)
    write_results(tmp_path, "abalone", errors, failed=("mljar",))
    write_results(tmp_path, "wages", errors | {"sevenfold": 6.0})

    names = {name: _file(name) for name in ("wages", "abalone", "concrete")}
    os.utime(tmp_path / "results" / "wages" / "flaml.json", (2e9, 2e9))  # the last to run, in 2033
    write_page(tmp_path / "results", tmp_path, tmp_path / "scored", tmp_path / "page.md", names)
    first = (tmp_path / "page.md").read_text(encoding="utf-8")
    write_page(tmp_path / "gone", tmp_path, tmp_path / "scored", tmp_path / "page.md", names)

    assert (tmp_path / "page.md").read_text(encoding="utf-8") == first  # of what is kept alone
    reported, development = (tmp_path / "page.md").read_text(encoding="utf-8").split("## Tables: the development half")
    assert "Compared: 1 of 2 data sets. Failed: mljar on abalone. Scored on " in reported
    assert ". Not run yet by every tool: concrete." in reported
    assert (
        "| abalone (regression) | 150 x 1 | RMSE, smaller is better | **1.0000** | 3.0000 | 2.0000 | failed | 4.0000 |"
        in reported
    )
    assert "| mean rank of five at most 1.6" in reported
    assert "mean rank 1.00; worse on 0 of 1 | yes |" in reported
    assert "at most 1.00 (abalone); over on 0 of 1 | yes |" in reported
    assert "Compared: 1 of 1 data sets. Failed: none. Scored on 2033-05-18." in development
    assert "| wages | FLAML | -4.0000 [-4.0000, -4.0000] | 5 | **no** | 100% |" in development
    assert "bar" not in development.split("## Forecasts")[0]


def panel_row(name: str, ours: float, arima: float, high: float = 0.01, seconds: float = 50.0) -> Row:
    """Return a panel on which AutoARIMA has a score of its own, the other peers 2, and AutoGluon-TS took 100 s."""
    scores = dict.fromkeys(PANELS.labels, 2.0) | {"sevenfold": ours, "auto_arima": arima}
    took = dict.fromkeys(PANELS.labels, 100.0) | {"sevenfold": seconds}
    gain = Estimate(high - 0.01, 0.005, (high - 0.02, high), 0.5)
    return row(name, 0.9)._replace(
        metric=METRICS["mase"], task="forecast", scores=scores, seconds=took, gain=gain, best="auto_arima",
        size="3 x 400, 7",
    )  # fmt: skip


def forecast_verdict(*rows: Row) -> list[bool]:
    """Return which of the two bars for forecasts hold."""
    return [line.endswith("| yes |") for line in _forecast_bars(list(rows))[2:4]]


def test_forecasts_have_bars_of_their_own() -> None:
    """First by mean rank, or nowhere worse beyond the interval; at most all of AutoGluon-TS's seconds."""
    first, second = panel_row("a", 1.0, 1.5, high=-0.001), panel_row("b", 1.5, 1.0, high=-0.001)

    assert forecast_verdict(first) == [True, True]
    assert forecast_verdict(first, first, second)[0]
    assert not forecast_verdict(first, second)[0]  # equals are not first
    assert not forecast_verdict(second)[0]
    assert forecast_verdict(panel_row("c", 1.5, 1.0, high=0.0))[0]
    assert forecast_verdict(panel_row("d", 1.0, 1.5, seconds=100.0))[1]
    assert not forecast_verdict(panel_row("d", 1.0, 1.5, seconds=101.0))[1]


def test_groups_without_a_label_have_no_peers() -> None:
    """None of the tools forms them, so the product's own such project is not among what is compared."""
    assert not has_peers(ROOT / "projects" / "customers.toml")
    assert "customers" not in projects()
    assert all(has_peers(_file(name)) for name in projects())


def test_kinds_are_told_by_the_project_file() -> None:
    """Those with a section [forecast] are forecasts, and run by MASE, all else as written."""
    kinds = {name: kind_of(_file(name)) for name in projects()}

    assert sorted(name for name, kind in kinds.items() if kind is PANELS) == sorted(
        [*FORECASTS, "bike_demand", "retail_sales"]
    )
    for name in ("bike_demand", "retail_sales", "us_jobs"):
        text = _file(name).read_text("utf-8")
        asked, written = (tomllib.loads(one) for one in (PANELS.settings(text), text))
        assert asked.pop("metric") == {"primary": "mase", "margin": 0.01}
        assert asked == {key: value for key, value in written.items() if key != "metric"}
    with pytest.raises(ValueError, match="one section"):
        PANELS.settings("[problem]\n")
    assert TABLES.settings("[problem]\n") == "[problem]\n"


@pytest.mark.parametrize("name", [*FORECASTS, "bike_demand", "retail_sales"])
def test_panels_are_declared_as_the_product_reads_them(name: str) -> None:
    """The file that is compared passes the product's own check of project files."""
    parse_project(PANELS.settings(_file(name).read_text("utf-8")), name, f"projects/{name}.toml")


def test_forecasters_get_the_series_and_the_origins_of_the_product(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All steps of all series with what is known; an origin each `horizon` steps, from the last before the test on."""
    monkeypatch.chdir(tmp_path)
    text = toy_forecast.TEXT
    for folder in ("data/raw", "data/shop", "projects"):
        (tmp_path / folder).mkdir(parents=True)
    toy_forecast.daily().to_csv("data/raw/shop.csv", index=False)
    made = toy_forecast.defined(toy_forecast.daily(), text)
    made.table.frame.to_parquet("data/shop/table.parquet", index=False)

    write_history(parse_project(text, "shop", "projects/shop.toml"), tmp_path, tmp_path / "given")

    told = json.loads((tmp_path / "given" / "asked.json").read_text("utf-8"))
    history = pd.read_parquet(tmp_path / "given" / "history.parquet")
    rows = toy_forecast.daily().rename(columns={"item": "series", "day": "time", "units": "y"})
    wanted = rows.assign(time=pd.to_datetime(rows["time"])).sort_values(["series", "time"], ignore_index=True)
    pd.testing.assert_frame_equal(history, wanted[history.columns], check_dtype=False)
    assert set(history) == {"series", "time", "y", "open", "price"}
    test = made.table.frame[made.table.frame["split"] == "test"]
    first = test[TIME].min()
    assert told["known"] == ["open"]
    assert (told["horizon"], told["season"], told["frequency"]) == (7, [7], "D")
    assert pd.Timestamp(told["origins"][0]) == first - pd.Timedelta(days=1)
    assert len(told["origins"]) == test[TIME].nunique() // 7
    assert {pd.Timestamp(two) - pd.Timestamp(one) for one, two in pairwise(told["origins"])} == {pd.Timedelta(days=7)}


def test_forecasts_come_back_by_series_and_time(tmp_path: Path) -> None:
    """In the unit of the table, to the rows of the test alone, whatever their order; a lacking one is missing."""
    times = pd.to_datetime(["2024-01-01", "2024-01-02"] * 2)
    frame = pd.DataFrame({
        "row_id": [0, 1, 10, 11], "fold": [0, TEST, TEST, TEST], SERIES: ["a", "a", "b", "b"], TIME: times,
        SCALE: [2.0, 2.0, 5.0, 5.0],
    })  # fmt: skip
    (tmp_path / "data" / "shop").mkdir(parents=True)
    frame.to_parquet(tmp_path / "data" / "shop" / "table.parquet")
    given = pd.DataFrame({"series": ["b", "a", "a"], "time": times[[0, 1, 0]], "forecast": [10.0, 8.0, 99.0]})
    given.to_parquet(tmp_path / "found.parquet")

    PANELS.gather("shop", tmp_path, tmp_path / "found.parquet")

    found = pd.read_parquet(tmp_path / "found.parquet").set_index("row_id")["p0"]
    assert found.loc[[1, 10]].to_dict() == {1: 4.0, 10: 2.0}
    assert found.index.tolist() == [1, 10, 11]
    assert np.isnan(found.loc[11])


def test_series_of_a_competition_are_drawn_and_cut() -> None:
    """Of those of the period that are long enough, as many as asked, each with its last values."""
    told = {
        f"N{place:04d}": {"period": [period], "x": list(range(length)), "xx": [100 + place]}
        for place, (period, length) in enumerate([("MONTHLY", 9), ("MONTHLY", 3), ("YEARLY", 9), ("MONTHLY", 5)])
    }
    read = readers.competition("MONTHLY", "MS", 5, 2)

    found = read(io.BytesIO(json.dumps(told).encode()))

    assert found["series"].tolist() == ["N0000"] * 5 + ["N0003"] * 5
    assert found["value"].tolist() == [5, 6, 7, 8, 100, 1, 2, 3, 4, 103]
    assert found["time"].unique().tolist() == ["1980-01-01", "1980-02-01", "1980-03-01", "1980-04-01", "1980-05-01"]


def test_series_in_columns_become_long() -> None:
    """A row for each time and column, without what is dropped."""
    found = readers.in_columns("month", "sector", "jobs", drop=("change",))(io.BytesIO(b"month,a,b,change\n2,1,3,9\n"))

    assert found.to_dict("list") == {"month": [2, 2], "sector": ["a", "b"], "jobs": [1, 3]}
