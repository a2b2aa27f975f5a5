"""What planting benchmarks share: rates against SciPy, bars, kept findings, and sections of the page."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import forecasts.plant
import groups.plant
import pytest
import texts.plant
from planting import PAGE, SECTIONS, Bar, Counted, Found, Job, Planting, missed_bars, rate, rates, sections_of
from planting import write_section as write
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

LOG = "PLANTING_TEST_LOG"  # a file with a line for each job that was run, in whichever process
RIGHT = Bar("right", 90)
BENCHMARKS = (groups.plant.PLANTING, texts.plant.PLANTING, forecasts.plant.PLANTING)


def find(job: Job) -> Found:
    """Return that a job is right, but for the kind called wrong."""
    with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
        log.write(f"{job.name}\n")
    return {"more": job.part} if job.part else {"kind": job.kind, "seed": job.seed, "right": job.kind != "wrong"}


def counts(found: Sequence[Found]) -> list[Counted]:
    """Return how many are right."""
    return [Counted(RIGHT, sum(one["right"] for one in found), len(found))]


def section(found: Sequence[Found]) -> str:
    """Return the rates and the seeds."""
    return "\n".join([*rates(counts(found)), " ".join(str(one["seed"]) for one in found)]) + "\n"


def write_section(found: Sequence[Found], page: Path) -> None:
    """Write the section."""
    write(f"## Texts\n\n{section(found)}", page)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file of the jobs that were run."""
    path = tmp_path / "log"
    path.touch()
    monkeypatch.setenv(LOG, str(path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    return path


def planted(tmp_path: Path, *kinds: str) -> Planting:
    """Return a benchmark of kinds of tables; every even seed has a further part."""
    return Planting(
        kinds, first=100, seeds=2, work=tmp_path / "work", find=find, line=str, counts=counts, section=section,
        write=write_section, parts=lambda _, seed: [] if seed % 2 else ["part"],
    )  # fmt: skip


def ran(log: Path) -> list[str]:
    """Return the jobs that were run since the last call, in the order of their names."""
    names = sorted(log.read_text(encoding="utf-8").split())
    log.write_text("", encoding="utf-8")
    return names


def run(planting: Planting, page: Path, monkeypatch: pytest.MonkeyPatch, *asked: str) -> int:
    """Return the exit status of a run with such a command line."""
    monkeypatch.setattr(sys, "argv", ["plant", *asked])
    with pytest.raises(SystemExit) as ended:
        planting.main("about", page)
    return int(ended.value.code or 0)


@pytest.mark.parametrize(("yes", "count"), [(0, 46), (86, 92), (46, 46), (1, 3), (3, 444)])
def test_a_rate_has_the_exact_interval(yes: int, count: int) -> None:
    """That of SciPy's binomial test, and of statsmodels; none of nothing."""
    exact = binomtest(yes, count).proportion_ci(0.95, "exact")
    beta = proportion_confint(yes, count, method="beta")

    row = rate("named", "at least 95 %", yes, count)

    assert row == (
        f"| named | at least 95 % | {100 * yes / count:.1f} % | {count} "
        f"| {100 * exact.low:.1f} to {100 * exact.high:.1f} % |"
    )
    assert (exact.low, exact.high) == pytest.approx(beta)
    assert rate("named", "at least 95 %", 0, 0) == "| named | at least 95 % | | 0 | |"


@pytest.mark.parametrize(
    ("bar", "yes", "count", "holds"),
    [
        (Bar("q", 92), 92, 100, True), (Bar("q", 92), 91, 100, False), (Bar("q", 95), 19, 20, True),
        (Bar("q", 3, at_most=True), 3, 100, True), (Bar("q", 3, at_most=True), 4, 100, False),
        (Bar("q", 3, at_most=True), 0, 46, True), (Bar("q", 90), 0, 0, True), (Bar("q", 90), 0, 1, False),
    ],
)  # fmt: skip
def test_a_bar_holds_at_its_own_share(bar: Bar, yes: int, count: int, holds: bool) -> None:
    """Counted in whole numbers, so that no rounding decides; of nothing every share is as asked."""
    counted = Counted(bar, yes, count)

    assert counted.holds == holds
    assert missed_bars([counted]) == ([] if holds else ["q"])
    assert bar.asked == f"at {'most' if bar.at_most else 'least'} {bar.percent} %"
    assert rates([counted])[2:] == [rate("q", bar.asked, yes, count)]


def test_what_is_kept_is_not_run_again(tmp_path: Path, log: Path) -> None:
    """A lost file alone is found once more, and one that was cut off while it was written; `again` forgets all."""
    planting, tables = planted(tmp_path, "a", "b c"), [Job("a", 4), Job("b c", 5)]
    planting.run(tables, 1)
    assert ran(log) == ["a-4", "a-4-part", "b_c-5"]

    planting.run([*tables, Job("a", 5)], 1)
    assert ran(log) == ["a-5"]
    (tmp_path / "work" / "a-4-part.json").rename(tmp_path / "work" / "a-4-part.half")
    planting.run(tables, 1)
    assert ran(log) == ["a-4-part"]
    planting.run(tables, 1, again=True)
    assert ran(log) == ["a-4", "a-4-part", "b_c-5"]
    assert planting.kept(tables[0]) == {"kind": "a", "seed": 4, "right": True, "more": "part"}
    assert sorted(path.suffix for path in (tmp_path / "work").iterdir()) == [".json"] * 4


def test_the_command_line(tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All kinds of the page's seeds write it; parts of names, or other seeds, do not."""
    planting, page = planted(tmp_path, "right", "wrong"), tmp_path / "page.md"
    page.write_text("# Page\n", encoding="utf-8")

    assert run(planting, page, monkeypatch, "righ", "--processes", "1") == 0
    assert ran(log) == ["right-100", "right-100-part", "right-101"]
    assert run(planting, page, monkeypatch, "--first", "7", "--seeds", "1", "--processes", "1") == 1
    assert ran(log) == ["right-7", "wrong-7"]
    assert page.read_text(encoding="utf-8") == "# Page\n"
    assert run(planting, page, monkeypatch, "--processes", "1") == 1
    assert ran(log) == ["wrong-100", "wrong-100-part", "wrong-101"]
    assert "| right | at least 90 % | 50.0 % | 4 |" in page.read_text(encoding="utf-8")
    assert "100 100 101 101" in page.read_text(encoding="utf-8")
    assert run(planting, page, monkeypatch, "another") == 2


def test_a_section_is_put_where_it_belongs(tmp_path: Path) -> None:
    """Whichever is written first; each once, with what stands before all of them."""
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n## Every miss\n\nNone.\n", encoding="utf-8")

    for heading in (SECTIONS[2], SECTIONS[0], SECTIONS[1], SECTIONS[0]):
        write(f"{heading}\n\nold\n", page)
        write(f"{heading}\n\nof {heading}\n\n### Below\n\nmore\n", page)

    parts = [f"{one}\n\nof {one}\n\n### Below\n\nmore\n" for one in SECTIONS]
    assert page.read_text(encoding="utf-8") == "\n".join(["# Page\n\n## Every miss\n\nNone.\n", *parts])


@pytest.mark.parametrize("planting", BENCHMARKS, ids=lambda one: one.work.parent.name)
def test_every_benchmark_keeps_its_tables_apart(planting: Planting) -> None:
    """No two kinds share a file, and the page has a section of each benchmark whose heading is known."""
    assert len({Job(kind, 1).name for kind in planting.kinds}) == len(planting.kinds)
    assert planting.work.name == "work"
    assert planting.work.parent.parent == PAGE.parent.parent / "benchmarks"


def test_the_page_has_the_sections() -> None:
    """In their order, so that no benchmark that was run is lost."""
    _, sections = sections_of(PAGE.read_text(encoding="utf-8"))

    assert tuple(sections) == SECTIONS
    assert {one.HEADING for one in (groups.plant, texts.plant, forecasts.plant)} == set(SECTIONS)
