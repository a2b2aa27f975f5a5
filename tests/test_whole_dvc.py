"""DVC's files: written whole or not at all."""

import sys
from pathlib import Path

import pytest
from dvc.utils.serialize import _common, _yaml, dump_yaml, modify_yaml
from ruamel.yaml.representer import RepresenterError

from flows.whole_dvc import write_whole

STOPS = {"schema": "2.0", "stages": {"a": "b" * 100_000, "c": object()}}  # no YAML for an object: the dump ends there


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock file; whatever replaces DVC's functions goes with the test."""
    for module in (_common, _yaml):
        monkeypatch.setattr(module, "_dump_data", module._dump_data)
    path = tmp_path / "dvc.lock"
    dump_yaml(path, {"schema": "2.0"})
    return path


def test_the_environment_has_this_dvc() -> None:
    """`.venv/bin/dvc` is ours, not the one that DVC's own package brings."""
    assert "from flows.whole_dvc import main" in Path(sys.executable).with_name("dvc").read_text(encoding="utf-8")


def test_a_dump_that_stops_leaves_the_file(lock: Path) -> None:
    """DVC's own leaves a part of the new file; here the old one stays, and nothing beside it."""
    whole = lock.read_bytes()
    with pytest.raises(RepresenterError):
        dump_yaml(lock, STOPS)
    assert lock.read_bytes() != whole
    lock.write_bytes(whole)
    write_whole()
    with pytest.raises(RepresenterError):
        dump_yaml(lock, STOPS)
    assert lock.read_bytes() == whole
    assert list(lock.parent.iterdir()) == [lock]


def test_the_bytes_are_those_of_dvc(lock: Path) -> None:
    """A file that is written, and one that is changed, hold what DVC writes."""
    other = lock.with_name("other.lock")
    for path in (lock, other):
        with modify_yaml(path) as data:
            data |= {"schema": "2.0", "stages": {"käse": {"md5": "0" * 32, "nothing": None}}}
        write_whole()
    assert lock.read_bytes() == other.read_bytes()
