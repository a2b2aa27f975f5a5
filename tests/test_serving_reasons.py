"""The reasons of a served answer: they sum to it, are what the models do, and depend on no other row."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
import pytest
from planted import planted
from test_ladder_saved import Climbed, of_planted, small
from test_models_archive import archived, table_of
from toy_project import toy_project
from toy_table import APART, OF_TREES, first_learner, run_now, small_project, small_table

from pipelines.core.errors import InputError
from pipelines.core.project import Task
from pipelines.core.table import Table
from pipelines.experiments.controls import linear_baseline
from pipelines.ladder.ladder import ladder
from pipelines.ladder.repair import repair
from pipelines.ladder.saved import load as load_rungs
from pipelines.ladder.saved import save as save_rungs
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.models.families import FAMILIES
from pipelines.models.folds import CrossFit, cross_fit
from pipelines.models.forest import ForestLearner
from pipelines.models.line import Line
from pipelines.models.linear import LinearLearner, LinearModel
from pipelines.models.mean import combine
from pipelines.models.model import TreeModel
from pipelines.models.saving import archive
from pipelines.models.saving.archive import SavedModel
from pipelines.serving.effects import Effects, means_of
from pipelines.serving.reason import FeatureEffect, Reason
from pipelines.serving.reason_text import HONEST, Telling, reason_text
from pipelines.serving.reasons import Explainer, Words
from pipelines.targets import Forecast

WORDS = Words({"curved": "a curved number", "town": "home"}, "USD", ("low", "middle", "high"))
NEAR = 1e-12  # absolute, and of larger numbers relative: raw predictions keep 40 binary digits
STRONG = Telling("ensemble", probability=True, unit=None, thinned=None, dealt_out=True)
FEATURE = (
    " In small LightGBM, which has 60 % of the weight in the mean, this feature moved the answer most: income = 98 "
    f"(-0.50 log-odds). {HONEST}"
)
LOG = 'target_scale = "log"\nunit = "USD"'
TASKS: list[tuple[Task, bool]] = [
    *((task, False) for task in APART),
    ("regression", True),
]  # and whether of a logarithm


class Case(NamedTuple):
    """A ladder with the models whose answers are explained."""

    climbed: Climbed
    models: Mapping[str, SavedModel]
    means: Mapping[str, Any]

    @property
    def rows(self) -> pd.DataFrame:
        """The test rows."""
        return self.climbed.tested

    def explainer(self, model: str, words: Words = WORDS) -> Explainer:
        """Return what explains a model's answers."""
        return Explainer(self.climbed.rungs, self.models[model], words, self.means)

    def reasons(self, model: str, rows: pd.DataFrame | None = None, *, echo: bool = False) -> list[Reason]:
        """Return the reasons of a model's answers to the test rows, or to others."""
        given = self.rows if rows is None else rows
        answers = (self.models[name].predict(given) for name in (model, "baseline"))
        return self.explainer(model).reasons(given, *answers, echo=echo)

    def on_scale(self, prediction: np.ndarray, model: str) -> np.ndarray:
        """Return predictions of the test rows as answers; of several classes those of the class that a model names."""
        if prediction.ndim > 1:
            return prediction[np.arange(len(prediction)), self.models[model].predict(self.rows).argmax(axis=1)]
        return np.exp(prediction) if self.models[model].schema["target_scale"] == "log" else prediction


@cache
def fitted(family: str, task: Task) -> CrossFit:
    """Return a family's first model on the folds of the small table."""
    table = small(task).table
    learner = LinearLearner(table.target) if family == "linear" else first_learner(family, table)
    if isinstance(learner, ForestLearner):
        learner = replace(learner, settings=learner.settings | {"n_estimators": 3})
    (done,), _ = cross_fit([learner], table, 7, run_now)
    return done


@cache
def case(task: Task, of: int | None = None, *, log: bool = False) -> Case:
    """Return a mean of models as the strong one, and the baseline."""
    climbed, own = small(task, of), toy_project(task, problem=LOG) if log else small_project(task)
    strong, _ = combine(climbed.table, [fitted("lightgbm", task), fitted("random_forest", task)], run_now)
    saved = {"strong": strong, "baseline": fitted("linear", task)}
    models = {name: archive.load(archive.save(one, climbed.table, own)) for name, one in saved.items()}
    return Case(climbed, models, means_of(list(models.values()), climbed.table))


@cache
def repaired_case() -> Case:
    """Return the ladder of a table whose levels and tails call for a repair, of which only the ranks are taken over."""
    table = planted("scale_and_missing", 1_500, seed=1, columns=7).table
    study = Study(table, METRICS["log_loss"], 0.01, 3, run_now)
    climbed = ladder(study, linear_baseline(table))
    matter: list[Any] = [{"factor": "scale", "matters": True}, {"factor": "missingness", "matters": False}]
    repaired = repair(study, small_project(), climbed, matter, {"x3": [98.0]})
    (base,), _ = cross_fit([LinearLearner(table.target)], table, 7, run_now)
    content = save_rungs(climbed, table, small_project(), repaired=repaired.causes)
    models = {
        "repaired": archive.load(repaired.saved), "baseline": archive.load(archive.save(base, table, small_project())),
    }  # fmt: skip
    return Case(Climbed(table, climbed, content), models, means_of(list(models.values()), table))


def sums(reasons: Sequence[Reason]) -> np.ndarray:
    """Return the baseline's answer plus all that is said to have moved it."""
    return np.array([one["from"] + sum(cause["moved"] for cause in one["causes"]) + one["rest"] for one in reasons])


@pytest.mark.parametrize(("task", "log"), TASKS)
def test_what_moved_sums_to_the_answer(task: Task, log: bool) -> None:
    """From the baseline's answer by causes and rest to the model's, on the user's scale."""
    found = case(task, log=log)
    reasons = found.reasons("strong")

    answer, start = (
        found.on_scale(found.models[name].predict(found.rows), "strong") for name in ("strong", "baseline")
    )
    assert sums(reasons) == pytest.approx(answer, rel=NEAR, abs=NEAR)
    assert [one["from"] for one in reasons] == start.tolist()
    assert len({one["text"] for one in reasons}) > len(reasons) / 2
    json.dumps(reasons, allow_nan=False)


@pytest.mark.parametrize("task", APART)
def test_what_a_cause_moved_is_the_step_between_two_rungs(task: Task) -> None:
    """Held against the ladder's own predictions; the rest leads from its top; what gained nothing is left out."""
    found = case(task)
    at = {rung: found.on_scale(one, "strong") for rung, one in found.climbed.at_test().items()}
    expected = {above: at[above] - at[below] for below, above in pairwise(at)}
    answer = found.on_scale(found.models["strong"].predict(found.rows), "strong")
    reasons = found.reasons("strong")

    causes = [[one["cause"] for one in reason["causes"]] for reason in reasons]
    assert causes == [[name for name, one in expected.items() if one.any()]] * len(reasons)
    assert "shape" in causes[0]
    for place, reason in enumerate(reasons):
        for one in reason["causes"]:
            assert one["moved"] == pytest.approx(expected[one["cause"]][place], rel=NEAR, abs=NEAR)
    assert [one["rest"] for one in reasons] == pytest.approx((answer - at["interaction"]).tolist(), abs=NEAR)


def test_a_thinned_ladders_baseline_is_part_of_the_rest() -> None:
    """The causes' steps are the ladder's own, the sum is still the difference of the answers, and the text says so."""
    found = case("binary", 6_000)
    at = found.climbed.at_test()
    answer, start = (found.models[name].predict(found.rows) for name in ("strong", "baseline"))
    reasons = found.reasons("strong")

    expected = answer - at["interaction"] + at["baseline"] - start
    assert [one["rest"] for one in reasons] == pytest.approx(expected.tolist(), abs=NEAR)
    assert "(by models of 720 of the 6,000 training rows)" in reasons[0]["text"]


@pytest.mark.parametrize("task", APART)
def test_reasons_depend_on_no_other_row(task: Task) -> None:
    """A row's are the same alone, among all and in reverse order: what the models said of it is given."""
    found = case(task)
    explainer, rows = found.explainer("strong"), found.rows.head(25)
    answer, start = (found.models[name].predict(rows) for name in ("strong", "baseline"))
    together = explainer.reasons(rows, answer, start, echo=True)

    for place in range(0, 25, 6):
        only = slice(place, place + 1)
        assert explainer.reasons(rows.iloc[only], answer[only], start[only], echo=True) == [together[place]]
    assert explainer.reasons(rows[::-1], answer[::-1], start[::-1], echo=True) == together[::-1]
    assert explainer.reasons(rows[:0], answer[:0], start[:0]) == []


def test_a_linear_models_reasons_depend_on_no_other_row() -> None:
    """Its terms too, with codes read as missing, ranks and marks."""
    found = repaired_case()
    explainer, rows = found.explainer("repaired"), found.rows.head(25)
    answer, start = (found.models[name].predict(rows) for name in ("repaired", "baseline"))
    together = explainer.reasons(rows, answer, start)

    for place in range(25):
        only = slice(place, place + 1)
        assert explainer.reasons(rows.iloc[only], answer[only], start[only]) == [together[place]]


@pytest.mark.parametrize("task", APART)
def test_the_features_are_those_of_the_heaviest_part(task: Task) -> None:
    """The three largest SHAP values of that part's fold models, averaged; of several classes against their mean."""
    found = case(task)
    model = found.models["strong"]
    part = max(model.parts, key=lambda one: one.weight)
    rows = archive.typed(found.rows, model.schema, "")
    shap = np.mean([cast("TreeModel", fold).contributions(rows) for fold in part.folds], axis=0)
    shap = shap - shap.mean(axis=2, keepdims=True) if shap.shape[2] > 1 else shap
    reasons = found.reasons("strong")

    of_class = model.predict(found.rows).argmax(axis=1) if shap.shape[2] > 1 else np.zeros(len(rows), int)
    for place, reason in enumerate(reasons):
        own = shap[place, :, of_class[place]]
        order = [model.features[i] for i in np.argsort(-np.abs(own), kind="stable")[:3]]
        assert [one["feature"] for one in reason["features"]] == order
        assert [one["effect"] for one in reason["features"]] == [own[model.features.index(name)] for name in order]
        assert reason["explains"] is not None
        assert (reason["explains"]["model"], reason["explains"]["weight"]) == (part.name, part.weight)
    assert 0 < part.weight <= 1


@pytest.mark.parametrize("task", APART)
@pytest.mark.parametrize("family", OF_TREES)
def test_effects_of_trees_add_up(family: str, task: Task) -> None:
    """Plus one constant they are the part's raw prediction or, of a forest, the prediction."""
    found = archive.load(archived(family, task))
    effects = Effects(found, {})
    rows = table_of(task).rows("test").frame
    total = effects.of(rows).sum(axis=1)
    predicted = [fold.predict(archive.typed(rows, found.schema, "")) for fold in found.folds]
    if effects.raw:
        link = np.log if task != "regression" else np.asarray
        predicted = [np.log(one / (1 - one)) if task == "binary" else link(one) for one in predicted]
    whole = np.mean(predicted, axis=0).reshape(len(rows), -1)
    whole = whole - whole.mean(axis=1, keepdims=True) if task == "multiclass" else whole

    assert effects.raw == (family != "random_forest")
    assert (total - whole).std(axis=0) == pytest.approx(0, abs=1e-5)  # xgboost counts in single precision
    assert whole.std() > 0.01


@pytest.mark.parametrize("task", APART)
def test_terms_of_a_line_are_coefficients_times_distances(task: Task) -> None:
    """Counted by hand from each fold's matrix: a number is one column, a category one a level."""
    found = case(task)
    table, model = found.climbed.table, found.models["baseline"]
    rows = archive.typed(found.rows, model.schema, "")
    expected = []
    for fold, one in zip(model.schema["folds"], model.folds, strict=True):
        pipeline = cast("LinearModel", one).pipeline
        matrix, training = pipeline[:-1].transform(rows), pipeline[:-1].transform(table.x[table.fits(fold)])
        coefficients = np.atleast_2d(pipeline[-1].coef_)
        levels = pipeline[0].named_transformers_["category"][-1].categories_[0]
        spans = {"curved": [0], "steady": [1], "town": range(3, 3 + len(levels)), "constant": [2], "empty": []}
        assert matrix.shape[1] == 3 + len(levels)
        expected.append([
            [
                [
                    sum(own[i] * (matrix[row, i] - training[:, i].mean()) for i in spans[name])
                    for own in coefficients
                ]
                for name in model.features
            ]
            for row in range(20)
        ])  # fmt: skip
    terms = np.mean(expected, axis=0)
    effects = Effects(model, found.means).of(found.rows)[:20]

    assert effects == pytest.approx(
        terms - terms.mean(axis=2, keepdims=True) if task == "multiclass" else terms, abs=1e-9
    )
    assert (effects[:, model.features.index("empty")] == 0).all()


def test_terms_of_a_line_add_up_whatever_its_matrix_holds() -> None:
    """Ranks, marks and codes read as missing: with the training mean of the line they are its raw prediction."""
    found = repaired_case()
    model, table = found.models["repaired"], found.climbed.table
    effects = Effects(model, found.means)
    lines = [Line.of(cast("LinearModel", one).pipeline, table.target) for one in model.folds]
    x = archive.typed(found.rows, model.schema, "")
    raw = np.mean([line.raw_predicted(line.sums(x)) for line in lines], axis=0)
    middle = np.mean(
        [
            line.raw_predicted(line.sums(table.x[table.fits(fold)])).mean()
            for fold, line in zip(model.schema["folds"], lines, strict=True)
        ]
    )

    assert effects.of(found.rows).sum(axis=(1, 2)) + middle == pytest.approx(raw, abs=1e-9)


def test_levels_held_closer_are_one_feature() -> None:
    """Their columns, sparse as they may be, are those of the category."""
    climbed = of_planted("levels", "regression")
    pipeline = climbed.ladder.linear_top.linear[0,].model
    line = Line.of(pipeline, climbed.table.target)

    assert sorted(set(line.features())) == sorted(climbed.table.features)
    assert len(line.features()) == line.matrix(climbed.table.x).shape[1] == len(line.coefficients)


def test_a_repaired_baselines_causes_are_those_it_took_over() -> None:
    """Marks, which the ladder kept and the repair did not, are part of the rest, as codes read as missing are."""
    found = repaired_case()
    reasons = found.reasons("repaired")

    assert {"missingness", "scale"} <= set(found.climbed.rungs.gained)
    assert all([one["cause"] for one in reason["causes"]] == ["scale"] for reason in reasons)
    assert sums(reasons) == pytest.approx(found.models["repaired"].predict(found.rows), abs=NEAR)
    assert reasons[0]["text"].startswith("The repaired baseline says ")
    assert reasons[0]["explains"] == {"model": "repaired", "title": "repaired baseline", "weight": 1.0}


def test_the_baseline_has_features_and_no_causes() -> None:
    """Nothing lies between it and itself."""
    found = case("binary")
    for reason in found.reasons("baseline"):
        assert (reason["causes"], reason["rest"]) == ([], 0.0)
        assert reason["text"].startswith("The baseline says ")
        assert "percentage points" not in reason["text"]
        assert len(reason["features"]) == 3


@pytest.mark.parametrize(
    ("task", "log", "model", "unit"),
    [
        ("binary", False, "baseline", "log-odds"),
        ("multiclass", False, "baseline", "log-odds"),
        ("count", False, "baseline", "logarithm of the mean"),
        ("regression", False, "strong", "USD"),
        ("regression", True, "strong", "logarithm of USD"),
    ],
)
def test_effects_have_a_unit(task: Task, log: bool, model: str, unit: str) -> None:
    """That of what the explained model adds up."""
    assert {one["unit"] for one in case(task, log=log).reasons(model)[0]["features"]} == {unit}


@pytest.mark.parametrize(("task", "unit"), [("binary", "probability"), ("count", "USD"), ("regression", "USD")])
def test_effects_of_a_forest_are_those_on_its_prediction(task: Task, unit: str) -> None:
    """Its trees' values are predictions themselves."""
    climbed = small(task)
    model = archive.load(archive.save(fitted("random_forest", task), climbed.table, small_project(task)))
    rows = climbed.tested.head(3)
    answer = model.predict(rows)
    reasons = Explainer(climbed.rungs, model, WORDS).reasons(rows, answer, answer)

    assert {one["unit"] for reason in reasons for one in reason["features"]} == {unit}


def test_values_are_named_only_where_they_are_asked_for() -> None:
    """Numbers without needless digits, levels by name, and what is missing as missing; in the text as well."""
    found = case("binary")
    rows = found.rows.head(3).assign(curved=[2.0, 0.25, np.nan], town=["Oslo", np.nan, "Rome"])
    plain, echoed = found.reasons("baseline", rows), found.reasons("baseline", rows, echo=True)

    values = [{one["feature"]: one["value"] for one in reason["features"]} for reason in echoed]
    assert [one["curved"] for one in values] == ["2", "0.25", "missing"]
    assert [one["town"] for one in values] == ["Oslo", "missing", "Rome"]
    assert "a curved number = 2 (" in echoed[0]["text"]
    for silent, loud in zip(plain, echoed, strict=True):
        assert all("value" not in one for one in silent["features"])
        assert " = " not in silent["text"]
        assert {**silent, "features": [], "text": ""} == {**loud, "features": [], "text": ""}


def test_ordered_levels_are_named() -> None:
    """Models see ranks; readers the level."""
    table = small_table(rows=300)
    sizes = pd.Categorical(np.where(table.frame["steady"] > 0, "large", "small"), ["small", "large"], ordered=True)
    ordered = Table(table.frame.assign(steady=sizes), table.target)
    (base,), _ = cross_fit([LinearLearner(ordered.target)], ordered, 7, run_now)
    model = archive.load(archive.save(base, ordered, small_project()))
    rows = ordered.rows("test").frame.head(10)
    answer = model.predict(rows)
    explainer = Explainer(small("binary").rungs, model, WORDS, means_of([model], ordered))
    reasons = explainer.reasons(rows, answer, answer, echo=True)

    named = [next(one["value"] for one in reason["features"] if one["feature"] == "steady") for reason in reasons]
    assert named == [str(one) for one in rows["steady"]]


def test_a_model_without_a_part_that_can_be_explained_names_no_feature() -> None:
    """A classic is neither trees nor terms of single features."""
    model = archive.load(archived("classic"))
    rows = table_of("binary").rows("test").frame
    answer = model.predict(rows)
    reasons = Explainer(small("binary").rungs, model, WORDS).reasons(rows, answer, answer)

    assert all(one["features"] == [] and one["explains"] is None for one in reasons)
    assert not any(HONEST in one["text"] for one in reasons)
    assert FAMILIES["classic"].explains is None


def test_of_a_mean_the_heaviest_part_that_can_be_explained_is() -> None:
    """Whatever weighs more and cannot be is passed over."""
    model = archive.load(archived("ensemble"))
    effects = Effects(model, means_of([model], table_of("binary")))
    able = [one for one in model.parts if one.folds[0].family in ("lightgbm", "linear")]

    assert len(model.parts) > 1
    assert effects.part is not None
    assert effects.part.name == max(able, key=lambda one: one.weight).name


def test_of_forecasts_nothing_is_divided_among_causes() -> None:
    """All of the difference is the rest."""
    climbed = small("regression")
    content = save_rungs(climbed.ladder, replace(climbed.table, target=Forecast()), small_project("regression"))
    found = case("regression")
    explainer = replace(found.explainer("strong"), rungs=load_rungs(content))
    answer, start = (found.models[name].predict(found.rows) for name in ("strong", "baseline"))
    reasons = explainer.reasons(found.rows, answer, start)

    assert all(one["causes"] == [] for one in reasons)
    assert [one["rest"] for one in reasons] == (answer - start).tolist()
    assert "of forecasts the difference is not divided among causes" in reasons[0]["text"]


def test_words_come_from_the_project_file() -> None:
    """Titles, the unit and the names of classes."""
    project = toy_project(
        "regression", problem='unit = "EUR"', columns='x = { type = "number", title = "size" }\ny = { type = "number" }'
    )
    words = Words.of(project, ["a"])

    assert (words.title("x"), words.title("z"), words.unit, words.labels) == ("size", "z", "EUR", ("a",))


def test_a_missing_feature_is_named() -> None:
    """As the model itself names it."""
    found = case("binary")
    rows = found.rows.drop(columns="curved")
    with pytest.raises(InputError, match="no column 'curved'"):
        found.explainer("strong").reasons(rows, np.zeros(len(rows)), np.zeros(len(rows)))


def told(
    causes: Mapping[str, float], rest: float, answers: tuple[float, float], telling: Telling = STRONG,
    label: str | None = None,
) -> str:  # fmt: skip
    """Return the text of reasons with these changes between the answers of baseline and model."""
    feature: FeatureEffect = {"feature": "x", "title": "income", "value": "98", "effect": -0.5, "unit": "log-odds"}
    reason: Reason = {
        "from": answers[0], "causes": [{"cause": name, "title": "", "moved": one} for name, one in causes.items()],
        "rest": rest, "features": [feature], "explains": {"model": "m", "title": "small LightGBM", "weight": 0.6},
        "text": "",
    }  # fmt: skip
    return reason_text(reason, answers[1], telling, label)


def test_the_text_names_the_largest_change_first_and_the_rest_last() -> None:
    """Three causes at most by name."""
    assert told({"scale": 0.2, "shape": -0.3, "interaction": 0.015}, 0.0051, (0.1, 0.0201)) == (
        "The strong model says 2.0 %, the baseline 10 %: curved effects of single features moved the answer by -30 "
        "percentage points, ranks in place of raw values by +20, joint effects of several features by +1.5 and all "
        f"remaining differences by +0.51.{FEATURE}"
    )
    assert told({"encoding": 0.4, "scale": 0.3, "shape": 0.2, "ratio": -0.1}, 0.05, (0.1, 0.95)) == (
        "The strong model says 95 %, the baseline 10 %: levels of categories held closer to the mean moved the answer "
        "by +40 percentage points, ranks in place of raw values by +30, curved effects of single features by +20 and "
        f"all remaining differences by -5.0.{FEATURE}"
    )


def test_the_text_names_nothing_that_rounding_leaves() -> None:
    """Of a rest of 1e-17, of no difference at all, and of the baseline, of which there is none."""
    assert told({"scale": 0.2}, 1e-17, (0.1, 0.3), label="red") == (
        "The strong model says 30 % for red, the baseline 10 %: ranks in place of raw values moved the answer by +20 "
        f"percentage points.{FEATURE}"
    )
    amounts = replace(STRONG, probability=False)
    assert told({}, 0.0, (2.5, 2.5), amounts) == f"The strong model says 2.5, the baseline 2.5.{FEATURE}"
    assert told({}, 0.0, (0.1, 0.1), replace(STRONG, model="baseline")) == f"The baseline says 10 %.{FEATURE}"


def test_the_text_has_units_and_says_what_was_thinned() -> None:
    """Dollars, percentage points, and the rows that the ladder was climbed on."""
    dollars = replace(STRONG, probability=False, unit="USD")
    assert told({}, 1500.0, (200_000.0, 201_500.0), dollars) == (
        "The strong model says 201,500 USD, the baseline 200,000 USD: all remaining differences moved the answer by "
        f"+1,500 USD.{FEATURE}"
    )
    thinned = replace(STRONG, model="repaired", thinned=(150_001, 357_231))
    assert told({"scale": 0.1}, 0.0, (0.1, 0.2), thinned) == (
        "The repaired baseline says 20 %, the baseline 10 %: ranks in place of raw values moved the answer by +10 "
        f"percentage points (by models of 150,001 of the 357,231 training rows).{FEATURE}"
    )
