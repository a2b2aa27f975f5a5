"""Measure how steps 1 to 4 and 6 grow with rows, on the loan data drawn with replacement. Run it with `make growth`.

Each size runs in a process of its own, on threads as a step without a server has them, after a small run that imports
everything. Step 5 runs too, at effort quick and beside the clock, since step 6 needs its predictions. What is printed:
seconds of each step, the exponent of growth between the last two sizes (1 is linear, more is worse), and the peak
memory of the whole process, step 5 included and Great Expectations, which has a process of its own, not.
"""

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipelines.core.submit import Submit

Result = TypeVar("Result")

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "loan_default"
SIZES = (15_000, 150_000, 1_500_000)
STEPS = ("define", "metric", "eda", "baseline", "compare")
WARM_ROWS = 5_000
GIB = 2**20  # in the kibibytes that getrusage counts


def main() -> None:
    """Measure every size and print the table."""
    measured = []
    for rows in SIZES:
        sys.stderr.write(f"{rows:,} rows ...\n")
        command = [sys.executable, __file__, str(rows)]
        answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        measured.append(json.loads(answer.stdout))
    heads = " | ".join(f"{rows:,} rows" for rows in SIZES)
    print(f"| step | {heads} | exponent of growth |\n|---|{'---:|' * (len(SIZES) + 1)}")
    for step in (*STEPS, "together"):
        seconds = [
            sum(one["seconds"][name] for name in STEPS) if step == "together" else one["seconds"][step]
            for one in measured
        ]
        exponent = math.log(seconds[-1] / seconds[-2]) / math.log(SIZES[-1] / SIZES[-2])
        print(f"| {step} | " + " | ".join(f"{value:.1f} s" for value in seconds) + f" | {exponent:.2f} |")
    print("| peak memory | " + " | ".join(f"{one['peak'] / GIB:.2f} GiB" for one in measured) + " | |")


def measure(rows: int) -> dict[str, object]:
    """Return the seconds of each step on that many rows, and the process's peak memory."""
    from flows.running.environment import prepare

    prepare(ROOT)  # before numpy is imported
    from flows.reading.raw import read_raw
    from flows.repository.projects import load_project
    from flows.running.helper_process import helper_process
    from flows.running.pool import pool
    from pipelines.baseline import baseline
    from pipelines.comparison.paired_comparison import paired_comparison
    from pipelines.define import define
    from pipelines.eda import eda
    from pipelines.facts.steps import Facts
    from pipelines.metric import metric
    from pipelines.strong import strong
    from pipelines.validation.expectations import warm

    project = load_project(PROJECT)
    quick = project.model_copy(update={"effort": project.effort.model_copy(update={"level": "quick"})})
    file = read_raw(ROOT / project.raw.path, project)
    seconds: dict[str, float] = {}

    def timed(step: str, run: Callable[[], Result]) -> Result:
        started = time.perf_counter()
        value = run()
        seconds[step] = time.perf_counter() - started
        return value

    def recipe(count: int, submit: Submit, aside: Submit) -> None:
        raw = file.sample(count, replace=True, random_state=project.split.seed).reset_index(drop=True)
        defined = timed("define", lambda: define(raw, project, "0" * 64, aside))
        table = defined.table
        yardsticks = timed("metric", lambda: metric(table, project, submit))
        timed("eda", lambda: eda(table, project, defined.facts, submit))
        linear = timed("baseline", lambda: baseline(table, project, submit))
        rival = timed("strong", lambda: strong(table, quick, submit))  # shown by `make scaling` only
        predictions = {"baseline": linear.predictions, "strong": rival.predictions}
        facts: Facts = {"metric": yardsticks, "baseline": linear.facts, "strong": rival.facts}
        timed("compare", lambda: paired_comparison(table, project, predictions, facts, submit))

    with pool() as submit, helper_process(submit, warm, "great_expectations") as aside:
        recipe(WARM_ROWS, submit, aside)  # imports everything, off the clock
        recipe(rows, submit, aside)
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
