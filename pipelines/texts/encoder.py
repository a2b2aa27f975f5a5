"""What turns texts into vectors of their meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Pieces:
    """Of each text, how many pieces the encoder's dictionary cuts it into. Arrays are int64 (rows,)."""

    all: NDArray[np.int64]  # without the marks of beginning and end
    unknown: NDArray[np.int64]  # those that the dictionary does not hold
    longest: int  # pieces that the encoder reads of a text; what comes after them is cut

    @property
    def cut(self) -> NDArray[np.bool_]:
        """Which texts are longer than the encoder reads."""
        return self.all > self.longest


class Encoder(Protocol):
    """A fixed network and its dictionary; nothing is learned from the project's rows."""

    @property
    def name(self) -> str:
        """Its name in the project file."""

    @property
    def identity(self) -> str:
        """A hash of all that its vectors depend on, hexadecimal."""

    @property
    def width(self) -> int:
        """How many numbers a vector has."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return each text's vector, of unit length, or 0 where a text is blank: float32 (rows, width).

        A text's vector does not depend on the other texts.
        """

    def pieces(self, texts: Sequence[str]) -> Pieces:
        """Return what the texts are cut into."""

    def scrambled(self, seed: int) -> Self:
        """Return the same network with the meanings of its dictionary's pieces exchanged at random."""
