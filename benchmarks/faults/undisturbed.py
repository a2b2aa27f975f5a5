"""Making the scratch repository, and building it once while nothing disturbs it."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import toy_forecast
from disk_full import small_disk
from scratch import CACHE, LOCK, TREES, Scratch, files_below, load_yaml, must, to_yaml
from small_project import EDITIONS, NAME, RAW, WHEELS, small_project

ROOT = Path(__file__).resolve().parent.parent.parent
COPIED = ("flows", "pipelines", ".dvc/config", ".dvc/plots", ".dvcignore", ".gitignore", "dvc.yaml")
BUILDS, CACHED = ("before", "after"), "cache"
BUILT = "built-"  # how the folder of builds of one code is called
USERS_OWN = ("DVC_", "PIP_", "PREFECT_", "SEVENFOLD_", "PYTHONDONTWRITEBYTECODE")


@contextmanager
def undisturbed(steps: Sequence[str], *, kind: str, warm: bool, kept: Path | None = None) -> Iterator[Scratch]:
    """Give a repository in which `steps` of a small project were built, on a small disk of its own if that can be had.

    No server watches; a `warm` process may run the steps nevertheless. What the builds leave is taken from the folder
    `kept` if it is there, and laid down there if it is not.
    """
    with tempfile.TemporaryDirectory(prefix="sevenfold-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        disk = small_disk(folder)
        here = Scratch(folder, _environment(folder), disk)
        try:
            (folder / "temporary").mkdir()
            _copy(here.place, steps)
            try:
                if warm:
                    here.watch(wanted=False)
                else:
                    _forgo_watching(here.place)
                _build(here, kept, kind)
                yield here
            finally:
                here.stop()
        finally:
            if disk:
                subprocess.run(["/usr/bin/env", "umount", "--lazy", name], check=True)


def _build(here: Scratch, kept: Path | None, kind: str) -> None:
    """Build both editions as a user does, or take what they left, and keep it beside the repository."""
    known = kept if kept is not None and kept.is_dir() else None
    for edition, name in zip(EDITIONS, BUILDS, strict=True):
        small_project(here.place, edition, kind)
        if not known:
            must(here.dvc("repro"))
            _keep(here, name)
    if known:
        for name in (*BUILDS, CACHED):
            shutil.copytree(known / name, here.folder / name)
        here.repair_cache()
        here.put_back()
        must(here.dvc("repro"))
    else:
        shutil.copytree(here.place / CACHE, here.folder / CACHED)
        _lay_down(here, kept)
    here.before, here.built = (files_below(here.folder / name) for name in BUILDS)
    if here.files() != here.built:
        raise RuntimeError(f"{kept} does not hold what a build leaves; remove it")


def _keep(here: Scratch, name: str) -> None:
    for tree in TREES:
        shutil.copytree(here.place / tree, here.folder / name / tree)
    shutil.copy2(here.place / LOCK, here.folder / name / LOCK)


def _lay_down(here: Scratch, kept: Path | None) -> None:
    """Keep the builds for a later run, whole or not at all, in place of those of other code."""
    if kept is not None:
        part = kept.with_name("part")
        shutil.rmtree(part, ignore_errors=True)
        for name in (*BUILDS, CACHED):
            shutil.copytree(here.folder / name, part / name)
        for earlier in kept.parent.glob(f"{BUILT}*"):
            shutil.rmtree(earlier)
        part.replace(kept)


def _forgo_watching(place: Path) -> None:
    """Leave word that a server has just failed to start: for some minutes, no step tries again."""
    (place / ".prefect").mkdir(exist_ok=True)
    told = {"time": time.time(), "reason": "nobody is asked to"}
    (place / ".prefect" / "not_started.json").write_text(json.dumps(told), encoding="utf-8")


def code_digest(kind: str) -> str:
    """Return 16 hexadecimal digits that differ wherever the code that is disturbed, or its project, does."""
    digest = hashlib.sha256(kind.encode())
    made_by = [Path(function.__code__.co_filename) for function in (small_project, toy_forecast.daily)]
    for top in [*(ROOT / name for name in COPIED), *made_by]:
        for path in [top, *sorted(top.rglob("*"))]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(USERS_OWN)}
    return kept | {
        "DVC_SITE_CACHE_DIR": str(folder / "dvc"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PIP_FIND_LINKS": str(folder / "sevenfold" / WHEELS),
        "PIP_NO_INDEX": "1",
        "PYTHONPATH": str(folder / "sevenfold"),  # the borrowed .venv would import this repository's code
        "SEVENFOLD_PORT": str(_free_port()),
        "TMPDIR": str(folder / "temporary"),  # a killed step may leave something there
    }


def _copy(place: Path, steps: Sequence[str]) -> None:
    """Copy the code, and those stages of dvc.yaml that are asked for, for the small project alone."""
    for name in COPIED:
        source, target = ROOT / name, place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    (place / ".venv").symlink_to(ROOT / ".venv")
    for tree in TREES:
        (place / tree).mkdir()
    listed = {"raw": RAW.as_posix(), "table": f"data/{NAME}/table.parquet"}
    pipeline, only = load_yaml(place / "dvc.yaml"), {NAME: listed}
    stages = {step: content for step, content in pipeline["stages"].items() if step in steps}
    lines = to_yaml({"vars": [{"packaged": only}, {"projects": only}, {"texts": []}], "stages": stages})
    (place / "dvc.yaml").write_text(lines, encoding="utf-8")
    subprocess.run(["/usr/bin/env", "git", "init", "--quiet"], cwd=place, check=True)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
