"""What the searches of hypothesis share: their settings, and what an error must be."""

from typing import Any

from hypothesis import HealthCheck

from pipelines.core.errors import InputError

MOST_LINES = 10
SETTINGS: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
}


def check_error(error: InputError) -> None:
    """Assert that an error is told in a few lines of printable characters."""
    lines = str(error).split("\n")
    assert len(lines) <= MOST_LINES
    assert all(line.isprintable() for line in lines), ascii(str(error))
    assert error.found
    assert error.where
    assert error.todo
