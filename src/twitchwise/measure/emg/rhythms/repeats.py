"""Whether bursts are made of one potential again and again: how much each resembles itself one interval later."""

import numpy as np
from scipy.signal import find_peaks

from twitchwise.measure.emg.rhythms.envelope import Bursts
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import ChannelTrace
from twitchwise.vocabulary.arrays import FloatArray

# So many bursts are looked at, spread over all of them, and a little of the trace around each.
_LOOKED_AT, _AROUND_S = 60, 0.015
# Discharges in a burst are between these intervals apart.
_INTERVALS_S = (1 / 350, 0.2)
# Bursts are compared with the next ones this far around their peaks.
_CUT_S = 0.025
# Resemblance is judged where at least this part of a burst overlaps itself.
_OVERLAP = 0.25


def repeat_of(bursts: Bursts, trace: ChannelTrace, noise: float, settings: RhythmSettings) -> tuple[float, float]:
    """Return how alike bursts are to themselves one interval later, at most 1, and the rate that the interval means.

    Parameters
    ----------
    bursts
        Bursts of one rhythm.
    trace
        Where they are.
    noise
        Whose power is taken out.
    settings
        The band.

    Returns
    -------
    tuple
        Correlation, 0 where no burst is long enough, and discharges per second.
    """
    rate_hz = trace.sampling_rate_hz
    longest = round(_INTERVALS_S[1] * rate_hz)
    shortest = round(_INTERVALS_S[0] * rate_hz)
    products, powers = np.zeros(longest + 1), np.zeros(longest + 1)
    chosen = np.unique(np.linspace(0, len(bursts) - 1, _LOOKED_AT).astype(np.int64))
    for one in chosen:
        span = (bursts.start_s[one] - _AROUND_S, bursts.end_s[one] + _AROUND_S)
        _add(trace.piece(*span, settings).astype(np.float64), noise, products, powers)
    known = powers[shortest:] >= _OVERLAP * powers[0]
    if powers[0] <= 0 or not known.any():
        return 0.0, 1 / _INTERVALS_S[1]
    likeness = np.where(known, products[shortest:] / np.where(known, powers[shortest:], 1.0), 0.0)
    # the slope from the burst itself down is no repeat
    peaks, _ = find_peaks(likeness, height=0.0)
    if peaks.size == 0:
        return 0.0, 1 / _INTERVALS_S[1]
    at = int(peaks[np.argmax(likeness[peaks])])
    return float(min(likeness[at], 1.0)), rate_hz / (shortest + at)


def alike_of(bursts: Bursts, trace: ChannelTrace, settings: RhythmSettings) -> float:
    """Return how alike bursts are to the next ones: the median of their greatest correlation, 0 to 1.

    Bursts of one potential each are alike; in those of many units the units come in any order.
    """
    chosen = np.unique(np.linspace(0, len(bursts) - 2, _LOOKED_AT).astype(np.int64))
    found = [_likeness(_cut(bursts, one, trace, settings), _cut(bursts, one + 1, trace, settings)) for one in chosen]
    return float(np.median(found)) if found else 0.0


def _cut(bursts: Bursts, one: int, trace: ChannelTrace, settings: RhythmSettings) -> FloatArray:
    return trace.piece(bursts.peak_s[one] - _CUT_S, bursts.peak_s[one] + _CUT_S, settings).astype(np.float64)


def _likeness(one: FloatArray, other: FloatArray) -> float:
    """Return the greatest correlation of two pieces, moved against each other by up to half their length."""
    power = float(np.sqrt((one @ one) * (other @ other))) if one.size and other.size else 0.0
    if power == 0:
        return 0.0
    return float(np.clip(np.correlate(one, other, mode="same").max() / power, 0.0, 1.0))


def _add(part: FloatArray, noise: float, products: FloatArray, powers: FloatArray) -> None:
    """Add what one burst says: its products with itself later, and the power that these could have at most."""
    spectrum = np.abs(np.fft.rfft(part, 2 * part.size)) ** 2
    n = min(part.size, products.size)
    products[:n] += np.fft.irfft(spectrum, 2 * part.size)[:n]
    total = np.cumsum(part**2)
    lag = np.arange(n)
    overlap = part.size - lag
    early, late = total[overlap - 1], total[-1] - np.concatenate([[0.0], total[: n - 1]])
    powers[:n] += np.maximum(np.sqrt(early * late) - noise**2 * overlap, 0.0)
