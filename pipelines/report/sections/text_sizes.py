"""What each cause of texts gains with few training rows and with many, in numbers."""

from pipelines.facts.shared import Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.texts import causes_tried
from pipelines.report.section import Section, View
from pipelines.report.sections.text_rows import SIZES, changes


def _table(facts: Facts) -> list[tuple[Pointer, list[tuple[Pointer, bool]]]]:
    """Return each number of rows with the gains of the causes that were tried: where, and whether kept."""
    tried, sizes = causes_tried(facts), facts["reflect"]["texts"]["sizes"]
    return [
        (f"{SIZES}/{row}", [(f"{SIZES}/{row}/gains/{place}", one["kept"])
                            for place, one in enumerate(size["gains"]) if one["factor"] in tried])
        for row, size in enumerate(sizes)
    ]  # fmt: skip


def _view(facts: Facts) -> View | None:
    table = _table(facts)
    if not table[-1][1]:
        return None
    return {
        "changes": list(changes(facts).values()),
        "causes": [f"{at}/factor" for at, _ in table[-1][1]],
        "table": table,
    }


TEXT_SIZES = Section("text_sizes", "reflect", _view, (SIZES,))
