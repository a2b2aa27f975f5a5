"""An encoder small enough to check by hand: a real network of one layer, which looks each piece up in a table.

The network is written as ONNX by hand, since the package that writes ONNX is not needed otherwise. Its format is
protocol buffers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers of the fields.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipelines.texts.minilm import MiniLM

MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WORDS = ("good", "bad", "film", "the", "##s", "not", "dull", "plot")
WIDTH = 5
FLOAT, INT64 = 1, 7  # of TensorProto.DataType


def toy_encoder(seed: int | None = None) -> "MiniLM":
    """Return the encoder; with a seed, its dictionary is scrambled."""
    from pipelines.texts.minilm import MiniLM

    return MiniLM(toy_model(), toy_tokenizer(), seed)


def table() -> np.ndarray:
    """Return the vector of each piece: float32 (pieces, WIDTH)."""
    return np.random.default_rng(5).normal(size=(len(MARKS) + len(WORDS), WIDTH)).astype(np.float32)


def toy_model(inputs: Sequence[str] = ("input_ids",), output: str = "last_hidden_state") -> bytes:
    """Return a network that gives each piece its vector."""
    values = table()
    held = (
        _field(1, len(values)) + _field(1, WIDTH) + _field(2, FLOAT) + _field(8, "table") + _field(9, values.tobytes())
    )
    look_up = _field(1, "table") + _field(1, inputs[0]) + _field(2, output) + _field(4, "Gather")
    graph = _field(1, look_up) + _field(2, "toy") + _field(5, held)
    for name in inputs:
        graph += _field(11, _value(name, INT64, ["batch", "sequence"]))
    graph += _field(12, _value(output, FLOAT, ["batch", "sequence", WIDTH]))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


def toy_tokenizer() -> bytes:
    """Return a dictionary of MARKS and WORDS, of the kind that BERT has."""
    ids = {piece: place for place, piece in enumerate((*MARKS, *WORDS))}
    special = [
        {"id": ids[mark], "content": mark, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
         "special": True}
        for mark in MARKS
    ]  # fmt: skip
    begin, text, end = ({"SpecialToken": {"id": mark, "type_id": 0}} for mark in ("[CLS]", "", "[SEP]"))
    text = {"Sequence": {"id": "A", "type_id": 0}}
    known = {mark: {"id": mark, "ids": [ids[mark]], "tokens": [mark]} for mark in ("[CLS]", "[SEP]")}
    return json.dumps(
        {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "decoder": None,
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                           "strip_accents": None, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "TemplateProcessing", "single": [begin, text, end],
                               "pair": [begin, text, end, text], "special_tokens": known},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 100, "vocab": ids},
        }
    ).encode()  # fmt: skip


def _value(name: str, kind: int, shape: Sequence[str | int]) -> bytes:
    """Return a ValueInfoProto: a tensor with its type and shape."""
    sizes = b"".join(_field(1, _field(2 if isinstance(size, str) else 1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, sizes)))


def _field(number: int, value: str | bytes | int) -> bytes:
    """Return one field of a message: a whole number, or bytes with their length before them."""
    if isinstance(value, int):
        return _whole(number << 3) + _whole(value)
    content = value.encode() if isinstance(value, str) else value
    return _whole(number << 3 | 2) + _whole(len(content)) + content


def _whole(value: int) -> bytes:
    """Return a number of at least 0 as protocol buffers write it, seven digits a byte."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
