"""The split of forecasts: the test rows are the targets of the last origins, and folds look back alone."""

from pipelines.splits.split import Asked, Rows, Split, Splitting


class Origins(Split):
    """Forecasts are made at origins in time; what is forecast later is predicted from what came before."""

    name = "origins"
    treatment = "kept where their time puts them"
    later = True

    def assign(self, rows: Rows, asked: Asked) -> Splitting:  # noqa: ARG002 - nothing is dealt
        """Raise ValueError: the moments of series are laid out with their origins, not dealt."""
        message = "forecasts are split where their table is made"
        raise ValueError(message)

    def ways(self) -> str:
        """Return what else could be asked for."""
        return "take a longer history, or make --horizon smaller"
