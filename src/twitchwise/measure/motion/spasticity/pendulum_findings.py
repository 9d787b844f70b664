"""The pendulum test as measurements, over the drops of one sensor."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.stats import t

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.pendulum import Damped, Drop, damped
from twitchwise.measure.motion.spasticity.settings import PendulumSettings
from twitchwise.vocabulary import ChannelKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, together

_ONE = say("there was a single drop; drops differ, and the interval does not hold that")
_SEEN = say("The drop was recognized by its shape and not noted.")
_SHANK = say("A gyroscope shows how the shank turns; that is the angle of the knee only if the thigh lies still.")


def pendulum_measurements(
    sensor: MotionSensor, drops: Sequence[Drop], settings: PendulumSettings
) -> Iterator[Measurement]:
    """Give the measurements of the drops that one sensor shows."""
    book = _Book(sensor, drops)
    about = say(
        "Agreement of body-worn sensors with cameras: ICC above {agreement:g} "
        "(https://doi.org/10.1186/s12984-024-01326-9).",
        agreement=settings.agreement,
    )
    angle_error = np.array([drop.error_rad for drop in drops]) * np.sqrt(2)
    rest_error = np.hypot(angle_error, np.array([drop.drift_rad for drop in drops]))
    first = np.array([drop.first_rad for drop in drops])
    plateau = np.array([drop.plateau_rad for drop in drops])
    method = say("From where the leg was held to its first turning point.")
    yield book.told("pendulum_first_swing", first, angle_error, Unit.RADIAN, together([method, about]))
    method = say("From where the leg was held to where it came to rest.")
    yield book.told("pendulum_plateau", plateau, rest_error, Unit.RADIAN, method)
    index = np.array([drop.relaxation_index for drop in drops])
    index_error = index * np.hypot(angle_error / first, rest_error / plateau)
    method = say(
        "First swing over plateau; {mean:g} (SD {spread:g}) in 50 healthy "
        "adults (Kim et al. 1996); it told spasticity in about {accuracy:.0f} % of 131 knees "
        "(https://doi.org/10.1186/s12984-018-0411-x).",
        mean=settings.relaxation_index_health,
        spread=settings.relaxation_index_spread,
        accuracy=settings.accuracy,
    )
    yield book.told("pendulum_relaxation_index", index, index_error, Unit.ONE, method)
    swings = np.array([float(drop.swings) for drop in drops])
    method = say("Swings of at least {least_rad:g} rad before the leg rests.", least_rad=settings.swing_least_rad)
    yield book.told("pendulum_swing_count", swings, np.full(swings.size, 0.51), Unit.COUNT, method)
    yield from _damping(book, [fit for fit in map(damped, drops) if fit is not None])


def _damping(book: "_Book", fits: Sequence[Damped]) -> Iterator[Measurement]:
    if not fits:
        return
    method = say("Slope of the logarithm of the turning points, as of a damped pendulum.")
    yield book.spanned("pendulum_damping_ratio", [fit.ratio for fit in fits], Unit.ONE, method)
    method = say(
        "Inverse of the time between turning points, without damping; its square times 39.5 is stiffness, "
        "gravity's included, over inertia in 1/s2."
    )
    yield book.spanned("pendulum_natural_frequency", [fit.frequency_hz for fit in fits], Unit.HERTZ, method)


class _Book:
    """Where the measurements of one sensor belong."""

    def __init__(self, sensor: MotionSensor, drops: Sequence[Drop]) -> None:
        self.channel = sensor.name
        turns = sensor.kind is ChannelKind.ANGULAR_VELOCITY
        self.doubts = (
            *((_SHANK,) if turns else ()),
            *(() if all(drop.noted for drop in drops) else (_SEEN,)),
            *((_ONE,) if len(drops) == 1 else ()),
        )

    def told(self, name: str, values: FloatArray, errors: FloatArray, unit: Unit, method: str) -> Measurement:
        """Return the mean over drops; its interval holds how drops differ, or the sensor's error if that is more."""
        value = float(values.mean())
        half = 1.96 * float(np.sqrt((errors**2).mean() / values.size))
        if values.size > 1:
            spread = float(values.std(ddof=1)) / float(np.sqrt(values.size))
            half = max(half, float(t.ppf(0.975, values.size - 1)) * spread)
        return self._measured(name, (value, max(value - half, 0.0), value + half), unit, method)

    def spanned(self, name: str, fits: Sequence[tuple[float, float, float]], unit: Unit, method: str) -> Measurement:
        """Return the mean of values that have intervals of their own; drops may differ by more than these."""
        value, low, high = (float(np.mean(column)) for column in zip(*fits, strict=True))
        if len(fits) > 1:
            middles = np.array([fit[0] for fit in fits])
            half = float(t.ppf(0.975, len(fits) - 1)) * float(middles.std(ddof=1)) / float(np.sqrt(len(fits)))
            low, high = min(low, value - half), max(high, value + half)
        return self._measured(name, (value, max(min(low, value), 0.0), max(high, value)), unit, method)

    def _measured(self, name: str, value: tuple[float, float, float], unit: Unit, method: str) -> Measurement:
        return Measurement(
            id=name,
            value=value[0],
            low=value[1],
            high=value[2],
            unit=unit,
            method=method,
            channel=self.channel,
            doubts=self.doubts,
        )
