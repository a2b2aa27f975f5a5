"""The page docs/planted.md: rates against what was asked, and every miss by name."""

from collections.abc import Mapping
from pathlib import Path

from cases import ROWS, Case, World
from outcomes import ASKED, NOT_DENIED, Found, Outcome, outcomes
from planting import RATES, rate, sections_of

from pipelines.causes import CAUSES

HEAD = """# Planted causes: does step 7 name the right cause, and only that one?

`make planted` makes tables in which the cause is known, runs steps 2 to 7 on them like on a user's table (effort
`quick`, margin 0.005, ROC AUC or R2), and counts how often the findings are right.
[mechanisms.py](../tests/mechanisms.py) says what is planted, [cases.py](../benchmarks/causes/cases.py) which tables are
made.

The truth is a property of the population, not of the formula: it is what the ladder gains on 300,000 rows, each scored
by models fitted to others ([truth.py](../benchmarks/causes/truth.py)). A cause is **planted** where it gains at least
0.01, **absent** where it gains at most 0.002, and neither in between. The gain of `encoding` shrinks with rows, so it
is measured at 8,000.

The reachable range is compared with the oracle's score in the population, not on the same rows. Of 8,000 rows with 2 %
events, 160 are events: two standard errors of an AUC on either side span 0.06 to 0.09 even where nothing is left to be
learned, so those ranges are wider than 0.05.

At the end of the page verdicts on [groups without a label](#groups-without-a-label) are counted, and causes of
[texts](#texts) and of [forecasts](#forecasts), on tables with a text and on panels of series.
"""
Outcomes = Mapping[Case, list[Outcome]]


def write_page(found: Mapping[Case, Found], truths: Mapping[World, Found], path: Path) -> None:
    """Write the page from what has been run; sections of other benchmarks stay as they are."""
    judged = {case: list(outcomes(one, truths[case.world])) for case, one in found.items()}
    parts = [HEAD]
    for rows in sorted({case.rows for case in judged}, key=lambda rows: (rows != ROWS, rows)):
        chosen = {case: told for case, told in judged.items() if case.rows == rows}
        parts.append(f"## {len(chosen)} tables of {rows:,} rows\n\n{_rates(chosen)}")
    parts += [f"## Every miss\n\n{_misses(judged)}", f"## The truths\n\n{_truth_table(truths)}"]
    if path.exists():
        parts += [f"{one.rstrip()}\n" for one in sections_of(path.read_text(encoding="utf-8"))[1].values()]
    path.write_text("\n".join(parts), encoding="utf-8")


def _rates(judged: Outcomes) -> str:
    """Return the table of rates with their 95 % intervals (Clopper and Pearson 1934)."""
    answers: dict[str, list[bool]] = {}
    for one in (one for told in judged.values() for one in told):
        answers.setdefault(one.question, []).append(one.yes)
    lines = [
        rate(question, asked, sum(answers[question]), len(answers[question]))
        for question, asked in ASKED.items()
        if question in answers
    ]
    return "\n".join([*RATES, *lines]) + "\n"


def _misses(judged: Outcomes) -> str:
    """Return one line a case with what was wrong in it."""
    lines = []
    for case, told in judged.items():
        wrong = [f"{one.question}: {one.told}" for one in told if one.wrong and one.question != NOT_DENIED]
        if wrong:
            lines.append(f"- {case.name}: {'; '.join(wrong)}")
    return "\n".join(lines or ["None."]) + "\n"


def _truth_table(truths: Mapping[World, Found]) -> str:
    """Return what each cause is worth in each population."""
    lines = [
        f"| population | {' | '.join(one.name for one in CAUSES)} | oracle |",
        f"|---|{'---:|' * (len(CAUSES) + 1)}",
    ]
    for world in sorted(truths, key=lambda world: world.name):
        gains = " | ".join(f"{truths[world]['gains'][cause.name]:.4f}" for cause in CAUSES)
        lines.append(f"| {world.name} | {gains} | {truths[world]['oracle']:.4f} |")
    return "\n".join(lines) + "\n"
