"""Groups, served: each row gets the group that the build's model gives it, over HTTP too, or a reason why not."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from serving_http import options_in, repacked, serving, until
from toy_service_groups import (
    KINDS,
    Kind,
    client_rows,
    facts_of,
    grouped_models,
    grouped_predictions,
    grouped_project,
    grouped_raw,
    packed_groups,
    served_groups,
    table_of,
)

from pipelines.core.errors import InputError
from pipelines.models.saving.zip import pack, unpack
from pipelines.serving.groups import GroupedService
from pipelines.serving.groups_archive import pack_groups
from pipelines.serving.kinds import load_service
from pipelines.serving.service import Service, columns_of
from pipelines.targets.arrays import Floats
from pipelines.targets.groups import BACK

MODELS = ("strong", "baseline")


def _scored(kind: Kind) -> bool:
    return "no outcome" not in kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_test_row_gets_the_builds_group_over_http(kind: Kind, tmp_path: Path) -> None:
    """Bit by bit, alone and in company: the group, how surely, the mean outcome, by models that are made again."""
    table, rows = table_of(kind), client_rows(kind)
    x = table.x[table.tested]
    with serving(options_in(tmp_path, packed_groups(kind))) as server:
        for name in MODELS:
            model = grouped_models(kind)[name]
            results = server.predict(*rows, query=f"?model={name}")
            alone = [server.predict(row, query=f"?model={name}")[0] for row in rows[:9]]
            groups, belonging = model.groups(x), model.belonging(x)

            assert len(results) == len(x) > 40
            assert [one["group"]["number"] for one in results] == (groups + 1).tolist()
            assert {one["group"]["of"] for one in results} == {model.gaussians.groups}
            sure = belonging[np.arange(len(x)), groups]
            assert np.allclose([one["group"]["sure"] for one in results], sure, rtol=1e-11, atol=0)
            assert alone == results[:9]
            if _scored(kind):
                expected = BACK[grouped_project(kind).problem.outcome_scale](model.predict(x))
                assert [one["prediction"] for one in results] == expected.tolist()
            else:
                assert [one["prediction"] for one in results] == (groups + 1).tolist()
                assert [list(one["probabilities"].values()) for one in results] == pytest.approx(belonging)


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_group_is_the_likeliest_of_the_others(kind: Kind) -> None:
    """By the groups' Gaussians; none where there is one group alone."""
    table, rows = table_of(kind), client_rows(kind)
    x = table.x[table.tested]
    for name in MODELS:
        model = grouped_models(kind)[name]
        results = served_groups(kind).answer(columns_of(rows), len(rows), model=name).results
        others = model.belonging(x)
        others[np.arange(len(x)), model.groups(x)] = -1
        following = others.argmax(axis=1) + 1 if others.shape[1] > 1 else [None] * len(x)
        assert [one["group"]["next"] for one in results] == list(following)


def test_a_row_of_an_entity_has_the_columns_that_were_made() -> None:
    """With their units and titles, whole numbers and ends as what is taken has them; no line of the file is one."""
    service = served_groups("entities")
    assert service.contract.names == ["recency", "money", "dearest"]
    schema = service.contract.schema()["properties"]
    assert schema["money"]["title"] == "money spent"
    assert schema["money"]["description"] == "money spent, in CHF: number, in CHF, never missing"
    assert schema["recency"]["minimum"] == 0
    below = service.answer(columns_of([{"recency": -1, "money": 10.0, "dearest": 3.1}]), 1).results[0]["error"]
    assert (below["found"], below["do"]) == ("below 0", "correct the value: no lines give such a one")
    told = service.answer({"customer": ["c001"], "units": [3], "recency": [5], "money": [10.0], "dearest": [3.1]}, 1)
    assert told.ignored == ["customer", "units"]
    assert "group" in told.results[0]


def test_made_numbers_are_what_one_would_write() -> None:
    """No cell of a client has the digits by which sums differ between processors, and each comes back the same."""
    table, rows = table_of("entities"), client_rows("entities")
    written = [str(row["money"]) for row in rows]
    assert max(map(len, written)) <= len("1234.56")
    read = served_groups("entities").contract.read(columns_of(rows), len(rows))
    assert read.frame["money"].tolist() == table.frame["money"][table.tested].tolist()


def test_what_describes_groups_or_scores_them_is_not_asked_for() -> None:
    """It may be there, and is ignored."""
    service = served_groups("rows")
    assert service.contract.names == ["size", "weight", "visits"]
    row = client_rows("rows")[0]
    told = service.answer({name: [cell] for name, cell in {**row, "land": "AT", "spent": -5}.items()}, 1)
    assert told.ignored == ["land", "spent"]
    assert service.contract.undeclared({"land": [], "spent": [], "more": []}) == ["more"]


@pytest.mark.parametrize(
    ("cells", "field", "found"),
    [
        ({"size": None}, "size", "no value"),
        ({"size": "big"}, "size", "not a number"),
        ({"visits": 1.5}, "visits", "not a whole number"),
        ({"weight": [1]}, "weight", "a list or an object"),
    ],
)
def test_a_bad_row_costs_itself(cells: dict[str, Any], field: str, found: str) -> None:
    """The reason names the field; the other rows have their groups."""
    row, other = client_rows("rows")[:2]
    results = served_groups("rows").answer(columns_of([{**row, **cells}, other]), 2).results
    assert results[0]["error"]["field"] == field
    assert results[0]["error"]["found"].startswith(found)
    assert results[1] == served_groups("rows").answer(columns_of([other]), 1).results[0]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_too_far_off_are_in_no_group(kind: Kind, tmp_path: Path) -> None:
    """No number is made up, and nothing fails; a row beyond all training rows has a note."""
    row = client_rows(kind)[0]
    name = list(row)[1]
    with serving(options_in(tmp_path, packed_groups(kind))) as server:
        for value in (1e308, -1e308, 1e200):
            (result,) = server.predict({**row, name: value}, query="?why=true")
            shown = result.get("error") or result["notes"]
            assert shown, result
        (far,) = server.predict({**row, name: 4e4})
        assert any("sparser" in note for note in far["notes"])
        assert any("above all training rows" in note for note in far["notes"])
        assert far["group"]["of"] >= 1


def test_why_names_columns_whose_values_speak_for_the_group() -> None:
    """Moving one to the other group's mean takes that many nats; a value is repeated only where that is asked for."""
    service, rows = served_groups("rows"), client_rows("rows")
    read = service.contract.read(columns_of(rows), len(rows))
    reasons = service.reasons(read, np.empty(0), "strong")
    model = grouped_models("rows")["strong"]
    values, _ = model.scaled(table_of("rows").x[table_of("rows").tested])
    for place, reason in enumerate(reasons):
        own, other = reason["group"] - 1, reason["next"] - 1
        for one in reason["features"]:
            column = model.features.index(one["feature"])
            moved = values[[place]].copy()
            moved[0, column] = model.gaussians.means[other, column]
            before, after = (model.gaussians.joint(each)[0] for each in (values[[place]], moved))
            assert one["effect"] == pytest.approx((before[own] - before[other]) - (after[own] - after[other]))
            assert "value" not in one
        sizes = [abs(one["effect"]) for one in reason["features"]]
        assert sizes == sorted(sizes, reverse=True)
    first = next(one for one in reasons if one["features"] and one["features"][0]["effect"] > 0)
    assert first["text"].startswith(f"Group {first['group']} and not group {first['next']}, the next likeliest. For it")
    assert all("value" in one for one in service.reasons(read, np.empty(0), "strong", echo=True)[0]["features"])


def test_quantiles_are_a_reason_of_their_own() -> None:
    """One column decides, so no other is named; its ends are those between which the rows lie."""
    service, rows = served_groups("rows"), client_rows("rows")
    read = service.contract.read(columns_of(rows), len(rows))
    for row, reason in zip(rows, service.reasons(read, np.empty(0), "baseline"), strict=True):
        low, high = reason["by"]["low"], reason["by"]["high"]
        assert low is None or row["size"] >= low
        assert high is None or row["size"] < high
        assert reason["features"] == []
        assert "quantiles of size alone" in reason["text"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("rows", "a gradient and no groups: the 4 groups served are a cut through one crowd and no natural kinds."),
        ("rows, no outcome", "neither groups nor a gradient: one group is served"),
        (
            "entities",
            "groups, at least 2: rows left out confirm the valleys between them. The 5 groups served are more",
        ),
    ],
)
def test_about_says_the_verdict(kind: Kind, words: str, tmp_path: Path) -> None:
    """In words, beside what is served."""
    with serving(options_in(tmp_path, packed_groups(kind))) as server:
        about = server.get("/about")
        assert words in about["groups"]["words"]
        assert about["parity"] == {
            "holds": True, "exact": True, "rows": 20, "compared": 40, "differing": {"strong": [], "baseline": []},
            "largest": 0.0,
        }  # fmt: skip
        assert server.get("/ready")["ready"] is True
        if kind == "rows":
            assert about["title"] == "spent, mean of the group's logarithms, turned back"
        assert about["target"] == (grouped_project(kind).problem.outcome or None)
        assert about["drift"] is None


def test_truths_of_an_outcome_are_held_against_the_promise(tmp_path: Path) -> None:
    """The score promised is that of the groups served on the test rows; so is the score so far of these rows."""
    kind: Kind = "rows"
    table, rows = table_of(kind), client_rows(kind)
    truths = grouped_raw(kind)["spent"].to_numpy()[table.frame["row_id"][table.tested]]
    y, predicted = table.y[table.tested], grouped_models(kind)["strong"].predict(table.x[table.tested])
    r2 = 1 - np.square(y - predicted).sum() / np.square(y - y.mean()).sum()
    with serving(options_in(tmp_path, packed_groups(kind))) as server:
        _, said = server.ask("/predict", {"rows": rows})
        items = [{"request_id": said["request_id"], "row": place, "truth": truth} for place, truth in enumerate(truths)]
        items[0]["truth"] = -3.0
        results = server.ask("/feedback", {"feedback": items})[1]["results"]
        assert results[0]["error"]["found"] == "a value that the target cannot have"
        items[0]["truth"] = truths[0]
        assert server.ask("/feedback", {"feedback": items[:1]})[1]["results"] == [{"kept": True}]
        promise = server.get("/promise")
    assert promise["promised"] == pytest.approx(r2)
    assert promise["promised_ci"][0] < r2 < promise["promised_ci"][1]
    assert promise["score"] == pytest.approx(r2)
    assert promise["rows"] == len(rows)
    assert promise["verdict"] == "too early"


def test_without_an_outcome_feedback_is_refused_and_nothing_is_promised(tmp_path: Path) -> None:
    """Plainly, whatever is sent; the metrics go on."""
    with serving(options_in(tmp_path, packed_groups("rows, no outcome"))) as server:
        request = server.ask("/predict", {"rows": client_rows("rows, no outcome")[:1]})[1]["request_id"]
        bodies: tuple[dict[str, list[Any]], ...] = (
            {"feedback": [{"request_id": request, "row": 0, "truth": 1.0}]},
            {"feedback": []},
        )
        for body in bodies:
            status, said = server.ask("/feedback", body)
            assert status == 422
            assert "no outcome" in said["error"]["found"]
        promise = server.get("/promise")
        assert promise["verdict"] == "no outcome"
        assert promise["words"][0].startswith("No outcome: ")
        assert promise["models"]["baseline"]["promised"] is None
        assert server.client.ask("GET", "/metrics")[0] == 200


@pytest.mark.parametrize("kind", KINDS)
def test_rows_like_the_build_are_no_drift_and_rows_elsewhere_are(kind: Kind, tmp_path: Path) -> None:
    """Shares of groups and densities are counted with the columns: rows that lie where none lay are outside."""
    rows = client_rows(kind, tested=False) * 3
    name = list(rows[0])[1]
    with serving(options_in(tmp_path, packed_groups(kind))) as server:
        server.predict(*rows)
        until(lambda: server.get("/about")["drift"] is not None and server.get("/drift")["judged"] >= 500)
        usual = server.get("/drift")
        server.predict(*[{**row, name: 1e4} for row in rows * 3])
        until(lambda: server.get("/drift")["judged"] >= 2_000)
        moved = server.get("/drift")
    assert usual["verdict"] in ("none", "watch")
    assert usual["outside"] < 0.05
    assert usual["causes"] == []
    assert moved["verdict"] in ("watch", "alarm")
    assert moved["outside"] > 0.5
    assert "log density, by the strong model" in {one["feature"] for one in moved["outside_where"]}
    assert any("Assumed" in one for one in moved["words"]) == _scored(kind)


def test_an_archive_whose_rows_come_back_otherwise_is_not_ready(tmp_path: Path) -> None:
    """Another group of one row, or another share of belonging, is enough."""

    def other(told: dict[str, Any]) -> dict[str, Any]:
        told["predictions"]["strong"][3][1] += 1
        return told

    def less_sure(told: dict[str, Any]) -> dict[str, Any]:
        told["predictions"]["baseline"][0][3] += 1e-3
        return told

    for place, change in enumerate((other, less_sure)):
        folder = tmp_path / str(place)
        folder.mkdir()
        content = repacked(packed_groups("rows"), parity=change)
        with serving(options_in(folder, content), wait=False) as server:
            until(lambda: "come back otherwise" in str(server.ask("/ready")[1].get("why")))
            assert server.ask("/predict", {"rows": client_rows("rows")[:1]})[0] == 503


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("service.json", lambda said: said | {"rows": "apart"}),
        ("service.json", lambda said: said | {"rows": "series"}),
        ("service.json", lambda said: {key: one for key, one in said.items() if key != "rows"}),
        ("service.json", lambda said: said | {"fields": []}),
        ("service.json", lambda said: said | {"project": said["project"] | {"clusters": {}}}),
    ],
)
def test_a_manipulated_archive_is_refused(file: str, change: Any) -> None:  # noqa: ANN401 - a function
    """As bytes that are no archive of groups."""
    files = unpack(packed_groups("rows"))
    files[file] = json.dumps(change(json.loads(files[file]))).encode()
    with pytest.raises(InputError):
        load_service(pack(files, compress=True))


@pytest.mark.parametrize("model", MODELS)
def test_a_manipulated_model_is_refused(model: str) -> None:
    """One whose labels are of no group, that is missing, or that is the model of a fold."""
    files = unpack(packed_groups("rows"))
    inner = unpack(files[f"{model}.zip"])
    wrong = json.loads(inner["fold_-1/groups.json"]) | {"by": 17}
    fold = json.loads(inner["schema.json"]) | {"folds": [0]}
    renamed = {name.replace("fold_-1", "fold_0"): one for name, one in inner.items()}
    changed = [
        inner | {"fold_-1/groups.json": json.dumps(wrong).encode()},
        renamed | {"schema.json": json.dumps(fold).encode()},
        {name: one for name, one in inner.items() if not name.endswith("groups.npz")},
    ]
    for one in changed:
        with pytest.raises(InputError):
            load_service(pack(files | {f"{model}.zip": pack(one, compress=True)}, compress=True))


def test_archives_are_told_apart() -> None:
    """Groups are no service of rows apart, and equal builds give equal bytes."""
    assert type(load_service(packed_groups("entities"))) is GroupedService
    with pytest.raises(InputError):
        Service.load(packed_groups("entities"))
    assert _packed(facts_of("rows"), grouped_predictions("rows")) == packed_groups("rows")


def test_groups_that_the_report_does_not_describe_are_not_packed() -> None:
    """Where another number of rows is in a group, steps are of different builds."""
    facts = facts_of("rows")
    facts["reflect"]["groups"]["profiles"][0]["rows"] -= 1
    with pytest.raises(InputError, match="step 7"):
        _packed(facts, grouped_predictions("rows"))


def test_groups_that_were_not_scored_are_not_packed() -> None:
    """One test row for which step 6 scored another prediction is enough; training rows are predicted by others."""
    table, made = table_of("rows"), grouped_predictions("rows")
    moved = {name: np.where(table.trained, one + 1, one) for name, one in made.items()}
    assert _packed(facts_of("rows"), moved) == packed_groups("rows")
    moved["baseline"][np.flatnonzero(table.tested)[3]] += 1e-9
    with pytest.raises(InputError, match=r"step 6 in 1 of .* test rows"):
        _packed(facts_of("rows"), moved)


def _packed(facts: Any, predictions: Mapping[str, Floats]) -> bytes:  # noqa: ANN401 - of several steps, cut short
    return pack_groups(grouped_raw("rows"), table_of("rows"), grouped_project("rows"), facts, predictions)
