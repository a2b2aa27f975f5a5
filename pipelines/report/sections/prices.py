"""What errors cost, and from which probability on acting costs less."""

from pipelines.report.section import Section

PRICES = Section("prices", "metric", needs=("metric#/cost",))
