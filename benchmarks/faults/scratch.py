"""A scratch repository with one small project: its commands and files, and how it is put back before each fault."""

import hashlib
import io
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from small_project import NAME
from started import Ended, Started, eventually, no_step_runs

from flows.repository.names import OF_ALL_PROJECTS

TREES = ("data", "models", "reports")
LOCK = Path("dvc.lock")
CACHE = Path(".dvc", "cache", "files", "md5")
DOCS = Path("data", NAME, "data_docs")  # they hold times, so no stage owns them
API, NOBODY = "PREFECT_API_URL", "http://127.0.0.1:9/api"  # nothing listens there
MEASURED = 2  # times
STARTS = 5  # of a server, at most
Files = dict[str, str]  # sha256 by path


@dataclass
class Scratch:
    """The repository at `place`; beside it lie what undisturbed builds left of both editions, and of DVC's cache."""

    folder: Path
    environment: dict[str, str]
    disk: bool  # whether it lies on a small disk of its own
    watched: bool = False  # whether a server watches
    built: Files = field(default_factory=dict)
    before: Files = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    most_repairs: int = 0  # of one state; as many as there are, where it is 0
    repairs: Counter[str] = field(default_factory=Counter)  # that ended well, by the state that they began with
    _entries: dict[str, Any] = field(default_factory=dict)  # of dvc.lock after the build, by stage
    _restored: dict[str, str] = field(default_factory=dict)  # dvc.lock in which a step is to be run, by step

    @property
    def place(self) -> Path:
        """The root of the repository."""
        return self.folder / "sevenfold"

    def start(self, command: Sequence[str], **more: str) -> Started:
        """Start a command in the repository, in a session of its own."""
        return Started(command, self.place, self.environment | more)

    def dvc_command(self, *arguments: str) -> list[str]:
        """Return the command that runs DVC."""
        return [str(self.place / ".venv/bin/dvc"), *arguments]

    def dvc(self, *arguments: str, **more: str) -> Ended:
        """Run DVC to its end."""
        return self.start(self.dvc_command(*arguments), **more).end()

    def step_command(self, step: str) -> list[str]:
        """Return the command that runs a step as its stage does."""
        return self._sevenfold("run", step, *([] if step == OF_ALL_PROJECTS else [NAME]))

    def watch(self, wanted: bool) -> None:
        """Let a server watch from here on, or none that answers: the warm process serves steps in either case."""
        if self.watched and not wanted:
            self.stop()
        self.watched = wanted
        self.environment.pop(API, None)
        if not wanted:
            self.environment[API] = NOBODY

    def ui(self) -> None:
        """Let a server watch, if one shall."""
        tries = STARTS if self.watched else 0
        while tries and (ended := self.start(self._sevenfold("ui")).end()).status:
            tries -= 1  # on a busy machine it may take longer than a user would wait
            if not tries:
                must(ended)

    def stop(self) -> None:
        """End the server and the warm processes."""
        must(self.start(self._sevenfold("stop")).end())

    def start_afresh(self) -> None:
        """Let nothing that a trial went wrong with trouble the next one."""
        self.stop()
        self.repair_cache()
        _remove(self.place / ".dvc" / "tmp")
        if self.watched:
            _remove(self.place / ".prefect")
            self.ui()

    def duration(self, step: str) -> float:
        """Return how many seconds the step takes at least, as measured when first asked for."""
        if step not in self.seconds:
            took = []
            for _ in range(MEASURED):  # the first time, the warm process has yet to import what the step needs
                self.restore(step)
                started = time.monotonic()
                must(self.start(self.step_command(step)).end())
                took.append(time.monotonic() - started)
            self.seconds[step] = min(took)
        return self.seconds[step]

    def put_back(self) -> None:
        """Put everything where it was after the build of the second edition."""
        eventually(lambda: no_step_runs(self.place))
        for tree in TREES:
            for path in (self.place / tree).iterdir():
                _remove(path)
            shutil.copytree(self.folder / "after" / tree, self.place / tree, dirs_exist_ok=True)
        shutil.copy2(self.folder / "after" / LOCK, self.place / LOCK)

    def restore(self, step: str) -> None:
        """Put everything back, but the step's own files as the first edition has them, and the step to be run."""
        self.put_back()
        for out in self.outs(step):
            _remove(self.place / out)
            earlier = self.folder / "before" / out
            (shutil.copytree if earlier.is_dir() else shutil.copy2)(earlier, self.place / out)
        if step not in self._restored:
            lock = load_yaml(self.folder / "after" / LOCK)
            lock["stages"][stage(step)]["cmd"] += " --of-another-edition"
            self._restored[step] = to_yaml(lock)
        (self.place / LOCK).write_text(self._restored[step], encoding="utf-8")

    def repair_cache(self) -> None:
        """Put DVC's cache where it was after the build."""
        _remove(self.place / CACHE)
        shutil.copytree(self.folder / "cache", self.place / CACHE)

    def cached(self, path: Path) -> Path:
        """Return where DVC keeps the copy of a file, if it does."""
        content = (self.folder / "after" / path.relative_to(self.place)).read_bytes()
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        return self.place / CACHE / digest[:2] / digest[2:]

    def outs(self, step: str) -> list[Path]:
        """Return the files and folders that the step's stage owns, relative to the repository."""
        if not self._entries:
            self._entries = load_yaml(self.folder / "after" / LOCK)["stages"]
        return [Path(out["path"]) for out in self._entries[stage(step)]["outs"]]

    def files_of(self, step: str) -> list[Path]:
        """Return the files that the step's stage owns."""
        found = [path for out in self.outs(step) for path in [self.place / out, *sorted((self.place / out).rglob("*"))]]
        return [path for path in found if path.is_file()]

    def files(self) -> Files:
        """Return the sha256 of every file that a build makes, and of whatever else lies there."""
        return files_below(self.place)

    def state(self) -> str:
        """Return a digest of all that the next build may find: those files, DVC's cache, and their modes."""
        paths = [path for top in (*TREES, LOCK, CACHE) for path in [self.place / top, *(self.place / top).rglob("*")]]
        modes = sorted((str(path), path.stat().st_mode) for path in paths if path.exists())
        told = repr((sorted(self.files().items()), sorted(_digests(self.place, [CACHE]).items()), modes))
        return hashlib.sha256(told.encode()).hexdigest()

    def _sevenfold(self, *arguments: str) -> list[str]:
        return [str(self.place / ".venv/bin/sevenfold"), *arguments]


def files_below(root: Path) -> Files:
    """Return the sha256 of every file that a build makes below a folder, and of whatever else lies there."""
    docs = DOCS.as_posix() + "/"
    found = _digests(root, [*map(Path, TREES), LOCK])
    return {path: digest for path, digest in found.items() if not (path.startswith(docs) and path.endswith(".html"))}


def _digests(root: Path, tops: Sequence[Path]) -> Files:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for top in tops
        for path in [root / top, *sorted((root / top).rglob("*"))]
        if path.is_file()
    }


def stage(step: str) -> str:
    """Return the name that DVC has for a step of the small project."""
    return step if step == OF_ALL_PROJECTS else f"{step}@{NAME}"


def must(ended: Ended) -> None:
    """Raise RuntimeError, with what a command said, if it failed."""
    if ended.status:
        raise RuntimeError(f"a command failed while nothing disturbed it:\n{ended.output}")


def load_yaml(path: Path) -> dict[str, Any]:
    """Return what a file of DVC says, in its order."""
    loaded: dict[str, Any] = YAML().load(path.read_text(encoding="utf-8"))
    return loaded


def to_yaml(value: object) -> str:
    """Return YAML as DVC writes it."""
    stream = io.StringIO()
    YAML().dump(value, stream)
    return stream.getvalue()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
