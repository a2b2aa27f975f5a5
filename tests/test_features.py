"""What each raw column becomes for the models."""

import numpy as np
import pandas as pd

from pipelines.core.project import Column
from pipelines.inputs import INPUTS


def test_a_date_becomes_days_month_and_weekday() -> None:
    """2 January 1970 at noon was a Friday, one and a half days after the epoch; a missing date stays missing."""
    dates = pd.to_datetime(pd.Series(["1970-01-02 12:00", None]))
    features = INPUTS["date"].features("sold", Column(type="date"), dates)
    assert list(features) == ["sold (days)", "sold (month)", "sold (weekday)"]
    assert [series.iloc[0] for series in features.values()] == [1.5, 1.0, 4.0]
    assert all(series.dtype == np.float64 and np.isnan(series.iloc[1]) for series in features.values())


def test_a_text_becomes_characters_and_words_and_itself() -> None:
    """The text "two  words" has ten characters and two words; an empty one none; a missing one is empty as a text."""
    features = INPUTS["text"].features("note", Column(type="text"), pd.Series(["two  words", "", None], dtype="str"))
    assert features["note (characters)"].tolist()[:2] == [10, 0]
    assert features["note (words)"].tolist()[:2] == [2, 0]
    assert features["note"].tolist() == ["two  words", "", ""]
    assert all(np.isnan(features[f"note ({part})"].iloc[2]) for part in ("characters", "words"))


def test_categories_are_sorted_text() -> None:
    """A category's levels are sorted, whatever their order in the file, and missing is no level."""
    feature = INPUTS["category"].features(
        "town", Column(type="category"), pd.Series(["b", "a", None, "b"], dtype="str")
    )["town"]
    assert feature.cat.categories.tolist() == ["a", "b"]
    assert feature.isna().tolist() == [False, False, True, False]


def test_numbers_stay() -> None:
    """A number is its own feature."""
    values = pd.Series([1.0, 2.5])
    assert INPUTS["number"].features("x", Column(type="number"), values)["x"] is values


def test_facts_lead_back_to_the_raw_column() -> None:
    """Every feature names the raw column that it comes from, its kind, its declared type and its unit."""
    assert INPUTS["number"].describe("x", Column(type="number", unit="m")) == [
        {"name": "x", "kind": "numeric", "from": "x", "type": "number", "unit": "m"}
    ]
    assert INPUTS["category"].describe("z", Column(type="category"))[0]["kind"] == "category"
    assert [
        (fact["name"], fact["from"], fact["unit"]) for fact in INPUTS["date"].describe("d", Column(type="date"))
    ] == [
        ("d (days)", "d", "days since 1970-01-01"),
        ("d (month)", "d", "month of the year"),
        ("d (weekday)", "d", "day of the week, Monday 0"),
    ]
