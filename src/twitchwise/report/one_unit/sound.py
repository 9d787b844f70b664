"""The EMG of one motor unit as a sound file, as loud in health as when changed, so that both can be compared."""

import io
import wave
from typing import Literal

import numpy as np

from twitchwise.simulate.one_unit import RATE_HZ, OneUnit

LOUDEST = 0.9  # of what a sample can hold
_FULL = 32767  # a sample of 16 bits


def wav_of(unit: OneUnit, who: Literal["healthy", "changed"]) -> bytes:
    """Return a sound file of 16 bits and one channel.

    Parameters
    ----------
    unit
        What is heard.
    who
        Which of the two.
    """
    healthy, changed = (one.emg_v(unit.start_s) for one in unit.heard)
    # silence stays quiet: what is loudest is at least the potential of the unit itself
    potential_v = float(unit.both.healthy.seen.peak_to_peak_v()[0, 0])
    loudest_v = max(float(np.abs(healthy).max()), float(np.abs(changed).max()), potential_v)
    samples = np.rint((healthy if who == "healthy" else changed) * (LOUDEST * _FULL / loudest_v)).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(round(RATE_HZ))
        out.writeframes(samples.tobytes())
    return file.getvalue()
