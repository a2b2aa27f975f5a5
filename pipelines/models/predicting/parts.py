"""One fold model made ready: quickly where its family knows how, else as it always predicted."""

from pipelines.models.family import Family, Files, Loading
from pipelines.models.predicting.rows import Fast, Reading
from pipelines.models.saving.plain import UnknownPart


def ready(family: Family, files: Files, given: Loading, reading: Reading) -> Fast:
    """Return what predicts rows as the family's loaded model does; raises what loading it raises."""
    if family.fast is not None:
        try:
            return family.fast(files, given, reading)
        except UnknownPart:  # of a kind that is not computed quickly
            pass
    model = family.load(files, given)
    return lambda rows: model.predict(rows.frame)
