"""Does the target vary around both models' predictions as much as its distribution says?"""

from collections.abc import Mapping

from pipelines.comparison.scores import PAIR
from pipelines.core.table import Table
from pipelines.facts.compare.dispersion import Dispersed, Dispersion
from pipelines.metrics.prepared import Floats


def dispersion_facts(rows: Table, test: Mapping[str, Floats]) -> Dispersed:
    """Return `dispersion`, that of both models on the test `rows`; nothing where the distribution does not say it."""
    found: list[Dispersion] = []
    for model in PAIR:
        value = rows.target.dispersion(rows.y, test[model])
        if value is not None:
            found.append({"model": model, "value": value})
    return {"dispersion": found} if found else {}
