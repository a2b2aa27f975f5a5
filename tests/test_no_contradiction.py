"""No two sentences of a project's pages disagree in verdict, feature or advice, whatever was found."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest
from conftest import Facts
from situations import SITUATIONS, VERDICTS, situation

from pipelines.answer.answer import answered
from pipelines.answer.standing import standing
from pipelines.report.pages.report import BESIDE, render_beside, render_report

# What the pages may not say side by side. Each pair is searched for in all pages of a project taken together.
USE_STRONG = r"[Uu]se the strong model\b|would ship the strong model"
USE_REPAIRED = r"[Uu]se the repaired baseline|would ship the repaired baseline"
KEEP_BASELINE = r"[Kk]eep the baseline\b|would keep the baseline"
ANY_USE = f"{USE_STRONG}|{USE_REPAIRED}|{KEEP_BASELINE}"
LEAKING = r"(?<!Columns that )may give the target away|look better than they will be|next to perfect is suspicious"
DISAGREEING = (
    (ANY_USE, LEAKING),
    (ANY_USE, r"[Uu]se neither model"),
    (ANY_USE, r"[Nn]o signal: "),
    (ANY_USE, r"found an effect where there is none"),
    (ANY_USE, r"do worse than those rows' own mean"),
    (ANY_USE, r"How the table is read is in doubt"),
    (USE_STRONG, r"is not stable|could be zero: it varies"),
    (USE_STRONG, r"does not translate into a measurable saving"),
    (USE_STRONG, r"(?<!not )\bA tie: |Undecided: |Worse: "),
    (USE_STRONG, f"{KEEP_BASELINE}|{USE_REPAIRED}"),
    (KEEP_BASELINE, f"{USE_REPAIRED}|loses to a constant"),
    (r"The strong model is worth [\d,.]+ times", r"not (shown to be )?worth [\d,.]+ times|is open until"),
    (r"No column (is suspected|was found)|None is suspected", r"(?<!Columns that )may give the target away"),
)
OPENINGS = {"better": "Better: ", "worse": "Worse: ", "tie": "A tie: ", "underpowered": "Undecided: "}


def pages(facts: Facts) -> str:
    """Return all pages of a project, one after the other."""
    facts = answered(facts)
    return "\n\n".join([render_report(facts).markdown, *(render_beside(name, facts) for name in BESIDE)])


def disagreements(text: str) -> list[str]:
    """Return the pairs of sentences that disagree, as they stand on the pages."""
    found = [(re.search(one, text), re.search(other, text)) for one, other in DISAGREEING]
    return [f"{_around(text, one)} | {_around(text, other)}" for one, other in found if one and other]


def _around(text: str, found: re.Match[str]) -> str:
    return " ".join(text[max(0, found.start() - 40) : found.end() + 60].split())


@cache
def signal_and_pages(kind: str, verdict: str, names: tuple[str, ...]) -> tuple[bool, str]:
    """Return whether there is a signal in a case, and all its pages."""
    facts = situation(kind, verdict, *names)
    return standing(facts).signal, pages(facts)


def cases() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each situation alone for all samples and verdicts, and each pair of a sample with costs."""
    for kind in ("binary", "multiclass", "regression"):
        for verdict in VERDICTS:
            for name in SITUATIONS:
                yield kind, verdict, (name,)
    for pair in combinations(SITUATIONS, 2):
        yield "binary", "better", pair


CASES = list(cases())
GROUPS = 12  # of cases: one test each, so that several can run at once


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_two_sentences_disagree(group: int) -> None:
    """Leak x split leak x codes x costs x controls x signal x stability x drift x verdict, alone and in pairs."""
    chosen = CASES[group::GROUPS]
    for kind, verdict, names in chosen:
        signal, text = signal_and_pages(kind, verdict, names)
        assert not disagreements(text), (kind, verdict, names)
        said = {word for word, opening in OPENINGS.items() if re.search(rf"Verdict\.\*\* {opening}", text)}
        assert said == ({verdict} if signal else set()), (kind, verdict, names)
    assert len(chosen) >= len(CASES) // GROUPS


def test_there_are_many_cases() -> None:
    """Each situation stands with each verdict, and with each other situation."""
    assert len(CASES) == 3 * len(VERDICTS) * len(SITUATIONS) + len(SITUATIONS) * (len(SITUATIONS) - 1) // 2


@pytest.mark.parametrize("sentence", sorted({one for pair in DISAGREEING for one in pair}))
def test_each_sentence_is_one_that_pages_say(sentence: str) -> None:
    """A pattern that no page holds would search for nothing: each occurs in some case."""
    assert any(re.search(sentence, signal_and_pages(*case)[1]) for case in CASES)


@pytest.mark.parametrize(
    "text",
    [
        "Use the strong model. x may give the target away: without, it falls.",
        "**What to do.** Use the repaired baseline: with ranks. Keep the baseline: it is simpler.",
        "Use neither model: neither predicts. I would keep the baseline.",
        "The strong model is worth 554 times the bytes. It is not shown to be worth 554 times the bytes.",
        "Use the strong model. The strong model is not stable: its worst fold is low.",
    ],
)
def test_a_planted_disagreement_is_found(text: str) -> None:
    """The search finds what it is there for."""
    assert disagreements(text)
