"""What the answer on the first screen is made of: decided once, from the facts of all seven steps."""

from typing import Literal

from typing_extensions import TypedDict

from pipelines.facts.shared import Claim, Interval

Action = Literal[
    "read the table", "use neither", "find the leak", "ask about columns", "split otherwise", "check the controls",
    "follow the level", "keep the repaired", "keep the baseline", "try side by side", "use the repaired",
    "use the strong",
]  # fmt: skip
Choice = Literal["none flagged", "all flagged", "constant", "baseline", "repaired", "strong"]


class Option(TypedDict):
    """One thing that a reader can do, on the test rows. Without costs in the project file, costs are null."""

    choice: Choice  # doing nothing (flag none, flag all, predict a constant), or a model's decisions
    score: float | None  # of the primary metric; null where no model predicts
    ci: Interval | None  # its interval
    cost: float | None  # of a thousand rows, each model at its own best threshold
    cost_ci: Interval | None  # its interval
    found: float | None  # of a thousand rows, the positives that are flagged
    missed: float | None  # the positives that are not
    false_alarms: float | None  # the negatives that are flagged


class AnswerFacts(TypedDict):
    """The answer: what the seven steps come to, each sentence with the facts that it states.

    Nothing is computed here but thousands of rows from rows: each sentence follows from facts by a rule that a table of
    cases tests. No sentence advises a model that another one calls leaking, unstable or unproven.
    """

    verdict: Claim  # whether the strong model is better, by how much, and how sure that is
    finding: Claim  # what surprises most, to be checked in the picture of the causes
    options: list[Option]  # doing nothing first, the strong model last
    action: Action  # the advice in a word
    advice: list[Claim]  # what to do next, the most important first
    worth: Claim  # whether the strong model is worth its size
    caveats: list[Claim]  # what could be wrong, the gravest first
    not_tested: list[Claim]  # what remains unknown after this
    titles: dict[str, str]  # a reader's name of each column that has one in the project file
