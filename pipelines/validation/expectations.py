"""The gate on the raw file: the declaration as a Great Expectations suite, its result as facts and as Data Docs.

The only module that imports Great Expectations, and only inside its functions: the import takes five seconds. Nothing
is written and nothing sent: the context is ephemeral, and the pages are returned as text.
"""

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.core.cells import as_text
from pipelines.core.project import Column, Project
from pipelines.facts.define import Expected
from pipelines.inputs import INPUTS
from pipelines.targets import TARGETS
from pipelines.validation.checks import kept_columns, percent
from pipelines.validation.gate import as_read, not_read

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

# Great Expectations writes names and values into its pages unescaped: nothing in them may run or be fetched.
HARMLESS = (
    """<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
)
AT_ONCE = 50  # columns checked together: for each rule Great Expectations copies the whole frame that it is given
EXAMPLES = 5  # values shown of each failed expectation
SLACK = 1e-12  # 1 - 0.1 is a rounding error away from the share that may be present


@dataclass(frozen=True)
class Gate:
    """What the gate found."""

    expectations: list[Expected]
    pages: dict[str, str]  # Data Docs: HTML by path; open "index.html"


@dataclass(frozen=True)
class Rule:
    """One expectation with what it says in words about which raw column."""

    expectation: "Expectation"
    column: str | None
    allowed: str


def warm() -> None:
    """Import Great Expectations, so that a later call of `check_gate` in this process need not wait for it."""
    import great_expectations  # noqa: F401
    from tqdm import tqdm  # type: ignore[import-untyped] # it publishes no types

    # Its progress bars, even silent ones, would share a semaphore with the whole system, and one that outlives a
    # process which is killed.
    tqdm.set_lock(threading.RLock())


def check_gate(frame: pd.DataFrame, project: Project) -> Gate:
    """Return the result of checking the gate's frame (see `gate_frame`) against the project's declaration.

    Raises RuntimeError if an expectation could not be evaluated at all.
    """
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    rules = make_rules(frame, project)
    suite = gx.ExpectationSuite(name=project.name, expectations=[rule.expectation for rule in rules])
    asset = context.data_sources.add_pandas("raw").add_dataframe_asset(project.name)
    definition = asset.add_batch_definition_whole_dataframe("whole file")
    how = {"result_format": "BASIC", "partial_unexpected_count": EXAMPLES}
    outcomes = [
        definition.get_batch({"dataframe": part}).validate(
            gx.ExpectationSuite(name=project.name, expectations=expectations), result_format=how
        )
        for part, expectations in _parts(frame, [rule.expectation for rule in rules])
    ]
    result = _joined(outcomes)
    facts = _facts(rules, result, len(frame))
    return Gate(facts, _render_pages(suite, result, project.name))


def _parts(frame: pd.DataFrame, expectations: list["Expectation"]) -> list[tuple[pd.DataFrame, list["Expectation"]]]:
    """Return the frame in parts of AT_ONCE columns, each with its expectations; those of the table come first."""
    if len(frame.columns) <= AT_ONCE:
        return [(frame, expectations)]
    by_column: dict[str | None, list[Expectation]] = {}
    for one in expectations:
        by_column.setdefault(one.configuration.kwargs.get("column"), []).append(one)
    parts = [(frame, by_column[None])]
    for first in range(0, len(frame.columns), AT_ONCE):
        part = frame.iloc[:, first : first + AT_ONCE]
        parts.append((part, [one for column in part.columns for one in by_column.get(column, [])]))
    return [(part, asked) for part, asked in parts if asked]


def _joined(outcomes: list["ExpectationSuiteValidationResult"]) -> "ExpectationSuiteValidationResult":
    """Return the results of all parts as one."""
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.validator.validation_statistics import calc_validation_statistics

    first, results = outcomes[0], [one for outcome in outcomes for one in outcome.results]
    counted = calc_validation_statistics(results)._asdict()
    return ExpectationSuiteValidationResult(
        success=counted.pop("success"),
        results=results,
        suite_name=first.suite_name,
        statistics=counted,
        meta=first.meta,
    )


def make_rules(frame: pd.DataFrame, project: Project) -> list[Rule]:
    """Return the suite's rules: first the columns that must be there, then each column's, in declared order."""
    from great_expectations import expectations as gxe

    known = list(dict.fromkeys([*project.columns.declared, *project.columns.drop]))
    columns = gxe.ExpectTableColumnsToMatchSet(column_set=list(frame.columns), exact_match=True)
    rules = [Rule(columns, None, f"exactly the {len(known)} columns declared or dropped")]
    for name, column in kept_columns(project).items():
        share = max(0.0, 1 - column.missing - SLACK)
        text = f"missing in at most {percent(column.missing)} of the rows" if column.missing else "never missing"
        rules.append(Rule(gxe.ExpectColumnValuesToNotBeNull(column=name, mostly=share), name, text))
        rules += _type_rules(frame, name, column)
        rules += _value_rules(frame, name, column)
    target = project.problem.target
    if "probabilities" in TARGETS[project.problem.task].can:
        classes = gxe.ExpectColumnUniqueValueCountToBeBetween(column=target, min_value=2)
        rules.append(Rule(classes, target, "two classes or more"))
    return rules


def _type_rules(frame: pd.DataFrame, name: str, column: Column) -> list[Rule]:
    """Return what makes sure that every value is of the declared type; any value is a category or a text."""
    from great_expectations import expectations as gxe

    kind = INPUTS[column.type]
    if kind.unreadable is None:
        return []
    words = f"of type {column.type}"
    if (unread := not_read(name, column)) in frame.columns:
        return [Rule(gxe.ExpectColumnValuesToBeNull(column=unread), name, words)]
    return [Rule(gxe.ExpectColumnValuesToBeInTypeList(column=name, type_list=list(kind.read_as)), name, words)]


def _value_rules(frame: pd.DataFrame, name: str, column: Column) -> list[Rule]:
    """Return the declared bounds and set of values as rules."""
    from great_expectations import expectations as gxe

    read = as_read(name, column) if as_read(name, column) in frame.columns else name
    kind, rules = INPUTS[column.type], []
    if column.min is not None or column.max is not None:
        low = None if column.min is None else kind.bound(column.min)
        high = None if column.max is None else kind.bound(column.max)
        between = gxe.ExpectColumnValuesToBeBetween(column=read, min_value=low, max_value=high)
        limits = [f"at least {column.min}"] * (low is not None) + [f"at most {column.max}"] * (high is not None)
        rules.append(Rule(between, name, " and ".join(limits)))
    if (only := kind.declared_values(column)) is not None:
        within = gxe.ExpectColumnValuesToBeInSet(column=read, value_set=kind.allowed_values(column))
        rules.append(Rule(within, name, "one of " + ", ".join(as_text(value) for value in only)))
    return rules


def _facts(rules: list[Rule], result: "ExpectationSuiteValidationResult", rows: int) -> list[Expected]:
    """Return each rule's outcome, in the rules' order."""
    by_id = {_identity(one.expectation_config): one for one in result.results}
    facts: list[Expected] = []
    for rule in rules:
        config = rule.expectation.configuration
        outcome = by_id[_identity(config)]
        if outcome.exception_info.get("raised_exception"):
            message = f"Great Expectations could not evaluate {config.type} of {rule.column}: {outcome.exception_info}"
            raise RuntimeError(message)
        unexpected = int(outcome.result.get("unexpected_count", 0 if outcome.success else rows))
        facts.append(
            {
                "expectation": config.type,
                "column": rule.column,
                "allowed": rule.allowed,
                "success": bool(outcome.success),
                "unexpected": unexpected,
                "share": unexpected / rows,
            }
        )
    return facts


def _identity(config: "ExpectationConfiguration") -> tuple[str, str]:
    """Return what distinguishes an expectation of one suite from another: type and column."""
    return config.type, str(config.kwargs.get("column"))


def _render_pages(suite: object, result: "ExpectationSuiteValidationResult", name: str) -> dict[str, str]:
    """Return Data Docs as HTML by path, rendered as Great Expectations does: an index, the suite and the result.

    The folders are those of its own sites, since the pages point to each other.
    """
    from great_expectations.render import renderer
    from great_expectations.render.renderer.site_index_page_renderer import SiteIndexPageRenderer
    from great_expectations.render.view import DefaultJinjaIndexPageView, DefaultJinjaPageView

    suite_path, result_path = f"expectations/{name}.html", f"validations/{name}/raw/file/result.html"
    suite_link = {"expectation_suite_name": name, "filepath": suite_path}
    result_link = suite_link | {
        "filepath": result_path,
        "expectation_suite_filepath": suite_path,
        "validation_success": result.success,
        "run_name": "raw file",
        "asset_name": name,
        "batch_identifier": "whole file",
    }
    links = {"site_name": name, "expectations_links": [suite_link], "validations_links": [result_link]}
    result_page, suite_page = renderer.ValidationResultsPageRenderer(), renderer.ExpectationSuitePageRenderer()
    view, shown = DefaultJinjaPageView(), {"show_how_to_buttons": False}
    pages = {
        "index.html": DefaultJinjaIndexPageView().render(SiteIndexPageRenderer.render(links), **shown),
        suite_path: view.render(suite_page.render(suite), **shown),
        result_path: view.render(result_page.render(result), **shown),
    }
    return {path: html.replace("<head>", HARMLESS, 1) for path, html in pages.items()}
