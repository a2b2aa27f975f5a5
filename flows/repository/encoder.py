"""The encoder of a project's texts, as step `encoder` put its files in place."""

import hashlib

from flows.repository.earlier import damaged, load_model, made_by
from flows.repository.layout import ENCODER_FILES, Layout
from pipelines.core.project import Project
from pipelines.facts.steps import Facts
from pipelines.inputs import text_columns
from pipelines.texts.encodings import MODEL, TEXTS, TOKENIZER
from pipelines.texts.minilm import MiniLM


def load_encoder(project: Project) -> MiniLM | None:
    """Return the encoder, ready to run; None where the project names none.

    Raises InputError where a file is not there, is not the declared one, or cannot be read.
    """
    files = _files(project)
    return MiniLM(files[MODEL], files[TOKENIZER]) if files else None


def text_files(project: Project, facts: Facts) -> dict[str, bytes]:
    """Return the files of an archive that make numbers of raw texts, as `Encodings.of` reads them; none without texts.

    Raises InputError where one is not there, or is not what earlier steps wrote.
    """
    if not text_columns(facts["define"]):
        return {}
    return {TEXTS: load_model(project.name, "texts")} | _files(project)


def _files(project: Project) -> dict[str, bytes]:
    """Return the encoder's files by their names; none where the project names no encoder."""
    found = {}
    for role, name in ENCODER_FILES.items() if project.file_of("model") else ():
        source, path = project.file_of(role), Layout(project.name).encoder / name
        found[name] = made_by("encoder", path, project.name).read_bytes()
        if source is None or hashlib.sha256(found[name]).hexdigest() != source.sha256:
            raise damaged(path, "encoder", project.name)
    return found
