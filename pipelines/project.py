"""The project file: everything that a user writes, parsed into frozen models that reject unknown keys."""

import difflib
import re
import tomllib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import InputError, quote

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
RESERVED = ("row_id", "split", "fold", "y_true", "group")  # columns that `define` adds to the table

Task = Literal["binary", "multiclass", "regression"]
ColumnType = Literal["integer", "number", "category", "boolean", "date", "text"]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Share = Annotated[float, Field(ge=0, le=1)]
METRICS: dict[Task, tuple[str, ...]] = {
    "binary": (
        "roc_auc", "average_precision", "log_loss", "brier",
        "accuracy", "balanced_accuracy", "precision", "recall", "f1",
    ),
    "multiclass": ("log_loss", "accuracy", "balanced_accuracy", "f1", "roc_auc"),
    "regression": ("rmse", "mae", "r2", "mse", "median_ae", "mape"),
}  # fmt: skip


class Section(BaseModel):
    """A frozen table of the project file without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Problem(Section):
    """Step 1: what is asked, who decides what, and which column answers it."""

    question: Text
    decision: Text
    task: Task
    target: Text
    positive: str | int | float | bool | None = None
    target_scale: Literal["linear", "log"] = "linear"  # log: model and score ln(target)
    unit: str | None = None  # of the target, before any log

    @model_validator(mode="after")
    def _positive_belongs_to_binary(self) -> "Problem":
        if (self.task == "binary") != (self.positive is not None):
            message = "`positive` (the target value that counts as the event) is needed for task 'binary', and only there"
            raise ValueError(message)
        if self.target_scale == "log" and self.task != "regression":
            message = "`target_scale = \"log\"` is for task 'regression'"
            raise ValueError(message)
        return self


class Source(Section):
    """Where the raw file comes from: a member of a wheel, or a file that DVC tracks."""

    package: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.!+]+$")] | None = None
    member: Text | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    file: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Source":
        packaged = (self.package, self.member, self.sha256)
        if self.file is None and None in packaged:
            message = "give either `file`, or all of `package`, `member` and `sha256`"
            raise ValueError(message)
        if self.file is not None and (self.package or self.member):
            message = "give either `file` or `package` with `member`, not both"
            raise ValueError(message)
        return self


class Column(Section):
    """What one raw column may hold. Bounds are inclusive; `missing` is the largest share that may be missing."""

    type: ColumnType
    min: int | float | None = None
    max: int | float | None = None
    missing: Share = 0.0
    allowed: tuple[str | int | float | bool, ...] | None = Field(default=None, strict=False)
    unit: str | None = None


class Columns(Section):
    """The one declaration behind the Great Expectations gate and the pandera contract."""

    declared: dict[str, Column]
    drop: tuple[str, ...] = Field(default=(), strict=False)
    on_invalid: Literal["quarantine", "fail"] = "quarantine"

    @model_validator(mode="before")
    @classmethod
    def _tables_are_columns(cls, section: object) -> object:
        """Sort TOML's one table: inline tables declare columns, anything else is a setting of the section."""
        if not isinstance(section, dict):
            return section
        settings = {key: value for key, value in section.items() if not isinstance(value, dict)}
        return settings | {"declared": {key: value for key, value in section.items() if isinstance(value, dict)}}


class Split(Section):
    """How the test rows are set apart, once."""

    kind: Literal["stratified", "random", "group", "time", "column"]
    test: Annotated[float, Field(gt=0, lt=1)] = 0.2
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 7
    column: Text | None = None  # the group, time or train/test column
    test_value: str | int | float | bool = "test"  # kind "column": what marks a test row

    @model_validator(mode="after")
    def _column_where_needed(self) -> "Split":
        needs = self.kind in ("group", "time", "column")
        if needs != (self.column is not None):
            message = "`column` is needed for kinds 'group', 'time' and 'column', and only there"
            raise ValueError(message)
        return self


class Cost(Section):
    """What one wrong decision costs, in any one currency."""

    false_positive: Annotated[float, Field(ge=0, strict=False)]
    false_negative: Annotated[float, Field(ge=0, strict=False)]


class Metric(Section):
    """Step 2: what is optimised, what errors cost, and the smallest difference anyone would act on."""

    primary: str
    margin: Annotated[float, Field(gt=0, strict=False)]
    cost: Cost | None = None
    currency: str = ""


class Effort(Section):
    """How much to spend."""

    level: Literal["quick", "standard", "thorough"] = "standard"


class Project(Section):
    """One mini-project."""

    name: str
    problem: Problem
    source: Source
    columns: Columns
    split: Split
    metric: Metric
    effort: Effort

    @model_validator(mode="after")
    def _sections_agree(self) -> "Project":
        task, primary = self.problem.task, self.metric.primary
        if primary not in METRICS[task]:
            message = f"metric.primary is {quote(primary)}; for task {task!r} it may be {', '.join(METRICS[task])}"
            raise ValueError(message)
        if self.metric.cost and task != "binary":
            message = "metric.cost is for task 'binary'"
            raise ValueError(message)
        if self.split.kind == "stratified" and task == "regression":
            message = "split.kind 'stratified' needs classes; for task 'regression' take 'random', 'group', 'time' or 'column'"
            raise ValueError(message)
        if self.problem.target in self.columns.drop:
            message = f"columns.drop names the target {quote(self.problem.target)}"
            raise ValueError(message)
        taken = [name for name in self.columns.declared if name in RESERVED and name not in self.not_features]
        if taken:
            message = f"column {quote(taken[0])} has a name that the recipe uses itself; drop or rename it"
            raise ValueError(message)
        return self

    @property
    def not_features(self) -> frozenset[str]:
        """The declared columns that no model may see: the target, the split column, the dropped ones."""
        return frozenset({self.problem.target, *self.columns.drop} | ({self.split.column} if self.split.column else set()))


def parse_project(text: str, name: str, where: str) -> Project:
    """Return the project that the TOML `text` describes.

    `name` is the project's name (the file's stem), `where` the file's path for messages.
    Raises InputError with the key, what is allowed and the nearest known key.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"project name {quote(name)}",
            where=where,
            allowed="a lower-case letter, then at most 59 lower-case letters, digits or underscores",
            todo="rename the file",
        )
    try:
        sections = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not valid TOML: {error}", where=where, todo="mend that line") from None
    if "name" in sections:
        raise InputError("unknown section or key 'name'", where=where, allowed=_allowed(Project), todo="remove it")
    try:
        return Project.model_validate(sections | {"name": name})
    except ValidationError as error:
        raise _explain(error, where) from None


def _explain(error: ValidationError, where: str) -> InputError:
    """Turn pydantic's first complaint into one about the user's file."""
    first = error.errors()[0]
    path = [str(part) for part in first["loc"] if part != "declared"]
    key, model = ".".join(path), _model_at(first["loc"][:-1])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(path[-1], _keys(model), n=1)
        todo = f"did you mean `{near[0]}`?" if near else "remove it"
        return InputError(f"unknown key {quote(key)}{more}", where=where, allowed=_allowed(model), todo=todo)
    if first["type"] == "missing":
        return InputError(f"`{key}` is missing{more}", where=where, todo=f"add `{path[-1]}`")
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "value_error":
        return InputError(message + more, where=f"{where}, [{key}]" if key else where, todo="change the project file")
    return InputError(f"`{key}` is {quote(first['input'])}{more}", where=where, allowed=message, todo="change that value")


def _model_at(path: tuple[int | str, ...]) -> type[Section]:
    """Return the section whose key is complained of."""
    model: type[Section] = Project
    for part in path:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        if part == "declared" or model is Columns:
            model = Column if model is Columns and part != "declared" else Columns
        elif part == "cost":
            model = Cost
        elif isinstance(annotation, type) and issubclass(annotation, Section):
            model = annotation
    return model


def _keys(model: type[Section]) -> list[str]:
    return [key for key in model.model_fields if not (model is Project and key == "name") and key != "declared"]


def _allowed(model: type[Section]) -> str:
    return ", ".join(_keys(model))
