"""Fitted models are loaded only if DVC recorded them, only if the archive is one of ours, and without any pickle."""

import io
import json
import os
import pickle
import stat
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from hostile import ANSI, HEADING
from recorded_models import record_models
from test_models_archive import archived
from toy_table import OF_ROWS

from flows.repository.earlier import load_model
from pipelines.core.errors import InputError
from pipelines.models.families import FAMILIES
from pipelines.models.saving import archive
from pipelines.models.saving.zip import pack, unpack

MODEL = Path("models/shop/strong.zip")
CONTENT = pack({"schema.json": b"{}", "fold_0/model.txt": b"tree"}, compress=True)
LOADING = """
import sys
sys.path.insert(0, "tests")
from test_models_archive import FAMILIES, archived
from toy_table import OF_ROWS
from pipelines.models.saving.archive import load
contents = [archived(family) for family in OF_ROWS]
found = []
sys.addaudithook(lambda event, arguments: found.append(arguments) if event == "pickle.find_class" else None)
folds = [len(load(content).folds) for content in contents]
before = len(found)
import pickle
pickle.loads(b"cbuiltins\\nlen\\n.")
print(len(folds), sum(folds), before, len(found))
"""


@pytest.fixture(autouse=True)
def _models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with the models of one step, as DVC recorded them; parameters try to look like another record."""
    monkeypatch.chdir(tmp_path)
    keep(CONTENT)


def keep(content: bytes) -> None:
    """Make these bytes the models of the step, and what DVC recorded of it."""
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    MODEL.write_bytes(content)
    fake = f"x\n\n  strong@shop:\n    outs:\n    - path: {MODEL}\n      md5: {'0' * 32}\n"
    record_models("shop", question=fake, decision=[HEADING, ANSI, fake], unit=fake.replace("\n", "\r\n"))


def test_recorded_models_are_loaded() -> None:
    """The bytes are those of the file."""
    assert load_model("shop", "strong") == CONTENT


def test_reading_the_record_takes_little_time() -> None:
    """In a file of a hundred projects the entry is found in less than the seventh of a second that was allowed."""
    own = Path("dvc.lock").read_text(encoding="utf-8")
    stage = own[own.index("  strong@shop:") :]
    others = [stage.replace("shop", f"shop_{number}") * 10 for number in range(100)]
    Path("dvc.lock").write_text(own + "".join(others), encoding="utf-8")
    code = (
        "import time; from flows.repository.earlier import load_model; started = time.process_time(); "
        "load_model('shop', 'strong'); print(time.process_time() - started)"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.15


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: MODEL.write_bytes(CONTENT + b"x"), "which DVC did not record"),
        (lambda lock: lock.unlink(), "DVC has no record"),
        (lambda lock: lock.write_text(lock.read_text().replace("strong@", "baseline@")), "DVC has no record"),
        (lambda lock: lock.write_text(lock.read_text().replace("strong.zip", "other.zip")), "DVC has no record"),
        (lambda lock: lock.write_text("stages: {}\n"), "DVC has no record"),
        (lambda lock: lock.write_text("schema: '2.0'\nstages:\n  strong@shop:\n    cmd: a\n"), "cannot be read"),
        (lambda lock: lock.write_text("stages:\n  strong@shop:\n    outs: [\n<<<<<<< mine\n"), "cannot be read"),
    ],
)
def test_other_models_are_refused(change, said: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Changed models, and models without a record, are refused with the command that makes them anew."""
    change(Path("dvc.lock"))
    with pytest.raises(InputError, match=said) as raised:
        load_model("shop", "strong")
    assert "`dvc repro" in raised.value.todo
    assert "strong@shop" in raised.value.todo


def test_a_record_that_points_elsewhere_is_followed() -> None:
    """YAML writes equal parts once and points to them from elsewhere: then the whole file is read."""
    lock = Path("dvc.lock")
    text = lock.read_text(encoding="utf-8")
    pointing = text.replace("schema: '2.0'", "schema: &same '2.0'").replace("hash: md5", "hash: *same")
    assert pointing.count("same") == 2
    lock.write_text(pointing, encoding="utf-8")
    assert load_model("shop", "strong") == CONTENT


def member(name: str, content: bytes = b"x", mode: int = stat.S_IFREG | 0o600) -> bytes:
    """Return an archive with one member that is not ours."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        entry = zipfile.ZipInfo(name)
        entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
        zipped.writestr("schema.json", b"{}")
        with warnings.catch_warnings(action="ignore"):  # of a name that is there already
            zipped.writestr(entry, content)
    return buffer.getvalue()


def bomb() -> bytes:
    """Return an archive that unpacks to far more than its size."""
    return member("bomb", bytes(80 << 20))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (member("/etc/passwd"), "outside"),
        (member("../../outside"), "outside"),
        (member("fold_0/../../outside"), "outside"),
        (member("fold_0\\..\\outside"), "outside"),
        (member("C:/outside"), "outside"),
        (member("link", b"/etc/passwd", stat.S_IFLNK | 0o777), "no plain file"),
        (member("pipe", b"", stat.S_IFIFO | 0o600), "no plain file"),
        (member("folder/"), "no plain file"),
        (member("schema.json"), "two members"),
        (bomb, "unpacks to 83,886,082"),
        (b"no archive", "damaged"),
    ],
)
def test_archives_that_are_not_ours_are_refused(content: bytes | Callable[[], bytes], said: str) -> None:
    """Even where DVC recorded them: names that lead out of the archive, links, folders, doubles, bombs."""
    keep(content() if callable(content) else content)
    with pytest.raises(InputError, match=said):
        load_model("shop", "strong")


class Payload:
    """What runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        """Say how to make it again."""
        return os.system, ("touch executed",)


def pickled(payload: object) -> bytes:
    """Return an array of objects as numpy writes it, with a pickle inside."""
    buffer = io.BytesIO()
    np.save(buffer, np.array([payload], dtype=object), allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize("family", [name for name in OF_ROWS if FAMILIES[name].libraries])
@pytest.mark.parametrize("place", ["model", "inside", "beside"])
def test_a_planted_pickle_is_not_executed(family: str, place: str) -> None:
    """In place of a model, in place of an array within one, or beside it: loading raises, or takes no notice."""
    files = unpack(archived(family))
    model = next(name for name in files if name.startswith("fold_0/model."))
    if place == "model":
        files[model] = pickle.dumps(Payload())
    elif place == "inside" and model.endswith(".skops"):
        inner = unpack(files[model])
        array = next(name for name in inner if name.endswith(".npy"))
        files[model] = pack(inner | {array: pickled(Payload())}, compress=False)
    else:
        files |= {"fold_0/model.pkl": pickle.dumps(Payload()), "fold_0/state.npy": pickled(Payload())}
    content = pack(files, compress=True)
    if place == "beside" or (place == "inside" and not model.endswith(".skops")):
        assert len(archive.load(content).folds) == 5
    else:
        with pytest.raises(Exception):  # noqa: B017, PT011 - of the library whose format it is not
            archive.load(content)
    assert not Path("executed").exists()
    pickle.loads(pickle.dumps(Payload()))
    assert Path("executed").exists()  # it does what it is made for


def test_no_family_of_models_is_unpickled() -> None:
    """Python tells of every name that a pickle looks up: while models of all families are loaded, of none."""
    done = subprocess.run([sys.executable, "-c", LOADING], cwd=ROOT, capture_output=True, text=True, check=True)
    families, folds, during, control = map(int, done.stdout.split())
    assert folds == 5 * families
    assert during == 0
    assert control == 1


def test_a_model_of_another_kind_is_refused() -> None:
    """A schema may name only the kinds that there are: nothing is imported by a name from the archive."""
    files = unpack(archived("linear"))
    schema = json.loads(files["schema.json"]) | {"family": "os"}
    with pytest.raises(InputError, match="family 'os'"):
        archive.load(pack(files | {"schema.json": json.dumps(schema).encode()}, compress=True))
