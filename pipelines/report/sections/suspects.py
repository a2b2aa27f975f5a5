"""Columns that may give the target away, as the training rows alone show them."""

from pipelines.report.section import Section

SUSPECTS = Section("suspects", "eda", needs=("eda#/columns",))
