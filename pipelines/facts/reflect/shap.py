"""How far each feature moves the strong model's predictions."""

from typing_extensions import TypedDict


class MeanEffect(TypedDict):
    """How far a feature moves predictions."""

    feature: str  # its name
    mean_abs: float  # mean size of its SHAP values; over several classes, too


class ShapPoint(TypedDict):
    """One row's value and SHAP value."""

    value: float | str | None  # of the feature; null: missing
    position: float | None  # where it lies among the rows', 0 to 1; null for categories and missing values
    effect: float  # SHAP value


ShapCloud = TypedDict(
    "ShapCloud",
    {
        "feature": str,  # its name
        "values": list[ShapPoint],  # thinned, by effect
        "class": int | None,  # of several classes, the one that the feature moves most
    },
)
ShapCloud.__doc__ = "The SHAP values of one feature."


class Shap(TypedDict):
    """SHAP values of the strong model, or of the part made of trees that weighs most."""

    model: str  # its name
    family: str  # its kind
    weight: float  # in the weighted mean; 1 for a single model
    rows: int  # test rows explained
    events: int | None  # of these, rows of the rarer of two classes
    enriched: bool  # whether rows of that class were added
    unit: str  # of effects: log-odds, probability or value
    features: list[MeanEffect]  # the largest first
    points: list[ShapCloud]  # of the first features
