"""What a rebuild is said to have changed: what is planted between two builds is named, and nothing else."""

from copy import deepcopy
from typing import Any

import pytest
from conftest import ROOT
from markdown_it import MarkdownIt

from flows.watching.changes import build_of, changes, in_short

PROJECTS = ("loan_default", "fraud", "house_prices", "bike_demand", "retail_sales")
Build = dict[str, Any]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture
def before() -> Build:
    """A project as it was built."""
    return build_of("loan_default")


@pytest.fixture
def now(before: Build) -> Build:
    """The same, to be changed."""
    return deepcopy(before)


def page(before: Build, now: Build) -> str:
    """Return the page of one project."""
    return changes({"loans": before}, {"loans": now}, "| a |\n|---|\n| 1 |")


@pytest.mark.parametrize("project", PROJECTS)
def test_where_nothing_changed_that_is_said(project: str) -> None:
    """Of real facts of each project: no table, no line."""
    build = build_of(project)

    assert in_short(build, deepcopy(build)) == []
    assert changes({project: build}, {project: deepcopy(build)}, "none").count("\n## ") == 1
    assert "Nothing changed in" in changes({project: build}, {project: deepcopy(build)}, "none")


@pytest.mark.parametrize("project", PROJECTS)
def test_a_first_build(project: str) -> None:
    """There is nothing to compare with, so verdict and score are said."""
    build = build_of(project)

    assert in_short({}, build)[0].startswith("built for the first time: better, ")
    assert "Built for the first time. Better: the strong model has " in page({}, build)


def test_verdict_and_scores(before: Build, now: Build) -> None:
    """Before, now and the change, with the decimals of the margin."""
    now["metrics"] |= {"verdict": "tie", "strong": 0.8712}

    assert "**Verdict.** Was better, is tie." in page(before, now)
    assert "| strong | 0.867 | 0.871 | +0.00453 |" in page(before, now)
    assert "| baseline | 0.702 | 0.702 | +0 |" in page(before, now)
    assert "test rows are others" not in page(before, now)
    assert in_short(before, now)[0] == "tie, was better; ROC AUC of the strong model 0.871, was 0.867"


def test_other_test_rows_are_said_to_be_others(before: Build, now: Build) -> None:
    """A difference between scores may then be theirs."""
    now["define"]["test_rows_sha256"] = "another"

    assert "The test rows are others than before" in page(before, now)


def test_causes_that_come_and_go(before: Build, now: Build) -> None:
    """Each cause before and now, and in short those that matter and did not, or do no more."""
    by_name = {cause["factor"]: cause for cause in now["reflect"]["attribution"]}
    by_name["shape"]["matters"] = False
    by_name["ratio"] |= {"matters": True, "gain": 0.006}

    assert "| shape | 0.010, **matters** | 0.010, does not matter |" in page(before, now)
    assert "| ratio | not kept | 0.006, **matters** |" in page(before, now)
    assert "| encoding | does not apply | does not apply |" in page(before, now)
    assert "causes that matter: ratio now, shape no more" in in_short(before, now)


def test_the_data(before: Build, now: Build) -> None:
    """Rows, classes, medians, missing values and columns that moved; those that moved a little are not named."""
    now["define"] |= {"rows": 151_200}
    now["define"]["source"]["sha256"] = "another"
    now["define"]["split"]["train"] += 1_200
    now["define"]["quarantined"]["count"] = 3
    now["define"]["target_summary"]["classes"][1]["share"] += 0.02
    columns = {column["name"]: column for column in now["eda"]["columns"]}
    columns["age"]["quantiles"]["50"] = 63.0  # of 41 to 63: half of the range more than 52
    columns["MonthlyIncome"]["missing"] += 0.05
    columns["DebtRatio"]["quantiles"]["50"] *= 1.01
    columns["DebtRatio"]["name"] = "Debt|Ratio"

    said = page(before, now)

    assert "- the raw file is another one: 151,200 rows, was 150,000\n" in said
    assert "- 121,199 train rows, was 119,999\n" in said
    assert "- 3 rows set aside, was 1\n" in said
    assert "- target 1: 8.7% of the rows, was 6.7%\n" in said
    assert "- age: median 63, was 52 (0.5 interquartile ranges)\n" in said
    assert "- MonthlyIncome: 24.8% missing, was 19.8%\n" in said
    assert "- new columns: Debt&#124;Ratio\n" in said
    assert "- columns that are gone: DebtRatio\n" in said
    assert "NumberOfDependents" not in said


def test_a_small_move_is_none(before: Build, now: Build) -> None:
    """A median that moves by less than a tenth of its interquartile range is not named."""
    columns = {column["name"]: column for column in now["eda"]["columns"]}
    columns["age"]["quantiles"]["50"] += 2.0  # of a range of 22

    assert "- no column moved" in page(before, now)


def test_levels_of_a_category() -> None:
    """A level whose share moves is named with both shares."""
    before = build_of("retail_sales")
    now = deepcopy(before)
    column = next(one for one in now["eda"]["columns"] if one.get("top"))
    column["top"][0]["share"] += 0.2

    assert f"- {column['name']}: " in page(before, now)
    assert "of the rows, was " in page(before, now)


@pytest.mark.parametrize("part", ["define", "metric", "eda", "reflect", "answer"])
def test_a_part_that_is_missing_breaks_nothing(part: str, before: Build, now: Build) -> None:
    """Before, now, or both: what can be compared is."""
    now["metrics"]["strong"] = 0.9
    for old, new in ((True, False), (False, True), (True, True)):
        one = {key: value for key, value in before.items() if not (old and key == part)}
        other = {key: value for key, value in now.items() if not (new and key == part)}

        assert "| strong | " in page(one, other)
        assert in_short(one, other)


def test_it_is_markdown_whose_tables_hold(before: Build, now: Build) -> None:
    """An independent reader finds the tables of scores and causes, and DVC's own."""
    now["metrics"]["strong"] = 0.9
    now["reflect"]["attribution"][0]["factor"] = "enc|oding"
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(page(before, now))

    assert [token.type for token in tokens].count("table_open") == 3
    assert [token.content for token in tokens if token.type == "inline"].count("enc&#124;oding") == 1


def test_damaged_facts_are_none(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401 - pytest's path
    """A file that cannot be read is as one that is not there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports" / "shop").mkdir(parents=True)
    (tmp_path / "reports" / "shop" / "metrics.json").write_text("{", encoding="utf-8")

    assert build_of("shop") == {}
    assert in_short({}, {}) == []
    assert "no report yet" in page({"metrics": {}}, {})
