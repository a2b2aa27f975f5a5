"""pip's configuration, said to uv: it reads none of pip's files, and a user has set up one of the two."""

import re
from collections.abc import Iterable, Mapping

_LINE = re.compile(r"^[^.=]*\.([a-z-]+)='(.*)'$")
NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
}


def for_uv(listed: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for uv that say what the lines of `pip config list` do; those that are set stay.

    pip's later lines win: they come from its environment variables.
    """
    said = {}
    for line in listed:
        setting = _LINE.match(line.strip())
        if setting and setting[1] in NAMES and setting[2]:
            said[NAMES[setting[1]]] = " ".join(setting[2].replace("\\n", " ").split())
    if "UV_FIND_LINKS" in said:
        said["UV_FIND_LINKS"] = ",".join(said["UV_FIND_LINKS"].split())
    return {name: value for name, value in said.items() if name not in environment}
