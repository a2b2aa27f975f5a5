"""Which projects there are."""

from flows.layout import PROJECTS


def project_names() -> list[str]:
    """Return the names of all projects, sorted."""
    return sorted(path.stem for path in PROJECTS.glob("*.toml"))
