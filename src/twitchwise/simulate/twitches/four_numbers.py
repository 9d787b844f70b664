"""One motor unit's twitch: four independent numbers give its force, with latent period, contraction and relaxation.

The usual critically damped twitch (Fuglevand et al. 1993, doi:10.1152/jn.1993.70.6.2470) ties the half-relaxation time
to 1.68 contraction times. Here, as in the four-input twitch of Raikova et al. (2007, J Electromyogr Kinesiol
17:121-130), both are free: with ``x`` the time since the first force in contraction times,

* rise, ``x < 1``: ``(x e^(1-x))**2``, the force of a cascade of three equal lags, which starts without a jump in slope;
* fall, ``x >= 1``: ``(x e^(1-x))**n`` with ``n = ln 2 / (r - ln(1 + r))``, ``r`` half-relaxation over contraction time.

Both sides are 1 with slope 0 at the peak, so the force is smooth there; ``n`` puts half the peak force at ``1 + r``.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

RISE_EXPONENT = (
    2.0  # the least whole power whose force starts with slope 0; critically damped force (1) starts with a kink
)
RATIO_LIMITS = (
    0.1,
    10.0,
)  # three times beyond 25/80 and 108/35, the extremes that human motor units allow (Thomas 1990)
RELAXED = 0.05  # share of the peak at which a figure shows the relaxation as over
NEWTON_STEPS = 60  # far more than needed: the function is convex, so each step halves the error at worst


class PhaseName(StrEnum):
    """The three parts of a twitch."""

    LATENT = "latent"
    CONTRACTION = "contraction"
    RELAXATION = "relaxation"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """One part of a twitch, ``start_s`` to ``stop_s`` seconds after the discharge."""

    name: PhaseName
    start_s: float
    stop_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.stop_s - self.start_s


@dataclass(frozen=True, kw_only=True, slots=True)
class Twitch:
    """The force of one motor unit after one discharge.

    Parameters
    ----------
    latent_period_s
        From the start of the action potential in the muscle to the first force, at least 0.
    contraction_time_s
        From the first force to the peak, above 0.
    half_relaxation_time_s
        From the peak to half of it, 0.1 to 10 contraction times.
    peak_force_n
        Force at the peak, above 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> import numpy as np
    >>> twitch = Twitch(latent_period_s=0.01, contraction_time_s=0.06, half_relaxation_time_s=0.05, peak_force_n=0.02)
    >>> twitch.force_n(np.array([0.01, 0.07, 0.12])).round(6).tolist()
    [0.0, 0.02, 0.01]
    """

    latent_period_s: float
    contraction_time_s: float
    half_relaxation_time_s: float
    peak_force_n: float

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be a twitch's."""
        require_not_negative("latent_period_s", self.latent_period_s)
        require_positive("contraction_time_s", self.contraction_time_s)
        require_positive("half_relaxation_time_s", self.half_relaxation_time_s)
        require_positive("peak_force_n", self.peak_force_n)
        require_within("half-relaxation time over contraction time", self.time_ratio, *RATIO_LIMITS)

    @property
    def time_ratio(self) -> float:
        """Half-relaxation time over contraction time."""
        return self.half_relaxation_time_s / self.contraction_time_s

    @property
    def relaxation_exponent(self) -> float:
        """The power ``n`` of the falling side; it solves ``n (ln(1 + r) - r) = -ln 2``."""
        return math.log(2) / (self.time_ratio - math.log1p(self.time_ratio))

    @property
    def peak_time_s(self) -> float:
        """Time of the peak in seconds after the discharge."""
        return self.latent_period_s + self.contraction_time_s

    def force_n(self, time_s: FloatArray) -> FloatArray:
        """Return the force in N at times in seconds after the discharge; any shape, which is kept."""
        return self.peak_force_n * self.share_of_peak(time_s)

    def share_of_peak(self, time_s: FloatArray) -> FloatArray:
        """Return the force as a share of its peak at times in seconds after the discharge; any shape, which is kept."""
        since_first_force = (np.asarray(time_s, dtype=np.float64) - self.latent_period_s) / self.contraction_time_s
        x = np.maximum(since_first_force, np.finfo(np.float64).tiny)
        power = np.where(x < 1, RISE_EXPONENT, self.relaxation_exponent)
        share: FloatArray = np.where(since_first_force > 0, np.exp(power * (np.log(x) + 1 - x)), 0.0)
        return share

    def time_of_fall_s(self, share: float) -> float:
        """Return when the force has fallen to a share of its peak, in seconds after the discharge; share in (0, 1]."""
        require_positive("share", share)
        require_within("share", share, 0.0, 1.0)
        # solve y - ln(1 + y) = depth for y = x - 1 by Newton's method, from a bound that lies beyond the root
        depth = -math.log(share) / self.relaxation_exponent
        y = depth + math.sqrt(depth * (depth + 2))
        for _ in range(NEWTON_STEPS):
            y = y - (y - math.log1p(y) - depth) * (1 + y) / y if y > 0 else 0.0
        return self.peak_time_s + max(y, 0.0) * self.contraction_time_s


def phases(twitch: Twitch) -> tuple[Phase, Phase, Phase]:
    """Return the latent period, the contraction and the relaxation of a twitch, end to end.

    The relaxation has no end of its own; it is shown until the force has fallen to 5 % of its peak.

    Examples
    --------
    >>> twitch = Twitch(latent_period_s=0.01, contraction_time_s=0.06, half_relaxation_time_s=0.05, peak_force_n=0.02)
    >>> [(str(phase.name), round(phase.stop_s, 3)) for phase in phases(twitch)]
    [('latent', 0.01), ('contraction', 0.07), ('relaxation', 0.197)]
    """
    edges = (0.0, twitch.latent_period_s, twitch.peak_time_s, twitch.time_of_fall_s(RELAXED))
    latent, contraction, relaxation = (
        Phase(name=name, start_s=start, stop_s=stop)
        for name, start, stop in zip(PhaseName, edges, edges[1:], strict=False)
    )
    return latent, contraction, relaxation
