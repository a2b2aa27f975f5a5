"""The words that a column's name consists of."""

import re

PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(name: str) -> set[str]:
    """Return the words in lower case: `createdAt`, `created_at` and `CREATED AT` are created and at."""
    return {word.lower() for word in PARTS.findall(name)}
