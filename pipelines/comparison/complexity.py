"""What the strong model costs to keep, beside what it gains: bytes, trees and parts; and whether that is worth it."""

from collections.abc import Mapping

from pipelines.comparison.scores import BASELINE, STRONG
from pipelines.core.digits import written_bytes
from pipelines.facts.compare import ScoredFacts
from pipelines.facts.compare.complexity import Complexity, Worth
from pipelines.facts.strong import StrongFacts
from pipelines.models.refittable import parts


def complexity(compare_facts: ScoredFacts, strong_facts: StrongFacts, model_bytes: Mapping[str, int]) -> Complexity:
    """Return what the strong model costs to keep, and whether it is worth it.

    `model_bytes` are the sizes of both models' archives, with the models of all folds. Each model has its
    `bytes`, its `parts` (models of which it is a mean, in each fold), and its `trees` in all folds (None: not made of
    trees). `gain_in_margins` is the difference on the test rows in units of the margin; `mean_pays`, where the strong
    model is a weighted mean, whether it gains the margin over the best single model, on the folds. Seconds are no facts
    of a rebuild: they stand in `timings`.
    """
    size = {name: written_bytes(content) for name, content in model_bytes.items()}
    difference, threshold = compare_facts["difference"], compare_facts["threshold"]
    saving = threshold["saving"]["ci"] if threshold else None
    names, ensemble = parts(strong_facts), strong_facts["ensemble"]
    grown = [model.get("trees") for model in strong_facts["models"] if model["name"] in names]
    trees = [sum(each) for each in grown if each]
    return {
        BASELINE: {"bytes": size[BASELINE], "parts": 1, "trees": None},
        STRONG: {"bytes": size[STRONG], "parts": len(names), "trees": sum(trees) if trees else None},
        "times_bytes": size[STRONG] / size[BASELINE],
        "gain_in_margins": difference["value"] / difference["margin"] if difference["margin"] else None,
        "worth": judge(difference["verdict"], saving),
        "mean_pays": ensemble["gain"] >= difference["margin"] if ensemble["kept"] else None,
    }


def judge(verdict: str, saving: list[float] | None) -> Worth:
    """Return whether a model that costs more to keep is worth it, from the verdict and the interval of what it saves.

    Where decisions have a price, money decides: a better score that saves nothing is worth nothing. Where they have
    none, a difference beyond the margin is what someone would act on. What is not better is not worth more.
    """
    if verdict != "better":
        known: dict[str, Worth] = {"tie": "no gain", "worse": "worse"}
        return known.get(verdict, "not shown")
    if saving is None:
        return "gains"
    if saving[0] > 0:
        return "saves"
    return "costs more" if saving[1] < 0 else "no saving"
