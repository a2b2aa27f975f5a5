"""What step `encode` learned of all text columns as one zip: raw text becomes the same numbers again, to the bit.

`texts.json` names columns, terms and the encoder's hash, and `0/`, `1/`, ... hold each column's arrays. Nothing in
it is a pickle, and the encoder itself is not in it.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.core.errors import InputError, quote
from pipelines.models.saving.zip import pack, unpack
from pipelines.texts.encoder import Encoder
from pipelines.texts.encoding import Encoding, Explained
from pipelines.texts.word_counts import WordCounts

FORMAT = "sevenfold texts 1"
ARRAYS = {"rarity": "<f8", "topics": "<f4", "mean": "<f8", "meanings": "<f4"}  # and how their numbers are held


def save(encodings: Sequence[Encoding]) -> bytes:
    """Return the archive; equal encodings give equal bytes."""
    encoder = next((one.encoder for one in encodings if one.encoder is not None), None)
    about = {
        "format": FORMAT,
        "encoder": None if encoder is None else {"name": encoder.name, "identity": encoder.identity},
        "columns": [
            {
                "column": one.column,
                "encoded": one.encoder is not None,
                "terms": list(one.words.terms),
                "common": list(one.common),
                "explained": [one.explained.topics, one.explained.meanings],
            }
            for one in encodings
        ],
    }
    files = {"texts.json": json.dumps(about, ensure_ascii=False).encode()}
    for place, one in enumerate(encodings):
        arrays: dict[str, np.ndarray] = {
            "rarity": one.words.rarity,
            "topics": one.topics,
            "mean": one.mean,
            "meanings": one.meanings,
        }
        files |= {f"{place}/{name}.npy": _bytes(arrays[name].astype(dtype)) for name, dtype in ARRAYS.items()}
    return pack(files, compress=True)


def load(content: bytes, encoder: Encoder | None) -> dict[str, Encoding]:
    """Return the encodings by column.

    `encoder` is the one that the project names, None where it names none. Raises InputError where the bytes are no such
    archive, or what is in it was learned with another encoder.
    """
    try:
        files = unpack(content)
        about = json.loads(files["texts.json"])
        if about["format"] != FORMAT:
            raise _unreadable(f"format {quote(about['format'])}")
        _check_encoder(about["encoder"], encoder)
        columns = about["columns"]
        return {one["column"]: _encoding(one, _arrays(files, place), encoder) for place, one in enumerate(columns)}
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise _unreadable(str(error)) from error


def _encoding(about: Mapping[str, Any], arrays: Mapping[str, np.ndarray], encoder: Encoder | None) -> Encoding:
    """Return one column's encoding; raise ValueError where its parts do not fit each other."""
    terms, common = tuple(map(str, about["terms"])), tuple(map(str, about["common"]))
    topics, explained = about["explained"]
    width = encoder.width if about["encoded"] and encoder is not None else 0
    shapes = {name: array.shape for name, array in arrays.items()}
    fits = (
        shapes["rarity"] == (len(terms),)
        and (len(shapes["topics"]), shapes["topics"][0]) == (2, len(terms))
        and shapes["mean"] == (width,)
        and (len(shapes["meanings"]), shapes["meanings"][0]) == (2, width)
        and set(common) <= set(terms)
        and all(np.isfinite(array).all() for array in arrays.values())
    )
    if not fits:
        message = f"the parts of column {about['column']!r} do not fit each other"
        raise ValueError(message)
    return Encoding(
        str(about["column"]), WordCounts(terms, arrays["rarity"]), arrays["topics"], common, arrays["mean"],
        arrays["meanings"], encoder if about["encoded"] else None, Explained(topics, explained),
    )  # fmt: skip


def _arrays(files: Mapping[str, bytes], place: int) -> dict[str, np.ndarray]:
    """Return the arrays of one column; raise ValueError where one is of another type."""
    arrays = {name: np.load(io.BytesIO(files[f"{place}/{name}.npy"]), allow_pickle=False) for name in ARRAYS}
    wrong = next((name for name, dtype in ARRAYS.items() if arrays[name].dtype != np.dtype(dtype)), None)
    if wrong is not None:
        message = f"{wrong} holds {arrays[wrong].dtype}"
        raise ValueError(message)
    return arrays


def _bytes(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()


def _check_encoder(learned: Mapping[str, str] | None, encoder: Encoder | None) -> None:
    """Raise InputError unless the encoder is the one that the texts were encoded with."""
    asked = None if learned is None else learned["identity"]
    found = None if encoder is None else encoder.identity
    if asked != found:
        raise InputError(
            f"the texts were encoded by {_shown(asked)}, and are to be by {_shown(found)}",
            where="models/NAME/texts.zip, against [[source]]",
            allowed="the model and the tokenizer that step `encode` had",
            todo="run `dvc repro` again",
        )


def _shown(identity: str | None) -> str:
    return "no encoder" if identity is None else f"the encoder {identity[:12]}"


def _unreadable(found: str) -> InputError:
    return InputError(
        f"not an archive of encoded texts: {found}",
        where="models/NAME/texts.zip",
        allowed=f"a zip whose texts.json says format {FORMAT!r}",
        todo="rebuild it with `dvc repro`",
    )
