"""Whether a rebuild on another machine came out as the tracked facts say.

On one machine rebuilds give the same bytes, and on others of its family mostly (docs/performance.md). A processor that
runs other builds of the libraries adds up in another order: now and then a tree splits elsewhere, which moves what was
learned by a little. What may differ by how much is stated here;
verdicts, and which cause matters, may not differ at all.

`python -m flows.reproduced EXPECTED FOUND` compares two folders of facts and ends with status 1 if they differ.
"""

import fnmatch
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.repository.files import read_json
from pipelines.core.steps import MEASURED

NUMBER = re.compile(r"[-+\u2212]?\d[\d,.]*(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class Tolerance:
    """How far the numbers of some facts may differ: by `relative` of the larger one, or by `absolute`."""

    facts: str  # a pattern of JSON pointers
    relative: float
    absolute: float = 0.0


TOLERANCES = (  # the first that fits counts
    Tolerance("define#*", 1e-9),  # counted, not learned
    Tolerance("metric#*", 1e-6, 1e-9),  # sums over rows
    Tolerance("eda#/drift*", 0.02, 0.01),  # learned by trees
    Tolerance("eda#*", 1e-6, 1e-9),
    Tolerance("baseline#*", 1e-4, 1e-6),  # a convex fit, stopped when its gradient is small
    Tolerance("*trees*", 1.0, 50.0),  # early stopping on a flat stretch
    Tolerance("*p_value*", 0.5, 0.02),
    Tolerance("*p_adjusted*", 0.5, 0.05),
    Tolerance("*rows_needed*", 0.5),
    Tolerance("*", 0.05, 0.003),  # learned by trees
)


def differences(expected: object, found: object, pointer: str) -> Iterator[str]:
    """Yield one sentence for each fact that differs by more than is allowed; `pointer` says where both lie."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in expected.keys() | found.keys():
            if key not in expected or key not in found:
                yield f"{pointer}/{key} is {'missing' if key in expected else 'unexpected'}"
            else:
                yield from differences(expected[key], found[key], f"{pointer}/{key}")
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{pointer} has {len(found)} items, expected {len(expected)}"
        for place, pair in enumerate(zip(expected, found, strict=False)):
            yield from differences(*pair, f"{pointer}/{place}")
    elif not _same(expected, found, pointer):
        yield f"{pointer} is {found!r}, expected {expected!r}"


def _same(expected: object, found: object, pointer: str) -> bool:
    """Return whether two plain values agree: numbers within the tolerance, words except the numbers in them."""
    numbers = [value for value in (expected, found) if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(numbers) == len((expected, found)):
        allowed = next(tolerance for tolerance in TOLERANCES if fnmatch.fnmatch(pointer, tolerance.facts))
        apart = abs(numbers[0] - numbers[1])
        return apart <= max(allowed.absolute, allowed.relative * max(map(abs, numbers)))
    if isinstance(expected, str) and isinstance(found, str):
        return NUMBER.sub("#", expected) == NUMBER.sub("#", found)
    return expected == found


def compare(expected: Path, found: Path) -> list[str]:
    """Return what differs between two folders of facts, one sentence each."""
    tables: list[dict[str, object]] = [
        {path.stem: read_json(path) for path in sorted(folder.glob("*.json")) if path.stem not in MEASURED}
        for folder in (expected, found)
    ]
    if not tables[0]:
        return [f"no facts in {expected}"]
    missing = [f"{step}# is missing" for step in tables[0] if step not in tables[1]]
    both = [step for step in tables[0] if step in tables[1]]
    return missing + [text for step in both for text in differences(tables[0][step], tables[1][step], f"{step}#")]


def main(arguments: Sequence[str]) -> int:
    """Print what differs; return the exit status."""
    expected, found = map(Path, arguments)
    differing = compare(expected, found)
    for text in differing:
        sys.stdout.write(f"{text}\n")
    sys.stdout.write(f"{found}: {len(differing)} facts differ from {expected} by more than is allowed\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
