"""One axon laid ready for measurements: stepped cable, rest, and the electrodes outside and inside."""

from collections.abc import Mapping
from typing import NamedTuple

from twitchwise.simulate.axon.changes import AxonChanges
from twitchwise.simulate.axon.fiber import Fiber, State, at_rest, fiber_of
from twitchwise.simulate.axon.geometry import geometry_of
from twitchwise.simulate.axon.rest import resting_potentials
from twitchwise.simulate.axon.stimulus import MIDDLE_NODE, Pattern, from_outside, through_node
from twitchwise.vocabulary.arrays import FloatArray

Resting = tuple[FloatArray, FloatArray, bool]
"""What `rest.resting_potentials` gives: it does not depend on the step."""


class Subject(NamedTuple):
    """An axon at rest and where it can be stimulated."""

    fiber: Fiber
    rest: State
    outside: Pattern
    inside: Pattern
    resting_node_v: FloatArray
    internode_length_m: float
    resting: Resting


def subject_of(
    changes: AxonChanges, parameters: Mapping[str, float], dt_s: float, resting: Resting | None = None
) -> Subject:
    """Return an axon at rest, for steps of ``dt_s`` seconds, with one stimulus; its rest is solved for unless given."""
    geometry, fiber = geometry_of(changes, parameters), fiber_of(changes, parameters, dt_s)
    resting = resting or resting_potentials(changes, parameters)
    node_v, internode_v, _ = resting
    return Subject(
        fiber=fiber,
        rest=at_rest(fiber, node_v, internode_v, 1),
        outside=from_outside(geometry, fiber.cable, parameters),
        inside=through_node(MIDDLE_NODE),
        resting_node_v=node_v,
        internode_length_m=geometry.spacing_m,
        resting=resting,
    )
