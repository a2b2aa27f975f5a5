"""The page of a served model in a real browser: every field and answer is the API's; mouse, keyboard and finger do."""

import csv
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from browser import DESK, LUMINANCE, SECONDS, Tab, find_browser, open_tab
from serving_http import options_in, serving
from toy_service import defined, packed, served_project
from toy_table import run_now

from pipelines.experiments.controls import linear_baseline
from pipelines.ladder.ladder import ladder
from pipelines.ladder.saved import save
from pipelines.ladder.study import Study
from pipelines.metrics import METRICS
from pipelines.models.saving.zip import pack, unpack

FOLDER = Path(__file__).parent.parent / "flows" / "serving" / "page"
LARGEST = 60_000  # bytes of all files of the page
NARROW = (360, 740)  # CSS pixels of a small phone
FEWEST_CONTRAST = 4.5  # of text on its ground: Web Content Accessibility Guidelines 2.2, 1.4.3
MISSING = (
    "no Chromium on this machine (Debian: apt-get install chromium): whether the page of a served model shows what the "
    "API says, can be used by keyboard alone, and fits a phone was not compared"
)
READY = "document.querySelector('#models td') && document.getElementById('answers').ariaBusy === 'false'"
CONTRASTS = (
    """(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const paint = colours => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
"""
    + LUMINANCE
    + """  const found = {};
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own && !element.matches('input[type=text], select, textarea')) continue;
    if (!element.getClientRects().length || element.matches('.hidden, .skip, option, noscript')) continue;
    const around = [];
    for (let e = element; e; e = e.parentElement) around.unshift(getComputedStyle(e).backgroundColor);
    const style = getComputedStyle(element);
    const ink = element.matches('svg *') ? style.fill : style.color;
    const [ground, text] = [paint(around), paint([...around, ink])].map(light);
    found[`${element.tagName} ${element.getAttribute('class')} ${element.textContent.slice(0, 30)}`] =
      (Math.max(ground, text) + .05) / (Math.min(ground, text) + .05);
  }
  return found;
})()"""
)

Opened = tuple[Tab, str]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Start one browser, and the server of a project whose columns are of all kinds."""
    if find_browser() is None:
        pytest.skip(MISSING)
    options = options_in(tmp_path_factory.mktemp("page"))
    with serving(options) as running, open_tab(str(find_browser())) as tab:
        yield tab, running.address


@pytest.fixture
def page(browser: Opened) -> Opened:
    """Return the browser's page at a desk, with the answer to the example on it."""
    tab, url = browser
    return opened(tab, url), url


def opened(tab: Tab, url: str, size: tuple[int, int] = DESK, *, dark: bool = False) -> Tab:
    """Open the page and wait for its first answer."""
    tab.open("about:blank")  # what a page still asks of a server that has ended is not this page's
    tab.complaints.clear()
    tab.requests.clear()
    tab.look(size, dark=dark, still=True)
    tab.open(f"{url}/")
    tab.wait(READY)
    return tab


def ask(url: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
    """Return what an address answers, in JSON; a body is posted."""
    content = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url + path, content, {"Content-Type": "application/json"}), timeout=SECONDS) as answer:
        return json.load(answer)


def put(tab: Tab, name: str, value: object) -> None:
    """Write a value into a field, as typing does."""
    tab.ask(f"""(field => {{
      field.focus();
      field.value = {json.dumps(str(value))};
      field.dispatchEvent(new Event('input', {{bubbles: true}}));
    }})(document.querySelector('[name="{name}"]'))""")


def words(tab: Tab, selector: str) -> str:
    """Return the words of an element, with plain spaces."""
    found: str = tab.ask(f"document.querySelector({selector!r}).innerText")
    return re.sub(r"\s+", " ", found).strip()


def settled(tab: Tab) -> str:
    """Return the answer once the last change has been answered."""
    tab.wait("document.getElementById('answers').ariaBusy === 'false'")
    return words(tab, "#value")


def share(text: str) -> float:
    """Return the probability that the page wrote in percent."""
    return float(re.fullmatch(r"([\d.]+) %", text)[1]) / 100  # type: ignore[index]


def held(tab: Tab) -> dict[str, Any]:
    """Return what the fields hold, by column."""
    found: dict[str, Any] = tab.ask(
        "Object.fromEntries([...document.querySelectorAll('.control')].map(c => [c.name, c.value]))"
    )
    return found


def example(url: str) -> dict[str, Any]:
    """Return the example row of the API."""
    rows = ask(url, "/openapi.json")["components"]["schemas"]["Row"]["properties"]
    found = {name: shown["examples"][0] for name, shown in rows.items()}
    return found | {name: bool(found[name]) for name in found if rows[name]["type"][0] == "boolean"}


def answered(url: str, row: dict[str, Any], model: str = "strong") -> dict[str, Any]:
    """Return the API's result for a row."""
    found: dict[str, Any] = ask(url, "/predict", {"rows": [row], "model": model})["results"][0]
    return found


def test_the_form_has_every_field_with_unit_bounds_levels_and_example(page: Opened) -> None:
    """Each property of the request's schema is a labelled field that starts from the example."""
    tab, url = page
    row = ask(url, "/openapi.json")["components"]["schemas"]["Row"]
    shown = tab.ask("""[...document.querySelectorAll('.control')].map(c => ({
      name: c.name, label: c.labels[0].innerText, value: c.value,
      bounds: document.getElementById(c.getAttribute('aria-describedby').split(' ')[0]).innerText,
      options: [...(c.list ?? c).querySelectorAll('option')].map(o => o.value)}))""")

    assert [one["name"] for one in shown] == list(row["properties"])
    for one in shown:
        schema = row["properties"][one["name"]]
        assert one["label"].lower() == schema["title"].lower()
        assert one["value"] == _text(example(url)[one["name"]]).strip('"')
        assert ("may be empty" in one["bounds"]) == (one["name"] not in row["required"])
        allowed = [value for value in schema.get("enum", []) if value is not None]
        assert set(allowed) <= set(one["options"])
        assert set(schema.get("x-training", {}).get("levels", [])) <= set(one["options"])
    bounds = {one["name"]: one["bounds"] for one in shown}
    assert bounds["age"] == "18 to 99, years"
    assert bounds["income"] == "0 or more, may be empty"
    assert bounds["price"] == "USD"
    assert tab.complaints == []


def test_the_example_has_the_apis_answer_by_each_model(page: Opened) -> None:
    """Probability, decision and cost of each model, and the table that compares them, are what /predict says."""
    tab, url = page
    settled(tab)
    for place, model in enumerate(("strong", "baseline")):
        tab.ask(f"document.querySelector('input[value={model}]').click()")
        result = answered(url, example(url), model)
        cells = tab.ask(f"[...document.querySelectorAll('#models tr:nth-child({place + 1}) td')].map(c => c.innerText)")

        assert share(words(tab, "#value")) == pytest.approx(result["prediction"], rel=6e-3)
        assert words(tab, "#decided").startswith("Yes" if result["decision"]["act"] else "No")
        cost = re.search(r"Expected cost ([\d.]+);", words(tab, "#decided"))
        assert float(cost[1]) == pytest.approx(result["expected_cost"], abs=0.006)  # type: ignore[index]
        assert share(cells[0].replace("\u00a0", " ")) == pytest.approx(result["prediction"], rel=6e-3)
        assert cells[1] == ("yes" if result["decision"]["act"] else "no")
        assert float(cells[2]) == pytest.approx(result["expected_cost"], abs=0.006)
    assert tab.complaints == []


@pytest.mark.parametrize(
    ("name", "value"), [("age", "abc"), ("age", "17"), ("age", ""), ("income", "-3"), ("price", "x")]
)
def test_a_bad_value_has_its_message_at_the_field(page: Opened, name: str, value: str) -> None:
    """What the API says of the field stands below it, is tied to it, and goes when the value is put right."""
    tab, url = page
    put(tab, name, value)
    field = f'[name="{name}"]'
    tab.wait(f"document.querySelector('{field}').ariaInvalid === 'true'")
    error = answered(url, held(tab) | {name: value or None})["error"]
    wrong = tab.ask(f"document.querySelector('{field}').getAttribute('aria-describedby').split(' ')[1]")
    message = words(tab, f"#{wrong}")

    assert error["field"] == name
    for part in ("found", "allowed", "do"):
        assert error[part].lower() in message.lower()
    assert words(tab, "#decided").startswith("No answer.")
    put(tab, name, example(url)[name])
    tab.wait("!document.querySelector('[aria-invalid=true]')")
    assert not tab.ask(f"document.getElementById('{wrong}').getClientRects().length")
    assert words(tab, "#decided")[:2] in ("Ye", "No")
    assert not words(tab, "#decided").startswith("No answer.")


def test_a_value_beyond_the_training_rows_is_noted(page: Opened) -> None:
    """What no training row had is said beside the answer."""
    tab, _ = page
    assert words(tab, "#notes") == ""
    put(tab, "income", "1e9")
    tab.wait("document.querySelector('#notes li')")
    assert words(tab, "#notes").startswith("Income: above all training rows")


def test_an_answer_follows_a_slider_and_stands_beside_the_answer_before(page: Opened) -> None:
    """Moving a field changes the answer; before and after are shown, may be anchored anew, and go back."""
    tab, url = page
    first = settled(tab)
    box = "document.querySelector('[name=income] ~ [type=range]').getBoundingClientRect()"
    tab.ask("document.querySelector('[name=income]').scrollIntoView({block: 'center'})")
    x, y, width = tab.ask(f"(b => [b.x, b.y + b.height / 2, b.width])({box})")
    tab.click(x + width - 12, y)
    tab.wait("document.querySelector('#change b')")
    second = settled(tab)
    row = held(tab)
    result = answered(url, {name: value or None for name, value in row.items()})

    assert first != second
    assert float(row["income"]) > example(url)["income"]
    assert share(second) == pytest.approx(result["prediction"], rel=6e-3)
    assert words(tab, "#change b").startswith(f"Before {first}")
    assert f"→ {row['income']}" in words(tab, "#change")
    assert tab.ask("document.querySelectorAll('#lanes .hollow').length") == 2
    tab.wait("document.querySelector('#curve .hollow')")
    assert words(tab, "#sweep-title") == "Income, moved alone"
    tab.ask("document.getElementById('keep').click()")
    assert words(tab, "#change") == ""
    tab.ask("document.getElementById('reset').click()")
    assert settled(tab) == first
    assert held(tab)["income"] == str(example(url)["income"])
    assert tab.complaints == []


def test_the_curve_is_what_the_api_answers_along_the_field(page: Opened) -> None:
    """The ends of the curve's scale are the lowest and highest of the answers along it."""
    tab, url = page
    put(tab, "age", 40)
    settled(tab)
    tab.wait("document.getElementById('sweep-title').textContent.startsWith('Age')")
    tab.wait("/from 18 to/.test(document.querySelector('#curve svg').ariaLabel)")
    label = tab.ask("document.querySelector('#curve svg').ariaLabel").replace("\u00a0", " ")
    first, last, low, high = re.fullmatch(r".* from (\d+) to (\d+): answers from (.*) to (.*)", label).groups()  # type: ignore[union-attr]
    ages = range(int(first), int(last) + 1)
    rows = [example(url) | {"age": age} for age in ages]
    known = [one["prediction"] for one in ask(url, "/predict", {"rows": rows})["results"] if "error" not in one]

    assert share(low) >= min(known) * 0.99
    assert share(high) <= max(known) * 1.01
    assert share(low) <= known[40 - int(first)] * 1.01
    assert share(high) >= known[40 - int(first)] * 0.99


def test_the_keyboard_alone_does_all(page: Opened) -> None:
    """Skip to the form, move a field by keys, switch the model, paste rows and have them answered; focus is seen."""
    tab, url = page
    first = settled(tab)
    tab.press("Tab")
    assert tab.ask("document.activeElement.matches('.skip')")
    tab.press("Enter")
    _tab_to(tab, "[name=income]")
    for _ in range(30):
        tab.press("ArrowUp")
    tab.wait("document.querySelector('#change b')")
    moved = settled(tab)
    income = float(held(tab)["income"])
    _tab_to(tab, "input[value=strong]")
    tab.press("ArrowDown")
    by_baseline = words(tab, "#value")
    _tab_to(tab, "#csv")
    names = list(example(url))
    tab.type(",".join(names) + "\n" + ",".join(_text(example(url)[name]) for name in names) + "\n")
    _tab_to(tab, "#paste .primary")
    tab.press("Enter")
    tab.wait("document.querySelector('#table tbody tr')")
    _tab_to(tab, "#table")

    assert income > example(url)["income"]
    assert moved != first
    baseline = answered(url, example(url) | {"income": income}, "baseline")
    assert share(by_baseline) == pytest.approx(baseline["prediction"], rel=6e-3)
    assert words(tab, "#many-said").startswith("1 answer by the baseline model")
    assert tab.complaints == []


def _tab_to(tab: Tab, selector: str) -> None:
    """Press the Tab key until an element has the keyboard, which is seen at every stop."""
    for _ in range(40):
        tab.press("Tab")
        shown = tab.ask("getComputedStyle(document.activeElement).outlineStyle")
        if not tab.ask("document.activeElement.matches('#answer, #file')"):
            assert shown != "none", tab.ask("document.activeElement.outerHTML")
        if tab.ask(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(selector)


def _text(cell: object) -> str:
    """Return a cell as a CSV file has it."""
    text = "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
    return f'"{text}"' if "," in text else text


def test_a_pasted_table_is_answered_row_by_row(page: Opened, tmp_path: Path) -> None:
    """Good rows have the API's answers, bad rows their reasons, in their order; the download has all of it."""
    tab, url = page
    names = list(example(url))
    rows = [example(url), example(url) | {"age": 17}, example(url) | {"income": None}, example(url) | {"town": "Paris"}]
    lines = [",".join(names), *(",".join(_text(row[name]) for name in names) for row in rows), "1,2"]
    tab.ask(f"document.getElementById('csv').value = {json.dumps(chr(10).join(lines))}")
    tab.ask("document.querySelector('#paste .primary').click()")
    tab.wait("document.querySelector('#table tbody tr')")
    shown = tab.ask("[...document.querySelectorAll('#table tbody tr')].map(r => r.innerText)")
    results = ask(url, "/predict", {"rows": rows})["results"]

    assert words(tab, "#many-said").endswith("; 3 rows without an answer.")
    assert len(shown) == 5
    for place in (0, 2):
        assert share(shown[place].split("\t")[1].replace("\u00a0", " ")) == pytest.approx(
            results[place]["prediction"], rel=6e-3
        )
    for place in (1, 3):
        assert results[place]["error"]["field"] in shown[place]
        assert results[place]["error"]["allowed"] in shown[place]
    assert "2 fields under a header of 9" in shown[4]
    tab.ask("document.getElementById('only').click()")
    assert tab.ask("[...document.querySelectorAll('#table tbody th')].map(h => h.innerText)") == ["2", "4", "5"]
    saved = _downloaded(tab, tmp_path)
    assert [one["age"] for one in saved] == [*(str(row["age"]) for row in rows), "1"]
    assert [one["prediction"] for one in saved] == [
        str(result["prediction"]) if "prediction" in result else "" for result in [*results, {}]
    ]
    assert [one["error_field"] for one in saved] == ["", "age", "", "town", "row"]
    assert tab.complaints == []


def _downloaded(tab: Tab, folder: Path) -> list[dict[str, str]]:
    """Return the rows of the file that the page gives."""
    tab.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    tab.ask("document.getElementById('download').click()")
    end = time.monotonic() + SECONDS
    while not (files := list(folder.glob("*-answers.csv"))) and time.monotonic() < end:
        time.sleep(0.05)
    with files[0].open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_of_a_spreadsheet_is_read(page: Opened, separator: str) -> None:
    """Separators of spreadsheets, quoted cells with separators and line ends in them, and Windows' line ends."""
    tab, url = page
    row = example(url) | {"remark": f'"a" "b"{separator}\nc', "member": None}
    quoted = ['"' + ("" if cell is None else str(cell)).replace('"', '""') + '"' for cell in row.values()]
    content = "\ufeff" + separator.join(row) + "\r\n" + separator.join(quoted) + "\r\n\r\n"
    tab.ask(f"document.getElementById('csv').value = {json.dumps(content)}")
    tab.ask("document.querySelector('#paste .primary').click()")
    tab.wait("document.querySelector('#table tbody tr')")
    shown = tab.ask("document.querySelector('#table tbody td').innerText").replace("\u00a0", " ")
    assert share(shown) == pytest.approx(answered(url, row)["prediction"], rel=6e-3)


def test_nothing_is_wider_than_a_small_phone(browser: Opened) -> None:
    """At 360 pixels nothing makes the page scroll sideways: a message, a moved field and a table of answers open."""
    tab, url = browser
    opened(tab, url, NARROW)
    put(tab, "age", "abc")
    tab.wait("document.querySelector('[aria-invalid=true]')")
    tab.ask("document.getElementById('sample').click()")
    tab.ask("document.querySelector('#paste .primary').click()")
    tab.wait("document.querySelector('#table tbody tr')")
    for value in ("abc", "33"):
        put(tab, "age", value)
        tab.wait(f"Boolean(document.querySelector('.old')) === {str(value == 'abc').lower()}")
        assert tab.ask("document.documentElement.scrollWidth") <= NARROW[0]
    beyond = tab.ask(
        "[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .skip, .hidden, textarea') && "
        f"e.getBoundingClientRect().right > {NARROW[0]} + .5).map(e => e.outerHTML.slice(0, 80))"
    )
    assert beyond == []
    box = "document.getElementById('bar').getBoundingClientRect()"
    tab.ask("document.querySelector('[name=income]').scrollIntoView({block: 'center'})")
    assert tab.ask(f"{box}.bottom") <= NARROW[1]
    assert words(tab, "#bar").startswith(words(tab, "#value"))


@pytest.mark.parametrize("dark", [False, True])
def test_all_words_can_be_read_light_and_dark(browser: Opened, dark: bool) -> None:
    """The page follows the reader's system; all of its words, those of pictures too, stand out from their ground."""
    tab, url = browser
    opened(tab, url, dark=dark)
    put(tab, "income", "3000")
    tab.ask("document.getElementById('sample').click()")
    tab.ask("document.getElementById('csv').value += '1,2'")
    tab.ask("document.querySelector('#paste .primary').click()")
    tab.wait("document.querySelector('#table .bad') && document.querySelector('#curve svg')")
    contrasts = tab.ask(CONTRASTS)
    put(tab, "age", "abc")
    tab.wait("document.querySelector('[aria-invalid=true]')")
    message = {key: value for key, value in tab.ask(CONTRASTS).items() if " wrong " in key or "Found" in key}
    ground = tab.ask("getComputedStyle(document.body).backgroundColor")

    assert (max(map(int, re.findall(r"\d+", ground)[:3])) < 60) == dark
    assert len(contrasts) > 60
    assert message
    assert {key: value for key, value in (contrasts | message).items() if value < FEWEST_CONTRAST} == {}


def test_every_control_has_a_name_and_every_picture_words_or_none(page: Opened) -> None:
    """What a screen reader says: fields, buttons and links by name; a picture is described, or said beside it."""
    tab, _ = page
    settled(tab)
    tree = tab.call("Accessibility.getFullAXTree")["nodes"]
    shown = [node for node in tree if not node.get("ignored")]
    roles = {"textbox", "combobox", "button", "link", "radio", "checkbox", "image", "table", "region"}
    nameless = [
        node for node in shown if node["role"]["value"] in roles and not node.get("name", {}).get("value", "").strip()
    ]
    tab.wait("document.getElementById('spoken').textContent")

    assert nameless == []
    assert sum(node["role"]["value"] in {"textbox", "combobox"} for node in shown) >= 10
    assert words(tab, "#value") in tab.ask("document.getElementById('spoken').textContent").replace("\u00a0", " ")
    assert tab.ask("[...document.querySelectorAll('svg')].every(s => s.ariaLabel || s.ariaHidden === 'true')")


def with_reasons() -> bytes:
    """Return the toy's archive with its ladder, from which reasons are made."""
    table, project = defined("binary").table, served_project("binary")
    study = Study(table, METRICS["roc_auc"], 0.01, 3, run_now, None)
    rungs = save(ladder(study, linear_baseline(table)), table, project)
    return pack(unpack(packed("binary")) | {"rungs.zip": rungs}, compress=True)


def test_reasons_are_a_picture_and_sentences(browser: Opened, tmp_path: Path) -> None:
    """A bar for what each cause moved and for the three features, as the API says; of the model that is chosen."""
    tab, _ = browser
    with serving(options_in(tmp_path, with_reasons())) as running:
        url = running.address
        opened(tab, url)
        for model in ("strong", "baseline"):
            tab.ask(f"document.querySelector('input[value={model}]').click()")
            why = ask(url, "/predict?trial=true", {"rows": [example(url)], "model": model, "why": True})["results"][0][
                "why"
            ]
            tab.wait(f"document.getElementById('why-text').textContent === {json.dumps(why['text'])}")
            tab.wait("!document.querySelector('#why.old')")
            bars = tab.ask("['causes', 'features'].map(id => document.querySelectorAll(`#${id} [class|=bar]`).length)")
            moved = [one for one in [*why["causes"], {"moved": why["rest"]}] if abs(one["moved"]) > 1e-6]

            assert bars[1] == len(why["features"]) > 0
            assert tab.ask("document.getElementById('causes').parentElement.hidden") == (not why["causes"])
            if why["causes"]:
                label = tab.ask("document.querySelector('#causes svg').ariaLabel")
                assert bars[0] == len(moved) > 0
                assert all(one["cause"] in label for one in moved if "cause" in one)
            titles = tab.ask("document.querySelector('#features svg').ariaLabel")
            assert all(one["title"] in titles for one in why["features"])
        assert tab.complaints == []


@pytest.mark.parametrize(("task", "log"), [("multiclass", False), ("count", False), ("regression", True)])
def test_other_targets_have_their_answers(browser: Opened, tmp_path: Path, task: str, log: bool) -> None:
    """The likeliest class with its probability, or a value with its interval: as the API says them."""
    tab, _ = browser
    with serving(options_in(tmp_path, packed(task, log=log))) as running:
        url = running.address
        opened(tab, url)
        shown = settled(tab)
        result = answered(url, example(url))
        if task == "multiclass":
            assert shown == result["prediction"]
            assert tab.ask("document.querySelectorAll('#lanes rect').length") == len(result["probabilities"])
        else:
            said = re.search(r"interval ([\d.,]+) to ([\d.,]+)", words(tab, "#meaning"))
            ends = [float(end.replace(",", "")) for end in said.groups()] if said else None
            interval = result["interval"]
            assert float(shown.split()[0].replace(",", "")) == pytest.approx(result["prediction"], rel=1e-3)
            assert ends == (interval and pytest.approx([interval["low"], interval["high"]], rel=1e-3))
            assert tab.ask("document.querySelectorAll('#lanes .span').length") == (2 if interval else 0)
        assert tab.ask("document.getElementById('why').hidden") == (result["why"] is None)
        assert tab.complaints == []


def test_a_server_that_has_gone_is_said_and_its_return_too(browser: Opened, tmp_path: Path) -> None:
    """Where nobody answers, the page says so at once; once the server is back, it goes on by itself."""
    tab, _ = browser
    with serving(options_in(tmp_path)) as running:
        url = running.address
        opened(tab, url)
    put(tab, "age", 44)
    tab.wait("!document.getElementById('banner').hidden")
    said = words(tab, "#banner")
    with serving(replace(options_in(tmp_path), port=int(url.rpartition(":")[2]))):
        tab.wait("document.getElementById('banner').hidden")
        tab.wait("!document.querySelector('.old')")
        back = settled(tab)
        assert share(back) == pytest.approx(answered(url, example(url) | {"age": 44})["prediction"], rel=6e-3)
    assert said.startswith("The server does not answer.")


def test_rows_that_are_tried_out_do_not_count_and_pasted_rows_do(browser: Opened, tmp_path: Path) -> None:
    """Moving fields leaves no prediction for feedback; a pasted table does, by the id and row of the download."""
    tab, _ = browser
    with serving(options_in(tmp_path)) as running:
        url = running.address
        opened(tab, url)
        put(tab, "age", 44)
        settled(tab)
        tried = ask(url, "/predict?trial=true", {"rows": [example(url)]})
        tab.ask("document.getElementById('sample').click()")
        tab.ask("document.querySelector('#paste .primary').click()")
        tab.wait("document.querySelector('#table tbody tr')")
        saved = _downloaded(tab, tmp_path)
        about = [(tried["request_id"], 0), *((one["request_id"], int(one["row"])) for one in saved)]
        truths = [{"request_id": request, "row": row, "truth": 1} for request, row in about]
        kept = ask(url, "/feedback", {"feedback": truths})

    assert tried["kept"] is False
    assert "error" in kept["results"][0]
    assert kept["kept"] == len(saved) == 2


def test_the_page_asks_its_own_server_alone(page: Opened) -> None:
    """No request leaves, under a policy that forbids it: no script, style, picture or call from elsewhere or inline."""
    tab, url = page
    settled(tab)
    policy = tab.ask("fetch('./').then(answer => answer.headers.get('content-security-policy'))")
    refused = tab.ask("fetch('https://elsewhere.example/').then(() => 'sent', () => 'refused')")
    inline = tab.ask("document.querySelectorAll('style, [style], script:not([src]), [onclick]').length")

    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert refused == "refused"
    assert inline == 0
    assert len(tab.requests) > 10
    assert set(tab.requests) - {address for address in tab.requests if address.startswith((url, "data:"))} <= {
        "https://elsewhere.example/"
    }


def test_the_page_is_small() -> None:
    """All of its files together."""
    files = list(FOLDER.iterdir())
    assert {"index.html", "page.css", "page.js"} <= {file.name for file in files}
    assert sum(file.stat().st_size for file in files) < LARGEST
