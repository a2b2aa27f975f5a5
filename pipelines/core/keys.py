"""The columns that the recipe adds to a user's: a row's number, its place in the split, and what is to be predicted."""

KEYS = ("row_id", "split", "fold", "y_true")  # of the table and of every table of predictions
RESERVED = (*KEYS, "group", "time_block")  # of the table; no column of a user may have these names
