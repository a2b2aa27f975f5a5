"""Small projects built as other processors compute them; run as a program, it builds them here.

The libraries choose their code by what the processor can do, and add up in another order or round logarithms otherwise
where it can do less. Switches in the environment let them believe that it does.

`python processors.py ROOT NAME...` runs all steps of projects of the repository ROOT and prints what this processor
makes of a product and of some functions; `python processors.py` rebuilds all projects on every processor, on one that
`qemu-x86_64` emulates too where that is installed, and compares (`make processors`, half an hour).
"""

import hashlib
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from toy_forecast import TEXT, daily
from toy_project import of_metric, project_text

ROOT = Path(__file__).resolve().parent.parent
PROCESSORS: Mapping[str, Mapping[str, str]] = {
    "this one": {},
    "one without AVX-512": {
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        "NUMBA_CPU_NAME": "haswell",
        "ARROW_USER_SIMD_LEVEL": "AVX2",
    },
    "one without AVX": {
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
        "NUMBA_CPU_NAME": "nehalem",
        "ARROW_USER_SIMD_LEVEL": "NONE",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ",
    },
}
EMULATOR = ("qemu-x86_64", "-cpu", "Nehalem")
STEPS = ("define", "metric", "eda", "baseline", "strong", "compare", "reflect", "pictures", "report", "notebook")
COLUMNS = """\
amount = { type = "number", min = 0 }
weight = { type = "number", missing = 0.2 }
town = { type = "category" }
other = { type = "number" }
day = { type = "date" }
"""
PROJECTS: Mapping[str, str] = {  # name to the type of the target
    "binary": "integer", "multiclass": "integer", "count": "integer", "regression": "number",
}  # fmt: skip
FORECAST = "forecast"  # of three items, on logarithms
KINDS = (*PROJECTS, FORECAST)


def write_projects(root: Path, names: Sequence[str], rows: int, level: str = "quick") -> None:
    """Write a repository with a project of each of the named kinds, and their raw files."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(5)
    frame = pd.DataFrame({
        "amount": np.round(np.exp(rng.normal(3, 2, rows)), 4),
        "weight": pd.Series(np.round(rng.normal(5, 1, rows), 3)).mask(rng.random(rows) < 0.1),
        "town": rng.choice(["Bern", "Oslo", "Rome"], rows),
        "other": np.round(rng.normal(size=rows), 3),
        "day": np.datetime64("2024-01-01") + rng.integers(0, 600, rows),
    })  # fmt: skip
    signal = np.log(frame["amount"]) - 3 + frame["weight"].isna() + (frame["town"] == "Oslo") + frame["other"] ** 2 / 2
    noisy = signal + rng.logistic(size=rows)
    targets = {
        "binary": (noisy > 0).astype(int),
        "multiclass": (noisy > 0).astype(int) + (noisy > 2),
        "count": rng.poisson(np.exp(np.clip(signal, -2, 2) / 2)),
        "regression": np.round(np.exp(noisy / 4), 4),
    }
    cost = "cost = { false_positive = 1, false_negative = 5 }"
    more = {"binary": {"metric": of_metric("roc_auc", 0.005, cost)}, "regression": {"problem": 'target_scale = "log"'}}
    (root / "projects").mkdir(parents=True)
    (root / "data" / "raw").mkdir(parents=True)
    for name in names:
        raw = Path("data", "raw", f"{name}.csv")
        if name == FORECAST:
            daily().to_csv(root / raw, index=False)
            text = TEXT.replace("data/raw/shop.csv", str(raw)).replace('"quick"', f'"{level}"')
            text = text.replace("[metric]", 'effects = "relative"\n\n[metric]')
            (root / "projects" / f"{name}.toml").write_text(text, encoding="utf-8")
            continue
        frame.assign(y=targets[name]).to_csv(root / raw, index=False)
        least = ", min = 0" if name == "regression" else ""
        text = project_text(
            name, source=f'file = "{raw}"', columns=f'{COLUMNS}y = {{ type = "{PROJECTS[name]}"{least} }}',
            split='kind = "random"\nseed = 7', effort=f'level = "{level}"', **more.get(name, {}),
        )  # fmt: skip
        (root / "projects" / f"{name}.toml").write_text(text, encoding="utf-8")


def rebuild(
    seed: Path, root: Path, names: Sequence[str], switches: Mapping[str, str], emulator: Sequence[str] = ()
) -> tuple[str, dict[str, bytes]]:
    """Build projects in a copy of a repository; return what tells its processor, and its tracked files by path."""
    shutil.copytree(seed, root)
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", **switches}
    command = [*emulator, sys.executable, __file__, str(root), *names]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = [path for path in sorted((root / "reports").rglob("*")) if path.is_file() and "data_docs" not in path.parts]
    return done.stdout.splitlines()[-1], {str(path.relative_to(root)): path.read_bytes() for path in found}


def differing(expected: Mapping[str, bytes], found: Mapping[str, bytes]) -> list[str]:
    """Return what differs between two folders' files, of facts each value with its pointer."""
    texts = []
    for path in sorted(expected.keys() | found.keys()):
        if path not in expected or path not in found:
            texts.append(f"{path} is {'missing' if path in expected else 'unexpected'}")
        elif expected[path] != found[path]:
            here, there = (dict(values(files[path], path)) for files in (expected, found))
            apart = [f"{path}#{key}: {here.get(key)} | {there.get(key)}" for key in {**here, **there}
                     if here.get(key) != there.get(key)]  # fmt: skip
            texts += apart or [f"{path} has other bytes"]
    return texts


def values(content: bytes, path: str) -> Iterator[tuple[str, object]]:
    """Yield the values of a JSON file by their pointers; of any other file its lines."""
    if path.endswith(".json"):
        yield from _leaves(json.loads(content), "")
    else:
        yield from ((str(number), line) for number, line in enumerate(content.decode().splitlines(), 1))


def _leaves(value: Any, pointer: str) -> Iterator[tuple[str, object]]:  # noqa: ANN401 - any JSON
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(item, f"{pointer}/{key}")
    else:
        yield pointer, value


def counted(files: Mapping[str, bytes]) -> str:
    """Return how many files and values there are to compare."""
    found = sum(1 for path, content in files.items() if path.endswith(".json") for _ in values(content, path))
    return f"{len(files)} files, {found:,} values in {sum(path.endswith('.json') for path in files)} of them"


def signature() -> str:
    """Return what this processor makes of a product and of some functions, as a hash: last digits tell it."""
    import numpy as np

    matrix = np.random.default_rng(0).normal(size=(999, 33))
    parts = (matrix @ matrix[5], matrix.T @ matrix, np.exp(matrix), np.log(np.abs(matrix)))
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()


def build(root: Path, names: Sequence[str]) -> None:
    """Run all steps of projects of the repository `root`, in this process."""
    from flows.running.environment import prepare

    prepare(root)
    os.chdir(root)
    from recorded_models import record_models

    from flows.running.pool import pool

    steps = os.environ.get("SEVENFOLD_TEST_STEPS", " ".join(STEPS)).split()
    with pool() as submit:
        for name in names:
            for step in steps:
                importlib.import_module(f"flows.steps.{step}").run(name, submit)
                record_models(name)


def main(arguments: Sequence[str]) -> int:
    """Build projects here, or compare all processors; return the exit status."""
    if arguments:
        build(Path(arguments[0]).resolve(), arguments[1:])
        sys.stdout.write(f"{signature()}\n")
        return 0
    status, names, level = 0, list(KINDS), "standard"
    with tempfile.TemporaryDirectory() as folder:
        write_projects(Path(folder, "seed"), names, 1_200, level)
        asked: dict[str, tuple[Mapping[str, str], Sequence[str]]]
        asked = {name: (one, ()) for name, one in PROCESSORS.items()}
        if shutil.which(EMULATOR[0]) and platform.machine() == "x86_64":
            asked[" ".join(EMULATOR)] = {}, EMULATOR
        else:
            sys.stdout.write(f"{EMULATOR[0]} is not installed: no processor was emulated as a whole\n")
        first: tuple[str, dict[str, bytes]] | None = None
        for name, (switches, emulator) in asked.items():
            sign, files = rebuild(Path(folder, "seed"), Path(folder, name), names, switches, emulator)
            first = first or (sign, files)
            apart = differing(first[1], files)
            same = ", which computes the same digits" if sign == first[0] else ""
            sys.stdout.write(f"{name}{same}: {len(apart)} differences in {counted(files)}\n")
            sys.stdout.writelines(f"  {text}\n" for text in apart)
            sys.stdout.flush()
            status |= bool(apart)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
