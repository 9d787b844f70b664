"""How samples become 16-bit numbers in EDF: limits of eight characters around all of them, so that none is clipped."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
import numpy.typing as npt

from twitchwise.signals import Channel
from twitchwise.vocabulary import OutOfRangeError, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_FIELD_CHARACTERS = 8
_LEAST_COUNT, _N_STEPS = -32768, 65535
# Free space beyond the data on each side, as a share of their range: no sample then looks clipped at the limit, and the
# resolution is only 3 % coarser than it could be.
_MARGIN = 1 / 64
# At least this share of the larger limit, so that limits of eight characters differ even where the samples hardly do.
_LEAST_MARGIN = 1e-6
_VOLT_DIMENSIONS = (("uV", 1e6), ("mV", 1e3), ("V", 1.0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaling:
    """One channel's way to digital samples; the limits are the texts that stand in the header."""

    dimension: str
    factor: float
    physical_min: str
    physical_max: str
    digital_min: int
    digital_max: int

    def to_digital(self, samples: FloatArray) -> npt.NDArray[np.int16]:
        """Round samples in SI to converter counts, as a reader will turn them back."""
        low, high = float(self.physical_min), float(self.physical_max)
        gain = (high - low) / (self.digital_max - self.digital_min)
        return np.rint((samples * self.factor - low) / gain + self.digital_min).astype("<i2")


def scaling_of(channel: Channel, low: float, high: float) -> Scaling:
    """Choose the limits for samples between ``low`` and ``high`` in the channel's unit.

    The converter's own range and steps are kept where 16 bits can hold them and all samples lie within; otherwise the
    range of the samples is taken, with a small margin.

    Raises
    ------
    OutOfRangeError
        If the samples are too large for the header.
    """
    n_steps = _own_steps(channel, low, high)
    if n_steps is not None and channel.physical_range is not None:
        limits = channel.physical_range
    else:
        n_steps = _N_STEPS
        margin = max((high - low) * _MARGIN, max(abs(low), abs(high)) * _LEAST_MARGIN) or _unit_margin(channel)
        limits = (low - margin, high + margin)
    for dimension, factor in _dimensions(channel.unit):
        texts = _outward(limits[0] * factor, ROUND_FLOOR), _outward(limits[1] * factor, ROUND_CEILING)
        if max(map(len, texts)) <= _FIELD_CHARACTERS:
            return Scaling(
                dimension=dimension,
                factor=factor,
                physical_min=texts[0],
                physical_max=texts[1],
                digital_min=-(n_steps // 2) - 1,
                digital_max=n_steps - n_steps // 2 - 1,
            )
    raise OutOfRangeError(
        say(
            "samples of channel {channel!r} must fit the eight characters of an EDF limit, got {low:g} .. {high:g}.",
            channel=channel.name,
            low=low,
            high=high,
        )
    )


def _own_steps(channel: Channel, low: float, high: float) -> int | None:
    """Return how many steps the converter has, where its range is known, holds the samples and fits 16 bits."""
    if channel.physical_range is None or not channel.resolution:
        return None
    least, most = channel.physical_range
    n_steps = round((most - least) / channel.resolution)
    return n_steps if least <= low and high <= most and 1 <= n_steps <= _N_STEPS else None


def _unit_margin(channel: Channel) -> float:
    """Return a margin for a channel that is zero throughout: one of its dimension."""
    return 1 / _dimensions(channel.unit)[0][1]


def _dimensions(unit: Unit) -> tuple[tuple[str, float], ...]:
    if unit is Unit.VOLT:
        return _VOLT_DIMENSIONS
    return (("" if unit is Unit.UNKNOWN else unit.value, 1.0),)


def _outward(value: float, rounding: str) -> str:
    """Write a limit with as many decimals as fit, rounded away from the samples; too long if none fit.

    Twelve digits are looked at: further ones are what a product of floats adds to a limit such as 3276.8.
    """
    exact = Decimal(f"{value:.12g}")
    for decimals in range(_FIELD_CHARACTERS, -1, -1):
        text = f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding=rounding):f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if len(text) <= _FIELD_CHARACTERS:
            break
    return "0" if text == "-0" else text
