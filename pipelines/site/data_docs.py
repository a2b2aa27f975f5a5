"""Great Expectations' Data Docs for a site: the same text, without what they would ask other addresses for.

Their pages load styles, scripts, fonts and a logo from a dozen addresses. They are written with a policy that forbids
it; here what was forbidden is taken out as well, so that no browser reports it. Their index is drawn by a script, so a
plain list of links stands in its place.
"""

import re
from collections.abc import Iterable
from html import escape

_SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
_LINKED = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_PICTURES = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ADDRESSES = re.compile(r"url\([^)]*\)", re.IGNORECASE)
_HANDLERS = re.compile(r"\son[a-z]+=(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_CONTROLS = re.compile(r"<(?:input|button)\b[^>]*>(?:.*?</button>)?", re.DOTALL | re.IGNORECASE)
_FOOTER = re.compile(r"<footer\b.*?</footer>", re.DOTALL | re.IGNORECASE)  # asks to subscribe to a newsletter
_STYLE = (
    "<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;"
    "padding:1rem;overflow-wrap:anywhere}table{border-collapse:collapse;display:block;overflow-x:auto}"
    "td,th{border:1px solid #8886;padding:.2rem .5rem;text-align:left}</style></head>"
)


def without_addresses(html: str) -> str:
    """Return a page of Data Docs that asks for nothing, with a plain style that suits light, dark and a phone."""
    for pattern in (_SCRIPTS, _LINKED, _PICTURES, _HANDLERS, _CONTROLS, _FOOTER):
        html = pattern.sub("", html)
    return _ADDRESSES.sub("none", html).replace("</head>", _STYLE, 1)


def with_links(index: str, pages: Iterable[str]) -> str:
    """Return the index with a link to each of the other pages, by their paths from it."""
    links = "".join(f'<li><a href="{escape(page)}">{escape(page)}</a></li>' for page in pages)
    return index.replace("</body>", f"<ul>{links}</ul></body>", 1)
