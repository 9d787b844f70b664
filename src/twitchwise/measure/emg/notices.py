"""What a reader of the results must know, said once for all channels that it holds for."""

from collections.abc import Callable
from dataclasses import dataclass

from twitchwise.measure.emg.findings import gives_rate
from twitchwise.measure.emg.reading import Reading
from twitchwise.measure.emg.settings import EmgSettings

# So many channels are named; more are counted.
_NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Notice:
    """One thing to say: of which channels, in which words, and with which number of each channel."""

    holds: Callable[[Reading], bool]
    words: str
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
            words = notice.words.format(number=low if low == high else f"{low} to {high}")
            said.append(f"{_names(concerned, len(readings))}: {words}")
    return tuple(said)


def _names(concerned: list[Reading], of: int) -> str:
    if len(concerned) > _NAMED:
        return f"{len(concerned)} of {of} channels, the first {concerned[0].group.name!r}"
    return ", ".join(repr(reading.group.name) for reading in concerned)


def _all(settings: EmgSettings) -> tuple[_Notice, ...]:
    least, needed = f"{settings.rest_stretch_least_s:g} s", f"{settings.rest_for_rate_s:g} s"
    return (
        _Notice(
            holds=lambda reading: not gives_rate(reading, settings),
            words=f"{{number}} s were at rest, quiet for {least} or more at a time; no rate is given below {needed}.",
            number=lambda reading: reading.rest_s,
        ),
        _Notice(
            holds=lambda reading: reading.activity.uneven,
            words="no stretch is believed to be rest, because even the quietest vary more than noise does.",
        ),
        _Notice(
            holds=lambda reading: bool(reading.activity.active.spans),
            words="the muscle was active, or too loud to tell, for {number} s, in which no potential is counted.",
            number=lambda reading: reading.activity.active.duration_s,
        ),
        _Notice(
            holds=lambda reading: any(one.missing_share or one.flat_share for one in reading.quality),
            words="missing and flat samples were left out, {number} s with the time around them.",
            number=lambda reading: reading.activity.unusable.duration_s,
        ),
        _Notice(
            holds=lambda reading: reading.spikes > 0,
            words="{number} one-sample spikes were replaced by the mean of their neighbors.",
            number=lambda reading: reading.spikes,
            form=".0f",
        ),
        _Notice(
            holds=lambda reading: reading.regular > 0,
            words="{number} look-alike potentials, regular as a heartbeat, were not counted; they may hide others.",
            number=lambda reading: reading.regular,
            form=".0f",
        ),
    )
