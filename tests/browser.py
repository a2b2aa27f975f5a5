"""A real browser without a window, driven through the DevTools protocol of Chromium: https://chromedevtools.github.io.

It reaches this machine alone: all other requests go to a proxy that notes and refuses them.
"""

import base64
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import urlopen

from websockets.sync.client import connect
from websockets.sync.connection import Connection

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SECONDS = 30  # that a browser may take to start or to answer on a busy machine
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--remote-debugging-port=0",
)  # fmt: skip
_ITS_OWN = re.compile(r"(?<!fonts)\.(?:google|googleapis|gvt1)\.com$")  # hosts that the browser itself asks for
_KEYS: Mapping[str, tuple[str, int, str]] = {  # code, key code and text of the keys that tests press
    "Tab": ("Tab", 9, ""), "Enter": ("Enter", 13, "\r"), " ": ("Space", 32, " "), "Escape": ("Escape", 27, ""),
    "ArrowRight": ("ArrowRight", 39, ""), "ArrowUp": ("ArrowUp", 38, ""), "ArrowDown": ("ArrowDown", 40, ""),
    "/": ("Slash", 191, "/"),
}  # fmt: skip
DESK, PHONE = (1280, 900), (390, 844)


# A colour's relative luminance, as the Web Content Accessibility Guidelines 2.2 define it, in the browser's language.
LUMINANCE = """  const light = colour => colour.map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
"""


def find_browser() -> str | None:
    """Return the path of a Chromium on this machine, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Tab:
    """One page of a browser: where it is, what it asked for, and what it complained of."""

    def __init__(self, socket: Connection, refused: list[str]) -> None:
        self._socket, self._sent, self._refused = socket, 0, refused
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._loaded = False
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **arguments: object) -> dict[str, Any]:
        """Return what the browser answers to a command of the protocol; raise RuntimeError where it refuses it."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": arguments}))
        while True:
            message = self._next()
            if message.get("id") == self._sent:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def _next(self) -> dict[str, Any]:
        """Return the next message of the browser, events noted."""
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=SECONDS))
        about = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(about["request"]["url"])
            case "Network.responseReceived" if about["response"]["status"] >= 400:
                self.complaints.append(f"{about['response']['status']} {about['response']['url']}")
            case "Log.entryAdded" if about["entry"]["level"] == "error":
                self.complaints.append(f"{about['entry']['text']} {about['entry'].get('url', '')}")
            case "Runtime.exceptionThrown":
                self.complaints.append(str(about["exceptionDetails"].get("exception", about["exceptionDetails"])))
            case "Runtime.consoleAPICalled" if about["type"] in ("error", "warning", "assert"):
                self.complaints.append(str([part.get("value") for part in about["args"]]))
            case "Page.loadEventFired":
                self._loaded = True
        return message

    def elsewhere(self, site: str) -> list[str]:
        """Return what was asked of other addresses than the site: by its pages, or by their workers (see the proxy)."""
        asked = [url for url in self.requests if not url.startswith((site, "data:", "blob:", "about:"))]
        return asked + [host for host in self._refused if not _ITS_OWN.search(host)]

    def look(self, size: tuple[int, int], *, dark: bool = False, still: bool = False) -> None:
        """Take the place of a screen of that size in CSS pixels, touched where it is a phone's, light or dark.

        `still`: the reader wants no motion.
        """
        phone = size[0] < 600
        self.call(
            "Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=phone
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)
        wanted = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if still else "no-preference",
        }
        features = [{"name": name, "value": value} for name, value in wanted.items()]
        self.call("Emulation.setEmulatedMedia", features=features)

    def open(self, url: str) -> None:
        """Go to an address and wait until the page with all that it shows is there."""
        self._loaded = False
        self.call("Page.navigate", url=url)
        while not self._loaded:
            self._next()

    def ask(self, expression: str) -> Any:  # noqa: ANN401 -- whatever the script returns
        """Return what a JavaScript expression comes to on the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until a JavaScript expression is true; raise TimeoutError where it never is."""
        end = time.monotonic() + SECONDS
        while not self.ask(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.02)

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        code, number, text = _KEYS[key]
        about = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        self.call("Input.dispatchKeyEvent", type="keyDown", **about, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def type(self, text: str) -> None:
        """Write text where the keyboard is."""
        self.call("Input.insertText", text=text)

    def point(self, x: float, y: float) -> None:
        """Move the mouse to a place."""
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, x: float, y: float) -> None:
        """Press and release the mouse's first button at a place."""
        for what in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=what, x=x, y=y, button="left", clickCount=1)

    def tap(self, x: float, y: float) -> None:
        """Touch a place for a moment."""
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def picture(self) -> bytes:
        """Return what the screen shows as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])


@contextmanager
def open_tab(browser: str) -> Iterator[Tab]:
    """Start a browser with an empty profile, give its one page, and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, _listening(_Refusal) as proxy:
        address = f"http://127.0.0.1:{proxy.server_port}"
        command = [browser, *_FLAGS, f"--proxy-server={address}", f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            port = _port(Path(profile, "DevToolsActivePort"), process)
            with connect(_page(port), max_size=None, open_timeout=SECONDS) as socket:
                yield Tab(socket, _Refusal.asked)
        finally:
            process.terminate()
            process.wait(SECONDS)


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    """Return the port that a starting browser wrote down."""
    end = time.monotonic() + SECONDS
    while not (file.exists() and file.read_text().count("\n")):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the browser did not start (it returned {process.poll()})")
        time.sleep(0.05)
    return int(file.read_text().split()[0])


def _page(port: int) -> str:
    """Return the address at which the browser's page takes commands."""
    with urlopen(f"http://127.0.0.1:{port}/json", timeout=SECONDS) as answer:
        pages = json.load(answer)
    return next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")


class _Refusal(BaseHTTPRequestHandler):
    """A proxy that lets nothing through."""

    asked: ClassVar[list[str]] = []  # hosts

    def _refuse(self) -> None:
        self.asked.append((urlsplit(self.path).hostname if "://" in self.path else self.path.partition(":")[0]) or "")
        self.send_error(403)

    do_GET = do_HEAD = do_POST = do_CONNECT = _refuse  # noqa: N815 -- the library's names

    def log_message(self, *_: object) -> None:
        """Write no line for each request."""


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Write no line for each request."""


@contextmanager
def _listening(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    """Run a server on a free port of this machine while the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine while the block runs, and give its address."""
    with _listening(partial(_Files, directory=str(folder))) as server:
        yield f"http://127.0.0.1:{server.server_port}"
