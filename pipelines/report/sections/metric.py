"""By what models are compared, and how fine a difference the test rows can show."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Section, View


def _view(facts: Facts) -> View:
    metric = facts["metric"]
    least = metric["minimum_detectable"]
    return {
        "logarithm": facts["define"]["target_scale"] == "log",
        "direction": "greater" if metric["greater_is_better"] else "smaller",
        "detectable": least is not None,
        "coarse": least is not None and least > metric["margin"],
    }


METRIC = Section("metric", "metric", _view, ("metric#",))
