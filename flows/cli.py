"""The command line `sevenfold`: what each command does, once it has been understood (see `commands/parser.py`).

Exit status 0: done; 1: a step failed, with its traceback, or with a message where the disk or the memory is to blame;
2: bad input, with a message only.
"""

import argparse
import errno
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from flows.commands.parser import parser
from flows.repository.names import check_name
from flows.repository.projects import project_names
from flows.running.environment import find_root, prepare
from flows.running.leaving import leave_at_once, leaving
from pipelines.core.errors import InputError

ROOM = "make room there, then run the same command again; no file was lost"
RIGHTS = "give this user the right to it, then run the same command again; no file was lost"
DISK = {
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EFBIG: ROOM,
    errno.EROFS: RIGHTS,
    errno.EACCES: RIGHTS,
    errno.EPERM: RIGHTS,
}
FILES = ("data", "out", "ahead", "folder", "state")  # of the user, named from where the command is given
MEMORY = (
    "std::bad_alloc",
    "failed to map segment",
    "Cannot allocate memory",
    "can't start new thread",
    "Failed to launch worker thread",
)
MORE_MEMORY = "end other programs or raise the limit, then run the same command again; no file was lost"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status. Without arguments, those of this process, which then ends at once."""
    if arguments is not None:
        return _main(arguments)
    leave_at_once()
    return leaving(_main(None))


def _main(arguments: Sequence[str] | None) -> int:
    top = parser(ACTS)
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what could come next
        import argcomplete

        argcomplete.autocomplete(top)
    asked = top.parse_args(arguments)
    try:
        here = _here()
        for key in FILES:  # before the working directory changes
            if getattr(asked, key, None) is not None and asked.command in ("new", "predict", "serve", "export"):
                setattr(asked, key, here / getattr(asked, key).expanduser())
        root = find_root(here)
        prepare(root)
        os.chdir(root)
        return int(asked.act(asked))
    except InputError as error:
        short = _no_memory(error)  # input that could not be read for lack of memory is not wrong
        sys.stderr.write(short or f"{error}\n")
        return 1 if short else 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    except Exception as error:  # noqa: BLE001 - the end of the line: reported in full, and by the exit status
        report = _shortage(error) or traceback.format_exc()
        sys.stderr.write("".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in report))
        return 1


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        where = os.environ.get("PWD", "the working directory")
        raise InputError("this folder was removed", where=where, todo="change into the repository first") from None


def _shortage(error: BaseException) -> str:
    """Return what to say of an error for which the disk or the memory is to blame; nothing of any other."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in DISK:
            return f"error: {cause.strerror}\nwhere: {cause.filename or 'a temporary file'}\ndo: {DISK[cause.errno]}\n"
    return _no_memory(error)


def _no_memory(error: BaseException) -> str:
    """Return what to say of an error for which the memory is to blame; nothing of any other."""
    for cause in _causes(error):
        no_memory = isinstance(cause, OSError) and cause.errno == errno.ENOMEM
        if no_memory or isinstance(cause, MemoryError) or any(words in str(cause) for words in MEMORY):
            where = str(cause).partition("\n")[0] or "this machine"
            return f"error: there is not enough memory\nwhere: {where}\ndo: {MORE_MEMORY}\n"
    return ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, its cause, the cause of that, and further."""
    while error is not None:
        yield error
        error = error.__cause__


def _run(asked: argparse.Namespace) -> int:
    from flows.commands.run import run

    return run(asked.step, asked.project)


def _timings(asked: argparse.Namespace) -> int:
    from flows.measuring.timings import timings
    from flows.watching import server

    name = check_name(asked.project, project_names(), what="project", where="projects/")
    with suppress(server.NotWatched):  # each step will say so
        server.connect()  # its start is no step's time
    timings(name)
    return 0


def _predict(asked: argparse.Namespace) -> int:
    from flows.commands.predict import AskedFor, predict

    said = {name: getattr(asked, name) for name in ("data", "out", "model", "strict", "ahead", "until")}
    return predict(asked.project, AskedFor(**said))


def _partitioned(asked: argparse.Namespace) -> int:
    from flows.commands.partitioned import partitioned
    from flows.running.scheduler import needed_address
    from pipelines.partitioned.fit import KINDS, Recipe

    recipe = Recipe(asked.target, asked.task or KINDS[0], trees=asked.trees, leaves=asked.leaves)
    facts = partitioned(asked.folder, recipe, needed_address(os.environ), asked.out)
    scores = ", ".join(f"{name} {score:.4f}" for name, score in facts["scores"].items())
    sys.stdout.write(f"{asked.out}: {scores} on {facts['held_out_rows']:,} held-out rows\n")
    return 0


def _serve(asked: argparse.Namespace) -> int:
    from flows.serving.options import Options
    from flows.serving.serve import serve

    options = Options(
        name=asked.project, archive="", model=asked.model, host=asked.host, port=asked.port, workers=asked.workers,
        strict=asked.strict, timeout=asked.timeout, state=str(asked.state or ""), allowed_hosts=tuple(asked.allow_host),
    )  # fmt: skip
    if asked.verify:
        from flows.serving.verify import verify

        return verify(options)
    return serve(options)


def _export(asked: argparse.Namespace) -> int:
    from flows.commands.export import export

    return export(asked.project, asked.folder)


def _rebuild(asked: argparse.Namespace) -> int:
    from flows.commands.rebuild import rebuild

    return rebuild(asked.projects, force=asked.force, update=asked.update, run=asked.run)


def _operate(asked: argparse.Namespace) -> int:
    from flows.commands.operate import operate
    from flows.operating.operator import Looking

    looking = Looking(None, None) if asked.no_look else Looking(asked.look, asked.look_away)
    return operate(asked.projects, cron=asked.cron, interval=asked.interval, zone=asked.timezone, looking=looking)


def _ui(asked: argparse.Namespace) -> int:  # noqa: ARG001 - all commands are called alike
    from flows.watching import server

    try:
        api = server.connect(insist=True)
    except server.NotWatched as reason:
        raise InputError(f"no Prefect server: {reason}", where=server.ui()) from None
    sys.stdout.write(f"the Prefect UI is at {api.removesuffix('/api')}\n")
    return 0


def _stop(asked: argparse.Namespace) -> int:  # noqa: ARG001 - all commands are called alike
    from flows.running import warm
    from flows.watching import server

    warm.stop()
    sys.stdout.write(f"{server.stop()}\n")
    return 0


def _new(asked: argparse.Namespace) -> int:
    from flows.commands.new import new
    from pipelines.profiling.asked import Asked
    from pipelines.profiling.groups import check_target_given

    said = {
        name: getattr(asked, name)
        for name in ("target", "outcome", "task", "positive", "id", "time", "group", "test", "metric")
    }
    more = {
        "split_column": asked.split_column,
        "effort": asked.effort,
        "drop": tuple(asked.drop),
        "missing": tuple(asked.missing),
        "keep": tuple(asked.keep),
        "horizon": asked.horizon,
        "series": tuple(asked.series),
        "fill": asked.fill,
        "leave_out": tuple(asked.leave_out),
    }
    check_target_given(asked.target, asked.task)
    said["target"] = asked.target or ""
    return new(asked.data, Asked(name=asked.project, file="", **said, **more))


def _check_project(asked: argparse.Namespace) -> int:
    from flows.commands.check import check

    return check(asked.project)


def _list(asked: argparse.Namespace) -> int:  # noqa: ARG001 - all commands are called alike
    from flows.commands.list import list_projects

    return list_projects()


def _remove(asked: argparse.Namespace) -> int:
    from flows.commands.remove import remove

    return remove(asked.project)


def _completion(asked: argparse.Namespace) -> int:
    from argcomplete.shell_integration import shellcode

    sys.stdout.write(shellcode(["sevenfold", ".venv/bin/sevenfold"], shell=asked.shell) + "\n")
    return 0


ACTS = {
    "new": _new,
    "check": _check_project,
    "list": _list,
    "remove": _remove,
    "run": _run,
    "timings": _timings,
    "predict": _predict,
    "partitioned": _partitioned,
    "serve": _serve,
    "export": _export,
    "rebuild": _rebuild,
    "operate": _operate,
    "ui": _ui,
    "stop": _stop,
    "completion": _completion,
}


if __name__ == "__main__":
    sys.exit(main())
