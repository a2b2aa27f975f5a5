"""Looking again and again at what comes in, without raising a false alarm because of that.

A test at 5 % that is repeated after every row ends in a false alarm for certain. So it is made only at some *looks*,
and the 5 % are divided among them. Rows come in *windows* of equally many, so that what begins late does not drown in
what came before. In each window looks come at `first` rows and then at every doubling, up to the whole window. Window
w, from 1, spends alpha / (w (w + 1)), and its looks share that in proportion to their rows, so that half is left for
the whole window. Over all looks that there will ever be, these sum to alpha, and by Bonferroni's inequality the chance
of any false alarm is at most that, however looks depend on each other.

Source: Lan and DeMets 1983, Discrete sequential boundaries for clinical trials, Biometrika 70, 659-663, for spending
alpha by a rule that is fixed beforehand while the number of looks is not. A confidence sequence (Howard and others
2021, Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of Statistics 49, 1055-1080) holds at
every row; it is wider at each, and few metrics are sums of rows.
"""

from dataclasses import dataclass

from scipy.special import ndtri

ALPHA = 0.05


@dataclass(frozen=True)
class Look:
    """One look: which window's, from 0, how often its rows have doubled, and the rows that it is at."""

    window: int
    doubled: int
    start: int
    end: int

    @property
    def rows(self) -> int:
        """How many rows it is at."""
        return self.end - self.start


@dataclass(frozen=True)
class Schedule:
    """When looks are due: at `first` rows of each window, and at each doubling, of which there are `doublings`."""

    first: int
    doublings: int

    @classmethod
    def of(cls, first: int, enough: float) -> "Schedule":
        """Return the schedule whose windows are the shortest that hold `enough` rows."""
        doublings = 0
        while first << doublings < enough:
            doublings += 1
        return cls(first, doublings)

    @property
    def window(self) -> int:
        """The rows of a window."""
        return self.first << self.doublings

    def last(self, rows: int) -> Look | None:
        """Return the last look that `rows` rows in all allow; None before the first."""
        whole, rest = divmod(rows, self.window)
        if rest >= self.first:
            return self.look(whole, (rest // self.first).bit_length() - 1)
        return self.look(whole - 1, self.doublings) if whole else None

    def following(self, look: Look | None) -> Look:
        """Return the look after this one; the first where there is none."""
        if look is None:
            return self.look(0, 0)
        return (
            self.look(look.window, look.doubled + 1) if look.doubled < self.doublings else self.look(look.window + 1, 0)
        )

    def look(self, window: int, doubled: int) -> Look:
        """Return the look of a window after so many doublings."""
        start = window * self.window
        return Look(window, doubled, start, start + (self.first << doubled))

    def spent(self, look: Look, alpha: float = ALPHA) -> float:
        """Return the part of alpha that a look spends."""
        of_window = alpha / ((look.window + 1) * (look.window + 2))
        return float(of_window * (1 << look.doubled) / ((2 << self.doublings) - 1))

    def reach(self, look: Look, alpha: float = ALPHA) -> float:
        """Return how many standard errors an interval reaches to either side at a look, which spends its part."""
        return float(-ndtri(self.spent(look, alpha) / 2))
