"""Groups from the file to the report, without an outcome: all seven steps, and what the pages say of them."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Facts
from recorded_models import record_models
from toy_grouped import FILE, TEXT, changed, crowd

from flows.repository.earlier import load_facts
from flows.repository.layout import Layout
from flows.repository.names import EVERY
from flows.running.pool import pool
from pipelines.answer.answer import answered
from pipelines.core.steps import SEVEN
from pipelines.report.pages.report import BESIDE, render_beside, render_report
from pipelines.report.pictures import draw_pictures

PLAIN = changed(
    ('outcome = "spent"\noutcome_scale = "log1p"\n', ""), ('spent = { type = "number" }', ""),
    ('primary = "r2"\nmargin = 0.01', 'primary = "log_density"\nmargin = 0.05'), text=TEXT,
)  # fmt: skip
LEFT_OUT = {"fetch", "encode", "pictures", "report", "notebook", "overview", "archive"}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """Give the facts of a crowd without an outcome."""
    root = tmp_path_factory.mktemp("crowd")
    for folder in ("projects", "data/raw"):
        (root / folder).mkdir(parents=True)
    (root / "projects/crowd.toml").write_text(PLAIN, encoding="utf-8")
    crowd().drop(columns="spent").to_csv(root / FILE, index=False)
    with pytest.MonkeyPatch.context() as patch, pool() as submit:
        patch.chdir(root)
        for name in EVERY:
            if name not in LEFT_OUT:
                importlib.import_module(f"flows.steps.{name}").run("crowd", submit)
                record_models("crowd")
        assert Path(Layout("crowd").facts("reflect")).exists()
        yield answered(load_facts("crowd", SEVEN))


def test_all_pages_can_be_made(facts: Facts) -> None:
    """Report, interview, post, and the pictures that the report shows."""
    report = render_report(facts)

    assert all(len(render_beside(name, facts)) > 500 for name in BESIDE)
    assert {f"{name}.svg" for name in report.pictures} == set(draw_pictures(facts))


def test_nothing_is_said_of_a_target(facts: Facts) -> None:
    """There is none: no column predicts it, gives it away or repeats with it, and no score of it is perfect."""
    pages = [render_report(facts).markdown, *(render_beside(name, facts) for name in BESIDE)]

    assert facts["eda"]["target"]["spread"] is None
    assert "There is no outcome that a column could give away." in pages[0]
    for words in ("of the target", "the target away", "explained variance", "Predict the mean", "is a perfect score"):
        assert not any(words in page for page in pages), words


def test_one_gaussian_has_its_correlations(facts: Facts) -> None:
    """So the control finds these, and no page says that it found nothing at all."""
    report = render_report(facts).markdown

    found = [one for one in facts["reflect"]["controls"]["shuffled"]["attribution"] if one["gain"] > 0]
    assert ("It found what one Gaussian has" in report) == bool(found)
    assert "Nothing was beyond chance" not in report
    assert not any("found nothing." in render_beside(name, facts) for name in BESIDE)
