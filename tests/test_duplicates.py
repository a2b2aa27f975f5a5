"""Rows that say the same, against counting by hand and by pandas."""

import numpy as np
import pandas as pd

from pipelines.duplicates import count_duplicates, identical_features


def test_a_table_counted_by_hand() -> None:
    """Rows 0, 1, 4 share their features (0 and 1 also the target), 2 and 5 too; 3 and 6 stand alone."""
    same = np.array([0, 0, 1, 2, 0, 1, 3])
    y = np.array([1.0, 1, 0, 0, 0, 0, 1])
    test = np.array([False, False, False, False, True, False, False])
    fold = np.array([0, 0, 1, 2, -1, 3, 4])
    assert count_duplicates(same, y, test, fold) == {
        "rows": 2,  # 1 repeats 0, 5 repeats 2
        "conflicting": 3,  # 0, 1 and 4: the same features with both targets
        "across_split": 1,  # 4
        "across_folds": 2,  # 2 and 5
    }


def test_identical_features_agree_with_pandas() -> None:
    """Numbers with missing values, texts and dates: the numbering groups the rows as pandas does."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "number": rng.choice([1.0, 2.0, np.nan], 300),
            "text": pd.Series(rng.choice(["a", "b", ""], 300), dtype="str").mask(rng.random(300) < 0.2),
            "date": pd.Series(np.array(["2020-01-01", "2020-01-02", "NaT"], "datetime64[s]")[rng.integers(0, 3, 300)]),
        }
    )
    same = identical_features({str(name): frame[name] for name in frame.columns}, len(frame))
    expected = frame.groupby(list(frame.columns), dropna=False, sort=False).ngroup()
    assert pd.crosstab(same, expected).astype(bool).sum().eq(1).all()
    assert len(set(same)) == expected.nunique()


def test_no_duplicates_are_reported_in_clean_data() -> None:
    """Where every row differs, all counts are zero."""
    rows = np.arange(50)
    same = identical_features({"x": pd.Series(rows.astype(float))}, 50)
    counts = count_duplicates(same, rows % 2.0, rows % 5 == 0, np.where(rows % 5 == 0, -1, rows % 5))
    assert set(counts.values()) == {0}
