"""Columns of text that cannot be used as text, and project files that say what no text can have."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from bad_repository import PLACE, TOML, TOWN, Case, checked, project, table
from toy_texts import texts_of

AS_TEXT = TOWN.replace("category", "text")
IN_TEXT, IN_GAPS = [(TOWN, AS_TEXT)], [(TOWN, AS_TEXT.replace(" }", ", missing = 0.5 }"))]
LEFT = table()["left"].to_numpy()
WRITTEN = texts_of(np.where(LEFT == "yes", "fresh", "rotten")).to_numpy(str)


def listed(root: Path) -> None:
    """List the project among those with texts."""
    text = (root / "dvc.yaml").read_text(encoding="utf-8")
    text = text.replace("table: data/shop/table.parquet", "table: data/shop/encoded")
    (root / "dvc.yaml").write_text(text.replace("  - texts: []\n", "  - texts:\n      - shop\n"), encoding="utf-8")


def texts(name: str, cells: Iterable[object], *told: str, changes: Sequence[tuple[str, str]] = IN_TEXT) -> Case:
    """Return a case of `check`: other cells in a column that is declared as text."""
    case = checked(f"texts: {name}", table(town=list(cells)), "column 'town'", *told, changes=changes)
    return replace(case, arrange=(*case.arrange, listed))


def section(name: str, lines: str, *told: str) -> Case:
    """Return a case of `check`: the project with a column of text, and a section [text] of these lines."""
    return project(f"[text]: {name}", f"{TOML.replace(TOWN, AS_TEXT)}[text]\n{lines}\n", *told)


TEXTS = [
    texts("a town each", np.array(["Bern", "Oslo"])[PLACE % 2], "have 1 word(s) or fewer", "as 'Bern'", "`use ="),
    texts("one row too few", [None, *WRITTEN[1:]], "199 row(s) hold a text", "at least 200 rows", changes=IN_GAPS),
    texts("signs alone", ["?!"] * len(PLACE), "0 row(s) hold a text"),
    texts("answers that repeat", np.array(["not at all", "very well"])[PLACE % 2], "2 different texts in 200 rows",
          '`{ type = "category" }`'),
    texts("codes", [f"{i:x}a9 {i:x}f3 {i:x}c7" for i in PLACE], "100 % of its words occur once", "row 0",
          "'0a9 0f3 0c7'"),
    texts("control characters", np.char.add(WRITTEN, " \x08"), "200 text(s) hold control characters", "\\x08", "row 0"),
    texts("what could not be decoded", np.char.add(WRITTEN, " caf\ufffd"), "hold control characters", "UTF-8"),
    texts("UTF-8 read as Latin-1", np.char.add(WRITTEN, " caf\u00c3\u00a9"), "letters of a wrong encoding", "row 0"),
    texts("Japanese", np.char.add("\u6620\u753b\u306f\u3068\u3066\u3082\u826f\u3044", PLACE.astype(str)),
          "without blanks between words"),
    texts("the target itself", np.char.add(WRITTEN, np.char.add(" answer ", LEFT.astype(str))),
          "the label 'no' of the target stands in the texts", "sure = ['town']"),
    section("a key mistyped", 'near_copys = "report"', "'text.near_copys'", "did you mean `near_copies`?"),
    section("an unknown treatment", 'near_copies = "drop"', "`text.near_copies` is 'drop'", "'together' or 'report'"),
    section("an unknown column", 'mask = ["name"]', "text.mask names 'name', which is neither declared nor dropped"),
    section("the target masked", 'mask = ["left"]', "text.mask names the target 'left'"),
    section("footers", 'strip = ["footers"]', "'footers'", "'headers' or 'quotes'"),
    project("[text]: no text", f"{TOML}[text]\n", "[text] is for columns of type 'text'", "leave the section out"),
    project("words of labels", (TOWN, TOWN.replace(" }", ', use = "words" }')), "`use` is for the types text"),
    project("an unknown use", (TOWN, AS_TEXT.replace(" }", ', use = "sense" }')), "'sense'", "'words' or 'numbers'"),
]  # fmt: skip
