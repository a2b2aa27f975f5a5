"""Single words that say much of the target: they may be what a form, a mail program or an editor wrote, not the author.

The AUC of a word alone is the share of pairs of rows with different targets in which the word stands in the higher one
alone; pairs with it in both or in neither count half. Of several classes, a class is held against all others. For
amounts this is the concordance index (Harrell and others 1982, JAMA 247). The purity of a word is the share of its rows
that are of their commonest class; of amounts, the share of pairs of a row with it and one without it in which the
target of the first is the higher, or the lower one (Mann and Whitney 1947, Annals of Mathematical Statistics 18).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipelines.facts.eda.texts import TokenSeen
from pipelines.texts.words import Words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

IN_ROWS = 0.05  # share of the rows that a word stands in, from which it is looked at
FEWEST = 5  # rows of it
HIGH, PURE = 0.70, 0.97  # AUC alone, either way, and purity, beyond which a word is suspected
LEFT = 0.1  # a suspect's share of other classes is at most this part of theirs among all rows: where nine of ten rows
# are of a class, many honest words are pure
SURE = 0.01  # p-value, by Bonferroni, below which a suspect is no chance
SHOWN = 12  # words in the facts


def tokens(words: Words, truth: np.ndarray, labels: Sequence[str]) -> tuple[list[TokenSeen], int]:
    """Return the words that say most of the target, suspects first, and how many were looked at.

    `truth` is (rows,), numbers or 0 and 1, or (rows, classes) of 0 and 1; `labels` names the classes, in order, and is
    empty for amounts.
    """
    rows = len(truth)
    looked = np.flatnonzero(words.texts_with >= max(IN_ROWS * rows, FEWEST))
    if not len(looked):
        return [], 0
    holds, count = words.presence[:, looked], words.texts_with[looked]
    table = truth.reshape(rows, -1)
    tried = np.array([auc_alone(holds, count, values) for values in table.T])  # (classes or one, words, 3)
    about = np.abs(tried[:, :, 0] - 0.5).argmax(axis=0)
    auc, above, p_value = tried[about, np.arange(len(looked))].T
    p_value = np.minimum(p_value * len(tried) * len(looked), 1)
    strength = np.maximum(auc, 1 - auc)
    high = (strength > HIGH) & (p_value < SURE)
    purity, mostly = np.maximum(above, 1 - above), np.zeros(len(looked), int)
    pure = (purity > PURE) & (p_value < SURE)
    if labels:
        purity, mostly, of_purity, pure = _purity(holds, count, table)
        p_value = np.minimum(p_value, of_purity)
    order = sorted(
        range(len(looked)), key=lambda i: (not (high[i] or pure[i]), -strength[i], words.vocabulary[looked[i]])
    )
    found: list[TokenSeen] = [
        {
            "word": words.vocabulary[looked[i]],
            "rows": int(count[i]),
            "share": float(count[i] / rows),
            "auc": float(auc[i]),
            "class": labels[about[i]] if len(tried) > 1 else None,
            "purity": float(purity[i]),
            "mostly": labels[mostly[i]] if labels else None,
            "p_adjusted": float(p_value[i]),
            "suspect": "auc" if high[i] else "purity" if pure[i] else None,
        }
        for i in order[: max(SHOWN, int((high | pure).sum()))]
    ]
    return found, len(looked)


def auc_alone(holds: "csr_matrix", count: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return three numbers of each word, float64 (words, 3).

    Its AUC alone; the share of pairs of a row with it and one without it in which the first is higher, ties counted as
    half; and the two-sided p-value of the latter (normal approximation with ties: Lehmann 1975, "Nonparametrics",
    section 1.2). One half, one half and 1 where all rows hold it, or all targets are equal.

    `holds` is a sparse matrix of ones (rows, words), `count` its sums (words,), `values` the target (rows,).
    """
    from scipy.stats import norm, rankdata

    rows, others = len(values), len(values) - count
    pairs = np.maximum(count * others, 1).astype(np.float64)
    wins = np.asarray(holds.T @ rankdata(values)) - count * (count + 1) / 2
    above = np.where(others > 0, wins / pairs, 0.5)
    ties = np.unique(values, return_counts=True)[1].astype(np.float64)
    untied = (rows**2 - float((ties**2).sum())) / 2
    auc = 0.5 + pairs * (above - 0.5) / max(untied, 1.0)
    spread = rows + 1 - float((ties**3 - ties).sum()) / (rows * max(rows - 1, 1))
    error = np.sqrt(max(spread, 0.0) / (12 * pairs))
    z = np.divide(np.abs(above - 0.5), error, out=np.zeros(len(above)), where=error > 0)
    return np.column_stack([auc, above, 2 * norm.sf(z)])


def _purity(holds: "csr_matrix", count: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return each word's purity, its commonest class, the p-value over all words and classes, and what is suspected.

    The p-value is the chance that as many of as many rows drawn at random are of that class (binomial).
    """
    from scipy.stats import binom

    classes = table if table.shape[1] > 1 else np.column_stack([1 - table[:, 0], table[:, 0]])
    inside = np.asarray(holds.T @ classes)
    mostly, most = inside.argmax(axis=1), inside.max(axis=1)
    base = classes.mean(axis=0)[mostly]
    purity = most / count
    p_value = np.minimum(binom.sf(most - 1, count, base) * inside.size, 1)
    return purity, mostly, p_value, (purity > PURE) & (1 - purity <= LEFT * (1 - base)) & (p_value < SURE)
