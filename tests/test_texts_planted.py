"""Causes planted in tables with texts are named, and no others; what the benchmark counts is counted right."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from planting import missed_bars
from texts.plant import (
    CONTROLLED,
    HEADING,
    claims,
    counts,
    found_in,
    parts,
    right_control,
    section,
    table_of,
    write_section,
)
from texts.tables import KINDS, WIDTH, Kind, StandIn, changed, plant

from pipelines.inputs.worded import embedding_of

KIND = {kind.name: kind for kind in KINDS}
ROWS, TEST_ROWS = 500, 100  # fewer than the benchmark's


def test_what_was_planted_is_named() -> None:
    """Pieces of words, where the ending of words that no other text holds decides."""
    found = found_in(plant(KIND["endings"], 500, ROWS, TEST_ROWS))

    assert found["true"] == found["named"] == ["spelling"]
    assert found["missed"] == found["false"] == []
    assert found["oracle"] > found["gains"]["spelling"]["gain"] > 0.1


def test_nothing_is_named_where_words_say_all() -> None:
    """Seven causes are tried or could be, and the words are the baseline's."""
    found = found_in(plant(KIND["single words"], 500, ROWS, TEST_ROWS))

    assert found["named"] == []
    assert found["absent"] >= 5


def test_tables_differ_by_kind_and_seed_and_are_drawn_again_alike() -> None:
    """No two tables share random numbers."""
    drawn = [plant(KIND[name], seed, 60, 20).table.frame for name in ("nothing", "number, straight") for seed in (0, 1)]

    assert all(not drawn[i]["text"].equals(drawn[j]["text"]) for i in range(4) for j in range(i))
    assert drawn[0].equals(plant(KIND["nothing"], 0, 60, 20).table.frame)
    assert (drawn[0]["split"] == "train").sum() == 60


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_every_kind_says_what_it_plants(kind: Kind) -> None:
    """Targets are of the kind's task, texts are there, and the truth is better than nothing where there is any."""
    planted = plant(kind, 7, 150, 50)
    table = planted.table

    assert table.texts == (["text", "again"] if "twin" in kind.name else ["text"])
    assert len(embedding_of(table.frame, "text")) == WIDTH
    assert len(np.unique(table.y)) == {"binary": 2, "multiclass": 3}.get(kind.task, len(table.y))
    better = table.target.loss(table.y, table.target.constant(table.y, len(table.y)))
    told = table.target.loss(table.y, table.target.inverse(planted.truth))
    assert (told.mean() < better.mean()) == ("nothing" not in kind.name)


def test_words_of_one_sort_have_vectors_near_each_other() -> None:
    """Two names of one sort are alike, two of different sorts are not, and none with the dictionary exchanged."""
    encoder = StandIn({"bark": 0, "howl": 0, "mew": 1}, 3)
    alike, other, mixed = (
        one.embed(["bark", "howl", "mew"]) for one in (encoder, StandIn({}, 3), encoder.scrambled(1))
    )

    assert float(alike[0] @ alike[1]) > 0.5 > abs(float(alike[0] @ alike[2]))
    assert max(abs(float(one[0] @ one[1])) for one in (other, mixed)) < 0.5
    assert np.allclose(np.linalg.norm(alike, axis=1), 1, atol=1e-6)
    assert not encoder.embed([""]).any()


def test_the_order_of_words_is_nothing_to_the_stand_in() -> None:
    """What is left of a text with its words shuffled has the same vector, so meaning keeps what it gains."""
    planted = plant(KIND["order of two words"], 0, 60, 20)
    rows = np.arange(5)

    beside = changed(planted, rows, 0)

    same = beside[[f"text shuffled [{i}]" for i in range(WIDTH)]].to_numpy(float)
    assert np.allclose(same, planted.table.frame.loc[rows, embedding_of(planted.table.frame, "text")], atol=2e-3)
    assert (
        beside["text shuffled"]
        .str.split()
        .map(sorted)
        .equals(planted.table.frame.loc[rows, "text"].str.split().map(sorted))
    )


@pytest.mark.parametrize(
    ("kind", "name", "claimed", "moved", "right"),
    [
        ("order of two words", "none", ["phrases"], 0.0, True),
        ("order of two words", "none", [], 0.0, False),
        ("order of two words", "none", ["phrases", "spelling"], 0.0, False),
        ("order of two words, weak", "none", [], 0.0, True),
        ("order of two words", "shuffled", [], 0.0, True),
        ("order of two words", "shuffled", ["phrases"], 0.0, False),
        ("endings", "shuffled", ["spelling"], 0.0, True),
        ("endings", "shuffled", [], 0.0, False),
        ("single words", "shuffled", [], 0.01, False),
        ("names of a kind", "scrambled", ["meaning"], 0.0, False),
        ("names of a kind", "random", [], 0.0, True),
        ("single words", "labels", ["spelling"], -0.2, False),
        ("single words", "labels", [], -0.2, True),
        ("number, curved", "none", [], 0.0, True),
    ],
)
def test_what_a_control_should_claim(kind: str, name: str, claimed: list[str], moved: float, right: bool) -> None:
    """With words shuffled no phrase is left, and words score what they scored; elsewhere nothing is left."""
    assert right_control(KIND[kind], name, claimed, moved) == right


def test_a_cause_is_claimed_beyond_noise_and_the_margin() -> None:
    """It is kept, its interval is above 0, and its gain reaches 0.005."""
    gains = [
        {"factor": name, "kept": kept, "gain": {"value": value, "ci": [low, 1.0]}}
        for name, kept, value, low in (("a", True, 0.01, 0.001), ("b", True, 0.01, -0.001), ("c", True, 0.004, 0.001),
                                       ("d", False, 0.01, 0.001))
    ]  # fmt: skip
    assert claims({"gains": gains}) == ["a"]


def _found(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - facts
    gain = {"gain": 0.003, "p": 0.04, "why": "kept"}
    plain = {
        "kind": "endings", "seed": 1_000, "weak": False, "true": ["spelling"], "named": ["spelling"], "missed": [],
        "false": [], "undecided": [], "absent": 6, "oracle": 0.3, "controls": [],
        "gains": {"spelling": gain, "shape": gain},
    }  # fmt: skip
    return plain | changes


def test_counts_by_kind() -> None:
    """Missed and false causes are added up by hand."""
    missed = _found(missed=["spelling"], named=[], undecided=["spelling"], oracle=0.1)
    false = _found(kind="nothing", true=[], named=["shape"], false=["shape"], absent=7, oracle=0.0)

    assert table_of([_found(), missed, false]).splitlines()[2:] == [
        "| endings | 2 | 2 | 1 | 1 | 1 | 0 | 12 | 0.200 |",
        "| nothing | 1 | 0 | 0 | 0 | 0 | 1 | 7 | 0.000 |",
        "| **all** | 3 | 2 | 1 | 1 | 1 | 1 | 19 | 0.133 |",
    ]


def test_bars_that_are_missed_are_named() -> None:
    """One of two planted causes missed, one of 19 absent ones named, one of two controls wrong: all three."""
    held: list[dict[str, Any]] = [
        {"kind": "endings", "seed": 1, "name": "labels", "claimed": [], "right": right} for right in (True, False)
    ]
    wrong = [
        _found(controls=held), _found(missed=["spelling"]),
        _found(true=[], false=["shape"], absent=7),
    ]  # fmt: skip

    assert missed_bars(counts([_found()])) == []
    assert missed_bars(counts(wrong)) == ["planted causes named", "absent causes named", "controls right"]
    told = section(wrong)
    assert "| planted causes named | at least 90 % | 50.0 % | 2 |" in told
    assert "- endings, seed 1000: missed spelling (gain 0.0030, p 0.04)" in told
    assert "- endings, seed 1, labels: nothing claimed" in told


def test_the_page_keeps_its_other_sections(tmp_path: Path) -> None:
    """Written twice, it holds one section on texts, before that on forecasts."""
    page, later = tmp_path / "planted.md", "## Forecasts"
    page.write_text(f"# Planted\n\nRates.\n\n{later}\n\nMore.\n", encoding="utf-8")

    for _ in range(2):
        write_section([_found()], page)

    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Planted\n\nRates.\n\n{HEADING}\n")
    assert text.endswith(f"{later}\n\nMore.\n")
    assert text.count(HEADING) == text.count("| endings | 1 | 1 | 1 |") == 1


def test_controls_are_run_on_every_second_table_of_some_kinds() -> None:
    """All of these kinds are planted."""
    assert set(CONTROLLED) < set(KIND)
    assert parts("endings", 1_000) == ["controls"]
    assert parts("endings", 1_001) == parts("length", 1_000) == []
