"""Step 3: what the training rows say, whether the test rows look alike, and what that predicts for step 7."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from pipelines.causes import CAUSES, INTERACTION
from pipelines.core.project import Project
from pipelines.core.submit import Submit, import_first
from pipelines.core.table import Table
from pipelines.duplicates import identical_features
from pipelines.exploration.drift import find_drift
from pipelines.exploration.examine import Looks, examine_columns
from pipelines.exploration.formulas import Goal, find_formulas
from pipelines.exploration.grouped import look_at_groups
from pipelines.exploration.grouped import with_findings as with_grouped_findings
from pipelines.exploration.grouped_screens import screen_groups
from pipelines.exploration.groups import find_groups
from pipelines.exploration.hypotheses import conclude, find_hypotheses
from pipelines.exploration.intervals import QuickTruth
from pipelines.exploration.joint import screen_joint
from pipelines.exploration.leaks import find_suspects
from pipelines.exploration.pairs import screen_pairs
from pipelines.exploration.plain import plain
from pipelines.exploration.relations import score_alone
from pipelines.exploration.screens import MAX_COLUMNS, screen_causes
from pipelines.exploration.series import look_at_series
from pipelines.exploration.series_screens import screen_series
from pipelines.exploration.text_screens import screen_texts
from pipelines.exploration.texts import look_at_texts, with_findings
from pipelines.exploration.twins import count_twins
from pipelines.facts.define import DefineFacts
from pipelines.facts.eda import ColumnsLook, EdaFacts, EdaLook, GroupsLooked, SeriesLooked, TextsLooked
from pipelines.facts.eda.column import Column
from pipelines.facts.eda.rows import Size
from pipelines.facts.eda.screens import Screens
from pipelines.metrics import look_at, look_of, metric_of
from pipelines.targets.groups import Density
from pipelines.targets.sampled import at_random

PAIRED_ROWS = 10_000  # for the correlated groups
COMBINED = 120  # columns, the best alone, that formulas are looked for among
BLOCK = 4  # columns examined by one piece of work


def eda(table: Table, project: Project, define_facts: DefineFacts, submit: Submit) -> EdaFacts:
    """Return the facts of step 3; all except `drift` and `duplicates` are of training rows only.

    Scores alone are ROC AUC or, of numbers and several classes, R2; the screens use average precision where that is
    the project's primary metric.
    """
    import_first("lightgbm", "sklearn.feature_selection", "sklearn.linear_model", "sklearn.metrics", "sklearn.tree")
    train, seed = table.rows("train"), project.seed
    same = identical_features(table.known, len(table.y))
    logarithm = project.problem.target_scale == "log"
    columns = look_at_columns(train.about_offset(), define_facts, seed, submit, logarithm=logarithm)
    looked: SeriesLooked = {}
    if "forecast" in define_facts:
        looked = {"series": look_at_series(train, define_facts["forecast"])}
    worded: TextsLooked = {"texts": look_at_texts(train, define_facts, seed, submit)} if train.texts else {}
    grouped: GroupsLooked = {"clusters": look_at_groups(train, seed)} if "clusters" in define_facts else {}
    measured: EdaLook = {
        **columns,
        **looked,
        **worded,
        **grouped,
        "drift": find_drift(table, seed, submit, same),
        "duplicates": count_twins(table, same),
        "screens": SCREENS[table.rows_are](train, project, columns["columns"], submit),
    }
    look: EdaLook = plain(measured)
    if "texts" in look:
        look["texts"] = with_findings(look)
    if "clusters" in look:
        look["clusters"] = with_grouped_findings(look)
    hypotheses = find_hypotheses(look)
    return {
        **look,
        "leak_suspects": [] if table.forward else find_suspects(look),  # the guard of step 1 looks at all features
        "duplicates_across_split": look["duplicates"]["test_rows"],
        "hypotheses": hypotheses,
        "conclusion": conclude(look, hypotheses),
    }


def look_at_columns(
    train: Table, define_facts: DefineFacts, seed: int, submit: Submit, *, logarithm: bool
) -> ColumnsLook:
    """Return the facts of each column, of the groups they form, of the target and of the rows' order."""
    metric = look_at(train.target.name)
    labels = [item["value"] for item in define_facts["target_summary"].get("classes", ())]
    looks = Looks.choose(train, labels, metric, seed)
    pending = [
        submit(examine_columns, train.named[block], train.y, looks, name=f"columns {block[0]} to {block[-1]}")
        for block in _blocks(train.features)
    ]
    by_order = submit(score_alone, _row_order(train, looks), looks.truth, name="order of the rows")
    columns = [column for work in pending for column in work.result()]
    made_of = {item["name"]: item for item in define_facts["features"]}
    for name, column in zip(train.features, columns, strict=True):
        if name in made_of:
            column["type"], column["column"] = made_of[name]["type"], made_of[name]["from"]
    alone = {column["name"]: column["score_alone"] for column in columns}
    goal = Goal.of(train.target, train.y[looks.scored], logarithm=logarithm)
    weaker = [name for name in _best_first(train, columns) if alone[name] < looks.truth.look.leak]
    formulas = submit(find_formulas, train.x.iloc[looks.scored][weaker[:COMBINED]], goal, seed, name="formulas")
    paired = at_random(len(train.y), PAIRED_ROWS, seed)
    groups = submit(find_groups, train.x.iloc[paired][_best_first(train, columns)], name="correlated groups").result()
    ordered = by_order.result()
    return {
        "score_alone_metric": metric.name, "score_alone_label": looks.truth.look.label,
        "rows": {
            "described": len(train.y), "scored_alone": len(looks.scored), "mutual_information": len(looks.informed),
            "correlated": len(paired),
        },
        "size": _size(train),
        "target": {"task": train.target.task, "spread": _spread(train)},
        "columns": columns, "missing": {"features": sum(column["missing"] > 0 for column in columns)},
        "correlated": groups["groups"], "correlated_left_out": groups["left_out"],
        "row_order": {"score_alone": ordered["score_alone"], "ci": ordered["score_alone_ci"]},
        # Classes that one column almost gives lie so far apart that ranges of many formulas give them.
        "formulas": [one for one in formulas.result() if one["kind"] != "cut" or len(weaker) == len(columns)],
    }  # fmt: skip


def _spread(train: Table) -> float | None:
    """Return how far the target's places lie apart; None where there is no target, as of groups without an outcome."""
    return None if isinstance(train.target, Density) else train.target.spread(train.target.places(train.y))


def _screen(train: Table, project: Project, columns: list[Column], submit: Submit) -> Screens:
    """Return the facts of the quick fits, on the columns that are best alone."""
    best = sorted(range(len(columns)), key=lambda i: (-columns[i]["score_alone"], i))[:MAX_COLUMNS]
    names = [train.features[i] for i in sorted(best)]
    primary, alone = metric_of(project.metric), look_at(train.target.name)
    # The primary metric of several classes may rank rows by one probability, which they do not have.
    ranks = primary.look is not None and (primary.look.ranks is None) == (look_of(alone).ranks is None)
    metric = primary if ranks else alone
    rows = train.target.sample(train.y, look_of(metric).rows, project.seed)
    truth = QuickTruth.of(train, rows, metric)
    x = train.x.iloc[rows][names].reset_index(drop=True)
    screened = screen_causes(x, truth, project, submit)
    facts = screened.facts
    pairs = submit(screen_pairs, x, truth, screened.predictor, facts["material"], name="pairs").result()
    facts["factors"][INTERACTION.name] = pairs
    for cause in CAUSES:
        if cause.joint is not None:
            asked = x, truth, screened.predictor, pairs, cause.joint, facts["material"]
            facts["factors"][cause.name] = submit(screen_joint, *asked, name=f"{cause.name}: quick fit").result()
    left_out = len(columns) - len(names)
    why = f"only the {MAX_COLUMNS} columns that are best alone go into the quick fits" if left_out else None
    return {**facts, "rows": len(rows), "columns": len(names), "left_out": {"features": left_out, "why": why}}


def _screen_series(train: Table, project: Project, columns: list[Column], submit: Submit) -> Screens:  # noqa: ARG001 - all roles
    return screen_series(train, project, submit)


def _screen_texts(train: Table, project: Project, columns: list[Column], submit: Submit) -> Screens:
    return screen_texts(train, _screen(train, project, columns, submit), project.seed, submit)


def _screen_groups(train: Table, project: Project, columns: list[Column], submit: Submit) -> Screens:  # noqa: ARG001 - all columns
    return screen_groups(train, project, submit)


SCREENS: dict[str, Callable[[Table, Project, list[Column], Submit], Screens]] = {
    "apart": _screen, "series": _screen_series, "worded": _screen_texts, "grouped": _screen_groups,
}  # fmt: skip


def _best_first(train: Table, columns: list[Column]) -> list[str]:
    """Return the features, the best alone first."""
    return [train.features[i] for i in sorted(range(len(columns)), key=lambda i: (-columns[i]["score_alone"], i))]


def _row_order(train: Table, looks: Looks) -> pd.Series:
    return pd.Series(train.frame["row_id"].to_numpy(np.float64)[looks.scored])


def _size(train: Table) -> Size:
    """Return rows, features, and how many rows fall to a feature: of classes, those outside the commonest one.

    `rarer_class` is their number, None where there are no classes.
    """
    features = max(len(train.features), 1)
    rows = len(train.y)
    evidence = train.target.evidence(train.y)
    rarer = evidence if "probabilities" in train.target.can else None
    return {"rows": rows, "features": features, "rarer_class": rarer, "rows_per_feature": evidence / features}


def _blocks(names: list[str]) -> list[list[str]]:
    return [names[i : i + BLOCK] for i in range(0, len(names), BLOCK)]
