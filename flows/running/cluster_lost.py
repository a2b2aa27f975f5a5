"""What a piece raises where the cluster that should run it cannot go on."""

from pipelines.core.errors import InputError


class ClusterLost(BaseException):
    """The cluster cannot go on. No Exception, since steps note those of a model as that model's failure and go on."""

    def __init__(self, why: InputError) -> None:
        """Keep what the user reads."""
        self.why = why
        super().__init__(str(why))
