"""A few of the requests of `make fuzz`, which sends 10,000."""

from pathlib import Path

from fuzz_serving import fuzz
from serving_http import options_in, serving

COUNT = 400
FEWEST_ANSWERED = 20  # a fuzzer whose rows are all refused looks at little


def test_no_request_breaks_the_server(tmp_path: Path) -> None:
    """Whatever is sent, nothing is answered with 500, errors have their one shape, and good rows their predictions."""
    with serving(options_in(tmp_path)) as server:
        answered = fuzz(server, COUNT)

    assert answered > FEWEST_ANSWERED
