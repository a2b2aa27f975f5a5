"""The project file: what is accepted, and what each mistake is told."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError
from toy_raw import TOML, declare

from pipelines.core.errors import InputError
from pipelines.core.project import parse_project

PROJECTS = sorted((Path(__file__).parent.parent / "projects").glob("*.toml"))
WHERE = "projects/small.toml"

# (old text, new text, the message holds all of these)
MISTAKES = [
    ('kind = "stratified"', 'kidn = "stratified"', ["split.kidn", "allowed: kind, test", "did you mean `kind`?"]),
    ("[split]", "[splitt]", ["unknown key 'splitt'", "did you mean `split`?"]),
    ('drop = ["note"]', 'dorp = ["note"]', ["columns.dorp", "did you mean `drop`?"]),
    ("min = 18", "mni = 18", ["columns.age.mni", "did you mean `min`?"]),
    ('member = { type = "boolean" }', 'member = "boolean"', ['write `member = { type = "boolean" }`']),
    ('member = { type = "boolean" }', "member = 3", ["unknown key 'columns.member'", "a column is declared as"]),
    ("margin = 0.01", "", ["`metric.margin` is missing", "add `margin`"]),
    ('question = "Who leaves?"', "", ["`problem.question` is missing"]),
    ("test = 0.25", 'test = "a quarter"', ["`split.test` is 'a quarter'", "a valid number"]),
    ("test = 0.25", "test = 1.5", ["`split.test` is 1.5", "less than 1"]),
    ("seed = 3", "seed = 3.5", ["`split.seed` is 3.5", "integer"]),
    ("margin = 0.01", 'margin = "0.01"', ["`metric.margin` is '0.01'", "a valid number"]),
    ("margin = 0.01", "margin = true", ["`metric.margin` is True", "a valid number"]),
    ('question = "Who leaves?"', 'question = "  "', ["`problem.question`"]),
    (
        'task = "binary"\ntarget = "left"\npositive = "yes"',
        'task = "multiclass"\ntarget = "income"',
        ["'income' is of type 'number'", "'multiclass'", "'integer' or 'category'"],
    ),
    ('min = "2010-01-01"', "min = 2010-01-01", ["[columns.since]", 'write min = "2010-01-01"']),
    ('min = "2010-01-01"', 'min = "in spring"', ["[columns.since]", "'in spring'", '"2014-05-02"']),
    ('min = "2010-01-01"', 'min = "2010-01-01T00:00Z"', ["[columns.since]", "time zone"]),
    ('min = "2010-01-01"', 'min = "2010-01-01", max = "2009-12-31T23:00"', ["`min` 2010-01-01 is above `max`"]),
    ('min = "2010-01-01"', 'min = "2010-01-01", format = "%Q"', ["`format` '%Q'", "strptime"]),
    ("min = 18", "min = -1" + "0" * 400, ["`min` is not finite"]),
    ("margin = 0.01", "margin = inf", ["`metric.margin` is inf", "finite"]),
    ("missing = 0.3", "missing = 30", ["`columns.income.missing` is 30", "less than or equal to 1"]),
    ('"integer", min', '"whole", min', ["`columns.age.type` is 'whole'", "'integer', 'number'"]),
    ('drop = ["note"]', 'drop = "note"', ["`columns.drop` is 'note'", "a list"]),
    ('drop = ["note"]', 'drop = ["note"]\non_invalid = "ignore"', ["`columns.on_invalid`", "'quarantine' or 'fail'"]),
    ("min = 18", 'min = "18"', ["`columns.age.min` is '18'", "a valid integer; or a valid number"]),
    ("min = 18", "min = 2010-01-01", ["[columns.age]", "`min` of a column of type 'integer' is a number"]),
    ('min = "2010-01-01"', "min = 2010", ["[columns.since]", 'is a date, as "2014-05-02"']),
    ("min = 18", "min = 180", ["`min` 180 is above `max` 99"]),
    ("min = 0, missing = 0.3", "min = nan", ["`min` is not finite"]),
    ('member = { type = "boolean" }', 'member = { type = "boolean", min = 0 }', ["`min` is for the types"]),
    ('{ type = "boolean" }', '{ type = "boolean", format = "%Y" }', ["`format` is for the types 'date'"]),
    ('["yes", "no"]', "[]", ["`allowed` is empty"]),
    ("min = 18", 'allowed = ["x"], min = 18', ["`allowed` of type 'integer' holds the text 'x'"]),
    ('positive = "yes"', "", ["`positive`", "binary"]),
    ('task = "binary"', 'task = "regression"', ["`positive`", "binary"]),
    ('task = "binary"', 'task = "binary"\ntarget_scale = "log"', ["`target_scale = \"log\"` is for task 'regression'"]),
    ('target = "left"', 'target = "lfet"', ["'lfet'", "not declared", "did you mean 'left'?"]),
    ('target = "left"', 'target = "since"', ["of type 'date'", "'integer', 'number', 'boolean' or 'category'"]),
    ('target = "left"', 'target = "age"', ["problem.positive is the text 'yes'"]),
    ('drop = ["note"]', 'drop = ["note", "left"]', ["columns.drop names the target 'left'"]),
    ('kind = "stratified"', 'kind = "time"', ["`column` is needed for kinds 'group', 'time' and 'column'"]),
    ('kind = "stratified"', 'kind = "time"\ncolumn = "sincee"', ["'sincee'", "did you mean 'since'?"]),
    ('kind = "stratified"', 'kind = "time"\ncolumn = "town"', ["'category'", "'date', 'integer' or 'number'"]),
    ('kind = "stratified"', 'kind = "group"\ncolumn = "left"', ["is the target or dropped"]),
    ('primary = "roc_auc"', 'primary = "auc"', ["metric.primary is 'auc'", "roc_auc, average_precision"]),
    ('primary = "roc_auc"', 'primary = "rmse"', ["for task 'binary'"]),
    ('file = "data/raw/small.csv"', "", ["give either `file`, or all of"]),
    ('file = "data/raw/small.csv"', 'file = "../small.csv"', ["inside the repository"]),
    ('file = "data/raw/small.csv"', 'file = "/etc/small.csv"', ["inside the repository"]),
    ('file = "data/raw/small.csv"', 'package = "small"\nmember = "a"\nsha256 = "b"', ["exact version"]),
    ('file = "data/raw/small.csv"', 'file = "a.csv"\nsha256 = "AB"', ["64 lower-case hexadecimal digits"]),
    ("age = {", "fold = {", ["'fold'", "a name already taken"]),
    ("age = {", '"remark (words)" = {', ["'remark (words)'", "a name already taken"]),
    ("[metric]", '[run]\nrunner = "spark"\n[metric]', ["`run.runner` is 'spark'", "'local' or 'dask'"]),
    ("[metric]", '[run]\naddress = "head:8786"\n[metric]', ["`run.address`", "tcp://10.0.0.5:8786"]),
    ("[metric]", '[run]\nadress = "tcp://head:8786"\n[metric]', ["run.adress", "did you mean `address`?"]),
    ("[problem]", "[problem", ["not valid TOML", "at line 2"]),
    ("[problem]", 'name = "x"\n[problem]', ["unknown section or key 'name'"]),
]


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_shipped_projects_are_valid(path: Path) -> None:
    """Every file in projects/ parses, and its primary metric, target and split are declared."""
    project = parse_project(path.read_text(encoding="utf-8"), path.stem, str(path))
    assert project.name == path.stem
    made = () if project.panel is None else project.panel.made
    of_entities = () if project.entities is None else project.entities.columns
    assert project.problem.answer in (*project.columns.declared, *made, *of_entities)


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES, ids=[new or f"no {old}" for old, new, _ in MISTAKES])
def test_a_mistake_is_told(old: str, new: str, told: list[str]) -> None:
    """Each mistake names the file, the key, what is allowed and what to do, in at most ten lines."""
    assert old in TOML
    with pytest.raises(InputError) as caught:
        parse_project(TOML.replace(old, new, 1), "small", WHERE)
    message = str(caught.value)
    assert WHERE in message
    assert len(message.splitlines()) <= 10
    for part in told:
        assert part in message


def test_models_are_frozen() -> None:
    """A project cannot be changed after it was read."""
    with pytest.raises(ValidationError):
        declare().name = "other"


def test_effort_may_be_left_out() -> None:
    """Without [effort] the level is standard."""
    assert declare().effort.level == "standard"


def test_pieces_run_here_unless_asked() -> None:
    """Without [run] no cluster is needed."""
    assert declare().run.runner == "local"


def test_bounds_of_dates_are_dates() -> None:
    """Quoted dates are the bounds of date columns."""
    assert declare().columns.declared["since"].min == date(2010, 1, 1)


def test_what_models_may_not_see() -> None:
    """The target, the split column and dropped columns are no features."""
    assert declare(kind='"time"\ncolumn = "since"').not_features == {"left", "since", "note"}


def test_the_raw_files_place() -> None:
    """A packaged file lands in data/raw under its own name; a user's file stays where it is."""
    package = 'package = "a==1"\nmember = "b/c.csv"\nsha256 = "' + "0" * 64 + '"'
    text = TOML.replace('file = "data/raw/small.csv"', package)
    assert parse_project(text, "small", WHERE).raw.path == "data/raw/c.csv"
    assert declare().raw.path == "data/raw/small.csv"


@pytest.mark.parametrize("name", ["", "Small", "1st", "a-b", "a/b", "../a", "a" * 61, "a.b", "a b"])
def test_project_names(name: str) -> None:
    """A name that could leave the folder, or that a shell would take apart, is refused."""
    with pytest.raises(InputError, match="project name"):
        parse_project(TOML, name, WHERE)
