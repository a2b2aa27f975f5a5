"""Texts: what is left of each cause when something is taken away, what it is worth in rows, and what it leans on."""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from pipelines.core.submit import Pending, apart
from pipelines.core.table import Table
from pipelines.experiments.experiment import Experiment, Known
from pipelines.experiments.texts.climbing import Climbed, climb, gains_of, score_of, shuffled_target
from pipelines.experiments.texts.examples import examples
from pipelines.experiments.texts.parts import by_column, by_slice
from pipelines.experiments.texts.terms import terms
from pipelines.experiments.texts.views import MEANING, base, has, own_texts, rungs
from pipelines.facts.reflect.texts import AtSize, Control, RowsWorth, TextControls, TextReasons
from pipelines.inputs.worded import embedding_of
from pipelines.ladder.study import Study
from pipelines.metrics import Metric
from pipelines.models.worded.stack import Rows
from pipelines.texts.controls import MASKED, SCRAMBLED, SHUFFLED, variant

SIZES = (1_000,)  # training rows, beside those of the controls and all
ENOUGH = 1.5  # times the largest of these that there must be in all
LABELS = 2  # sets of shuffled labels
LABEL_ROWS = 1_500  # of these sets
RANDOM = "random"
OTHER_EMBEDDINGS = (SCRAMBLED, RANDOM)
WHAT: Mapping[str, str] = {
    "none": "nothing",
    SHUFFLED: "the order of the words in each text",
    MASKED: "names",
    SCRAMBLED: "what the network learned of words: its dictionary is scrambled",
    RANDOM: "the embedding: random numbers of the same shape stand in its place",
    "labels": "the labels: they are shuffled",
}
Name = Literal["none", "shuffled", "masked", "scrambled", "random", "labels"]
TAKEN: tuple[Name, ...] = ("shuffled", "masked", "scrambled", "random")


def text_reasons(known: Known, changed: pd.DataFrame) -> TextReasons:
    """Return what the experiments find; `changed` are rows of the table with texts from which something was taken."""
    study, ladder = known.study, known.ladder
    small = with_changed(study.table, changed, study.seed)
    whole = climb(small, Rows.of(small), base(small), rungs(small))  # what the controls fit again is kept
    sizes, worth = _at_sizes(known, _facts(small, whole, study.metric, study.seed))
    return {
        "controls": controls(study, small, whole),
        "sizes": sizes,
        "worth": worth,
        "terms": terms(study.table, ladder),
        "examples": examples(study.table, ladder, known.facts["define"]),
        "slices": by_slice(study, known.predictions),
        "columns": by_column(study, ladder),
    }


def controls(study: Study, small: Table, whole: Climbed) -> TextControls:
    """Return the causes' gains on the same rows with one thing taken away after the other; `whole` is without."""
    asked = small, study.metric, study.seed
    found: list[Control] = [_control(*asked, "none", whole)]
    names = [name for name in TAKEN if any(has(small, column, name) for column in own_texts(small))]
    pending: list[Pending[Control]] = [
        study.submit(control if name in OTHER_EMBEDDINGS else changed, *asked, name, name=f"control of texts: {name}")
        for name in names
    ]
    pending += [
        study.submit(labels, small, study.metric, study.seed + number, name=f"control of texts: labels {number}")
        for number in range(LABELS)
    ]
    found += [one.result() for one in pending]
    none = {"labels", "random", "scrambled"}
    claimed = [
        one["factor"]
        for made in found
        if made["name"] in none
        for one in made["gains"]
        if one["kept"] and one["gain"]["ci"][0] > 0 and one["gain"]["value"] >= study.margin
        and (made["name"] == "labels" or one["factor"] == MEANING)
    ]  # fmt: skip
    return {"rows": int(small.scored.sum()), "controls": found, "passed": not claimed}


@apart
def changed(table: Table, metric: Metric, seed: int, name: Name) -> Control:
    """Return the causes' gains on other texts, of which no other piece has read or fitted anything."""
    return control(table, metric, seed, name)


def control(table: Table, metric: Metric, seed: int, name: Name) -> Control:
    """Return the causes' gains with one thing taken away."""
    what = "" if name in OTHER_EMBEDDINGS else name
    blocks = rungs(table, what, name if name in OTHER_EMBEDDINGS else None)
    return _control(table, metric, seed, name, climb(table, Rows.of(table), base(table, what), blocks))


def _control(table: Table, metric: Metric, seed: int, name: Name, climbed: Climbed) -> Control:
    """Return the facts of one control; of another embedding only the gain of meaning, which it alone can change."""
    gains = gains_of(table, climbed, metric, seed)
    return {
        "name": name, "what": WHAT[name], "score": score_of(table, climbed.predictions["words"], metric),
        "gains": [one for one in gains if name not in OTHER_EMBEDDINGS or one["factor"] == MEANING],
    }  # fmt: skip


@apart
def labels(table: Table, metric: Metric, seed: int) -> Control:
    """Return the causes' gains on shuffled labels."""
    mixed = shuffled_target(_some(table, LABEL_ROWS, seed), seed)
    rows = Rows.of(mixed)
    climbed = climb(mixed, rows, base(mixed), rungs(mixed))
    return {
        "name": "labels", "what": WHAT["labels"], "score": score_of(mixed, climbed.predictions["words"], metric),
        "gains": gains_of(mixed, climbed, metric, seed),
    }  # fmt: skip


def with_changed(table: Table, changed: pd.DataFrame, seed: int) -> Table:
    """Return the rows of `changed` with the texts' variants beside, and random numbers in the shape of embeddings."""
    place = pd.Series(np.arange(len(table.frame)), index=table.frame["row_id"])
    own = table.frame.iloc[place[changed["row_id"]].to_numpy()].reset_index(drop=True)
    frame = pd.concat([own, changed.drop(columns="row_id").reset_index(drop=True)], axis="columns")
    rng = np.random.default_rng(seed)
    made: dict[str, np.ndarray] = {}
    for column in table.texts:
        for number in range(len(embedding_of(own, column))):
            made[f"{variant(column, RANDOM)} [{number}]"] = rng.normal(size=len(own)).astype(np.float16)
    return replace(table, frame=pd.concat([frame, pd.DataFrame(made, index=frame.index)], axis="columns"))


def _at_sizes(known: Known, of_controls: "tuple[AtSize, Scores]") -> tuple[list[AtSize], RowsWorth | None]:
    """Return what the causes gain at several numbers of training rows, and what the last one that matters is worth.

    One that may be chance is worth no rows that anyone could name.
    """
    study, ladder = known.study, known.ladder
    table = study.table
    whole = int(table.scored.sum())
    middle = of_controls[1][0]
    sizes = [size for size in SIZES if size * ENOUGH <= min(whole, middle)]
    pending = [
        study.submit(at_size, table, size, study.metric, study.seed, name=f"texts: {size} rows") for size in sizes
    ]
    names = [name for name in rungs(table) if name in ladder.predictions]
    before = ladder.route.below(names[0])
    predictions = {"words": ladder.predictions[before], **{name: ladder.predictions[name] for name in names}}
    kept = {
        name: ladder.predictions[name] is not ladder.predictions[ladder.route.below(name)] for name in names
    }  # fmt: skip
    of_all = _facts(table, Climbed(predictions, kept), study.metric, study.seed)
    found = [*(one.result() for one in pending), *([of_controls] if middle * ENOUGH <= whole else []), of_all]
    facts = [one[0] for one in found]
    matters = {one["factor"] for one in known.attribution if one["matters"]}
    last = next((name for name in reversed(names) if kept[name] and name in matters), None)
    if last is None or len(found) == 1:
        return facts, None
    return facts, rows_worth([one[1] for one in found], last, greater_is_better=study.metric.greater_is_better)


Scores = tuple[int, dict[str, float]]  # training rows, and the score of each rung


@apart
def at_size(table: Table, size: int, metric: Metric, seed: int) -> tuple[AtSize, Scores]:
    """Return what the causes gain with so many training rows."""
    small = _some(table, size, seed)
    return _facts(small, climb(small, Rows.of(small), base(small), rungs(small)), metric, seed)


def _some(table: Table, size: int, seed: int) -> Table:
    """Return a sample of so many of the training rows."""
    training = np.flatnonzero(table.trained)
    taken = np.sort(training[table.target.sample(table.y[training], size, seed)])
    return replace(table, frame=table.frame.iloc[taken].reset_index(drop=True))


def _facts(table: Table, climbed: Climbed, metric: Metric, seed: int) -> tuple[AtSize, Scores]:
    scores = {name: score_of(table, one, metric) for name, one in climbed.predictions.items()}
    size = int(table.scored.sum())
    facts: AtSize = {
        "rows": size, "words": scores["words"], "best": list(scores.values())[-1],
        "gains": gains_of(table, climbed, metric, seed),
    }  # fmt: skip
    return facts, (size, scores)


def rows_worth(scores: list[Scores], factor: str, *, greater_is_better: bool = True) -> RowsWorth | None:
    """Return with how many rows the model with `factor` scores what all rows reach without it.

    Between two sizes the score is taken to be straight in the logarithm of the rows, from the largest size downwards.
    None where the cause does not raise the score of all rows.
    """
    names = list(scores[-1][1])
    below = names[names.index(factor) - 1]
    rows, largest = scores[-1]
    wanted = largest[below]
    better = 1.0 if greater_is_better else -1.0
    reached = [(size, better * one[factor]) for size, one in scores]
    if reached[-1][1] <= better * wanted:
        return None
    for (low, worse), (high, best) in reversed(list(pairwise(reached))):
        if worse < better * wanted:
            share = (better * wanted - worse) / (best - worse)
            same = float(np.exp(np.log(low) + share * (np.log(high) - np.log(low))))
            return {"factor": factor, "rows": rows, "same_with": _rounded(same), "at_most": False}
    return {"factor": factor, "rows": rows, "same_with": scores[0][0], "at_most": True}


def _rounded(rows: float) -> int:
    """Return a number of rows with two significant digits: a line between two sizes says no more."""
    size = 10 ** max(0, math.floor(math.log10(rows)) - 1)
    return round(rows / size) * size


def _applies(known: Known) -> bool:
    return bool(known.study.table.texts) and known.changed is not None


def _run(known: Known) -> Mapping[str, object]:
    return {} if known.changed is None else {"texts": text_reasons(known, known.changed)}


TEXTS = Experiment("texts", _run, applies=_applies, otherwise={}, longest=30.0)
