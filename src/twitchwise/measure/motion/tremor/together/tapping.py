"""What tapping with the other hand does to a tremor: it takes the tapping's rate, shifts, is suppressed, or stays."""

from typing import NamedTuple

import numpy as np
from scipy import fft

from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.together.differences import Pair, moving_mean, rate_difference, size_change
from twitchwise.vocabulary import Side

_SLOWEST_HZ, _FASTEST_HZ = 0.5, 8.0  # of tapping
_NEAR = 0.1  # of the rate: as near as this the tremor has taken the tapping's rate


class Tapping(NamedTuple):
    """What happened while a person tapped: the points of the battery and why; ``None`` where it cannot be told."""

    performance: int | None
    performed: str
    entrained: int | None
    reacted: str


def tapping(
    before: SensorTremor, during: tuple[SensorTremor, ...], target_hz: float, settings: TremorSettings
) -> Tapping:
    """Judge one recording of tapping at a wanted rate, against the tremor without tapping.

    The sensor of the tapping hand is the one on the other side than the tremor's, where the recording has one; the
    tremor is looked for on the others.
    """
    hand = _tapping_hand(before, during)
    others = tuple(one for one in during if one is not hand and one.sensor.kind is before.sensor.kind)
    performance, performed = _performance(hand, target_hz, settings)
    if not others:
        return Tapping(performance, performed, None, "No sensor of the same kind on the trembling hand.")
    entrained, reacted = _reaction(Pair(before, others[0]), target_hz, settings)
    return Tapping(performance, performed, entrained, reacted)


def _tapping_hand(before: SensorTremor, during: tuple[SensorTremor, ...]) -> SensorTremor | None:
    sides = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
    other = sides.get(before.sensor.side) if before.sensor.side is not None else None
    return next((one for one in during if other is not None and one.sensor.side is other), None)


def _performance(hand: SensorTremor | None, target_hz: float, settings: TremorSettings) -> tuple[int | None, str]:
    if hand is None:
        return None, "The tapping hand has no sensor of its own, so how well it tapped cannot be told."
    rate_hz = tapping_rate(hand)
    off = abs(rate_hz / target_hz - 1)
    wrong = off > settings.tapping_error_percent / 100
    told = f"The other hand tapped at {rate_hz:.2f} Hz where {target_hz:g} Hz were asked for"
    return int(wrong), f"{told}: {'not as asked' if wrong else 'as asked'}."


def tapping_rate(shown: SensorTremor) -> float:
    """Return how often a sensor is struck, in Hz: the rate at which the size of its movement repeats.

    Taps are sharp, so their spectrum is one of harmonics; the size repeats with the taps alone. Of the delays at which
    it repeats about as well as at the best, the shortest is the time between two taps.
    """
    rows = np.nan_to_num(shown.sensor.read(shown.trace.recording))
    rate_hz = shown.trace.rate_hz
    size = np.sqrt(((rows - moving_mean(rows, rate_hz, _LEVEL_S)) ** 2).sum(axis=0))
    struck = moving_mean(size[np.newaxis], rate_hz, _TAP_S)[0]
    struck = struck - struck.mean()
    spectrum = fft.rfft(struck, n=2 * struck.size)
    correlation = fft.irfft(np.abs(spectrum) ** 2)[: int(rate_hz / _SLOWEST_HZ) + 2] / max(
        float(struck @ struck), 1e-30
    )
    delays = np.arange(1, correlation.size - 1)
    peaks = delays[(correlation[1:-1] >= correlation[:-2]) & (correlation[1:-1] > correlation[2:])]
    peaks = peaks[peaks >= rate_hz / _FASTEST_HZ]
    if not peaks.size:
        return _SLOWEST_HZ
    good = peaks[correlation[peaks] >= _AS_GOOD * correlation[peaks].max()]
    return float(rate_hz / good[0])


_LEVEL_S, _TAP_S, _AS_GOOD = 1.0, 0.05, 0.8


def _reaction(pair: Pair, target_hz: float, settings: TremorSettings) -> tuple[int | None, str]:
    if pair.first.tremor is None:
        return None, "There is no tremor without tapping, so nothing can be entrained."
    change = size_change(pair)
    if pair.second.tremor is None:
        if change.value < -settings.ballistic_fall_percent:
            return 1, "The tremor was suppressed by the tapping."
        return None, "During the tapping a tremor cannot be told from other movement."
    rate_hz, own_hz = pair.second.tremor.rate.value, pair.first.tremor.rate.value
    reacted = _changed(pair, (own_hz, rate_hz, target_hz), settings)
    stayed = f"The tremor stayed at {rate_hz:.1f} Hz ({own_hz:.1f} Hz without tapping)."
    return (1, reacted) if reacted else (0, stayed)


def _changed(pair: Pair, rates_hz: tuple[float, float, float], settings: TremorSettings) -> str:
    """Return how the tremor reacted, or nothing where it stayed."""
    own_hz, rate_hz, target_hz = rates_hz
    for multiple_hz in (target_hz, 2 * target_hz):
        if abs(rate_hz / multiple_hz - 1) < _NEAR < abs(own_hz / multiple_hz - 1):
            return f"The tremor took the rhythm of the tapping: {own_hz:.1f} Hz became {rate_hz:.1f} Hz."
    change, shift = size_change(pair), rate_difference(pair)
    if change.high < -settings.ballistic_fall_percent:
        return f"The tremor was suppressed by the tapping: its amplitude fell by {-change.value:.0f} %."
    limit = settings.repeat_frequency_percent / 100 * own_hz
    if shift is not None and (shift.low > limit or shift.high < -limit):
        return f"The tapping shifted the tremor from {own_hz:.1f} to {rate_hz:.1f} Hz."
    return ""
