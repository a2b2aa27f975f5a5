"""The commit that the repository's files are of."""

import shutil
import subprocess

MATTERS = ("flows", "pipelines", "projects", "dvc.yaml")  # what makes another build, or another service, of a commit


def commit(digits: int = 40) -> str | None:
    """Return the commit that is checked out, and whether code or project files differ from it; None without git."""
    head = _git("rev-parse", f"--short={digits}", "HEAD")
    if head is None or head.returncode:
        return None
    changed = _git("diff", "--quiet", "HEAD", "--", *MATTERS)
    return head.stdout.strip() + (" and changes" if changed is not None and changed.returncode else "")


def _git(*arguments: str) -> subprocess.CompletedProcess[str] | None:
    git = shutil.which("git")
    if git is None:
        return None
    return subprocess.run([git, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
