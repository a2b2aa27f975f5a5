"""The words that people read, wherever they stand: pages, comments, docstrings, messages and templates.

Names in code are no prose, nor is what stands between backticks. Lines stay lines, so that a place in the text is a
line of the file.
"""

import ast
import io
import re
import tokenize
from pathlib import Path

CODE = re.compile(r"^```python\b.*?^```$", re.DOTALL | re.MULTILINE)  # an excerpt is read where it stands
TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
NAME = re.compile(r"`[^`\n]*`")
QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")


def prose_of(path: Path) -> list[tuple[int, str]]:
    """Return each piece of a file's prose with the line on which it begins."""
    text = path.read_text(encoding="utf-8")
    pieces = sorted([*_comments(text), *_strings(text)]) if path.suffix == ".py" else [(1, _plain(path, text))]
    return [(line, NAME.sub("`name`", words)) for line, words in pieces]


def _plain(path: Path, text: str) -> str:
    """Return a text without its code: the tags of a template, the excerpts of a page, the marks of comments."""
    text = CODE.sub(lambda found: "\n" * found[0].count("\n"), text)
    if path.suffix == ".j2":
        text = TAG.sub(_words_of_tag, text)
    return re.sub(r"\n( *)# ", "\n\\1  ", text)


def _words_of_tag(tag: re.Match[str]) -> str:
    """Return the texts that a template's tag prints, on as many lines as it has."""
    words = " | ".join(one or other for one, other in QUOTED.findall(tag[0]))
    return words + "\n" * tag[0].count("\n")


def _comments(source: str) -> list[tuple[int, str]]:
    """Return the comments; those of lines that follow one another are one piece."""
    pieces: list[tuple[int, str]] = []
    last = -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, words = token.start[0], token.string.lstrip("# ")
        if line == last + 1 and pieces:
            start, before = pieces[-1]
            pieces[-1] = (start, f"{before}\n{words}")
        else:
            pieces.append((line, words))
        last = line
    return pieces


def _strings(source: str) -> list[tuple[int, str]]:
    """Return the strings with a blank in them, what is put into them left out."""
    tree = ast.parse(source)
    joined = {id(part): node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    texts: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            texts.append((node.lineno, "".join(map(str, parts))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in joined:
            texts.append((node.lineno, node.value))
    return [(line, text) for line, text in texts if " " in text]


NO_VERB = {
    "A",
    "All",
    "An",
    "Each",
    "Every",
    "How",
    "It",
    "No",
    "One",
    "That",
    "The",
    "There",
    "These",
    "This",
    "Those",
    "What",
    "When",
    "Where",
    "Whether",
    "Which",
    "Who",
    "Whose",
}


def without_verb(path: Path) -> list[str]:
    """Return the functions whose docstring does not begin with a verb; a property's says what it is."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and (words := ast.get_docstring(node)):
            named = any("property" in ast.unparse(one) for one in node.decorator_list)
            if not named and (words.split()[0] in NO_VERB or words.split()[0].endswith(":")):
                found.append(f"line {node.lineno}: {words.splitlines()[0]}")
    return found
