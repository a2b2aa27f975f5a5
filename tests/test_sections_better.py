"""How much better it could get: what the learning curves say."""

import pytest
import sample_facts
from printed import printed
from sample_facts import told_again, with_leak, with_verdict, without_signal

from pipelines.report.sections.headroom import HEADROOM
from pipelines.report.sections.learning import LEARNING


@pytest.mark.parametrize(
    ("pays", "times", "signal", "said"),
    [
        (True, 2, True, "**Twice the rows promise 0.010, which reaches the margin of 0.005**"),
        (False, 2, True, "**Twice the rows promise 0.010, less than the margin of 0.005**"),
        (False, 3, True, "**3 times the rows promise 0.010, less than the margin of 0.005**"),
        (False, 2, False, "**Without a signal, the curve does not say what more rows would bring**"),
    ],
)
def test_what_more_rows_promise_is_the_title(pays: bool, times: int, signal: bool, said: str) -> None:
    """The one learning curve that everyone sees says its finding."""
    facts = sample_facts.binary()
    facts["reflect"]["headroom"]["more_rows"]["times"][0] |= {"times": times, "gain": 0.0102}
    facts["reflect"]["headroom"]["more_rows"]["pays"] = pays
    facts = told_again(facts) if signal else without_signal(facts)

    assert said in printed(HEADROOM, facts)


def test_the_opening_s_advice_is_not_said_twice() -> None:
    """What would pay most is said here where the opening advises something else."""
    facts = with_verdict(sample_facts.binary(), "tie")
    said = next(claim["text"] for claim in facts["reflect"]["claims"] if claim["id"] == "what_next")

    assert said not in printed(HEADROOM, facts)
    assert said in printed(HEADROOM, with_leak(facts))


@pytest.mark.parametrize(
    ("limit", "more", "said"),
    [
        (
            "variance",
            "help",
            "That is high variance: what it learns depends on which rows it saw. More rows helped to the last: 0.0",
        ),
        ("variance", "do not help", "Rows alone will not close that gap: 0.0"),
        ("bias", "do not help", "noise that no model can predict. More rows hardly help: 0.0"),
        (
            "nothing",
            "unclear",
            "rows. Its last step does not show whether more rows help enough to matter: 0.0",
        ),
        ("unclear", "hurt", "to call that variance or bias. More rows made it worse: 0.0"),
    ],
)
def test_a_learning_curve_reads_out(limit: str, more: str, said: str) -> None:
    """What limits the model, and whether more rows help."""
    facts = sample_facts.binary()
    facts["compare"]["learning_curves"][1]["reading"] |= {"limit": limit, "more_rows": more}

    assert said in printed(LEARNING, facts)


def test_a_curve_of_one_size_or_one_fold_reads() -> None:
    """Without a second size there is no step, and from a single fold no interval."""
    facts = sample_facts.binary()
    reading = facts["compare"]["learning_curves"][0]["reading"]
    reading |= {"last_step": None, "more_rows": "unclear", "limit": "unclear"}
    reading["gap"]["ci"] = None

    line = next(line for line in printed(LEARNING, facts).splitlines() if line.startswith("- **Baseline**"))
    assert "There is no second size to compare with." in line
    assert "[" not in line
