"""Prefect's schedules: whether a cron line is one, and when the next run is due."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipelines.core.errors import InputError, quote


def check_cron(cron: str, zone: str) -> None:
    """Raise InputError unless Prefect takes the cron line, in that time zone."""
    from prefect.client.schemas.schedules import CronSchedule

    try:
        CronSchedule(cron=cron)
    except ValueError:
        allowed = "five fields: minute, hour, day of the month, month, day of the week, as 0 6 * * 1-5"
        raise InputError(f"{quote(cron)} is no cron line", where="--cron", allowed=allowed, todo="change it") from None
    try:
        CronSchedule(cron=cron, timezone=zone)
    except ValueError:
        allowed = "a name of the tz database, as Europe/Berlin or UTC"
        raise InputError(f"no time zone {quote(zone)}", where="--timezone", allowed=allowed, todo="change it") from None


def next_time(schedule: Mapping[str, Any], after: datetime) -> datetime | None:
    """Return the next time of a schedule as the server describes it; None after its last, and of an unknown kind."""
    from prefect.server.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule

    kinds = {"cron": CronSchedule, "interval": IntervalSchedule, "rrule": RRuleSchedule}
    kind = next((kinds[key] for key in kinds if key in schedule), None)
    if kind is None:
        return None
    times = asyncio.run(kind(**schedule).get_dates(n=1, start=after))
    return times[0] if times else None
