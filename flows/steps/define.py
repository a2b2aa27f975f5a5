"""Step 1: raw file in; table, quarantine and facts out."""

from collections.abc import Mapping
from pathlib import Path

from flows.reading.identity import check_identity
from flows.reading.raw import read_raw
from flows.repository.files import write_json, write_text
from flows.repository.frames import write_table
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from flows.running.helper_process import helper_process
from pipelines.core.submit import Submit
from pipelines.define import define
from pipelines.validation.expectations import warm


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the table, the quarantine, the facts and Data Docs; return the facts."""
    project, layout = load_project(name), Layout(name)
    path = Path(project.raw.path)
    identity = check_identity(project, path)
    with helper_process(submit, warm, "great_expectations") as submit_there:  # imported while the file is read
        defined = define(read_raw(path, project), project, identity, submit_there)
    write_table(layout.table, defined.table.frame)
    write_table(layout.quarantine, defined.quarantine)
    for page, html in defined.data_docs.items():
        write_text(layout.data_docs / page, html)
    write_json(layout.facts("define"), defined.facts)
    return defined.facts
