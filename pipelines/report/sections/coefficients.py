"""What the baseline makes of each column."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View
from pipelines.targets import TARGETS

CLASSES = "define#/target_summary/classes"


def _view(facts: Facts) -> View:
    return {
        "several": "confusion" in TARGETS[facts["define"]["task"]].can,
        "rows": [
            (f"baseline#/coefficients/{place}", f"{CLASSES}/{one['class']}/value")
            for place, one in enumerate(facts["baseline"]["coefficients"])
        ],
    }


COEFFICIENTS = Section("coefficients", "baseline", _view, ("baseline#/coefficients",))
