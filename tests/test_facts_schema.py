"""The schemas of the facts: every tracked facts file follows its own, and whatever departs from it is refused."""

import copy
import json
from pathlib import Path

import pytest
from conftest import ROOT, Facts
from jsonschema import Draft202012Validator, ValidationError
from sample_facts import SAMPLES, with_times

from pipelines.answer.answer import answered
from pipelines.core.steps import MEASURED, OF_TEXTS
from pipelines.facts.comments import read_comments
from pipelines.facts.schema import SHAPES, load_schema, make_schema

REPORTS = ROOT / "reports"
TRACKED = sorted([*REPORTS.glob("*/facts/*.json"), *REPORTS.glob("*/answer.json")])


def read(step: str) -> Facts:
    """Return the facts of a step of a tracked project; of the answer, those that follow from a sample."""
    if step == "answer":
        return dict(answered(SAMPLES["binary"]())["answer"])
    project = "reviews" if step in OF_TEXTS else "loan_default"
    facts: Facts = json.loads((ROOT / f"reports/{project}/facts/{step}.json").read_text(encoding="utf-8"))
    return facts


def check(step: str, facts: Facts) -> None:
    """Raise ValidationError where facts depart from the schema of their step."""
    Draft202012Validator(load_schema(step)).validate(facts)


def test_facts_files_are_tracked() -> None:
    """There are facts to hold against the schemas: those of seven steps for each of three projects."""
    assert len(TRACKED) >= 21


@pytest.mark.parametrize("path", TRACKED, ids=lambda path: "-".join(path.with_suffix("").parts[-3:]))
def test_every_tracked_facts_file_follows_its_schema(path: Path) -> None:
    """What the steps write is what the types say."""
    check(path.stem, json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("step", [step for step in SHAPES if step not in (*MEASURED, *OF_TEXTS)])
@pytest.mark.parametrize("kind", SAMPLES)
def test_recorded_samples_follow_the_schemas(kind: str, step: str) -> None:
    """What tests of pages start from is what the steps write; `make samples` records it anew."""
    check(step, dict(answered(SAMPLES[kind]()))[step])


@pytest.mark.parametrize("step", SHAPES)
def test_a_schema_is_a_schema(step: str) -> None:
    """It is valid by the standard it names, describes every key, and lets no other key through."""
    schema = make_schema(step)

    Draft202012Validator.check_schema(schema)

    for shape in [schema, *schema.get("$defs", {}).values()]:
        assert shape["additionalProperties"] is False
        assert shape["description"].strip()
        assert all(entry["description"].strip() for entry in shape["properties"].values())


@pytest.mark.parametrize("step", [step for step in SHAPES if step not in MEASURED])
def test_a_key_too_many_is_refused(step: str) -> None:
    """A key that no type names is a mistake, at the top and further down."""
    facts = read(step)
    nested = copy.deepcopy(facts)
    below = next(value for value in nested.values() if isinstance(value, list) and value and isinstance(value[0], dict))
    below[0]["planted"] = 1

    with pytest.raises(ValidationError, match="planted"):
        check(step, facts | {"planted": 1})
    with pytest.raises(ValidationError, match="planted"):
        check(step, nested)


@pytest.mark.parametrize("step", [step for step in SHAPES if step not in MEASURED])
def test_a_missing_key_is_refused(step: str) -> None:
    """A step that forgets a key is refused, whichever key it is."""
    facts = read(step)

    for key in facts:
        with pytest.raises(ValidationError, match=f"'{key}' is a required property"):
            check(step, {name: value for name, value in facts.items() if name != key})


@pytest.mark.parametrize("step", [step for step in SHAPES if step not in MEASURED])
def test_a_wrong_type_is_refused(step: str) -> None:
    """No key takes a value of another kind."""
    facts = read(step)

    for key in facts:
        with pytest.raises(ValidationError):
            check(step, facts | {key: [[{"planted": 1}]]})


def test_a_word_outside_a_closed_set_is_refused() -> None:
    """A verdict is one of four words."""
    facts = read("compare")
    facts["difference"]["verdict"] = "splendid"

    with pytest.raises(ValidationError, match="'splendid' is not one of"):
        check("compare", facts)


def test_timings_follow_their_schema() -> None:
    """Wall times are in no tracked file; their shape is checked on made-up ones."""
    facts = with_times(SAMPLES["binary"]())["timings"]

    check("timings", facts)

    with pytest.raises(ValidationError, match="'cores' is a required property"):
        check("timings", {key: value for key, value in facts.items() if key != "cores"})


def test_comments_are_those_beside_the_keys() -> None:
    """Each key has the comment on the line where its type ends, and a shape has those of what it builds on."""
    source = (
        "class A(TypedDict):\n"
        "    one: int  # the first\n"
        "class B(A):\n"
        "    two: list[\n        int\n    ]  # the second\n"
        'C = TypedDict("C", {\n    "class": int,  # the third\n})\n'
    )

    assert read_comments(source, {}) == {
        "A": {"one": "the first"},
        "B": {"one": "the first", "two": "the second"},
        "C": {"class": "the third"},
    }


def test_a_key_without_a_comment_is_an_error() -> None:
    """No key goes undescribed."""
    with pytest.raises(KeyError, match="A: no comment says what 'one' holds"):
        read_comments("class A(TypedDict):\n    one: int\n", {})
