"""What is made of texts: counts and weights by hand, axes against NumPy, and the same numbers again after saving."""

import json
import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from toy_encoder import WORDS, toy_encoder

from pipelines.core.errors import InputError
from pipelines.models.saving.zip import pack, unpack
from pipelines.texts.axes import components_of, fixed, topics_of
from pipelines.texts.encoding import Encoding, learn
from pipelines.texts.saved import load, save
from pipelines.texts.word_counts import count_words


def made_up(rows: int = 400, seed: int = 3) -> pd.Series:
    """Return texts of words of the toy encoder and rarer ones; every fiftieth is empty."""
    rng = np.random.default_rng(seed)
    rare = [f"word{number}" for number in range(60)]
    known = [word for word in WORDS if not word.startswith("##")]
    texts = [
        " ".join([*rng.choice(known, rng.integers(1, 9)), *rng.choice(rare, rng.integers(0, 5))]) if row % 50 else ""
        for row in range(rows)
    ]
    return pd.Series(texts, name="note", dtype="str")


@pytest.fixture(scope="module")
def texts() -> pd.Series:
    """The texts of a small table."""
    return made_up()


@pytest.fixture(scope="module")
def train(texts: pd.Series) -> np.ndarray:
    """Which of its rows are training rows."""
    return np.arange(len(texts)) % 5 != 0


@pytest.fixture(scope="module")
def encoding(texts: pd.Series, train: np.ndarray) -> Encoding:
    """What they teach, with an encoder."""
    return learn(texts, train, toy_encoder())


def test_weights_are_those_of_the_formula() -> None:
    """(1 + ln count) (ln((1 + texts) / (1 + texts with it)) + 1), of unit length; words and pairs of them."""
    texts = pd.Series(["Good good film", "a good film", "bad plot", "bad plot, BAD", ""], dtype="str")
    words, counts = count_words(texts)

    found = words.weights(counts).toarray()

    cut = [[w for w in text.lower().replace(",", "").split() if len(w) > 1] for text in texts]
    held = [Counter([*one, *(f"{a} {b}" for a, b in pairwise(one))]) for one in cut]
    among = Counter(term for one in held for term in one)
    terms = sorted(term for term, number in among.items() if number >= 2)
    assert list(words.terms) == terms == ["bad", "bad plot", "film", "good", "good film", "plot"]
    rarity = {term: math.log((1 + len(texts)) / (1 + among[term])) + 1 for term in terms}
    for row, one in enumerate(held):
        raw = np.array([(1 + math.log(one[term])) * rarity[term] if one[term] else 0 for term in terms])
        assert found[row] == pytest.approx(raw / (np.linalg.norm(raw) or 1), abs=1e-11)


def test_topics_are_the_largest_singular_vectors() -> None:
    """As NumPy finds them of the whole matrix, up to the sign, which makes the largest part positive."""
    from scipy.sparse import csr_matrix

    matrix = np.random.default_rng(0).normal(size=(80, 30)) * np.linspace(3, 0.3, 30)
    axes, share = topics_of(csr_matrix(matrix), 4)

    oracle = np.linalg.svd(matrix)[2][:4].T
    assert np.abs((axes * oracle).sum(axis=0)) == pytest.approx(1, abs=1e-4)
    assert (axes[np.abs(axes).argmax(axis=0), range(4)] > 0).all()
    assert share == pytest.approx((matrix @ oracle).var(axis=0).sum() / matrix.var(axis=0).sum(), abs=1e-4)


def test_meanings_are_principal_components() -> None:
    """As the singular vectors of the centred rows are, with their share of the variance."""
    rows = (np.random.default_rng(1).normal(size=(90, 12)) * np.linspace(2, 0.1, 12) + 5).astype(np.float32)
    mean, axes, share = components_of(rows, 3)

    centred = rows - rows.mean(axis=0, dtype=np.float64)
    _, sizes, oracle = np.linalg.svd(centred)
    assert mean == pytest.approx(rows.mean(axis=0, dtype=np.float64), abs=1e-8)
    assert np.abs((axes * oracle[:3].T).sum(axis=0)) == pytest.approx(1, abs=1e-4)
    assert share == pytest.approx((sizes[:3] ** 2).sum() / (sizes**2).sum(), abs=1e-6)


def test_axes_have_the_digits_that_other_processors_find() -> None:
    """A change in the twelfth digit, or of an axis' sign, changes no bit."""
    rng = np.random.default_rng(2)
    axes = np.linalg.qr(rng.normal(size=(500, 6)))[0]
    elsewhere = axes * rng.choice([-1, 1], 6) * (1 + rng.normal(size=axes.shape) * 1e-13)

    assert fixed(axes).tobytes() == fixed(elsewhere).tobytes()
    assert np.abs(np.abs(fixed(axes)) - np.abs(axes)).max() < 1e-6


def test_columns_have_the_types_and_names_that_steps_rely_on(encoding: Encoding, texts: pd.Series) -> None:
    """Numbers that trees see are float32, the embedding itself is float16; the rows are the texts'."""
    made = encoding.columns(texts)

    kinds = {name.removeprefix("note ").rstrip("0123456789)] ").split(" ")[0] for name in made.columns}
    assert kinds == {"(topic", "(word", "(meaning", "["}
    assert len(made) == len(texts)
    assert all(made[name].dtype == (np.float16 if "[" in name else np.float32) for name in made.columns)
    assert [name for name in made.columns if "[" in name] == [f"note [{number}]" for number in range(5)]
    assert not made.isna().any(axis=None)


def test_words_become_a_column_where_neither_rare_nor_everywhere(texts: pd.Series, train: np.ndarray) -> None:
    """Those that 1 % to 80 % of the training rows hold, the commonest first, as counted one by one."""
    more = texts + " everywhere"
    encoding = learn(more.rename("note"), train, None)

    held = Counter(word for text in more[train] for word in set(text.split()))
    allowed = [word for word, rows in held.items() if 0.01 * train.sum() <= rows <= 0.8 * train.sum()]
    expected = sorted(allowed, key=lambda word: (-held[word], word))[:60]
    assert list(encoding.common) == expected
    assert "everywhere" not in encoding.common
    made = encoding.columns(more)
    for word in expected:
        assert made[f"note (word {word})"].tolist() == [float(word in text.split()) for text in more]


def test_test_rows_teach_nothing(encoding: Encoding, texts: pd.Series, train: np.ndarray) -> None:
    """Whatever stands in rows that are no training rows, what is learned stays."""
    other = texts.where(train, "a quite different text about nothing")

    assert save([learn(other, train, toy_encoder())]) == save([encoding])


def test_a_text_has_the_same_bits_alone_and_among_others(encoding: Encoding, texts: pd.Series) -> None:
    """So a row that is predicted later gets the numbers that models were fitted to."""
    together = encoding.columns(texts)

    for row in (0, 1, 7, 399):
        pd.testing.assert_frame_equal(
            encoding.columns(texts[[row]].reset_index(drop=True)), together.iloc[[row]].reset_index(drop=True),
            check_exact=True,
        )  # fmt: skip


def test_what_was_learned_comes_back_from_its_archive(encoding: Encoding, texts: pd.Series, train: np.ndarray) -> None:
    """Raw text becomes the same numbers, to the bit, also text of which no word was ever seen; so do two columns."""
    second = learn(texts.str.upper().rename("other"), train, None)
    content = save([encoding, second])

    again = load(content, toy_encoder())

    unseen = pd.concat([texts, pd.Series(["entirely unheard of", "", "good"], dtype="str")], ignore_index=True)
    assert list(again) == ["note", "other"]
    for name, one in (("note", encoding), ("other", second)):
        pd.testing.assert_frame_equal(again[name].columns(unseen), one.columns(unseen), check_exact=True)
        assert again[name].explained == one.explained
    assert save(list(again.values())) == content


def test_without_an_encoder_there_are_words_and_topics_alone(texts: pd.Series, train: np.ndarray) -> None:
    """No column of meaning, no embedding, and an archive that asks for none."""
    encoding = learn(texts, train, None)

    assert not [name for name in map(str, encoding.columns(texts)) if "meaning" in name or "[" in name]
    assert encoding.explained.meanings is None
    assert load(save([encoding]), None)["note"].encoder is None


@pytest.mark.parametrize(
    "few", [[""] * 6, ["one"] * 6, ["a", "b", "c", "d", "e", "f"], ["x y", "x y", "z w", "", "", ""]]
)
def test_texts_that_teach_little_give_few_columns(few: list[str]) -> None:
    """Empty texts, one word, single letters: fewer columns or none, and no failure."""
    texts = pd.Series(few, name="note", dtype="str")
    encoding = learn(texts, np.ones(6, bool), toy_encoder())

    made = encoding.columns(texts)

    assert len(made) == 6
    assert encoding.topics.shape[1] <= 2
    assert not made.isna().any(axis=None)


@pytest.mark.parametrize("encoder", [None, toy_encoder(1)], ids=["none", "another"])
def test_another_encoder_is_refused(encoding: Encoding, encoder: object) -> None:
    """Numbers of one network mean nothing to models that were fitted to those of another."""
    with pytest.raises(InputError, match="the texts were encoded by the encoder"):
        load(save([encoding]), encoder)  # type: ignore[arg-type]


def tampered(content: bytes, part: str) -> bytes:
    """Return an archive of texts in which one part is spoiled."""
    files = unpack(content)
    about = json.loads(files["texts.json"])
    if part == "format":
        about["format"] = "sevenfold texts 0"
    elif part == "a term too many":
        about["columns"][0]["terms"].append("zz")
    elif part == "a common word of none":
        about["columns"][0]["common"].append("never seen")
    elif part == "no columns":
        del about["columns"]
    elif part == "an array":
        files["0/topics.npy"] = files["0/rarity.npy"]
    elif part == "a pickle":
        files["0/mean.npy"] = b"\x80\x04K\x01."
    elif part == "half an array":
        files["0/topics.npy"] = files["0/topics.npy"][:200]
    elif part == "a lost array":
        del files["0/meanings.npy"]
    return pack(files | {"texts.json": json.dumps(about).encode()}, compress=True)


@pytest.mark.parametrize(
    "part",
    ["format", "a term too many", "a common word of none", "no columns", "an array", "a pickle", "half an array",
     "a lost array"],
)  # fmt: skip
def test_a_spoiled_archive_is_refused(part: str, encoding: Encoding) -> None:
    """Parts that do not fit each other, or are no arrays, are errors that say what to do."""
    with pytest.raises(InputError, match="not an archive of encoded texts") as caught:
        load(tampered(save([encoding]), part), toy_encoder())

    assert "dvc repro" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"no zip", pack({"other.json": b"{}"}, compress=True)])
def test_another_file_is_refused(content: bytes) -> None:
    """What is no archive of texts at all."""
    with pytest.raises(InputError, match="not an archive of encoded texts"):
        load(content, None)
