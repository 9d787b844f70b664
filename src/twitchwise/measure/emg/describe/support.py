"""What a recording can support, in sentences: rate, absence, size, shape, units, echoes, origin, and what it cannot."""

import math
from dataclasses import dataclass

from twitchwise.measure.emg.describe.settings import DescribeSettings, describe_settings
from twitchwise.measure.rate_interval import count_interval
from twitchwise.vocabulary import Electrode, Unit
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within
from twitchwise.vocabulary.text import digits, say, say_many

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
            say(
                "Nothing can be said of fasciculations at {rate_hz:g} Hz; it takes {least_hz:g} Hz to see a potential "
                "at all.",
                rate_hz=setup.sampling_rate_hz,
                least_hz=settings.sampling_rate_least_hz,
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
    return say("{low} to {high} a minute", low=_number(low), high=_number(high))


def _number(value: float) -> str:
    text = f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")  # noqa: PLR2004 - two digits are enough
    return digits(text)


def _rate(setup: Setup, settings: DescribeSettings) -> str:
    if setup.rest_s < settings.rest_for_rate_s:
        return say(
            "Rate: {rest_s:.0f} s at rest give no rate; it takes {needed_s:g} s.",
            rest_s=setup.rest_s,
            needed_s=settings.rest_for_rate_s,
        )
    expected = [rate * setup.rest_s / _SECONDS_PER_MINUTE for rate in _RATES_PER_MIN]
    if expected[0] < 1:
        one, none = (_per_minute(count, setup) for count in (1, 0))
        return say(
            "Rate: {rest_s:.0f} s at rest give a rate to within {with_one} if one is seen, and {with_none} if none is.",
            rest_s=setup.rest_s,
            with_one=one,
            with_none=none,
        )
    slow, fast = (_per_minute(round(count), setup) for count in expected)
    return say(
        "Rate: {rest_s:.0f} s at rest tell a rate of 1 a minute to within {slow}, and of 10 a minute to within {fast}.",
        rest_s=setup.rest_s,
        slow=slow,
        fast=fast,
    )


def _absence(setup: Setup, settings: DescribeSettings) -> str:
    # a second that is told as whole is not held against a recording
    if round(setup.rest_s) < settings.rest_for_five_potentials_s:
        return say(
            "Absence: cannot be told from {rest_s:.0f} s; it can take {one_s:g} s to see one potential and {five_s:g} "
            "s to see five (Zhou 2012).",
            rest_s=setup.rest_s,
            one_s=settings.rest_for_one_potential_s,
            five_s=settings.rest_for_five_potentials_s,
        )
    _, high = count_interval(0)
    return say(
        "Absence: none in {rest_s:.0f} s would mean fewer than {rate} a minute here, not that there are none.",
        rest_s=setup.rest_s,
        rate=_number(high * _SECONDS_PER_MINUTE / setup.rest_s),
    )


def _size(setup: Setup, settings: DescribeSettings) -> str:
    if setup.sampling_rate_hz < settings.sampling_rate_for_shape_hz:
        return say(
            "Size: cannot be judged at {rate_hz:g} Hz, and small potentials are missed, so that rates are lower bounds "
            "(it takes {needed_hz:g} Hz; Ives and Wigglesworth 2003).",
            rate_hz=setup.sampling_rate_hz,
            needed_hz=settings.sampling_rate_for_shape_hz,
        )
    if setup.unit is not Unit.VOLT:
        return say("Size: only within this recording, because the file does not give volts.")
    return say("Size: peak-to-peak in volts, where the potential is largest.")


def _shape(setup: Setup, settings: DescribeSettings) -> str:
    least = settings.sampling_rate_for_turns_hz
    if setup.sampling_rate_hz < least:
        return say(
            "Shape: duration, phases and turns cannot be told at {rate_hz:g} Hz; it takes {least_hz:g} Hz.",
            rate_hz=setup.sampling_rate_hz,
            least_hz=least,
        )
    compared = (
        say("with a needle as published")
        if setup.electrode is Electrode.NEEDLE
        else say("not comparable with needle figures")
    )
    within_ms, multiple = 1000 / setup.sampling_rate_hz, settings.noise_multiple_for_shape
    if setup.noise_rms and setup.unit is Unit.VOLT:
        return say(
            "Shape: duration to within {within_ms:.1f} ms, phases and turns of potentials of {multiple:g} times the "
            "noise or more, here {least_uv:.0f} uV; {compared}.",
            within_ms=within_ms,
            multiple=multiple,
            least_uv=multiple * setup.noise_rms * 1e6,
            compared=compared,
        )
    return say(
        "Shape: duration to within {within_ms:.1f} ms, phases and turns of potentials of {multiple:g} times the noise "
        "or more; {compared}.",
        within_ms=within_ms,
        multiple=multiple,
        compared=compared,
    )


def _steps(setup: Setup) -> str:
    if not setup.step or not setup.noise_rms or setup.step < _COARSE_STEP * setup.noise_rms:
        return ""
    return say(
        "Resolution: the converter's step is larger than the noise, so that small potentials vanish in it and shapes "
        "are stairs."
    )


def _units(setup: Setup, settings: DescribeSettings) -> str:
    if setup.sampling_rate_hz < settings.sampling_rate_for_shape_hz:
        return say("Units: cannot be told apart, because that takes shapes.")
    if setup.electrode is Electrode.NEEDLE:
        return say("Units: those near the needle, by shape.")
    if setup.channels < settings.grid_channels:
        return say_many(
            "Units: few can be told apart with {count} channel (one single-ended channel tells 3.4 % of simulated "
            "units, 81 Laplacian ones 83.8 %; Farina 2008); their number is a lower bound.",
            "Units: few can be told apart with {count} channels (one single-ended channel tells 3.4 % of simulated "
            "units, 81 Laplacian ones 83.8 %; Farina 2008); their number is a lower bound.",
            count=setup.channels,
        )
    return say(
        "Units: told apart by shape and place on {count} channels; deep ones may be missed (Farina 2008).",
        count=setup.channels,
    )


def _echoes(setup: Setup, settings: DescribeSettings) -> str:
    if setup.sampling_rate_hz < settings.sampling_rate_for_shape_hz:
        return say("Echoes and doublets: cannot be told, because they need look-alikes within milliseconds.")
    if setup.rest_s < settings.rest_for_rate_s:
        return say("Echoes, doublets, locked units and drift: cannot be told without more rest.")
    needed = settings.events_for_pattern
    rate = needed * _SECONDS_PER_MINUTE / setup.rest_s
    return say(
        "Echoes, doublets, locked units and drift: from {needed:g} fasciculations on, that is from {rate} a minute "
        "here; what one in a hundred discharges does takes hundreds.",
        needed=needed,
        rate=_number(rate),
    )


def _origin(setup: Setup, settings: DescribeSettings) -> str:
    if setup.placed < settings.grid_channels:
        return say("Origin: cannot be told without a grid of electrodes whose places are known.")
    return say(
        "Origin: the place on the skin above a unit, on a grid of {electrodes}, not its depth.",
        electrodes=setup.placed,
    )


def _fibers(setup: Setup) -> str:
    if setup.electrode is Electrode.NEEDLE:
        return ""
    return say("Single fibers: fibrillation potentials and positive sharp waves are never told without a needle.")
