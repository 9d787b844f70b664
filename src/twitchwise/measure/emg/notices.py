"""What a reader of the results must know, said once for all channels that it holds for."""

from collections.abc import Callable
from dataclasses import dataclass

from twitchwise.measure.emg.findings import gives_rate
from twitchwise.measure.emg.reading import Reading
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.vocabulary.text import digits, say

# So many channels are named; more are counted.
_NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Notice:
    """One thing to say: of which channels, in which words, and with which number of each channel."""

    holds: Callable[[Reading], bool]
    words: Callable[[str], str]
    number: Callable[[Reading], float] = lambda _: 0.0
    form: str = ".1f"


def notices(readings: list[Reading], settings: EmgSettings) -> tuple[str, ...]:
    """Return the sentences that hold for at least one channel.

    A sentence names up to three channels and counts more, and gives the range of their numbers.
    """
    said = []
    for notice in _all(settings):
        concerned = [reading for reading in readings if notice.holds(reading)]
        if concerned:
            numbers = sorted(format(notice.number(reading), notice.form) for reading in concerned)
            low, high = min(numbers, key=float), max(numbers, key=float)
            words = notice.words(_from_to(low, high))
            said.append(say("{channels}: {words}", channels=_names(concerned, len(readings)), words=words))
    return tuple(said)


def _from_to(low: str, high: str) -> str:
    return digits(low) if low == high else say("{low} to {high}", low=digits(low), high=digits(high))


def _names(concerned: list[Reading], of: int) -> str:
    if len(concerned) > _NAMED:
        return say(
            "{count} of {all_of_them} channels, the first {channel!r}",
            count=len(concerned),
            all_of_them=of,
            channel=concerned[0].group.name,
        )
    return ", ".join(repr(reading.group.name) for reading in concerned)


def _all(settings: EmgSettings) -> tuple[_Notice, ...]:
    return (
        _Notice(
            holds=lambda reading: not gives_rate(reading, settings),
            words=lambda number: say(
                "{number} s were at rest, quiet for {least_s:g} s or more at a time; no rate is given below "
                "{needed_s:g} s.",
                number=number,
                least_s=settings.rest_stretch_least_s,
                needed_s=settings.rest_for_rate_s,
            ),
            number=lambda reading: reading.rest_s,
        ),
        _Notice(
            holds=lambda reading: reading.activity.uneven,
            words=lambda _: say(
                "no stretch is believed to be rest, because even the quietest vary more than noise does."
            ),
        ),
        _Notice(
            holds=lambda reading: bool(reading.activity.active.spans),
            words=lambda number: say(
                "the muscle was active, or too loud to tell, for {number} s, in which no potential is counted.",
                number=number,
            ),
            number=lambda reading: reading.activity.active.duration_s,
        ),
        _Notice(
            holds=lambda reading: any(one.missing_share or one.flat_share for one in reading.quality),
            words=lambda number: say(
                "missing and flat samples were left out, {number} s with the time around them.", number=number
            ),
            number=lambda reading: reading.activity.unusable.duration_s,
        ),
        _Notice(
            holds=lambda reading: reading.spikes > 0,
            words=lambda number: say(
                "{number} one-sample spikes were replaced by the mean of their neighbors.", number=number
            ),
            number=lambda reading: reading.spikes,
            form=".0f",
        ),
        _Notice(
            holds=lambda reading: reading.regular > 0,
            words=lambda number: say(
                "{number} look-alike potentials, regular as a heartbeat, were not counted; they may hide others.",
                number=number,
            ),
            number=lambda reading: reading.regular,
            form=".0f",
        ),
    )
