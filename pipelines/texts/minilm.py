"""all-MiniLM-L6-v2, run by onnxruntime: a text becomes 384 numbers, alike for texts of like meaning.

Wang et al. 2020, MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained Transformers
(NeurIPS), as trained on pairs of sentences by Reimers and Gurevych's sentence-transformers (EMNLP 2019): the mean of
the vectors of a text's pieces, scaled to unit length.

Texts of one length go through the network together, so that none is padded: a text's digits do not depend on the
others. They may depend on the processor, as those of all products of matrices.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pipelines.core.errors import InputError, quote
from pipelines.texts.encoder import Pieces, Vectors

LONGEST = 256  # pieces with the two marks: what the network was trained to read
MARKS = 2  # of beginning and end
TOGETHER = 8_192  # pieces that go through the network together, at most; of ordinary sentences 64 texts
MOST_TOGETHER = 64  # texts
UNKNOWN = "[UNK]"
ERRORS = 3  # the level from which on the library speaks; it raises them too
AXES = ("text", "piece", "number")  # of what the network gives
INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class MiniLM:
    """The network and its dictionary, ready to run in any thread."""

    name = "minilm"
    longest = LONGEST

    def __init__(self, model: bytes, tokenizer: bytes, seed: int | None = None) -> None:
        """Take the bytes of model.onnx and tokenizer.json; with a seed, exchange the dictionary's pieces at random.

        Raises InputError where they are no such files.
        """
        self._made_of = model, tokenizer, seed
        self._session, self.width = _session(model)
        self._tokenizer = _tokenizer(tokenizer)
        self._unknown = self._tokenizer.token_to_id(UNKNOWN)
        self._ids = None if seed is None else _exchanged(self._tokenizer, seed)
        digests = [hashlib.sha256(part).hexdigest() for part in (model, tokenizer)]
        self.model_sha256, self.tokenizer_sha256 = digests
        self.identity = hashlib.sha256(" ".join([self.name, *digests, str(seed)]).encode()).hexdigest()

    def __reduce__(self) -> tuple[type["MiniLM"], tuple[bytes, bytes, int | None]]:
        """Travel to another process as what it is made of: a running session cannot."""
        return MiniLM, self._made_of

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return each text's vector, of unit length, or 0 where a text is blank: float32 (rows, width)."""
        vectors = np.zeros((len(texts), self.width), np.float32)
        of_length: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
        for row, text in enumerate(texts):
            if text.strip():
                ids = self._cut(self._tokenizer.encode(text).ids)
                of_length[len(ids)].append((row, ids))
        for length, rows in sorted(of_length.items()):
            for some in _batches(rows, max(1, min(MOST_TOGETHER, TOGETHER // length))):
                vectors[[row for row, _ in some]] = self._embedded(np.array([ids for _, ids in some], np.int64))
        return vectors

    def pieces(self, texts: Sequence[str]) -> Pieces:
        """Return what the texts are cut into."""
        ids = [self._tokenizer.encode(text).ids for text in texts]
        return Pieces(
            all=np.array([len(one) - MARKS for one in ids], np.int64),
            unknown=np.array([one.count(self._unknown) for one in ids], np.int64),
            longest=LONGEST - MARKS,
        )

    def scrambled(self, seed: int) -> "MiniLM":
        """Return the same network with the pieces of its dictionary exchanged at random, the marks left as they are."""
        model, tokenizer, _ = self._made_of
        return MiniLM(model, tokenizer, seed)

    def _cut(self, ids: list[int]) -> list[int]:
        """Return the ids of a text's pieces, at most LONGEST, with the mark of its end."""
        return ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]]

    def _embedded(self, ids: np.ndarray) -> Vectors:
        """Return the vectors of texts of one length."""
        seen = ids if self._ids is None else self._ids[ids]
        given = {"input_ids": seen, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        names = [one.name for one in self._session.get_inputs()]
        (states,) = self._session.run(None, {name: given[name] for name in names})
        means = states.mean(axis=1, dtype=np.float64)
        vectors: Vectors = (means / np.sqrt((means * means).sum(axis=1, keepdims=True))).astype(np.float32)
        return vectors


def _batches(rows: list[tuple[int, list[int]]], size: int) -> Iterator[list[tuple[int, list[int]]]]:
    yield from (rows[place : place + size] for place in range(0, len(rows), size))


def _session(model: bytes) -> tuple[Any, int]:
    """Return the network, ready to run in one thread, and the width of its vectors."""
    import onnxruntime  # type: ignore[import-untyped] # it has no types

    onnxruntime.set_default_logger_severity(ERRORS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = ERRORS
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - the library has a class for each reason, with no base but this one
        raise _unfit("model", f"the model cannot be read: {quote(str(error).splitlines()[0])}") from None
    inputs, outputs = {one.name for one in session.get_inputs()}, session.get_outputs()
    shape = outputs[0].shape
    if inputs - INPUTS or "input_ids" not in inputs or len(outputs) != 1 or len(shape) != len(AXES):
        found = f"the model takes {', '.join(sorted(inputs))} and gives {len(outputs)} output(s), the first of {shape}"
        raise _unfit("model", found)
    return session, int(shape[-1])


def _tokenizer(content: bytes) -> Any:  # noqa: ANN401 - the library has no types
    """Return the dictionary, which neither pads nor cuts."""
    import tokenizers

    try:
        tokenizer = tokenizers.Tokenizer.from_buffer(content)
    except Exception as error:  # noqa: BLE001 - the library raises no other class
        raise _unfit("tokenizer", f"the tokenizer cannot be read: {quote(str(error).splitlines()[0])}") from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if tokenizer.token_to_id(UNKNOWN) is None or len(tokenizer.encode("").ids) != MARKS:
        raise _unfit("tokenizer", f"the tokenizer has no piece {UNKNOWN}, or does not put a mark at each end of a text")
    return tokenizer


def _unfit(role: str, found: str) -> InputError:
    return InputError(
        found,
        where=f'the file of role "{role}" in [[source]]',
        allowed=f"the {role} of all-MiniLM-L6-v2, or of a network like it",
        todo="check package, member and sha256",
    )


def _exchanged(tokenizer: Any, seed: int) -> np.ndarray:  # noqa: ANN401 - the library has no types
    """Return for each piece's id the one that takes its place; marks, and what stands for unknown pieces, stay."""
    ids = np.arange(tokenizer.get_vocab_size())
    special = [place for place, token in tokenizer.get_added_tokens_decoder().items() if token.special]
    others = np.setdiff1d(ids, special)
    ids[others] = np.random.default_rng(seed).permutation(others)
    return ids
