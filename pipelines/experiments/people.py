"""Columns that look like protected attributes: their part of the score, and how decisions differ between groups.

It reports rates and leaves the judgement to the reader. No rule such as four fifths of the highest rate (29 CFR
1607.4(D)) is applied: where shares of positives differ, rates cannot all be equal, and which of them should be is no
question of statistics. Nor is a model without the column blind to it: other columns may stand in for it.

Sources: Hardt, Price and Srebro 2016, Equality of opportunity in supervised learning, Advances in Neural Information
Processing Systems 29 (rates by group and truth); Chouldechova 2017, Fair prediction with disparate impact, Big Data 5,
153-163 (why they cannot all be equal); Dwork, Hardt, Pitassi, Reingold and Zemel 2012, Fairness through awareness,
Innovations in Theoretical Computer Science (why leaving a column out does not settle it).
"""

from collections.abc import Mapping, Sequence

from scipy.special import ndtri

from pipelines.core.submit import Pending
from pipelines.core.table import Table
from pipelines.experiments.experiment import Experiment, Known, of_labels
from pipelines.experiments.people_groups import Column, group_facts
from pipelines.experiments.protected import looks_like
from pipelines.experiments.without import Refit, refit_without
from pipelines.facts.compare.decisions import Threshold
from pipelines.facts.define import Feature
from pipelines.facts.reflect.people import PeopleColumn, PeopleTogether, WithoutPeople
from pipelines.inference.bootstrap import CONFIDENCE
from pipelines.inference.foldwise import gain_over_folds, score_over_folds
from pipelines.inference.truth import Truth
from pipelines.inputs import counts_days
from pipelines.ladder.study import Study
from pipelines.metrics.prepared import Floats

REFITTED = 4  # columns left out one at a time, and then all together: each costs a fit a fold
EVEN = 0.5  # the threshold where no costs are given
EPOCH, DAYS_A_YEAR = 1970.0, 365.25


def protected_columns(table: Table, features: Sequence[Feature]) -> list[Column]:
    """Return the columns that look like protected attributes, by the training rows, in the table's order.

    `features` are those of step 1. A column of which models see neither the values nor the days, such as a text, of
    which they see the length, is left out.
    """
    became: dict[str, list[Feature]] = {}
    for feature in features:
        became.setdefault(feature["from"], []).append(feature)
    found = []
    for name, (first, *others) in became.items():
        days = counts_days(first)
        if not days and first["name"] != name:
            continue
        values = table.named.loc[table.scored, first["name"]]
        look = looks_like(name, EPOCH + values / DAYS_A_YEAR) if days else looks_like(name, values, first["unit"])
        if look is not None:
            found.append(Column(name, [one["name"] for one in (first, *others)], look, days))
    return found


def people_facts(
    study: Study,
    everything: Pending[Refit],
    columns: Sequence[Column],
    prediction: Floats,
    decided: Threshold | None,
) -> dict[str, object]:
    """Return `people`, an entry for each of the `columns`, and `people_together`, None unless there are several.

    `everything` are the quick models with all features, `prediction` is the strong model's, in the table's order,
    `decided` what step 6 says of decisions by cost. Groups are of the test rows, scores out of fold.
    """
    together = tuple(name for column in columns for name in column.features)
    parts = [tuple(column.features) for column in columns[:REFITTED]] + [together]
    losses = without_them(study, everything, list(dict.fromkeys(parts)))
    at = decided["strong"]["threshold"] if decided else EVEN if "event" in study.table.target.can else None
    people: list[PeopleColumn] = []
    for column in columns:
        groups = group_facts(study, column, prediction, at)
        people.append({
            "feature": column.name, "features": column.features, "attribute": column.look.attribute,
            "by": column.look.by, "without": losses.get(tuple(column.features)), "threshold": at,
            "by_cost": decided is not None, "groups": groups.shown, "groups_not_shown": groups.others,
            "rows_not_shown": groups.rows_of_others,
        })  # fmt: skip
    every: PeopleTogether | None = None
    if len(columns) > 1:
        every = {"features": [column.name for column in columns], **losses[together]}
    return {"people": people, "people_together": every}


def without_them(
    study: Study, everything: Pending[Refit], dropped: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], WithoutPeople]:
    """Return what the quick strong model scores without each of the sets of features, and with all, out of fold."""
    table, metric, submit = study.table, study.metric, study.submit
    pending = {
        one: submit(refit_without, table, one, None, study.seed, name=f"people: refit without {', '.join(one)}")
        for one in dropped
    }
    truth = Truth.of(table, table.scored, metric, study.seed)
    fold = table.fold[table.scored]
    whole, reach = everything.result().strong, float(ndtri((1 + CONFIDENCE) / 2))
    losses: dict[tuple[str, ...], WithoutPeople] = {}
    for one, refit in pending.items():
        left = refit.result().strong
        gain, error = gain_over_folds(truth, left, whole)
        losses[one] = {
            "score_with": score_over_folds(metric, truth.y, whole, fold),
            "score_without": score_over_folds(metric, truth.y, left, fold),
            "gain": gain,
            "ci": [gain - reach * error, gain + reach * error],
        }
    return losses


def _columns(known: Known) -> list[Column]:
    return protected_columns(known.study.table, known.facts["define"]["features"])


def _run(known: Known) -> Mapping[str, object]:
    prediction, decided = known.predictions["strong"], known.facts["compare"]["threshold"]
    return people_facts(known.study, known.everything, _columns(known), prediction, decided)


PEOPLE = Experiment(
    "people", _run, applies=lambda known: of_labels(known) and bool(_columns(known)),
    otherwise={"people": [], "people_together": None},
    longest=3.0, compares_with_everything=True,
)  # fmt: skip
