"""What one server was asked for, in a form that reaches its worker processes."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

DEFAULT_PORT = 8017
LOOPBACK = ("127.0.0.1", "localhost", "::1")  # names of this machine that no other machine can use
STATE = Path(".sevenfold-serve")  # below the repository's root
TIMEOUT = 5.0  # seconds


@dataclass(frozen=True)
class Options:
    """How a project is served."""

    name: str  # of the project
    archive: str  # path of service.zip
    model: str = "strong"  # that answers where a request names none
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    workers: int = 1  # processes
    strict: bool = False
    timeout: float = TIMEOUT  # seconds that a model may take before the baseline answers
    state: str = ""  # folder of what is kept: predictions by request id, truths, counters
    commit: str | None = None  # of the repository
    sha256: str = ""  # of the archive that all workers have to load
    pinned: str = ""  # path of a copy of it, which no one replaces
    run: str = ""  # names this run of the server, for all its processes
    allowed_hosts: tuple[str, ...] = ()  # names by which this server may be called, beside those of LOOPBACK

    @property
    def folder(self) -> Path:
        """Where the state is kept."""
        return Path(self.state) if self.state else STATE / self.name

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK

    def to_json(self) -> str:
        """Return the options as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what `to_json` wrote."""
        said = json.loads(text)
        return cls(**said | {"allowed_hosts": tuple(said["allowed_hosts"])})
