"""The race: every model is fitted on the first fold, and only those go on to the others that could still matter.

A candidate goes on where it may be taken (the best there, and the two most preferred of those tied with it) or where a
weighted mean loses something without it. A fold with little evidence is asked in parts too, so that chance drops fewer,
and where it holds very little, all go on. The classics are there to compare with: they are fitted on as many folds as
score them well.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from pipelines.core.table import Table
from pipelines.facts.strong import Raced, RaceFacts
from pipelines.models.folds import fold_numbers
from pipelines.models.mean import greedy_weights
from pipelines.targets import Target

JUDGED_ROWS = 100_000  # of the first fold, by which candidates are judged
PRICE = 1e-3  # of the mean's loss, which it must cost to do without a candidate
TIED = 2  # of the models tied with the best, the most preferred ones first
MUCH_EVIDENCE = 5_000  # rows outside the commonest class (or all rows of a regression) that need not be asked in parts
PARTS = 2
CLASSIC_ROWS = 4_000  # held-out rows that score a classic
MIN_EVIDENCE = 60  # rows outside the commonest class (or all rows of a regression) without which there is no race


class Race:
    """Says on how many folds each model is fitted, from what it predicted on the first one; `facts` say why."""

    def __init__(self, table: Table, candidates: Sequence[str], classics: Sequence[str], seed: int) -> None:
        """Keep the names of the candidates, those preferred among tied ones first, and of the classics."""
        self.facts: RaceFacts | None = None
        self._table, self._candidates, self._classics, self._seed = table, candidates, classics, seed

    def __call__(self, held_out: Mapping[str, np.ndarray]) -> dict[str, int]:
        """Return the number of folds, the first included, by the name of the model."""
        numbers = fold_numbers(self._table)
        held = np.flatnonzero(self._table.fold == numbers[0])
        names = [name for name in self._candidates if name in held_out]
        judged = _some(len(held), self._seed)
        y = self._table.y[held[judged]]
        target = self._table.target
        seen = [target.judged(y, held_out[name][judged]) for name in names]
        all_of = len(numbers)
        classics = dict.fromkeys(self._classics, min(all_of, -(-CLASSIC_ROWS // len(held))))
        if not names or target.evidence(y) < MIN_EVIDENCE:
            return dict.fromkeys(names, all_of) | classics
        raced = outcome(y, np.column_stack(seen), names, target)
        self.facts = {"rows": len(judged), "models": raced}
        return {one["name"]: all_of if one["goes_on"] else 1 for one in raced} | classics


def outcome(y: np.ndarray, predictions: np.ndarray, names: Sequence[str], target: Target) -> list[Raced]:
    """Return each candidate's place, the best first.

    `predictions` is (rows, models): what each model, the preferred ones first, is `judged` by. A model is tied with the
    best where its mean loss is behind by at most one standard error of the paired differences.
    """
    losses = target.judged_loss(y, predictions)
    best = int(losses.mean(axis=0).argmin())
    behind = losses - losses[:, [best]]
    mean, error = behind.mean(axis=0), behind.std(axis=0, ddof=1) / np.sqrt(len(y))
    parts = [slice(None)]
    if target.evidence(y) < MUCH_EVIDENCE:
        parts += [slice(part, None, PARTS) for part in range(PARTS)]
    going = {best, *np.flatnonzero(mean <= error)[:TIED].tolist()}
    going |= {place for part in parts for place in needed(y[part], predictions[part], target)}
    raced: list[Raced] = [
        {"name": name, "behind": float(mean[i]), "standard_error": float(error[i]), "goes_on": i in going}
        for i, name in enumerate(names)
    ]
    return sorted(raced, key=lambda one: one["behind"])


def needed(y: np.ndarray, predictions: np.ndarray, target: Target) -> list[int]:
    """Return the places of the models that a weighted mean cannot do without, of `judged` predictions (rows, models).

    From the models in the mean, again and again the one is given up that costs it least, while that is below PRICE.
    """

    def loss(places: list[int]) -> float:
        chosen = predictions[:, places]
        return float(target.judged_loss(y, chosen @ greedy_weights(y, chosen, target)).mean())

    left = np.flatnonzero(greedy_weights(y, predictions, target)).tolist()
    most = loss(left) + PRICE * abs(loss(left))
    while len(left) > 1:
        cost, given_up = min((loss([one for one in left if one != place]), place) for place in left)
        if cost > most:
            break
        left.remove(given_up)
    return left


def _some(rows: int, seed: int) -> np.ndarray:
    """Return at most JUDGED_ROWS of places among `rows`, ascending."""
    if rows <= JUDGED_ROWS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, JUDGED_ROWS, replace=False))
