"""The difference between the two sides, where a recording has a sensor of one kind on each."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from twitchwise.measure.motion.tremor.one_sensor import SensorTremor
from twitchwise.measure.motion.tremor.sizes import mean_of
from twitchwise.vocabulary import Measurement, Side, Unit
from twitchwise.vocabulary.text import say

_PERCENT = 100.0
_NORMAL = 1.96


def two_sides(shown: Sequence[SensorTremor]) -> Iterator[Measurement]:
    """Give how much larger the tremor of one side is, for every pair of sensors that differ only by their side."""
    left, right = ([one for one in shown if one.sensor.side is side] for side in (Side.LEFT, Side.RIGHT))
    for one, other in product(left, right):
        if one.sensor.kind is other.sensor.kind and one.sensor.site == other.sensor.site:
            found = side_difference(one, other)
            if found is not None:
                yield found


def side_difference(left: SensorTremor, right: SensorTremor) -> Measurement | None:
    """Return the difference of amplitudes over their sum, in percent, above 0 where the left is larger.

    ``None`` where neither side has a tremor.
    """
    if left.tremor is None and right.tremor is None:
        return None
    sizes = [_size(one) for one in (left, right)]
    ratio = np.log(sizes[0][0] / sizes[1][0])
    error = _NORMAL * float(np.hypot(sizes[0][1], sizes[1][1]))
    value, low, high = (float(_PERCENT * np.tanh(part / 2)) for part in (ratio, ratio - error, ratio + error))
    return Measurement(
        id="tremor_side_difference",
        value=value,
        low=low,
        high=high,
        unit=Unit.PERCENT,
        method=say(
            "Amplitude of {left} less that of {right} over their sum; above 0 the left is larger.",
            left=left.sensor.name,
            right=right.sensor.name,
        ),
    )


def _size(shown: SensorTremor) -> tuple[float, float]:
    """Return the amplitude and the standard error of its logarithm; without a tremor, what there is in its band."""
    if shown.tremor is None:
        amplitudes = shown.windows.amplitude[shown.windows.judged]
        return float(np.sqrt(np.mean(amplitudes**2) / 2)), 1.0
    size = mean_of(shown.tremor.narrow.square).root()
    low = max(size.low, 1e-3 * size.value)
    return size.value, float(np.log(size.high / low)) / (2 * _NORMAL)
