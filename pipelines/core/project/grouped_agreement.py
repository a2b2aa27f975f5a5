"""What [clusters] and [entities] must agree on with each other and with the columns of the file."""

from collections.abc import Iterator, Sequence

from pipelines.core.errors import quote
from pipelines.core.keys import DESCRIBES, RESERVED
from pipelines.core.project.grouped import OF_LABELS, OF_VALUES, Clusters, Entities
from pipelines.core.project.naming import either, nearest
from pipelines.core.project.sections import Project
from pipelines.inputs import Boolean, Category, Date, Integer, Number, Text
from pipelines.inputs.conditions import Condition
from pipelines.inputs.ordinal import Ordinal
from pipelines.metrics import METRICS
from pipelines.targets import TARGETS

GROUPED = "grouped"  # of `Target.rows`
SPLIT = "random"  # the one kind of split: halves of rows are compared, and have to be alike
NUMBERS = (Integer.name, Number.name)
DESCRIBING = (Category.name, Boolean.name, Ordinal.name, *NUMBERS)
ENTITIES = (Category.name, Text.name, Integer.name)


def check_clusters(project: Project) -> str | None:
    """Check that groups say which columns make them, that these are numbers, and that each column has one place."""
    asked, task = project.clusters, project.problem.task
    if (TARGETS[task].rows == GROUPED) != (asked is not None):
        there = "is needed" if asked is None else "is for groups without a label alone"
        return f"[clusters] {there}; problem.task is {task!r}"
    if asked is None:
        return None if project.entities is None else f"[entities] is for groups alone; problem.task is {task!r}"
    if project.split.kind != SPLIT:
        return f"split.kind is {project.split.kind!r}; groups are looked for in halves that are drawn: take {SPLIT!r}"
    metric = METRICS.get(project.metric.primary)
    if metric is not None and metric.needs_spread and not project.problem.outcome:
        return f"metric.primary is {metric.name!r}, which scores an outcome, and problem.outcome names none; add one"
    if project.entities is None:
        return _of_file(asked, project)
    return check_entities(project.entities, project) or _of_entities(asked, project.entities, project)


def _places(asked: Clusters, project: Project) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield each key that names columns, a column that it names, and the types that it may have."""
    yield from (("clusters.columns", name, NUMBERS) for name in asked.columns)
    yield from (("clusters.describe", name, DESCRIBING) for name in asked.describe)
    if project.problem.outcome:
        yield "problem.outcome", project.problem.outcome, TARGETS[project.problem.task].column_types


def _outcome_twice(asked: Clusters, project: Project) -> str | None:
    """Check that the outcome makes no groups, and that they are not described by it either."""
    key = next((key for key in ("columns", "describe") if project.problem.outcome in getattr(asked, key)), None)
    if key is None:
        return None
    why = "groups that are made of what scores them say nothing" if key == "columns" else "it is shown by group anyway"
    return f"clusters.{key} names the outcome {quote(project.problem.outcome)}; {why}: leave it out there"


def _of_file(asked: Clusters, project: Project) -> str | None:
    """Check the columns of a file whose rows are what is grouped."""
    declared = {name: one for name, one in project.columns.declared.items() if name not in project.columns.drop}
    if (twice := _outcome_twice(asked, project)) is not None:
        return twice
    for key, name, types in _places(asked, project):
        if name not in declared:
            return f"{key} names {quote(name)}, which is not declared in [columns]{nearest(name, declared)}"
        if declared[name].type not in types:
            return f"{key} {quote(name)} is of type {declared[name].type!r}; it may be {either(types)}" + _hint(key)
    placed = {*asked.columns, *asked.describe, project.problem.outcome}
    loose = next((name for name in declared if name not in placed), None)
    if loose is not None:
        return f"column {quote(loose)} is in none of clusters.columns, clusters.describe and problem.outcome; drop it"
    return _names(asked)


def _hint(key: str) -> str:
    return "; a label describes groups and makes none: take clusters.describe" if key == "clusters.columns" else ""


def _names(asked: Clusters) -> str | None:
    """Check that no column has the name of one that every table has."""
    own = next((name for name in asked.columns if name in RESERVED or name.startswith(DESCRIBES)), None)
    return None if own is None else f"column {quote(own)} has a name that tables have already; rename it"


def check_entities(entities: Entities, project: Project) -> str | None:
    """Check that what is made of lines is made of declared columns, of types that it can be made of."""
    return _keys_of(entities, project) or _products(entities, project) or _made(entities, project)


def _keys_of(entities: Entities, project: Project) -> str | None:
    """Check the columns that name the entity and its time, and those of conditions on all lines."""
    for key, name, types in (("by", entities.by, ENTITIES), ("time", entities.time, (Date.name,))):
        if (found := _declared(f"entities.{key}", name, types, project)) is not None:
            return found
    of_lines = {"entities.where": entities.where, "entities.needs": entities.needs}.items()
    wrong = (_conditions(key, some, entities, project) for key, some in of_lines)
    return next((found for found in wrong if found), None)


def _products(entities: Entities, project: Project) -> str | None:
    """Check that products have names of their own and are of numbers."""
    for name, factors in entities.product.items():
        if name in project.columns.declared or name in project.columns.drop:
            return f"entities.product makes {quote(name)}, a column of the file; give it another name"
        for factor in factors:
            if (found := _declared(f"entities.product.{name}", factor, NUMBERS, project)) is not None:
                return found
    return None


def _made(entities: Entities, project: Project) -> str | None:
    """Check each made column: its name, what it is taken of, and its conditions."""
    taken = {*project.columns.declared, *project.columns.drop, *entities.product, *RESERVED}
    for name, made in entities.columns.items():
        key = f"entities.columns.{name}"
        if name in taken or name.startswith(DESCRIBES):
            return f"{key} has the name of a column of the file, of a product, or of every table; give it another"
        types = NUMBERS if made.take in OF_VALUES else (Category.name,) if made.take in OF_LABELS else None
        if made.of is not None and made.of not in entities.product:
            if (found := _declared(f"{key}.of", made.of, types, project)) is not None:
                return found
        elif made.of is not None and made.take in OF_LABELS:
            return f"{key}.of is the product {quote(made.of)}; {made.take!r} is of labels: name a category"
        if (found := _conditions(f"{key}.where", made.where, entities, project)) is not None:
            return found
    return _titled(entities)


def _titled(entities: Entities) -> str | None:
    """Check that no made column has another's name or title as its title."""
    seen = {name.casefold(): name for name in entities.columns}
    for name, made in entities.columns.items():
        if made.title is None:
            continue
        if (other := seen.setdefault(made.title.casefold(), name)) != name:
            return f"entities.columns.{name} has the title {quote(made.title)}, a name of {quote(other)}; change it"
    return None


def _declared(key: str, name: str, types: Sequence[str] | None, project: Project) -> str | None:
    """Check that a column is declared and kept, and of one of the types; any will do for None."""
    declared = project.columns.declared
    if name not in declared or name in project.columns.drop:
        return f"{key} names {quote(name)}, which is not declared in [columns]{nearest(name, declared)}"
    if types is not None and declared[name].type not in types:
        return f"{key} {quote(name)} is of type {declared[name].type!r}; it may be {either(types)}"
    return None


def _conditions(key: str, conditions: Sequence[str], entities: Entities, project: Project) -> str | None:
    """Check that conditions are on columns that are there."""
    for text in conditions:
        column = Condition.read(text, key).column
        if column not in entities.product and (found := _declared(key, column, None, project)) is not None:
            return found
    return None


def _of_entities(asked: Clusters, entities: Entities, project: Project) -> str | None:
    """Check that each made column has one place, on its side of the cut."""
    if (twice := _outcome_twice(asked, project)) is not None:
        return twice
    wrong = (_place(key, name, entities) for key, name, _ in _places(asked, project))
    if (found := next((one for one in wrong if one), None)) is not None:
        return found
    placed = {*asked.columns, *asked.describe, project.problem.outcome}
    loose = next((name for name in entities.columns if name not in placed), None)
    if loose is not None:
        return (
            f"column {quote(loose)}, which [entities] makes, is in none of clusters.columns, clusters.describe and "
            "problem.outcome; leave it out"
        )
    return _names(asked)


def _place(key: str, name: str, entities: Entities) -> str | None:
    """Check that a column is made, and made of lines on the right side of the cut."""
    if name not in entities.columns:
        return f"{key} names {quote(name)}, which [entities] does not make{nearest(name, entities.columns)}"
    made = entities.columns[name]
    if key == "problem.outcome" and not made.after:
        return f"problem.outcome {quote(name)} is made of lines before the cut; an outcome has `after = true`"
    if key == "clusters.columns" and made.after:
        return f"clusters.columns names {quote(name)}, which is made of lines after the cut; leave it out"
    if made.take in OF_LABELS and key != "clusters.describe":
        return f"{key} names {quote(name)}, a label" + (_hint(key) or "; an outcome is a number")
    return None
