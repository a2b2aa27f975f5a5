"""Raw texts of requests: the numbers that models were fitted to, to the bit, whatever else is asked."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from test_encode import FILES, declared, notes, text_of_project
from toy_encoder import toy_encoder, toy_model, toy_tokenizer

from pipelines.core.errors import InputError
from pipelines.core.project import parse_project
from pipelines.serving.archive import project_of, sections_of
from pipelines.serving.contract import Contract, Read
from pipelines.texts.encoding import Encoding, learn
from pipelines.texts.encodings import MODEL, TEXTS, TOKENIZER, Encodings
from pipelines.texts.saved import save

PROJECT = parse_project(text_of_project(*map(declared, FILES)), "orders", "projects/orders.toml")
RAW = notes(60)
NAMES = ("note", "remark")


@pytest.fixture(scope="module")
def learned() -> dict[str, Encoding]:
    """What was learned of the two columns of text, of which one has an encoder."""
    train, encoders = np.arange(len(RAW)) % 4 != 0, (toy_encoder(), None)
    return {name: learn(RAW[name].fillna(""), train, one) for name, one in zip(NAMES, encoders, strict=True)}


@pytest.fixture(scope="module")
def files(learned: dict[str, Encoding]) -> dict[str, bytes]:
    """The files of a service's archive that have to do with texts."""
    return {TEXTS: save(list(learned.values())), MODEL: toy_model(), TOKENIZER: toy_tokenizer()}


def ask(files: Mapping[str, bytes], rows: pd.DataFrame) -> Read:
    """Return what a request with these rows holds, as the archived project reads it."""
    project = project_of({"project": {"name": PROJECT.name} | sections_of(PROJECT)})
    cells = {str(name): [None if pd.isna(cell) else cell for cell in rows[name].tolist()] for name in rows}
    return Contract.of(project, encodings=Encodings.of(files)).read(cells, len(rows))


def test_a_request_becomes_the_columns_of_the_table(files: Mapping[str, bytes], learned: dict[str, Encoding]) -> None:
    """All rows at once, and each alone; a row without a text has an empty one."""
    whole = ask(files, RAW).frame

    for name, encoding in learned.items():
        expected = encoding.columns(RAW[name].fillna(""))
        pd.testing.assert_frame_equal(whole[expected.columns], expected, check_exact=True)
        for row in (0, 3, 59):
            alone = ask(files, RAW.iloc[[row]]).frame[expected.columns]
            pd.testing.assert_frame_equal(alone, expected.iloc[[row]].reset_index(drop=True), check_exact=True)


def test_a_wrong_row_does_not_shift_the_others(files: Mapping[str, bytes], learned: dict[str, Encoding]) -> None:
    """Rows that keep to the contract have the numbers of their own texts; where none does, there are no texts."""
    rows = RAW.astype({"amount": object})
    rows.loc[[1, 5], "amount"] = "much"

    read = ask(files, rows)

    expected = learned["note"].columns(RAW["note"].fillna("")).iloc[read.good].reset_index(drop=True)
    assert sorted(read.wrong) == [1, 5]
    pd.testing.assert_frame_equal(read.frame[expected.columns], expected, check_exact=True)
    assert len(ask(files, rows.iloc[[1, 5]]).good) == 0


def test_an_archive_without_its_encoder_is_refused(files: Mapping[str, bytes]) -> None:
    """Texts that were encoded by a network cannot be encoded without it."""
    with pytest.raises(InputError, match="the texts were encoded by the encoder"):
        Encodings.of({TEXTS: files[TEXTS]})


def test_an_archive_without_texts_has_nothing_to_encode() -> None:
    """Those of tables without texts are as they were."""
    assert Encodings.of({"rungs.zip": b""}) == Encodings()
