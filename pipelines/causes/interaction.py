"""Interaction: features may act together."""

from pipelines.causes.cause import Cause, Detail, Training, Trees

PAIRS = Trees("the strongest pairs", "strongest pairs", leaves=8)
ANY = Trees("all features", "any features", leaves=15)


def _applies(rows: Training) -> str | None:
    return "there is only one feature" if rows.x.shape[1] == 1 else None


INTERACTION = Cause(
    name="interaction",
    title="features may act together",
    step="features that may act together",
    wording="letting features act together",
    grows="trees",
    applies=_applies,
    trees=(PAIRS, ANY),
    detail=Detail(
        where="reflect#/interactions",
        claim="which_pair",
        sentence="Letting only {first} and {second} act together gains {gain} {ci} over the folds.",
        needs=PAIRS.change,
    ),
)
