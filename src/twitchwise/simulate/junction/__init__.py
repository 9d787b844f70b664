"""The neuromuscular junction: which fibers of a motor unit a discharge sets off, and when."""

from twitchwise.simulate.junction.junction import Junction
from twitchwise.simulate.junction.repetitive_stimulation import Effort, repetitive_stimulation, responses
from twitchwise.simulate.junction.single_fibers import SingleFibers, single_fibers
from twitchwise.simulate.junction.transmission import Transmission, expected_shares, transmit

__all__ = [
    "Effort",
    "Junction",
    "SingleFibers",
    "Transmission",
    "expected_shares",
    "repetitive_stimulation",
    "responses",
    "single_fibers",
    "transmit",
]
