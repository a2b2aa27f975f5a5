"""The page at `/`: the files of flows/serving/page, by the addresses that they are served at."""

from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2",
}  # fmt: skip
NONE = (
    '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>sevenfold serve</title>\n'
    '<p>Rows are answered at <code>/predict</code>: see <a href="/docs">how</a>.</p>\n</html>\n'
)


def page_files(folder: Path = FOLDER) -> Mapping[str, tuple[bytes, str]]:
    """Return the content and type of each file by its address; index.html is at `/`."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in TYPES]
    found = {f"/{path.relative_to(folder).as_posix()}": (path.read_bytes(), TYPES[path.suffix]) for path in paths}
    return {"/": found.pop("/index.html", (NONE.encode(), TYPES[".html"])), **found}
