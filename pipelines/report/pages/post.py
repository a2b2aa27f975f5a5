"""A post about the project: the story in plain words, and two short versions of it."""

from pipelines.facts.steps import Facts
from pipelines.report.section import Part, Section, View
from pipelines.report.spoken import telling
from pipelines.report.spoken.brief import network, short
from pipelines.report.spoken.doubts import IDLE
from pipelines.report.spoken.groups import adds_in_a_post
from pipelines.report.spoken.groups import in_a_post as groups_in_a_post
from pipelines.report.spoken.ship import ship
from pipelines.report.spoken.speech import plain, question
from pipelines.report.spoken.telling import HOW
from pipelines.report.spoken.texts import in_a_post
from pipelines.report.spoken.wrong import doubts


def _view(facts: Facts) -> View:
    return {
        "title": telling.title(facts),
        "opening": question(facts),
        "setup": telling.setup(facts),
        "models": telling.models(facts),
        "result": telling.result(facts),
        "how": plain(HOW, facts),
        "reason": telling.reason(facts),
        "idle": IDLE.say(facts) if telling.explained(facts) else None,
        "controls": telling.controls(facts),
        "texts": in_a_post(facts),
        "groups": [one for one in (groups_in_a_post(facts), adds_in_a_post(facts)) if one is not None],
        "wrong": doubts(facts),
        "ship": ship(facts),
    }


def _short(facts: Facts) -> View:
    return {"short": short(facts), "network": network(facts)}


POST = Section("post", "reflect", _view, ("answer#",))
SHORT = Section("post_short", "reflect", _short, ("answer#",))
PARTS: tuple[Part, ...] = (Part(None, (POST, SHORT)),)
