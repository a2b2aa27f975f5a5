"""How one feature goes with the target: a picture of it, mutual information, and what it predicts alone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.causes.ranks import normal_scores
from pipelines.exploration.intervals import Z95, QuickTruth
from pipelines.exploration.levels import level_means
from pipelines.facts.eda.column import Alone, Bin, Form, MissingAlone, Relation, Straight
from pipelines.inference.calibration import wilson
from pipelines.inputs import Binning, is_category, kind_of, level_codes, level_names
from pipelines.metrics import look_at
from pipelines.metrics.ranks import mid_ranks
from pipelines.targets import Event, Number, Target

# Of the picture; a value that many rows share ends its bin, and shows what it holds.
PICTURE = Binning(10, levels=10, edges="higher", one_a_value=True)
LEAVES = 32  # of the tree that a number alone is given; fewer where rows are few
ROWS_A_LEAF = 200  # a leaf more for each so many rows
NEIGHBOURS = 3  # scikit-learn's default for mutual information


def relate(values: pd.Series, y: np.ndarray, target: Target, labels: Sequence[str] = ()) -> Relation:
    """Return the picture: `bins` of the feature with the target's mean and its 95 % interval, and its `form`.

    Numbers: up to ten bins of about equally many rows; categories: the commonest levels, the rest in "other";
    missing values in a bin of their own. Events: Wilson's interval of the share; amounts: the normal one of the mean
    (None for a single row). Several classes: the share of that `class` whose share differs most between bins. `form`
    says how a number's bins run: flat, rises, falls, peak, valley.
    """
    bins = kind_of(values).bins(values, PICTURE)
    y, target, named = most_moved(y, target, labels, [one.rows for one in bins])
    facts: list[Bin] = []
    for one in bins:
        mean, interval = mean_with_interval(y[one.rows], target)
        facts.append({
            "label": one.label, "lo": one.low, "hi": one.high, "rows": int(one.rows.sum()), "target_mean": mean,
            "ci": interval,
        })  # fmt: skip
    ordered = [item for item in facts if item["lo"] is not None]
    return {"bins": facts, "form": find_form(ordered) if ordered else None, "class": named}


def most_moved(
    y: np.ndarray, target: Target, labels: Sequence[str], parts: Sequence[np.ndarray]
) -> tuple[np.ndarray, Target, str | None]:
    """Return the target as an event where there are several classes: that whose share the parts move most.

    `parts` are masks (rows,). Its variance between parts decides; other targets are returned as they are.
    """
    if target.outputs == 1:
        return y, target, None
    is_class = target.one_hot(y)
    overall = is_class.mean(axis=0)
    moved = np.sum([rows.sum() * np.square(is_class[rows].mean(axis=0) - overall) for rows in parts], axis=0)
    most = int(np.argmax(moved))
    return is_class[:, most], Event(), labels[most]


def find_form(bins: Sequence[Bin]) -> Form:
    """Return how the target's mean runs over ordered bins, where their intervals show it.

    "peak" or "valley": some bin between the ends lies clearly above or below both; "flat": no two intervals part.
    """
    sure = [(item["target_mean"], item["ci"][0], item["ci"][1]) for item in bins if item["ci"] is not None]
    if len(sure) < 2 or max(low for _, low, _ in sure) <= min(high for _, _, high in sure):  # noqa: PLR2004 - two ends
        return "flat"
    (begin, *_), (end, *_) = ends = sure[0], sure[-1]
    peak = [low for _, low, _ in sure[1:-1] if low > max(high for *_, high in ends)]
    valley = [high for _, _, high in sure[1:-1] if high < min(low for _, low, _ in ends)]
    if peak or valley:
        return "wave" if peak and valley else "peak" if peak else "valley"
    return "rises" if end > begin else "falls"


def mutual_information(values: pd.Series, y: np.ndarray, target: Target, seed: int) -> float:
    """Return the mutual information of the feature's known values and the target, in nats, at least 0.

    Numbers: scikit-learn's nearest-neighbour estimate (Kraskov, Stoegbauer and Grassberger 2004, Physical Review E 69;
    Ross 2014, PLoS ONE 9). Categories and classes: scikit-learn's count of the table less what chance gives
    that many cells (Miller 1955), or many-level noise would look informative.
    """
    from sklearn.feature_selection import mutual_info_classif, mutual_info_regression
    from sklearn.metrics import mutual_info_score

    known = values.notna().to_numpy()
    discrete = is_category(values)
    if known.sum() <= NEIGHBOURS + 1 or len(np.unique(y[known])) < 2:  # noqa: PLR2004 - a constant target
        return 0.0
    x = level_codes(values)[known] if discrete else values.to_numpy(np.float64)[known]
    of_classes = "probabilities" in target.can
    if discrete and of_classes:
        cells = (len(np.unique(x)) - 1) * (len(np.unique(y[known])) - 1)
        return max(float(mutual_info_score(x, y[known])) - cells / (2 * int(known.sum())), 0.0)
    estimate = mutual_info_classif if of_classes else mutual_info_regression
    settings = {"discrete_features": discrete, "n_neighbors": NEIGHBOURS, "random_state": seed, "n_jobs": 1}
    return max(float(estimate(x.reshape(-1, 1), target.as_fitted(y[known]), **settings)[0]), 0.0)


def score_alone(values: pd.Series, truth: QuickTruth) -> Alone:
    """Return what the feature predicts alone, out of fold: `score_alone`, its `ci`, and for numbers `straight`.

    Score: ROC AUC, direction-free, or R2. Numbers: least squares on the values, on the normal scores of their ranks,
    and a small tree; a later one counts only where it is better beyond doubt, so that noise earns nothing. Categories:
    shrunken target means of the levels. Missing values are a level of their own. `straight` holds the shares of the
    target's variance that values, ranks and tree explain, and what each gains on the one before, with intervals.
    """
    if is_category(values):
        alone = truth.score(_out_of_fold_levels(values, truth))
        return {"score_alone": alone.value, "score_alone_ci": alone.ci, "straight": None}
    kind = kind_of(values)
    ways = _out_of_fold_numbers(kind.for_models(values).to_numpy(np.float64), truth)
    best = ways["raw"]
    for name in ("ranks", "tree"):
        if truth.gain(best, ways[name]).lo > 0:
            best = ways[name]
    alone = truth.score(best)
    straight = None if kind.named else _straightness(ways, truth)  # between levels there is no distance to bend
    return {"score_alone": alone.value, "score_alone_ci": alone.ci, "straight": straight}


def missing_alone(values: pd.Series, y: np.ndarray, target: Target, labels: Sequence[str] = ()) -> MissingAlone | None:
    """Return what it says of the target that a value is missing; None where none or all are.

    `rows`, `target_mean` with `ci` and `spread` (of its `places`) where missing, `known_rows`, `others`, `others_ci`
    and `others_spread` where known; `difference` with `difference_ci` of the two; `score`: ROC AUC (direction-free) or
    R2 of the missing mark alone; `auc`: its ROC AUC, of an amount the share of all pairs of a missing and a known
    row in which the target is the higher on the same side, ties counting half (Mann and Whitney 1947). Of several
    classes, the one (`class`) whose share differs most is named; the score is of all.
    """
    missing = values.isna().to_numpy()
    if missing.all() or not missing.any():
        return None
    placed = target.places(y)
    score, spreads = _mark_score(missing, y, target), [target.spread(placed[side]) for side in (missing, ~missing)]
    y, target, named = most_moved(y, target, labels, [missing, ~missing])
    mean, interval = mean_with_interval(y[missing], target)
    others, others_interval = mean_with_interval(y[~missing], target)
    return {
        "rows": int(missing.sum()), "target_mean": mean, "ci": interval, "spread": spreads[0],
        "known_rows": int((~missing).sum()), "others": others, "others_ci": others_interval,
        "others_spread": spreads[1], "difference": mean - others,
        "difference_ci": _difference_interval(y[missing], y[~missing]), "score": score,
        "auc": _auc(missing, y, target), "class": named,
    }  # fmt: skip


def _difference_interval(one: np.ndarray, other: np.ndarray) -> list[float] | None:
    """Return Welch's normal interval of a difference of means, None where one row has no spread."""
    if min(len(one), len(other)) < 2:  # noqa: PLR2004 - a spread needs two rows
        return None
    half = Z95 * float(np.sqrt(np.var(one, ddof=1) / len(one) + np.var(other, ddof=1) / len(other)))
    difference = float(one.mean() - other.mean())
    return [difference - half, difference + half]


def _mark_score(mark: np.ndarray, y: np.ndarray, target: Target) -> float:
    if "event" not in target.can:
        goals = target.one_hot(y).reshape(len(y), -1)
        both = np.square(goals[mark].mean(axis=0) - goals[~mark].mean(axis=0)).sum() * mark.var()
        total = goals.var(axis=0).sum()
        return float(both / total) if total > 0 else 0.0
    positive = y > 0
    if positive.all() or not positive.any():
        return 0.5
    return float(0.5 + abs(mark[positive].mean() - mark[~positive].mean()) / 2)


def _auc(mark: np.ndarray, y: np.ndarray, target: Target) -> float:
    """Return how well the mark orders an event, or a number orders the marks; direction-free."""
    if "event" in target.can:
        return _mark_score(mark, y, target)
    ranks, marked = mid_ranks(y), int(mark.sum())
    won = (ranks[mark].sum() - marked * (marked + 1) / 2) / (marked * (len(y) - marked))
    return float(max(won, 1 - won))


def mean_with_interval(y: np.ndarray, target: Target) -> tuple[float, list[float] | None]:
    """Return the mean with its interval: Wilson's of a share, the normal one of amounts, None for a single row."""
    mean = float(y.mean())
    if "event" in target.can:
        low, high = wilson(np.array([np.sum(y > 0)], np.float64), np.array([len(y)], np.float64))
        return mean, [float(low[0]), float(high[0])]
    if len(y) < 2:  # noqa: PLR2004 - one row has no spread
        return mean, None
    half = Z95 * float(y.std(ddof=1) / np.sqrt(len(y)))
    return mean, [mean - half, mean + half]


def _out_of_fold_levels(values: pd.Series, truth: QuickTruth) -> np.ndarray:
    codes, out = level_codes(values), np.empty(truth.y.shape)
    for fold in np.unique(truth.fold):
        held = truth.fold == fold
        out[held] = level_means(codes[~held], truth.y[~held], len(level_names(values))).at(codes[held])
    return out


def _out_of_fold_numbers(values: np.ndarray, truth: QuickTruth) -> dict[str, np.ndarray]:
    """Return the out-of-fold prediction of the target, in its shape, from the values, their ranks and a tree."""
    known = ~np.isnan(values)
    out = {name: np.empty(truth.y.shape) for name in ("raw", "ranks", "tree")}
    for fold in np.unique(truth.fold):
        held = truth.fold == fold
        fit, at = ~held & known, held & known
        # Missing values are a level: shrunken to the overall mean, as levels of categories are.
        absent = level_means(known[~held].astype(np.int64), truth.y[~held], 2).at(np.zeros(1, np.int64))[0]
        for prediction in out.values():
            prediction[held] = absent
        if not fit.any() or not at.any():
            continue
        x, y, z = values[fit], truth.y[fit], values[at]
        out["raw"][at] = _line(x, y, z)
        out["ranks"][at] = _line(normal_scores(x, x), y, normal_scores(x, z))
        out["tree"][at] = _tree(x, y, z)
    return out


def _line(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return the least-squares line of `y`, (rows,) or (rows, classes), on `x` (rows,) at `z`."""
    middle, spread, level = x.mean(), x.std(), y.mean(axis=0)
    if spread <= 1e-12 * max(abs(middle), 1e-300):
        return np.broadcast_to(level, (len(z), *y.shape[1:]))
    slope = (x - middle) / spread @ (y - level) / len(x)
    return np.asarray(level + np.multiply.outer((z - middle) / spread, slope))


def _tree(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    from sklearn.tree import DecisionTreeRegressor

    leaves = int(np.clip(len(x) // ROWS_A_LEAF, 4, LEAVES))
    tree = DecisionTreeRegressor(max_leaf_nodes=leaves, min_samples_leaf=max(10, len(x) // 1000), random_state=0)
    return np.asarray(tree.fit(x.reshape(-1, 1), y).predict(z.reshape(-1, 1)), np.float64)


def _straightness(ways: dict[str, np.ndarray], truth: QuickTruth) -> Straight:
    squares = truth.by(look_at(Number.name))
    raw, ranks, tree = (squares.score(ways[name]).value for name in ("raw", "ranks", "tree"))
    straight = ways["ranks"] if ranks > raw else ways["raw"]
    by_ranks, by_bends = squares.gain(ways["raw"], ways["ranks"]), squares.gain(straight, ways["tree"])
    return {
        "raw": raw, "ranks": ranks, "tree": tree,
        "ranks_gain": by_ranks.value, "ranks_gain_ci": by_ranks.ci,
        "bends_gain": by_bends.value, "bends_gain_ci": by_bends.ci,
    }  # fmt: skip
