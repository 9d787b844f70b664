"""Potentials that answer a stimulus, a tap or a stretch: M waves and reflexes, told by their constant latency."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import ChannelTrace, Samples
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray

# Onset is where the signal leaves this multiple of the noise, and a response may pause so long.
_EDGE_MULTIPLE, _PAUSE_S = 4.0, 0.01
# The filter rings before and after a large response: by less than these shares of it, for
# onset and for what counts as loud before.
_RINGS, _LOUD = 0.1, 0.1
# A response ends at the latest so long after it began.
_LONGEST_S = 0.1
# Probability that chance alone answers so often, as often as in as long a time before the causes; and the fewest causes
# of which that can be said.
_CHANCE, _FEWEST = 0.01, 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """Responses to one kind of cause.

    Parameters
    ----------
    kind
        M wave or reflex.
    start_s, peak_s, end_s, peak
        When and how large each is, shape ``(n,)``.
    latency_s
        From the cause to the start of each, shape ``(n,)``.
    n_causes
        How many causes there were.
    """

    kind: EventKind
    start_s: FloatArray
    peak_s: FloatArray
    end_s: FloatArray
    peak: FloatArray
    latency_s: FloatArray
    n_causes: int

    def __len__(self) -> int:
        return int(self.start_s.size)


def answers_to(
    causes_s: FloatArray, kind: EventKind, trace: ChannelTrace, noise: float, settings: RhythmSettings
) -> Answers | None:
    """Return the responses of a kind, or ``None`` where they are too few or not time-locked.

    Parameters
    ----------
    causes_s
        When something was done, shape ``(n,)``.
    kind
        `EventKind.M_WAVE` or `EventKind.REFLEX`, which says how long after it responses begin.
    trace, noise
        The channel and its noise.
    settings
        Latencies, and when responses are time-locked.
    """
    window = (
        (settings.m_wave_latency_low_s, settings.m_wave_latency_high_s)
        if kind is EventKind.M_WAVE
        else (settings.reflex_latency_low_s, settings.reflex_latency_high_s)
    )
    levels = settings.threshold_multiple * noise, _EDGE_MULTIPLE * noise
    inside = causes_s[(causes_s >= 2 * window[1]) & (causes_s + window[1] < trace.duration_s)]
    rows = [_answer(float(cause), window, trace, levels, settings) for cause in inside]
    found = np.array([row for row in rows if row is not None]).reshape(-1, 5)
    if inside.size < _FEWEST or found.shape[0] < max(1.0, settings.response_share * inside.size):
        return None
    least = max(levels[0], _LOUD * float(np.median(np.abs(found[:, 3]))))
    before = sum(_is_loud(float(cause), window, trace, least, settings) for cause in inside)
    if not _more_than(found.shape[0], before, inside.size):
        return None
    latency = found[:, 4]
    near = np.abs(latency - np.median(latency))
    if np.median(near) > settings.response_spread_s:
        return None
    start, peak_at, end, peak, latency = found[near <= 4 * settings.response_spread_s].T
    return Answers(
        kind=kind, start_s=start, peak_s=peak_at, end_s=end, peak=peak, latency_s=latency, n_causes=inside.size
    )


def _answer(
    cause: float,
    window: tuple[float, float],
    trace: ChannelTrace,
    levels: tuple[float, float],
    settings: RhythmSettings,
) -> tuple[float, float, float, float, float] | None:
    """Return start, peak, end, size and latency of the response to one cause, or None without one."""
    from_s = cause + window[0]
    part = trace.piece(from_s, cause + window[1] + _LONGEST_S, settings)
    span = _span(part, trace.sampling_rate_hz, window[1] - window[0], levels)
    if span is None:
        return None
    first, at, last = span
    # the piece begins at the sample nearest to where it was asked from
    zero_s = round(from_s * trace.sampling_rate_hz) / trace.sampling_rate_hz
    times = [zero_s + one / trace.sampling_rate_hz for one in (first, at, last)]
    return times[0], times[1], times[2], float(part[at]), times[0] - cause


def _span(part: Samples, rate_hz: float, within_s: float, levels: tuple[float, float]) -> tuple[int, int, int] | None:
    """Return first, greatest and last sample of the first response that begins within a time.

    ``levels`` are what its peak reaches at least, and where it begins and ends.
    """
    size = np.abs(part)
    reach = round((within_s + _PAUSE_S) * rate_hz)
    largest = float(size[:reach].max(initial=0.0))
    high = np.flatnonzero(size >= max(levels[0], _LOUD * largest))
    if high.size == 0 or high[0] >= reach:
        return None
    above = np.flatnonzero(size >= max(levels[1], _RINGS * largest))
    pause = max(1, round(_PAUSE_S * rate_hz))
    before, after = above[above <= high[0]][::-1], above[above >= high[0]]
    first = int(before[_unbroken(before, pause)])
    last = int(after[_unbroken(after, pause)])
    # what was under way when the time began did not begin in it
    if first == 0 or first > within_s * rate_hz:
        return None
    return first, first + int(np.argmax(size[first : last + 1])), last


def _unbroken(places: "np.typing.NDArray[np.int64]", pause: int) -> int:
    breaks = np.flatnonzero(np.abs(np.diff(places)) > pause)
    return int(breaks[0]) if breaks.size else places.size - 1


def _is_loud(
    cause: float, window: tuple[float, float], trace: ChannelTrace, least: float, settings: RhythmSettings
) -> bool:
    """Tell whether the time before a cause is loud, as long a time as responses may begin in."""
    end = cause - window[0]
    part = trace.piece(end - (window[1] - window[0]), end, settings)
    return bool(part.size and np.abs(part).max() >= least)


def _more_than(answered: int, by_chance: int, asked: int) -> bool:
    """Tell whether responses are more often than loud moments before the causes."""
    expected = (by_chance + 1) / (asked + 2)
    return bool(binomtest(answered, asked, expected, alternative="greater").pvalue < _CHANCE)
