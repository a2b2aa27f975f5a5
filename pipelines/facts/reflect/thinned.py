"""How many of a very large table's training rows step 7 looks at."""

from typing_extensions import TypedDict


class Thinned(TypedDict):
    """Training rows, evenly spaced in each fold, that all of step 7 but the leaks of the split looks at."""

    rows: int  # that are looked at
    of: int  # training rows
    se: float  # of the strong model's gain over so many rows, by its standard error on the test rows
