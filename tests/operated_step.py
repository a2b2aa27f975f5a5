"""Run as a program: a step of a tiny project, watched as a real one is, that does what files in the repository say.

`operated_step.py STEP PROJECT` reads the project's raw file and writes its out. While there is a file `hold`, or
`hold-STEP`, it waits; with a file `fail-STEP` it fails. What it finds are facts of a built project.
"""

import os
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from conftest import ROOT

from flows.repository.files import read_json, sha256, write_json, write_text
from flows.repository.layout import Layout
from flows.running.environment import prepare
from flows.running.pool import pool
from flows.watching import server
from pipelines.core.submit import Submit

BUILT = "loan_default"  # whose facts are found


def work(step: str, project: str, submit: Submit) -> Mapping[str, object]:
    """Do what the files say; return the step's facts."""
    (Path("began") / f"{step}-{project}").touch()
    content = submit(sha256, Path("data", "raw", f"{project}.csv"), name="hash").result()
    while Path("hold").exists() or Path(f"hold-{step}").exists():
        time.sleep(0.05)
    if Path(f"fail-{step}").exists():
        raise ValueError(f"no {step} in bad weather")
    write_json(Path("outs") / f"{step}-{project}.json", content)
    if step == "report":
        write_text(Layout(project).report, f"# {project}\n\nAll is well.")
        return {"report": str(Layout(project).report), "pictures": []}
    facts: Mapping[str, object] = read_json(ROOT / "reports" / BUILT / "facts" / f"{step}.json")
    write_json(Layout(project).facts(step), facts)
    return facts


def main() -> None:
    """Run one step."""
    step, project = sys.argv[1:]
    prepare(Path.cwd())
    compute = partial(work, step, project)
    try:
        os.environ["PREFECT_API_URL"] = api = server.connect()
    except server.NotWatched:
        with pool() as submit:
            compute(submit)
        return
    from flows.watching.watch import watched

    if not watched(compute, step, project, api):
        os._exit(0)


if __name__ == "__main__":
    main()
