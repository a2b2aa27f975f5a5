"""A small repository of DVC that is edited in every way: after each edit, what a user sees is printed.

Run as `python dvc_edits.py plain` or `python dvc_edits.py ours` in an empty folder.
"""

import contextlib
import hashlib
import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

STAGES = """
vars:
  - of: {a: {}, b: {}}
stages:
  one:
    foreach: ${of}
    do:
      cmd: cat code/${key}.txt shared.txt > ${key}.one && echo ${key} >> ran
      params:
        - settings.toml:
            - ${key}
      deps: [code, shared.txt]
      outs:
        - ${key}.one:
            persist: true
  two:
    cmd: cat a.one b.one > two && echo two >> ran
    deps: [a.one, b.one, code]
    outs:
      - two:
          cache: false
"""
FILES = {
    "code/a.txt": "a\n",
    "code/b.txt": "b\n",
    "shared.txt": "shared\n",
    "settings.toml": "[a]\nx = 1\n[b]\nx = 2\n",
    "dvc.yaml": STAGES,
}
COMMANDS = (["status", "--json"], ["repro"], ["repro"])  # the second run has nothing left to do
LOCK, RAN = Path("dvc.lock"), Path("ran")


def write(name: str, text: str) -> Callable[[], object]:
    """Return an edit that gives a file another text."""
    return lambda: Path(name).write_text(text, encoding="utf-8")


def make() -> None:
    """Make the repository."""
    Path("code").mkdir()
    for name, text in FILES.items():
        write(name, text)()
    subprocess.run(["git", "init", "--quiet"], check=True)


def comment() -> None:
    """Put a line of a user into dvc.lock."""
    LOCK.write_text(f"# by hand\n{LOCK.read_text(encoding='utf-8')}", encoding="utf-8")


EDITS: dict[str, Callable[[], object]] = {
    "first": make,
    "nothing": lambda: None,
    "shared file": write("shared.txt", "changed\n"),
    "file in a folder": write("code/b.txt", "changed\n"),
    "new file in a folder": write("code/c.txt", "new\n"),
    "one section": write("settings.toml", "[a]\nx = 1\n[b]\nx = 3\n"),
    "damaged out": write("a.one", "damaged\n"),
    "lost out": lambda: Path("two").unlink(),
    "changed back": write("code/b.txt", "b\n"),
    "commented lock": comment,
    "changed under a comment": write("shared.txt", "changed again\n"),
}


def main(kind: str) -> None:
    """Make every edit; after each, run the commands and print a line of what they left beside what they print."""
    from dvc.cli import main as dvc

    for edit, act in EDITS.items():
        act()
        if edit == "first":
            dvc(["init", "--quiet"])
            if kind == "ours":
                from flows.whole_dvc import adapt

                adapt("repro")
        RAN.write_text("", encoding="utf-8")
        said = [run(dvc, command) for command in COMMANDS]
        ran = RAN.read_text(encoding="utf-8").split()
        sys.stdout.write(f"{json.dumps({'edit': edit, 'ran': ran, 'said': said, 'files': files()})}\n")


def run(dvc: Callable[[list[str]], int], command: list[str]) -> tuple[int, str]:
    """Return the exit status of a command, and what it says."""
    stream = io.StringIO()
    for handler in logging.getLogger("dvc").handlers:
        handler.setStream(stream)  # type: ignore[attr-defined] # DVC's are all handlers of streams
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        return dvc(command), stream.getvalue()


def files() -> dict[str, str]:
    """Return what every file holds, but git's, and DVC's own between two commands."""
    paths = [path for path in Path().rglob("*") if path.is_file() and not {".git", "tmp"} & set(path.parts)]
    return {path.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}


if __name__ == "__main__":
    main(sys.argv[1])
