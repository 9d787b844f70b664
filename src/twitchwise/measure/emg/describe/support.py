"""What a recording can support, in sentences: rate, absence, size, shape, units, echoes, origin, and what it cannot."""

import math
from dataclasses import dataclass

from twitchwise.measure.emg.describe.settings import DescribeSettings, describe_settings
from twitchwise.measure.rate_interval import count_interval
from twitchwise.vocabulary import Electrode, Unit
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

_SECONDS_PER_MINUTE = 60.0
# Rates for which the width of the interval is told: one a minute as in healthy people, ten as in many patients.
_RATES_PER_MIN = (1.0, 10.0)
# A converter's step adds noise of step / sqrt(12), which is a tenth of the noise or more from this ratio on.
_COARSE_STEP = math.sqrt(12.0) / 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Setup:
    """How a muscle was recorded, as far as it decides what can be said.

    Parameters
    ----------
    sampling_rate_hz
        Above 0.
    rest_s
        Seconds at rest that were looked at.
    channels
        Channels on this muscle, at least 1.
    placed
        How many of them have a known place on the muscle.
    unit
        Unit of the signal.
    electrode
        How the channels touch the muscle.
    noise_rms
        Noise at rest in that unit, if known.
    step
        Smallest step of the converter in that unit, if known.

    Raises
    ------
    OutOfRangeError
        If a number is outside.
    """

    sampling_rate_hz: float
    rest_s: float
    channels: int = 1
    placed: int = 0
    unit: Unit = Unit.VOLT
    electrode: Electrode = Electrode.UNKNOWN
    noise_rms: float | None = None
    step: float | None = None

    def __post_init__(self) -> None:
        """Refuse a recording that cannot be."""
        require_positive("sampling_rate_hz", self.sampling_rate_hz)
        require_not_negative("rest_s", self.rest_s)
        require_within("channels", self.channels, 1, math.inf)
        require_within("placed", self.placed, 0, self.channels)
        for name in ("noise_rms", "step"):
            require_not_negative(name, getattr(self, name) or 0.0)


def support(setup: Setup, settings: DescribeSettings | None = None) -> tuple[str, ...]:
    """Say what a recording can support, and what it cannot, one sentence each.

    Parameters
    ----------
    setup
        How the muscle was recorded.
    settings
        Least requirements; those of the knowledge files if left out.

    Examples
    --------
    >>> for sentence in support(Setup(sampling_rate_hz=200.0, rest_s=10.0))[:2]:
    ...     print(sentence)
    Rate: 10 s at rest give a rate to within 0.6 to 28 a minute if one is seen, and 0 to 18 a minute if none is.
    Absence: cannot be told from 10 s; it can take 70 s to see one potential and 120 s to see five (Zhou 2012).
    """
    settings = settings or describe_settings()
    if setup.sampling_rate_hz < settings.sampling_rate_least_hz:
        return (
            (
                f"Nothing can be said of fasciculations at {setup.sampling_rate_hz:g} Hz; it takes "
                f"{settings.sampling_rate_least_hz:g} Hz to see a potential at all."
            ),
        )
    sentences = (
        _rate(setup, settings),
        _absence(setup, settings),
        _size(setup, settings),
        _shape(setup, settings),
        _steps(setup),
        _units(setup, settings),
        _echoes(setup, settings),
        _origin(setup, settings),
        _fibers(setup),
    )
    return tuple(sentence for sentence in sentences if sentence)


def _per_minute(count: float, setup: Setup) -> str:
    minutes = setup.rest_s / _SECONDS_PER_MINUTE
    low, high = (end / minutes for end in count_interval(count))
    return f"{_number(low)} to {_number(high)} a minute"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")  # noqa: PLR2004 - two digits are enough


def _rate(setup: Setup, settings: DescribeSettings) -> str:
    time = f"{setup.rest_s:.0f} s at rest"
    if setup.rest_s < settings.rest_for_rate_s:
        return f"Rate: {time} give no rate; it takes {settings.rest_for_rate_s:g} s."
    expected = [rate * setup.rest_s / _SECONDS_PER_MINUTE for rate in _RATES_PER_MIN]
    if expected[0] < 1:
        one, none = (_per_minute(count, setup) for count in (1, 0))
        return f"Rate: {time} give a rate to within {one} if one is seen, and {none} if none is."
    slow, fast = (_per_minute(round(count), setup) for count in expected)
    return f"Rate: {time} tell a rate of 1 a minute to within {slow}, and of 10 a minute to within {fast}."


def _absence(setup: Setup, settings: DescribeSettings) -> str:
    # a second that is told as whole is not held against a recording
    if round(setup.rest_s) < settings.rest_for_five_potentials_s:
        return (
            f"Absence: cannot be told from {setup.rest_s:.0f} s; it can take {settings.rest_for_one_potential_s:g} s "
            f"to see one potential and {settings.rest_for_five_potentials_s:g} s to see five (Zhou 2012)."
        )
    _, high = count_interval(0)
    return (
        f"Absence: none in {setup.rest_s:.0f} s would mean fewer than "
        f"{_number(high * _SECONDS_PER_MINUTE / setup.rest_s)} a minute here, not that there are none."
    )


def _size(setup: Setup, settings: DescribeSettings) -> str:
    if setup.sampling_rate_hz < settings.sampling_rate_for_shape_hz:
        return (
            f"Size: cannot be judged at {setup.sampling_rate_hz:g} Hz, and small potentials are missed, so that rates "
            f"are lower bounds (it takes {settings.sampling_rate_for_shape_hz:g} Hz; Ives and Wigglesworth 2003)."
        )
    if setup.unit is not Unit.VOLT:
        return "Size: only within this recording, because the file does not give volts."
    return "Size: peak-to-peak in volts, where the potential is largest."


def _shape(setup: Setup, settings: DescribeSettings) -> str:
    least = settings.sampling_rate_for_turns_hz
    if setup.sampling_rate_hz < least:
        return (
            f"Shape: duration, phases and turns cannot be told at {setup.sampling_rate_hz:g} Hz; it takes {least:g} Hz."
        )
    limit = f"of potentials of {settings.noise_multiple_for_shape:g} times the noise or more"
    if setup.noise_rms and setup.unit is Unit.VOLT:
        limit += f", here {settings.noise_multiple_for_shape * setup.noise_rms * 1e6:.0f} uV"
    words = (
        "with a needle as published" if setup.electrode is Electrode.NEEDLE else "not comparable with needle figures"
    )
    return f"Shape: duration to within {1000 / setup.sampling_rate_hz:.1f} ms, phases and turns {limit}; {words}."


def _steps(setup: Setup) -> str:
    if not setup.step or not setup.noise_rms or setup.step < _COARSE_STEP * setup.noise_rms:
        return ""
    return (
        "Resolution: the converter's step is larger than the noise, so that small potentials vanish in it and shapes "
        "are stairs."
    )


def _units(setup: Setup, settings: DescribeSettings) -> str:
    if setup.sampling_rate_hz < settings.sampling_rate_for_shape_hz:
        return "Units: cannot be told apart, because that takes shapes."
    if setup.electrode is Electrode.NEEDLE:
        return "Units: those near the needle, by shape."
    if setup.channels < settings.grid_channels:
        return (
            f"Units: few can be told apart with {setup.channels} {_plural(setup.channels)} (one single-ended channel "
            "tells 3.4 % of simulated units, 81 Laplacian ones 83.8 %; Farina 2008); their number is a lower bound."
        )
    return f"Units: told apart by shape and place on {setup.channels} channels; deep ones may be missed (Farina 2008)."


def _plural(count: int) -> str:
    return "channel" if count == 1 else "channels"


def _echoes(setup: Setup, settings: DescribeSettings) -> str:
    if setup.sampling_rate_hz < settings.sampling_rate_for_shape_hz:
        return "Echoes and doublets: cannot be told, because they need look-alikes within milliseconds."
    if setup.rest_s < settings.rest_for_rate_s:
        return "Echoes, doublets, locked units and drift: cannot be told without more rest."
    needed = settings.events_for_pattern
    rate = needed * _SECONDS_PER_MINUTE / setup.rest_s
    return (
        f"Echoes, doublets, locked units and drift: from {needed:g} fasciculations on, that is from {_number(rate)} a "
        "minute here; what one in a hundred discharges does takes hundreds."
    )


def _origin(setup: Setup, settings: DescribeSettings) -> str:
    if setup.placed < settings.grid_channels:
        return "Origin: cannot be told without a grid of electrodes whose places are known."
    return f"Origin: the place on the skin above a unit, on a grid of {setup.placed}, not its depth."


def _fibers(setup: Setup) -> str:
    if setup.electrode is Electrode.NEEDLE:
        return ""
    return "Single fibers: fibrillation potentials and positive sharp waves are never told without a needle."
