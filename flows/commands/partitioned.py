"""`sevenfold partitioned FOLDER TARGET`: boosted trees on a folder of Parquet files that no machine could hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.repository.files import write_json, write_text
from flows.running.cluster import check, connected
from pipelines.core.errors import InputError
from pipelines.partitioned.fit import Recipe, fit_partitioned

if TYPE_CHECKING:
    from distributed import Client

HELD_OUT = 0.2  # of the files
BYTES_A_VALUE = 7  # see fit_partitioned
ALONE = 350 << 20  # bytes of a worker that has imported what it needs
GIB = 1 << 30


def partitioned(folder: Path, recipe: Recipe, address: str, out: Path) -> dict[str, Any]:
    """Fit on the workers of the scheduler at `address`, write the model to `out` and facts beside it; return these.

    The last fifth of the files, by name, is held out: where files follow time, as they mostly do, those are the latest
    rows. Workers read the files themselves, so the folder must be there for them under the same path. Raises InputError
    for fewer than two files, for workers without the memory that it would take, and what `connected`, `check` and
    `fit_partitioned` raise.
    """
    import dask.dataframe as dd

    files = sorted(str(path.absolute()) for path in folder.glob("*.parquet"))
    if len(files) < 2:  # noqa: PLR2004 - one to fit, one to hold out
        found = f"{len(files)} Parquet file(s)"
        raise InputError(found, where=str(folder), allowed="two or more *.parquet", todo="write it in several files")
    cut = min(len(files) - 1, round((1 - HELD_OUT) * len(files)))
    with connected(address) as client:
        check(client)
        _check_memory(files[:cut], client)
        train, held = (dd.read_parquet(part) for part in (files[:cut], files[cut:]))
        fitted = fit_partitioned(train, held, recipe, client)
        facts = fitted.facts | {"workers": len(client.nthreads())}
    write_text(out, fitted.model)
    write_json(out.with_suffix(".json"), facts)
    return facts


def _check_memory(files: list[str], client: "Client") -> None:
    """Raise InputError if a worker's share of the values would not fit into its memory."""
    from pyarrow.parquet import read_metadata

    described = [read_metadata(file) for file in files]
    values = sum(one.num_rows * (one.num_columns - 1) for one in described)
    limits = [worker["memory_limit"] for worker in client.scheduler_info()["workers"].values()]
    needed = ALONE + BYTES_A_VALUE * values / len(limits)
    if 0 < min(limits) < needed:  # 0 is no limit
        raise InputError(
            f"{values:,} values need {needed / GIB:.1f} GiB on each of {len(limits)} workers",
            where=f"the smallest has {min(limits) / GIB:.1f} GiB",
            todo="start more workers, or give each more memory (--memory-limit)",
        )
