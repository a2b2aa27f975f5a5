"""`sevenfold operate`: rebuilds from the UI's Run button, by schedule, and when data change."""

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

from flows.operating.deployment import scheduled, schedules, serve
from flows.operating.operator import Looking
from flows.operating.operator import operate as run
from flows.operating.raw_files import chosen, imported
from flows.repository.names import check_name
from flows.repository.projects import project_names
from flows.watching import server
from flows.watching.api import Api, Unanswered
from pipelines.core.errors import InputError


def operate(
    names: Sequence[str], *, cron: str | None, interval: timedelta | None, zone: str | None, looking: Looking
) -> int:
    """Serve the deployment until it is ended; return the exit status.

    Raises InputError for an unknown project, a wrong cron line or time zone, and where no server is available.
    """
    names = [check_name(one, project_names(), what="project", where="projects/") for one in dict.fromkeys(names)]
    when = schedules(cron, interval, zone)

    def deployed(api: Api) -> str:
        deployment = serve(api, names, when)
        say(f"the deployment with its Run button: {api.page('deployments/deployment', deployment)}")
        say(f"rebuilds {', '.join(scheduled(api, deployment)) or 'by no schedule'}")
        if looking.files is not None:
            say(f"looks every {looking.files} at {', '.join(chosen(names).values()) or 'no raw file'}")
        if looking.sources is not None and imported(names):
            say(f"looks every {looking.sources} at what {', '.join(imported(names))} was imported from")
        return deployment

    try:
        run(deployed, names, looking, say)
    except server.NotWatched as reason:
        raise InputError(f"no Prefect server: {reason}", where=server.ui()) from None
    except Unanswered as reason:
        raise InputError(f"the Prefect server refused: {reason}", where=server.ui()) from None
    return 0


def say(text: str) -> None:
    """Say on the terminal, or in a log, what happens."""
    sys.stdout.write(f"{datetime.now().astimezone():%H:%M:%S} {text}\n")
    sys.stdout.flush()
