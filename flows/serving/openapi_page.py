"""The page at /docs: the OpenAPI document for a reader, without any script and nothing from elsewhere."""

import json
from html import escape
from typing import Any

HEAD = "<tr><th>column</th><th>type</th><th>may be</th><th>among the training rows</th><th>example</th></tr>"
SHOWN = 12  # levels of a column


def render_page(described: dict[str, Any]) -> str:
    """Return the page as HTML."""
    info = described["info"]
    body = described["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]
    row = described["components"]["schemas"]["Row"]
    needed = set(row["required"])
    columns = "\n".join(_column(name, shown, name in needed) for name, shown in row["properties"].items())
    addresses = "\n".join(
        _address(path, method, about)
        for path, methods in described["paths"].items()
        for method, about in methods.items()
    )
    example = escape(json.dumps(body["example"], indent=2, ensure_ascii=False))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(info["title"])}</title>
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<h1>{escape(info["title"])}</h1>
<p>{escape(info["description"])}</p>
<p>The whole of it for programs: <a href="/openapi.json">/openapi.json</a>. <a href="/">Try it by hand</a>.</p>
<h2>Addresses</h2>
{addresses}
<h2>A row</h2>
<table>
<thead>{HEAD}</thead>
<tbody>
{columns}
</tbody>
</table>
<h2>An example</h2>
<pre>POST /predict
content-type: application/json

{example}</pre>
</body>
</html>
"""


def _address(path: str, method: str, about: dict[str, Any]) -> str:
    answers, asked = about["responses"].items(), about.get("parameters", ())
    statuses = "".join(f"<li><b>{escape(status)}</b> {escape(one['description'])}</li>" for status, one in answers)
    parameters = "".join(f"<li><code>?{escape(one['name'])}=</code> {escape(one['description'])}</li>" for one in asked)
    words = escape(about.get("description", ""))
    return (
        f"<section><h3><code>{method.upper()} {escape(path)}</code></h3><p>{words}</p>"
        f"<ul>{parameters}{statuses}</ul></section>"
    )


def _column(name: str, shown: dict[str, Any], needed: bool) -> str:
    kinds = shown["type"] if isinstance(shown["type"], list) else [shown["type"]]
    trained = shown.get("x-training", {})
    seen = (
        f"{trained['low']:g} to {trained['high']:g}"
        if "low" in trained
        else ", ".join(trained.get("levels", [])[:SHOWN])
    )
    more = ", …" if len(trained.get("levels", [])) > SHOWN else ""
    example = json.dumps(shown["examples"][0], ensure_ascii=False) if "examples" in shown else ""
    cells = [
        f"<code>{escape(name)}</code>{'' if needed else ' (may be left out)'}", escape(" or ".join(kinds)),
        escape(shown["description"]), escape(seen + more), f"<code>{escape(example)}</code>",
    ]  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
