"""A number and the word for what it counts: 1 row, 2 rows."""

_ENDINGS = {"ies": "y", "sses": "ss", "s": ""}


def agree(count: float, plural: str) -> str:
    """Return the word that goes with so many: "training row" for one of "training rows", else as it is."""
    if count != 1:
        return plural
    ending = next((end for end in _ENDINGS if plural.endswith(end)), "")
    return plural.removesuffix(ending) + _ENDINGS.get(ending, "")
