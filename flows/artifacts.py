"""What the Prefect UI shows of a step: its section of the report, and its models as a table."""

from flows.files import Facts

COLUMNS = ("name", "role", "family", "score", "cv_mean", "cv_sd")


def section(step: str, facts: Facts) -> str:
    """Return the step's section in Markdown."""
    return table(step, facts)


def table(step: str, facts: Facts) -> str:
    """Return the step's plain facts (no lists, no tables) as a Markdown table."""
    rows = [f"| {key} | {value} |" for key, value in facts.items() if not isinstance(value, (dict, list))]
    return "\n".join([f"# {step}", "", "| fact | value |", "|---|---|", *rows])


def leaderboard(facts: Facts) -> list[Facts]:
    """Return one row a model with what is known of it, or no rows where the step has no models."""
    return [{key: model[key] for key in COLUMNS if key in model} for model in facts.get("models") or []]
