"""What an exported folder runs: the archive beside it, served without a repository."""

import argparse
import json
import sys
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from flows.serving.options import DEFAULT_PORT, TIMEOUT, Options
from flows.serving.serve import run_server
from pipelines.core.errors import InputError

ARCHIVE, COMMIT, STATE = "service.zip", "commit.txt", "state"  # in the folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until asked to end; return the exit status: 2 where something is wrong with what was given."""
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(
        prog="python -m flows.serving.standalone", description="Answer raw rows over HTTP."
    )
    parser.add_argument("--model", choices=("strong", "baseline", "repaired"), default="strong")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds until the baseline answers")
    parser.add_argument("--strict", action="store_true", help="refuse unknown columns and other versions of libraries")
    parser.add_argument("--state", default=str(root / STATE), help="where predictions and truths are kept")
    asked = parser.parse_args(arguments)
    try:
        return run_server(_options(root, asked))
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _options(root: Path, asked: argparse.Namespace) -> Options:
    archive = root / ARCHIVE
    try:
        content = archive.read_bytes()
        with zipfile.ZipFile(archive) as files:
            name = json.loads(files.read("service.json"))["project"]["name"]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        todo = "export the project again"
        raise InputError(f"the archive cannot be read ({error})", where=str(archive), todo=todo) from None
    commit = root / COMMIT
    return Options(
        name=str(name), archive=str(archive), model=asked.model, host=asked.host, port=asked.port,
        workers=max(1, asked.workers), strict=asked.strict, timeout=asked.timeout, state=asked.state,
        commit=commit.read_text(encoding="utf-8").strip() if commit.is_file() else None,
        sha256=sha256(content).hexdigest(),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
