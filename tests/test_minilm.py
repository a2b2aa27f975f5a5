"""The encoder of texts: a text's vector by hand, the same alone and among others, and files that are none."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from toy_encoder import MARKS, WORDS, table, toy_encoder, toy_model, toy_tokenizer

from pipelines.core.errors import InputError
from pipelines.texts.minilm import LONGEST, MiniLM

FILES = ROOT / "data/reviews/encoder"
TEXTS = ["good film", "bad", "the film not good the plot dull", "films", "", "bad bad bad", "the plot", "zebra", "  \n"]


def by_hand(*pieces: str) -> np.ndarray:
    """Return the mean of the pieces' vectors and the marks', of unit length."""
    places = [(*MARKS, *WORDS).index(piece) for piece in ("[CLS]", *pieces, "[SEP]")]
    mean = np.sum([table()[place].astype(np.float64) for place in places], axis=0) / len(places)
    return mean / np.linalg.norm(mean)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("good film", ("good", "film")), ("Films!", ("film", "##s", "[UNK]")), ("zebra", ("[UNK]",)), ("bad", ("bad",))],
)
def test_a_vector_is_the_mean_of_its_pieces(text: str, pieces: tuple[str, ...]) -> None:
    """Marks count as pieces, capitals do not matter, and what the dictionary does not hold is the unknown piece."""
    assert toy_encoder().embed([text])[0] == pytest.approx(by_hand(*pieces), abs=1e-6)


def test_a_text_has_the_same_bits_alone_and_among_others() -> None:
    """Whatever else is embedded with it, in whatever order."""
    encoder = toy_encoder()
    order = np.random.default_rng(1).permutation(len(TEXTS) * 50)
    many = [(TEXTS * 50)[place] for place in order]

    together = encoder.embed(many)

    alone = {text: encoder.embed([text])[0].tobytes() for text in TEXTS}
    assert [vector.tobytes() for vector in together] == [alone[text] for text in many]


def test_a_blank_text_has_no_direction() -> None:
    """Its vector is 0; all others have unit length."""
    lengths = np.linalg.norm(toy_encoder().embed(TEXTS), axis=1)

    assert lengths == pytest.approx([float(bool(text.strip())) for text in TEXTS], abs=1e-6)


def test_a_long_text_is_cut_at_its_end() -> None:
    """What comes after the last piece that is read changes nothing; what comes before does."""
    encoder = toy_encoder()
    read = LONGEST - 2
    long, longer, other = ("good " * read, "good " * read + "bad film", "bad " + "good " * read)

    vectors = encoder.embed([long, longer, other])

    assert vectors[0].tobytes() == vectors[1].tobytes() != vectors[2].tobytes()
    assert encoder.pieces([long, longer, other]).cut.tolist() == [False, True, True]


def test_pieces_are_counted() -> None:
    """Without the marks; a word of two pieces counts twice, one that is not known as unknown."""
    found = toy_encoder().pieces(["films", "good zebra", ""])

    assert found.all.tolist() == [2, 2, 0]
    assert found.unknown.tolist() == [0, 1, 0]


def test_a_scrambled_dictionary_is_the_same_network_with_pieces_exchanged() -> None:
    """Each word has the vector of another one, none is lost, the marks stay; the same seed exchanges alike."""
    encoder, scrambled = toy_encoder(), toy_encoder().scrambled(3)
    words = [word for word in WORDS if not word.startswith("##")]

    plain, changed = encoder.embed(words), scrambled.embed(words)

    assert not np.array_equal(plain, changed)
    assert np.array_equal(changed, toy_encoder(3).embed(words))
    possible = [by_hand(word) for word in WORDS]  # also that of the one piece that is no word
    assert all(min(np.abs(vector - one).max() for one in possible) < 1e-6 for vector in changed)
    assert scrambled.embed(["zebra"])[0] == pytest.approx(by_hand("[UNK]"), abs=1e-6)
    assert scrambled.identity not in (encoder.identity, encoder.scrambled(4).identity)


def test_it_travels_to_another_process() -> None:
    """A worker of a cluster gets the files and starts the network anew: the same bits."""
    encoder = toy_encoder(2)

    again = pickle.loads(pickle.dumps(encoder))

    assert again.identity == encoder.identity
    assert again.embed(TEXTS).tobytes() == encoder.embed(TEXTS).tobytes()


@pytest.mark.parametrize(
    ("model", "tokenizer", "found"),
    [
        (b"", toy_tokenizer(), "the model cannot be read"),
        (b"no network", toy_tokenizer(), "the model cannot be read"),
        (toy_model()[:-40], toy_tokenizer(), "the model cannot be read"),
        (toy_model(("pixels",)), toy_tokenizer(), "the model takes pixels"),
        (toy_model(), b"", "the tokenizer cannot be read"),
        (toy_model(), b"{}", "the tokenizer cannot be read"),
        (toy_model(), toy_tokenizer()[:-40], "the tokenizer cannot be read"),
        (toy_model(), toy_tokenizer().replace(b"[UNK]", b"[NON]"), "no piece [UNK]"),
    ],
)
def test_other_files_are_refused(model: bytes, tokenizer: bytes, found: str) -> None:
    """Empty, cut and foreign files are errors that name the role in the project file."""
    with pytest.raises(InputError) as caught:
        MiniLM(model, tokenizer)

    assert found in str(caught.value)
    assert f'"{"tokenizer" if model == toy_model() else "model"}" in [[source]]' in str(caught.value)


@pytest.mark.skipif(not (FILES / "model.onnx").is_file(), reason="the encoder is not downloaded: dvc repro encoder")
def test_the_real_network_knows_what_sentences_mean() -> None:
    """Sentences of one meaning in other words are nearer than such of another; bits do not depend on the others."""
    encoder = MiniLM((FILES / "model.onnx").read_bytes(), (FILES / "tokenizer.json").read_bytes())
    texts = ["A wonderful film.", "This movie is great!", "The cat sleeps on the mat.", "A kitten naps on a rug."]

    vectors = encoder.embed(texts)

    near = vectors @ vectors.T
    assert vectors.shape == (4, 384)
    assert near[0, 1] > near[0, 2] + 0.3
    assert near[2, 3] > near[1, 3] + 0.3
    assert [one.tobytes() for one in vectors] == [encoder.embed([text])[0].tobytes() for text in texts]


def test_the_file_of_the_network_is_read_as_bytes() -> None:
    """Nothing beside it is looked for: a path is no model."""
    with pytest.raises(InputError, match="the model cannot be read"):
        MiniLM(str(Path("data/reviews/encoder/model.onnx")).encode(), toy_tokenizer())
