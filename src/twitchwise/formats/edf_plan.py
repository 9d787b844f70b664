"""How a recording is cut into EDF data records: as many samples in each, for a time that eight characters can write."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, isqrt, log

from twitchwise.signals import Channel
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say

_FIELD_CHARACTERS = 8
# A data record should hold at most this many bytes (EDF specification), and one second where nothing else decides.
_RECORD_BYTES = 61440
_BYTES_PER_SAMPLE = 2
# Rates are read as the nearest fraction with at most this denominator, so that 333.333... is 1000/3.
_RATE_DENOMINATOR = 10**6


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordPlan:
    """Number of data records, their duration as written, and the samples of each channel in one of them."""

    n_records: int
    duration_text: str
    samples: tuple[int, ...]

    @property
    def duration_s(self) -> Fraction:
        """Duration of a data record as a reader will take it."""
        return Fraction(self.duration_text)


def plan_records(channels: Sequence[Channel], name: str) -> RecordPlan:
    """Cut a recording so that no sample is lost, added or moved by half a sample or more.

    Raises
    ------
    OutOfRangeError
        If the channels differ in length, or no duration with eight characters fits.
    """
    length_s = _common_length_s(channels, name)
    fastest = min(_step_s(channel) for channel in channels)
    counts = [channel.n_samples for channel in channels]
    fitting = [
        plan
        for n_records in _divisors(gcd(*counts))
        if (plan := _plan(n_records, length_s, counts)) is not None and _error_s(plan, length_s) * 2 < fastest
    ]
    if not fitting:
        raise OutOfRangeError(
            say(
                "length of {name!r} must be a whole number of EDF data records, got {samples} samples at"
                " {rate_hz:g} Hz; cut it to whole seconds.",
                name=name,
                samples=counts[0],
                rate_hz=channels[0].sampling_rate_hz,
            )
        )
    return min(fitting, key=lambda plan: _cost(plan, length_s))


def _step_s(channel: Channel) -> Fraction:
    return 1 / Fraction(channel.sampling_rate_hz).limit_denominator(_RATE_DENOMINATOR)


def _common_length_s(channels: Sequence[Channel], name: str) -> Fraction:
    lengths = [channel.n_samples * _step_s(channel) for channel in channels]
    for channel, length in zip(channels, lengths, strict=True):
        if not channel.n_samples or abs(length - lengths[0]) * 2 >= _step_s(channel):
            raise OutOfRangeError(
                say(
                    "channels of {name!r} must have one length to be written as EDF, got {one_s:g} s and"
                    " {other_s:g} s.",
                    name=name,
                    one_s=float(lengths[0]),
                    other_s=float(length),
                )
            )
    return lengths[0]


def _divisors(number: int) -> Iterator[int]:
    for small in range(1, isqrt(number) + 1):
        if number % small == 0:
            yield small
            yield number // small


def _plan(n_records: int, length_s: Fraction, counts: Sequence[int]) -> RecordPlan | None:
    duration = length_s / n_records
    decimals = _FIELD_CHARACTERS - 1 - len(str(int(duration)))
    if decimals < 0:
        return None
    rounded = (Decimal(duration.numerator) / duration.denominator).quantize(Decimal(1).scaleb(-decimals))
    text = f"{rounded:f}".rstrip("0").rstrip(".") if decimals else f"{rounded:f}"
    plan = RecordPlan(n_records=n_records, duration_text=text, samples=tuple(n // n_records for n in counts))
    fits = plan.duration_s > 0 and max(n_records, *plan.samples) < 10**_FIELD_CHARACTERS
    return plan if fits else None


def _error_s(plan: RecordPlan, length_s: Fraction) -> Fraction:
    """Return by how much the last sample moves because the duration had to be rounded."""
    return abs(plan.duration_s * plan.n_records - length_s)


def _cost(plan: RecordPlan, length_s: Fraction) -> tuple[bool, bool, float]:
    """Prefer exact durations, then records of the recommended size, then such of about one second."""
    too_large = sum(plan.samples) * _BYTES_PER_SAMPLE > _RECORD_BYTES
    return _error_s(plan, length_s) > 0, too_large, abs(log(plan.duration_s))
