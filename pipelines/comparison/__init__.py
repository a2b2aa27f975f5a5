"""The parts of step 6: scores with intervals, decisions, and the errors of regressions."""
