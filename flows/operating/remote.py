"""Asking whether what a raw file was imported from has changed: `python -m flows.operating.remote FILE.dvc ...`.

It prints as JSON, by file, what DVC says of it: nothing where it is the same. A process of its own does it, as DVC is
large and the source may be slow. Nothing is fetched and no file changes.
"""

import json
import sys
from collections.abc import Sequence


def main(files: Sequence[str]) -> int:
    """Print what DVC says of each file's source."""
    from dvc.repo import Repo

    found = {}
    with Repo(".") as repo:
        for file in files:
            try:
                (stage,) = repo.stage.load_file(file)
                states = [dict(dependency.workspace_status()) for dependency in stage.deps]
                found[file] = ", ".join(state for one in states for state in one.values())
            except Exception as error:  # noqa: BLE001 - whatever a source raises is said, and looked at again later
                found[file] = f"unknown: {type(error).__name__}: {error}"
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
