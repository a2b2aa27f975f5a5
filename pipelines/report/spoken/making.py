"""What it is for, what the data are like, and against what it was measured, said aloud."""

from pipelines.answer.places import model, say
from pipelines.answer.splits import leaking
from pipelines.core.plural import agree
from pipelines.facts.claims import Place
from pipelines.facts.define import is_doubted
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.report.sections.drift import little
from pipelines.report.spoken.question import Question, always, of_forecasts
from pipelines.report.spoken.speech import about, first_short, linear, makes_groups, named, pair, plain, question
from pipelines.report.views import reads_words, warning
from pipelines.splits import SPLITS

SPLIT = "define#/split"
ONE = "It answers one question: "
ONE_COLUMN = "It predicts one column from the others, so that a person can decide."
GROUPS = "It puts rows into groups, so that a person can treat them alike, and says whether there are any."


def _purpose(facts: Facts) -> Claim:
    """Return question and decision, as far as they are short enough to be said."""
    return first_short(
        [
            question(facts, ONE),
            say("say", f"{ONE}{{question}}", facts, question=("define#/question", "")),
            plain(GROUPS if makes_groups(facts) else ONE_COLUMN, facts),
        ]
    )


def _purpose_asked(facts: Facts) -> list[Claim]:
    """Return what is predicted, and in full what was too long to be said."""
    pool: dict[str, Place] = {"target": ("define#/target", ""), "rows": ("define#/rows", ",.0f")}
    target = say("purpose", "The column to predict is {target}; the file has {rows} rows.", facts, **pool)
    if makes_groups(facts):
        target = _of_groups(facts)
    return [target] if _purpose(facts) == question(facts, ONE) else [question(facts, ONE), target]


def _of_groups(facts: Facts) -> Claim:
    """Return what scores the groups, and how many rows there are."""
    pool: dict[str, Place] = {"outcome": ("define#/clusters/outcome", ""), "rows": ("define#/rows", ",.0f")}
    scores = "{outcome} scores the groups, and no group is made by it"
    if facts["define"]["clusters"]["outcome"] is None:
        scores = "There is no outcome, so rows left out score the groups"
    return say("purpose", scores + "; there are {rows} rows.", facts, **pool)


def _data(facts: Facts) -> Claim:
    define = facts["define"]
    pool: dict[str, Place] = {"rows": ("define#/rows", ",.0f"), "broken": ("define#/quarantined/count", ",.0f")}
    template = "None of the {rows} rows breaks a rule of the project file."
    if define["quarantined"]["count"]:
        one = define["quarantined"]["count"] == 1
        breaks, them = ("breaks", "it") if one else ("break", "them")
        template = (
            f"{{broken}} of the {{rows}} rows {breaks} a rule of the project file; I set {them} aside, and change no "
            "value."
        )
    codes = facts["reflect"]["codes"]
    if codes is not None:
        names, places = named(facts, "reflect#/codes/features", len(codes["features"]), "several columns")
        template += f" Among the values of {names} are some that look like codes, not like numbers."
        pool |= places
    if is_doubted(define):
        template += " But how the table is to be read is in doubt, and that comes first."
    return say("say", template, facts, **pool)


def _data_asked(facts: Facts) -> list[Claim]:
    define, found = facts["define"], []
    repeats, missing = define["duplicates"], facts["eda"]["missing"]["features"]
    pool: dict[str, Place] = {
        "repeats": ("define#/duplicates/rows", ",.0f"), "conflicting": ("define#/duplicates/conflicting", ",.0f"),
        "missing": ("eda#/missing/features", ",.0f"),
    }  # fmt: skip
    found += [claim for claim in facts["answer"]["caveats"] if claim["id"] == "doubted"]
    if repeats["rows"]:
        row = "row repeats" if repeats["rows"] == 1 else "rows repeat"
        found.append(say("repeats", f"{{repeats}} {row} an earlier one in everything.", facts, **pool))
    if repeats["conflicting"]:
        template = (
            "{conflicting} rows have the same features as a row with another target, which no model can get right."
        )
        found.append(say("conflicting", template, facts, **pool))
    feature = agree(missing, "features")
    known = f"Values are missing in {{missing}} {feature}." if missing else "No feature has missing values."
    found.append(say("missing", known, facts, **pool))
    return found


def _test_set(facts: Facts) -> Claim:
    split = SPLITS[facts["define"]["split"]["kind"]]
    if split.later:
        how = "the last ones by {column}, as a model in use meets them"
    elif split.keeps_groups:
        how = "drawn by {column}, so that rows that belong together stay together"
    elif split.given:
        how = "as the file's own column {column} says"
    else:
        how = "drawn at random"
    template = f"It was set aside before anyone looked at the data, and scored once: {{test}} rows, {how}."
    if leaking(facts) is not None:
        template += " But this split makes all models look better than they will be, so I would split otherwise."
    elif facts["eda"]["drift"]["drifted"]:
        template += " They differ from the training rows, which the report says."
    pool: dict[str, Place] = {"test": (f"{SPLIT}/test", ",.0f"), "column": (f"{SPLIT}/column", "")}
    return say("say", template, facts, **pool)


def _test_set_asked(facts: Facts) -> list[Claim]:
    train: dict[str, Place] = {"train": (f"{SPLIT}/train", ",.0f")}
    template = (
        "Models, settings and thresholds were chosen on the other {train} rows alone, over the same folds for "
        "all models; the "
        "comparison is the first step that scores test rows."
    )
    graver = ("split_leak", "drift", "across_split")
    found = [say("training", template, facts, **train)]
    found += [claim for claim in facts["answer"]["caveats"] if claim["id"] in graver]
    if not facts["eda"]["drift"]["drifted"]:
        found.append(plain(LITTLE if little(facts) else ALIKE, facts))
    return found


ALIKE = "A model that tries to distinguish test rows from training rows finds no sign that they differ."
LITTLE = "A model that tries to distinguish test rows from training rows finds that they differ, but only a little."


def _metric(facts: Facts) -> Claim:
    pool: dict[str, Place] = {
        "label": ("metric#/label", ""), "why": ("metric#/why", ""), "margin": ("metric#/margin", "g"),
    }  # fmt: skip
    margin = "A difference below {margin} would change no decision."
    return first_short(
        [
            say("say", f"It is {{label}}. {{why}} {margin}", facts, **pool),
            say("say", f"It is {{label}}: the report says what it asks. {margin}", facts, **pool),
        ]
    )


def _metric_asked(facts: Facts) -> list[Claim]:
    found = [warning(facts, i) for i in range(min(2, len(facts["metric"]["warnings"])))]
    if facts["metric"]["minimum_detectable"] is not None:
        pool: dict[str, Place] = {
            "least": ("metric#/minimum_detectable", about(facts)),
            "power": ("metric#/minimum_detectable_how/power", ".0%"),
        }
        template = "On this test set a true difference must be about {least} to be found with {power} probability."
        found.append(say("detectable", template, facts, **pool))
    return found or [say("metric", "{why}", facts, why=("metric#/why", ""))]


def _baseline(facts: Facts) -> Claim:
    dummy, baseline = pair(facts, f"{model(facts, 'dummy')}/score", f"{model(facts, 'baseline')}/score")
    pool: dict[str, Place] = {"dummy": dummy, "baseline": baseline, "metric": ("metric#/label", "")}
    trivial = "the season before" if of_forecasts(facts) else "a constant"
    made = "gaps filled, numbers scaled, one column for each category, then "
    if reads_words(facts):
        made = "words by how often they stand in a text and how rare they are, beside all other columns, and on these "
    if makes_groups(facts):
        made = ""
        trivial = "without groups" if facts["define"]["clusters"]["outcome"] is None else trivial
    template = (
        f"Against what a practitioner would write first: {made}{linear(facts)}. "
        f"In {{metric}} it has {{baseline}}, {trivial} {{dummy}}."
    )
    return say("say", template, facts, **pool)


def _baseline_asked(facts: Facts) -> list[Claim]:
    baseline, dummy = model(facts, "baseline"), model(facts, "dummy")
    pool: dict[str, Place] = {
        "score": (f"{baseline}/score", about(facts)), "ci": (f"{baseline}/ci", about(facts)),
        "dummy": (f"{dummy}/score", about(facts)), "metric": ("metric#/label", ""),
    }  # fmt: skip
    found = [
        say(
            "baseline",
            ("On the test rows the baseline has {metric} {score} {ci}; without any feature it is {dummy}."),
            facts,
            **pool,
        )
    ]
    if facts["compare"]["difference"].get("against") == "constant":
        found.append(plain("It loses to a constant, so the verdict is on the difference from that.", facts))
    return found


PURPOSE = Question(always("What is it for?"), _purpose, _purpose_asked, "Data")
DATA = Question(always("What is wrong with the data?"), _data, _data_asked, "Data")
TEST_SET = Question(always("Why should I believe your test set?"), _test_set, _test_set_asked, "Data")
METRIC = Question(always("Why this metric?"), _metric, _metric_asked, "Metric")
BASELINE = Question(always("What do you compare against?"), _baseline, _baseline_asked, "Baseline")
