"""What is taken away from texts, and what the causes of texts are worth then, in gains and in rows."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from toy_texts import COMMON, reviews

from pipelines.core.submit import run_now
from pipelines.core.table import Table
from pipelines.experiments.texts.climbing import climb, gains_of, shuffled_target
from pipelines.experiments.texts.reasons import rows_worth, with_changed
from pipelines.experiments.texts.terms import terms
from pipelines.experiments.texts.views import base, rungs
from pipelines.ladder.ladder import ladder
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.models.worded.block import FittedTerms
from pipelines.models.worded.stack import Rows
from pipelines.models.worded.view import read_terms, weighted
from pipelines.targets import target_of
from pipelines.texts.controls import masked_names, shuffled_words


@pytest.mark.parametrize(
    ("scores", "greater", "same_with", "at_most"),
    [
        # AUC: with the cause 0.7 at 1,000 rows and 0.9 at 4,000; 0.8 is half way in the logarithm: 2,000.
        ([(1_000, 0.6, 0.7), (4_000, 0.8, 0.9)], True, 2_000, False),
        # The same as a loss, where less is better.
        ([(1_000, 0.7, 0.6), (4_000, 0.5, 0.4)], False, 2_000, False),
        # 1,000 rows with the cause are better than 4,000 without: as few may do.
        ([(1_000, 0.6, 0.85), (4_000, 0.8, 0.9)], True, 1_000, True),
        # Of three sizes the upper two hold the score: 100 times the square root of 10.
        ([(10, 0.5, 0.5), (100, 0.5, 0.6), (1_000, 0.7, 0.8)], True, 320, False),
    ],
)
def test_rows_that_a_cause_is_worth(
    scores: list[tuple[int, float, float]], greater: bool, same_with: int, at_most: bool
) -> None:
    """The score is straight in the logarithm of the rows between two sizes, and is told with two digits."""
    told = [(rows, {"words": words, "meaning": meaning}) for rows, words, meaning in scores]

    found = rows_worth(told, "meaning", greater_is_better=greater)

    assert found == {"factor": "meaning", "rows": scores[-1][0], "same_with": same_with, "at_most": at_most}


@pytest.mark.parametrize(("greater", "without", "with_it"), [(True, 0.8, 0.79), (False, 0.4, 0.41), (True, 0.8, 0.8)])
def test_a_cause_that_does_not_raise_the_score_is_worth_no_rows(greater: bool, without: float, with_it: float) -> None:
    """It was kept for its loss, but the metric does not see it."""
    scores = [(100, {"words": 0.5, "meaning": 0.5}), (1_000, {"words": without, "meaning": with_it})]

    assert rows_worth(scores, "meaning", greater_is_better=greater) is None


def test_the_cause_below_is_the_one_that_it_is_measured_against() -> None:
    """Spelling's rows are those of the model with phrases, not of the words alone."""
    few, many = {"words": 0.5, "phrases": 0.55, "spelling": 0.6}, {"words": 0.6, "phrases": 0.7, "spelling": 0.8}
    scores = [(100, few), (1_000, many)]

    found = rows_worth(scores, "spelling")

    assert found is not None
    assert found["same_with"] == 320  # 0.7 is half way from 0.6 to 0.8


def test_shuffled_texts_keep_their_words() -> None:
    """Each text holds the same words as often, nearly all in another order; the same seed gives the same order."""
    texts = pd.Series([*reviews(60), "", "alone", "a  b\n\tc"], dtype="str")

    mixed = shuffled_words(texts, 3)

    assert [Counter(one.split()) for one in mixed] == [Counter(one.split()) for one in texts]
    assert (mixed.iloc[:60] != texts.iloc[:60]).mean() > 0.95
    assert mixed.iloc[60:62].tolist() == ["", "alone"]
    assert mixed.equals(shuffled_words(texts, 3))
    assert not mixed.equals(shuffled_words(texts, 4))


@pytest.mark.parametrize(
    ("text", "name", "hidden"),
    [
        ("Wild Rose is wild.", "Wild Rose", "thing is thing."),
        ("wild-rose, WILD ROSE", "Wild Rose", "thing, thing"),
        ("Roses are wilder", "Wild Rose", "Roses are wilder"),
        ("An it girl in It", "It", "An it girl in It"),
        ("The up side of Up in the air", "Up in the Air", "thing up side of thing"),
        ("C++ (2)", "C++ (2)", "C++ (2)"),
        ("What? (1999) is good", "What? (1999)", "thing) is good"),
        ("nothing", "", "nothing"),
        ("", "Wild Rose", ""),
    ],
)
def test_names_are_hidden(text: str, name: str, hidden: str) -> None:
    """A name and its longer parts, in any case and punctuation, as whole words; what is short in it alone is left."""
    assert masked_names(pd.Series([text], dtype="str"), [name]).tolist() == [hidden]


def _noise(rows: int = 500, seed: int = 1) -> Table:
    """Return texts, a number and an embedding that say nothing of the target, but for one word."""
    rng = np.random.default_rng(seed)
    held = rng.random(rows) < 0.5
    texts = [" ".join([*rng.choice(COMMON, 8), *(["great"] if one else [])]) for one in held]
    y = (rng.random(rows) < np.where(held, 0.85, 0.15)).astype(float)
    place = np.arange(rows)
    frame = pd.DataFrame(
        {
            "row_id": place, "split": np.where(place % 6 == 5, "test", "train"),
            "fold": np.where(place % 6 == 5, -1, place % 6).astype(np.int64), "y_true": y,
            "number": rng.normal(size=rows), "text": pd.Series(texts, dtype="str"),
        }
        | {f"text [{i}]": rng.normal(size=rows).astype(np.float16) for i in range(10)}
    )  # fmt: skip
    return Table(frame, target_of("binary", y))


def test_nothing_is_kept_on_noise() -> None:
    """One word says all; neither phrases nor spelling nor meaning gain, and on shuffled labels nothing is left."""
    table = _noise()
    metric = METRICS["roc_auc"]
    for one, least, most in ((table, 0.8, 1.0), (shuffled_target(table, 5), 0.35, 0.6)):
        climbed = climb(one, Rows.of(one), base(one), rungs(one))

        assert climbed.kept == {"phrases": False, "spelling": False, "meaning": False}
        assert all(gain["gain"] == {"value": 0.0, "ci": [0.0, 0.0]} for gain in gains_of(one, climbed, metric, 7))
        rows = one.scored
        assert least < metric.score(one.y[rows], climbed.predictions["words"][rows]) < most


def test_shuffled_labels_leave_the_test_rows() -> None:
    """The training rows have the same labels in another order."""
    table = _noise(120)

    mixed = shuffled_target(table, 5)

    assert np.array_equal(mixed.y[table.tested], table.y[table.tested])
    assert mixed.y[table.trained].sum() == table.y[table.trained].sum()
    assert not np.array_equal(mixed.y, table.y)


def test_rows_come_with_what_was_taken_away_beside() -> None:
    """The rows asked for, in their order, with the shuffled text and a random embedding as wide as the text's own."""
    table = _noise(120)
    rows = np.array([3, 7, 50])
    mixed = shuffled_words(table.frame["text"].iloc[rows], 1)

    small = with_changed(table, pd.DataFrame({"row_id": rows, "text shuffled": mixed}), 1)

    assert small.frame["row_id"].tolist() == [3, 7, 50]
    assert small.frame["text"].tolist() == table.frame["text"].iloc[rows].tolist()
    assert small.frame["text shuffled"].tolist() == mixed.tolist()
    assert sum(name.startswith("text random [") for name in small.embedded) == 10


def test_a_word_s_effect_is_that_of_both_blocks_that_read_it() -> None:
    """The mean over the folds of what words and phrases add for "great", in the texts that hold it."""
    rng = np.random.default_rng(4)
    table = _noise(600)
    held, denied, elsewhere = (rng.random(600) < share for share in (0.6, 0.5, 0.5))
    texts = [
        " ".join(
            [
                *(["not"] if third else []),
                *rng.choice(COMMON, 5),
                *(["not"] if second else []),
                *(["great"] if first else []),
            ]
        )
        for first, second, third in zip(held, denied & held, elsewhere, strict=True)
    ]
    y = (rng.random(600) < np.where(held, np.where(denied, 0.1, 0.9), 0.5)).astype(float)
    told = Table(table.frame.assign(text=pd.Series(texts, dtype="str"), y_true=y), table.target)
    climbed = ladder(Study(told, METRICS["roc_auc"], 0.005, 7, run_now, of=500), np.zeros(600))

    found = {one["term"]: one for one in terms(told, climbed)}

    assert found["great"]["effect"]["value"] > 0 > found["not great"]["effect"]["value"]
    assert (found["great"]["kind"], found["not great"]["kind"]) == ("words", "phrases")
    assert found["great"]["texts"] == held[told.trained].sum()
    added = []
    for one in climbed.linear_top.linear.values():
        total = 0.0
        for place, block in enumerate(one.model.fitted):
            if isinstance(block, FittedTerms):
                read = read_terms(block.view, told.frame.loc[told.trained & held, "text"], block.names)
                great = block.names.index("great")
                total += (
                    weighted(read, block.weight).toarray()[:, great].mean()
                    * block.part.slopes[great] * one.model.join.slopes[place]
                )  # fmt: skip
        added.append(total)
    assert found["great"]["effect"]["value"] == pytest.approx(np.mean(added))
