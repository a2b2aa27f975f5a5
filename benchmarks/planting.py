"""What benchmarks share that plant a truth in tables and count how often it is found: `make planted`.

What was found of each table is kept in the benchmark's folder `work`, so that an interrupted run goes on where it was;
`--again` forgets it, and names of kinds run those alone. Seeds below the benchmark's first one were looked at while
the rules were settled, and count for nothing: the page docs/planted.md is written from seeds from there on only. A run
ends with 1 where a bar is missed.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from statsmodels.stats.proportion import proportion_confint

PAGE = Path(__file__).resolve().parent.parent / "docs" / "planted.md"
SECTIONS = ("## Groups without a label", "## Texts", "## Forecasts")  # of the page, in order, after that of causes
PROCESSES = 2
RATES = ["| | asked | measured | of | 95 % interval |", "|---|---:|---:|---:|---|"]
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the processes have the cores

Found = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """What is asked of a share."""

    question: str
    percent: int
    at_most: bool = False  # else at least

    @property
    def asked(self) -> str:
        """The bar in words."""
        return f"at {'most' if self.at_most else 'least'} {self.percent} %"


class Counted(NamedTuple):
    """How many answers count, and of how many."""

    bar: Bar
    yes: int
    of: int

    @property
    def holds(self) -> bool:
        """Whether the share is as asked; of nothing every share is."""
        share, bar = 100 * self.yes, self.bar.percent * self.of
        return share <= bar if self.bar.at_most else share >= bar


class Job(NamedTuple):
    """What is found in one go: of a table, or a further part of what is found of it."""

    kind: str
    seed: int
    part: str = ""

    @property
    def name(self) -> str:
        """The name of its file."""
        plain = "".join(sign if sign.isalnum() else "_" for sign in self.kind)
        return "-".join([plain, str(self.seed), *filter(None, [self.part])])


@dataclass(frozen=True)
class Planting:
    """A benchmark: which tables it plants, what it finds of each, and what it says of all."""

    kinds: Sequence[str]  # names of the kinds of tables
    first: int  # seed of the page
    seeds: int  # tables of each kind on the page
    work: Path  # the folder of what was found
    find: Callable[[Job], Found]  # called in another process
    line: Callable[[Found], str]  # what one job found
    counts: Callable[[Sequence[Found]], Sequence[Counted]]
    section: Callable[[Sequence[Found]], str]  # what is printed
    write: Callable[[Sequence[Found], Path], None]  # into the page
    parts: Callable[[str, int], Sequence[str]] = lambda _kind, _seed: ()  # of a table, beside the first

    def main(self, about: str, page: Path = PAGE) -> None:
        """Run what is not there yet, print what all of it says, and end with 1 where a bar is missed."""
        asked = self._asked(about)
        tables = [
            Job(kind, seed)
            for seed in range(asked.first, asked.first + asked.seeds)
            for kind in self.kinds
            if not asked.names or any(name in kind for name in asked.names)
        ]
        self.run(tables, asked.processes, again=asked.again)
        found = [self.kept(table) for table in tables]
        sys.stdout.write(self.section(found))
        if asked.first == self.first and not asked.names:
            self.write(found, page)
        sys.exit(int(bool(missed_bars(self.counts(found)))))

    def run(self, tables: Sequence[Job], processes: int, *, again: bool = False) -> None:
        """Find what is not kept of the tables, and keep each part as it is found; `again` forgets what was kept."""
        os.environ |= ONE_THREAD
        jobs = sorted((one for table in tables for one in self._jobs(table)), key=lambda job: (job.seed, job.part))
        for job in jobs if again else []:
            self._file(job).unlink(missing_ok=True)
        missing = [job for job in jobs if not self._file(job).exists()]
        self.work.mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            pending = {pool.submit(self.find, job): job for job in missing}
            for done in as_completed(pending):
                path = self._file(pending[done])
                half = path.with_suffix(".half")  # what is read later is whole
                half.write_text(json.dumps(done.result()), encoding="utf-8")
                half.replace(path)
                sys.stderr.write(f"{path.stem}: {self.line(done.result())}\n")

    def kept(self, table: Job) -> Found:
        """Return what is kept of a table, all parts of it together."""
        found: Found = {}
        for job in self._jobs(table):
            found |= json.loads(self._file(job).read_text(encoding="utf-8"))
        return found

    def _jobs(self, table: Job) -> list[Job]:
        return [table, *(table._replace(part=part) for part in self.parts(table.kind, table.seed))]

    def _file(self, job: Job) -> Path:
        return self.work / f"{job.name}.json"

    def _asked(self, about: str) -> argparse.Namespace:
        parser = argparse.ArgumentParser(description=about)
        parser.add_argument("names", nargs="*", help="parts of kinds' names; all if none is given")
        parser.add_argument("--again", action="store_true", help="forget earlier findings of these tables")
        parser.add_argument("--first", type=int, default=self.first, help="the first seed")
        parser.add_argument("--seeds", type=int, default=self.seeds, help="tables of each kind")
        parser.add_argument("--processes", type=int, default=PROCESSES)
        asked = parser.parse_args()
        if asked.names and not any(name in kind for kind in self.kinds for name in asked.names):
            parser.error(f"no kind has one of these in its name; kinds: {'; '.join(self.kinds)}")
        return asked


def missed_bars(counts: Iterable[Counted]) -> list[str]:
    """Return the questions of which the share does not hold what was asked."""
    return [one.bar.question for one in counts if not one.holds]


def rates(counts: Iterable[Counted]) -> list[str]:
    """Return the lines of the table of shares against what was asked."""
    return [*RATES, *(rate(one.bar.question, one.bar.asked, one.yes, one.of) for one in counts)]


def rate(question: str, asked: str, yes: int, count: int) -> str:
    """Return a row with the 95 % interval of a share (Clopper and Pearson 1934)."""
    if not count:
        return f"| {question} | {asked} | | 0 | |"
    low, high = proportion_confint(yes, count, method="beta")
    return f"| {question} | {asked} | {100 * yes / count:.1f} % | {count} | {100 * low:.1f} to {100 * high:.1f} % |"


def write_section(text: str, page: Path) -> None:
    """Write a section into the page, in place of the one with its heading, its first line, or where it belongs."""
    heading = text.partition("\n")[0]
    before, sections = sections_of(page.read_text(encoding="utf-8"))
    sections[heading] = text
    known = [sections[one] for one in SECTIONS if one in sections]
    page.write_text("\n\n".join(one.strip("\n") for one in (before, *known)) + "\n", encoding="utf-8")


def sections_of(text: str) -> tuple[str, dict[str, str]]:
    """Return what stands on a page before all SECTIONS, and each of these that is there, by its heading."""
    before: list[str] = []
    sections: dict[str, list[str]] = {}
    into = before
    for line in text.splitlines():
        if line in SECTIONS:
            into = sections.setdefault(line, [])
        into.append(line)
    return "\n".join(before), {heading: "\n".join(lines) for heading, lines in sections.items()}
