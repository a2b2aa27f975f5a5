"""What fitted transformers make of the matrix of rows, by their own numbers: the arithmetic of scikit-learn alone.

Each is the same operations on arrays of the same layout, so the results are the same to the bit; what takes the time of
a single row there, checks of frames and names, is not done. A transformer that is not here raises UnknownPart, and its
model predicts as it always did.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.models.predicting.rows import Reading
from pipelines.models.saving.plain import Saved, UnknownPart
from pipelines.targets.arrays import Floats, Matrix

Made = Callable[[Floats], Matrix]  # from the matrix of rows, or from a part of its columns
BOUNDS = 1e-7  # scikit-learn's BOUNDS_THRESHOLD: how near the ends of a ranked column count as the ends
OF_CODES, OF_MISSING = "pipelines.causes.codes.codes_as_missing", "pipelines.causes.missingness.is_missing"
OF_SHRINKING, OF_FADING = "pipelines.causes.encoding.shrink", "pipelines.series.decays.with_decays"
OF_STEPS = "pipelines.series.decays.products_with_last"


@dataclass(frozen=True)
class Given:
    """The columns that a transformer is given; none where they come from another transformer, and have no names."""

    names: Sequence[str] = ()
    levels: Sequence[Sequence[str] | None] = ()  # of a category by place, None of a number

    def need(self, *, levels: bool, kind: str) -> None:
        """Raise UnknownPart unless all are categories, or none is."""
        if any((one is not None) != levels for one in self.levels):
            raise UnknownPart(f"{kind} of other columns")


def of_rows(transformer: Saved, reading: Reading) -> Made:
    """Return what a fitted transformer of all features makes of the matrix of rows.

    Raises UnknownPart where it, or one within it, is not known here.
    """
    levels = [None if one.place is None else list(one.place) for one in reading.features]
    return _made(transformer, Given(reading.names, levels))


def _made(transformer: Saved, given: Given) -> Made:
    kind = transformer.kind.rpartition(".")[2]
    if kind == "Pipeline":
        return _in_turn(transformer, given)
    if kind == "ColumnTransformer":
        return _side_by_side(transformer, given)
    if kind not in KNOWN:
        raise UnknownPart(transformer.kind)
    return KNOWN[kind](transformer, given)


def _in_turn(pipeline: Saved, given: Given) -> Made:
    """Return one transformer after another; what the second and later ones are given has no names."""
    steps = [step for _, step in pipeline["steps"]]
    if _is_imputer_of_levels(steps[0], given):
        return _followed(*_levels_in_turn(steps, given))
    made = [_made(steps[0], given)]
    # Only what reads codes hands on the columns that it was given.
    after = given if _function(steps[0]) == OF_CODES else Given()
    made += [_made(step, after) for step in steps[1:]]
    return _followed(*made)


def _followed(*made: Made) -> Made:
    def followed(matrix: Floats) -> Matrix:
        for one in made:
            matrix = one(matrix)
        return matrix

    return followed


def _side_by_side(transformer: Saved, given: Given) -> Made:
    """Return the blocks of a ColumnTransformer, each of the columns that it names, in one matrix."""
    place_of = {name: place for place, name in enumerate(given.names)}
    blocks: list[tuple[list[int], Made]] = []
    for name, one, columns in transformer["transformers_"]:
        if name == "remainder" and one == "drop":
            continue
        if not isinstance(one, Saved) or not isinstance(columns, list) or not set(columns) <= set(place_of):
            raise UnknownPart(f"block {name}")
        if columns:
            at = [place_of[column] for column in columns]
            blocks.append((at, _made(one, Given(columns, [given.levels[place] for place in at]))))
    sparse = bool(transformer["sparse_output_"])

    def stacked(matrix: Floats) -> Matrix:
        # As a frame hands its columns on: one after another in memory.
        found = [made(np.asfortranarray(matrix[:, at])) for at, made in blocks]
        if not sparse:
            return np.hstack([one if isinstance(one, np.ndarray) else one.toarray() for one in found])
        from scipy.sparse import hstack

        return hstack(found).tocsr()

    return stacked


def _imputed(imputer: Saved, given: Given) -> Made:
    given.need(levels=False, kind=imputer.kind)
    statistics = np.asarray(imputer["statistics_"], np.float64)
    _need(imputer, strategy="median", add_indicator=False)
    if np.isnan(statistics).any() or not _is_nan(imputer["missing_values"]):
        raise UnknownPart(imputer.kind)

    def imputed(matrix: Floats) -> Floats:
        rows, columns = np.nonzero(np.isnan(matrix))
        matrix[rows, columns] = statistics[columns]
        return matrix

    return imputed


def _scaled(scaler: Saved, given: Given) -> Made:
    given.need(levels=False, kind=scaler.kind)
    _need(scaler, with_mean=True, with_std=True)
    mean, scale = scaler["mean_"], scaler["scale_"]

    def scaled(matrix: Floats) -> Floats:
        matrix -= mean
        matrix /= scale
        return matrix

    return scaled


def _ranked(scaler: Saved, given: Given) -> Made:
    from pipelines.causes.ranks import scores_of

    given.need(levels=False, kind=scaler.kind)
    knots = [(values, scores) for values, scores in scaler["knots_"]]
    return lambda matrix: scores_of(matrix, knots)


def _quantiled(transformer: Saved, given: Given) -> Made:
    """Return normal scores by scikit-learn's QuantileTransformer: the mean of interpolating from below and above."""
    from scipy.special import ndtri

    given.need(levels=False, kind=transformer.kind)
    _need(transformer, output_distribution="normal")
    references, quantiles = transformer["references_"], transformer["quantiles_"]
    least, most = ndtri(BOUNDS - np.spacing(1)), ndtri(1 - (BOUNDS - np.spacing(1)))

    def quantiled(matrix: Floats) -> Floats:
        for place, known in enumerate(quantiles.T):
            column = matrix[:, place]
            low, high = column - BOUNDS < known[0], column + BOUNDS > known[-1]
            between = np.interp(-column, -known[::-1], -references[::-1])
            ranks = 0.5 * (np.interp(column, known, references) - between)
            ranks[high], ranks[low] = 1, 0
            matrix[:, place] = np.clip(ndtri(ranks), least, most)
        return matrix

    return quantiled


def _marked(indicator: Saved, given: Given) -> Made:
    given.need(levels=False, kind=indicator.kind)
    _need(indicator, features="missing-only", error_on_new=False)
    kept = indicator["features_"]
    if not _is_nan(indicator["missing_values"]):
        raise UnknownPart(indicator.kind)
    whole = len(kept) == len(given.names)
    return lambda matrix: np.isnan(matrix) if whole else np.isnan(matrix)[:, kept]


def _called(transformer: Saved, given: Given) -> Made:
    """Return one of the functions of this repository that a linear model's matrix may be made by."""
    function = _function(transformer)
    if function == OF_MISSING:
        return lambda matrix: np.isnan(matrix).astype(np.float64)
    if function == OF_SHRINKING:
        factor = transformer["kw_args"]["factor"]
        return lambda matrix: matrix * factor
    if function in (OF_FADING, OF_STEPS):
        from pipelines.series.decays import products_with_last, with_decays

        if function == OF_STEPS:
            return products_with_last
        horizon = transformer["kw_args"]["horizon"]
        return lambda matrix: with_decays(matrix, horizon)
    if function == OF_CODES:
        return _without_codes(transformer["kw_args"]["codes"], given)
    raise UnknownPart(str(function))


def _without_codes(codes: Mapping[str, Sequence[float]], given: Given) -> Made:
    """Return the columns with those values missing, `codes` by name."""
    places = {name: place for place, name in enumerate(given.names)}
    if any(name not in places or given.levels[places[name]] is not None for name in codes):
        raise UnknownPart("codes of what holds no numbers")
    wanted = [(places[name], list(values)) for name, values in codes.items()]

    def read(matrix: Floats) -> Floats:
        matrix = matrix.copy()
        for place, values in wanted:
            matrix[np.isin(matrix[:, place], values), place] = np.nan
        return matrix

    return read


def _one_hot(encoder: Saved, given: Given) -> Made:
    """Return one column a level; of levels that were not seen, and of rare ones that share none, all zeros."""
    given.need(levels=True, kind=encoder.kind)
    tables = [np.full(len(levels or ()) + 2, -1, np.int64) for levels in given.levels]
    _need(encoder, handle_unknown="ignore", drop=None)
    shared = encoder["_default_to_infrequent_mappings"] if encoder["_infrequent_enabled"] else None
    widths = [int(width) for width in encoder["_n_features_outs"]]
    for at, (levels, known) in enumerate(zip(given.levels, encoder["categories_"], strict=True)):
        places = {level: place for place, level in enumerate(levels or ())}
        mapping = None if shared is None else shared[at]
        for code, level in enumerate(known.tolist()):
            place = len(places) + 1 if _is_nan(level) else places.get(level)
            if place is None:
                raise UnknownPart(f"level {level!r}")
            tables[at][place] = sum(widths[:at]) + (code if mapping is None else int(mapping[code]))
    sparse, width = bool(encoder["sparse_output"]), sum(widths)

    def encoded(matrix: Floats) -> Matrix:
        columns = np.empty(matrix.shape, np.int64)
        for at, table in enumerate(tables):
            codes = np.where(np.isnan(matrix[:, at]), len(table) - 1, matrix[:, at]).astype(np.int64)
            columns[:, at] = table[codes]
        seen = columns >= 0
        if sparse:
            from scipy.sparse import csr_matrix

            ends = np.concatenate([[0], np.cumsum(seen.sum(axis=1))])
            return csr_matrix((np.ones(ends[-1]), columns[seen], ends), (len(matrix), width))
        found = np.zeros((len(matrix), width))
        rows, places = np.nonzero(seen)
        found[rows, columns[rows, places]] = 1.0
        return found

    return encoded


def _is_imputer_of_levels(step: Saved, given: Given) -> bool:
    levels = bool(given.levels) and given.levels[0] is not None
    return levels and step.kind.endswith(".SimpleImputer")


def _levels_in_turn(steps: Sequence[Saved], given: Given) -> list[Made]:
    """Return the commonest level for missing ones, then one column a level, then what numbers become."""
    imputer, encoder, *others = steps
    given.need(levels=True, kind=imputer.kind)
    _need(imputer, strategy="most_frequent", add_indicator=False)
    common = [
        float(list(levels or ()).index(level))
        for levels, level in zip(given.levels, imputer["statistics_"].tolist(), strict=True)
    ]

    def imputed(matrix: Floats) -> Floats:
        return np.where(np.isnan(matrix), common, matrix)

    return [imputed, _one_hot(encoder, given), *(_called(one, Given()) for one in others)]


def _function(transformer: Saved) -> Any:  # noqa: ANN401 - a name, or nothing
    return transformer.get("func") if transformer.kind.endswith(".FunctionTransformer") else None


def _need(transformer: Saved, **settings: object) -> None:
    """Raise UnknownPart where a transformer has other settings than what is computed here."""
    for name, value in settings.items():
        if transformer[name] != value:
            raise UnknownPart(f"{transformer.kind} with another {name}")


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124 - NaN alone differs from itself


KNOWN: dict[str, Callable[[Saved, Given], Made]] = {
    "SimpleImputer": _imputed,
    "StandardScaler": _scaled,
    "RankScaler": _ranked,
    "QuantileTransformer": _quantiled,
    "MissingIndicator": _marked,
    "FunctionTransformer": _called,
    "OneHotEncoder": _one_hot,
}
