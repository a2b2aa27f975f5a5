"""The page of served groups in a real browser: group, how surely, the next, why, and the verdict, as the API has it."""

import re
from pathlib import Path

import pytest
from browser import Tab, find_browser, open_tab
from serving_http import options_in, serving
from test_serving_page import MISSING, answered, ask, example, opened, put, settled, words
from toy_service_groups import Kind, packed_groups

pytestmark = pytest.mark.skipif(find_browser() is None, reason=MISSING)
WHY = "!document.getElementById('why').hidden && !document.getElementById('why').classList.contains('old')"


def shown(tab: Tab, url: str, row: dict[str, object], *, scored: bool) -> None:
    """Compare what stands there with the API's answer."""
    result = answered(url, row)
    group = result["group"]
    said = words(tab, "#decided")
    found = re.fullmatch(r"Group (\d+) of (\d+), ([\d.]+) % sure; the next likeliest is group (\d+)\.", said)
    assert found is not None, said
    assert [int(found[place]) for place in (1, 2, 4)] == [group["number"], group["of"], group["next"]]
    assert float(found[3]) == pytest.approx(100 * group["sure"], abs=0.06)
    value = float(re.sub(r"[^\d.]", "", words(tab, "#value")))
    assert value == pytest.approx(result["prediction"] if scored else group["number"], rel=1e-3)


@pytest.mark.parametrize("kind", ["entities", "entities, no outcome"])
def test_the_page_shows_the_group(kind: Kind, tmp_path: Path) -> None:
    """Of the example, and of a row that is changed; the page complains of nothing."""
    scored = "no outcome" not in kind
    with serving(options_in(tmp_path, packed_groups(kind))) as running, open_tab(str(find_browser())) as tab:
        url = running.address
        opened(tab, url)
        settled(tab)
        row = example(url)
        shown(tab, url, row, scored=scored)
        assert ask(url, "/about")["groups"]["words"] in words(tab, "#lede")

        put(tab, "recency", 170)
        settled(tab)
        shown(tab, url, {**row, "recency": 170}, scored=scored)
        tab.wait(WHY)
        text = ask(url, "/predict", {"rows": [{**row, "recency": 170}], "why": True})["results"][0]["why"]["text"]
        assert words(tab, "#why-text") == text
        assert words(tab, "#promise").startswith("Too early" if scored else "No outcome")
        assert words(tab, "#models-head").startswith("Model Group Answer")
        assert tab.complaints == []
