"""What refuses other processes every connection to another machine, and records each try."""

import os
from collections.abc import Mapping
from pathlib import Path

HOOK = '''
"""Python runs this at its start: from then on only this machine can be reached, and each try to do else is recorded."""
import ipaddress, os, sys

def here(host):
    try:
        return not host or host == "localhost" or ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False

def tell(line):
    handle = os.open(os.environ["RECORD"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, (line + "\\n").encode())
    os.close(handle)

def look(event, arguments):
    if not event.startswith("socket."):  # of a hundred thousand events in a process few are
        return
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and isinstance(address[0], str) else None
        away = host is not None and (not here(host) or (event == "socket.bind" and not host))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
        away = not here(host)
    else:
        return
    if away:
        tell(f"{event} {host} {sys.orig_argv}")
        raise OSError(101, "refused by the test")

sys.addaudithook(look)
tell("watching " + ascii(" ".join(sys.orig_argv[1:])))
'''
WATCHING = "watching "  # how the line begins by which a process says that it is under the hook


def hooked(environment: Mapping[str, str], folder: Path, record: Path) -> dict[str, str]:
    """Return an environment whose Python processes are under the hook, which is written into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(folder), environment.get("PYTHONPATH")]))
    return {**environment, "PYTHONPATH": path, "RECORD": str(record)}


def tries(record: Path) -> list[str]:
    """Return the tries in a record. Raises AssertionError where no process was under the hook."""
    lines = record.read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if not line.startswith(WATCHING)]
    assert len(found) < len(lines)
    return found
