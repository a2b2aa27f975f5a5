"""One case through steps 2 to 7, as a user's table would go, and what step 7 says of it."""

import time
from pathlib import Path
from typing import Any, NamedTuple

import joblib
import pandas as pd
from cases import Case
from planted import Planted, planted
from toy_project import of_metric, toy_project
from truth import METRIC

from pipelines.baseline import baseline
from pipelines.compare import compare
from pipelines.core.project import Project
from pipelines.core.submit import run_now
from pipelines.eda import eda
from pipelines.facts.pointer import given
from pipelines.facts.steps import Facts
from pipelines.metric import metric
from pipelines.reflect import reflect
from pipelines.strong import strong

MARGIN = 0.005


class Earlier(NamedTuple):
    """What steps 2 to 6 left."""

    facts: Facts
    predictions: dict[str, pd.DataFrame]  # of steps 4 and 5
    model: bytes


def run_case(case: Case, kept: Path) -> dict[str, Any]:
    """Return what step 7 says of the case, as far as it can be held against the truth.

    What the steps before it leave is kept in the file `kept`, and taken from there where it exists.
    """
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        joblib.dump(tuple(earlier_steps(case)), unfinished)
        unfinished.replace(kept)
    return find(case, Earlier(*joblib.load(kept)))


def earlier_steps(case: Case) -> Earlier:
    """Return the outcome of steps 2 to 6."""
    made, project = _made(case), _project(case)
    table, positive = made.table, case.world.task == "binary"
    defined: Any = {  # as much of it as steps 3 and 7 read
        "features": [],
        "doubts": [],
        "split": {"kind": "random"},
        "target_summary": {"classes": [{"value": "0"}, {"value": "1"}] if positive else []},
        "target_scale": "linear",
    }
    first, second = baseline(table, project, run_now), strong(table, project, run_now)
    facts: Facts = {
        "define": defined,
        "metric": metric(table, project, run_now),
        "eda": eda(table, project, defined, run_now),
        "baseline": first.facts,
        "strong": second.facts,
    }
    predictions = {"baseline": first.predictions, "strong": second.predictions}
    models = {"baseline": first.model, "strong": second.model}
    facts["compare"] = compare(table, project, predictions, models, facts, run_now)
    return Earlier(facts, predictions, second.model)


def find(case: Case, earlier: Earlier) -> dict[str, Any]:
    """Return what step 7 makes of that."""
    made, facts = _made(case), earlier.facts
    started = time.perf_counter()
    found = reflect(made.table, _project(case), earlier.predictions, earlier.model, facts, run_now).facts
    return {
        "seconds": time.perf_counter() - started,
        "metric": METRIC[case.world.task],
        "verdict": facts["compare"]["difference"]["verdict"],
        "factors": {
            one["factor"]: {
                "matters": one["matters"],
                "undecided": one["undecided"],
                "gain": one["out_of_fold"]["gain"],
                "p_adjusted": one["p_adjusted"],
            }
            for one in found["attribution"]
        },
        "pair": found["interactions"][0]["features"] if found["interactions"] else None,
        "true_pair": sorted(made.pair),
        "shape": found["shapes"][0]["feature"] if found["shapes"] else None,
        "leak": made.leak,
        "suspects": [one["feature"] for one in facts["eda"]["leak_suspects"]],
        "signal": found["signal"]["present"],
        "the_gain": bool(found["leak_verdict"] and found["leak_verdict"]["is_the_gain"]),
        "features": len(made.table.features),
        "reachable": given(found["headroom"])["reachable"],
        "controls": {name: found["controls"][name]["effect"] for name in ("shuffled", "noise")},
    }


def _made(case: Case) -> Planted:
    world = case.world
    return planted(
        world.mechanism,
        case.rows,
        case.seed,
        columns=case.columns,
        base_rate=world.base_rate,
        task=world.task,
        correlation=world.correlation,
    )


def _project(case: Case) -> Project:
    task = case.world.task
    return toy_project(
        task,
        name="planted",
        columns='x0 = { type = "number" }\ny = { type = "number" }',
        split=f'kind = "random"\nseed = {case.seed}',
        metric=of_metric(METRIC[task], MARGIN),
        effort='level = "quick"',
    )
