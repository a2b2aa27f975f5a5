"""Which half of the benchmark a data set is in: `development`, or `reported`.

Settings are settled on the development half, as often as wanted. The reported half says how strong the product is: it
is scored when the settings are frozen, and no setting changes after a look at it. Before that only the steps `fetch`
and `define` run on its tables.

All tables that were there when settings were first settled are development. The others were dealt before any of them
was scored: within each task, names in the order of the SHA-256 of seed and name, the first three tenths development
and the rest reported. A draw by digests is the same on every machine and every version of Python. Forecasts are too few
for that: the product's own two projects are development, and so are the panels of two competitions; those of a third
and of two other sources are reported.
"""

import hashlib
from collections.abc import Mapping
from typing import Literal

Half = Literal["development", "reported"]

SEED = 18
DEVELOPMENT_SHARE = 0.3  # of each task's tables: eight of 27
KNOWN = (  # settings were settled on these, most of them before there were halves
    "accidents",
    "ames",
    "bank_marketing",
    "bike_demand",
    "bike_hours",
    "caravan",
    "card_default",
    "diamonds",
    "footballers",
    "fraud",
    "house_prices",
    "image_segments",
    "loan_default",
    "music_genres",
    "orange_juice",
    "powerlifting",
    "retail_sales",
    "reviews",
    "saratoga_houses",
    "wages",
)
FORECASTS: Mapping[str, Half] = {  # chosen before any tool had run on them; too few for a draw
    "m1_months": "development",
    "m3_months": "reported",
    "m3_quarters": "reported",
    "tourist_months": "development",
    "tourist_quarters": "development",
    "us_jobs": "reported",
    "wiki_pages": "reported",
}
DEALT: Mapping[str, Half] = {
    "abalone": "reported",
    "adult_incomes": "reported",
    "air_fares": "development",
    "card_payments": "development",
    "census_wages": "reported",
    "concrete": "reported",
    "cpu_activity": "reported",
    "crimes": "reported",
    "forest_cells": "reported",
    "gene_splices": "reported",
    "german_credit": "development",
    "happiness": "development",
    "household_incomes": "reported",
    "mortgages": "reported",
    "page_blocks": "reported",
    "pixel_digits": "reported",
    "police_stops": "development",
    "protein_shapes": "development",
    "road_injuries": "reported",
    "satellite_soil": "reported",
    "shop_cards": "reported",
    "spam_words": "reported",
    "thyroid": "reported",
    "tv_churn": "reported",
    "white_wine": "reported",
    "work_injuries": "development",
    "yeast_proteins": "development",
}


def half_of(name: str) -> Half:
    """Return a data set's half; one that is in no list is development, for nobody has promised not to look at it."""
    return DEALT.get(name) or FORECASTS.get(name, "development")


def deal(tasks: Mapping[str, str]) -> dict[str, Half]:
    """Return the half of each data set, given its task."""
    dealt: dict[str, Half] = {}
    for task in sorted(set(tasks.values())):
        names = sorted((name for name in tasks if tasks[name] == task), key=_digest)
        first = round(DEVELOPMENT_SHARE * len(names))
        for place, name in enumerate(names):
            dealt[name] = "development" if place < first else "reported"
    return dict(sorted(dealt.items()))


def _digest(name: str) -> str:
    return hashlib.sha256(f"{SEED} {name}".encode()).hexdigest()
