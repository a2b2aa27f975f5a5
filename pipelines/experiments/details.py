"""What the ladder's causes consist of: single features and pairs, each alone, and what step 3 expected of them."""

from collections.abc import Mapping

from pipelines.experiments.experiment import Experiment, Known, of_labels
from pipelines.ladder.interactions import interaction_facts, screened_facts
from pipelines.ladder.outcomes import hypothesis_facts
from pipelines.ladder.parts import part_facts
from pipelines.ladder.shapes import shape_facts


def _parts(known: Known) -> Mapping[str, object]:
    return part_facts(known.study, known.ladder)


def _shapes(known: Known) -> Mapping[str, object]:
    return {"shapes": shape_facts(known.study, known.ladder)}


def _interactions(known: Known) -> Mapping[str, object]:
    found = interaction_facts(known.study, known.ladder)
    return {"interactions": found, "pairs_screened": screened_facts(known.study)}


def _hypotheses(known: Known) -> Mapping[str, object]:
    return {"hypotheses": hypothesis_facts(known.facts["eda"], known.attribution)}


PARTS = Experiment("parts of causes", _parts, longest=1.0)
SHAPES = Experiment("shapes", _shapes, applies=of_labels, otherwise={"shapes": []}, longest=1.0)
INTERACTIONS = Experiment(
    "interactions", _interactions, applies=of_labels,
    otherwise={"interactions": [], "pairs_screened": {"features": 0, "of": 0}}, longest=0.7,
)  # fmt: skip
HYPOTHESES = Experiment("hypotheses", _hypotheses)
