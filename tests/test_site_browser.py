"""The site in a real browser: nothing breaks or leaves the machine; mouse, keyboard and finger each show a fact."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import DESK, LUMINANCE, PHONE, SECONDS, Tab, find_browser, open_tab, served

REPORT = "reports/loan_default/index.html"
FEWEST_CONTRAST = 4.5  # of text on its ground: Web Content Accessibility Guidelines 2.2, 1.4.3
SOURCES_OPENED = 5  # of the pages of source files, which are all made alike
MISSING = (
    "no Chromium on this machine (Debian: apt-get install chromium): whether pages fit a phone, load nothing from "
    "elsewhere, and show facts by mouse, keyboard and finger was not compared"
)
CONTRAST = (
    """(element => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const paint = colour => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
"""
    + LUMINANCE
    + """  const around = [];
  for (let e = element; e; e = e.parentElement) around.unshift(getComputedStyle(e).backgroundColor);
  const [ground, ink] = [...around, getComputedStyle(element).color].map(paint).slice(-2).map(light);
  return (Math.max(ground, ink) + .05) / (Math.min(ground, ink) + .05);
})"""
)
OPEN = "document.querySelector('.fact-panel:not([hidden])')"


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Path:
    """Return the site's folder, where there is a browser to look at it with."""
    if find_browser() is None:
        pytest.skip(MISSING)
    made: Path = request.getfixturevalue("built_site")
    return made


@pytest.fixture(scope="module")
def browser(site: Path) -> Iterator[tuple[Tab, str]]:
    """Start one browser, with the site served on this machine."""
    with served(site) as url, open_tab(str(find_browser())) as tab:
        yield tab, url


@pytest.fixture
def tab(browser: tuple[Tab, str]) -> Tab:
    """Return the browser's page with the report on it, at a desk."""
    tab, url = browser
    return go(tab, f"{url}/{REPORT}")


def go(tab: Tab, address: str, size: tuple[int, int] = DESK, *, dark: bool = False) -> Tab:
    """Open a page as one sees it who never was there before."""
    tab.look(size, dark=dark)
    tab.open(address)
    tab.ask("localStorage.clear()")
    tab.open(address)
    return tab


def place(tab: Tab, selector: str) -> tuple[float, float]:
    """Return the middle of the first element that the selector finds, once it is on the screen."""
    tab.ask(f"document.querySelector({selector!r}).scrollIntoView({{block: 'center', behavior: 'instant'}})")
    box = f"document.querySelector({selector!r}).getClientRects()[0]"
    x, y = tab.ask(f"(box => [box.x + box.width / 2, box.y + box.height / 2])({box})")
    return x, y


def evidence(tab: Tab, number: str) -> tuple[list[str], list[str]]:
    """Return what the open panel says, and what it should say of the number that a script finds."""
    tab.wait(OPEN)
    said = tab.ask("[...document.querySelectorAll('.fact-panel dd')].map(element => element.textContent)")
    facts = json.loads(tab.ask("document.getElementById('facts').textContent"))
    step, pointer, value = facts["facts"][int(tab.ask(f"{number}.dataset.fact"))]
    return said, [pointer, value, facts["steps"][step]["made"], facts["steps"][step]["again"]]


def test_no_page_breaks_is_too_wide_or_asks_elsewhere(
    site: Path, browser: tuple[Tab, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Pages on a phone: no error, every picture drawn, nothing beyond the right edge, no request off the machine."""
    tab, url = browser
    tab.look(PHONE)
    pages = [file.relative_to(site).as_posix() for file in sorted(site.rglob("*.html"))]
    sources = [page for page in pages if "." in Path(page).stem]
    pages = [page for page in pages if page not in sources[SOURCES_OPENED:]]
    broken = {}
    for page in pages:
        tab.open(f"{url}/{page}")
        width = tab.ask("document.documentElement.scrollWidth")
        blank = tab.ask("[...document.images].filter(i => i.loading != 'lazy' && !i.naturalWidth).map(i => i.src)")
        if width > PHONE[0] or blank or tab.complaints:
            broken[page] = (width, blank, list(tab.complaints))
        tab.complaints.clear()
    with capsys.disabled():
        print(f" [{len(pages)} pages, {len(tab.requests):,} requests]", end="")  # noqa: T201

    assert broken == {}
    assert tab.elsewhere(url) == []
    assert len(pages) > 25 + SOURCES_OPENED
    assert len(tab.requests) > len(pages)


def test_a_request_elsewhere_would_be_noted(tmp_path: Path) -> None:
    """A page that asks for a script, and a worker that asks for a file, are caught, and neither reaches anything."""
    if find_browser() is None:
        pytest.skip(MISSING)
    worker = "new Worker(URL.createObjectURL(new Blob(['fetch(\"https://worker.example/x\")'])))"
    page = f"<p>Here.</p><script src='https://page.example/x.js'></script><script>{worker}</script>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    with served(tmp_path) as url, open_tab(str(find_browser())) as tab:
        tab.open(f"{url}/page.html")
        end = time.monotonic() + SECONDS
        while "worker.example" not in tab.elsewhere(url) and time.monotonic() < end:
            time.sleep(0.05)

        assert {"https://page.example/x.js", "page.example", "worker.example"} <= set(tab.elsewhere(url))
        assert any("page.example" in complaint for complaint in tab.complaints)


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark_pages_can_be_read(browser: tuple[Tab, str], dark: bool) -> None:
    """The page follows the reader's system; words, numbers and the open fact stand out from their ground in both."""
    tab, url = browser
    go(tab, f"{url}/{REPORT}", dark=dark)
    x, y = place(tab, "article p > .fact")
    tab.point(x, y)
    tab.wait(OPEN)

    ground = tab.ask("getComputedStyle(document.body).backgroundColor")
    looked_at = ("article p", "article .fact", ".fact-hint", ".fact-panel dt", ".fact-panel dd", ".fact-panel a code")
    contrasts = {name: tab.ask(f"{CONTRAST}(document.querySelector('{name}'))") for name in looked_at}

    assert (max(map(int, re.findall(r"\d+", ground)[:3])) < 60) == dark
    assert {name: value for name, value in contrasts.items() if value < FEWEST_CONTRAST} == {}


def test_a_mouse_shows_a_fact_while_it_rests(tab: Tab) -> None:
    """Resting on a number shows its fact, leaving it hides that; a click keeps it, and another one hides it."""
    number = "document.querySelector('article p > .fact')"
    x, y = place(tab, "article p > .fact")

    tab.point(x, y)
    said, expected = evidence(tab, number)
    tab.point(2, 2)
    tab.wait(f"!({OPEN})")
    tab.click(x, y)
    tab.point(2, 2)
    tab.ask("new Promise(done => setTimeout(done, 400))")  # longer than a mouse may take to the fact
    assert tab.ask(f"Boolean({OPEN})")
    kept, _ = evidence(tab, number)
    tab.click(x, y)

    assert said == kept == expected
    assert re.search(r"[0-9]", said[1])
    assert not tab.ask(OPEN)
    assert tab.complaints == []


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_keyboard_alone_reaches_a_fact(tab: Tab, key: str) -> None:
    """From the top: skip to the page, Tab to a number, an arrow to the next; a key shows its fact, Escape hides it."""
    tab.press("Tab")
    assert tab.ask("document.activeElement.matches('.md-skip')")
    tab.press("Enter")
    pressed = 0
    while not tab.ask("document.activeElement.matches('article .fact')"):
        tab.press("Tab")
        pressed += 1
        assert pressed < 12
    first = tab.ask("document.activeElement.textContent")
    tab.press("ArrowRight")
    second = tab.ask("document.activeElement.textContent")
    tab.press("Escape")
    hidden = not tab.ask(OPEN)

    tab.press(key)
    said, expected = evidence(tab, "document.activeElement")
    states = [tab.ask("document.activeElement.ariaExpanded")]
    tab.press("Tab")
    link = tab.ask("document.activeElement.getAttribute('href')")
    tab.press("Escape")
    states.append(tab.ask("document.activeElement.ariaExpanded"))

    assert first != second == tab.ask("document.activeElement.textContent")
    assert hidden
    assert said == expected
    assert link == "facts/compare.json"
    assert states == ["true", "false"]
    assert not tab.ask(OPEN)
    assert tab.ask("document.activeElement.role") == "button"


def test_one_stop_of_the_tab_key_for_each_block(tab: Tab) -> None:
    """Hundreds of numbers are a few dozen stops: one in each paragraph, list or table, whichever was there last."""
    stops, numbers = tab.ask("['[tabindex=\"0\"]', ''].map(s => document.querySelectorAll('article .fact' + s).length)")
    groups = tab.ask(
        "new Set([...document.querySelectorAll('article .fact[role]')]"
        ".map(e => e.closest('p, ul, ol, table, h1, h2, h3, h4, h5, h6, details'))).size"
    )
    assert stops == groups
    assert numbers > 5 * stops > 50


def test_a_finger_shows_a_fact_at_the_foot_of_a_phone(browser: tuple[Tab, str]) -> None:
    """A tap opens the fact across the phone's foot, inside the screen; a tap elsewhere closes it."""
    tab, url = browser
    go(tab, f"{url}/{REPORT}", PHONE)
    x, y = place(tab, "article td .fact")

    tab.tap(x, y)
    said, expected = evidence(tab, "document.querySelector('article td .fact')")
    box = "document.querySelector('.fact-panel').getBoundingClientRect()"
    left, top, right, bottom = tab.ask(f"(box => [box.left, box.top, box.right, box.bottom])({box})")
    tab.tap(200, 120)
    tab.wait(f"!({OPEN})")

    assert said == expected
    assert (left, right, bottom) == (0, *PHONE)
    assert top > PHONE[1] / 2
    assert tab.complaints == []


def test_search_is_reached_and_left_by_keyboard(tab: Tab) -> None:
    """A key opens search, words find sections of reports and docs, Enter goes to the first."""
    words = "[document, ...[...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)]"
    results = f"{words}.some(root => /[0-9]+ results/.test((root.body ?? root).textContent))"
    tab.press("/")
    tab.wait("document.activeElement !== document.body")
    assert not tab.ask(results)
    tab.type("bootstrap")
    tab.wait(results)
    tab.press("Enter")
    tab.wait("!location.pathname.endsWith('loan_default/index.html') && document.readyState === 'complete'")
    assert "bootstrap" in tab.ask("document.querySelector('article').textContent")
    assert tab.complaints == []


def test_pages_work_from_a_folder(site: Path, browser: tuple[Tab, str]) -> None:
    """Opened as a file, without any server, a page shows the fact behind a number all the same."""
    tab, _ = browser
    tab.look(DESK)
    tab.open((site / REPORT).as_uri())
    x, y = place(tab, "article p > .fact")
    tab.click(x, y)
    said, expected = evidence(tab, "document.querySelector('article p > .fact')")
    assert said == expected
