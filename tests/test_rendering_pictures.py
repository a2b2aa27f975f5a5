"""The pictures of reports: drawn where there are facts, small, captioned, and the same for the same facts."""

import copy
import re
import xml.etree.ElementTree as ET

import pytest
import sample_facts
from conftest import Facts
from grouped_facts import grouped
from sample_facts import SAMPLES, told_again, tracked
from test_rendering import LARGEST_PICTURE, markdown_of

from pipelines.facts.pointer import parts
from pipelines.facts.schema import alternatives, load_schema
from pipelines.report.pages.report import render_report
from pipelines.report.pictures import PICTURES, draw_pictures
from pipelines.report.section import Picture


@pytest.fixture(scope="module")
def reports() -> Facts:
    """Return the finished report of each sample."""
    return {kind: render_report(facts()) for kind, facts in SAMPLES.items()}


@pytest.fixture(scope="module")
def pictures() -> dict[str, dict[str, bytes]]:
    """Return the pictures of each sample."""
    return {kind: draw_pictures(facts()) for kind, facts in SAMPLES.items()}


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_picture_is_small_valid_and_captioned(
    kind: str, reports: Facts, pictures: dict[str, dict[str, bytes]]
) -> None:
    """What is drawn is what the page shows; each picture is small well-formed SVG of one width, under its finding."""
    report = reports[kind]
    titled = re.findall(r"\*\*(.+)\*\*\n\n!\[(.+)\]\(figures/(.*?)\)\n", report.markdown)
    shown = [picture for _, _, picture in titled]
    assert [title.replace("\\", "") for title, _, _ in titled] == [alt.replace("\\", "") for _, alt, _ in titled]
    assert shown == [f"{name}.svg" for name in report.pictures] == list(pictures[kind])
    assert report.markdown.count("](figures/") == len(shown)
    for picture in pictures[kind].values():
        assert len(picture) < LARGEST_PICTURE
        assert ET.fromstring(picture).get("width") == "525.6pt"
        assert b"dc:date" not in picture


OF_SERIES = ("compare#/forecasts", "reflect#/forecasts", "eda#/series")  # facts that only forecasts have
OF_TEXTS = ("reflect#/texts", "eda#/texts")  # facts that only tables with texts have
OF_GROUPS = ("reflect#/groups", "compare#/groups")  # facts that only groups without a label have
# Facts of pictures that are never empty; of groups without an outcome test_groups_whole.py asks.
ALWAYS = ("eda#/drift", "reflect#/headroom", "define#/target_summary", "eda#/target/spread")


def nothing(pointer: str) -> list[object] | None:
    """Return what stands for no facts at a pointer: None where its schema allows that, else an empty list."""
    step, (key,) = parts(pointer)
    schema = load_schema(step)
    return None if {"type": "null"} in alternatives(schema, schema["properties"][key]) else []


@pytest.mark.parametrize(
    "picture",
    [
        one
        for one in PICTURES
        if "/" in one.needs and one.needs not in ALWAYS and not one.needs.startswith(OF_SERIES + OF_TEXTS + OF_GROUPS)
    ],
    ids=lambda one: one.name,
)
def test_what_has_no_facts_is_neither_drawn_nor_shown(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the facts of a picture are empty, the page does without it, and so does the folder.

    Which pictures are drawn is asked, not what they look like: drawing twenty takes five seconds.
    """
    monkeypatch.setattr("pipelines.report.pictures.to_svg", lambda draw, facts: b"")  # noqa: ARG005 - as to_svg
    kind = {"compare#/residuals": "regression", "compare#/confusion": "multiclass"}.get(picture.needs, "binary")
    sample = SAMPLES[kind]()
    step, (key,) = parts(picture.needs)
    facts = sample | {step: sample[step] | {key: nothing(picture.needs)}}
    if key == "threshold":  # without costs nothing is said to be saved
        facts["compare"]["complexity"] = facts["compare"]["complexity"] | {"worth": "gains"}
    told_again(facts)
    assert render_report(facts).pictures == tuple(name.removesuffix(".svg") for name in draw_pictures(facts))
    assert picture.name not in render_report(facts).pictures


def test_the_same_facts_make_the_same_bytes(reports: Facts, pictures: dict[str, dict[str, bytes]]) -> None:
    """Text and pictures depend on the facts alone."""
    facts = copy.deepcopy(sample_facts.regression())
    assert markdown_of(facts) == reports["regression"].markdown
    assert draw_pictures(facts) == pictures["regression"]


def test_all_pictures_are_used(pictures: dict[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture is never drawn; of forecasts, texts and groups tests of their own look at them, here names count."""
    monkeypatch.setattr("pipelines.report.pictures.to_svg", lambda draw, facts: b"")  # noqa: ARG005 - as to_svg
    others = [draw_pictures(facts) for facts in (sample_facts.forecast(), tracked("reviews"), grouped("groups"))]
    drawn = {name for one in (*pictures.values(), *others) for name in one}
    assert drawn == {f"{picture.name}.svg" for picture in PICTURES}
