"""Metrics: each a function of the rows' weights, declared once with all that the steps ask of it."""
