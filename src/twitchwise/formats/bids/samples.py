"""Samples as lines of text, a block at a time, so that a night fits in little memory."""

from collections.abc import Iterator, Sequence

import numpy as np

from twitchwise.formats.bids.subject import NOT_KNOWN
from twitchwise.signals import Recording
from twitchwise.vocabulary import Unit

_BLOCK_SAMPLES = 1 << 17  # text and numbers of a block take some tens of megabytes
_DIGITS = 9  # as many as tell all numbers of single precision apart
_SPELLED = {
    Unit.METER_PER_SECOND_SQUARED: "m/s^2",
    Unit.NEWTON_METER: "N m",
    Unit.COUNT: NOT_KNOWN,
    Unit.UNKNOWN: NOT_KNOWN,
}


def unit_in_bids(unit: Unit) -> str:
    """Return a unit as BIDS spells it; counts of a converter are none."""
    return _SPELLED.get(unit, unit.value)


def sample_lines(recording: Recording, channels: Sequence[int]) -> Iterator[bytes]:
    """Give the samples of channels of one rate and length as lines with tabs; what is missing is ``n/a``.

    Parameters
    ----------
    recording
        Where they are.
    channels
        Their numbers.
    """
    n_samples = recording.channels[channels[0]].n_samples
    step = max(1, _BLOCK_SAMPLES // len(channels))
    line = "\t".join([f"%.{_DIGITS}g"] * len(channels)) + "\n"
    for first in range(0, n_samples, step):
        last = min(first + step, n_samples)
        block = np.stack([recording.source.read(channel, first, last) for channel in channels], axis=1)
        text = (line * len(block)) % tuple(block.ravel().tolist())
        if not np.isfinite(block).all():
            text = text.replace("-inf", "nan").replace("inf", "nan").replace("nan", NOT_KNOWN)
        yield text.encode()
