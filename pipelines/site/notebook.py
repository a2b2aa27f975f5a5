"""A notebook as a page: its words, its code, and what the code printed and drew."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from pipelines.site.links import fenced, relink


def notebook_page(path: PurePosixPath, text: str, files: frozenset[PurePosixPath]) -> str:
    """Return the Markdown of a page that shows an executed notebook (nbformat 4), and leads to the file itself.

    Its links work among `files`; see `relink`.
    """
    cells = json.loads(text)["cells"]
    shown = relink("\n\n".join(block for cell in cells for block in _cell(cell)), path, files)
    return f"{shown}\n\n[The notebook as a file]({path.name})\n"


def _cell(cell: Mapping[str, Any]) -> Iterator[str]:
    """Yield the blocks of one cell, those without text left out."""
    source = _joined(cell["source"])
    if source.strip():
        yield source if cell["cell_type"] == "markdown" else fenced(source, "python")
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if "image/png" in data:
            yield f"![What the cell above draws](data:image/png;base64,{_joined(data['image/png']).strip()})"
            continue
        said = _joined(output.get("text", data.get("text/plain", "")))
        if said.strip():
            yield fenced(said, "text")


def _joined(text: str | list[str]) -> str:
    """Return a notebook's text, which may stand there line by line."""
    return text if isinstance(text, str) else "".join(text)
