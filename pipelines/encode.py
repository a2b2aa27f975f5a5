"""Texts become numbers, between steps 1 and 2: what the table's text columns say, learned from training rows alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.core.errors import InputError, quote
from pipelines.core.keys import MASKED as MASKED_WORDS
from pipelines.core.project import Project
from pipelines.core.submit import Submit, import_first
from pipelines.core.table import Table
from pipelines.facts.encode import EncodeFacts, MeaningFacts, TextColumn
from pipelines.inputs import NO_ENCODER
from pipelines.targets import target_of
from pipelines.texts.controls import MASKED, SCRAMBLED, SHUFFLED, control_rows, masked_names, shuffled_words, variant
from pipelines.texts.encoder import Encoder, Pieces, Vectors
from pipelines.texts.encoding import Encoding, learn
from pipelines.texts.minilm import MiniLM
from pipelines.texts.saved import save

TEXTS = 512  # of a piece of work: a few seconds
WORD = r"\S+"


@dataclass(frozen=True)
class Encoded:
    """What the step leaves behind."""

    frame: pd.DataFrame  # the table, and behind its columns those made of its texts
    controls: pd.DataFrame  # some of its rows, with texts from which something was taken, and embeddings of these
    texts: bytes  # what was learned: models/NAME/texts.zip
    facts: EncodeFacts


@dataclass(frozen=True)
class Read:
    """What an encoder makes of texts."""

    vectors: Vectors  # (rows, width)
    pieces: Pieces


def encode(
    frame: pd.DataFrame, columns: Mapping[str, str], project: Project, encoder: MiniLM | None, submit: Submit
) -> Encoded:
    """Return the table `frame` with the columns made of its texts, what was learned, and the facts.

    `columns` are those of texts with the encoder of each, which is `encoder` or NO_ENCODER. Raises InputError where a
    column's name is taken by one that would be made.
    """
    import_first("sklearn.feature_extraction.text", "scipy.sparse.linalg")
    made, encodings, about = [], [], []
    known: dict[str, Vectors] = {}  # the embeddings of the columns that have some
    train = (frame["split"] == "train").to_numpy()
    for name, asked in columns.items():
        texts, own = frame[name], None if asked == NO_ENCODER else encoder
        read = None if own is None else _read(texts, own, submit)
        vectors = None if read is None else read.vectors
        known |= {} if vectors is None else {name: vectors}
        learned = submit(learn, texts, train, own, vectors, name=f"words of {name}").result()
        made.append(learned.columns(texts, vectors))
        encodings.append(learned)
        about.append(_facts(texts, learned, read))
    _check_names(frame, made, project)
    facts: EncodeFacts = {
        "project": project.name,
        "rows": len(frame),
        "encoder": None
        if encoder is None
        else {
            "name": encoder.name,
            "model_sha256": encoder.model_sha256,
            "tokenizer_sha256": encoder.tokenizer_sha256,
            "width": encoder.width,
            "longest": encoder.longest,
        },
        "left_out": _left_out(about),
        "columns": about,
    }
    controls = _controls(frame, columns, project, encoder, known, submit)
    return Encoded(pd.concat([frame, *made], axis=1), controls, save(encodings), facts)


def _controls(
    frame: pd.DataFrame, columns: Mapping[str, str], project: Project, encoder: MiniLM | None,
    known: Mapping[str, Vectors], submit: Submit,
) -> pd.DataFrame:  # fmt: skip
    """Return some training rows with texts whose words are in another order or hidden, and embeddings of these.

    For each text column c: `c shuffled` and `c masked` as text, and with an encoder the embeddings of these, and those
    of the texts by the same network with its dictionary scrambled, as `c scrambled [0]`, ...; `known` are the
    embeddings of all rows' texts, so that texts without a name are not read again.
    """
    target = target_of(project.problem.task, frame["y_true"].to_numpy(np.float64))
    places = control_rows(Table(frame, target), project.seed)
    rows = frame.iloc[places].reset_index(drop=True)
    made: dict[str, pd.Series | np.ndarray] = {"row_id": rows["row_id"]}
    for name in columns:
        changed = {SHUFFLED: shuffled_words(rows[name], project.seed)}
        if MASKED_WORDS in rows:
            changed[MASKED] = masked_names(rows[name], rows[MASKED_WORDS].tolist())
        made |= {variant(name, what): texts for what, texts in changed.items()}
        if encoder is not None and name in known:
            vectors = {
                what: _read_changed(rows[name], texts, encoder, known[name][places], submit)
                for what, texts in changed.items()
            }
            vectors[SCRAMBLED] = _read(rows[name], encoder.scrambled(project.seed), submit).vectors
            for what, found in vectors.items():
                made |= {f"{variant(name, what)} [{i}]": one for i, one in enumerate(found.astype(np.float16).T)}
    return pd.DataFrame(made)


def _read_changed(
    before: pd.Series, after: pd.Series, encoder: Encoder, known: Vectors, submit: Submit
) -> Vectors:  # fmt: skip
    """Return the embeddings of texts `after` a change, of which those `before` it are known."""
    changed = np.flatnonzero(before.to_numpy() != after.to_numpy())
    found = known.copy()
    if len(changed):
        found[changed] = _read(after.iloc[changed], encoder, submit).vectors
    return found


def read_texts(encoder: Encoder, texts: Sequence[str]) -> Read:
    """Return what the encoder makes of texts: a piece of work."""
    return Read(encoder.embed(texts), encoder.pieces(texts))


def _read(texts: pd.Series, encoder: Encoder, submit: Submit) -> Read:
    """Return what the encoder makes of a column: of each different text once, those of like length together."""
    codes, known = pd.factorize(texts)
    distinct = pd.Series(known, dtype="str")
    order = np.argsort(distinct.str.len().to_numpy(), kind="stable")
    parts = [order[begin : begin + TEXTS] for begin in range(0, len(order), TEXTS)]
    waiting = [
        submit(read_texts, encoder, distinct.iloc[part].tolist(), name=f"texts {number} of {len(parts)}")
        for number, part in enumerate(parts, start=1)
    ]
    done = [one.result() for one in waiting]
    back = np.argsort(order, kind="stable")[codes]
    pieces = [one.pieces for one in done]
    return Read(
        np.concatenate([one.vectors for one in done])[back],
        Pieces(
            np.concatenate([one.all for one in pieces])[back],
            np.concatenate([one.unknown for one in pieces])[back],
            pieces[0].longest,
        ),
    )


def _facts(texts: pd.Series, learned: Encoding, read: Read | None) -> TextColumn:
    blank = int((texts.str.strip() == "").sum())
    return {
        "column": learned.column,
        "texts": len(texts) - blank,
        "empty": blank,
        "terms": len(learned.words.terms),
        "topics": learned.topics.shape[1],
        "topics_explained": learned.explained.topics,
        "words": list(learned.common),
        "meaning": None if read is None else _meaning(texts, learned, read.pieces),
    }


def _meaning(texts: pd.Series, learned: Encoding, pieces: Pieces) -> MeaningFacts:
    total, words = int(pieces.all.sum()), int(texts.str.count(WORD).sum())
    return {
        "columns": learned.meanings.shape[1],
        "explained": learned.explained.meanings or 0.0,
        "read": {
            "pieces": total,
            "pieces_per_word": total / max(words, 1),
            "unknown": int(pieces.unknown.sum()),
            "unknown_share": int(pieces.unknown.sum()) / max(total, 1),
            "cut": int(pieces.cut.sum()),
            "cut_share": float(pieces.cut.mean()),
        },
    }


def _left_out(columns: Sequence[TextColumn]) -> str | None:
    """Return in words what is missing where columns have no encoder."""
    without = [quote(one["column"]) for one in columns if one["meaning"] is None]
    if not without:
        return None
    return f"the meaning of {' and '.join(without)}: no encoder is declared, so words count and what they mean does not"


def _check_names(frame: pd.DataFrame, made: Sequence[pd.DataFrame], project: Project) -> None:
    """Raise InputError where a column that was made has the name of another."""
    seen = set(map(str, frame.columns))
    for one in made:
        taken = next((name for name in map(str, one.columns) if name in seen), None)
        if taken is not None:
            raise InputError(
                f"the table has a column {quote(taken)}, which is made of a text too",
                where=project.raw.path,
                allowed="names that no other column of the table has",
                todo="rename the column in the file, or drop it",
            )
        seen |= set(map(str, one.columns))
