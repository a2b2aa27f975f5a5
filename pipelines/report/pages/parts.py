"""The parts of a project's report in the order of a reader, each a list of sections."""

from pipelines.report.section import Part
from pipelines.report.sections.advice import ADVICE
from pipelines.report.sections.ahead import AHEAD
from pipelines.report.sections.all_models import ALL_MODELS
from pipelines.report.sections.answer import ANSWER
from pipelines.report.sections.asked import ASKED
from pipelines.report.sections.bands import BANDS
from pipelines.report.sections.baseline import BASELINE
from pipelines.report.sections.by_step import BY_STEP
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
from pipelines.report.sections.group_answer import GROUP_ANSWER
from pipelines.report.sections.group_assigned import GROUP_ASSIGNED
from pipelines.report.sections.group_checks import GROUP_CHECKS
from pipelines.report.sections.group_columns import GROUP_COLUMNS
from pipelines.report.sections.group_density import GROUP_DENSITY
from pipelines.report.sections.group_maps import GROUP_MAPS
from pipelines.report.sections.group_numbers import GROUP_NUMBERS
from pipelines.report.sections.group_profiles import GROUP_PROFILES
from pipelines.report.sections.group_verdict import GROUP_VERDICT
from pipelines.report.sections.head import HEAD
from pipelines.report.sections.headroom import HEADROOM
from pipelines.report.sections.hypotheses import HYPOTHESES
from pipelines.report.sections.intervals import INTERVALS
from pipelines.report.sections.leaks import LEAKS
from pipelines.report.sections.learning import LEARNING
from pipelines.report.sections.looks_ahead import LOOKS_AHEAD
from pipelines.report.sections.making import MAKING
from pipelines.report.sections.measures import MEASURES
from pipelines.report.sections.metric import METRIC
from pipelines.report.sections.not_tested import NOT_TESTED
from pipelines.report.sections.options import OPTIONS
from pipelines.report.sections.origins import ORIGINS
from pipelines.report.sections.other_metrics import OTHER_METRICS
from pipelines.report.sections.pairs import PAIRS
from pipelines.report.sections.people import PEOPLE
from pipelines.report.sections.prices import PRICES
from pipelines.report.sections.residuals import RESIDUALS
from pipelines.report.sections.rules import RULES
from pipelines.report.sections.scales import SCALES
from pipelines.report.sections.series_look import SERIES_LOOK
from pipelines.report.sections.served import SERVED
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
from pipelines.report.sections.text_columns import TEXT_COLUMNS
from pipelines.report.sections.text_controls import TEXT_CONTROLS
from pipelines.report.sections.text_examples import TEXT_EXAMPLES
from pipelines.report.sections.text_rows import TEXT_ROWS
from pipelines.report.sections.text_sizes import TEXT_SIZES
from pipelines.report.sections.text_slices import TEXT_SLICES
from pipelines.report.sections.text_terms import TEXT_TERMS
from pipelines.report.sections.texts_look import TEXTS_LOOK
from pipelines.report.sections.trivial import TRIVIAL
from pipelines.report.sections.turned_signs import TURNED_SIGNS
from pipelines.report.sections.waterfall import WATERFALL
from pipelines.report.sections.why import WHY
from pipelines.report.sections.worst_series import WORST_SERIES
from pipelines.report.sections.worth import WORTH

PARTS: tuple[Part, ...] = (
    Part(None, (HEAD, ANSWER, GROUP_ANSWER, WATERFALL, AHEAD, TEXT_ROWS, OPTIONS, ADVICE)),
    Part(
        "Why",
        (
            WHY, CAUSES, BY_STEP, TURNED_SIGNS, SCALES, SHAPES, PAIRS, SINGLE_PARTS, SHAP, TEXT_SIZES, TEXT_TERMS,
            TEXT_EXAMPLES, TEXT_COLUMNS, GROUP_DENSITY, GROUP_COLUMNS, GROUP_PROFILES,
        ),
    ),
    Part(
        "Is it real?",
        (
            DIFFERENCE, MEASURES, STABILITY, CONTROLS, TEXT_CONTROLS, GROUP_VERDICT, GROUP_NUMBERS,
            GROUP_CHECKS, GROUP_MAPS, WORTH, DECISIONS,
        ),
    ),
    Part(
        "What could be wrong",
        (
            CAVEAT_LIST, GROUP_ASSIGNED, LOOKS_AHEAD, BANDS, WORST_SERIES, LEAKS, SPLIT_LEAKS, SLICES, TEXT_SLICES,
            DRIFT, CALIBRATION, INTERVALS, PEOPLE, NOT_TESTED,
        ),
    ),
    Part("How much better could it get?", (HEADROOM, LEARNING)),
    Part(
        "Data", (ASKED, ORIGINS, DOUBTS, TARGET, SET_ASIDE, RULES),
        folded=True, summary="Rows, split, rules and repeats",
    ),
    Part("Metric", (METRIC, TRIVIAL, PRICES), folded=True, summary="What is measured, and what knowing nothing scores"),
    Part(
        "Exploration", (SERIES_LOOK, TEXTS_LOOK, COLUMNS, SIGNS, SUSPECTS, HYPOTHESES),
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
    Part("In use", (SERVED,), folded=True, summary="What the served model answers, and whether that is the build's"),
    Part("How this was made", (MAKING,), folded=True, summary="Source, files of facts, and times"),
)  # fmt: skip
"""The page: the answer on one screen, why, whether it is real, what could be wrong, how much better it could get; then,
folded, all else that was measured."""
