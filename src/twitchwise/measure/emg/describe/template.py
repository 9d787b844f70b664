"""The mean shape of a unit: what its discharges have in common, with less noise than any of them.

Noise falls with the root of the number of discharges, so that phases and turns can be told of a unit whose single
potentials are too small for it. What varies between discharges is lost in the mean (see `instability`).
"""

import math

import numpy as np

from twitchwise.measure.emg.describe.instability import aligned_to_mean
from twitchwise.measure.emg.describe.quantities import Maker
from twitchwise.measure.emg.describe.settings import DescribeSettings
from twitchwise.measure.emg.describe.shape import criteria_for, filter_doubts
from twitchwise.measure.emg.describe.waveform import measure_waveforms
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# Redraws of the discharges that a mean is made of; their 95 % hold to within a fifth of the 2.5 % outside.
_REDRAWS = 400
_TAIL = 0.025
_QUANTITIES = (
    ("fasciculation_duration", Unit.SECOND),
    ("fasciculation_phases", Unit.COUNT),
    ("fasciculation_turns", Unit.COUNT),
)


def mean_shapes(potentials: SortedPotentials) -> FloatArray:
    """Return the mean shape of one unit, and after it those of redraws of its discharges.

    Returns
    -------
    FloatArray
        Shape ``(1 + redraws, n_samples)``; the middle sample is the peak of the first.
    """
    aligned = aligned_to_mean(potentials.shape, potentials.sampling_rate_hz)
    n_events = len(aligned)
    weights = np.random.default_rng(n_events).multinomial(n_events, np.full(n_events, 1 / n_events), _REDRAWS)
    means: FloatArray = np.vstack([np.ones(n_events), weights]) @ aligned / n_events
    peak = int(np.argmax(np.abs(means[0])))
    half = min(peak, means.shape[1] - 1 - peak)
    return means[:, peak - half : peak + half + 1]


def template_measurements(potentials: SortedPotentials, settings: DescribeSettings, maker: Maker) -> list[Measurement]:
    """Return duration, phases and turns of a unit's mean shape; nothing where it does not stand out enough.

    Parameters
    ----------
    potentials
        Of one unit.
    settings
        Least sampling rate, number of potentials and height over the noise.
    maker
        Makes the measurements.
    """
    usable = potentials.where(potentials.usable)
    if usable.sampling_rate_hz < settings.sampling_rate_for_turns_hz or len(usable) < settings.events_for_shape:
        return []
    means = mean_shapes(usable)
    noise = float(np.sqrt(np.mean(usable.noise_rms**2))) / math.sqrt(len(usable))
    if np.abs(means[0]).max() < settings.noise_multiple_for_shape * noise:
        return []
    found = measure_waveforms(
        means, np.full(len(means), noise), usable.sampling_rate_hz, criteria=criteria_for(usable, settings)
    )
    words = say(
        "Of the mean shape of {count} discharges of one unit; interval by bootstrap over discharges.",
        count=len(usable),
    )
    doubts = filter_doubts(usable)
    values = (found.duration_s, found.phases.astype(np.float64), found.turns.astype(np.float64))
    return [
        maker.value(name, _with_interval(value), unit, words, doubts)
        for (name, unit), value in zip(_QUANTITIES, values, strict=True)
    ]


def _with_interval(values: FloatArray) -> tuple[float, float, float]:
    low, high = np.quantile(values[1:], [_TAIL, 1 - _TAIL])
    return float(values[0]), float(low), float(high)
