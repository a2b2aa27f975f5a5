"""ROC and precision-recall curves."""

from typing_extensions import TypedDict

from pipelines.facts.shared import Point


class CurvePair(TypedDict):
    """The same curve of both models."""

    baseline: list[Point]  # of the baseline
    strong: list[Point]  # of the strong model


class Curves(TypedDict):
    """Curves of two classes on the test rows."""

    roc: CurvePair  # true by false positive rate
    precision_recall: CurvePair  # precision by recall
