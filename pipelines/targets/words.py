"""What pages, pictures and settings call things, by kind of target."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TargetWords:
    """The words of one kind of target."""

    encoded: str  # what the target is in the table
    average: str  # what a constant predicts
    constant: str  # what the dummy knows of the training rows, in full
    knows: str  # the same, as the dummy's page says it
    each_class: str  # of which a stratified split keeps the share
    linear_model: str  # the baseline
    loss: str  # what models are fitted by
    raw_unit: str  # of a raw prediction
    unit: str  # of a prediction
    mean: str  # of the target among some rows; {class} is the class that it is about
    evidence: str  # the rows that teach something
    predictions: str  # what a reader would like to believe
    distribution: str = ""  # that says how much the target varies
    baseline: str = "the plain linear model is what the strong model has to beat"
