"""Links of pages that were written for a repository: on a site, source files are pages, and folders are not there."""

import re
from pathlib import PurePosixPath
from posixpath import normpath

_FENCED = re.compile(r"(^ *```.*?^ *```[^\n]*$)", re.MULTILINE | re.DOTALL)
_TEXT = r"(?P<text>(?:\\.|`[^`\n]*`|[^\]\\`])*)"
# Escaped characters and code are passed over, so that they hold no link.
_LINK = re.compile(rf"\\.|`[^`\n]*`|(?<!!)\[{_TEXT}\]\((?P<link>[^()\s#:]+)(?P<place>#[^()\s]*)?\)")
LANGUAGES = {
    ".py": "python", ".toml": "toml", ".yaml": "yaml", ".j2": "jinja", ".txt": "text", "": "text", ".ipynb": "json",
}  # fmt: skip
"""The source files that a site shows as pages, by suffix, and how these are coloured; other files stay as they are."""


def target(page: PurePosixPath, link: str) -> PurePosixPath:
    """Return the path in the repository that a relative link on a page leads to."""
    return PurePosixPath(normpath(page.parent / link))


def is_source(path: PurePosixPath) -> bool:
    """Return whether a site shows the file as a page of its text."""
    return path.suffix in LANGUAGES


def find_links(markdown: str, page: PurePosixPath) -> set[PurePosixPath]:
    """Return the paths in the repository that the links of a page lead to, pictures' left aside."""
    links = (link["link"] for text in _FENCED.split(markdown)[::2] for link in _LINK.finditer(text))
    return {target(page, link) for link in links if link}


def relink(markdown: str, page: PurePosixPath, files: frozenset[PurePosixPath]) -> str:
    """Return the page with links that work among `files`, the paths in the repository that a site has.

    A link to a source file leads to its page; of a link to what the site has not, the text stays.
    """

    def write(link: re.Match[str]) -> str:
        if not link["link"]:
            return link[0]
        path = target(page, link["link"])
        if path not in files:
            return link["text"]
        return f"[{link['text']}]({link['link']}.md{link['place'] or ''})" if is_source(path) else link[0]

    pieces = _FENCED.split(markdown)
    return "".join(piece if place % 2 else _LINK.sub(write, piece) for place, piece in enumerate(pieces))


def source_page(path: PurePosixPath, text: str) -> str:
    """Return the Markdown of a page that shows a source file; search leaves it aside."""
    code = fenced(text, LANGUAGES[path.suffix])
    return f"---\nsearch:\n  exclude: true\n---\n\n# {path.name}\n\n`{path}`\n\n{code}\n"


def fenced(text: str, language: str) -> str:
    """Return the text as a block of code, whatever it holds."""
    fence = "`" * max(3, *(len(ticks) + 1 for ticks in re.findall(r"`+", text)), 0)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
