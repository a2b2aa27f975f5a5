"""Running a notebook's cells here, and writing down what they print and show, as Jupyter does.

A kernel of its own would take twenty further packages, two seconds to start, and write its versions into the file. The
cells are plain Python without magics, so all that a kernel does for them is: one namespace, the value of a cell's last
expression, and pictures that matplotlib has open.
"""

import ast
import base64
import io
import linecache
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

LINE, COLUMNS = (
    80,
    20,
)  # characters of a line and columns of a table before it is cut, whatever the terminal, as in Jupyter


def execute(notebook: "NotebookNode") -> "NotebookNode":
    """Return the notebook after running its code cells in order, in one namespace, with their outputs.

    The working directory and the import path are afterwards what they were. Raises what a cell raises, with a note that
    names the cell; raises ValidationError where it is no valid notebook.
    """
    import nbformat

    executed = nbformat.from_dict(notebook)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with _as_it_was(), _plain_displays():
        for count, cell in enumerate((cell for cell in executed.cells if cell.cell_type == "code"), start=1):
            try:
                cell.outputs = _run(cell.source, f"<cell {cell.id}>", count, namespace)
            except Exception as error:
                error.add_note(f"in the cell `{cell.id}` of the notebook")
                raise
            cell.execution_count = count
    nbformat.validate(executed)
    return executed


def _run(source: str, name: str, count: int, namespace: dict[str, Any]) -> "list[NotebookNode]":
    """Return the outputs of one cell: what it prints, the pictures that it draws, and its last expression's value."""
    from nbformat.v4 import new_output

    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)  # for tracebacks
    body = ast.parse(source, name).body
    last = body[-1] if body else None
    printed, value = io.StringIO(), None
    with redirect_stdout(printed):
        first = body[:-1] if isinstance(last, ast.Expr) else body
        exec(compile(ast.Module(first, []), name, "exec"), namespace)  # noqa: S102 - our own template # nosec B102
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)  # noqa: S307 # nosec B307
    outputs = [new_output("stream", name="stdout", text=printed.getvalue())] if printed.getvalue() else []
    outputs += [new_output("display_data", data={"image/png": picture}) for picture in _pictures()]
    if value is not None:
        outputs.append(new_output("execute_result", data=_shown(value), execution_count=count))
    return outputs


def _shown(value: object) -> dict[str, str]:
    """Return a value as text, and as HTML where it can say itself so."""
    html = getattr(value, "_repr_html_", lambda: None)()
    return {"text/plain": repr(value)} | ({} if html is None else {"text/html": html})


def _pictures() -> Iterator[str]:
    """Yield the pictures that are open in matplotlib as base64 of PNG, without its version, and close them."""
    if "matplotlib.pyplot" not in sys.modules:
        return
    import matplotlib.pyplot as plt

    for number in plt.get_fignums():
        buffer = io.BytesIO()
        plt.figure(number).savefig(buffer, format="png", bbox_inches="tight", metadata={"Software": None})
        yield base64.b64encode(buffer.getvalue()).decode()
    plt.close("all")


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Put the working directory and the import path back at the end."""
    here, path = os.getcwd(), list(sys.path)  # noqa: PTH109 - given back as it was
    try:
        yield
    finally:
        os.chdir(here)
        sys.path[:] = path


@contextmanager
def _plain_displays() -> Iterator[None]:
    """Show tables and pictures as without anyone's own settings, and pictures without a screen."""
    import matplotlib as mpl
    import pandas as pd

    with mpl.rc_context(), pd.option_context("display.width", LINE, "display.max_columns", COLUMNS):
        mpl.rcdefaults()
        mpl.use("agg")
        yield
