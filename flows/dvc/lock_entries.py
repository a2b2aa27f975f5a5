"""Writing a stage's entry into the text of dvc.lock, and no other: DVC parses and writes the whole file for each stage.

On 34 stages that takes a second of processor time each. The bytes are those that DVC would write.
"""

import re
from collections.abc import Callable, Mapping

HEAD = "schema: '2.0'\nstages:\n"
REFERS = re.compile(r"^ *(?:- |[^ ]+: )*[&*]\w+", re.MULTILINE)  # an anchor or an alias binds entries to each other
ENTRY = re.compile(r"^  [^ #\n].*:\n(?:(?: {4}.*)?\n)+", re.MULTILINE)
Render = Callable[[object], str]


def with_entries(text: str, entries: Mapping[str, object], render: Render) -> str | None:
    """Return the text of a lock file in which `entries`, by stage, stand in place of those that it had of them.

    Entries of other stages are put last. `render` writes YAML. Returns None where the text is not as DVC writes it: a
    comment, an entry that refers to another one, anything beside stages.
    """
    body = text.removeprefix(HEAD)
    if not text.startswith(HEAD) or ENTRY.sub("", body) or REFERS.search(body):
        return None
    blocks = {block.partition("\n")[0]: block for block in ENTRY.findall(body)}
    for stage, entry in entries.items():
        block = render({"schema": "2.0", "stages": {stage: entry}}).removeprefix(HEAD)
        if not ENTRY.fullmatch(block) or REFERS.search(block):
            return None
        blocks[block.partition("\n")[0]] = block
    return HEAD + "".join(blocks.values())
