"""The settings of the site generator: the pages in their order, the look, and that nothing comes from elsewhere."""

from collections.abc import Mapping, Sequence

import tomlkit

SOURCE, SITE = "source", "site"  # folders of pages before and after, beside the file of these settings
SCRIPT, STYLE = "assets/facts.js", "assets/facts.css"
Nav = Sequence[Mapping[str, object] | str]

# With these the generator's Markdown processor reads what GitHub reads; a test compares.
MARKDOWN: Mapping[str, Mapping[str, object]] = {
    "tables": {},
    "md_in_html": {},
    "sane_lists": {},
    "toc": {
        "permalink": True,
        "permalink_title": "Link to this section",
        "slugify": {"object": "pymdownx.slugs.slugify", "kwds": {"case": "lower"}},  # as GitHub names a section
    },
    "pymdownx.betterem": {},
    "pymdownx.escapeall": {},
    "pymdownx.highlight": {},
    "pymdownx.superfences": {},
    "pymdownx.tilde": {},
}


def settings(nav: Nav) -> str:
    """Return the generator's settings as TOML."""
    look = [
        {"media": f"(prefers-color-scheme: {name})", "scheme": scheme, "toggle": {"icon": icon, "name": other}}
        for name, scheme, icon, other in (
            ("light", "default", "lucide/sun", "Show dark pages"),
            ("dark", "slate", "lucide/moon", "Show light pages"),
        )
    ]
    project = {
        "site_name": "Sevenfold",
        "docs_dir": SOURCE,
        "site_dir": SITE,
        "use_directory_urls": False,  # so that pages lead to each other when opened from a folder, too
        "nav": list(nav),
        "extra_css": [STYLE],
        "extra_javascript": [SCRIPT],
        "theme": {
            "font": False,  # the reader's own: no font is fetched
            "features": ["navigation.tabs", "navigation.indexes", "navigation.top", "toc.follow"],
            "palette": look,
        },
        "extra": {"generator": False},
        "plugins": {"search": {}},
        "markdown_extensions": MARKDOWN,
    }
    return tomlkit.dumps({"project": project})
