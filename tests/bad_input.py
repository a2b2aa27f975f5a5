"""A catalogue of bad input: what is wrong, how it comes about in a repository that was fine, and what must be said."""

from bad_commands import COMMANDS
from bad_drafts import DRAFTS
from bad_files import FILES
from bad_forecasts import FORECASTS
from bad_groups import GROUPS
from bad_projects import PROJECTS
from bad_sources import ENCODERS, SOURCES
from bad_tables import TABLES
from bad_texts import TEXTS

BY_KIND = {
    "project file": PROJECTS, "source": SOURCES, "table": [*TABLES, *DRAFTS], "file": FILES, "command": COMMANDS,
    "forecast": FORECASTS, "groups": GROUPS, "text": [*TEXTS, *ENCODERS],
}  # fmt: skip
CASES = [case for cases in BY_KIND.values() for case in cases]
