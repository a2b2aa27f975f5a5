"""The columns that the recipe adds to a user's: a row's number, its place in the split, and what is to be predicted."""

KEYS = ("row_id", "split", "fold", "y_true")  # of the table and of every table of predictions
SERIES, TIME, STEP, SCALE = "forecast_series", "forecast_time", "forecast_step", "forecast_scale"
SEEN_KEYS = (SERIES,)  # that models of forecasts may ask for, though it is no feature
MASKED = "masked_words"  # words that the control of step 7 masks in a row's texts, with blanks between them
HALVINGS = tuple(f"halving_{number}" for number in range(1, 4))  # of rows that form groups: 0 or 1, drawn once
DESCRIBES = "describes: "  # begins the names of columns that describe groups, and that no model sees
# Of the table; no column of a user may have these names.
RESERVED = (*KEYS, "group", "time_block", SERIES, TIME, STEP, SCALE, MASKED, *HALVINGS)
