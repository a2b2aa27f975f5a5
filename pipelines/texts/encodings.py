"""Raw texts as models read them where rows are predicted: the columns of step `encode`, made when they are asked for.

A model of words never waits for the encoder: what no one asks for is not made.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Self

import numpy as np
import pandas as pd

from pipelines.texts.encoding import Encoding
from pipelines.texts.minilm import MiniLM
from pipelines.texts.saved import load

TEXTS, MODEL, TOKENIZER = "texts.zip", "model.onnx", "tokenizer.json"  # of an archive, where there are texts
LIBRARIES = ("onnxruntime", "tokenizers")  # that run an encoder
Columns = Mapping[str, pd.Series | np.ndarray]


@dataclass(frozen=True)
class Encodings:
    """What was learned of all text columns; of a project without texts nothing."""

    by_column: Mapping[str, Encoding] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Self:
        """Return what the files of an archive hold, of one without texts nothing.

        Raises InputError where a file cannot be read, or the texts were encoded by another encoder.
        """
        if TEXTS not in files:
            return cls()
        encoder = MiniLM(files[MODEL], files[TOKENIZER]) if MODEL in files else None
        return cls(load(files[TEXTS], encoder))

    @property
    def embed(self) -> bool:
        """Whether an encoder runs, which takes some milliseconds a text."""
        return any(one.encoder is not None for one in self.by_column.values())

    def beside(self, features: Columns) -> Columns:
        """Return rows' features, with texts among them, and the columns made of these."""
        return Made(features, self.by_column) if self.by_column else features


def libraries_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the versions of the libraries that run the encoder among an archive's files; none without one."""
    return {name: version(name) for name in LIBRARIES} if MODEL in files else {}


class Made(Mapping[str, Any]):
    """Features of rows, and the columns made of their texts, all of one kind where the first of them is asked for."""

    def __init__(self, features: Columns, encodings: Mapping[str, Encoding]) -> None:
        self._known: dict[str, Any] = dict(features)
        self._makers: dict[str, Callable[[], Mapping[str, np.ndarray]]] = {}
        for column, one in encodings.items():
            texts = pd.Series(features[column], dtype="str")
            self._makers |= dict.fromkeys(one.names_of_words, _maker(one.of_words, texts))
            self._makers |= dict.fromkeys(one.names_of_meaning, _maker(one.of_meaning, texts))

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - numpy's or pandas' array
        if name not in self._known:
            self._known |= self._makers[name]()
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._known, *self._makers]))

    def __len__(self) -> int:
        return len(self._known.keys() | self._makers.keys())


def _maker(
    make: Callable[[pd.Series], Mapping[str, np.ndarray]], texts: pd.Series
) -> Callable[[], Mapping[str, np.ndarray]]:
    return lambda: make(texts)
