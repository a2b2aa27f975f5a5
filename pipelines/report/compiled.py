"""The byte code of templates, kept where Python keeps that of modules: to compile them takes most of a page's time."""

import hashlib
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class Compiled(FileSystemBytecodeCache):
    """Keeps the byte code of the templates in a folder, where files can be written; jinja2 compares their source."""

    def __init__(self, templates: Path, by: Path) -> None:
        """Know where; what another jinja2 compiled, or another version of the module `by`, counts for nothing."""
        digest = hashlib.sha256(jinja2.__version__.encode() + by.read_bytes()).hexdigest()[:16]
        folder = Path(cache_from_source(str(templates / "any.py"))).parent
        super().__init__(str(folder), f"{digest}-%s.pyc")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept, if it can be read."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, unless byte code is not wanted or has no room: then it is compiled again the next time."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
