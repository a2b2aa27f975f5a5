"""What the Prefect UI shows of a step, without a server."""

from conftest import ROOT

from flows.watching.artifacts import opening


def test_of_a_report_the_first_screen_is_shown() -> None:
    """The answer stands in the UI without its picture; the parts below it stay in the report."""
    said, table = "# Churn\n\n**Verdict.** Better.\n\n**Ranks**\n\n", "| a |\n|---|\n| 1 |\n"
    report = f"{said}![Ranks](figures/7.svg)\n\n{table}\n## Why\n\nRanks.\n"

    shown = opening(report)

    assert shown == said + table


def test_reports_in_the_repository_have_one() -> None:
    """Each begins with its title and says the verdict and what to do."""
    reports = sorted((ROOT / "reports").glob("*/README.md"))

    shown = [opening(path.read_text(encoding="utf-8")) for path in reports]

    assert len(shown) >= 3
    assert all(text.startswith("# ") and "Verdict" in text and "What to do" in text for text in shown)
