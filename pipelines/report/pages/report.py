"""The report of one project: its parts in the order of a reader, each a list of sections."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from pipelines.answer.answer import answered
from pipelines.facts.pointer import BindingError
from pipelines.facts.steps import Facts
from pipelines.report.numbers import Binding
from pipelines.report.page import Page, close, open_page, print_parts, tidy
from pipelines.report.pages import interview, post
from pipelines.report.section import Part
from pipelines.report.sections.advice import ADVICE
from pipelines.report.sections.all_models import ALL_MODELS
from pipelines.report.sections.answer import ANSWER
from pipelines.report.sections.asked import ASKED
from pipelines.report.sections.baseline import BASELINE
from pipelines.report.sections.calibration import CALIBRATION
from pipelines.report.sections.candidates import CANDIDATES
from pipelines.report.sections.causes import CAUSES
from pipelines.report.sections.caveat_list import CAVEAT_LIST
from pipelines.report.sections.classes import CLASSES
from pipelines.report.sections.coefficients import COEFFICIENTS
from pipelines.report.sections.columns import COLUMNS
from pipelines.report.sections.controls import CONTROLS
from pipelines.report.sections.curves import CURVES
from pipelines.report.sections.decisions import DECISIONS
from pipelines.report.sections.difference import DIFFERENCE
from pipelines.report.sections.dispersion import DISPERSION
from pipelines.report.sections.doubts import DOUBTS
from pipelines.report.sections.drift import DRIFT
from pipelines.report.sections.head import HEAD
from pipelines.report.sections.headroom import HEADROOM
from pipelines.report.sections.hypotheses import HYPOTHESES
from pipelines.report.sections.intervals import INTERVALS
from pipelines.report.sections.leaks import LEAKS
from pipelines.report.sections.learning import LEARNING
from pipelines.report.sections.making import MAKING
from pipelines.report.sections.metric import METRIC
from pipelines.report.sections.not_tested import NOT_TESTED
from pipelines.report.sections.options import OPTIONS
from pipelines.report.sections.other_metrics import OTHER_METRICS
from pipelines.report.sections.pairs import PAIRS
from pipelines.report.sections.people import PEOPLE
from pipelines.report.sections.prices import PRICES
from pipelines.report.sections.residuals import RESIDUALS
from pipelines.report.sections.rules import RULES
from pipelines.report.sections.scales import SCALES
from pipelines.report.sections.set_aside import SET_ASIDE
from pipelines.report.sections.shap import SHAP
from pipelines.report.sections.shapes import SHAPES
from pipelines.report.sections.signs import SIGNS
from pipelines.report.sections.single_parts import SINGLE_PARTS
from pipelines.report.sections.slices import SLICES
from pipelines.report.sections.split_leaks import SPLIT_LEAKS
from pipelines.report.sections.stability import STABILITY
from pipelines.report.sections.suspects import SUSPECTS
from pipelines.report.sections.target import TARGET
from pipelines.report.sections.trivial import TRIVIAL
from pipelines.report.sections.turned_signs import TURNED_SIGNS
from pipelines.report.sections.waterfall import WATERFALL
from pipelines.report.sections.why import WHY
from pipelines.report.sections.worth import WORTH

PARTS: tuple[Part, ...] = (
    Part(None, (HEAD, ANSWER, WATERFALL, OPTIONS, ADVICE)),
    Part("Why", (WHY, CAUSES, TURNED_SIGNS, SCALES, SHAPES, PAIRS, SINGLE_PARTS, SHAP)),
    Part("Is it real?", (DIFFERENCE, STABILITY, CONTROLS, WORTH, DECISIONS)),
    Part(
        "What could be wrong",
        (CAVEAT_LIST, LEAKS, SPLIT_LEAKS, SLICES, DRIFT, CALIBRATION, INTERVALS, PEOPLE, NOT_TESTED),
    ),
    Part("How much better could it get?", (HEADROOM, LEARNING)),
    Part("Data", (ASKED, DOUBTS, TARGET, SET_ASIDE, RULES), folded=True, summary="Rows, split, rules and repeats"),
    Part("Metric", (METRIC, TRIVIAL, PRICES), folded=True, summary="What is measured, and what knowing nothing scores"),
    Part(
        "Exploration", (COLUMNS, SIGNS, SUSPECTS, HYPOTHESES),
        folded=True, summary="Each feature alone, codes, and what was expected of each cause",
    ),
    Part(
        "Baseline", (BASELINE, COEFFICIENTS), folded=True, summary="The simple model on each fold, and its coefficients"
    ),
    Part("Candidates", (CANDIDATES,), folded=True, summary="The models that were tried, and which one was taken"),
    Part(
        "The comparison in full", (ALL_MODELS, OTHER_METRICS, CLASSES, CURVES, RESIDUALS, DISPERSION),
        folded=True, summary="All models on the test rows, other metrics, and where errors lie",
    ),
    Part("How this was made", (MAKING,), folded=True, summary="Source, files of facts, and times"),
)  # fmt: skip
"""The page: the answer on one screen, why, whether it is real, what could be wrong, how much better it could get; then,
folded, all else that was measured."""

BESIDE: Mapping[str, tuple[Part, ...]] = {"interview": interview.PARTS, "post": post.PARTS}
"""The pages beside the report: questions with answers, and what may be said to the world."""


@dataclass(frozen=True)
class Report:
    """A finished page: its Markdown, the names of the pictures that it shows, in order, and every number's origin.

    `marked` is the Markdown with each number in marks that name its binding (see numbers.py).
    """

    markdown: str
    pictures: tuple[str, ...]
    bindings: tuple[Binding, ...]
    marked: str


def render_report(facts: Facts) -> Report:
    """Return the report that the facts of all seven steps (and of "timings", if measured) make.

    The same facts make the same bytes. Raises BindingError on a number that no fact backs, a pointer to nothing, or a
    sentence whose evidence says other than the facts.
    """
    page = open_page(answered(facts), pictures=True)
    return _finish(page, print_parts(page, PARTS))


def render_beside(name: str, facts: Facts) -> str:
    """Return the Markdown of a page of `BESIDE`, which links to the report's pictures; see `render_report`."""
    return report_beside(name, facts).markdown


def report_beside(name: str, facts: Facts) -> Report:
    """Return a page of `BESIDE` with the origin of its numbers; see `render_report`."""
    page = open_page(answered(facts), pictures=True)
    return _finish(page, print_parts(page, BESIDE[name]))


def _finish(page: Page, marked: str) -> Report:
    markdown, bindings = close(page, marked)
    return Report(markdown, tuple(page.shown), bindings, tidy(marked))


def check_report(markdown: str, facts: Facts) -> None:
    """Raise BindingError, quoting the first line that differs, where a finished report is not what the facts say."""
    for said, says in zip_longest(markdown.splitlines(), render_report(facts).markdown.splitlines()):
        if said != says:
            message = f"the report says {said!r} where the facts say {says!r}"
            raise BindingError(message)
