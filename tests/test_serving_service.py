"""Tests of a service out of its archive: answers are the build's, in the user's terms, and a bad row costs one row."""

import json

import numpy as np
import pytest
from toy_service import defined, fits, packed, served, served_raw
from toy_table import APART

from pipelines.core.errors import InputError
from pipelines.inference.cost import Costs
from pipelines.models.saving.zip import pack, unpack
from pipelines.serving.answer import Terms
from pipelines.serving.archive import PARITY_ROWS, cell_of
from pipelines.serving.service import Service, columns_of
from pipelines.targets import TARGETS

OPTIONAL = {"means.json"}  # without it reasons are refused, and rows are answered
CASES = [(task, False) for task in APART] + [(task, True) for task in APART if "log_scale" in TARGETS[task].can]


def rows_of(task: str) -> list[dict[str, object]]:
    """Return the raw test rows as a client has them."""
    table = defined(task).table
    rows = served_raw(task).iloc[table.frame["row_id"][table.tested]]
    return [{str(name): cell_of(cell) for name, cell in row.items()} for row in rows.to_dict(orient="records")]


@pytest.mark.parametrize(("task", "log"), CASES)
def test_answers_are_the_builds_bit_by_bit(task: str, log: bool) -> None:
    """Of every test row, by both models, all at once and one by one, through JSON and back."""
    service, table = served(task, log=log), defined(task, log=log).table
    rows = json.loads(json.dumps(rows_of(task)))
    for model, fitted in fits(task, log=log).items():
        expected = fitted.prediction[table.tested]
        good, found = service.predict(columns_of(rows), len(rows), model)
        assert len(good) == len(rows) > 50
        assert np.array_equal(found, expected)
        for place in range(0, len(rows), 11):
            _, alone = service.predict(columns_of([rows[place]]), 1, model)
            assert np.array_equal(alone[0], expected[place])


@pytest.mark.parametrize(("task", "log"), CASES)
def test_the_archive_tests_itself(task: str, log: bool) -> None:
    """The raw rows in it come back with the build's predictions; a changed one is found."""
    service = served(task, log=log)
    parity = service.check_parity()
    assert (parity.rows, parity.compared, parity.exact, parity.holds) == (PARITY_ROWS, 2 * PARITY_ROWS, True, True)
    files = unpack(packed(task, log=log))
    told = json.loads(files["parity.json"])
    told["rows"][3]["income"] = 4_000.0 if told["rows"][3]["income"] != 4_000.0 else 1.0
    changed = Service.load(pack(files | {"parity.json": json.dumps(told).encode()}, compress=True)).check_parity()
    assert not changed.holds
    assert changed.differing["baseline"] == [3]
    told["rows"][3]["age"] = 5
    refused = Service.load(pack(files | {"parity.json": json.dumps(told).encode()}, compress=True)).check_parity()
    assert refused.largest == np.inf


@pytest.mark.parametrize(("task", "log"), CASES)
def test_answers_are_in_the_users_terms(task: str, log: bool) -> None:
    """Original scale, labels, interval, decision and its cost, each worked out again from the prediction."""
    service, table = served(task, log=log), defined(task, log=log).table
    rows = rows_of(task)
    results = service.answer(columns_of(rows), len(rows)).results
    expected = fits(task, log=log)["strong"].prediction[table.tested]
    kind = table.target
    for place, (result, prediction) in enumerate(zip(results, expected, strict=True)):
        if "probabilities" in kind.can and "event" not in kind.can:
            assert result["prediction"] == service.schema["labels"][int(np.argmax(prediction))], place
            assert list(result["probabilities"].values()) == prediction.tolist()
            continue
        value = float(np.exp(prediction)) if log else float(prediction)
        assert result["prediction"] == pytest.approx(value, rel=1e-15)
        if "intervals" in kind.can:
            assert result["interval"]["low"] < value < result["interval"]["high"]
            low, high = result["interval"]["low"], result["interval"]["high"]
            assert (high / value == pytest.approx(value / low)) if log else (high - value == pytest.approx(value - low))
        if "costs" in kind.can:
            assert result["decision"] == {"act": value >= 0.1, "threshold": 0.1}
            assert result["expected_cost"] == pytest.approx((1 - value) * 5 if value >= 0.1 else value * 50)


def test_intervals_hold_the_share_of_test_rows_that_they_quote() -> None:
    """The coverage in an answer is that of the same intervals on the test rows."""
    task = next(name for name in APART if "intervals" in TARGETS[name].can)
    service, table = served(task), defined(task).table
    rows, truth = rows_of(task), table.y[table.tested]
    results = service.answer(columns_of(rows), len(rows)).results
    inside = [one["interval"]["low"] <= y <= one["interval"]["high"] for one, y in zip(results, truth, strict=True)]
    assert results[0]["interval"]["coverage"] == pytest.approx(np.mean(inside))


def test_a_bad_row_costs_one_row() -> None:
    """The others are answered as without it, in their order."""
    service, rows = served("binary"), rows_of("binary")[:5]
    alone = service.answer(columns_of(rows), 5).results
    spoilt = [*rows[:2], {**rows[0], "age": "old"}, {}, *rows[2:]]
    results = service.answer(columns_of(spoilt), 7).results
    assert [results[place] for place in (0, 1, 4, 5, 6)] == alone
    assert results[2]["error"]["field"] == "age"
    assert "old" not in json.dumps(results[2])
    assert "old" in json.dumps(service.answer(columns_of(spoilt), 7, echo=True).results[2])
    assert results[3]["error"]["found"] == "no value"


def test_decisions_cost_what_elkan_says() -> None:
    """Acting on a probability costs a false alarm with the rest of it, leaving it a miss with all of it."""
    terms = Terms(threshold=0.25, costs=Costs(10, 30))
    answers = terms.answers(np.array([0.0, 0.2, 0.25, 1.0]))
    assert [one["decision"]["act"] for one in answers if one["decision"]] == [False, False, True, True]
    assert [one["expected_cost"] for one in answers] == pytest.approx([0, 6, 7.5, 0])


def test_equal_builds_give_equal_bytes() -> None:
    """Packing twice changes nothing."""
    first = packed("binary")
    packed.cache_clear()
    assert packed("binary") == first


@pytest.mark.parametrize(
    "content", [b"", b"PK", pack({"a": b""}, compress=True), pack({"service.json": b"[]"}, compress=True),
                pack({"service.json": b'{"format": "other"}'}, compress=True),
                pack({"service.json": b'{"format": "sevenfold service 1"}'}, compress=True)],
)  # fmt: skip
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    """With what is allowed, and what to do."""
    with pytest.raises(InputError) as caught:
        Service.load(content)
    assert "dvc repro" in str(caught.value)


def test_a_service_without_one_of_its_files_is_refused() -> None:
    """Whichever is gone."""
    files = unpack(packed("binary"))
    for name in set(files) - OPTIONAL:
        with pytest.raises(InputError):
            Service.load(pack({other: content for other, content in files.items() if other != name}, compress=True))
