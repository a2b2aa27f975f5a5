"""The one error that a user can cause, written as a message to that user."""

MAX_QUOTED = 120  # characters of the user's own value that a message repeats
MAX_PART = 1_000  # characters of each part of a message: a list of what is allowed, or a key, may be of any length
# Characters that Unicode counts as printable and that take no room, or only blank room (Default_Ignorable_Code_Point).
_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)


class InputError(Exception):
    """Bad input: what was found, where, what is allowed and what to do next.

    The command line prints it without a traceback and ends with exit status 2.
    """

    def __init__(self, found: str, *, where: str, allowed: str = "", todo: str = "") -> None:
        """Keep the four parts; `where` names file, key, column or row, the others are plain sentences."""
        self.found, self.where, self.allowed, self.todo = found, where, allowed, todo
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the message, one part a line; file names and values cannot add lines or steer a terminal."""
        parts = [("error", self.found), ("where", self.where), ("allowed", self.allowed), ("do", self.todo)]
        return "\n".join(f"{name}: {_shortened(_printable(text), MAX_PART)}" for name, text in parts if text)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a trip between processes with all four parts."""
        return (_rebuild, (self.found, self.where, self.allowed, self.todo))


def _rebuild(found: str, where: str, allowed: str, todo: str) -> InputError:
    return InputError(found, where=where, allowed=allowed, todo=todo)


def quote(value: object) -> str:
    """Return the user's value as a printable, shortened, quoted string."""
    text = ascii(value) if not isinstance(value, str) else repr(value)
    return _shortened(_printable(text), MAX_QUOTED)


def seen(character: str) -> bool:
    """Return whether a character is seen as one: no control, no change of direction, nothing without width."""
    return character.isprintable() and character not in _UNSEEN


def _printable(text: str) -> str:
    """Return the text with escapes for what a terminal would not show as a character."""
    return "".join(c if seen(c) else _escaped(ord(c)) for c in text)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _escaped(code: int) -> str:
    """Return a character as Python writes it in a string."""
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004
