"""Import once what the steps and Prefect's server do: that writes byte code, which halves the time of every import.

Only of what is imported, a third of all modules: the rest is compiled when it is first imported.
"""

from pathlib import Path

from flows.setup.stopped import Stopped
from flows.setup.tools import start

GROUPS = (  # one process each
    ("prefect", "prefect.server.api.server", "prefect.cli.server", "dvc.cli", "dvc.repo.reproduce",
     "dvc.commands.repro"),
    ("great_expectations", "pandera.pandas", "matplotlib.pyplot", "sklearn.ensemble", "sklearn.svm", "scipy.stats"),
    ("optuna", "skops.io", "nbformat", "pyarrow.parquet", "pyarrow.csv", "python_calamine"),
)  # fmt: skip
FAMILIES = """from pipelines.models.families import imports
from pipelines.rows import ROWS
[__import__(module) for rows in ROWS for module in imports("thorough", rows)]"""


def write_bytecode(venv: Path) -> None:
    """Import each group in a process of its own, all at once; raise Stopped where one cannot be imported."""
    imports = {", ".join(group): f"import {', '.join(group)}" for group in GROUPS}
    imports["the libraries of models"] = FAMILIES
    running = [start([venv / "bin/python", "-c", code]) for code in imports.values()]
    said = [process.communicate()[0] for process in running]
    for process, group, text in zip(running, imports, said, strict=True):
        if process.returncode:
            last = (text.strip().splitlines() or [f"exit status {process.returncode}"])[-1]
            todo = "install it (Debian: libgomp1)" if "libgomp" in last else "run make clean"
            raise Stopped(f"one of {group} cannot be imported ({last}); {todo}, then run make again")
