"""Set-up: the lock is complete and says nothing of the machine it was made on; make lists its targets."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from flows.setup.bytecode import write_bytecode

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS: dict[str, str] = {
    canonicalize_name(name): pin for name, pin in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", LOCK, re.MULTILINE)
}
ASKED = [*PROJECT["project"]["dependencies"], *chain(*PROJECT["project"]["optional-dependencies"].values())]
WANTED = [one for one in [*ASKED, *PROJECT["build-system"]["requires"]] if Requirement(one).name != "sevenfold"]


def test_the_lock_names_no_index_and_no_path() -> None:
    """No option, address or path of the machine that made it is in the lock."""
    assert not re.search(r"^\s*-(?!-hash=)", LOCK, re.MULTILINE)
    assert "://" not in LOCK
    assert not re.search(r"(^|\s)/\w", LOCK)
    assert " @ " not in LOCK


def test_every_pin_has_hashes() -> None:
    """Each package is pinned to one version and followed by at least one sha256."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(PINS)
    assert all(re.search(r"^\S+==\S+ (;.*)?\\\n    --hash=sha256:[0-9a-f]{64}", block) for block in blocks)


@pytest.mark.parametrize("wanted", WANTED)
def test_the_lock_satisfies_the_project(wanted: str) -> None:
    """What pyproject.toml asks for, the build backend too, is in the lock in a version that it allows."""
    requirement = Requirement(wanted)
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_fastapi_does_not_break_prefect() -> None:
    """Prefect 3.8.8 cannot start its server with fastapi 0.151 or newer."""
    assert tuple(int(part) for part in PINS["fastapi"].split(".")[:2]) < (0, 151)
    assert PINS["prefect"] == version("prefect")


def test_help_lists_every_target() -> None:
    """`make help` names each target that can be asked for, with what it does."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert sorted(re.findall(r"^make (\S+) +\S", shown, re.MULTILINE)) == sorted(targets[1].split())


def test_importing_does_nothing() -> None:
    """Importing our packages makes no folder, sets up no logging and loads nothing heavy."""
    code = (
        "import sys, logging, flows, pipelines, flows.cli, flows.repository.files, flows.repository.layout; "
        "print(*(name for name in ('pandas', 'numpy', 'prefect', 'matplotlib', 'dvc') if name in sys.modules), "
        "*logging.root.handlers)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not done.stdout.strip()


def test_everything_whose_byte_code_is_written_can_be_imported() -> None:
    """What set-up imports at its end is there under that name, the libraries of all models too."""
    write_bytecode(Path(sys.prefix))  # raises Stopped else
