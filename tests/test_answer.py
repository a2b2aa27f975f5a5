"""The answer: each place where a project can stand has one action, and each sentence states facts."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import pytest
from conftest import ROOT, Facts
from sample_facts import tracked
from situations import SITUATIONS, VERDICTS, situation, with_repair

from flows.repository.files import to_json
from pipelines.answer.advice import advise
from pipelines.answer.answer import answer
from pipelines.answer.options import options
from pipelines.answer.standing import Repair, Standing, standing

MODELS = ("use the strong", "use the repaired", "keep the repaired", "keep the baseline", "try side by side")
REPAIRS = (
    None,
    Repair(better=True, share=0.9, pays=None, enough=False),
    Repair(better=True, share=0.2, pays=None, enough=False),
    Repair(better=True, share=0.2, pays=None, enough=True),
    Repair(better=True, share=0.9, pays=True, enough=False),
    Repair(better=True, share=0.9, pays=False, enough=False),
    Repair(better=False, share=0.9, pays=None, enough=False),
    Repair(better=True, share=None, pays=None, enough=False),
)
FLAGS = (
    "signal", "doubted", "too_good", "split_leak", "controls", "behind_the_mean", "lost_baseline", "unstable",
    "folds_disagree", "drift",
)  # fmt: skip


def standings() -> Iterator[Standing]:
    """Yield every place where a project can stand."""
    for verdict, leak, pays, repair in product(
        VERDICTS, ("none", "suspected", "the gain"), (None, True, False), REPAIRS
    ):
        at = Standing(verdict, leak=leak, pays=pays, repair=repair)  # type: ignore[arg-type]
        for flags in product((False, True), repeat=len(FLAGS)):
            yield replace(at, **dict(zip(FLAGS, flags, strict=True)))  # type: ignore[arg-type]


def in_the_way(at: Standing) -> bool:
    """Return whether something must be settled before any model is used."""
    asked = at.doubted or at.too_good or at.leak != "none" or at.split_leak
    return asked or at.behind_the_mean or not at.signal or not at.controls


def test_no_advice_breaks_a_rule() -> None:
    """Of all places where a project can stand, none is advised a model that the page calls leaking or unproven."""
    seen: Counter[str] = Counter()
    for at in standings():
        action = advise(at)
        seen[action] += 1
        if in_the_way(at):
            assert action not in MODELS, at
        if action == "use the strong":
            assert at.verdict == "better", at
            assert not at.unproven, at
        if action in ("use the repaired", "keep the repaired"):
            assert at.repair is not None, at
            assert at.repair.better, at
            assert at.repair.pays is not False, at
        if action == "keep the baseline":
            assert not at.lost_baseline, at
            assert not (at.repair is not None and at.repair.better and at.repair.pays is not False), at
    assert sum(seen.values()) == len(VERDICTS) * 3 * 3 * len(REPAIRS) * 2 ** len(FLAGS)
    assert len(seen) == 12, seen


CASES = [
    ("better", (), "use the strong", "Use the strong model."),
    ("better", ("repaired",), "use the repaired", "Use the repaired baseline: with 9600 and 9800 read as missing"),
    ("better", ("no saving",), "keep the baseline", "decisions are not shown to cost less"),
    ("better", ("no saving", "repaired"), "use the repaired", "Use the repaired baseline"),
    ("better", ("unstable",), "try side by side", "beside what is in use, on new rows"),
    ("better", ("folds disagree",), "try side by side", "beside what is in use"),
    ("better", ("drift",), "use the strong", "Score it again on newer rows first"),
    ("better", ("a suspect",), "ask about columns", "utilization and income are known at the moment"),
    ("better", ("the gain is a leak",), "ask about columns", "until then use neither model"),
    ("better", ("the split leaks",), "split otherwise", 'Split by sold (days) with split.kind = "time"'),
    ("better", ("controls failed",), "check the controls", "do not repeat the causes"),
    ("better", ("a doubt",), "read the table", "how income is to be read"),
    ("better", ("too good",), "find the leak", "next to perfect"),
    ("better", ("no signal",), "use neither", "neither is shown to predict better"),
    ("better", ("behind a constant",), "use the strong", "Use the strong model."),
    ("tie", (), "keep the baseline", "it is simpler"),
    ("tie", ("repaired",), "keep the repaired", "Use the repaired baseline"),
    ("tie", ("behind a constant",), "use neither", "the baseline does worse than"),
    ("worse", (), "keep the baseline", "what misleads the strong model"),
    ("worse", ("behind a constant",), "use neither", "the baseline does worse than"),
    ("underpowered", (), "keep the baseline", "about 9,000 test rows would most likely settle it"),
    ("underpowered", ("the split leaks",), "split otherwise", "build again"),
]


@pytest.mark.parametrize(("verdict", "names", "action", "said"), CASES)
def test_each_case_has_its_advice(verdict: str, names: tuple[str, ...], action: str, said: str) -> None:
    """The table of cases: what stands, what is advised, and in which words."""
    found = answer(situation("binary", verdict, *names), {})

    assert found["action"] == action
    assert said in " ".join(claim["text"] for claim in found["advice"])


def test_far_more_rows_are_no_advice() -> None:
    """Where 88,136 test rows would be needed in place of 1,002, nobody is told to wait for them."""
    facts = situation("binary", "underpowered")
    facts["compare"]["difference"]["rows_needed"] = 88136

    assert "no number of test rows within reach" in answer(facts, {})["advice"][0]["text"]


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_pair_of_situations_can_be_said(kind: str, verdict: str) -> None:
    """No combination leaves a sentence without its facts; what is in the way of a model is always among the caveats."""
    pairs = list(combinations(SITUATIONS, 2))
    for names in pairs:
        facts = situation(kind, verdict, *names)
        found, at = answer(facts, {}), standing(facts)
        caveats = {claim["id"] for claim in found["caveats"]}
        expected = {
            "controls_failed": not at.controls, "leak": at.leak != "none", "split_leak": at.split_leak,
            "doubted": at.doubted, "too_good": at.too_good, "unstable": at.unstable, "drift": at.drift,
            "folds_disagree": at.folds_disagree,
            "level": at.behind_the_mean,
            "biased": kind == "regression" and "too low" in names,
            "intervals_broken": kind == "regression" and "intervals broken" in names,
        }  # fmt: skip
        assert {name for name, holds in expected.items() if holds} <= caveats, names
        assert not {name for name, holds in expected.items() if not holds} & caveats, names
        assert found["not_tested"], names
    assert len(pairs) == len(SITUATIONS) * (len(SITUATIONS) - 1) / 2


def test_options_are_counted_by_hand() -> None:
    """Of 1,002 test rows 64 are positive: flagging all finds 63.9 of a thousand, and costs what false alarms cost."""
    facts = with_repair(situation("binary", "better"))
    found: Facts = options(facts)
    answers = facts["compare"]["threshold"]["strong"]["confusion"]
    positives, rows = answers["tp"] + answers["fn"], sum(answers.values())

    assert [one["choice"] for one in found] == ["all flagged", "baseline", "repaired", "strong"]
    assert found[0]["found"] == pytest.approx(1000 * positives / rows)
    assert found[0]["cost"] == pytest.approx(1000 * facts["compare"]["threshold"]["of_everybody"])
    assert found[3]["missed"] == pytest.approx(1000 * answers["fn"] / rows)
    assert found[3]["found"] + found[3]["missed"] == pytest.approx(1000 * positives / rows)
    assert found[3]["cost_ci"] == [1000 * end for end in facts["compare"]["threshold"]["strong"]["ci"]]


def test_without_costs_nothing_is_counted() -> None:
    """A number has no decisions: the choices have scores alone."""
    found = options(situation("regression", "tie"))

    assert [one["choice"] for one in found] == ["constant", "baseline", "strong"]
    assert all(one["cost"] is None and one["found"] is None for one in found)


@pytest.mark.parametrize("project", sorted(path.parent.name for path in (ROOT / "reports").glob("*/answer.json")))
def test_the_answer_in_the_repository_follows_from_its_facts(project: str) -> None:
    """What is tracked is what the facts of the seven steps come to."""
    facts = tracked(project)
    steps = {name: value for name, value in facts.items() if name != "answer"}

    assert json.loads(to_json(answer(steps, facts["answer"]["titles"]))) == facts["answer"]  # type: ignore[arg-type]
