"""Movements that recur in one place at the even intervals of a heartbeat."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from twitchwise.measure.video.settings import UltrasoundSettings
from twitchwise.vocabulary.arrays import FloatArray

_BEATS_LEAST = 4
_BEATS_MISSED = 1


class _Placed(Protocol):
    @property
    def peak_s(self) -> float: ...
    @property
    def place_px(self) -> tuple[float, float]: ...


def beats_of_a_pulse(movements: Sequence[_Placed], near_px: float, settings: UltrasoundSettings) -> list[bool]:
    """Tell which movements are beats: at least four near each other, at even intervals of the rate of a heart.

    Parameters
    ----------
    movements
        In order.
    near_px
        Movements no farther apart are in one place.
    settings
        Rates of the heart and how even a pulse is.
    """
    pulsing = [False] * len(movements)
    for number, one in enumerate(movements):
        if pulsing[number]:
            continue
        near = [other for other, there in enumerate(movements) if _distance(one, there) <= near_px]
        times = np.array([movements[other].peak_s for other in near])
        if _is_even(times, settings):
            for other in near:
                pulsing[other] = True
    return pulsing


def _distance(one: _Placed, other: _Placed) -> float:
    return float(np.hypot(one.place_px[0] - other.place_px[0], one.place_px[1] - other.place_px[1]))


def _is_even(times: FloatArray, settings: UltrasoundSettings) -> bool:
    """Tell whether times follow each other evenly; beats may be missing in between."""
    if times.size < _BEATS_LEAST:
        return False
    steps = np.diff(times)
    usual = float(np.median(steps))
    if not settings.pulse_low_hz <= 1 / usual <= settings.pulse_high_hz:
        return False
    beats = steps / usual
    return bool(
        np.median(np.abs(beats - np.round(beats))) < settings.pulse_unevenness
        and (np.round(beats) <= _BEATS_MISSED + 1).all()
    )
