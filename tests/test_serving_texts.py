"""Served projects with texts: from raw text to the build's predictions, their reasons, and what is kept of a text."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from exported import required
from serving_http import Running, options_in, serving
from toy_encoder import toy_encoder, toy_model
from toy_service_texts import Built, built, service_of

from flows.commands.export import fill
from flows.serving.bounds import MOST_CHARACTERS
from pipelines.core.errors import InputError
from pipelines.ladder import saved
from pipelines.models.predicting.predictor import Predictor
from pipelines.models.saving import archive
from pipelines.models.saving.zip import pack, unpack
from pipelines.models.worded.block import FittedTerms
from pipelines.models.worded.stacked import StackedModel
from pipelines.models.worded.view import VIEWS, WORDS, known_terms, rarity, read_terms, weighted
from pipelines.serving.archive import PARITY_ROWS
from pipelines.serving.effects import Effects
from pipelines.serving.service import Service, columns_of
from pipelines.texts.encoder import Pieces, Vectors
from pipelines.texts.encodings import MODEL, Encodings

CASES = [("binary", {}), ("binary", {"encoder": False, "trees": True}), ("multiclass", {"encoder": False})]


@pytest.mark.parametrize(("task", "how"), CASES)
def test_raw_texts_are_answered_as_the_build_predicted_them(task: str, how: dict[str, bool]) -> None:
    """Of every test row bit by bit, all at once and alone; the archive's own rows by all three models."""
    project, service = built(task, **how), service_of(task, **how)

    for model, fitted in project.fits.items():
        expected = fitted.prediction[project.table.tested]
        good, found = service.predict(columns_of(project.rows), len(project.rows), model)
        assert len(good) == len(project.rows) > 60
        assert np.array_equal(found, expected)
        for place in range(0, len(project.rows), 7):
            _, alone = service.predict(columns_of([project.rows[place]]), 1, model)
            assert np.array_equal(alone[0], expected[place])

    parity = service.check_parity()
    assert (parity.compared, parity.exact) == (3 * PARITY_ROWS, True)


@pytest.mark.parametrize(("task", "how"), CASES)
def test_the_quick_way_gives_the_bits_of_the_loaded_model(task: str, how: dict[str, bool]) -> None:
    """Of a stack, and of trees beside it, which read other columns than features; with one row and with many."""
    project = built(task, **how)
    tested = project.table.told[project.table.tested].reset_index(drop=True)
    for fitted in project.fits.values():
        content = archive.save(fitted, project.table, project.project)
        loaded, quick = archive.load(content), Predictor.load(content, threads=2)
        expected = loaded.predict(tested)

        assert np.array_equal(quick.predict(tested), expected)
        for place in range(0, len(tested), 9):
            one = tested.iloc[place : place + 1]
            assert np.array_equal(quick.predict(one), expected[place : place + 1])
            assert np.array_equal(loaded.predict(one), expected[place : place + 1])


def test_a_texts_weights_do_not_depend_on_the_texts_before_it() -> None:
    """To the last bit, and through the terms that a saved model knows as through those that a fit reads."""
    texts = built().table.frame["review"]
    view = VIEWS["spelling"]
    terms = read_terms(view, texts)
    weight = rarity(terms, view.least)
    place = {name: i for i, name in enumerate(terms.names)}

    whole = weighted(terms, weight)

    lengths = np.sqrt(np.asarray(whole.multiply(whole).sum(axis=1)))
    assert lengths[lengths > 0] == pytest.approx(1)
    for row in range(0, len(texts), 23):
        alone = weighted(known_terms(view.count(texts.iloc[[row]]), terms.names, place), weight)
        assert (alone != whole[[row]]).nnz == 0


class Refusing:
    """An encoder that must not be asked."""

    name, identity, width = "refusing", "0", 5

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Say that it was asked."""
        message = f"{len(texts)} texts were embedded"
        raise AssertionError(message)

    def pieces(self, texts: Sequence[str]) -> Pieces:
        """Say that it was asked."""
        raise AssertionError(texts)

    def scrambled(self, seed: int) -> "Refusing":
        """Return itself."""
        assert seed >= 0
        return self


def test_a_model_of_words_does_not_wait_for_the_encoder() -> None:
    """The baseline answers, and rows are counted for drift, without a text being embedded."""
    service, rows = service_of(), built().rows[:5]
    encodings = {name: replace(one, encoder=Refusing()) for name, one in service.contract.encodings.by_column.items()}
    contract = replace(service.contract, encodings=Encodings(encodings))

    read = contract.read(columns_of(rows), 5)

    assert np.isfinite(service.models["baseline"].predict(read.features)).all()
    with pytest.raises(AssertionError, match="5 texts were embedded"):
        service.models["strong"].predict(read.features)


@pytest.mark.parametrize("text", [None, "", "  ", "zzz qqq", "1234", "film\0", 7])
def test_any_text_has_an_answer_or_a_reason(text: object) -> None:
    """A text may be missing, empty, a number, or of words that no one has seen; not one that no file can hold."""
    row = {"year": 2000, "place": "Oslo", "review": text}

    (result,) = service_of().answer(columns_of([row]), 1).results

    if text == "film\0":
        assert result["error"]["field"] == "review"
        assert "film" not in str(result)
    else:
        assert 0 < result["prediction"] < 1


def test_an_archive_with_another_encoder_is_refused() -> None:
    """Texts that were encoded by one network mean nothing to another; without its file they cannot be read at all."""
    files = unpack(built().archive)

    with pytest.raises(InputError, match="the texts were encoded by"):
        Service.load(pack(files | {MODEL: toy_model(output="other")}, compress=True))
    with pytest.raises(InputError, match="no encoder"):
        Service.load(pack({name: one for name, one in files.items() if name != MODEL}, compress=True))


# The ladder, and reasons


def of_ladder(project: Built) -> saved.SavedRungs:
    """Return the ladder out of the archive."""
    return saved.load(unpack(project.archive)["rungs.zip"])


def test_the_rungs_of_texts_are_saved() -> None:
    """They predict test rows as the ladder did, one by one too; causes were kept, and no block of them twice."""
    project = built()
    tested = project.table.rows("test").frame
    rungs = of_ladder(project)

    found = rungs.predict(tested)

    assert "phrases" in rungs.gained
    assert project.climbed is not None
    for rung, prediction in project.climbed.predictions.items():
        assert found[rung] == pytest.approx(prediction[project.table.tested], abs=1e-9)
    alone = rungs.predict(tested.iloc[4:5])
    assert all(np.array_equal(one, found[rung][4:5]) for rung, one in alone.items())
    kept = unpack(unpack(project.archive)["rungs.zip"])
    assert len(set(kept.values())) == len(kept)


@pytest.mark.parametrize(("task", "how"), [CASES[0], CASES[2]])
def test_reasons_say_which_words_moved_an_answer(task: str, how: dict[str, bool]) -> None:
    """By as much as the raw prediction changes where the models forget them; what causes moved adds up."""
    project, service = built(task, **how), service_of(task, **how)
    rows = project.rows[:6]
    read = service.contract.read(columns_of(rows), len(rows))
    prediction = service.models["strong"].predict(read.features)

    reasons = service.reasons(read, prediction, "strong")

    models = [cast("StackedModel", one.model) for one in project.fits["strong"].folds]
    classes = prediction.argmax(axis=1) if prediction.ndim > 1 else np.zeros(len(rows), int)
    for place, reason in enumerate(reasons):
        moved = sum(one["moved"] for one in reason["causes"]) + reason["rest"]
        of_class = classes[place]
        answer = prediction[place, of_class] if prediction.ndim > 1 else prediction[place]
        assert reason["from"] + moved == pytest.approx(answer)
        assert reason["features"] == []
        for word in reason["words"][:2]:
            assert repr(word["term"])[1:-1] in reason["text"]
            frame = read.frame.iloc[place : place + 1]
            effects = [raw_of(one, frame) - raw_of(forgetting(one, word["term"]), frame) for one in models]
            effect = np.mean(effects, axis=0)
            assert word["effect"] == pytest.approx(effect[of_class] - (effect.mean() if len(effect) > 1 else 0))
    assert any(one["words"] for one in reasons)


def raw_of(model: StackedModel, frame: pd.DataFrame) -> np.ndarray:
    """Return the raw prediction of one row, (outputs,)."""
    return np.atleast_1d(model.raw(frame)[0])


def forgetting(model: StackedModel, term: str) -> StackedModel:
    """Return the model with no coefficient for a term in its blocks of words and phrases."""

    def without(block: Any) -> Any:  # noqa: ANN401 - a block of any kind
        if not isinstance(block, FittedTerms) or block.view.name not in (WORDS.name, "phrases"):
            return block
        slopes = block.part.slopes.copy()
        slopes[[i for i, name in enumerate(block.names) if name == term]] = 0
        return replace(block, part=replace(block.part, slopes=slopes))

    return replace(model, fitted=tuple(map(without, model.fitted)))


def test_trees_of_texts_are_explained_by_what_they_read() -> None:
    """A mean's heaviest part is explained: here trees, by topics and words as their features."""
    service, project = service_of(encoder=False, trees=True), built(encoder=False, trees=True)
    parts = archive.load(service.saved["strong"]).parts
    trees = next(one for one in parts if one.name == "lightgbm")
    alone = replace(archive.load(service.saved["strong"]), folds=trees.folds)
    tested = project.table.told[project.table.tested].head(3)

    effects = Effects(alone, {})

    assert len(effects.features) == effects.of(tested).shape[1] > len(project.table.features)
    assert "review (topic 1)" in effects.features
    assert effects.words(tested, None) is None


# Over HTTP


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """A server of the project, and the folder of what it keeps."""
    options = options_in(tmp_path_factory.mktemp("texts"), built().archive)
    with serving(options) as server:
        yield server, options.folder


def test_a_text_is_answered_and_not_kept(running: tuple[Running, Path]) -> None:
    """Its words come back to the one who asks why; in what the server keeps there is none of them."""
    server, folder = running
    secret = "xylophonist good film not bad"
    row = {"year": 2001, "place": "Oslo", "review": secret}

    (plain,) = server.predict(row)
    (result,) = server.predict(row, query="?why=true")

    assert result["prediction"] == plain["prediction"]
    assert {word["column"] for word in result["why"]["words"]} == {"review"}
    assert "xylophonist" not in str(result)
    for _ in range(300):  # rows are counted for drift a little later
        if server.ask("/drift")[0] == HTTPStatus.OK:
            break
        time.sleep(0.1)
    server.get("/drift")
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert len(kept) > 1_000
    assert b"xylophonist" not in kept


def test_a_text_may_not_be_of_any_length(running: tuple[Running, Path]) -> None:
    """The row that holds it has no answer; the others have. The interface says so, and gives an example."""
    server, _ = running
    fine = {"year": 2001, "place": "Oslo", "review": "good film"}

    long, other = server.predict({**fine, "review": "x" * (MOST_CHARACTERS + 1)}, fine)

    assert long["error"]["field"] == "review"
    assert f"up to {MOST_CHARACTERS:,}" in long["error"]["allowed"]
    assert other["prediction"] == server.predict(fine)[0]["prediction"]
    shown = server.get("/openapi.json")["components"]["schemas"]["Row"]["properties"]["review"]
    assert (shown["type"], shown["maxLength"]) == (["string", "null"], MOST_CHARACTERS)
    assert isinstance(shown["examples"][0], str)


def test_libraries_of_the_encoder_are_told_and_taken_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exported folder asks for them where there is an encoder, and for no network's library where there is none."""
    monkeypatch.chdir(ROOT)
    assert service_of().schema["libraries"].keys() == {"onnxruntime", "tokenizers"}
    assert "libraries" not in service_of(encoder=False, trees=True).schema

    for folder, content in (("with", built().archive), ("without", built(encoder=False, trees=True).archive)):
        (tmp_path / folder).mkdir()
        fill(tmp_path / folder, "small", content)

    needed, others = set(required(tmp_path / "with")), set(required(tmp_path / "without"))
    assert {"onnxruntime", "tokenizers", "scikit-learn"} <= needed
    assert "scikit-learn" in others
    assert not {"onnxruntime", "tokenizers", "huggingface-hub"} & others
    assert toy_encoder().identity
