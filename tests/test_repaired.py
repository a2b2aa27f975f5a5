"""The repaired baseline: what it takes over, what it is worth, and that its saved file predicts what its facts say."""

from collections.abc import Mapping
from copy import copy

import numpy as np
import pandas as pd
import pytest
from conftest import Facts
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from toy_project import of_metric, toy_project
from toy_table import run_now, small_project, small_table

from pipelines.baseline import baseline
from pipelines.causes.encoding import Pooled
from pipelines.causes.missingness import Marked
from pipelines.causes.plan import Plan
from pipelines.causes.scale import Ranked, ranked_in
from pipelines.core.project import Project, Task
from pipelines.core.table import FOLDS, Table
from pipelines.experiments.codes import find_codes
from pipelines.experiments.experiment import Known
from pipelines.experiments.repaired import REPAIRED
from pipelines.facts.reflect.repaired import Repaired
from pipelines.inference.bootstrap import replicates
from pipelines.inference.truth import Truth
from pipelines.ladder.attribute import attribute
from pipelines.ladder.ladder import Ladder, ladder
from pipelines.ladder.repair import RepairedLearner, RepairedModel, linear_changes, repair
from pipelines.ladder.route import BASELINE
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.models.fit import predictions_by_model
from pipelines.models.folds import cross_fit
from pipelines.models.linear import fit_linear
from pipelines.models.saving.archive import load, save
from pipelines.reflect import reflect
from pipelines.strong import strong
from pipelines.targets import target_of

ROWS = 2_400  # a fold's fit sees fewer values than ranks keep, so that ranks are easily counted by hand
CODES = {"visits": [98.0]}
PRICES = "cost = { false_positive = 50, false_negative = 400 }"
AUC = METRICS["roc_auc"]


def coded_table(risk_of_code: float = 0.5, seed: int = 5) -> tuple[Table, np.ndarray]:
    """Return a table and the true probability of each row.

    The log-odds are straight in the ranks of `amount`, which has a heavy tail, in `visits`, of which 98 is a code, and
    in `age`. Rows with the code have the given risk.
    """
    rng = np.random.default_rng(seed)
    z, visits, age = rng.normal(size=ROWS), rng.integers(0, 11, ROWS), rng.normal(size=ROWS)
    coded = rng.random(ROWS) < 0.04
    truth = 1 / (1 + np.exp(-(1.2 * z + 0.35 * (visits - 5.0) + 0.4 * age - 0.5)))
    truth = np.where(coded, risk_of_code, truth)
    test = rng.permutation(ROWS) < ROWS // 4
    frame = pd.DataFrame({
        "row_id": np.arange(ROWS), "split": np.where(test, "test", "train"),
        "fold": np.where(test, -1, rng.permutation(ROWS) % FOLDS),
        "y_true": (rng.random(ROWS) < truth).astype(float),
        "amount": np.exp(2 * z), "visits": np.where(coded, 98.0, visits), "age": age,
    })  # fmt: skip
    return Table(frame, target_of("binary", frame["y_true"].to_numpy())), truth


def priced_project() -> Project:
    """Return a project with prices of wrong decisions."""
    return toy_project(
        metric=of_metric("roc_auc", 0.005, PRICES, 'currency = "USD"'), split='kind = "random"\nseed = 3'
    )


class Case:
    """A table with its baseline, its ladder and some strong model's predictions: what the repair starts from."""

    def __init__(self, table: Table, project: Project, metric: str, strong_prediction: np.ndarray) -> None:
        self.table, self.project = table, project
        self.study = Study(table, METRICS[metric], project.metric.margin, project.split.seed, run_now)
        self.first = baseline(table, project, run_now)
        self.predictions = {
            "baseline": predictions_by_model(table, {"baseline": self.first.predictions})["baseline"],
            "strong": strong_prediction,
        }
        self.ladder: Ladder = ladder(self.study, self.predictions["baseline"])
        self.attribution = attribute(self.study, self.ladder, strong_prediction, signal=True)["attribution"]

    def repaired(self, codes: Mapping[str, list[float]], mattering: set[str] | None = None) -> RepairedModel:
        """Return the repaired baseline; `mattering` are the causes that are said to matter."""
        said = self.attribution
        if mattering is not None:
            said = [{**one, "matters": one["factor"] in mattering} for one in said]
        return repair(self.study, self.project, self.ladder, said, codes)

    def facts(self, model: RepairedModel) -> Facts:
        """Return the facts of a repaired baseline."""
        codes = find_codes(self.study, self.ladder, CODES) if set(CODES) <= set(self.table.features) else None
        strong_model = load(self.first.model)  # no strong model is looked at
        known = Known(
            self.study, self.project, {}, self.predictions, strong_model, self.ladder, self.attribution, codes, model,
            signal=True,
        )  # fmt: skip
        return dict(REPAIRED.facts(known))


@pytest.fixture(scope="module")
def coded() -> Case:
    """Return the table with codes and a heavy tail, its strong model the truth itself."""
    table, truth = coded_table()
    return Case(table, priced_project(), "roc_auc", truth)


@pytest.fixture(scope="module")
def model(coded: Case) -> RepairedModel:
    """Return its repaired baseline."""
    return coded.repaired(CODES)


@pytest.fixture(scope="module")
def found(coded: Case, model: RepairedModel) -> Repaired:
    """Return its facts."""
    repaired: Repaired = coded.facts(model)["repaired"]
    return repaired


def score(table: Table, prediction: np.ndarray) -> float:
    """Return the ROC AUC of the test rows."""
    test = table.fold < 0
    return AUC.score(table.y[test], prediction[test])


def test_it_takes_over_what_was_planted_and_nearly_reaches_the_truth(coded: Case, found: Repaired) -> None:
    """Ranks and codes repair what keeps a straight line from a truth that is straight in ranks."""
    plain, truth = (score(coded.table, coded.predictions[name]) for name in ("baseline", "strong"))
    training = coded.table.fold >= 0

    assert found["causes"] == ["scale"]
    assert found["codes"] == {
        "features": ["visits"], "values": [98.0], "rows": int((coded.table.frame["visits"][training] == 98).sum()),
    }  # fmt: skip
    assert plain + 0.02 < found["score"] < truth
    assert truth - found["score"] < 0.01


def test_gains_are_paired_and_add_up(coded: Case, found: Repaired) -> None:
    """Both gains sum to the whole difference, and come from the resamples of step 6."""
    test = coded.table.fold < 0
    compared = {name: one[test] for name, one in coded.predictions.items()}
    drawn = replicates(Truth.of(coded.table, test, AUC, coded.study.seed), compared)
    whole = drawn.gain("baseline", "strong")
    versus, adds = found["versus_baseline"], found["strong_adds"]

    assert versus["value"] + adds["value"] == pytest.approx(whole.value, abs=1e-12)
    assert found["share"] == pytest.approx(versus["value"] / whole.value)
    assert versus["ci"][0] > 0
    assert versus["value"] == pytest.approx(found["score"] - drawn.point["baseline"], abs=1e-12)


def by_hand(table: Table, features: list[str], ranked: tuple[str, ...]) -> np.ndarray:
    """Return predictions of a logistic regression on normal scores of counted mid-ranks, refitted in each fold."""
    x = table.x.copy()
    x.loc[x["visits"] == 98, "visits"] = np.nan
    prediction = np.zeros(len(x))
    for fold in range(FOLDS):
        fit = (table.fold >= 0) & (table.fold != fold)
        columns = []
        for name in features:
            known = x.loc[fit, name].dropna().to_numpy()
            values = x[name].to_numpy()
            if name not in ranked:
                filled = np.where(np.isnan(values), np.median(known), values)
                columns.append((filled - filled[fit].mean()) / filled[fit].std())
                continue
            levels = np.unique(known)
            ranks = np.array([((known < one).sum() + (known <= one).sum()) / 2 for one in levels]) / len(known)
            scores = np.interp(values, levels, norm.ppf(ranks))
            columns.append(np.where(np.isnan(values), 0.0, scores))
        matrix = np.column_stack(columns)
        line = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-6).fit(matrix[fit], table.y[fit])
        output = line.predict_proba(matrix)[:, 1]
        prediction[table.fold == fold] = output[table.fold == fold]
        prediction[table.fold < 0] += output[table.fold < 0] / FOLDS
    return prediction


def test_the_score_is_that_of_a_refit_by_hand(coded: Case, model: RepairedModel, found: Repaired) -> None:
    """Ranks are counted one by one, codes are dropped first, and each fold learns from its own rows alone."""
    table = coded.table
    expected = by_hand(table, table.features, ranked_in(coded.ladder.linear_top.plan))
    over_folds = [AUC.score(table.y[table.fold == k], expected[table.fold == k]) for k in range(FOLDS)]

    assert model.fitted.prediction == pytest.approx(expected, abs=1e-9)
    assert found["score"] == pytest.approx(score(table, expected), abs=1e-9)
    assert found["cv_mean"] == pytest.approx(np.mean(over_folds), abs=1e-9)


def test_the_saved_file_predicts_what_the_facts_say(coded: Case, model: RepairedModel, found: Repaired) -> None:
    """Rows of raw features, codes and all, go in; the score of its predictions is the one of the facts."""
    table = coded.table
    test = table.fold < 0
    loaded = load(model.saved)
    predicted = loaded.predict(table.frame[test])

    assert np.array_equal(predicted, model.fitted.prediction[test])
    assert AUC.score(table.y[test], predicted) == found["score"]
    assert found["bytes"] == pytest.approx(len(model.saved), rel=0.05)  # to two digits
    assert (loaded.schema["model"], loaded.family) == ("repaired", "linear")


def cheapest(y: np.ndarray, prediction: np.ndarray) -> tuple[float, float]:
    """Return the threshold with the lowest cost among all between two predictions, and that cost per row."""
    levels = np.unique(prediction)
    thresholds = [0.0, *((levels[:-1] + levels[1:]) / 2), 2.0]
    return min((price(y, prediction, at), at) for at in thresholds)[::-1]


def price(y: np.ndarray, prediction: np.ndarray, threshold: float) -> float:
    """Return the cost per row, counted row by row."""
    prices = [
        50 if p >= threshold and not event else 400 if p < threshold and event else 0
        for p, event in zip(prediction, y, strict=True)
    ]
    return sum(prices) / len(prices)


def test_costs_are_counted(coded: Case, model: RepairedModel, found: Repaired) -> None:
    """The threshold is the best one of the training rows, out of fold; costs and savings are those of the test rows."""
    table, test = coded.table, coded.table.fold < 0
    y = table.y
    paid, threshold = {}, 0.0
    for name, one in {**coded.predictions, "repaired": model.fitted.prediction}.items():
        threshold, _ = cheapest(y[~test], one[~test])
        paid[name] = price(y[test], one[test], threshold)
    decided, saving, further = (
        found["threshold"], found["saving_per_thousand"], found["strong_saves_per_thousand"],
    )  # fmt: skip
    assert decided is not None
    assert saving is not None
    assert further is not None
    answers, acted = decided["confusion"], model.fitted.prediction[test] >= threshold

    assert decided["threshold"] == pytest.approx(threshold)
    assert decided["expected_cost"] == pytest.approx(paid["repaired"])
    assert decided["ci"][0] < paid["repaired"] < decided["ci"][1]
    assert (answers["tp"], answers["fp"]) == ((acted & (y[test] == 1)).sum(), (acted & (y[test] == 0)).sum())
    assert saving["value"] == pytest.approx(1_000 * (paid["baseline"] - paid["repaired"]))
    assert further["value"] == pytest.approx(1_000 * (paid["repaired"] - paid["strong"]))
    assert saving["rows"] == further["rows"] == 1_000


def test_without_prices_no_costs_are_reported(coded: Case, model: RepairedModel) -> None:
    """A project without costs has no threshold to choose."""
    free = copy(coded)
    free.project = small_project()
    facts = free.facts(model)["repaired"]

    assert facts["score"] > 0
    assert facts["threshold"] is facts["saving_per_thousand"] is facts["strong_saves_per_thousand"] is None


def test_codes_alone_are_the_baseline_without_them(coded: Case) -> None:
    """Where no cause matters, the model is the baseline fitted to a table in which the codes are missing."""
    table = coded.table
    alone = coded.repaired(CODES, mattering=set())
    without = Table(table.frame.assign(visits=table.frame["visits"].replace(98.0, np.nan)), table.target)

    assert alone.causes == []
    assert alone.codes == CODES
    for fold in range(FOLDS):
        fit, out = (table.fold >= 0) & (table.fold != fold), table.fold == fold
        line = fit_linear(without.x[fit], table.y[fit], table.target)
        assert alone.fitted.prediction[out] == pytest.approx(line.predict_proba(without.x[out])[:, 1], abs=1e-12)


def test_a_code_that_says_something_stays_a_number_among_ranks() -> None:
    """Rows with the code nearly all have the event: ranked last, it says so, and missing it says nothing."""
    table, truth = coded_table(risk_of_code=0.97)
    case = Case(table, priced_project(), "roc_auc", truth)
    ranked = case.repaired(CODES)

    assert ranked.causes == ["scale"]
    assert ranked.codes == {}
    assert case.facts(ranked)["repaired"]["codes"] is None
    assert ranked.fitted.prediction == pytest.approx(case.ladder.predictions["scale"], abs=1e-12)


def test_a_change_that_does_not_matter_is_not_taken_over() -> None:
    """Of two changes that the ladder kept, the later one alone is refitted on the baseline."""
    table, truth = coded_table()
    gone = (truth > 0.7) & (np.arange(ROWS) % 2 == 0)
    marked = Table(table.frame.assign(age=table.frame["age"].mask(gone)), table.target)
    case = Case(marked, priced_project(), "roc_auc", truth)
    kept = dict(linear_changes(case.ladder))
    ranks, marks = (case.repaired({}, mattering={name}) for name in ("scale", "missingness"))

    assert list(kept) == ["missingness", "scale"]
    assert ranks.causes == ["scale"]
    learner = RepairedLearner(marked.target, Plan((kept["scale"],)))
    (by_plan,), _ = cross_fit([learner], marked, 0, run_now)
    assert np.array_equal(ranks.fitted.prediction, by_plan.prediction)
    assert not np.allclose(ranks.fitted.prediction, case.ladder.predictions["scale"])
    assert marks.fitted.prediction == pytest.approx(case.ladder.predictions["missingness"], abs=1e-12)


def straight(task: Task) -> Table:
    """Return a table in which a plain linear model says all there is to say."""
    rng = np.random.default_rng(8)
    a, b = rng.normal(size=(2, 1_000))
    raw = 0.9 * a - 0.7 * b
    shown = small_table(task, rows=1_000).target
    y = shown.simulate(np.column_stack([0 * raw, raw, -raw]) if shown.outputs > 1 else raw, rng)
    test = rng.permutation(1_000) < 250
    frame = pd.DataFrame({
        "row_id": np.arange(1_000), "split": np.where(test, "test", "train"),
        "fold": np.where(test, -1, rng.permutation(1_000) % FOLDS), "y_true": y, "a": a, "b": b,
    })  # fmt: skip
    return Table(frame, target_of(task, y))


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_nothing_to_repair_is_null_and_saves_the_baseline(task: Task) -> None:
    """The file is there, byte for byte that of step 4, and no fact speaks of it."""
    table, project = straight(task), small_project(task)
    case = Case(table, project, project.metric.primary, baseline_of(table, project))
    model = case.repaired({})

    assert not model.repairs
    assert case.facts(model) == {"repaired": None}
    assert model.saved == case.first.model


def baseline_of(table: Table, project: Project) -> np.ndarray:
    """Return the baseline's predictions."""
    return predictions_by_model(table, {"baseline": baseline(table, project, run_now).predictions})["baseline"]


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_several_classes_and_numbers_are_repaired_too(task: Task) -> None:
    """A heavy tail is planted; ranks gain, the loaded file says the same, and there is nothing to decide by cost."""
    table, project = straight(task), small_project(task)
    skewed = Table(table.frame.assign(a=np.exp(1.5 * table.frame["a"])), table.target)
    metric = METRICS[project.metric.primary]
    truth_like = baseline_of(table, project)  # of the table that is straight
    case = Case(skewed, project, metric.name, truth_like)
    model = case.repaired({})
    facts = case.facts(model)["repaired"]
    test = table.fold < 0
    predicted = load(model.saved).predict(skewed.frame[test])

    assert facts["causes"] == ["scale"]
    assert facts["versus_baseline"]["value"] > project.metric.margin
    assert facts["share"] == pytest.approx(1, abs=0.1)  # ranks give back the straight line, which is the strong model
    assert metric.score(table.y[test], predicted) == pytest.approx(facts["score"], abs=1e-12)
    assert facts["threshold"] is None


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression", "count"])
def test_every_change_is_saved_and_read_back(task: Task) -> None:
    """Pooled levels, marks, ranks and codes, in a table with unseen categories and empty columns."""
    table, project = small_table(task, rows=400), small_project(task)
    rng = np.random.default_rng(2)
    street = pd.Series(rng.integers(0, 40, 400), dtype="str").astype("category")
    wide = Table(table.frame.assign(street=street), table.target)
    plan = Plan((Pooled(5.0), Marked(), Ranked(("curved", "steady"))))
    codes = {"curved": wide.frame["curved"].dropna().iloc[:3].tolist()}
    (fitted,), failed = cross_fit([RepairedLearner(wide.target, plan, codes)], wide, 1, run_now)
    test = wide.fold < 0

    assert not failed
    assert np.array_equal(load(save(fitted, wide, project)).predict(wide.frame[test]), fitted.prediction[test])


def test_noise_is_not_repaired() -> None:
    """Where nothing is predicted, the whole step says null, though step 3 suspects codes, and saves the baseline."""
    table, _ = coded_table()
    rng = np.random.default_rng(1)
    noise = table.frame.assign(y_true=rng.permutation(table.frame["y_true"]))[:600]
    shuffled, project = Table(noise, table.target), priced_project()
    first, second = baseline(shuffled, project, run_now), strong(shuffled, project, run_now)
    columns = [
        {"name": name, "score_alone": 0.5, "codes": [{"value": 98.0, "rows": 9}] if name == "visits" else []}
        for name in table.features
    ]
    facts: Facts = {
        "define": {"target_scale": "linear", "features": [], "doubts": [], "split": {"kind": "random"}},
        "strong": second.facts,
        "metric": {"primary": "roc_auc", "label": "ROC AUC", "margin": 0.005},
        "compare": {
            "test_rows": int((shuffled.fold < 0).sum()), "greater_is_better": True,
            "difference": {"value": 0.0, "ci": [-0.05, 0.05], "verdict": "underpowered"},
        },
        "eda": {"columns": columns, "leak_suspects": [], "hypotheses": []},
    }  # fmt: skip
    predictions = {"baseline": first.predictions, "strong": second.predictions}
    done = reflect(shuffled, project, predictions, second.model, facts, run_now)

    assert done.facts["codes"] is not None
    assert done.facts["repaired"] is None
    assert done.repaired == first.model
    assert load(done.repaired).schema["model"] == BASELINE
