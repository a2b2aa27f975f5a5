"""Short and long texts, and texts that deny: where the strong model is better, and where not."""

from pipelines.answer.places import say
from pipelines.facts.claims import Place
from pipelines.facts.shared import Claim, Pointer
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, ci_form
from pipelines.report.section import Section, View

WHERE = "reflect#/texts/slices"
BETTER = {"strong": "strong model", "baseline": "**baseline**", "neither": "not shown"}


def _on(facts: Facts, better: str, opening: str, ending: str) -> Claim | None:
    """Return on which of the texts the strong model stands like this against the baseline; None where on none."""
    found = [place for place, one in enumerate(facts["reflect"]["texts"]["slices"]) if one["better"] == better]
    if not found:
        return None
    pool, listed = dict[str, Place](), []
    for place in found:
        at = f"{WHERE}/{place}"
        form = ci_form(f"{at}/difference/ci", facts)
        pool |= {
            f"where{place}": (f"{at}/where", ""), f"gain{place}": (f"{at}/difference/value", form),
            f"ci{place}": (f"{at}/difference/ci", form),
        }  # fmt: skip
        listed.append(f"{{where{place}}} ({{gain{place}}} {{ci{place}}})")
    return say(better, f"{opening} {as_list(listed)}{ending}", facts, **pool)


def _rows(facts: Facts) -> list[tuple[Pointer, str]]:
    return [
        (f"{WHERE}/{place}", BETTER[one["better"]]) for place, one in enumerate(facts["reflect"]["texts"]["slices"])
    ]


def _view(facts: Facts) -> View:
    return {
        "worse": _on(facts, "baseline", "The strong model is worse than the baseline on", "."),
        "open": _on(
            facts, "neither", "The strong model is not shown to be better on", ": there the rows may be too few."
        ),
        "all": all(one["better"] == "strong" for one in facts["reflect"]["texts"]["slices"]),
        "rows": _rows(facts),
    }


TEXT_SLICES = Section("text_slices", "reflect", _view, (WHERE,))
