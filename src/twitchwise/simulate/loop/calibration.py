"""Find the currents that make a motor neuron discharge at the rates it is given.

Under a constant current the potential after a discharge is a straight line in the current, whatever the conductance
does: ``v(t) = a(t) i + b(t)``. Both are stepped once; ``i(T) = (1 - b(T)) / a(T)`` is the current whose next discharge
comes after ``T``. Noise makes a discharge come earlier; the threshold that the calibration uses lies lower by it.

The plateau is on between two knees of ``m = sigmoid((i + P m - midpoint) / width)``. With ``q = width / P`` they lie at
``m (1 - m) = q``; the current at the upper knee belongs to the rate before derecruitment, that just above the lower
knee to the rate at recruitment.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from twitchwise.simulate.loop.frames import SUBSTEP_S
from twitchwise.simulate.loop.settings import PoolSettings
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

POOLS_KEPT = 64  # subjects of one condition differ in their number of units only
BISECTIONS = 50  # each halves the error; 50 exhaust double precision
NOISE_LEAD = 0.6  # standard deviations by which noise brings the threshold nearer; see the test of rate against drive
SHARPEST, BLUNTEST = 1e-3, 0.2499  # of q; at 0.25 both knees meet


class Currents(NamedTuple):
    """Calibrated currents of each unit in units of its rheobase, shape ``(n_units,)``."""

    recruitment: FloatArray
    """Synaptic current at which the plateau comes on."""
    rise: FloatArray
    """By how much the synaptic current rises from recruitment to full drive."""
    bend: FloatArray
    """Four times how far it lies above a straight line half way."""
    midpoint: FloatArray
    width: FloatArray


def conductance_times_s(settings: PoolSettings, n_units: int) -> FloatArray:
    """Return the time constant of each unit's after-hyperpolarization, longest in the smallest unit."""
    rank = (np.arange(n_units) + 0.5) / n_units
    times: FloatArray = settings.afterhyperpolarization_time_s * settings.afterhyperpolarization_range ** (0.5 - rank)
    return times


@lru_cache(maxsize=POOLS_KEPT)
def currents(settings: PoolSettings, n_units: int) -> Currents:
    """Return what makes units discharge at the rates of the settings.

    Parameters
    ----------
    settings
        Rates, membrane, after-hyperpolarization and plateau of the pool.
    n_units
        How many units the pool has.

    Raises
    ------
    OutOfRangeError
        If the rates do not ascend from derecruitment over recruitment to the peak, or the plateau is too small.
    """
    last, least, most = settings.last_rate_hz, settings.least_rate_hz, settings.most_rate_hz
    if not last < least < most:
        raise OutOfRangeError(f"discharge rates must ascend from last over first to peak, got {(last, least, most)!r}.")
    rates_hz = np.array([last, least, (least + most) / 2, most])
    last_i, least_i, middle_i, most_i = steady_currents(settings, conductance_times_s(settings, n_units), rates_hz)
    relative = (least_i - last_i) / settings.plateau_current if settings.plateau_current else np.array(np.inf)
    if not float(relative.max()) < 1:
        raise OutOfRangeError(
            f"plateau_current must be above {float((least_i - last_i).max()):.3g} for the rates at recruitment and "
            f"derecruitment, got {settings.plateau_current!r}."
        )
    q = _sharpness(relative)
    high = _upper_knee(q)
    width = settings.plateau_current * q
    midpoint = last_i - width * _logit(high)
    on = _sigmoid((least_i - midpoint) / width) * settings.plateau_current
    rise = most_i - least_i
    return Currents(least_i - on, rise, 4 * (middle_i - least_i) - 2 * rise, midpoint, width)


def steady_currents(settings: PoolSettings, conductance_time_s: FloatArray, rates_hz: FloatArray) -> FloatArray:
    """Return the total current for each rate and unit, shape ``(n_rates, n_units)``."""
    steps = np.rint(1 / (rates_hz * SUBSTEP_S)).astype(np.int64)
    step, kept = SUBSTEP_S / settings.membrane_time_s, np.exp(-SUBSTEP_S / conductance_time_s)
    conductance = np.full(conductance_time_s.shape, settings.afterhyperpolarization_conductance)
    slope, offset = np.zeros_like(conductance), np.zeros_like(conductance)
    threshold = 1 - NOISE_LEAD * settings.synaptic_noise
    found = np.empty((rates_hz.size, conductance.size))
    for number in range(1, int(steps.max()) + 1):
        leak = 1 + step * (1 + conductance)
        slope = (slope + step) / leak
        offset = (offset - step * conductance * settings.afterhyperpolarization_depth) / leak
        conductance = conductance * kept
        for row in np.flatnonzero(steps == number):
            found[row] = (threshold - offset) / slope
    return found


def _sharpness(relative: FloatArray) -> FloatArray:
    """Solve for ``q``: the fall of the current from recruitment to derecruitment, over P, falls with it from 1 to 0."""
    low, high = np.full(relative.shape, SHARPEST), np.full(relative.shape, BLUNTEST)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        too_sharp = _fall(middle, relative) > relative
        low, high = np.where(too_sharp, middle, low), np.where(too_sharp, high, middle)
    return low


def _fall(q: FloatArray, relative: FloatArray) -> FloatArray:
    knee = _upper_knee(q)
    started: FloatArray = _sigmoid(relative / q + _logit(knee))
    return started - (1 - knee) - 2 * q * _logit(knee)


def _upper_knee(q: FloatArray) -> FloatArray:
    knee: FloatArray = (1 + np.sqrt(1 - 4 * q)) / 2
    return knee


def _sigmoid(x: FloatArray) -> FloatArray:
    share: FloatArray = 1 / (1 + np.exp(-x))
    return share


def _logit(share: FloatArray) -> FloatArray:
    odds: FloatArray = np.log(share / (1 - share))
    return odds
