"""Which columns look like protected attributes: a table of names, both ways, and of what columns hold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.core.project import parse_project
from pipelines.experiments.protected import looks_like, named, split_name
from pipelines.experiments.protected_words import ATTRIBUTES

AGES = pd.Series(np.arange(18.0, 91.0))
LABELS = pd.Series(["k1", "k2", "k3", "k4"] * 10, dtype="category")
PROJECTS = Path(__file__).parent.parent / "projects"

NAMES = {
    "age": [
        "age", "AGE", "Age", "customer_age", "AgeYears", "age_in_years", "ageGroup", "age_band", "Patient Age",
        "mother's age", "maternal.age", "age_at_diagnosis", "age_of_applicant", "Alter", "edad", "âge", "età", "idade",
        "leeftijd", "возраст", "年龄", "account_holder_age", "age2",
    ],
    "sex": [
        "sex", "Sex", "gender", "CODE_GENDER", "cust_gender", "is_male", "female", "sex_M", "gender_female",
        "personal_status_sex", "Geschlecht", "sexe", "sexo", "género", "sesso", "płeć", "性别",
    ],
    "race": ["race", "Ethnicity", "ethnic_group", "race_white", "raceEthnicity", "raça", "etnia", "is_hispanic"],
    "nationality": [
        "nationality", "citizenship", "native-country", "country_of_birth", "foreign_worker", "Staatsangehörigkeit",
        "US_citizen", "place of birth", "nationalité",
    ],
    "religion": ["religion", "Religion_id", "religious affiliation", "Konfession"],
    "disability": ["disability", "has_disability", "disability_status", "Handcap", "Schwerbehinderung", "handicapé"],
    "marital status": [
        "marital", "marital.status", "MaritalStatus", "ever_married", "MARRIAGE", "Familienstand", "état civil",
        "estado_civil", "personal_status",
    ],
    "pregnancy": ["pregnant", "Pregnancies", "is_pregnant", "schwanger"],
    "post code": ["zip", "zipcode", "ZIP_CODE", "zip5", "post code", "PostalCode", "PLZ", "code postal", "home_zip"],
    "sexual orientation": ["sexual_orientation", "SexualOrientation"],
}  # fmt: skip

OTHERS = [
    "average", "usage", "page", "mileage", "stage", "percentage", "storage", "language", "coverage", "message",
    "package", "image", "wage", "voltage", "damage", "garage", "passage", "agent", "agency", "agenda", "aged_debt",
    "yr_built", "account_age", "age_of_account", "age_of_car", "car_age", "AgeOfVehicle", "house_age", "HouseAge",
    "building age", "housing_median_age", "loan_age", "machine_age_months", "policy_age", "page_age", "tree_age",
    "company_age", "stone_age", "age_of_sail", "Age_08_04", "eta", "alternate", "altered",
    "Essex", "sussex", "middlesex", "unisex", "sextant", "same_sex_schools", "sex_ratio", "gender_gap", "engender",
    "male_connectors", "trace", "grace", "terrace", "embrace", "race_time", "race_distance", "race_id", "racer",
    "country", "currency", "nation", "international", "national_id", "origin", "citizens_bank_branch",
    "good_faith", "religion_books_sold", "disabled", "account_disabled", "handicap_race_distance",
    "single_family", "marriage_certificates_issued", "pregnancy_test_price", "zip_file", "zipper", "gzip", "zip_size",
    "merchant_zip", "postage", "poster", "post_count", "postal_service", "pin_count", "code", "Amount", "V1", "Time",
    "NumberOfDependents", "birth_weight", "birth_rate", "orientation", "town", "class", "", "___", "age " * 9_000,
]  # fmt: skip


@pytest.mark.parametrize(("name", "attribute"), [(name, key) for key, names in NAMES.items() for name in names])
def test_names_of_protected_attributes(name: str, attribute: str) -> None:
    """Each such name is found, whatever its writing, and as the attribute that it is."""
    look = looks_like(name, AGES if attribute == "age" else LABELS)

    assert look is not None
    assert (look.attribute, look.by) == (attribute, "name")


@pytest.mark.parametrize("name", OTHERS, ids=lambda name: name[:30])
def test_names_of_other_things(name: str) -> None:
    """No line is written on a column that only sounds so, whether it holds numbers that may be ages, or labels."""
    assert looks_like(name, AGES) is None
    assert looks_like(name, LABELS) is None


@pytest.mark.parametrize(
    ("name", "values", "unit", "found"),
    [
        ("age", [18, 60, 101], "years", True),
        ("age", [18, 60, 101], None, True),
        ("age", [18, 60, 999], None, False),  # no code among many: a third of the rows
        ("age", [1, 7, 365], None, False),  # of concrete, in days
        ("age", [1, 7, 365], "days", False),
        ("age", [10_800, 19_000, 23_700], None, True),  # days of a life
        ("age", [10_800, 19_000, 23_700], "days", True),
        ("age_days", [10_800, 19_000, 23_700], None, True),
        ("age_months", [240, 600, 900], None, True),
        ("age_months", [1, 20, 80], None, False),
        ("age", [18, 60, 101], "MPa", False),
        ("age", [0.1, 0.5, 0.9], None, False),
        ("age", [-5, 20, 60], None, False),
        ("age_group", [1, 2, 3], None, True),  # places in a list
        ("DAYS_BIRTH", [-25_000, -15_000, -7_500], None, True),
        ("birth_year", [1940, 1980, 2003], None, True),
        ("birth_year", [3, 4, 5], None, False),
        ("gender", [0, 1, 0], None, True),
        ("gender", [1, 1, 1], None, False),  # a constant
        ("race", list(range(50)), None, False),  # numbers of races
        ("zip", [0, 1, 0], None, False),  # whether a file is packed
        ("age", [np.nan, np.nan, np.nan], None, False),
    ],
)
def test_numbers_must_be_such_as_the_attribute_has(
    name: str, values: list[float], unit: str | None, found: bool
) -> None:
    """Ages lie within a life, by the declared unit or that of the name; sexes are few."""
    assert (looks_like(name, pd.Series(values, dtype=float), unit) is not None) == found


def test_one_code_makes_no_age_impossible() -> None:
    """A 999 in one of 500 rows is a code, and the column an age."""
    assert looks_like("age", pd.Series([999.0, *np.linspace(18, 80, 499)])) is not None


@pytest.mark.parametrize(
    ("levels", "attribute"),
    [
        (["male", "female"], "sex"),
        (["M", "F"], "sex"),
        (["Male", "Female", "Other"], "sex"),
        (["Mr.", "Mrs.", "Miss."], "sex"),
        (["männlich", "weiblich"], "sex"),
        (["hombre", "mujer"], "sex"),
        (["мужской", "женский"], "sex"),
        (["White", "Black", "Asian-Pac-Islander", "Amer-Indian-Eskimo", "Other"], "race"),
        (["Muslim", "Hindu", "Christian"], "religion"),
        (["Married-civ-spouse", "Never-married", "Divorced"], "marital status"),
        (["Heterosexual", "Bisexual", "Gay"], "sexual orientation"),
        (["m"], None),
        (["m", "other"], None),
        (["f", "t"], None),
        (["M", "T", "W", "F"], None),
        (["men", "women", "kids"], None),
        (["black", "white"], None),
        (["black", "white", "red"], None),
        (["asian", "italian", "mexican"], None),
        (["asian", "other"], None),
        (["single", "double", "triple"], None),
        (["single", "family"], None),
        (["yes", "no"], None),
        (["male", "female", "plug", "socket"], None),
    ],
)
def test_levels_tell_where_the_name_does_not(levels: list[str], attribute: str | None) -> None:
    """A category of any name looks so where hardly any of its levels are others, and two of them tell it."""
    look = looks_like("kind", pd.Series(levels * 10, dtype="category"))

    assert (None if look is None else look.attribute) == attribute
    assert look is None or look.by == "levels"


def test_levels_without_a_row_tell_nothing() -> None:
    """Levels that only the dtype knows are none of the column's."""
    column = pd.Series(pd.Categorical(["a", "b"] * 10, ["a", "b", "male", "female"]))

    assert looks_like("kind", column) is None


@pytest.mark.parametrize(
    ("project", "found"), [("loan_default", ["age"]), ("house_prices", ["zipcode"]), ("fraud", [])]
)
def test_names_of_the_shipped_projects(project: str, found: list[str]) -> None:
    """A loan knows the borrower's age, a house its post code, and a payment nothing of that kind."""
    text = (PROJECTS / f"{project}.toml").read_text(encoding="utf-8")
    names = parse_project(text, project, project).columns.declared

    assert [name for name in names if any(named(split_name(name), one) for one in ATTRIBUTES)] == found
