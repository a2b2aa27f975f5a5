"""The archive of a forecast: what its next steps need, beside the history that the user gives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.core.project import Project
from pipelines.facts.steps import Facts
from pipelines.models.saving.archive import SavedModel, load
from pipelines.models.saving.zip import pack
from pipelines.series.ahead import forecast_ahead
from pipelines.serving.archive import FORMAT, project_of, sections_of, unpack_service, unreadable

SERIES = "series"  # of `Target.rows`


def pack_forecast(project: Project, facts: Facts, models: Mapping[str, bytes]) -> bytes:
    """Return the archive of a forecast; equal builds give equal bytes."""
    forecasts = facts["compare"]["forecasts"]
    schema: dict[str, Any] = {
        "format": FORMAT,
        "rows": SERIES,
        "project": {"name": project.name} | sections_of(project),
        "models": {name: {} for name in models},
        "forecast": facts["define"].get("forecast"),
        "bands": None if forecasts is None else forecasts["bands"],
    }
    files = {f"{name}.zip": content for name, content in models.items()}
    return pack(files | {"service.json": json.dumps(schema, indent=1, allow_nan=False).encode()}, compress=True)


@dataclass(frozen=True)
class Forecasts:
    """What makes the next forecast, out of its archive."""

    schema: Mapping[str, Any]
    project: Project
    models: Mapping[str, SavedModel]

    @classmethod
    def load(cls, content: bytes) -> "Forecasts":
        """Return what `pack_forecast` wrote; raise InputError where the bytes are no such archive."""
        schema, files = unpack_service(content)
        try:
            if schema["rows"] != SERIES:
                raise unreadable("it answers rows that stand by themselves, and makes no forecasts")
            models = {name: load(files[f"{name}.zip"]) for name in schema["models"]}
            return cls(schema, project_of(schema), models)
        except (KeyError, ValueError, TypeError) as error:
            raise unreadable(str(error)) from error

    def ahead(
        self, history: pd.DataFrame, *, model: str = "strong", ahead: pd.DataFrame | None = None,
        until: np.datetime64 | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Return the next steps of each series; see `forecast_ahead`. Bands are the strong model's alone."""
        bands = self.schema["bands"] if model == "strong" else None
        return forecast_ahead(
            history, self.project, self.models[model], self.schema["forecast"], bands, ahead=ahead, until=until
        )
