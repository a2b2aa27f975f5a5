"""The project's name, and the pages beside the report."""

from pipelines.report.section import Section

HEAD = Section("head", "reflect", needs=("answer#",))
