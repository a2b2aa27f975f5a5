"""Which pins are installed, what uv is told of pip's configuration, and how long set-up says that it takes."""

import sys
from collections.abc import Iterator

import pytest
from conftest import ROOT

from flows.running.scheduler import check_installed
from flows.setup.checks import ROOM_OF_EXTRA
from flows.setup.index import for_uv
from flows.setup.left import SECONDS_AFTER, Left
from flows.setup.pins import EXTRAS, read_pins, wanted, written
from pipelines.core.errors import InputError

LOCK = """# Written by `make lock`.
numpy==2.4.6 \\
    --hash=sha256:aa
dask==2026.8.0 ; python_full_version < '3.13' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # extra: dev, cluster
pip-audit==2.10.1 \\
    --hash=sha256:dd
    # extra: audit
"""


def test_an_extra_brings_its_pins_and_no_others() -> None:
    """Those without an extra are always installed."""
    pins = read_pins(LOCK)
    names = {extra: [pin.name for pin in wanted(pins, [extra])] for extra in ("dev", "cluster", "audit")}
    assert [pin.name for pin in wanted(pins, [])] == ["numpy"]
    assert names == {"dev": ["numpy", "dask"], "cluster": ["numpy", "dask"], "audit": ["numpy", "pip-audit"]}


def test_pins_are_written_as_they_were_read() -> None:
    """Markers and hashes stay; the head of the file is no pin."""
    assert written(read_pins(LOCK)) == LOCK.partition("\n")[2]


def test_the_lock_knows_the_extras_that_make_offers() -> None:
    """Each extra of the lock is one of them, and each of them brings something: pins and room."""
    pins = read_pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert {extra for pin in pins for extra in pin.extras} == set(EXTRAS) == set(ROOM_OF_EXTRA)
    assert "uv" in {pin.name for pin in wanted(pins, [])}
    assert "pytest" not in {pin.name for pin in wanted(pins, ["cluster", "site", "audit"])}
    assert len(wanted(pins, [])) < len(wanted(pins, ["dev"])) < len(pins)


def test_uv_is_told_what_pip_was() -> None:
    """Of two lines for one setting the later counts, as in pip; a variable of uv's own that is set stays."""
    listed = [
        "global.index-url='https://mirror.example/simple'",
        "global.cert='/etc/ca.crt'",
        "global.timeout='60'",
        "install.find-links='\\n/wheels\\n/more'",
        ":env:.index-url='https://other.example/simple'",
    ]
    assert for_uv(listed, {"SSL_CERT_FILE": "/mine.crt"}) == {
        "UV_DEFAULT_INDEX": "https://other.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
    }
    assert for_uv([], {}) == {}


def test_what_is_left_is_counted_from_what_was_downloaded() -> None:
    """20 of 100 MB in 10 seconds leave 80 MB, 40 seconds, and what follows; not more often than every 5 seconds."""
    said: list[str] = []
    times: Iterator[float] = iter([0.0, 10.0, 12.0])
    left = Left(3, 100, said.append, lambda: next(times))
    begun = ("Downloading a (19.0735MiB)", "Downloading b (1.0MiB)")
    for line in (*begun, " Downloaded a", " Downloaded b", "Prepared 3 packages in 12s"):
        left.read(line)
    assert said == [
        f"  downloaded 20 of 100 MB; about {40 + SECONDS_AFTER} s left at most",
        f"  prepared 3 packages; about {SECONDS_AFTER} s left",
    ]


def test_a_cluster_without_its_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask comes with the extra `cluster` alone; where it is, nothing is said."""
    check_installed()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="make setup EXTRAS=cluster"):
        check_installed()
