"""One peer on one table, in a process of its own: `python peer.py TOOL TABLE TASK METRIC PREDICTIONS`.

It runs in the peers' environment and imports nothing of the product. The table is the one that the product's `define`
wrote: training rows go into the tool as they are (categories as categories, gaps as gaps), with the tool's own
defaults, and the predictions of the test rows come out.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

KEYS = ["row_id", "split", "fold", "y_true", "group", "masked_words"]
CORES = 2
FLAML_SECONDS = 60  # its budget; it takes no other measure
SEED = 7

Fitted = Callable[[pd.DataFrame], Any]


def lightgbm(x: pd.DataFrame, y: np.ndarray, task: str, _: str) -> Fitted:
    """Return LightGBM with its defaults."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    kind = LGBMRegressor if task == "regression" else LGBMClassifier
    model = kind(n_jobs=CORES, random_state=SEED, verbosity=-1).fit(x, y)
    return model.predict if task == "regression" else model.predict_proba


def flaml(x: pd.DataFrame, y: np.ndarray, task: str, metric: str) -> Fitted:
    """Return what FLAML finds in its budget."""
    from flaml import AutoML

    names = {"average_precision": "ap", "roc_auc": "roc_auc", "log_loss": "log_loss", "rmse": "rmse"}
    model = AutoML()
    model.fit(
        X_train=x,
        y_train=y,
        task="regression" if task == "regression" else "classification",
        metric=names[metric],
        time_budget=FLAML_SECONDS,
        n_jobs=CORES,
        seed=SEED,
        verbose=0,
    )
    return model.predict if task == "regression" else model.predict_proba


def mljar(x: pd.DataFrame, y: np.ndarray, task: str, metric: str) -> Fitted:
    """Return mljar-supervised in its default mode, Explain."""
    from supervised.automl import AutoML

    names = {"average_precision": "average_precision", "roc_auc": "auc", "log_loss": "logloss", "rmse": "rmse"}
    tasks = {"binary": "binary_classification", "multiclass": "multiclass_classification", "regression": "regression"}
    model = AutoML(
        mode="Explain",
        ml_task=tasks[task],
        eval_metric=names[metric],
        n_jobs=CORES,
        random_state=SEED,
        verbose=0,
        results_path=tempfile.mkdtemp(),
    )
    model.fit(x, y)
    return model.predict if task == "regression" else model.predict_proba


def autogluon(x: pd.DataFrame, y: np.ndarray, task: str, metric: str) -> Fitted:
    """Return AutoGluon's medium_quality, without a limit of time."""
    from autogluon.tabular import TabularPredictor

    names = {"rmse": "root_mean_squared_error"}
    model = TabularPredictor(
        label="y_true", problem_type=task, eval_metric=names.get(metric, metric), path=tempfile.mkdtemp(), verbosity=0
    )
    model.fit(x.assign(y_true=y), presets="medium_quality", num_cpus=CORES, num_gpus=0)

    def predict(rows: pd.DataFrame) -> np.ndarray:
        return (model.predict(rows) if task == "regression" else model.predict_proba(rows)).to_numpy()

    return predict


TOOLS = {"lightgbm": lightgbm, "flaml": flaml, "mljar": mljar, "autogluon": autogluon}


def main(tool: str, table: str, task: str, metric: str, predictions: str) -> None:
    """Fit, predict the test rows, write row_id and one column a class; tell the seconds of both."""
    frame = pd.read_parquet(table)
    test = frame["split"] == "test"
    x = frame.drop(columns=[key for key in KEYS if key in frame])
    y = frame["y_true"].to_numpy()
    y = y if task == "regression" else y.astype(np.int64)
    start = time.perf_counter()
    fitted = TOOLS[tool](x[~test].reset_index(drop=True), y[~test], task, metric)
    found = np.asarray(fitted(x[test].reset_index(drop=True)), np.float64)
    print(f"fit and predict: {time.perf_counter() - start:.2f} s")
    found = found[:, 1] if task == "binary" and found.ndim > 1 else found.reshape(len(found), -1)
    columns = pd.DataFrame(found.reshape(len(found), -1)).add_prefix("p")
    columns.insert(0, "row_id", frame.loc[test, "row_id"].to_numpy())
    columns.to_parquet(Path(predictions), index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
