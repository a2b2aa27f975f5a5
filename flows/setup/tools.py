"""Start a tool, without a shell, and take what it writes."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Command = Sequence[str | Path]


class Failed(Exception):  # noqa: N818 - not an error of the program
    """A tool ended with another exit status than 0; the message is all it wrote."""


def start(command: Command, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """Start a tool whose lines, of both kinds, can be read."""
    return subprocess.Popen(  # noqa: S603 - git, the Python that runs this, or what it has installed
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environment
    )


def run(command: Command, environment: Mapping[str, str] | None = None, *, read: Callable[[str], object] = str) -> str:
    """Return what a tool wrote, each line of which `read` sees at once; raise Failed."""
    lines = []
    with start(command, environment) as process:
        for line in process.stdout or ():
            lines.append(line)
            read(line)
    text = "".join(lines)
    if process.returncode:
        raise Failed(text)
    return text
