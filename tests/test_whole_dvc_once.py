"""Our `dvc` does what DVC does: the same stages run, the same bytes are written, and it says the same."""

import json
import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from conftest import ROOT
from dvc.utils.serialize import dumps_yaml, modify_yaml

from flows.dvc.lock_entries import HEAD, with_entries

OLD = (ROOT / "dvc.lock").read_text(encoding="utf-8")
SOME = re.compile(r"(fetch|strong|report)@fraud:|overview:")  # a tenth of it: DVC takes two seconds for all of it
ENTRY = {
    "cmd": "run",
    "deps": [{"path": "a b", "md5": "0" * 32, "size": 12}],
    "params": {"a.toml": {"problem": {"yes": "no", "words": "a: b # " + "word " * 40, "list": [1, 0.5, []]}}},
    "outs": [{"path": "käse", "hash": "md5", "md5": "1e10", "size": 3}],
}
COMMENTED = "# by hand\n"
LEFT = re.compile(r"about 10 s left\\n")  # what ours says beside DVC's own words, as a line in JSON


def excerpt() -> str:
    """Return dvc.lock with some of its entries."""
    head, *entries = re.split(r"(?m)^  (?=\S)", OLD)
    return head + "".join(f"  {entry}" for entry in entries if SOME.match(entry))


STAGES = ("strong@fraud", "new", "käse@x", "2024", "a: b")


@pytest.mark.parametrize(
    ("text", "stage"),
    [*product([excerpt(), HEAD], STAGES), *product([OLD], STAGES[:2])],
    ids=lambda one: one if one in STAGES else f"{len(one)} characters",
)
def test_a_changed_entry_has_the_bytes_of_dvc(text: str, stage: str, tmp_path: Path) -> None:
    """An entry that is replaced, or put last, gives the text that DVC writes after reading all of it."""
    lock = tmp_path / "dvc.lock"
    lock.write_text(text if text != HEAD else "schema: '2.0'\nstages: {}\n", encoding="utf-8")
    with modify_yaml(lock) as data:
        data["stages"].update({stage: ENTRY})

    assert with_entries(text, {stage: ENTRY}, dumps_yaml) == lock.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "",
        COMMENTED + OLD,
        OLD + "datasets: []\n",
        f"{HEAD}  one:\n    cmd: run\n  # by hand\n  two:\n    cmd: run\n",
        f"{HEAD}  one: &first\n    cmd: run\n  two: *first\n",
        f"{HEAD}  one:\n    cmd: run\n    deps: &same\n    - path: a\n  two:\n    cmd: run\n    deps: *same\n",
        f"{HEAD}    one:\n      cmd: run\n",
    ],
)
def test_a_text_that_dvc_would_not_write_is_left_to_dvc(text: str) -> None:
    """A comment, other tables, entries bound to each other, another indentation: only DVC knows what to keep."""
    assert with_entries(text, {"one": {"cmd": "run"}}, dumps_yaml) is None


def test_an_entry_that_binds_its_parts_is_left_to_dvc() -> None:
    """One list in two places is written once and referred to, under a number that counts through the file."""
    shared = [{"path": "a"}]
    assert with_entries(HEAD, {"one": {"deps": shared, "outs": shared}}, dumps_yaml) is None


def _seen(kind: str, root: Path) -> list[str]:
    """Return what a user sees of DVC, plain or ours, after each of the edits in a repository at `root`."""
    root.mkdir()
    env = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "DVC_SITE_CACHE_DIR": str(root.with_name(f"site-{kind}"))}
    env["PYTHONHASHSEED"] = "0"  # DVC names files in the order of a set
    command = [sys.executable, str(ROOT / "tests" / "dvc_edits.py"), kind]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_our_dvc_does_what_dvc_does(tmp_path: Path) -> None:
    """After every kind of edit the same stages run, and all files, those of the cache too, hold the same."""
    plain, ours = (_seen(kind, tmp_path / kind) for kind in ("plain", "ours"))

    for expected, found in zip(plain, ours, strict=True):
        assert LEFT.sub("", found) == expected
    edits = [json.loads(line) for line in ours if line.startswith('{"edit"')]
    assert {edit["edit"]: edit["ran"] for edit in edits} == {
        "first": ["a", "b", "two"],
        "nothing": [],
        "shared file": ["a", "b", "two"],
        "file in a folder": ["a", "b", "two"],
        "new file in a folder": ["a", "b", "two"],
        "one section": ["b"],
        "damaged out": ["a"],
        "lost out": ["two"],
        "changed back": ["a", "b", "two"],
        "commented lock": [],
        "changed under a comment": ["a", "b", "two"],
    }
    assert {edit["edit"]: len(LEFT.findall(json.dumps(edit))) for edit in edits} == {
        edit["edit"]: 0 if edit["edit"] == "first" else len(edit["ran"]) for edit in edits
    }
