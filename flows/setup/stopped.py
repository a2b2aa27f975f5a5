"""Why set-up stopped, in one line: what was found, what is needed, what to do."""

import re

_ROOM = re.compile(r"No space left on device|os error 28|Disk quota exceeded|\[Errno (28|122)\]")
_NETWORK = re.compile(
    r"error sending request|Failed to fetch|dns error|[Cc]onnect|Max retries|timed out|[Tt]emporary failure|Network is"
)
_NO_ANSWER = re.compile(r"Retrying \(|error sending request|dns error")  # other than an index that has no such package
_HASH = re.compile(r"[Hh]ash mismatch|DO NOT MATCH THE HASHES")
_LOCAL = re.compile(r"WARNING: Location|Ignoring .*: markers")
_UNREACHED = re.compile(r"Retrying \(.*broken by '(?:.*connection: )?([^']*)'")  # pip's
MOST = 300  # characters of a tool's complaint


class Stopped(Exception):  # noqa: N818 - not an error of the program
    """Set-up cannot go on; the message is a sentence."""


def no_room(text: str) -> bool:
    """Return whether what a tool wrote says that a disk is full."""
    return bool(_ROOM.search(text))


def no_answer(text: str) -> bool:
    """Return whether what a tool wrote says that the package index could not be reached."""
    return bool(_NO_ANSWER.search(text))


def reason(tool: str, text: str) -> str:
    """Return the sentence for a tool that failed and wrote `text`."""
    said = complaint(text)
    if no_room(text):
        return f"the disk is full ({tool}: {said}); make room, then run make again"
    if _HASH.search(text):
        return f"a file is not the one that requirements.lock pins ({tool}: {said}); check which index pip uses"
    if _NETWORK.search(text):
        return (
            f"the package index did not answer ({tool}: {said}); check the network, the proxy and "
            "`python3 -m pip config list`, then run make again"
        )
    return f"{tool} failed ({said}); run make again, and if it fails again, report that"


def complaint(text: str) -> str:
    """Return the line that says most: the last cause of uv, the first error of pip, else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not _LOCAL.search(line)]
    causes = [line for line in lines if re.match(r"([Cc]aused by|cause):", line)]
    errors = [line for line in lines if re.match(r"(ERROR|error):", line) or _ROOM.search(line)]
    unreached = [found[1] for line in lines if (found := _UNREACHED.search(line))]
    said = next((found[-1] for found in (causes, unreached, errors, lines) if found), "nothing")
    return said if len(said) <= MOST else said[: MOST - 3] + "..."
