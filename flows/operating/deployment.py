"""The deployment `rebuild`: what Prefect's UI shows with a Run button, its parameters, and its schedules."""

import os
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from flows.repository.projects import project_names
from flows.watching.api import Api, Unanswered
from flows.watching.parent import FLOW
from flows.watching.schedules import check_cron
from pipelines.core.errors import quote

NAME = "rebuild"
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
DURATION = re.compile(r"([1-9]\d{0,5})([smhd])")
LOCALTIME = Path("/etc/localtime")
ZONES = "zoneinfo/"  # in the path that /etc/localtime links to, before the zone's name
NOT_FOUND = 404
DESCRIPTION = """\
`dvc repro` of the projects named, of all where none is. DVC decides what runs: only stages whose inputs changed.
Served by `sevenfold operate`: one rebuild runs at a time, and runs that wait for it become one.
"""


def duration(text: str) -> timedelta:
    """Return a time as people write it, 90s, 30m, 6h or 1d; raise ValueError of any other text."""
    found = DURATION.fullmatch(text.strip())
    if found is None:
        message = f"{quote(text)} is no time such as 90s, 30m, 6h or 1d"
        raise ValueError(message)
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def schedules(cron: str | None, interval: timedelta | None, zone: str | None) -> list[dict[str, Any]]:
    """Return the schedules of a deployment; raise InputError for a wrong cron line or time zone."""
    zone = zone or local_zone()
    found: list[dict[str, Any]] = []
    if cron is not None:
        check_cron(cron, zone)
        found.append({"cron": cron, "timezone": zone})
    if interval is not None:
        found.append({"interval": interval.total_seconds(), "timezone": zone})
    return [{"schedule": one, "active": True} for one in found]


def local_zone() -> str:
    """Return the name of this machine's time zone, UTC where it has none that is named."""
    if name := os.environ.get("TZ"):
        return name.removeprefix(":")
    return str(LOCALTIME.resolve()).partition(ZONES)[2] or "UTC"


def serve(api: Api, names: Sequence[str], when: Sequence[dict[str, Any]]) -> str:
    """Put the deployment into the server, or renew it; return its id.

    `names` are the projects of a run that names none; `when` are the schedules that it gets. Without any, those that it
    has, also from the UI, stay. Raises Unanswered.
    """
    wanted = {
        "parameters": {"projects": list(names), "force": False, "update": False},
        "parameter_openapi_schema": parameter_schema(),
        "enforce_parameter_schema": True,
        "description": DESCRIPTION,
        "entrypoint": "flows/commands/rebuild.py:rebuild",
        "path": str(Path.cwd()),
        **({"schedules": list(when)} if when else {}),
    }
    flow = api.post("/flows/", {"name": FLOW})["id"]
    try:
        found = api.get(f"/deployments/name/{FLOW}/{NAME}")["id"]
    except Unanswered as refused:
        if refused.status != NOT_FOUND:
            raise
        return str(api.post("/deployments/", {"name": NAME, "flow_id": flow, **wanted})["id"])
    api.patch(f"/deployments/{found}", wanted)
    return str(found)


def parameter_schema() -> dict[str, Any]:
    """Return what the form behind the Run button asks for, as a JSON schema."""
    one = {"type": "string", "enum": project_names()}
    return {
        "title": "Parameters",
        "type": "object",
        "required": [],
        "properties": {
            "projects": {
                "title": "projects", "type": "array", "items": one, "default": [], "position": 0,
                "description": "the projects to rebuild; none: all",
            },
            "force": {
                "title": "force", "type": "boolean", "default": False, "position": 1,
                "description": "run every stage, also where nothing changed",
            },
            "update": {
                "title": "update", "type": "boolean", "default": False, "position": 2,
                "description": "fetch first what raw files were imported from (`dvc update`)",
            },
        },
    }  # fmt: skip


def scheduled(api: Api, deployment: str) -> list[str]:
    """Return the deployment's schedules in words."""
    found = api.get(f"/deployments/{deployment}")
    more = ", but paused in the UI" if found["paused"] else ""
    return [_in_words(one["schedule"]) + more for one in found["schedules"] if one["active"]]


def _in_words(schedule: dict[str, Any]) -> str:
    zone = schedule.get("timezone") or "UTC"
    if "cron" in schedule:
        return f"at {schedule['cron']} ({zone})"
    return f"every {timedelta(seconds=schedule['interval'])}" if "interval" in schedule else "by a rule of the UI"
