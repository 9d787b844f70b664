"""Turns fitted twitches into measurements with intervals and doubts, by unit and over units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm, t

from twitchwise.measure.mechanics.fit import Fit, Quantities
from twitchwise.measure.mechanics.results import UnitTwitch
from twitchwise.measure.mechanics.settings import MechanicsSettings
from twitchwise.measure.mechanics.shapes import MOTION
from twitchwise.signals import Channel
from twitchwise.vocabulary import ChannelKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# Half of what a 95 % interval leaves out.
_TAIL = 0.025
_TIMES = ("twitch_latency", "twitch_contraction_time", "twitch_half_relaxation_time")
_PEAKS = {
    ChannelKind.ACCELERATION: "twitch_peak_acceleration",
    ChannelKind.ANGULAR_VELOCITY: "twitch_peak_angular_velocity",
    ChannelKind.DISPLACEMENT: "twitch_peak_displacement",
}
KINDS = (ChannelKind.FORCE, *_PEAKS)
"""The kinds of channel that twitches are measured on."""

_CANNOT = {
    ChannelKind.FORCE: say("Force is that at the sensor: it holds the lever arm and whatever else the limb leans on."),
    ChannelKind.DISPLACEMENT: say(
        "The skin follows the muscle below it, not the tendon: its times are those of the bulge, and no force is known."
    ),
    ChannelKind.ACCELERATION: say(
        "An accelerometer feels how the limb begins to move and then swings: it cannot give peak force, contraction "
        "time or half-relaxation time."
    ),
    ChannelKind.ANGULAR_VELOCITY: say(
        "A gyroscope feels how fast the limb turns and swings back: it cannot give peak force, contraction time or "
        "half-relaxation time."
    ),
}
_METHOD = say(
    "Event-triggered average of isolated twitches, a curve with free onset, rise and relaxation fitted by generalized "
    "least squares against the channel's own noise; interval by the infinitesimal jackknife over events."
)
_OVER_UNITS = say(
    "Median over the units whose twitch was seen, each fitted to its event-triggered average; interval by ranks."
)
_UNKNOWN_DELAY = say("The delay of the sensor and its filters is not known and is part of the latency.")
_UNSORTED = say("The events were not sorted into units; this is the average over whatever units they are.")
_NO_TWITCH = say("What follows the discharges does not have the shape of a twitch; something else may move the sensor.")
_UNKNOWN_UNIT = say("The file does not say the unit of this channel.")


def follows_force(channel: Channel) -> bool:
    """Tell whether a channel rises and falls with the force, so that it has a contraction and a relaxation."""
    return channel.kind not in MOTION


def statements(channel: Channel) -> tuple[str, ...]:
    """Return what a channel cannot tell of a twitch, one sentence each."""
    return (_CANNOT[channel.kind],)


def peak_id(channel: Channel) -> str:
    """Return what the peak of a twitch on a channel is called."""
    of_torque = channel.unit is Unit.NEWTON_METER
    return _PEAKS.get(channel.kind, "twitch_peak_torque" if of_torque else "twitch_peak_force")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a twitch was measured: the channel, its sensor's delay in seconds where that is known, and the settings."""

    channel: Channel
    delay_s: float | None
    settings: MechanicsSettings


# An interval this wide, in powers of e to either side, says nothing; wider ones are no numbers.
_WIDEST = 50.0


def unit_twitch(place: Place, unit: int, fit: Fit) -> UnitTwitch:
    """Return a unit's twitch from its fit: its measurements, or the upper bound of its peak."""
    seen = fit.twitch_to_noise >= place.settings.twitch_to_noise_least
    return UnitTwitch(
        unit=unit,
        channel=place.channel.name,
        n_events=fit.n_events,
        twitch_to_noise=fit.twitch_to_noise,
        seen=seen,
        measurements=tuple(_measured(place, unit, fit)) if seen else (_bound(place, fit),),
    )


def _measured(place: Place, unit: int, fit: Fit) -> Iterator[Measurement]:
    low, high = _intervals(fit, place)
    doubts = tuple(_doubts(place, unit, fit))
    n_times = len(_TIMES) if follows_force(place.channel) else 1
    if fit.twitch_to_noise >= place.settings.twitch_to_noise_for_times:
        for index in range(n_times):
            late_s = (place.delay_s or 0.0) if index == 0 else 0.0
            value, least, most = (float(one[index]) - late_s for one in (fit.quantities, low, high))
            yield Measurement(
                id=_TIMES[index],
                value=value,
                low=least,
                high=most,
                unit=Unit.SECOND,
                method=_METHOD,
                channel=place.channel.name,
                doubts=(*doubts, *_doubts_of_time(place, index, value)),
            )
    peak, ends = abs(fit.quantities.peak), sorted(abs(float(one[-1])) for one in (low, high))
    yield _peak(place, (peak, ends[0], ends[1]), _METHOD, doubts)


def _intervals(fit: Fit, place: Place) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the 95 % intervals: of latency around it, of times and peak by a factor."""
    n, settings, channel = fit.n_events, place.settings, place.channel
    between = np.sqrt(np.sum(fit.influence**2, axis=0) * n / max(n - 1, 1))
    error = np.maximum(between, fit.noise_error)
    value = np.array(fit.quantities)
    onset_error_s = settings.onset_error_s if follows_force(channel) else settings.onset_error_of_motion_s
    shares = np.array([settings.shape_error, settings.relaxation_error, settings.shape_error])
    beyond = np.append(onset_error_s, shares * np.abs(value[1:]))
    reach = float(t.ppf(1 - _TAIL, max(n - 1, 1)) if n > 1 else norm.ppf(1 - _TAIL))
    half = np.hypot(reach * error, float(norm.ppf(1 - _TAIL)) * beyond)
    factor = np.exp(np.minimum(half / np.maximum(np.abs(value), np.finfo(np.float64).tiny), _WIDEST))
    low, high = value / factor, value * factor
    low[0], high[0] = value[0] - half[0], value[0] + half[0]
    return low, high


def _bound(place: Place, fit: Fit) -> Measurement:
    """Return the peak of a twitch that was not seen: 0, with its upper bound."""
    error = fit.size_error / np.sqrt(fit.n_events)
    high = abs(fit.quantities.peak) + float(norm.ppf(1 - _TAIL)) * error
    doubt = say(
        "No twitch stands out of the noise in the average of {count}; the upper end bounds it.", count=fit.n_events
    )
    return _peak(place, (0.0, 0.0, float(high)), _METHOD, (doubt,))


def _peak(place: Place, ends: tuple[float, float, float], method: str, doubts: tuple[str, ...]) -> Measurement:
    value, low, high = ends
    unknown = place.channel.unit in (Unit.UNKNOWN, Unit.COUNT)
    return Measurement(
        id=peak_id(place.channel),
        value=value,
        low=low,
        high=high,
        unit=place.channel.unit,
        method=method,
        channel=place.channel.name,
        doubts=(*doubts, _UNKNOWN_UNIT) if unknown else doubts,
    )


def _doubts(place: Place, unit: int, fit: Fit) -> Iterator[str]:
    n = fit.n_events
    if n == 1:
        yield say(
            "Only one isolated twitch was found: the interval holds noise, not what differs from twitch to twitch."
        )
    elif n < place.settings.events_least:
        yield say("Only {count} isolated twitches were averaged.", count=n)
    if unit == 0:
        yield _UNSORTED
    if fit.explained_share < place.settings.explained_least:
        yield _NO_TWITCH


def _doubts_of_time(place: Place, index: int, value_s: float) -> Iterator[str]:
    settings, rate_hz = place.settings, place.channel.sampling_rate_hz
    if index == 0:
        if place.delay_s is None:
            yield _UNKNOWN_DELAY
        if rate_hz < settings.sampling_rate_for_latency_hz:
            yield say("{rate_hz:g} samples a second are too few for a latency.", rate_hz=rate_hz)
    elif not settings.time_shortest_s <= value_s <= settings.time_longest_s:
        yield say(
            "No human muscle is known to be so quick or so slow; the channel may show something else than a twitch."
        )


def over_units(place: Place, units: Sequence[UnitTwitch]) -> Iterator[Measurement]:
    """Give each quantity over the units whose twitch was seen, or the least upper bound where none was."""
    seen = [unit for unit in units if unit.seen]
    if not seen:
        bounds = [unit.measurements[0] for unit in units]
        yield from (min(bounds, key=lambda bound: bound.high),) if bounds else ()
        return
    for name in (*_TIMES, peak_id(place.channel)):
        found = [one for unit in seen for one in unit.measurements if one.id == name]
        if len(found) == 1:
            yield found[0]
        elif found:
            yield _median(found)


def _median(found: Sequence[Measurement]) -> Measurement:
    """Return the median over units with the interval of order statistics, taken over the ends of their intervals."""
    rank = max(int(binom.ppf(_TAIL, len(found), 0.5)) - 1, 0)
    lows, highs = sorted(one.low for one in found), sorted(one.high for one in found)
    value = float(np.median([one.value for one in found]))
    every = [set(one.doubts) for one in found]
    doubts = [doubt for doubt in found[0].doubts if all(doubt in one for one in every)]
    return Measurement(
        id=found[0].id,
        value=value,
        low=min(lows[rank], value),
        high=max(highs[-1 - rank], value),
        unit=found[0].unit,
        method=_OVER_UNITS,
        channel=found[0].channel,
        doubts=tuple(doubts),
    )


def given_times(place: Place, fit: Fit, own: FloatArray) -> FloatArray:
    """Return each event's quantities, not a number where the channel or the size of its twitch cannot give them.

    Parameters
    ----------
    place, fit
        Where, and the unit's twitch.
    own
        Each event's quantities in the order of `Quantities`, shape ``(n_events, 4)``.
    """
    kept = own.copy()
    large = np.abs(own[:, -1]) / fit.size_error >= place.settings.twitch_to_noise_for_times
    kept[~large, :-1] = np.nan
    if not follows_force(place.channel):
        kept[:, 1 : len(Quantities._fields) - 1] = np.nan
    kept[:, 0] -= place.delay_s or 0.0
    return kept
