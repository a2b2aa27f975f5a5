"""Which kind of service an archive holds: it says so itself."""

from collections.abc import Mapping

from pipelines.serving.archive import unpack_service
from pipelines.serving.groups import GroupedService
from pipelines.serving.service import Service

KINDS: Mapping[str, type[Service]] = {one.rows: one for one in (Service, GroupedService)}


def load_service(content: bytes, threads: int = 1) -> Service:
    """Return the service of an archive, whose models share the rows of a call among threads.

    Raises InputError where the bytes are no archive of a service.
    """
    schema, _ = unpack_service(content)
    return KINDS.get(str(schema.get("rows")), Service).load(content, threads)
