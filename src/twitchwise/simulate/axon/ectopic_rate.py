"""Random ectopic discharges: how often the noise of an axon's membrane crosses its threshold.

Rice's formula (1944, doi:10.1002/j.1538-7305.1944.tb00874.x) for Gaussian noise that the membrane filters:
``rate = exp(-(threshold / noise)**2 / 2) / (2 pi tau)``, with the strength-duration time constant as ``tau``.
"""

import math

from twitchwise.vocabulary.checks import require_not_negative, require_positive


def ectopic_rate_hz(threshold_a: float, noise_a: float, time_constant_s: float) -> float:
    """Return how often per second noise crosses a threshold upward.

    Parameters
    ----------
    threshold_a
        Current that just starts a discharge, at least 0; 0 for an axon that discharges by itself.
    noise_a
        Standard deviation of the membrane's current noise, above 0.
    time_constant_s
        Over which the membrane gathers current, above 0.

    Examples
    --------
    >>> round(ectopic_rate_hz(0.0, 1e-10, 0.46e-3), 1)
    346.0
    """
    require_not_negative("threshold_a", threshold_a)
    require_positive("noise_a", noise_a)
    require_positive("time_constant_s", time_constant_s)
    return math.exp(-((threshold_a / noise_a) ** 2) / 2) / (2 * math.pi * time_constant_s)
