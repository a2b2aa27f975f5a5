"""A project file: its sections, what they must agree on, and how an error in it is explained.

This is its one door: other code imports from here.
"""

from pipelines.core.project.agreement import TYPES_OF
from pipelines.core.project.grouped import Clusters, Entities, Made
from pipelines.core.project.parse import check_project_name, parse_project
from pipelines.core.project.sections import (
    ADDRESS,
    PATTERNS,
    Column,
    Forecast,
    Panel,
    Problem,
    Project,
    Role,
    Run,
    Source,
    Split,
    Task,
)

__all__ = (
    "ADDRESS",
    "PATTERNS",
    "TYPES_OF",
    "Clusters",
    "Column",
    "Entities",
    "Forecast",
    "Made",
    "Panel",
    "Problem",
    "Project",
    "Role",
    "Run",
    "Source",
    "Split",
    "Task",
    "check_project_name",
    "parse_project",
)  # fmt: skip
