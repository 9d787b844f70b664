"""What a recording can bear: what its electrodes, rate and length let be said, and how good its signal is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from twitchwise.examine import ExaminedRecording
from twitchwise.report.display import clean, quantity
from twitchwise.report.places import Place
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary import text as telling
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from twitchwise.measure import ChannelQuality

_NOISE = "rest_noise_rms"
_PERCENT = 100.0
_LEAST_SAID = 0.1  # percent; less is told as less
_AMISS = {
    "clipped_share": say("{share} of the samples are clipped, so that sizes are too small"),
    "flat_share": say("{share} lie on a flat line, as when an electrode comes off"),
    "missing_share": say("{share} are missing"),
}
"""What is said of each kind of bad sample, by the field that gives its share."""


def support_at(examined: ExaminedRecording, place: Place) -> tuple[str, ...]:
    """Return what the recording of a place can support and what it cannot, one sentence each."""
    # scipy loads where there is a recording, not before
    from twitchwise.measure.emg.describe import Setup, support  # noqa: PLC0415

    first = place.channels[0]
    rest = examined.result.rest.get(place.name)
    noise = next((one.value for one in place.measured(examined) if one.id == _NOISE), None)
    return support(
        Setup(
            sampling_rate_hz=first.sampling_rate_hz,
            rest_s=0.0 if rest is None else rest.duration_s,
            channels=len(place.channels),
            placed=sum(channel.position_m is not None for channel in place.channels),
            unit=first.unit,
            electrode=first.electrode,
            noise_rms=noise,
            step=first.resolution,
        )
    )


def signal_at(examined: ExaminedRecording, place: Place) -> str:
    """Return what is amiss with the signal of a place, or that nothing was noticed, as one sentence."""
    qualities = [one for one in examined.result.quality if place.holds(one.channel)]
    noises = [one for one in place.measured(examined) if one.id == _NOISE]
    said: list[str] = [say("noise of {size} at rest", size=_noise(one.value, one.unit)) for one in noises]
    said += _shares(qualities)
    mains = [one for one in qualities if one.mains_hz is not None]
    if mains:
        most = max(mains, key=lambda one: one.mains_share)
        said.append(
            say(
                "mains hum at {frequency_hz:.2f} Hz subtracted, up to {percent:.0f}% of the power while it is quiet",
                frequency_hz=most.mains_hz,
                percent=_PERCENT * most.mains_share,
            )
        )
    return say("Signal: {findings}.", findings=telling.together(said, "; ")) if said else ""


def _noise(value: float, unit: Unit) -> str:
    size = quantity(value, unit)
    return say("{size} (steps of the converter)", size=size) if unit is Unit.COUNT else size


def _shares(qualities: "Sequence[ChannelQuality]") -> Iterator[str]:
    for name, sentence in _AMISS.items():
        most = _PERCENT * max((getattr(one, name) for one in qualities), default=0.0)
        if most > 0:
            amount = say("{percent:.1f}%", percent=most)
            if most < _LEAST_SAID:
                amount = say("less than {percent}%", percent=_LEAST_SAID)
            of_worst = say("{share} of the worst channel", share=amount)
            yield say(sentence, share=amount if len(qualities) == 1 else of_worst)


def not_used(examined: ExaminedRecording) -> tuple[str, ...]:
    """Return which channels were not measured, and why."""
    return tuple(
        say("{channel} was not used: {reason}", channel=clean(one.channel), reason=clean(one.reason))
        for one in examined.result.quality
        if not one.usable
    )


def together(said: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """Give each sentence once, with the places that it holds for where it does not hold for all.

    Examples
    --------
    >>> list(together([("left", ("Fast.", "Long.")), ("right", ("Fast.", "Short."))]))
    ['Fast.', 'Long. (left)', 'Short. (right)']
    """
    places: dict[str, list[str]] = {}
    for place, sentences in said:
        for sentence in sentences:
            places.setdefault(sentence, []).append(place)
    for sentence, names in places.items():
        everywhere = len(names) == len(said)
        yield sentence if everywhere else say("{sentence} ({places})", sentence=sentence, places=", ".join(names))
