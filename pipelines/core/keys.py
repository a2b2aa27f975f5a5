"""The columns that the recipe adds to a user's: a row's number, its place in the split, and what is to be predicted."""

KEYS = ("row_id", "split", "fold", "y_true")  # of the table and of every table of predictions
SERIES, TIME, STEP, SCALE = "forecast_series", "forecast_time", "forecast_step", "forecast_scale"
SEEN_KEYS = (SERIES,)  # that models of forecasts may ask for, though it is no feature
# Of the table; no column of a user may have these names.
RESERVED = (*KEYS, "group", "time_block", SERIES, TIME, STEP, SCALE)
