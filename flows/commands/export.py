"""`sevenfold export`: a folder that answers raw rows on another machine, with no more than that needs."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from flows.commit import commit
from flows.dvc.closure import reached
from flows.repository.earlier import load_model
from flows.repository.names import check_name
from flows.repository.projects import project_names
from flows.serving.options import DEFAULT_PORT, Options
from flows.serving.serve import check_served
from flows.serving.standalone import ARCHIVE, COMMIT
from flows.serving.used import ENTRY, used_packages
from flows.setup.pins import LOCK, read_pins, written
from pipelines.core.errors import InputError, quote

DATA = (Path("flows", "serving", "page"), Path("flows", "serving", "docs.css"))  # that the server reads
FILES = {
    "README.md": """\
# {name}, served

This folder answers raw rows of `{name}` over HTTP: no repository and no training library is needed. It holds the models
(`service.zip`), the code that asks them, and the exact packages that this takes (`requirements.txt`).

    python{python} -m venv .venv
    .venv/bin/python -m pip install --require-hashes -r requirements.txt
    .venv/bin/python -m flows.serving.standalone

It needs Python {python}. Then http://127.0.0.1:{port}/ is a page to try it by hand, and a program asks it so:

    curl -s http://127.0.0.1:{port}/predict -H 'content-type: application/json' -d '{{"rows": [{example}]}}'

It answers once http://127.0.0.1:{port}/ready says so: after it has predicted 20 raw rows again and got what the build
predicted. `--help` lists the options. What it keeps (predictions by request, true values that came later, counts, and
never a row) is in `state/`.

Or as a container, whose port is then open to this machine alone:

    docker build -t {name} .
    docker run -p 127.0.0.1:{port}:{port} -v {name}-state:/app/state {name}
""",
    "Dockerfile": """\
FROM python:{python}-slim
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN python -m compileall -q flows pipelines
RUN useradd --system served && mkdir -p state && chown served state
USER served
VOLUME /app/state
EXPOSE {port}
HEALTHCHECK --interval=10s --start-period=20s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:{port}/ready')"]
CMD ["python", "-m", "flows.serving.standalone", "--host", "0.0.0.0", "--port", "{port}"]
""",
    ".dockerignore": ".venv\nstate\n**/__pycache__\n",
}


def export(name: str, folder: Path) -> int:
    """Write the folder; return the exit status. Raises InputError where it cannot be made, or nothing can be served."""
    check_name(name, project_names(), what="project", where="projects/")
    check_served(Options(name=name, archive=""))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"{quote(str(folder))} is there and not an empty folder",
            where="DIR",
            allowed="a folder that is empty, or does not exist",
            todo="name another folder",
        )
    content = load_model(name, "service")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as made:
        inside = Path(made, folder.name)
        inside.mkdir()
        fill(inside, name, content)
        if folder.exists():
            folder.rmdir()
        inside.rename(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    sys.stdout.write(f"{folder}: {size:,} bytes; {folder / 'README.md'} says how to run it\n")
    return 0


def fill(folder: Path, name: str, content: bytes) -> None:
    """Write the archive, the code that serves it, the packages it takes, and how to run them."""
    (folder / ARCHIVE).write_bytes(content)
    for path in (*reached([ENTRY]), *DATA):
        if path.is_dir():
            shutil.copytree(path, folder / path)
        elif path.is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / path)
    try:
        needed = set(used_packages(folder / ARCHIVE))
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or "").strip().splitlines()[-4:]
        todo = "see that `sevenfold serve` answers first"
        raise InputError(f"the archive cannot be served here: {' / '.join(lines)}", where=name, todo=todo) from error
    pins = [pin for pin in read_pins(LOCK.read_text(encoding="utf-8")) if pin.name.lower() in needed]
    (folder / "requirements.txt").write_text(written(pins), encoding="utf-8")
    values = {"name": name, "python": f"3.{sys.version_info.minor}", "port": DEFAULT_PORT, "example": _example(content)}
    for file, text in FILES.items():
        (folder / file).write_text(text.format(**values) if file != ".dockerignore" else text, encoding="utf-8")
    if (found := commit()) is not None:
        (folder / COMMIT).write_text(f"{found}\n", encoding="utf-8")


def _example(content: bytes) -> str:
    """Return an ordinary row as JSON."""
    import json

    from pipelines.serving.archive import unpack_service

    schema, _ = unpack_service(content)
    return json.dumps({name: seen["example"] for name, seen in schema["fields"].items()}).replace("'", "\\u0027")
