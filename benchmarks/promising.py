"""Promises whose truth is known: how often a path of labels ends in a wrong word. `python -m promising`.

Test rows and later rows come from populations whose metrics are known exactly (populations.py). The verdict changes at
looks alone, so a path is judged at each of them.
"""

import sys
from collections.abc import Iterator

import numpy as np
from populations import Population
from scipy.optimize import brentq

from pipelines.inference.bootstrap import replicates
from pipelines.inference.truth import Truth
from pipelines.metrics import METRICS
from pipelines.serving.promise import Promise

RESAMPLES = 500
WORST = {"binary": 0.05, "regression": 10.0}  # skill of the worst model


def promised(population: Population, test_rows: int, margin: float, seed: int) -> Promise:
    """Return the promise that drawn test rows make."""
    metric = METRICS[population.metric]
    random = np.random.default_rng([seed, 1])
    y, predictions = population.draw(random, test_rows, {"strong": population.skill})
    found = replicates(Truth(metric, y, seed=seed), predictions, count=RESAMPLES, pairs=[]).score("strong")
    task, labels = ("binary", ("no", "yes")) if "binary" in metric.targets else ("regression", ())
    return Promise("strong", metric, margin, found.value, found.ci, test_rows, task, labels, log=False)


def worse_by(population: Population, loss: float) -> float:
    """Return the skill of a model that is worse by `loss` than the first one."""
    metric, start = METRICS[population.metric], population.truth(population.skill)
    furthest = WORST["binary" if isinstance(population.world, float) else "regression"]
    return float(brentq(lambda one: metric.gain(population.truth(one), start) - loss, population.skill, furthest))


def path(population: Population, test_rows: int, rows: int, margin: float, loss: float, seed: int) -> list[str]:
    """Return the verdict at each look of a path of so many labelled rows, on which the model is worse by `loss`."""
    promise = promised(population, test_rows, margin, seed)
    skill = worse_by(population, loss) if loss else population.skill
    y, predictions = population.draw(np.random.default_rng([seed, 2]), rows, {"strong": skill})
    verdicts = []
    look = promise.schedule.following(None)
    while look.end <= rows:
        judged = promise.judge(y[: look.end], predictions["strong"][: look.end], encoded=True)
        verdicts.append(str(judged["verdict"]))
        look = promise.schedule.following(look)
    return verdicts


def shares(
    population: Population, test_rows: int, rows: int, margin: float, loss: float, draws: int
) -> tuple[float, float, str]:
    """Return the shares of paths that are ever called broken, and ever kept, and what most say at the end."""
    paths = [path(population, test_rows, rows, margin, loss, seed) for seed in range(draws)]
    last = [one[-1] for one in paths]
    most = max(set(last), key=last.count)
    return (
        float(np.mean(["broken" in one for one in paths])), float(np.mean(["kept" in one for one in paths])),
        f"{most} ({100 * last.count(most) / draws:.0f} %)",
    )  # fmt: skip


def worlds() -> Iterator[tuple[Population, float]]:
    """Yield populations with a margin."""
    yield Population("roc_auc", 0.2), 0.01
    yield Population("average_precision", 0.05), 0.02
    yield Population("log_loss", 0.2), 0.01
    yield Population("rmse", "normal"), 0.02
    yield Population("rmse", "t(4)"), 0.02


def main() -> None:
    """Print the table of docs/serving-statistics.md."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    print("| metric | world | true loss | ever broken | ever kept | at the end |")
    print("|---|---|---:|---:|---:|---|")
    for population, margin in worlds():
        for times in (0.0, 1.0, 5.0):
            broken, kept, most = shares(population, 2_000, 12_800, margin, times * margin, draws)
            print(
                f"| {METRICS[population.metric].label} | {population.world} | {times * margin:g} | "
                f"{100 * broken:.1f} % | {100 * kept:.1f} % | {most} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
