"""The ladder of a table with texts: trees see numbers in place of the text, beside features that lines read."""

import numpy as np
import pandas as pd
import pytest
from toy_texts import COMMON

from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.ladder.interactions import interaction_facts, screened_facts
from pipelines.ladder.joint import acting_together
from pipelines.ladder.ladder import Ladder, ladder
from pipelines.ladder.shapes import shape_facts
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.targets import target_of

ROWS = 600
TOPIC, WORD = "text (topic 1)", "text (word not)"


def _table(rows: int = ROWS) -> Table:
    """Return a table in which a number bends, and the word "not" turns what a topic says."""
    rng = np.random.default_rng(3)
    held, topic, number = rng.random(rows) < 0.5, rng.normal(size=rows), rng.normal(size=rows)
    texts = [" ".join([*rng.choice(COMMON[:8], 6), *(["not"] if one else [])]) for one in held]
    margin = 2.5 * (np.abs(number) - 0.8) + 3 * topic * np.where(held, 1, -1)
    y = (rng.random(rows) < 1 / (1 + np.exp(-margin))).astype(float)
    place = np.arange(rows)
    return Table(
        pd.DataFrame(
            {
                "row_id": place, "split": np.where(place % 6 == 5, "test", "train"),
                "fold": np.where(place % 6 == 5, -1, place % 6).astype(np.int64), "y_true": y,
                "number": number, "other": rng.normal(size=rows), "text": pd.Series(texts, dtype="str"),
                TOPIC: topic.astype(np.float32), WORD: held.astype(np.float32),
            }
        ),
        target_of("binary", y),
    )  # fmt: skip


@pytest.fixture(scope="module")
def climbed() -> tuple[Study, Ladder]:
    """Return the ladder of the table."""
    table = _table()
    study = Study(table, METRICS["roc_auc"], 0.005, 7, run_now, of=ROWS)
    return study, ladder(study, np.zeros(ROWS))


def test_the_number_that_bends_is_drawn_first(climbed: tuple[Study, Ladder]) -> None:
    """Its curve falls and rises again, where the baseline's line hardly moves; what stands for the text has no line."""
    shapes = shape_facts(*climbed)

    curve = [point["effect"] for point in shapes[0]["curve"]]
    assert shapes[0]["feature"] == "number"
    assert min(curve[0], curve[-1]) > curve[len(curve) // 2] + 0.5
    for shape in shapes:
        lines = np.ptp([point["linear"] for point in shape["curve"]])
        assert (lines == 0) == (shape["feature"] in (TOPIC, WORD))


def test_the_pair_of_a_topic_and_a_word_is_named(climbed: tuple[Study, Ladder]) -> None:
    """Neither is a feature; their joint effect is drawn all the same, and turns from one end to the other."""
    pairs = interaction_facts(*climbed)

    assert pairs[0]["features"] == [TOPIC, WORD]
    assert pairs[0]["matters"]
    surface = pairs[0]["surface"]
    assert surface is not None
    rises = np.sign(np.array(surface["effect"])[-1] - np.array(surface["effect"])[0])
    assert rises[0] == -rises[-1] != 0
    assert screened_facts(climbed[0]) == {"features": 4, "of": 4}


def test_pairs_of_named_features_are_found_among_all_that_trees_see() -> None:
    """The strongest pair is one of a topic; of the two features alone it is theirs."""
    table = _table(60)
    strengths = np.full((4, 4), -np.inf)
    strengths[0, 1], strengths[2, 3] = 9.0, 99.0

    assert acting_together(table, strengths, ["number", "other"]) == ("number", "other")
    assert acting_together(table, strengths, [TOPIC, WORD]) == (TOPIC, WORD)


def test_what_trees_see_becomes_a_feature_alone() -> None:
    """Of a topic and a number nothing else is left, as numbers of full precision."""
    alone = _table(60).alone(["number", TOPIC])

    assert (alone.features, alone.texts, alone.encoded) == (["number", TOPIC], [], [])
    assert alone.x.dtypes.tolist() == [np.float64, np.float64]
