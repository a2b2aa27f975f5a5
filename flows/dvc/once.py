"""What DVC does again and again within one command, done once: reading its files, hashing what many stages depend on.

Each function replaces some of DVC's own in this process; DVC has no settings for it. Nothing is remembered from before
a stage's command to after it, as a command may write anything.
"""

import copy
import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

Memory = dict[tuple[object, ...], Any]


def hash_once() -> None:
    """Let stages that depend on the same file or folder have it hashed once between two commands."""
    from dvc.output import Output

    known = _memory()
    hashed = Output._get_hash_meta  # noqa: SLF001 - DVC has no setting for it

    def remembering(self: Any) -> Any:  # noqa: ANN401 - DVC's
        key = (type(self.fs), self.fs_path, self.use_cache, self.hash_name)
        if key not in known:
            known[key] = hashed(self)
        return known[key]

    Output._get_hash_meta = remembering  # noqa: SLF001


def load_once() -> None:
    """Let dvc.yaml and dvc.lock be parsed, and stages be made of them, once between two commands."""
    from dvc import dvcfile
    from dvc.stage.loader import StageLoader

    files = _memory()
    load, make = dvcfile.load_file, StageLoader.__getitem__

    def remembering(repo: Any, path: Any, **more: Any) -> Any:  # noqa: ANN401 - DVC's
        key = (id(repo), str(repo.fs.abspath(path)), *sorted(more.items()))
        if key not in files:
            files[key] = load(repo, path, **more)
        return files[key]

    def made(self: Any, name: Any) -> Any:  # noqa: ANN401 - DVC's
        stages = self.__dict__.setdefault("_made", {})
        if name not in stages:
            stages[name] = make(self, name)
        return stages[name]

    dvcfile.load_file, StageLoader.__getitem__ = remembering, made


def _memory() -> Memory:
    """Return a memory that is emptied when DVC takes or leaves its lock, as around a command, and when a stage ran."""
    from dvc.repo import Repo
    from dvc.stage import Stage

    memory: Memory = {}
    reset, run = Repo._reset, Stage.run  # noqa: SLF001

    def resetting(self: Any) -> None:  # noqa: ANN401 - DVC's
        memory.clear()
        reset(self)

    def running(self: Any, *args: Any, **more: Any) -> None:  # noqa: ANN401 - DVC's
        try:
            run(self, *args, **more)
        finally:
            memory.clear()

    Repo._reset, Stage.run = resetting, running  # noqa: SLF001
    return memory


def parse_once() -> None:
    """Let project files, of which each stage reads some sections, be parsed once as long as they hold the same text."""
    from dvc.utils.serialize import _toml

    parse = functools.cache(_toml.parse_toml)
    _toml.parse_toml = lambda *args, **more: copy.deepcopy(parse(*args, **more))


def lock_once() -> None:
    """Let a stage's paths be locked once, not again in each of the functions that work on it."""
    from dvc import rwlock

    lock = rwlock.rwlock
    held: list[tuple[set[str], set[str]]] = []

    @contextmanager
    def nesting(
        tmp_dir: str, fs: object, cmd: str, read: Sequence[str], write: Sequence[str], hardlink: bool
    ) -> Iterator[None]:
        reads, writes = set(read), set(write)
        if held and writes <= held[-1][1] and reads <= held[-1][0] | held[-1][1]:
            yield
            return
        with lock(tmp_dir, fs, cmd, read, write, hardlink):
            held.append((reads, writes))
            try:
                yield
            finally:
                held.pop()

    rwlock.rwlock = nesting
