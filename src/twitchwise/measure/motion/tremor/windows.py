"""Every window of a motion sensor judged: whether there is a tremor in it, how certain that is, and how fast."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from twitchwise.measure.asked import Asked, Progress
from twitchwise.measure.motion.tremor.contrast import Peaks, amplitude_at, outstanding_peaks, refined
from twitchwise.measure.motion.tremor.gates import is_own_rhythm, lasts
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.spectra import Spectra, fine_spectra, quick_power, quick_spectra
from twitchwise.measure.motion.tremor.trace import HIGHEST_HZ, Block, Samples, Trace
from twitchwise.measure.motion.tremor.visible import ORDERS
from twitchwise.measure.motion.tremor.wrist import (
    at_rest,
    peaks_as_rest_tremor,
    quick_evidence,
    wrist_evidence,
)
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

NO_EVIDENCE = -10.0
"""Log odds of a window in which nothing speaks for a tremor."""
SAME_RATE = 0.15
"""Tremor of one person stays within this share of its rate from window to window."""
_MOSTLY = 0.5
_AT_ONCE = 48  # windows whose rhythm is looked at together: they stay in a processor's own memory
_NYQUIST_SHARE = 0.4  # of the sampling rate: what lies higher is bent by most sensors' own filters


@dataclass(frozen=True, kw_only=True, eq=False)
class Windows:
    """What was found in each window, arrays of shape ``(n_windows,)``.

    Parameters
    ----------
    window_s
        Length of a window; window ``i`` begins at ``i * window_s`` seconds.
    judged
        Whether it could be judged: not missing, not clipped.
    frequency_hz
        Frequency of its most outstanding peak; 0 where nothing was looked at closely.
    amplitude
        Amplitude of the movement there, in the sensor's unit, over all axes.
    log_odds
        Of a tremor, before neighbors are looked at.
    tremor
        Whether there is a tremor in it.
    unlike
        Whether it has a peak like a tremor's that something else explains: a ringing jerk, steps, taps.
    """

    window_s: float
    judged: BoolArray
    frequency_hz: FloatArray
    amplitude: FloatArray
    log_odds: FloatArray
    tremor: BoolArray
    unlike: BoolArray

    @property
    def probability(self) -> FloatArray:
        """How certain a tremor is in each window, 0 to 1."""
        certain: FloatArray = expit(self.log_odds)
        return certain

    def with_edges(self, marked: BoolArray) -> BoolArray:
        """Return the marked windows and those beside them whose largest movement has the same rate.

        A stretch of tremor does not end where the evidence of a single window falls short; such windows are not called
        tremor, but they belong to its rate.
        """
        beside = marked.copy()
        beside[1:] |= marked[:-1]
        beside[:-1] |= marked[1:]
        if marked.sum() < _MOSTLY * self.judged.sum():
            return marked  # a tremor that comes and goes: what lies between is something else
        rate = float(np.median(self.frequency_hz[marked]))
        alike = np.abs(self.frequency_hz / rate - 1) <= SAME_RATE
        alike[1:-1] |= marked[2:] & marked[:-2]  # a single window between two
        both: BoolArray = marked | (beside & alike & self.judged)
        return both

    @property
    def judged_s(self) -> float:
        """Time that could be judged, in seconds."""
        return float(self.judged.sum()) * self.window_s


def judge_windows(trace: Trace, asked: Asked, progress: Progress) -> Windows:
    """Judge every window of a sensor, block by block."""
    found = _nothing(trace)
    for block in trace.blocks(lambda folded: quick_power(folded, trace.rate_hz, trace.fold)):
        _judge(block, trace, asked, found)
        progress((block.first + len(block.whole)) / trace.n_windows)
    tremor = _with_neighbors(found, trace.settings)
    return Windows(
        window_s=trace.window_s,
        judged=found["judged"] > 0,
        frequency_hz=found["frequency_hz"],
        amplitude=found["amplitude"],
        log_odds=np.where(tremor, np.maximum(found["log_odds"], 0.0), np.minimum(found["log_odds"], 0.0)),
        tremor=tremor,
        unlike=found["unlike"] > 0,
    )


def highest_hz(rate_hz: float, settings: TremorSettings) -> float:
    """Return the highest rate of a tremor that a sampling rate can show."""
    return min(settings.band_high_hz, _NYQUIST_SHARE * rate_hz)


def _nothing(trace: Trace) -> dict[str, FloatArray]:
    names = ("judged", "frequency_hz", "amplitude", "log_odds", "height_db", "unlike")
    found = {name: np.zeros(trace.n_windows) for name in names}
    found["log_odds"] += NO_EVIDENCE
    return found


def _judge(block: Block, trace: Trace, asked: Asked, found: dict[str, FloatArray]) -> None:
    place = slice(block.first, block.first + len(block.whole))
    found["judged"][place] = block.whole
    quick = quick_spectra(block.seen, trace.n_samples // trace.fold, trace.rate_hz, trace.fold)
    largest, amplitude = _largest(quick, trace)
    found["frequency_hz"][place], found["amplitude"][place] = largest, amplitude
    by_wrist = _is_wrist(trace, asked)
    margin = _MARGIN_OF_WRIST if by_wrist else _MARGIN
    closer = block.whole & (amplitude >= margin * trace.least(largest))
    if by_wrist:
        closer &= _worth_a_look(quick, largest, amplitude, trace.settings)
    numbers = np.flatnonzero(closer) + block.first
    if numbers.size:
        look = _look_at_wrist if by_wrist else _look_closely
        look(trace.taken_of(block, numbers), numbers, trace, found)


# A quick spectrum's peak may be lower than the fine one's. The published detector of the wrist was trained on tremor of
# any size, so it is asked of all but the smallest movement.
_MARGIN, _MARGIN_OF_WRIST = 0.7, 0.3


def _largest(spectra: Spectra, trace: Trace) -> tuple[FloatArray, FloatArray]:
    """Return the frequency and the amplitude of the largest movement in the band of tremor."""
    first = int(np.searchsorted(spectra.frequency_hz, trace.settings.band_low_hz))
    stop = int(np.searchsorted(spectra.frequency_hz, highest_hz(trace.rate_hz, trace.settings), side="right"))
    band = Spectra(spectra.frequency_hz[first:stop], spectra.power[:, first:stop])
    weight = trace.least(band.frequency_hz).astype(np.float32) ** -2
    top = (band.power * weight).argmax(axis=1)
    total = band.near(top, round(0.5 / spectra.step_hz))
    return band.frequency_hz[top], np.sqrt(2 * total * spectra.step_hz)


def _worth_a_look(
    spectra: Spectra, frequency_hz: FloatArray, amplitude: FloatArray, settings: TremorSettings
) -> BoolArray:
    """Tell which windows of a wrist's gyroscope need a closer look: resting ones that may shake, and clear peaks."""
    searched = spectra.power[:, int(np.searchsorted(spectra.frequency_hz, _PEAK_FROM_HZ)) :]
    resting = np.flatnonzero(at_rest(spectra, settings, _SLACK))
    likely = quick_evidence(spectra._replace(power=spectra.power[resting]), settings) >= _LEAST_EVIDENCE
    total = searched.sum(axis=1) * spectra.step_hz
    mask: BoolArray = amplitude**2 / 2 >= _least_share(frequency_hz, settings) * total
    mask[resting[likely]] = True
    return mask


def _least_share(frequency_hz: FloatArray, settings: TremorSettings) -> FloatArray:
    """Return the share of all movement above 1 Hz that a peak needs at least to be a clear one."""
    return np.where(frequency_hz > settings.rest_high_hz, _LEAST_SHARE, _LEAST_SHARE_OF_SLOW)


# A quick look is uncertain: what it finds a little less than enough is looked at closely.
_PEAK_FROM_HZ, _LEAST_SHARE, _LEAST_SHARE_OF_SLOW, _SLACK, _LEAST_EVIDENCE = 1.0, 0.4, 0.5, 1.4, -1.5


def _is_wrist(trace: Trace, asked: Asked) -> bool:
    """Tell whether the published detector of the wrist applies: a gyroscope, no other site, no task but rest."""
    site = (trace.sensor.site or "").lower()
    elsewhere = site and not any(word in site for word in ("wrist", "watch", "hand", "forearm", "arm"))
    fast = trace.rate_hz >= 2 * HIGHEST_HZ
    task = asked.task is None or asked.task.value == "rest"
    return trace.sensor.kind is ChannelKind.ANGULAR_VELOCITY and fast and task and not elsewhere


def _look_closely(samples: Samples, numbers: IntArray, trace: Trace, found: dict[str, FloatArray]) -> None:
    """Judge windows by how far a peak stands out from both of its sides."""
    settings = trace.settings
    peaks, alike = _peaks(samples, fine_spectra(samples, trace.rate_hz), trace, settings.contrast_possible_db)
    middle = _certain_from(peaks.frequency_hz, trace)
    odds = (peaks.height_db - middle) / settings.contrast_scale_db
    large = peaks.amplitude >= trace.least(peaks.frequency_hz)
    large &= (peaks.height_db >= middle) | (peaks.frequency_hz < settings.orthostatic_low_hz) | trace.standing
    found["log_odds"][numbers] = np.where(large & alike, odds, NO_EVIDENCE)
    found["height_db"][numbers] = np.where(large & alike, peaks.height_db, 0.0)
    found["unlike"][numbers] = ~alike
    found["frequency_hz"][numbers], found["amplitude"][numbers] = peaks.frequency_hz, peaks.amplitude


def _peaks(samples: Samples, fine: Spectra, trace: Trace, needed_db: float) -> tuple[Peaks, BoolArray]:
    """Return the peaks that stand out most, and which of those that stand out enough nothing else explains."""
    highest, order = highest_hz(trace.rate_hz, trace.settings), ORDERS[trace.sensor.kind][0]
    peaks = outstanding_peaks(fine, trace.settings, highest, order)
    alike = np.ones(len(peaks.height_db), dtype=np.bool_)
    enough = (peaks.amplitude >= trace.least(peaks.frequency_hz)) & (peaks.height_db >= needed_db)
    large = np.flatnonzero(enough)
    for first in range(0, large.size, _AT_ONCE):
        own = large[first : first + _AT_ONCE]
        near, frequency = samples[:, own], peaks.frequency_hz[own]
        alike[own] = lasts(near, trace.rate_hz, frequency, trace.settings)
        alike[own] &= is_own_rhythm(near, trace.rate_hz, frequency, order, trace.settings)
    return peaks, alike


def _certain_from(frequency_hz: FloatArray, trace: Trace) -> FloatArray:
    """Return how far a peak must stand out to be a tremor by itself; a fast one farther, unless the person stands."""
    settings = trace.settings
    fast = (frequency_hz >= settings.orthostatic_low_hz) & (not trace.standing)
    return np.where(fast, settings.contrast_clear_db, settings.contrast_certain_db)


def _look_at_wrist(samples: Samples, numbers: IntArray, trace: Trace, found: dict[str, FloatArray]) -> None:
    """Judge windows by the published detector; a clear peak needs no more evidence."""
    settings = trace.settings
    fine = fine_spectra(samples, trace.rate_hz)
    odds = np.full(len(numbers), NO_EVIDENCE)
    resting = np.flatnonzero(peaks_as_rest_tremor(fine, settings) & at_rest(fine, settings))
    if resting.size:
        odds[resting] = wrist_evidence(samples[:, resting], trace.rate_hz, settings)
    first = int(np.searchsorted(fine.frequency_hz, _PEAK_FROM_HZ))
    searched = fine.power[:, first:]
    top = first + searched.argmax(axis=1)
    frequency, amplitude = refined(fine, top), amplitude_at(fine, top)
    total = searched.sum(axis=1) * fine.step_hz
    may = np.flatnonzero(amplitude**2 / 2 >= _least_share(frequency, settings) * total)
    if may.size:
        peaks, alike = _peaks(samples[:, may], fine._replace(power=fine.power[may]), trace, settings.contrast_fast_db)
        by_peak = np.where(alike, _odds_of_clear(peaks, trace), NO_EVIDENCE)
        clear = may[by_peak >= 0]
        odds[may] = np.maximum(odds[may], by_peak)
        frequency[clear], amplitude[clear] = peaks.frequency_hz[by_peak >= 0], peaks.amplitude[by_peak >= 0]
    found["log_odds"][numbers] = odds
    found["frequency_hz"][numbers], found["amplitude"][numbers] = frequency, amplitude


def _odds_of_clear(peaks: Peaks, trace: Trace) -> FloatArray:
    """Return the log odds of peaks that stand out so far that they are a tremor whatever the other detector says."""
    settings = trace.settings
    beyond = peaks.frequency_hz > settings.rest_high_hz  # where the published detector has no say
    between = beyond & (peaks.frequency_hz < settings.orthostatic_low_hz)
    from_db = np.where(between, settings.contrast_fast_db, settings.contrast_clear_db)
    large = peaks.amplitude >= trace.least(peaks.frequency_hz)
    odds: FloatArray = np.where(large, (peaks.height_db - from_db) / settings.contrast_scale_db, NO_EVIDENCE)
    return odds


def _with_neighbors(found: dict[str, FloatArray], settings: TremorSettings) -> BoolArray:
    """Mark windows with evidence of their own, and those in line with a marked one at nearly the same rate."""
    tremor = found["log_odds"] >= 0
    possible = np.flatnonzero((found["height_db"] >= settings.contrast_possible_db) & ~tremor).tolist()
    frequency, last = found["frequency_hz"], len(tremor) - 1
    for numbers, before in ((possible, -1), (possible[::-1], 1)):
        for number in numbers:
            neighbor = number + before
            if 0 <= neighbor <= last and tremor[neighbor] and not tremor[number]:
                tremor[number] = abs(frequency[number] / frequency[neighbor] - 1) <= SAME_RATE
    return tremor
