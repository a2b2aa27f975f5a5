"""A small served project with texts, for tests of what serving does with them."""

import json
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from toy_encoder import toy_encoder, toy_model, toy_tokenizer
from toy_project import of_metric, toy_project, usual_metric
from toy_service import facts_of
from toy_table import first_learner, run_now
from toy_texts import BAD, COMMON, GOOD

from pipelines.core.project import Project
from pipelines.core.table import Table
from pipelines.define import define
from pipelines.encode import encode
from pipelines.ladder.ladder import Ladder, ladder
from pipelines.ladder.saved import save
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS, metric_of
from pipelines.models.folds import CrossFit, cross_fit
from pipelines.models.mean import combine
from pipelines.models.saving import archive
from pipelines.models.worded.block import all_blocks, plain_blocks
from pipelines.models.worded.stacked import StackedLearner
from pipelines.serving.archive import pack_service
from pipelines.serving.drift_reference import reference
from pipelines.serving.service import Service
from pipelines.texts.encodings import MODEL, TEXTS, TOKENIZER

COLUMNS = """\
year = { type = "integer", missing = 0.2 }
place = { type = "category" }
review = { type = "text", missing = 0.1, title = "what was written", strip = ["quotes"] }
y = { type = "integer" }"""
ROWS = 400


class Built(NamedTuple):
    """A project with texts, as its steps leave it."""

    project: Project
    raw: pd.DataFrame
    table: Table
    fits: dict[str, CrossFit]
    climbed: Ladder | None  # where the strong model is the stack alone
    archive: bytes

    @property
    def rows(self) -> list[dict[str, object]]:
        """The raw test rows as a client has them, through JSON and back."""
        rows = self.raw.iloc[self.table.frame["row_id"][self.table.tested]]
        return list(json.loads(rows.drop(columns="y").to_json(orient="records")))


def written(rows: int, classes: int) -> pd.DataFrame:
    """Return a raw frame whose texts follow the target: by words of praise and blame, and by "not" before them."""
    rng = np.random.default_rng(8)
    y = np.arange(rows) % classes
    texts = []
    for one in y:
        words = [str(word) for word in rng.choice([*COMMON, "film", "plot"], rng.integers(6, 14))]
        praise = one == 1 if rng.random() < 0.9 else one != 1
        turned = rng.random() < 0.5
        said = str(rng.choice([*GOOD[:6], "good"] if praise != turned else [*BAD[:6], "bad"])) if one < 2 else "so so"
        words.insert(int(rng.integers(len(words))), f"not {said}" if turned else said)
        texts.append(" ".join(words) + (f"\n> as {rng.choice(COMMON)} said" if rng.random() < 0.2 else ""))
    year = rng.integers(1990, 2020, rows).astype(float)
    return pd.DataFrame(
        {
            "year": np.where(rng.random(rows) < 0.1, np.nan, year),
            "place": pd.Series(rng.choice(["Bern", "Oslo"], rows), dtype="str"),
            "review": pd.Series(texts, dtype="str").mask(rng.random(rows) < 0.03),
            "y": y,
        }
    )


@cache
def built(task: str = "binary", *, encoder: bool = True, trees: bool = False) -> Built:
    """Return the project, with an encoder or without; where asked for, the strong model is a mean with trees."""
    project = toy_project(
        task, columns=COLUMNS, split='kind = "random"\ntest = 0.25\nseed = 3',
        metric=of_metric(usual_metric(task), 0.01), effort='level = "quick"',
    )  # fmt: skip
    raw = written(ROWS, 3 if task == "multiclass" else 2)
    made = define(raw, project, "0" * 64, run_now)
    network = toy_encoder() if encoder else None
    coded = encode(made.table.frame, {"review": "minilm" if encoder else "none"}, project, network, run_now)
    table = Table(coded.frame, made.table.target)
    learners = [
        StackedLearner(table.target, plain_blocks(table.features, table.texts)),
        StackedLearner(table.target, all_blocks(table), "linear_texts"),
        *([first_learner("lightgbm", table)] if trees else []),
    ]
    (first, *others), failed = cross_fit(learners, table, 7, run_now)
    assert not failed
    strong = combine(table, others, run_now)[0] if trees else others[0]
    fits = {"baseline": first, "strong": strong, "repaired": others[0]}
    climbed = None if trees else ladder(Study(table, METRICS[usual_metric(task)], 0.01, 7, run_now), first.prediction)
    models = {name: archive.save(one, table, project) for name, one in fits.items()}
    facts = facts_of(task, table, log=False)
    facts["define"] = json.loads(json.dumps(made.facts))
    facts["metric"], facts["eda"] = {"margin": 0.01}, {"columns": [], "hypotheses": []}
    facts["reflect"]["repaired"] = {"score": 0.7, "ci": [0.6, 0.8], "threshold": None}
    facts["reflect"] |= {"attribution": [], "codes": [], "scales": [], "shapes": [], "interactions": [], "details": {}}
    predictions = {name: fits[name].prediction for name in ("strong", "baseline")}
    tested = {name: one[table.tested] for name, one in predictions.items()}
    more = {TEXTS: coded.texts} | ({} if climbed is None else {"rungs.zip": save(climbed, table, project)})
    more |= {MODEL: toy_model(), TOKENIZER: toy_tokenizer()} if encoder else {}
    more |= reference(table, facts, tested, metric_of(project.metric)).to_files()
    return Built(
        project, raw, table, fits, climbed, pack_service(raw, table, project, facts, models, predictions, more)
    )


@cache
def service_of(task: str = "binary", *, encoder: bool = True, trees: bool = False) -> Service:
    """Return the service out of its archive."""
    return Service.load(built(task, encoder=encoder, trees=trees).archive)
