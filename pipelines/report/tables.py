"""Reading and checking of GitHub Flavored Markdown tables."""

import re

_DELIMITER = re.compile(r":?-{3,}:?")
_FEWEST_LINES = 3  # a head, a delimiter row, a row


def split_row(line: str) -> list[str]:
    """Return the cells of one table line (GitHub Flavored Markdown section 4.10), without the outer pipes."""
    cells = re.split(r"(?<!\\)\|", line.strip())
    return [cell.strip() for cell in cells[1:-1]]


def find_tables(markdown: str) -> list[list[str]]:
    """Return the tables of a page, each as its lines."""
    tables: list[list[str]] = []
    previous = ""
    for line in markdown.splitlines():
        if line.startswith("|"):
            if not previous.startswith("|"):
                tables.append([])
            tables[-1].append(line)
        previous = line
    return tables


def check_tables(markdown: str) -> None:
    """Raise ValueError, quoting the line, where a table has a ragged row, no delimiter row, or no rows."""
    for lines in find_tables(markdown):
        width = len(split_row(lines[0]))
        if len(lines) < _FEWEST_LINES or not all(_DELIMITER.fullmatch(cell) for cell in split_row(lines[1])):
            message = f"not a table: {lines[0]}"
            raise ValueError(message)
        for line in lines:
            if not line.endswith("|") or len(split_row(line)) != width:
                message = f"a row with {len(split_row(line))} cells in a table of {width}: {line}"
                raise ValueError(message)
