"""A few of the requests of `make fuzz`, which sends 10,000."""

from pathlib import Path

import pytest
from fuzz_serving import fuzz
from serving_http import options_in, serving
from toy_service_groups import Kind, client_rows, packed_groups

COUNT = 400
FEWEST_ANSWERED = 20  # a fuzzer whose rows are all refused looks at little


def test_no_request_breaks_the_server(tmp_path: Path) -> None:
    """Whatever is sent, nothing is answered with 500, errors have their one shape, and good rows their predictions."""
    with serving(options_in(tmp_path)) as server:
        answered = fuzz(server, COUNT)

    assert answered > FEWEST_ANSWERED


@pytest.mark.parametrize("kind", ["entities", "rows, no outcome"])
def test_no_request_breaks_a_server_of_groups(kind: Kind, tmp_path: Path) -> None:
    """The same of rows that are put into groups, with an outcome and without one."""
    with serving(options_in(tmp_path, packed_groups(kind))) as server:
        answered = fuzz(server, COUNT, client_rows(kind))

    assert answered > FEWEST_ANSWERED
