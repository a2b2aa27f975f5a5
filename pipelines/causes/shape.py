"""Shape: the effects of single features may bend."""

from pipelines.causes.cause import Cause, Detail, Trees

BENDS = Trees("single features", "one feature", leaves=6)

SHAPE = Cause(
    name="shape",
    title="single effects may bend",
    step="effects that may bend",
    wording="letting the effects of single features bend",
    grows="trees",
    trees=(BENDS,),
    detail=Detail(
        where="reflect#/shapes",
        claim="which_feature",
        sentence="Letting only {feature} bend gains {gain} {ci} over the folds.",
    ),
)
