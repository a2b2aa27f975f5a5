"""Another processor writes the same files; `make processors` compares all steps of five projects."""

import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from processors import PROCESSORS, counted, differing, rebuild, write_projects

STEPS = "define metric eda baseline strong compare"  # the others take twice as long as all of these
Built = tuple[str, dict[str, bytes]]  # what tells the processor, and the tracked files

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the switches are those of x86-64 libraries")


@pytest.fixture(scope="module")
def seed() -> Iterator[Path]:
    """A repository with one small project."""
    with tempfile.TemporaryDirectory() as folder:
        write_projects(Path(folder, "seed"), ["regression"], 240)
        yield Path(folder, "seed")


@pytest.fixture(scope="module")
def here(seed: Path) -> Built:
    """The project, built by this processor."""
    return rebuild(seed, seed.with_name("here"), ["regression"], {"SEVENFOLD_TEST_STEPS": STEPS})


@pytest.mark.parametrize("processor", list(PROCESSORS)[1:])
def test_another_processor_changes_no_byte(seed: Path, here: Built, processor: str) -> None:
    """Products and logarithms have other last digits there, and every file that git tracks has the same bytes."""
    switches = {**PROCESSORS[processor], "SEVENFOLD_TEST_STEPS": STEPS}
    sign, files = rebuild(seed, seed.with_name(processor.replace(" ", "_")), ["regression"], switches)
    if sign == here[0]:
        pytest.skip(f"this processor is {processor}")

    assert differing(here[1], files) == [], counted(files)
    assert len(files) >= len(STEPS.split())


def test_one_other_digit_is_found() -> None:
    """The comparison says which value of which file differs."""
    expected = {"facts/a.json": b'{"x": [1, 0.25], "y": 2}', "b.md": b"one\ntwo\n"}
    found = {"facts/a.json": b'{"x": [1, 0.26], "y": 2}', "b.md": b"one\ntwo\n"}

    assert differing(expected, found) == ["facts/a.json#/x/1: 0.25 | 0.26"]
    assert differing(expected, expected | {"c.md": b""}) == ["c.md is unexpected"]
    assert counted(expected) == "2 files, 3 values in 1 of them"
