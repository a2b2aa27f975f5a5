"""Between steps 1 and 2: table and encoder in; texts as numbers, and what was learned of them, out."""

from collections.abc import Mapping

from flows.repository.earlier import load_facts
from flows.repository.encoder import load_encoder
from flows.repository.files import write_bytes, write_json
from flows.repository.frames import read_frame, write_table
from flows.repository.layout import Layout
from flows.repository.projects import load_project
from pipelines.core.errors import InputError
from pipelines.core.submit import Submit
from pipelines.encode import encode
from pipelines.inputs import text_columns


def run(name: str, submit: Submit) -> Mapping[str, object]:
    """Write the table, what was learned and the facts; return the facts."""
    project, layout = load_project(name), Layout(name)
    facts = load_facts(name, ["define"])["define"]
    if not (columns := text_columns(facts)):
        raise InputError(
            "the project has no texts to encode",
            where=f"dvc.yaml, vars, texts: {name}",
            allowed="projects of which a feature's column has type 'text'",
            todo=f"take {name} out of that list, and give it `table: {layout.table}`",
        )
    frame = read_frame(layout.table, "define", name)
    encoded = encode(frame, columns, project, load_encoder(project), submit)
    write_table(layout.encoded, encoded.frame)
    write_table(layout.controls, encoded.controls)
    write_bytes(layout.model("texts"), encoded.texts)
    write_json(layout.facts("encode"), encoded.facts)
    return encoded.facts
