"""The next run of each of a deployment's schedules, put into the server before it is due.

Prefect's server does this by itself, but not this release with the SQLAlchemy that is locked: its scheduler cannot
insert runs, and says so only in its log. The keys are those of the server's own scheduler, so a server of the user's,
whose scheduler works, holds no run twice.
"""

from datetime import UTC, datetime

from flows.watching.api import Api
from flows.watching.schedules import next_time

TAG = "scheduled"


def schedule_runs(api: Api, deployment: str) -> None:
    """Schedule the next run of each schedule that is active, and drop runs whose schedule is not any more.

    Raises Unanswered.
    """
    served = api.get(f"/deployments/{deployment}")
    active = [] if served["paused"] else [one for one in served["schedules"] if one["active"]]
    wanted = {}
    for one in active:
        if (when := next_time(one["schedule"], datetime.now(UTC))) is not None:
            wanted[f"scheduled {deployment} {one['id']} {when}"] = when, one
    state = {"type": {"any_": ["SCHEDULED"]}}
    asked = {"flow_runs": {"state": state, "tags": {"all_": [TAG]}, "deployment_id": {"any_": [deployment]}}}
    there = {run["idempotency_key"]: run for run in api.post("/flow_runs/filter", asked)}
    for key, run in there.items():
        if key not in wanted and datetime.fromisoformat(run["expected_start_time"]) > datetime.now(UTC):
            api.delete(f"/flow_runs/{run['id']}")
    for key, (when, one) in wanted.items():
        if key not in there:
            at = {"type": "SCHEDULED", "state_details": {"scheduled_time": when.isoformat()}}
            body = {"name": TAG, "parameters": one["parameters"], "tags": [TAG], "idempotency_key": key, "state": at}
            api.post(f"/deployments/{deployment}/create_flow_run", body)
