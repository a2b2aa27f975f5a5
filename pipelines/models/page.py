"""The list of models in docs/models.md, made of the families' rows."""

from pipelines.models.families import FAMILIES
from pipelines.models.family import TRIED

HEAD = "| model | role | family | what is special | fitted at |\n|---|---|---|---|---|"


def render_models() -> str:
    """Return a Markdown table of the models that step 5 fits, in the order in which models are taught."""
    rows = [
        (variant.shown, [variant.title, variant.role, family.title, variant.about, ", ".join(variant.efforts)])
        for family in FAMILIES.values()
        for variant in family.variants
        if variant.role in TRIED
    ]
    return "\n".join([HEAD, *(f"| {' | '.join(cells)} |" for _, cells in sorted(rows))]) + "\n"
