"""What one may doubt, said aloud: leaks, what did not matter, where it is worse, its predictions, more rows, people."""

from pipelines.answer.places import beside_level, beside_margin, say
from pipelines.answer.splits import leaking
from pipelines.answer.standing import standing
from pipelines.facts.claims import Place
from pipelines.facts.pointer import given, resolve
from pipelines.facts.shared import Claim
from pipelines.facts.steps import Facts
from pipelines.findings.wording import as_list, gain_form, score_form
from pipelines.report.spoken.question import Question, always, of_rows, with_room
from pipelines.report.spoken.speech import about, first_short, named, pair, percent, plain, told, without_outcome
from pipelines.targets import TARGETS

LEAK = "reflect#/leak_verdict"
WRONG = "What could be wrong"


def _leak(facts: Facts) -> Claim:
    """Return what is suspected: columns first, then the split, then the score itself."""
    verdict, suspects = facts["reflect"]["leak_verdict"], facts["eda"]["leak_suspects"]
    if verdict is not None:
        names, pool = named(facts, f"{LEAK}/features", len(verdict["features"]), "the suspected columns")
        before, after = pair(facts, f"{LEAK}/score_with", f"{LEAK}/score_without")
        verb = "may give the target away" if pool else "may give the target away between them"
        return say(
            "say",
            f"I do not know it: {names} {verb}. Without, a quick model goes from {{metric}} {{before}} to {{after}}.",
            facts,
            **pool, before=before, after=after, metric=("metric#/label", ""),
        )  # fmt: skip
    if suspects:
        return say("say", "I do not know it: {first} is suspect.", facts, first=("eda#/leak_suspects/0/feature", ""))
    if leaking(facts) is not None:
        return plain(
            "No column seems to give the target away, but the split does leak: it makes all models look too good.",
            facts,
        )
    if facts["reflect"]["too_good"] is not None:
        return plain(
            ("I do not. I found no column that gives the target away, but so good a score is suspicious by itself."),
            facts,
        )
    if without_outcome(facts):
        return plain(
            "There is no outcome that a column could give away. I looked for rows that the split should have kept "
            "together, and found none.",
            facts,
        )
    return plain(
        "I looked for columns that give the target away, and for rows that the split should have kept together, "
        "and found none. A "
        "column that was filled in after the fact and says little alone would still pass.",
        facts,
    )


def _leak_asked(facts: Facts) -> list[Claim]:
    found = [claim for claim in facts["answer"]["caveats"] if claim["id"] in ("leak", "split_leak", "too_good")]
    for place, suspect in enumerate(facts["eda"]["leak_suspects"]):
        template = f"{{name}} is suspect: {{why}}{'' if suspect['why'].endswith('.') else '.'}"
        where = f"eda#/leak_suspects/{place}"
        found.append(say("suspect", template, facts, name=(f"{where}/feature", ""), why=(f"{where}/why", "")))
    refitted = facts["reflect"]["leakage"]
    if not found and refitted:
        form = score_form(facts)
        pool: dict[str, Place] = {
            "name": ("reflect#/leakage/0/feature", ""), "before": ("reflect#/leakage/0/score_with", form),
            "after": ("reflect#/leakage/0/score_without", form), "metric": ("metric#/label", ""),
        }  # fmt: skip
        template = (
            "I also took away the strongest column, {name}: a quick model then goes from {metric} {before} to {after}."
        )
        found.append(say("strongest", template, facts, **pool))
    found += _split(facts) if leaking(facts) is None else []
    return found[:4] or [plain("No column was refitted: there is nothing to take away.", facts)]


def _split(facts: Facts) -> list[Claim]:
    """Return how many rows have a near copy in another fold, and what rows that a model will not have are worth."""
    found, leaks = [], facts["reflect"]["split_leaks"]
    copies = next((i for i, item in enumerate(leaks) if item["kind"] == "near copies"), None)
    if copies is not None:
        where = f"reflect#/split_leaks/{copies}"
        pool: dict[str, Place] = {
            "rows": (f"{where}/rows", ",.0f"), "of": (f"{where}/of", ",.0f"), "share": (f"{where}/share", _percent),
        }  # fmt: skip
        sample = ", a sample of {of}," if leaks[copies].get("of") is not None else ""
        template = f"Of {{rows}} training rows{sample} {{share}} have a near copy in another fold."
        found.append(say("copies", template, facts, **pool))
    refitted = next((i for i, item in enumerate(leaks) if item["gain"] is not None), None)
    if refitted is not None:
        where, form = f"reflect#/split_leaks/{refitted}", gain_form(facts)
        worth: dict[str, Place] = {"gain": (f"{where}/gain", form), "ci": (f"{where}/ci", form)}
        ci = " {ci}" if leaks[refitted]["ci"] is not None else ""
        template = (
            f"With rows that a model in use would not have, a quick model gains {{gain}}{ci}: no leak of the split is "
            "shown."
        )
        found.append(say("split", template, facts, **worth))
    return found


def _percent(share: float) -> str:
    """Return the form of a percentage: with one decimal below ten."""
    return ".0%" if share == 0 or share >= 0.1 else ".1%"  # noqa: PLR2004 - two digits are enough


def _idle(facts: Facts) -> Claim:
    """Return the changes that were tried and did not matter."""
    attribution = facts["reflect"]["attribution"]
    idle = [
        i for i, item in enumerate(attribution) if item["applicable"] and not item["matters"] and not item["undecided"]
    ]
    open_ = [
        i for i, item in enumerate(attribution) if item["applicable"] and not item["matters"] and item["undecided"]
    ]
    pool: dict[str, Place] = {f"cause{i}": (f"reflect#/attribution/{i}/factor", "") for i in (*idle, *open_)}
    if not pool:
        return plain("Each change that could be tried on these features matters.", facts)
    said = []
    if idle:
        said.append(
            f"I tried {_list(idle)}, and {'it is not' if len(idle) == 1 else 'none of them is'} shown to matter."
        )
    if open_:
        said.append(f"On {_list(open_)} the rows are too few to decide.")
    return say("say", " ".join(said), facts, **pool)


def _list(places: list[int]) -> str:
    return as_list([f"{{cause{i}}}" for i in places])


def _idle_asked(facts: Facts) -> list[Claim]:
    found = told(facts, "did_not_matter", "undecided")
    for place, item in enumerate(facts["reflect"]["attribution"]):
        if not item["applicable"]:
            where = f"reflect#/attribution/{place}"
            pool: dict[str, Place] = {"cause": (f"{where}/factor", ""), "why": (f"{where}/why", "")}
            template = (
                f"There was nothing to test for {{cause}}, since {{why}}{'' if item['why'].endswith('.') else '.'}"
            )
            found.append(say("not_applicable", template, facts, **pool))
    return found[:4] or told(facts, "main_reason")


def _worse(facts: Facts) -> Claim:
    """Return the groups of rows on which the baseline is better."""
    places = _slices(facts)
    if not places:
        return plain(
            "I searched one half of the training rows for a group on which the baseline is better, to confirm it "
            "on the other half, "
            "and found none. Small groups cannot be ruled out.",
            facts,
        )
    where: dict[str, Place] = {"where": (f"reflect#/slices/{places[0]}/where", "")}
    more = " The report has further groups." if places[1:] else ""
    return first_short(
        [
            say(
                "say",
                (f"Where {{where}} the baseline is better, on rows that played no part in finding that.{more}"),
                facts,
                **where,
            ),
            plain("There are groups of rows on which the baseline is better; the report names them.", facts),
        ]
    )


def _slices(facts: Facts) -> list[int]:
    """Return the places of the groups of rows on which the baseline is better."""
    return [i for i, item in enumerate(facts["reflect"]["slices"]) if item["better"] == "baseline"]


def _worse_asked(facts: Facts) -> list[Claim]:
    found, form = [], gain_form(facts)
    for i in _slices(facts)[:4]:
        where = f"reflect#/slices/{i}"
        pool: dict[str, Place] = {
            "where": (f"{where}/where", ""), "gain": (f"{where}/difference", form), "ci": (f"{where}/ci", form),
            "rows": (f"{where}/rows", ",.0f"),
        }  # fmt: skip
        found.append(
            say("slice", ("Where {where}, the strong model's gain is {gain} {ci} on {rows} rows."), facts, **pool)
        )
    better = [i for i, item in enumerate(facts["reflect"]["slices"]) if item["better"] == "strong"]
    if not found and better:
        where = f"reflect#/slices/{better[0]}"
        pool = {
            "where": (f"{where}/where", ""), "gain": (f"{where}/difference", form), "ci": (f"{where}/ci", form),
            "rows": (f"{where}/rows", ",.0f"),
        }  # fmt: skip
        template = (
            "The group that differs most is where {where}: there the strong model gains {gain} {ci} on {rows} rows."
        )
        found.append(say("slice", template, facts, **pool))
    return found or [plain("No group of rows differs from the others beyond chance.", facts)]


def _believe_title(facts: Facts) -> str:
    return f"Can I believe its {TARGETS[facts['define']['task']].words.predictions}?"


def _believe(facts: Facts) -> Claim:
    place = _calibrated(facts)
    if place is not None:
        where = f"compare#/calibration/{place}"
        off: dict[str, Place] = {"off": (f"{where}/ece", percent), "chance": (f"{where}/ece_by_chance", percent)}
        template = (
            "On average they are off by {off}, in percentage points; perfect ones would be off by {chance} by "
            "chance alone."
        )
        return say("say", template, facts, **off)
    level = _level(facts)
    if level is None:
        return plain("I measured how far they are off on average, and not how far a single one may be.", facts)
    found = resolve(facts, level)
    promised, held = (float(found[name]) for name in ("level", "coverage"))  # type: ignore[index]
    form = beside_level(promised, [held]) if found["promise"] == "broken" else ".0%"  # type: ignore[index]
    inside: dict[str, Place] = {"promised": (f"{level}/level", ".0%"), "held": (f"{level}/coverage", form)}
    template = (
        "Each has an interval around it: {promised} of the rows were promised to lie inside, and {held} of the test "
        "rows do."
    )
    return say("say", template, facts, **inside)


def _calibrated(facts: Facts) -> int | None:
    """Return the place of the strong model's calibration; None where it predicts no probabilities."""
    found = facts["compare"]["calibration"] or []
    return next((i for i, item in enumerate(found) if item["model"] == "strong"), None)


def _level(facts: Facts) -> str | None:
    """Return where the strong model's widest interval that pages show stands; None where there is none."""
    found = facts["compare"]["intervals"]
    if found is None:
        return None
    model = next(i for i, item in enumerate(found["models"]) if item["model"] == "strong")
    levels = found["models"][model]["levels"]
    place = next((i for i, item in enumerate(levels) if item["level"] == found["shown_level"]), 0)
    return f"compare#/intervals/models/{model}/levels/{place}" if levels else None


def _believe_asked(facts: Facts) -> list[Claim]:
    place, level = _calibrated(facts), _level(facts)
    if place is not None:
        where = f"compare#/calibration/{place}"
        off: dict[str, Place] = {"off": (f"{where}/ece", percent), "ci": (f"{where}/ece_ci", percent)}
        return [say("calibration", "The expected calibration error on the test rows is {off} {ci}.", facts, **off)]
    if level is not None:
        held: dict[str, Place] = {
            "held": (f"{level}/coverage", ".1%"),
            "ci": (f"{level}/ci", ".1%"),
            "rows": (f"{level}/rows", ",.0f"),
        }
        return [say("coverage", "Of {rows} test rows {held} {ci} lie inside.", facts, **held)]
    return [plain("Intervals of single predictions were not made here.", facts)]


def _more(facts: Facts) -> Claim:
    """Return what ten times the rows promise, by a quick model's learning curve."""
    if not standing(facts).signal:
        return plain(
            ("I would look for other features first: where nothing is predicted, nothing says what more rows bring."),
            facts,
        )
    times = given(facts["reflect"]["headroom"])["more_rows"]["times"]
    last = len(times) - 1
    gain, margin = times[last]["gain"], facts["metric"]["margin"]
    pays, form = gain >= margin, about(facts)(gain)
    if not pays and float(format(gain, form).replace(",", "")) >= margin:
        form = beside_margin(facts)(gain)
    pool: dict[str, Place] = {"gain": (f"reflect#/headroom/more_rows/times/{last}/gain", form)}
    template = (
        "I would use them: a quick model's learning curve promises a gain of about {gain}."
        if pays
        else "Not much: a quick model's learning curve promises {gain}, less than the margin. I would look for "
        "features that say "
        "something new."
    )
    return say("say", template, facts, **pool)


def _more_asked(facts: Facts) -> list[Claim]:
    return told(facts, "what_next", "room")


LEAKS = Question(always("How do you know that it is not a leak?"), _leak, _leak_asked, WRONG, of_rows)
IDLE = Question(always("What did not matter?"), _idle, _idle_asked, "Why")
WORSE = Question(always("Where is it worse?"), _worse, _worse_asked, WRONG)
BELIEVE = Question(_believe_title, _believe, _believe_asked, WRONG, of_rows)
MORE = Question(
    always("What would you do with ten times the data?"), _more, _more_asked, "How much better could it get?", with_room
)
