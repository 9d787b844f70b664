"""Flicker of lamps in a film: brightness that goes up and down at what the frame rate makes of twice the mains."""

import numpy as np

from twitchwise.measure.video.field import MotionField
from twitchwise.vocabulary.arrays import FloatArray

# Lamps on mains of 50 and 60 Hz flicker at twice that, and at multiples of it.
_LAMPS_HZ = (100.0, 120.0)
_MULTIPLES = 3
# Changes of brightness count from this share of it, and this many times what lies near.
_LEAST_SHARE = 2e-4
_OVER_NEAR = 10.0
# A strip that is overexposed, in levels of gray, shows no flicker.
_FULL = 250.0
_NEAR = 12
_REACH = 2


def flicker_hz(field: MotionField, frame_rate_hz: float) -> tuple[float, ...]:
    """Return the rates at which the light of a film flickers, as the frame rate shows them.

    Parameters
    ----------
    field
        With the brightness of its pictures.
    frame_rate_hz
        Pictures per second.
    """
    if len(field.brightness) < 4 * _NEAR:
        return ()
    level = field.brightness.mean(axis=0)
    window = np.hanning(len(field.brightness) + 2)[1:-1, np.newaxis]
    changes = np.abs(np.fft.rfft(window * (field.brightness / np.maximum(level, 1.0) - 1), axis=0))
    # a lamp lights all of the picture; a hand that moves before a darker room changes the strips unequally
    lit = level < _FULL if (level < _FULL).any() else np.ones(level.size, np.bool_)
    share = 2 * changes[:, lit].min(axis=1) / window.sum()
    step = frame_rate_hz / len(field.brightness)
    return tuple(rate for rate in _aliases(frame_rate_hz) if _stands_out(share, rate / step))


def _aliases(frame_rate_hz: float) -> list[float]:
    rates = {
        round(abs(lamp * multiple - frame_rate_hz * round(lamp * multiple / frame_rate_hz)), 6)
        for lamp in _LAMPS_HZ
        for multiple in range(1, _MULTIPLES + 1)
    }
    return sorted(rates - {0.0})


def _stands_out(share: FloatArray, place: float) -> bool:
    index = round(place)
    if not _REACH < index < share.size:
        return False
    peak = float(share[max(index - _REACH, 1) : index + _REACH + 1].max())
    near = np.r_[share[max(index - _NEAR, 1) : index - _REACH], share[index + _REACH + 1 : index + _NEAR]]
    return bool(near.size and peak > _LEAST_SHARE and peak > _OVER_NEAR * np.median(near))
