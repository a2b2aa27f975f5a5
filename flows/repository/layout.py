"""Where every file of a project lives. All paths are relative to the repository's root, the working directory."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.core.project import Role

PROJECTS = Path("projects")
SUMMARIES = Path("data", "summaries")
OVERVIEW = Path("reports", "README.md")
ENCODER_FILES: "dict[Role, str]" = {"model": "model.onnx", "tokenizer": "tokenizer.json"}  # by role in [[source]]
OVERVIEW_FIGURES = Path("reports", "figures")


@dataclass(frozen=True)
class Layout:
    """The paths of one project."""

    project: str

    @property
    def project_file(self) -> Path:
        """The one file that a user writes."""
        return PROJECTS / f"{self.project}.toml"

    @property
    def data(self) -> Path:
        """The folder of the tables between steps."""
        return Path("data", self.project)

    @property
    def table(self) -> Path:
        """The validated table."""
        return self.data / "table.parquet"

    @property
    def encoded(self) -> Path:
        """The same with the columns made of its texts, where it has some."""
        return self.encoded_folder / "table.parquet"

    @property
    def encoded_folder(self) -> Path:
        """The folder of what step `encode` makes of texts."""
        return self.data / "encoded"

    @property
    def controls(self) -> Path:
        """Rows with texts from which something was taken, for the controls of step 7."""
        return self.encoded_folder / "controls.parquet"

    @property
    def encoder(self) -> Path:
        """The folder of the files of the texts' encoder."""
        return self.data / "encoder"

    @property
    def quarantine(self) -> Path:
        """The rows that were set aside."""
        return self.data / "quarantine.parquet"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' pages; they hold times, so no stage owns them."""
        return self.data / "data_docs"

    @property
    def summary(self) -> Path:
        """What the overview needs of this project."""
        return SUMMARIES / f"{self.project}.json"

    @property
    def reports(self) -> Path:
        """The folder that a reader opens."""
        return Path("reports", self.project)

    @property
    def report(self) -> Path:
        """The report."""
        return self.reports / "README.md"

    @property
    def answer(self) -> Path:
        """What the facts of all steps come to."""
        return self.reports / "answer.json"

    def beside(self, page: str) -> Path:
        """Return the path of a page beside the report."""
        return self.reports / f"{page}.md"

    @property
    def notebook(self) -> Path:
        """The notebook that repeats the report's numbers."""
        return self.reports / "notebook.ipynb"

    @property
    def figures(self) -> Path:
        """The report's pictures."""
        return self.reports / "figures"

    @property
    def metrics(self) -> Path:
        """The few numbers that `dvc metrics` shows."""
        return self.reports / "metrics.json"

    def facts(self, step: str) -> Path:
        """Return the path of one step's facts."""
        return self.reports / "facts" / f"{step}.json"

    def predictions(self, step: str) -> Path:
        """Return the path of the predictions of `baseline` or `strong`."""
        return self.data / f"{step}.parquet"

    def model(self, name: str) -> Path:
        """Return the path of the models of `baseline`, `strong`, `repaired`, `rungs`, or `service`: all of these.

        Or of `texts`, which makes numbers of raw texts.
        """
        return Path("models", self.project, f"{name}.zip")

    def plot(self, name: str) -> Path:
        """Return the path of one table that `dvc plots` draws."""
        return self.reports / "plots" / f"{name}.json"
