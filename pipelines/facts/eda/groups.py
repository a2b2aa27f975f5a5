"""Features that go together."""

from typing_extensions import TypedDict

from pipelines.facts.shared import LeftOut, Names


class Link(TypedDict):
    """Two features that go together."""

    features: Names  # their names
    strength: float  # from 0 to 1
    kind: str  # how it was measured


class Group(TypedDict):
    """Features that links connect."""

    features: list[str]  # the best alone first
    strength: float  # of the strongest link
    kind: str  # how links were measured
    links: list[Link]  # the strongest first


class Groups(TypedDict):
    """Features that go together, and those not paired."""

    groups: list[Group]  # the largest first
    left_out: LeftOut  # features not paired
