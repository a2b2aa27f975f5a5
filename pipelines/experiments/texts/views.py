"""Which blocks each cause of texts adds, of the texts as they are or with something taken away."""

from collections.abc import Mapping

from pipelines.core.table import Table
from pipelines.inputs.worded import embedding_of
from pipelines.models.worded.block import EmbeddingBlock, LineBlock, TextBlock
from pipelines.models.worded.kinds import Block
from pipelines.models.worded.view import PHRASES, SPELLING, WORDS
from pipelines.texts.controls import VARIANTS, variant

MEANING = "meaning"


def base(table: Table, what: str = "") -> tuple[Block, ...]:
    """Return the blocks of the first rung: the features that are no texts, and the words."""
    line: tuple[Block, ...] = (LineBlock(tuple(table.features)),) if table.features else ()
    return (*line, *(TextBlock(named(table, column, what), WORDS.name) for column in own_texts(table)))


def rungs(table: Table, what: str = "", meaning: str | None = None) -> Mapping[str, tuple[Block, ...]]:
    """Return the blocks of each cause, of texts with `what` taken away; `meaning` names the embedding where another."""
    found: dict[str, tuple[Block, ...]] = {
        view.name: tuple(TextBlock(named(table, column, what), view.name) for column in own_texts(table))
        for view in (PHRASES, SPELLING)
    }
    of = what if meaning is None else meaning
    embedded = [named(table, column, of) for column in own_texts(table)]
    found[MEANING] = tuple(EmbeddingBlock(name) for name in embedded if embedding_of(table.frame, name))
    return found


def named(table: Table, column: str, what: str) -> str:
    """Return what a column with something taken away is called, the column itself where that is not there."""
    return variant(column, what) if what and has(table, column, what) else column


def has(table: Table, column: str, what: str) -> bool:
    """Return whether there is a column with something taken away."""
    name = variant(column, what)
    return name in table.frame or bool(embedding_of(table.frame, name))


def own_texts(table: Table) -> list[str]:
    """Return the text columns that are no variants of others."""
    parts = {name: name.rpartition(" ") for name in table.texts}
    return [name for name in table.texts if not (parts[name][2] in VARIANTS and parts[name][0] in table.texts)]
