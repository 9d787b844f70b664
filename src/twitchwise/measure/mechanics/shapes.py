"""The shapes that an averaged twitch may have on a channel, as vectors of numbers that a search can move.

A vector holds the onset in hundredths of a second, then logarithms: rise time, power of the rise, fall time, and for a
motion sensor the resonance and damping of what it sits on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from twitchwise.measure.mechanics.curve import Curve, curve_at, landmarks_of
from twitchwise.measure.mechanics.settings import MechanicsSettings
from twitchwise.measure.mechanics.swing import Limb, felt
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import FloatArray

MOTION = (ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY)
"""Kinds of channel that feel how a limb swings, not how a muscle pulls."""

# Where the search starts: the one of these that explains most. They span quick eye muscles to slow calf muscles, a limb
# that hardly moves to skin.
_RISE_S = (0.003, 0.006, 0.012, 0.025, 0.05)
_FALL_S = (0.02, 0.04, 0.08, 0.14, 0.25)
_ONSET_SHARE = (0.15, 0.35)
_RESONANCE_HZ = (3.0, 6.0, 12.0, 50.0)
_ONSET_SCALE_S = 0.01
# The power of a rise and the damping may lie this far from the usual one, by a factor.
_FACTOR = np.e
# A twitch is over by this many half-relaxation times after its peak: it has then fallen to some percent of it.
_OVER = 3.0
_N_CURVE = 4


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """The shapes of twitches on one kind of channel.

    Parameters
    ----------
    kind
        Of the channel.
    settings
        What is known of twitches and limbs beforehand.
    """

    kind: ChannelKind
    settings: MechanicsSettings

    @property
    def swings(self) -> bool:
        """Whether the channel feels how a limb swings."""
        return self.kind in MOTION

    def starts(self) -> Iterator[FloatArray]:
        """Give a coarse grid of shapes."""
        settings = self.settings
        limbs = [(hertz, settings.limb_damping) for hertz in _RESONANCE_HZ] if self.swings else [()]
        for share, rise_s, fall_s, limb in product(_ONSET_SHARE, _RISE_S, _FALL_S, limbs):
            onset = share * settings.latency_longest_s / _ONSET_SCALE_S
            yield np.array([onset, *np.log([rise_s, settings.rise_power, fall_s, *limb])])

    @cached_property
    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Least and greatest vector that is searched."""
        settings = self.settings
        shortest, longest = settings.time_shortest_s, settings.time_longest_s
        # the rise alone is quicker than the contraction, and the fall reaches half its peak before its own time is over
        low = [shortest / 5, settings.rise_power / _FACTOR, shortest / 2]
        high = [longest, settings.rise_power * _FACTOR, 2 * longest]
        if self.swings:
            low += [_RESONANCE_HZ[0] / 3, settings.limb_damping / _FACTOR**2]
            high += [_RESONANCE_HZ[-1] * 3, settings.limb_damping * _FACTOR**2]
        return np.append(0.0, np.log(low)), np.append(settings.latency_longest_s / _ONSET_SCALE_S, np.log(high))

    @cached_property
    def usual(self) -> FloatArray:
        """What is known beforehand; matters only where `known` is above 0."""
        damping = [0.0, np.log(self.settings.limb_damping)] if self.swings else []
        return np.array([0.0, 0.0, np.log(self.settings.rise_power), 0.0, *damping])

    @cached_property
    def known(self) -> FloatArray:
        """How surely it is known: one over the variance, 0 for nothing."""
        damping = [0.0, self.settings.limb_damping_spread**-2.0] if self.swings else []
        return np.array([0.0, 0.0, self.settings.rise_power_spread**-2.0, 0.0, *damping])

    def at(self, vector: FloatArray, time_s: FloatArray) -> FloatArray:
        """Return a shape at evenly spaced times in seconds after the discharge, shape ``(n,)``."""
        force = curve_at(self._curve(vector), time_s)
        if not self.swings:
            return force
        return felt(force, 1 / float(time_s[1] - time_s[0]), _limb(vector), self.kind)

    def fitted_until_s(self, vector: FloatArray) -> float:
        """Return until when a shape is fitted: half of a twitch's peak, but all of a swing."""
        return np.inf if self.swings else landmarks_of(self._curve(vector)).half_s

    def over_s(self, vector: FloatArray) -> float:
        """Return when all is over, in seconds after the discharge."""
        marks = landmarks_of(self._curve(vector))
        over_s = marks.peak_s + _OVER * marks.half_relaxation_time_s
        return max(over_s, _limb(vector).ringing_s) if self.swings else over_s

    def times(self, vector: FloatArray) -> tuple[float, float, float]:
        """Return latency, contraction and half-relaxation time of the force behind a shape, in seconds.

        The onset is put right by what the curve misses of the slow foot of a twitch.
        """
        marks = landmarks_of(self._curve(vector))
        late_s = self.settings.onset_late_s + self.settings.onset_late_share * marks.contraction_time_s
        return marks.first_s - late_s, marks.contraction_time_s + late_s, marks.half_relaxation_time_s

    def _curve(self, vector: FloatArray) -> Curve:
        rise_s, power, fall_s = (float(one) for one in np.exp(vector[1:_N_CURVE]))
        return Curve(float(vector[0]) * _ONSET_SCALE_S, rise_s, power, fall_s, self.settings.fall_power)


def _limb(vector: FloatArray) -> Limb:
    resonance_hz, damping = (float(one) for one in np.exp(vector[_N_CURVE:]))
    return Limb(resonance_hz, damping)
