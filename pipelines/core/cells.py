"""How cells of a table are written, counted and shown in messages."""

from datetime import date, datetime

ROWS = "rows are counted from 0, the first after the header"
SHOWN = 5  # example rows, or values, in a message or a fact


def as_text(value: object) -> str:
    """Return a TOML value as a text column of a file writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def value_label(value: object) -> str:
    """Return a parsed value as text, whole numbers without a point."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def written(value: object) -> str:
    """Return a value of Python as a file of text would have it in a cell."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, date) else str(value)
