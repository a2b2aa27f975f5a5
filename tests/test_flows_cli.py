"""The command line: what it says and the status it ends with."""

from pathlib import Path

import pytest
from conftest import CSV, environment, sevenfold

from flows import cli
from flows.repository.names import STEPS


@pytest.fixture
def here(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small repository as the working directory."""
    monkeypatch.chdir(repository)
    return repository


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "basline", "shop"], "did you mean `baseline`?"),
        (["run", "define", "shpo"], "did you mean `shop`?"),
        (["run", "define"], "allowed: shop"),
        (["run", "overview", "shop"], "takes no project"),
        (["run", "nothing-like-it", "shop"], "allowed: fetch, define"),
        (["timings", "shpo"], "did you mean `shop`?"),
    ],
)
@pytest.mark.usefixtures("here")
def test_mistyped_names(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is not known ends with status 2, a message without a traceback, and the nearest name."""
    assert cli.main(arguments) == 2
    output = capsys.readouterr().err
    assert said in output
    assert "Traceback" not in output
    assert len(output.splitlines()) <= 5


def test_outside_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no `projects/` is, here or above, the message says so."""
    monkeypatch.chdir(tmp_path)

    assert cli.main(["run", "overview"]) == 2
    assert "projects/" in capsys.readouterr().err


def test_help_shows_steps_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """Help lists the ten steps and shows a command to copy."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    output = capsys.readouterr().out

    assert ended.value.code == 0
    assert "sevenfold run define loan_default" in output
    assert all(step in output for step in STEPS)


def test_a_step_runs_unwatched_from_a_folder_below(repository: Path, stranger: int) -> None:
    """With a stranger at the server's port a step does its work, from wherever in the repository, and says so once."""
    done = sevenfold(repository / "projects", environment(repository / "wheels", stranger), "run", "fetch", "shop")

    assert done.returncode == 0, done.stderr
    assert (repository / "data" / "raw" / "orders.csv").read_text(encoding="utf-8") == CSV
    assert done.stderr.count("will not appear in the Prefect UI") == 1
    assert "SEVENFOLD_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_bad_input_of_a_step(repository: Path, stranger: int) -> None:
    """A project file with an unknown key ends with status 2 and names the key; nothing is written."""
    path = repository / "projects" / "shop.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("decision =", "decison ="), encoding="utf-8")
    done = sevenfold(repository, environment(repository / "wheels", stranger), "run", "fetch", "shop")

    assert done.returncode == 2
    assert "did you mean `decision`?" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (repository / "data").exists()


def test_a_file_name_cannot_steer_the_terminal(repository: Path, stranger: int) -> None:
    """A name with a newline or an escape sequence is told, with both written out."""
    (repository / "projects" / "new\n\x1b[31mline.toml").write_text("", encoding="utf-8")
    env = environment(repository / "wheels", stranger)
    done = sevenfold(repository, env, "run", "define", "new\n\x1b[31mline")

    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "new\\x0a\\x1b[31mline" in done.stderr
