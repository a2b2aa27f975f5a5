"""The opening: what is asked, the verdict, and what surprises most."""

from pipelines.report.section import Section

ANSWER = Section("answer", "reflect", needs=("answer#",))
