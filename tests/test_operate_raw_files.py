"""Raw files that changed: told once each content, and only where it is not the one that was built."""

import hashlib
from pathlib import Path

import pytest
from operated import PIPELINE

from flows.operating.raw_files import RawFiles, built_md5, chosen, imported

BUILT = b"amount,late\n1,0\n"


def lock(content: bytes) -> str:
    """Return a lock file in which `shop` was built of a content."""
    md5 = hashlib.md5(content).hexdigest()
    dep = f"    - path: data/raw/shop.csv\n      hash: md5\n      md5: {md5}\n      size: {len(content)}\n"
    return f"schema: '2.0'\nstages:\n  define@shop:\n    cmd: x\n    deps:\n{dep}"


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The raw file of a project that was built of it, in a repository; another project was never built."""
    monkeypatch.chdir(tmp_path)
    Path("data/raw").mkdir(parents=True)
    Path("dvc.yaml").write_text(PIPELINE, encoding="utf-8")
    Path("dvc.lock").write_text(lock(BUILT), encoding="utf-8")
    Path("data/raw/mill.csv").write_bytes(b"never built")
    path = Path("data/raw/shop.csv")
    path.write_bytes(BUILT)
    return path


def looks(files: RawFiles, count: int = 3) -> list[dict[str, str]]:
    """Return what several looks in a row find."""
    return [files.changed() for _ in range(count)]


def test_what_was_built_is_no_change(raw: Path) -> None:
    """The same content: nothing, also after its time has changed, and nothing of a project that was never built."""
    files = RawFiles([])

    assert looks(files) == [{}, {}, {}]
    raw.touch()
    assert looks(files) == [{}, {}, {}]


def test_a_change_is_told_once(raw: Path) -> None:
    """It counts at the second look at which it has stayed; a further change is told again."""
    files = RawFiles(["shop"])
    looks(files)

    raw.write_bytes(b"another")
    assert looks(files) == [{}, {"shop": "data/raw/shop.csv"}, {}]
    raw.write_bytes(b"a third one")
    assert looks(files) == [{}, {"shop": "data/raw/shop.csv"}, {}]


def test_a_change_before_the_first_look_is_told(raw: Path) -> None:
    """What changed while nobody looked is found by the next who does, until it has been built."""
    raw.write_bytes(b"another")

    assert looks(RawFiles([])) == [{}, {"shop": "data/raw/shop.csv"}, {}]
    assert looks(RawFiles([])) == [{}, {"shop": "data/raw/shop.csv"}, {}]
    Path("dvc.lock").write_text(lock(b"another"), encoding="utf-8")
    assert looks(RawFiles([])) == [{}, {}, {}]


def test_a_change_taken_back_and_made_again(raw: Path) -> None:
    """What was built is no change; after it, the same other content is told again."""
    files = RawFiles([])
    raw.write_bytes(b"another")
    assert looks(files, 2)[-1] == {"shop": "data/raw/shop.csv"}

    raw.write_bytes(BUILT)
    assert looks(files) == [{}, {}, {}]
    raw.write_bytes(b"another")
    assert looks(files) == [{}, {"shop": "data/raw/shop.csv"}, {}]


def test_a_file_that_is_being_written_is_left_alone(raw: Path) -> None:
    """While it grows from look to look nothing is told."""
    files, found = RawFiles([]), []
    for size in range(1, 6):
        raw.write_bytes(b"x" * 100 * size)
        found.append(files.changed())

    assert found == [{}] * 5
    assert files.changed() == {"shop": "data/raw/shop.csv"}


def test_a_file_that_is_gone_is_no_change(raw: Path) -> None:
    """Nothing can be built of it."""
    raw.unlink()

    assert looks(RawFiles([])) == [{}, {}, {}]


@pytest.mark.parametrize("text", ["", "stages: [", "stages:\n  define@shop: 3\n", "\x00"])
def test_a_damaged_record_is_none(raw: Path, text: str) -> None:
    """Without a record of what was built nothing counts as changed; DVC itself will say what is wrong."""
    Path("dvc.lock").write_text(text, encoding="utf-8")
    raw.write_bytes(b"another")

    assert built_md5("shop", "data/raw/shop.csv") is None
    assert looks(RawFiles([])) == [{}, {}, {}]


@pytest.mark.usefixtures("raw")
def test_which_files_are_looked_at_and_which_were_imported() -> None:
    """All without names; a file was imported where DVC's file beside it has a source; a new project is seen."""
    Path("data/raw/shop.csv.dvc").write_text("deps:\n- path: /somewhere\nouts:\n- path: shop.csv\n", encoding="utf-8")
    Path("data/raw/mill.csv.dvc").write_text("outs:\n- path: mill.csv\n", encoding="utf-8")

    assert list(chosen([])) == ["mill", "shop"]
    assert chosen(["shop"]) == {"shop": "data/raw/shop.csv"}
    assert imported([]) == ["data/raw/shop.csv.dvc"]
    assert imported(["mill"]) == []
    more = "      barn:\n        raw: data/raw/barn.csv\nstages:"
    Path("dvc.yaml").write_text(PIPELINE.replace("stages:", more), encoding="utf-8")
    assert list(chosen([])) == ["mill", "shop", "barn"]
