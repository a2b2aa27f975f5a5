"""Tables with a text whose causes are known: each kind says how the target comes about, and which causes are true.

The truth of every kind was written down before any table was drawn. A cause is *true* where what it stands for moves
the target by the formula; all others are false where they are named. Where the words as they are say all there is to
say, no cause is true: words are the baseline's.

A table has 1,200 training rows and 300 test rows: a text of eight to twenty-five words,
a number, and what step `encode` makes of the text. Its network is a stand-in whose truth is known too: every word has a
random vector, words of one kind have vectors near each other, and a text's vector is the mean of its words'.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Literal, Self
from zlib import crc32

import numpy as np
import pandas as pd

from pipelines.core.table import FOLDS, Table
from pipelines.targets import target_of
from pipelines.targets.arrays import Floats
from pipelines.texts.encoder import Pieces, Vectors
from pipelines.texts.encoding import learn

ROWS, TEST_ROWS = 1_200, 300
WIDTH = 48  # of the stand-in's vectors
QUIET = 0.3  # length of a common word's vector: such words mean little
APART = 0.6  # standard deviation of words of one kind around their middle, which is one of all middles
SHORTEST, LONGEST = 8, 25  # words of a text
COMMON = [
    "the", "of", "a", "and", "in", "is", "it", "to", "that", "was", "for", "on", "with", "as", "his", "this", "but",
    "be", "by", "an", "from", "who", "has", "are", "its", "one", "at", "more", "have", "their", "about", "all", "he",
    "which", "they", "film", "story", "like",
]  # fmt: skip
OFTEN = 0.5  # share of a text's words that are common ones

Task = Literal["binary", "multiclass", "regression"]
Texts = list[list[str]]  # the words of each text


@dataclass(frozen=True)
class Drawn:
    """What a kind draws."""

    texts: Texts
    margin: Floats  # log-odds, or the mean of a regression's target: (rows,)
    number: Floats  # (rows,)
    sort: Mapping[str, int] = field(default_factory=dict)  # of words that mean alike
    twice: bool = False  # the same text stands in a second column


Maker = Callable[[np.random.Generator, int, float], Drawn]


@dataclass(frozen=True)
class Kind:
    """How the target comes about, and what is true of it; `size` is that of the effect."""

    name: str
    draw: Maker
    size: float
    true: frozenset[str] = frozenset()
    task: Task = "binary"
    weak: bool = False

    @property
    def metric(self) -> str:
        """The primary metric."""
        return "r2" if self.task == "regression" else "roc_auc"


@dataclass(frozen=True)
class StandIn:
    """A network whose truth is known: random vectors of words, near each other for words of one sort."""

    sort: Mapping[str, int]
    seed: int
    name: str = "stand-in"
    mixed: int = 0  # not 0: what the words mean is exchanged at random

    @property
    def identity(self) -> str:
        """Return what its vectors depend on."""
        return f"{crc32(repr((sorted(self.sort.items()), self.seed, self.mixed)).encode()):08x}"

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return WIDTH

    @cached_property
    def _known(self) -> dict[str, Vectors]:
        return {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the mean of each text's words' vectors, of unit length, or 0 of an empty text."""
        found = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in enumerate(texts):
            words = text.split()
            if words:
                mean = np.mean([self._of(word) for word in words], axis=0)
                found[row] = mean / np.linalg.norm(mean)
        return found

    def pieces(self, texts: Sequence[str]) -> Pieces:
        """Return the words as the pieces."""
        count = np.array([len(text.split()) for text in texts], np.int64)
        return Pieces(count, np.zeros_like(count), int(LONGEST))

    def scrambled(self, seed: int) -> Self:
        """Return the same network with the words' meanings exchanged."""
        return replace(self, mixed=seed + 1)

    def _of(self, word: str) -> Vectors:
        if word not in self._known:
            rng = np.random.default_rng([self.seed, self.mixed, crc32(word.encode())])
            vector = rng.normal(size=WIDTH) * (QUIET if word in COMMON else 1.0)
            if word in self.sort and not self.mixed:
                middle = np.random.default_rng([self.seed, self.sort[word]]).normal(size=WIDTH)
                vector = middle + APART * vector
            self._known[word] = vector.astype(np.float32)
        return self._known[word]


@dataclass(frozen=True)
class Planted:
    """A table, and what was planted in it."""

    kind: Kind
    seed: int
    table: Table
    encoder: StandIn
    truth: Floats  # the true raw predictions, (rows,) or (rows, classes)


def plant(kind: Kind, seed: int, train_rows: int = ROWS, test_rows: int = TEST_ROWS) -> Planted:
    """Return the table of a kind; every kind and seed has random numbers of its own."""
    rng = np.random.default_rng([crc32(kind.name.encode()), seed])
    rows = train_rows + test_rows
    drawn = kind.draw(rng, rows, kind.size)
    texts = pd.Series([" ".join(words) for words in drawn.texts], name="text", dtype="str")
    y = _target(kind.task, drawn.margin, rng)
    train = np.arange(rows) < train_rows
    fold = np.where(train, rng.permutation(rows) % FOLDS, -1)
    encoder = StandIn(drawn.sort, seed)
    columns = {"text": texts} | ({"again": texts.rename("again")} if drawn.twice else {})
    made = pd.DataFrame(
        {"row_id": np.arange(rows), "split": np.where(train, "train", "test"), "fold": fold.astype(np.int64)}
        | {"y_true": y, "number": drawn.number}
    )
    parts = [made]
    for name, texts_of in columns.items():
        parts.append(pd.DataFrame({
            f"{name} (characters)": texts_of.str.len().astype(np.float64),
            f"{name} (words)": texts_of.str.count(r"\S+").astype(np.float64), name: texts_of,
        }))  # fmt: skip
        parts.append(learn(texts_of, train, encoder).columns(texts_of))
    table = Table(pd.concat(parts, axis="columns"), target_of(kind.task, y))
    return Planted(kind, seed, table, encoder, _raws(kind.task, drawn.margin))


def changed(planted: Planted, rows: np.ndarray, seed: int) -> pd.DataFrame:
    """Return some rows' texts (places in the table) with words shuffled, with embeddings, and those of other words."""
    from pipelines.texts.controls import SCRAMBLED, SHUFFLED, shuffled_words, variant

    frame = planted.table.frame.iloc[rows].reset_index(drop=True)
    parts: list[pd.DataFrame] = [frame[["row_id"]]]
    for column in planted.table.texts:
        mixed = shuffled_words(frame[column], seed)
        parts.append(pd.DataFrame({variant(column, SHUFFLED): mixed}))
        others = {SHUFFLED: (planted.encoder, mixed), SCRAMBLED: (planted.encoder.scrambled(seed), frame[column])}
        for what, (encoder, texts) in others.items():
            vectors = encoder.embed(texts.tolist()).astype(np.float16)
            parts.append(pd.DataFrame({f"{variant(column, what)} [{i}]": one for i, one in enumerate(vectors.T)}))
    return pd.concat(parts, axis="columns")


def _raws(task: Task, margin: Floats) -> Floats:
    """Return the true raw predictions: of three classes the first gains what the last loses."""
    return np.column_stack([-margin, np.zeros(len(margin)), margin]) if task == "multiclass" else margin


def _target(task: Task, margin: Floats, rng: np.random.Generator) -> Floats:
    """Return the target of each row, (rows,)."""
    if task == "regression":
        return np.asarray(margin + rng.normal(size=len(margin)))
    if task == "binary":
        return (rng.random(len(margin)) < 1 / (1 + np.exp(-margin))).astype(np.float64)
    odds = np.exp(_raws(task, margin))
    upto = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    return np.asarray((rng.random(len(margin))[:, None] > upto[:, :2]).sum(axis=1), np.float64)


def _invented(rng: np.random.Generator, count: int, syllables: int = 3) -> list[str]:
    """Return so many different invented words."""
    found: dict[str, None] = {}
    while len(found) < count:
        parts = rng.choice(list("bdfgklmnprstvz"), syllables), rng.choice(list("aeiou"), syllables)
        found["".join(a + b for a, b in zip(*parts, strict=True))] = None
    return list(found)


def _plain(rng: np.random.Generator, rows: int) -> Texts:
    """Return texts of common and of other words, the earlier ones oftener (Zipf), that say nothing of the target."""
    others = _invented(rng, 400)
    odds = 1 / np.arange(5, 5 + len(others))
    often = 1 / np.arange(3, 3 + len(COMMON))
    texts = []
    for length in rng.integers(SHORTEST, LONGEST + 1, rows):
        common = rng.choice(COMMON, length, p=often / often.sum())
        other = rng.choice(others, length, p=odds / odds.sum())
        texts.append([str(word) for word in np.where(rng.random(length) < OFTEN, common, other)])
    return texts


def _put(texts: Texts, added: Sequence[Sequence[str]], rng: np.random.Generator) -> None:
    """Put some words, in their order, somewhere into each text."""
    for words, more in zip(texts, added, strict=True):
        at = int(rng.integers(len(words) + 1))
        words[at:at] = more


def _sign(rng: np.random.Generator, rows: int) -> np.ndarray:
    return np.where(rng.random(rows) < 0.5, 1, -1)  # noqa: PLR2004 - even odds


def _nothing(rng: np.random.Generator, rows: int, _: float) -> Drawn:
    return Drawn(_plain(rng, rows), np.zeros(rows), rng.normal(size=rows))


def _words(rng: np.random.Generator, rows: int, size: float, *, twice: bool = False) -> Drawn:
    """Eight words, each with an effect of its own, two to a text on average."""
    texts, margin = _plain(rng, rows), np.zeros(rows)
    for number, word in enumerate(("great", "moving", "superb", "tender", "dull", "awful", "slow", "empty")):
        held = rng.random(rows) < 0.25  # noqa: PLR2004 - a quarter of the texts
        _put(texts, [[word] if one else [] for one in held], rng)
        margin += held * size * (1 if number < 4 else -1)  # noqa: PLR2004 - half of them praise
    return Drawn(texts, margin, rng.normal(size=rows), twice=twice)


def _order(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    """Two words side by side, whose order decides; each stands in as many texts of either order."""
    pairs = [("man", "dog"), ("rich", "poor"), ("north", "south"), ("war", "peace")]
    texts, sign = _plain(rng, rows), _sign(rng, rows)
    chosen = [pairs[i] for i in rng.integers(len(pairs), size=rows)]
    _put(texts, [pair if one > 0 else pair[::-1] for pair, one in zip(chosen, sign, strict=True)], rng)
    return Drawn(texts, size * sign, rng.normal(size=rows))


def _negation(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    """A word of praise or blame, turned by a "not" before it in four texts of ten; "not" stands elsewhere too."""
    good, bad = ["good", "funny", "clever", "warm", "bright"], ["bad", "boring", "silly", "cold", "flat"]
    texts, sign, turned = _plain(rng, rows), _sign(rng, rows), rng.random(rows) < 0.4  # noqa: PLR2004 - as said
    _put(texts, [["not"] if one else [] for one in rng.random(rows) < 0.4], rng)  # noqa: PLR2004 - as often
    words = [str(rng.choice(good if one > 0 else bad)) for one in sign]
    _put(texts, [["not", word] if one else [word] for word, one in zip(words, turned, strict=True)], rng)
    return Drawn(texts, size * sign * np.where(turned, -1, 1), rng.normal(size=rows))


def _endings(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    """Words that no other text holds, of which the ending decides."""
    texts, sign = _plain(rng, rows), _sign(rng, rows)
    stems = _invented(rng, rows, 4)
    ends = [("osk", "uzz"), ("ilt", "emp")]
    _put(texts, [[stem + ends[int(rng.integers(2))][int(one < 0)]] for stem, one in zip(stems, sign, strict=True)], rng)
    return Drawn(texts, size * sign, rng.normal(size=rows))


def _straight(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    number = rng.normal(size=rows)
    return Drawn(_plain(rng, rows), size * number, number)


def _curved(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    number = rng.normal(size=rows)
    return Drawn(_plain(rng, rows), size * (np.abs(number) - np.sqrt(2 / np.pi)), number)


def _turned(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    """A number whose effect a word turns to the other sign."""
    number, held = rng.normal(size=rows), rng.random(rows) < 0.5  # noqa: PLR2004 - half of the texts
    texts = _plain(rng, rows)
    _put(texts, [["indeed"] if one else [] for one in held], rng)
    return Drawn(texts, size * number * np.where(held, 1, -1), number)


def _meaning(rng: np.random.Generator, rows: int, size: float, *, names: int) -> Drawn:
    """A name in every text, and what decides is what kind of thing it names."""
    texts, sign = _plain(rng, rows), _sign(rng, rows)
    invented = _invented(rng, 2 * names, 4)
    groups = {1: invented[:names], -1: invented[names:]}
    _put(texts, [[str(rng.choice(groups[int(one)]))] for one in sign], rng)
    sort = {word: kind for kind, words in enumerate(groups.values()) for word in words}
    return Drawn(texts, size * sign, rng.normal(size=rows), sort)


def _header(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    """A token that stands in three texts of ten and gives the target away."""
    texts, held = _plain(rng, rows), rng.random(rows) < 0.3  # noqa: PLR2004 - as said
    for words, one in zip(texts, held, strict=True):
        words[:0] = ["nntp"] if one else []
    return Drawn(texts, np.where(held, size, -size / 4), rng.normal(size=rows))


def _length(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    texts = _plain(rng, rows)
    words = np.array([len(one) for one in texts], np.float64)
    return Drawn(texts, size * (words - words.mean()) / words.std(), rng.normal(size=rows))


def _two(rng: np.random.Generator, rows: int, size: float) -> Drawn:
    """Order of words and endings, both."""
    first, second = _order(rng, rows, size), _endings(rng, rows, size)
    texts = [[*a, *b] for a, b in zip(first.texts, second.texts, strict=True)]
    return Drawn(texts, first.margin + second.margin, first.number)


def _of(*causes: str) -> frozenset[str]:
    return frozenset(causes)


_BINARY = (
    Kind("nothing", _nothing, 0.0),
    Kind("single words", _words, 1.2),
    Kind("twin columns", partial(_words, twice=True), 1.2),
    Kind("leaked header", _header, 3.5),
    Kind("length", _length, 1.0),
    Kind("number, straight", _straight, 1.2),
    Kind("number, curved", _curved, 2.0, _of("shape")),
    Kind("word turns a number", _turned, 1.5, _of("interaction")),
    Kind("order of two words", _order, 2.0, _of("phrases")),
    Kind("negation", _negation, 2.0, _of("phrases")),
    Kind("endings", _endings, 2.0, _of("spelling")),
    Kind("names of a kind", partial(_meaning, names=500), 2.0, _of("meaning")),
    Kind("order and endings", _two, 1.5, _of("phrases", "spelling")),
)
_WEAK = (
    Kind("single words, weak", _words, 0.4, weak=True),
    Kind("number, curved, weak", _curved, 0.8, _of("shape"), weak=True),
    Kind("word turns a number, weak", _turned, 0.6, _of("interaction"), weak=True),
    Kind("order of two words, weak", _order, 0.6, _of("phrases"), weak=True),
    Kind("negation, weak", _negation, 0.7, _of("phrases"), weak=True),
    Kind("endings, weak", _endings, 0.6, _of("spelling"), weak=True),
    Kind("names of a kind, weak", partial(_meaning, names=500), 0.7, _of("meaning"), weak=True),
)
_SOME = ("nothing", "single words", "order of two words", "endings", "names of a kind", "word turns a number")
_TASKS: tuple[tuple[Task, str, float, tuple[str, ...]], ...] = (
    ("regression", "a number as target", 0.5, _SOME), ("multiclass", "three classes", 1.0, _SOME[1:5]),
)  # fmt: skip
_OTHER: tuple[Kind, ...] = tuple(
    replace(kind, name=f"{kind.name}, {title}", task=task, size=kind.size * times)
    for task, title, times, again in _TASKS
    for kind in _BINARY
    if kind.name in again
)
KINDS: tuple[Kind, ...] = (*_BINARY, *_WEAK, *_OTHER)
