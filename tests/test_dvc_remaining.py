"""How long a rebuild still takes: what stages took before, corrected by what this run shows."""

import json
from pathlib import Path

import pytest

from flows.dvc import remaining
from flows.dvc.remaining import HERE, REFERENCE, TRUSTED, Remaining
from flows.dvc.telling import Plan


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of what stages took here, in a repository without others."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(remaining, "REFERENCE", tmp_path / "none.json")
    HERE.parent.mkdir(parents=True)
    HERE.write_text(json.dumps({"define@a": 20, "strong@a": 100, "reflect@a": 200, "report@a": 1}), encoding="utf-8")
    return HERE


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        ([], ""),
        (["strong@new"], ""),
        (["report@a"], "about 10 s left"),
        (["strong@a"], "about 100 s left"),
        (["define@a", "strong@a", "reflect@a"], "about 5 min left"),
        (["strong@a", "strong@new"], "about 100 s left, beside 1 stage never timed"),
        (["strong@a", "strong@new", "eda@new"], "about 100 s left, beside 2 stages never timed"),
    ],
)
def test_the_rest_is_what_its_stages_took_before(stages: list[str], told: str, known: Path) -> None:
    """Known times are added up; stages without one are counted; where there is none, nothing is said."""
    assert known.exists()
    assert Remaining().ahead(stages) == told


def test_a_slower_machine_corrects_what_is_left(known: Path) -> None:
    """A stage of 20 s that takes 60 s makes the rest twice as long, as half is believed: (60 + 20) / (20 + 20)."""
    assert known.exists()
    assert TRUSTED == 20
    left = Remaining()
    assert left.done("define@a", 60) == ""
    assert left.ahead(["reflect@a"]) == "about 7 min left"


def test_what_a_stage_took_is_known_the_next_time(known: Path) -> None:
    """A stage that ran is timed, in this run and in later ones; a report's says where to read it."""
    left = Remaining()
    told = left.done("report@new", 30)

    assert told == "reports/new/README.md can be read, 0 s after the start"
    assert left.ahead(["report@new"]) == Remaining().ahead(["report@new"]) == "about 30 s left"
    assert json.loads(known.read_text("utf-8"))["strong@a"] == 100


@pytest.mark.parametrize("text", ["", "[1]", '{"strong@a": "long"}', "{"])
def test_damaged_times_are_no_times(text: str, known: Path) -> None:
    """They serve a guess only, so nothing fails."""
    known.write_text(text, encoding="utf-8")
    assert Remaining().ahead(["strong@a"]) == ""


def test_a_fresh_clone_knows_the_packaged_projects() -> None:
    """The times that git holds are of stages that dvc.yaml has, and leave none of the seven steps out."""
    times = json.loads(REFERENCE.read_text(encoding="utf-8"))
    for name in ("loan_default", "fraud", "house_prices"):
        for step in ("define", "metric", "eda", "baseline", "strong", "compare", "reflect", "pictures", "report"):
            assert times[f"{step}@{name}"] > 0


class _Stage:
    """A stage of DVC as far as a plan asks it."""

    def __init__(self, addressing: str, changed: bool, needs: tuple["_Stage", ...] = ()) -> None:
        self.addressing, self._changed, self.needs = addressing, changed, needs

    def changed(self) -> bool:
        if self.addressing == "odd":
            raise ValueError
        return self._changed


class _Graph:
    """The graph of DVC, from stages to those that they need."""

    def successors(self, stage: _Stage) -> tuple[_Stage, ...]:
        return stage.needs


def test_a_plan_holds_what_runs() -> None:
    """Stages that changed, that stand behind one that runs, or that cannot be asked; fewer with each that ran."""
    first = _Stage("first", changed=True)
    idle = _Stage("idle", changed=False)
    behind = _Stage("behind", changed=False, needs=(first,))
    odd = _Stage("odd", changed=False)
    stages = [first, idle, behind, odd]

    plan = Plan(stages, _Graph(), force=False)
    assert plan.still(first) == ["first", "behind", "odd"]
    assert plan.still(odd) == ["odd"]
    assert Plan(stages, None, force=True).still(idle) == ["idle", "behind", "odd"]
