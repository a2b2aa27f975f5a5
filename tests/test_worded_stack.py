"""Blocks joined: rows are predicted by models that never saw them, a block twice gains nothing, noise costs little."""

from itertools import product
from typing import cast

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from toy_texts import COMMON

from pipelines.core.table import WARM_UP, Table
from pipelines.models.families import FAMILIES
from pipelines.models.family import Loading
from pipelines.models.folds import fit_fold, fold_data
from pipelines.models.worded import stack as stacking
from pipelines.models.worded.block import EmbeddingBlock, LineBlock, TextBlock, all_blocks, graded, plain_blocks
from pipelines.models.worded.kinds import Block
from pipelines.models.worded.linear_part import fit_part
from pipelines.models.worded.stack import FREE, STRETCHES, Rows, Stack, crosswise, fit_stack
from pipelines.models.worded.stacked import StackedLearner, StackedModel
from pipelines.models.worded.view import VIEWS
from pipelines.targets import TARGETS, target_of
from pipelines.targets.arrays import Floats

ROWS, FOLDS = 240, 4
WORDS = TextBlock("text", "words")
NOISE = EmbeddingBlock("text")


def _table(task: str = "binary", rows: int = ROWS, seed: int = 0) -> Table:
    """Return texts with a word that moves the target, a number that does too, the text again, and a noisy embedding."""
    rng = np.random.default_rng(seed)
    held = rng.random((rows, 2)) < 0.5
    texts = [
        " ".join([*rng.choice(COMMON, 5), *(word for word, one in zip(("good", "bad"), own, strict=True) if one)])
        for own in held
    ]
    number = rng.normal(size=rows)
    margin = 1.5 * held[:, 0] - 1.5 * held[:, 1] + 0.7 * number
    if task == "multiclass":
        y = np.digitize(margin + rng.logistic(size=rows) / 2, [-0.7, 0.7]).astype(float)
    elif task == "binary":
        y = (rng.random(rows) < expit(margin)).astype(float)
    else:
        y = TARGETS[task]().simulate(np.clip(margin, -2, 2), rng) if task == "count" else margin + rng.normal(size=rows)
    place = np.arange(rows)
    frame = pd.DataFrame(
        {
            "row_id": place, "split": np.where(place % 5 == 4, "test", "train"),
            "fold": np.where(place % 5 == 4, -1, place // 5 % FOLDS).astype(np.int64), "y_true": y, "number": number,
            "text": pd.Series(texts, dtype="str"), "again": pd.Series(texts, dtype="str"),
        }
        | {f"text [{i}]": rng.normal(size=rows).astype(np.float16) for i in range(30)}
    )  # fmt: skip
    return Table(frame, target_of(task, y))


def _rows(table: Table) -> Rows:
    return Rows(table.seen, table.y, table.fold, table.target)


def _loss(table: Table, *blocks: Block) -> float:
    """Return the mean loss of training rows, each predicted by the stack without its fold."""
    rows, total = _rows(table), 0.0
    for fold in range(FOLDS):
        out = table.fold == fold
        raw = fit_stack(blocks, rows, table.fits(fold)).raw
        total += float(table.target.raw_loss(table.y[out], raw[out]).sum())
    return total / table.scored.sum()


def _by_a_plain_loop(table: Table, block: Block, penalty: float, fit: np.ndarray) -> Floats:
    """Return a block's raw predictions: of rows fitted to by the model without their fold, of others by that of all."""
    read = block.read(table.seen)
    everyone = np.arange(len(table.y))
    raw = block.raw(block.fit(read, np.flatnonzero(fit), table.y, table.target, penalty), read, everyone)
    for fold in np.unique(table.fold[fit]):
        others = block.fit(read, np.flatnonzero(fit & (table.fold != fold)), table.y, table.target, penalty)
        without = block.raw(others, read, everyone)
        raw[fit & (table.fold == fold)] = without[fit & (table.fold == fold)]
    return raw


def test_raw_predictions_are_those_of_a_plain_loop() -> None:
    """Forms and penalties are those that lose least on rows left out; the joining model sees nothing but such rows."""
    table = _table()
    fit = table.fits(1)
    blocks = plain_blocks(table.features, ["text"])

    stack = fit_stack(blocks, _rows(table), fit)

    margins = []
    for block, chosen in zip(blocks, zip(stack.blocks, stack.penalties, strict=True), strict=True):
        asked = [(form, one) for form in block.forms for one in block.penalties(table.target)]
        tried = {one: _by_a_plain_loop(table, *one, fit) for one in asked}
        lost = {one: table.target.raw_loss(table.y[fit], raw[fit]).mean() for one, raw in tried.items()}
        assert chosen == min(lost, key=lost.__getitem__)
        margins.append(tried[chosen])
    matrix = np.column_stack(margins)
    join = fit_part(matrix[fit], table.y[fit], table.target, FREE)
    assert np.allclose(stack.raw, join.raw(matrix), rtol=0, atol=1e-9)


def test_the_best_penalty_is_neither_always_the_first_nor_the_last() -> None:
    """With words that tell all, little is best; with words that tell nothing, much."""
    table = _table()
    noise = Table(table.frame.assign(y_true=np.random.default_rng(5).permutation(table.y)), table.target)
    told = Table(table.frame.assign(y_true=table.frame["text"].str.contains("good").astype(float)), table.target)

    least, most = (fit_stack([WORDS], _rows(one), one.scored).penalties[0] for one in (told, noise))

    assert (least, most) == (min(graded(table.target)), max(graded(table.target)))


def test_the_same_block_twice_gains_nothing() -> None:
    """The text again, as another column: predictions are the same but for the joining model's small penalty."""
    table = _table()
    once, twice = (
        fit_stack(blocks, _rows(table), table.scored).raw for blocks in ([WORDS], [WORDS, TextBlock("again", "words")])
    )

    assert np.abs(once - twice).max() < 0.01
    assert abs(_loss(table, WORDS) - _loss(table, WORDS, TextBlock("again", "words"))) < 1e-4


def test_noise_costs_next_to_nothing() -> None:
    """Thirty random numbers a text, of 190 rows: far less than they cost beside the words in one model."""
    table = _table()
    words, stacked = _loss(table, WORDS), _loss(table, WORDS, NOISE)
    beside = 0.0
    for fold in range(FOLDS):
        fit, out = np.flatnonzero(table.fits(fold)), table.fold == fold
        read = WORDS.read(table.seen)
        raw = WORDS.raw(WORDS.fit(read, fit, table.y, table.target, 1 / 3), read, np.arange(len(table.y)))
        numbers = np.column_stack([raw, NOISE.read(table.seen)])
        part = fit_part(numbers[fit], table.y[fit], table.target, 1e-3)
        beside += float(table.target.raw_loss(table.y[out], part.raw(numbers)[out]).sum()) / table.scored.sum()

    assert stacked - words < 0.02
    assert beside - words > 5 * max(stacked - words, 0.0)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression", "count"])
def test_a_stack_that_was_saved_and_loaded_predicts_the_same_bits(task: str) -> None:
    """Line, words, phrases, spelling and embedding, of every kind of target; texts without a known term among them."""
    table = _table(task, rows=160)
    fitted = StackedLearner(table.target, all_blocks(table)).fit(fold_data(table, 0, 7))
    seen = table.seen[table.fold == 0].reset_index(drop=True)
    seen.loc[:2, "text"] = ["", "?!", "nothing known here"]

    again = StackedModel.load(fitted.save(), Loading(type(table.target), FAMILIES.__getitem__))

    assert len(again.fitted) == len(fitted.fitted) == 8
    assert np.array_equal(again.predict(seen), fitted.predict(seen))
    assert np.isfinite(fitted.predict(seen)).all()
    assert again.predict(seen).shape == ((len(seen), 3) if task == "multiclass" else (len(seen),))


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression", "count"])
def test_the_ladder_and_the_model_say_the_same_of_rows_left_out(task: str) -> None:
    """One fits by places in the table and keeps what it fitted, the other is given rows: the rows that it never saw."""
    table = _table(task, rows=160)
    blocks = (*plain_blocks(table.features, table.texts), NOISE)

    stack = fit_stack(blocks, _rows(table), table.fits(2))
    fitted = fit_fold(StackedLearner(table.target, blocks), table, 2, 7)

    out = table.fold == 2
    assert np.allclose(table.target.inverse(stack.raw)[out], fitted.held_out, rtol=1e-6, atol=1e-8)


def test_a_text_without_a_known_term_gets_what_the_rest_says() -> None:
    """The words add their model's intercept to the line, whatever an unknown or an empty text holds."""
    table = _table()
    fitted = StackedLearner(table.target, plain_blocks(table.features, ["text"])).fit(fold_data(table, 0, 7))
    seen = table.seen[table.fold == 0].head(3).reset_index(drop=True)
    seen["number"], seen["text"] = 0.5, ["", "zzz yyy", "?!"]

    raw = fitted.raw(seen)

    line, words = fitted.fitted
    expected = fitted.join.raw(np.column_stack([line.raw(seen)[:1], cast("Floats", words.part.intercept).reshape(1)]))  # type: ignore[attr-defined]
    assert np.allclose(raw, expected[0], rtol=0, atol=1e-12)


@pytest.mark.filterwarnings("ignore:Line search:sklearn.exceptions.ConvergenceWarning")
def test_texts_that_are_all_empty_say_nothing() -> None:
    """Words of nothing have the constant for a model, and the number says what it says alone."""
    table = _table()
    empty = Table(table.frame.assign(text=pd.Series([""] * ROWS, dtype="str")), table.target)

    with_text, alone = (_loss(empty, *blocks) for blocks in ([LineBlock(("number",)), WORDS], [LineBlock(("number",))]))

    assert with_text == pytest.approx(alone, abs=0.005)


def test_rows_of_one_fold_are_dealt_into_stretches() -> None:
    """So are the first rows in time, of which no other fold is left; each stretch is predicted without itself."""
    parts = crosswise(np.zeros(10, np.int64))

    assert [np.flatnonzero(part).tolist() for part in parts] == [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert len(parts) == STRETCHES
    table = _table()
    stack: Stack = fit_stack([WORDS], _rows(table), table.fold == 0)
    assert np.isfinite(stack.raw).all()


def test_of_folds_in_time_no_later_row_is_asked() -> None:
    """The models that predict fold 1 are fitted to the warm-up and fold 0: what comes later changes nothing."""
    table = _table()
    forward = Table(table.frame.assign(fold=np.where(table.fold == 0, WARM_UP, table.fold)), table.target)
    later = np.isin(forward.fold, [2, 3])
    other = Table(forward.frame.assign(y_true=np.where(later, 1 - forward.y, forward.y)), forward.target)
    assert forward.forward

    first, second = (fit_stack([WORDS], _rows(one), one.fits(2)).raw for one in (forward, other))

    assert np.flatnonzero(forward.fits(2)).tolist() == np.flatnonzero(np.isin(forward.fold, [WARM_UP, 1])).tolist()
    assert np.array_equal(first, second)
    fitted = fit_fold(StackedLearner(forward.target, (WORDS,)), forward, 2, 7)
    assert np.allclose(fitted.held_out, forward.target.inverse(first)[forward.fold == 2], atol=1e-8)


def test_what_was_fitted_once_is_kept() -> None:
    """A second stack of the same rows takes the first one's blocks, and says the same."""
    table = _table()
    rows = _rows(table)
    first = fit_stack([WORDS], rows, table.fits(0))
    known = dict(rows.kept)

    second = fit_stack([WORDS, NOISE], rows, table.fits(0))

    assert second.fitted[0] is first.fitted[0]
    assert all(rows.kept[key] is one for key, one in known.items())


def test_what_common_words_decide_is_not_hidden_by_the_weight_of_rare_ones() -> None:
    """Of one word in half of the texts among many rare ones, the model without that weight loses less, and is taken."""
    rng = np.random.default_rng(1)
    table = _table(rows=400)
    others = [" ".join(f"rare{i}" for i in rng.integers(0, 150, 8)) for _ in range(400)]
    held = rng.random(400) < 0.5
    texts = [f"{other} clue" if one else other for other, one in zip(others, held, strict=True)]
    y = (rng.random(400) < expit(np.where(held, 1.5, -1.5))).astype(float)
    told = Table(table.frame.assign(text=pd.Series(texts, dtype="str"), y_true=y), table.target)

    (chosen,) = fit_stack([WORDS], _rows(told), told.scored).blocks

    assert chosen.form == "all terms weigh alike"
    assert [form.form for form in WORDS.forms] == ["rare terms weigh more", "all terms weigh alike"]


def test_settled_forms_and_penalties_are_fitted_again_alike() -> None:
    """What one fit chose, as its notes say it, gives the same model without a choice."""
    table = _table()
    learner = StackedLearner(table.target, (WORDS, TextBlock("text", "phrases"), NOISE))
    data = fold_data(table, 0, 7)
    first = learner.fit(data)

    again = learner.settled(first.notes)

    assert all(len(block.forms) == len(block.penalties(table.target)) == 1 for block in again.blocks)
    assert np.array_equal(again.fit(data).raw(table.seen), first.raw(table.seen))


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_what_a_model_knows_of_its_table_is_what_it_predicts(task: str) -> None:
    """Of the rows held out, of those fitted to and of parts of them; a model of some of the rows knows of all, too."""
    table = _table(task)
    learner = StackedLearner(table.target, (LineBlock(("number",)), *map(TextBlock, ["text"] * 3, VIEWS), NOISE))
    data = fold_data(table, 0, 7)
    part = data.some(np.arange(0, len(data.y), 2))

    whole = learner.fit(data)
    saved = StackedModel.load(whole.save(), Loading(type(table.target), FAMILIES.__getitem__))

    for model in (whole, learner.fit(part), saved):
        for rows in (cast("np.ndarray", data.held_out), cast("np.ndarray", data.fitted), table.fold == 2):
            known = model.known(np.flatnonzero(rows), table)
            assert known is not None
            assert known.tobytes() == model.predict(table.seen[rows]).tobytes()
    few = Table(table.frame.iloc[:9].reset_index(drop=True), table.target)
    assert whole.known(np.arange(3), few) is None


def test_the_penalty_of_very_many_rows_is_chosen_on_some_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the loss of the first fold's rows, of models of so many others; what is fitted then is fitted to all."""
    table = _table("binary", 1_200)
    rows, fit = _rows(table), table.trained
    places = np.flatnonzero(fit)
    monkeypatch.setattr(stacking, "SETTLED", 300)

    some = fit_stack((WORDS,), rows, fit)

    judged = places[table.fold[places] == 0]
    others = places[table.fold[places] != 0]
    drawn = np.sort(np.random.default_rng(len(others)).permutation(others)[:300])
    losses = {}
    for form, penalty in product(WORDS.forms, WORDS.penalties(table.target)):
        fitted = form.fit(rows.read(form), drawn, table.y, table.target, penalty)
        losses[form, penalty] = table.target.raw_loss(table.y[judged], form.raw(fitted, rows.read(form), judged)).mean()
    assert (some.blocks[0], some.penalties[0]) == min(losses, key=losses.__getitem__)
    assert np.array_equal(fit_stack(some.settled, _rows(table), fit).raw, some.raw)


def test_phrases_read_words_too() -> None:
    """What "good" says alone is learned beside what "not good" says: a model of pairs alone cannot."""
    rng = np.random.default_rng(2)
    good, turned = rng.random(600) < 0.5, rng.random(600) < 0.4
    denied = np.where(turned, "not ", "")
    ends = rng.choice(COMMON, 600)
    texts = [
        f"{first}{word} {last}" for first, word, last in zip(denied, np.where(good, "good", "bad"), ends, strict=True)
    ]
    y = (rng.random(600) < expit(np.where(good ^ turned, 2.5, -2.5))).astype(float)
    table = _table(rows=600)
    told = Table(table.frame.assign(text=pd.Series(texts, dtype="str"), y_true=y), table.target)

    assert _loss(told, WORDS, TextBlock("text", "phrases")) < _loss(told, WORDS) - 0.25
