"""Texts as numbers, from the project file to the table that later steps read."""

import hashlib
import importlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import PACKAGE, environment, free_port, make_wheel
from toy_encoder import WORDS, toy_encoder, toy_model, toy_tokenizer
from toy_project import of_metric, project_text

from flows.reading.raw import read_raw
from flows.repository.earlier import load_model
from flows.repository.projects import load_project
from flows.repository.tables import load_table
from pipelines.core.errors import InputError
from pipelines.core.submit import run_now
from pipelines.encode import encode
from pipelines.facts.schema import load_schema
from pipelines.texts.saved import load
from pipelines.texts.words import Words

FILES = {"model": ("toy/net.onnx", toy_model()), "tokenizer": ("toy/words.json", toy_tokenizer())}
COLUMNS = """\
late = { type = "integer", allowed = [0, 1] }
amount = { type = "number" }
note = { type = "text", missing = 0.1, encoder = "minilm" }
remark = { type = "text" }"""


def notes(rows: int = 400) -> pd.DataFrame:
    """Return orders with two columns of text, of which one says something."""
    rng = np.random.default_rng(4)
    known = [word for word in WORDS if not word.startswith("##")]
    note = [" ".join(rng.choice(known, 6)) + f" {rng.choice(list('abcdefgh'))}{row % 83:02d}" for row in range(rows)]
    late = np.array([float("bad" in one) for one in note])
    remark = [f"call {rng.choice(['him', 'her', 'them'])} at door {row % 97} soon {row % 89}" for row in range(rows)]
    table = {"late": late.astype(int), "amount": rng.normal(size=rows).round(3), "note": note, "remark": remark}
    frame = pd.DataFrame(table)
    frame.loc[3, "note"] = None
    return frame


def declared(role: str, *, sha256: str | None = None) -> str:
    """Return the lines of one of the encoder's files, a member of the test's wheel."""
    member, content = FILES[role]
    digest = sha256 or hashlib.sha256(content).hexdigest()
    return f'[[source]]\nrole = "{role}"\npackage = "{PACKAGE}==1.0"\nmember = "{member}"\nsha256 = "{digest}"\n'


def text_of_project(*files: str, columns: str = COLUMNS, where: str = "") -> str:
    """Return the project file with further files of [[source]]."""
    text = project_text(
        target="late", columns=columns, split='kind = "random"\nseed = 7', metric=of_metric("roc_auc", 0.005),
        source=f'file = "data/raw/orders.csv"\n{where}',
    )  # fmt: skip
    before, after = text.split("[source]\n")
    table, rest = after.split("[columns]\n")
    return f"{before}[[source]]\n{table}{''.join(files)}[columns]\n{rest}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the project `orders`, of which the steps before `metric` have run."""
    root = tmp_path_factory.mktemp("orders")
    (root / "projects").mkdir()
    (root / "data" / "raw").mkdir(parents=True)
    notes().to_csv(root / "data" / "raw" / "orders.csv", index=False)
    (root / "projects" / "orders.toml").write_text(text_of_project(*map(declared, FILES)), encoding="utf-8")
    make_wheel(root / "wheels", dict(FILES.values()))
    with pytest.MonkeyPatch.context() as patch:
        enter(root, patch)
        run("define", "encoder", "encode")
    return root


@pytest.fixture(autouse=True)
def _orders(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of it as the working directory."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    enter(tmp_path, monkeypatch)


def enter(root: Path, patch: pytest.MonkeyPatch) -> None:
    """Make a repository the working directory, with pip asking its wheels only."""
    patch.chdir(root)
    for name, value in environment(root / "wheels", free_port()).items():
        if name.startswith("PIP_"):
            patch.setenv(name, value)


def declare(text: str) -> None:
    """Write another project file."""
    Path("projects/orders.toml").write_text(text, encoding="utf-8")


def run(*steps: str) -> Mapping[str, object]:
    """Run steps of the project; return what the last one returns."""
    return [importlib.import_module(f"flows.steps.{step}").run("orders", run_now) for step in steps][-1]


def test_later_steps_read_the_table_with_the_texts_as_numbers() -> None:
    """Its rows and columns are those of step 1, in their order, and behind them what was made of the texts."""
    facts = json.loads(Path("reports/orders/facts/encode.json").read_text(encoding="utf-8"))

    table = load_table(load_project("orders"))

    plain = pd.read_parquet("data/orders/table.parquet")
    pd.testing.assert_frame_equal(table.frame[plain.columns], plain)
    assert list(table.frame.columns[: len(plain.columns)]) == list(plain.columns)
    assert table.texts == ["note", "remark"]
    assert {name.split(" ")[0] for name in table.encoded} == {"note", "remark"}
    assert table.embedded == [f"note [{number}]" for number in range(5)]
    assert not [name for name in table.features if "topic" in name or "[" in name]
    encoder = toy_encoder()
    expected = encoder.embed(plain["note"].tolist()).astype(np.float16)
    assert table.frame[table.embedded].to_numpy().tobytes() == expected.tobytes()
    assert facts["left_out"] is not None
    assert "'remark'" in str(facts["left_out"])


def test_raw_text_becomes_the_same_numbers_again() -> None:
    """What was learned is archived: of the texts of the table it makes the columns of the table."""
    frame = pd.read_parquet("data/orders/encoded/table.parquet")

    learned = load(Path("models/orders/texts.zip").read_bytes(), toy_encoder())

    for name in ("note", "remark"):
        made = learned[name].columns(frame[name])
        pd.testing.assert_frame_equal(frame[made.columns], made, check_exact=True)


def test_facts_say_what_was_read() -> None:
    """Counts of texts, words and pieces are those of a count by hand; the file follows its schema."""
    from jsonschema import Draft202012Validator

    facts = json.loads(Path("reports/orders/facts/encode.json").read_text(encoding="utf-8"))
    texts = pd.read_parquet("data/orders/table.parquet")["note"]

    Draft202012Validator(load_schema("encode")).validate(facts)
    note, remark = facts["columns"]
    read = note["meaning"]["read"]
    assert (note["texts"], note["empty"]) == (399, 1)
    assert read["pieces"] == 399 * 7  # the code at each text's end is one unknown piece
    assert read["unknown"] == 399
    assert read["pieces_per_word"] == pytest.approx(1.0)
    assert (read["cut"], read["cut_share"]) == (0, 0)
    assert sum(Words.of(texts).counts) == 399 * 7
    assert remark["meaning"] is None
    assert facts["encoder"]["model_sha256"] == hashlib.sha256(toy_model()).hexdigest()


def test_bytes_do_not_depend_on_the_pieces_of_work() -> None:
    """Encoded as one piece, or text by text, the table and the archive are the same."""
    import pipelines.encode

    whole = [Path(name).read_bytes() for name in ("data/orders/encoded/table.parquet", "models/orders/texts.zip")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipelines.encode, "TEXTS", 7)
        run("encode")

    assert [
        Path(name).read_bytes() for name in ("data/orders/encoded/table.parquet", "models/orders/texts.zip")
    ] == whole


def test_without_an_encoder_no_meaning_is_made() -> None:
    """The folder of the encoder holds none, and the facts say what is left out."""
    declare(text_of_project(columns=COLUMNS.replace(', encoder = "minilm"', "")))

    facts = run("define", "encoder", "encode")

    assert facts["encoder"] is None
    assert "'note' and 'remark'" in str(facts["left_out"])
    assert [path.name for path in Path("data/orders/encoder").iterdir()] == ["encoder.json"]
    assert load_table(load_project("orders")).embedded == []


def test_texts_used_as_numbers_alone_are_not_encoded() -> None:
    """Where no column's words are used there is nothing to encode: the list in dvc.yaml is wrong."""
    text = text_of_project(
        columns=COLUMNS.replace(', encoder = "minilm"', "").replace('"text"', '"text", use = "numbers"')
    )
    Path("projects/orders.toml").write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="no texts to encode") as caught:
        run("define", "encode")

    assert "table: data/orders/table.parquet" in str(caught.value)
    assert load_table(load_project("orders")).encoded == []


def test_the_encoders_files_may_be_the_users_own() -> None:
    """A file in the repository with the declared sha256 is taken; another one is refused, and the first stays."""
    for role, name in (("model", "net.onnx"), ("tokenizer", "words.json")):
        Path("data/raw", name).write_bytes(FILES[role][1])
    own = []
    for role, name in (("model", "net.onnx"), ("tokenizer", "words.json")):
        digest = hashlib.sha256(FILES[role][1]).hexdigest()
        own.append(f'[[source]]\nrole = "{role}"\nfile = "data/raw/{name}"\nsha256 = "{digest}"\n')
    declare(text_of_project(*own))

    run("encoder")

    assert Path("data/orders/encoder/model.onnx").read_bytes() == toy_model()
    Path("data/raw/net.onnx").write_bytes(b"another")
    with pytest.raises(InputError, match=r"data/raw/net.onnx has sha256"):
        run("encoder")
    assert Path("data/orders/encoder/model.onnx").read_bytes() == toy_model()
    Path("data/raw/net.onnx").unlink()
    with pytest.raises(InputError, match="the encoder's file is not there"):
        run("encoder")


def test_a_file_of_another_sha256_is_refused() -> None:
    """The message names the role, and what was there stays."""
    declare(text_of_project(declared("model", sha256="0" * 64), declared("tokenizer")))

    with pytest.raises(InputError, match="has sha256") as caught:
        run("encoder")

    assert 'role "model" in projects/orders.toml' in str(caught.value)
    assert Path("data/orders/encoder/model.onnx").read_bytes() == toy_model()


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_files_that_are_not_those_declared_are_not_run(damage: str) -> None:
    """An encoder's file that is lost or was changed since is an error with the command that brings it back."""
    path = Path("data/orders/encoder/model.onnx")
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(toy_model()[:-1] + b"\x0e")

    with pytest.raises(InputError, match="encoder@orders"):
        run("encode")


def test_a_column_with_the_name_of_one_that_is_made_is_refused() -> None:
    """Both would stand in the table."""
    frame = pd.read_parquet("data/orders/table.parquet").assign(**{"note (topic 1)": 0.0})

    with pytest.raises(InputError, match=r"'note \(topic 1\)'"):
        encode(frame, {"note": "none"}, load_project("orders"), None, run_now)


def test_only_models_that_dvc_recorded_are_read() -> None:
    """What was learned of texts is held against dvc.lock, as models are."""
    with pytest.raises(InputError, match="encode@orders"):
        load_model("orders", "texts")


def test_rows_that_meet_no_condition_are_not_read() -> None:
    """Conditions are applied one after the other, and the facts count what each leaves out."""
    raw = notes()
    text = text_of_project(
        *map(declared, FILES), where='where = ["amount > -1", "remark != call him at door 4 soon 4"]'
    )
    Path("projects/orders.toml").write_text(text, encoding="utf-8")

    facts = run("define")

    above = raw["amount"] > -1
    named = raw["remark"] == "call him at door 4 soon 4"
    assert facts["rows"] == int((above & ~named).sum())
    source = facts["source"]
    assert isinstance(source, dict)
    assert source["left_out"] == [
        {"condition": "amount > -1", "rows": int((~above).sum())},
        {"condition": "remark != call him at door 4 soon 4", "rows": int((above & named).sum())},
    ]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("amuont > 0", "did you mean 'amount'?"),
        ("amount > much", "compares a column of numbers with 'much'"),
        ("note > good", "compares a column of text by size"),
        ("amount > 1000", "no row is left of 400 (not amount > 1000: 400)"),
    ],
)
def test_conditions_that_fit_no_row_are_refused(condition: str, found: str) -> None:
    """A column that is not there, a value of another kind, and a condition that nothing meets."""
    declare(text_of_project(*map(declared, FILES), where=f'where = ["{condition}"]'))

    with pytest.raises(InputError) as caught:
        read_raw(Path("data/raw/orders.csv"), load_project("orders"))

    assert found in str(caught.value)
    assert "source.where" in str(caught.value)
