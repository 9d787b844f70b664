"""Repetitive nerve stimulation: how a muscle's response changes in a train, at rest or after an effort.

The tests of the clinic, with the response taken as the share of fibers that fire: decrement at 2 to 5 Hz, increment at
20 to 50 Hz or after 10 s of effort (Lipka et al. 2020, doi:10.1002/mus.26885).
"""

import math
from dataclasses import dataclass

import numpy as np

from twitchwise.simulate.junction.junction import Junction
from twitchwise.simulate.junction.transmission import expected_shares
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive, require_within


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """A strong voluntary contraction before the train.

    Parameters
    ----------
    duration_s
        How long the motor units discharge, in seconds, above 0.
    rest_s
        Time in seconds from its last discharge to the first stimulus, above 0.
    rate_hz
        Discharges per second of each unit, above 0.
    """

    duration_s: float
    rest_s: float
    rate_hz: float = 30.0

    def __post_init__(self) -> None:
        """Refuse an effort that cannot be."""
        for name in ("duration_s", "rest_s", "rate_hz"):
            require_positive(name, getattr(self, name))

    def discharges_s(self) -> FloatArray:
        """Return the discharges in seconds; the last one lies ``rest_s`` before time 0."""
        count = max(1, round(self.duration_s * self.rate_hz))
        return -self.rest_s - np.arange(count)[::-1] / self.rate_hz


def responses(junction: Junction, rate_hz: float, count: int, effort: Effort | None = None) -> FloatArray:
    """Return the share of fibers that each stimulus of a train sets off.

    Parameters
    ----------
    junction
        What all junctions of the muscle have in common; they are rested before train and effort.
    rate_hz
        Stimuli per second, above 0.
    count
        How many stimuli, at least 1.
    effort
        A contraction before the train.

    Returns
    -------
    FloatArray
        Shape ``(count,)``, each in [0, 1].

    Raises
    ------
    OutOfRangeError
        If the rate or the count lies outside.
    """
    require_positive("rate_hz", rate_hz)
    require_within("count", count, 1, math.inf)
    train_s = np.arange(count) / rate_hz
    before_s = np.empty(0) if effort is None else effort.discharges_s()
    shares: FloatArray = expected_shares(np.concatenate([before_s, train_s]), junction)[before_s.size :]
    return shares


def repetitive_stimulation(junction: Junction, rate_hz: float, count: int, effort: Effort | None = None) -> FloatArray:
    """Return each response of a train over the first one; as `responses` otherwise.

    Where no fiber answers the first stimulus there is nothing to compare with, and all are not a number.

    Examples
    --------
    >>> from twitchwise.simulate import parameters_for
    >>> repetitive_stimulation(Junction.of(parameters_for("healthy")), 3.0, 5).round(2).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    shares = responses(junction, rate_hz, count, effort)
    relative: FloatArray = shares / shares[0] if shares[0] > 0 else np.full(count, np.nan)
    return relative
