"""The reasons of an answer in one to three plain sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.causes import BY_NAME, TUNING
from pipelines.core.errors import quote
from pipelines.report.formats import brief, count, number, share
from pipelines.report.words import MODELS
from pipelines.serving.reason import Explained, Reason

SHOWN_CAUSES = 3
NOTHING = 1e-9  # of the answers: a smaller change is what rounding leaves
SMALL = 1e-4  # below this, powers of ten
NAMES = {"baseline": "baseline", "repaired": "repaired baseline"}  # of models; every other is the strong one
HONEST = "These are effects of values in the models; in the world another value need not bring another outcome."


def model_title(name: str) -> str:
    """Return a reader's name of a model or of a part of it."""
    return NAMES.get(name) or MODELS.get(name, name)


@dataclass(frozen=True)
class Telling:
    """What the sentences on one model's answers need beside the reasons."""

    model: str  # its name in the archive
    probability: bool  # answers are probabilities
    unit: str | None  # of other answers
    thinned: tuple[int, int] | None  # training rows that the ladder was climbed on, and all; None: on all
    dealt_out: bool  # whether rungs were saved

    @property
    def name(self) -> str:
        """What the model is called."""
        return NAMES.get(self.model, "strong model")

    def value(self, answer: float) -> str:
        """Return an answer as a reader sees it."""
        return share(answer) if self.probability else self._with_unit(number(answer))

    def change(self, moved: float) -> str:
        """Return a change of an answer with its sign and its unit."""
        return f"{self.points(moved)} percentage points" if self.probability else self._with_unit(self.points(moved))

    def points(self, moved: float) -> str:
        """Return a change of an answer with its sign: of probabilities in percentage points."""
        return _signed(100 * moved if self.probability else moved)

    def _with_unit(self, shown: str) -> str:
        return shown if self.unit is None else f"{shown} {self.unit}"


def reason_text(reason: Reason, answer: float, telling: Telling, label: str | None = None) -> str:
    """Return the sentences: how the answer differs from the baseline's, which features moved it, what that means.

    `answer` is the model's, on the scale of the reasons; `label` the class that the probabilities are of.
    """
    moved = [one for one in (_features(reason), _words(reason)) if one]
    return " ".join([_causes(reason, answer, telling, label), *moved, *([HONEST] if moved else [])])


def _causes(reason: Reason, answer: float, telling: Telling, label: str | None) -> str:
    of_class = "" if label is None else f" for {label}"
    says = f"The {telling.name} says {telling.value(answer)}{of_class}"
    if telling.model == "baseline":
        return f"{says}."
    says = f"{says}, the baseline {telling.value(reason['from'])}"
    if not telling.dealt_out:
        return f"{says}: of forecasts the difference is not divided among causes."
    parts = _parts(reason, NOTHING * (abs(answer) + abs(reason["from"])))
    if not parts:
        return f"{says}."
    (wording, size), *others = parts
    listed = [f"{wording} moved the answer by {telling.change(size)}"]
    listed += [f"{wording} by {telling.points(size)}" for wording, size in others]
    return f"{says}: {_joined(listed)}{_thinned(telling)}."


def _parts(reason: Reason, nothing: float) -> list[tuple[str, float]]:
    """Return what moved the answer, the largest change first and all the rest last, and by how much.

    Changes up to `nothing` are what rounding leaves.
    """
    moved = [(BY_NAME[one["cause"]].wording, one["moved"]) for one in reason["causes"]]
    moved.sort(key=lambda one: -abs(one[1]))
    others = reason["rest"] + sum(size for _, size in moved[SHOWN_CAUSES:])
    return [one for one in [*moved[:SHOWN_CAUSES], (TUNING.wording, others)] if abs(one[1]) > nothing]


def _thinned(telling: Telling) -> str:
    if telling.thinned is None:
        return ""
    some, whole = telling.thinned
    return f" (by models of {count(some)} of the {count(whole)} training rows)"


def _features(reason: Reason) -> str:
    """Return the sentence on the features; nothing where none has an effect."""
    explained, features = reason["explains"], reason["features"]
    if explained is None or not features:
        return ""
    named = [_feature(one) for one in features]
    where = _where(explained)
    verb = "this feature" if len(named) == 1 else "these features"
    sentence = f"{where}{verb} moved the answer most: {_joined(named)}."
    return sentence[0].upper() + sentence[1:]


def _words(reason: Reason) -> str:
    """Return the sentence on the words of texts; nothing where none has an effect."""
    explained, words = reason["explains"], reason.get("words")
    if explained is None or not words:
        return ""
    named = [f"{quote(one['term'])} ({_signed(one['effect'])} {one['unit']})" for one in words]
    verb = "this word of it" if len(named) == 1 else "these words of it"
    sentence = f"{_where(explained)}{verb} moved the answer most: {_joined(named)}."
    return sentence[0].upper() + sentence[1:]


def _where(explained: Explained) -> str:
    if explained["weight"] == 1:
        return ""
    return f"In {explained['title']}, which has {share(explained['weight'])} of the weight in the mean, "


def _feature(one: Mapping[str, Any]) -> str:
    value = f" = {one['value']}" if "value" in one else ""
    return f"{one['title']}{value} ({_signed(one['effect'])} {one['unit']})"


def _signed(value: float) -> str:
    """Return a number with its sign, of two significant digits below a hundred."""
    shown = number(abs(value)) if abs(value) < SMALL else brief(abs(value))
    return f"{'-' if value < 0 else '+'}{shown}"


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
