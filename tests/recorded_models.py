"""What DVC would have recorded of steps that a test runs without it."""

import hashlib
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from flows.repository.layout import Layout

MODELS = {
    "texts": "encode",
    "baseline": "baseline",
    "strong": "strong",
    "repaired": "reflect",
    "rungs": "reflect",
    "service": "archive",
}  # and the step that fits each


def record_models(name: str, **params: object) -> None:
    """Write a dvc.lock, in the working directory, that holds a project's models as they are, and parameters."""
    stages: dict[str, Any] = {}
    for model, step in MODELS.items():
        path = Layout(name).model(model)
        if path.is_file():
            content = path.read_bytes()
            out = {"path": str(path), "hash": "md5", "md5": hashlib.md5(content).hexdigest(), "size": len(content)}
            known = stages.setdefault(
                f"{step}@{name}",
                {
                    "cmd": f".venv/bin/sevenfold run {step} {name}",
                    "params": {f"projects/{name}.toml": dict(params)},
                    "outs": [],
                },
            )
            known["outs"].append(out)
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump({"schema": "2.0", "stages": stages}, Path("dvc.lock"))
