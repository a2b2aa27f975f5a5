"""No part of the product asks for a cause by its name: it reads the list of causes, or a row of it."""

from pathlib import Path

import pytest
from conftest import ROOT
from test_nouns import FEWEST_FILES, FEWEST_LITERALS, Search, quoted

from pipelines.causes import CAUSES, Cause

HOMES = ("pipelines/causes/",)  # the causes themselves
# Words that name something else: a setting of the target, a step of a scikit-learn pipeline, the key of a search.
OTHERS = {
    ("pipelines/targets/amount.py", "scale"),
    ("pipelines/targets/groups.py", "scale"),
    ("pipelines/report/figures/define.py", "scale"),
    ("pipelines/inputs/feature.py", "scale"),
    ("pipelines/strong.py", "tuning"),
    ("pipelines/report/sections/candidates.py", "tuning"),
    ("pipelines/experiments/controls.py", "shape"),  # keys of a fact with a type
    ("pipelines/experiments/controls.py", "interaction"),
    ("flows/watching/findings.py", "tuning"),  # the key of a fact with a type
    ("pipelines/serving/drift.py", "ratio"),  # of two shares
    # What has to go on occurring for a cause to hold, which the causes do not say themselves yet.
    *(("pipelines/serving/drift_causes.py", name) for name in ("scale", "missingness", "encoding", "shape")),
    ("pipelines/serving/drift_causes.py", "interaction"),
}


def search(root: Path) -> Search:
    """Return where modules and templates below `root` name a cause, outside HOMES and OTHERS."""
    names = {cause.name for cause in CAUSES}
    files, count, found = 0, 0, []
    for path in sorted([*root.glob("pipelines/**/*.py"), *root.glob("flows/**/*.py"), *root.glob("pipelines/**/*.j2")]):
        place = path.relative_to(root).as_posix()
        if place.startswith(HOMES):
            continue
        files += 1
        for line, text in quoted(path):
            count += 1
            if text in names and (place, text) not in OTHERS:
                found.append(f"{place}:{line}")
    return Search(files, count, found)


def test_no_module_and_no_template_names_a_cause() -> None:
    """A further cause is a file of its own and a line of the list: no comparison with a name has to learn of it."""
    looked = search(ROOT)

    assert looked.files > FEWEST_FILES
    assert looked.literals > FEWEST_LITERALS
    assert not looked.found, f"of {looked.literals} literals in {looked.files} files these name a cause"


@pytest.mark.parametrize("cause", CAUSES, ids=[cause.name for cause in CAUSES])
def test_a_planted_name_is_found(cause: Cause, tmp_path: Path) -> None:
    """A module and a template that name a cause are found, with the line; the cause's own module is not."""
    name = cause.name
    for place, text in (
        ("pipelines/step.py", f'first = 1\nif factor == "{name}":\n    first = 2\n'),
        ("pipelines/report/templates/page.md.j2", f'{{% if factor == "{name}" %}}yes{{% endif %}}\n'),
        ("pipelines/causes/own.py", f'NAME = "{name}"\n'),
    ):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")

    assert search(tmp_path).found == ["pipelines/report/templates/page.md.j2:1", "pipelines/step.py:2"]
