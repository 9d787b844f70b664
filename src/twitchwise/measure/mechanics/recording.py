"""Measures the twitches that follow the discharges of an EMG, on every channel of force or motion beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.mechanics.beats import heartbeat_times_s, without_beats
from twitchwise.measure.mechanics.calm import calm
from twitchwise.measure.mechanics.findings import KINDS, Place, given_times, over_units, statements, unit_twitch
from twitchwise.measure.mechanics.fit import Fit, fit_twitch
from twitchwise.measure.mechanics.isolation import aligned_times_s, isolated, quiet_samples
from twitchwise.measure.mechanics.noise import Noise, measure_noise
from twitchwise.measure.mechanics.results import ChannelTwitches, TwitchMechanics, TwitchValues
from twitchwise.measure.mechanics.settings import MechanicsSettings, mechanics_settings
from twitchwise.measure.mechanics.shapes import Shapes
from twitchwise.measure.mechanics.windows import Trace, Windows, cut, read_trace
from twitchwise.measure.spreading import Spread, one_by_one
from twitchwise.signals import Channel, EventTrain, Intervals, Recording
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import BoolArray, FloatArray
from twitchwise.vocabulary.checks import require_not_negative
from twitchwise.vocabulary.text import say

# However slow a twitch seems, no longer than this is kept free around it: discharges are rarely farther apart.
_LONGEST_S = 1.5


def measure_twitches(
    recording: Recording,
    events: EventTrain,
    rest: Intervals,
    *,
    sensor_delay_s: Mapping[str, float] | None = None,
    settings: MechanicsSettings | None = None,
    spread: Spread = one_by_one,
) -> TwitchMechanics:
    """Measure the twitch that each motor unit gives after its discharges.

    Parameters
    ----------
    recording
        Has channels of force, acceleration, angular velocity or displacement on the clock of its EMG.
    events
        Fasciculation potentials of one muscle, with their units where they were sorted.
    rest
        When the muscle rested; what lies outside is not used.
    sensor_delay_s
        How late a channel shows what happened, in seconds by channel name, where that is known; else every latency is
        doubted.
    settings
        Numbers to measure by; those of the knowledge files unless given.
    spread
        Has each channel measured.

    Returns
    -------
    TwitchMechanics
        One entry a channel of force or motion; empty, with a warning, where there is none or no event.

    Raises
    ------
    OutOfRangeError
        If a delay is given for a channel that is not there, or is below 0.

    Examples
    --------
    >>> import numpy as np
    >>> from twitchwise.signals import ArraySource
    >>> from twitchwise.vocabulary import ChannelKind, Unit
    >>> time_s = np.arange(0.0, 60.0, 1e-3)
    >>> discharges_s = np.arange(2.0, 58.0, 2.0)
    >>> since = np.maximum(time_s - discharges_s[np.searchsorted(discharges_s, time_s, side="right") - 1] - 0.01, 0)
    >>> noise = np.random.default_rng(1).normal(scale=5e-4, size=time_s.size)
    >>> force = 0.02 * (since / 0.06 * np.exp(1 - since / 0.06)) ** 2 + noise
    >>> finger = Channel(name="finger", kind=ChannelKind.FORCE, unit=Unit.NEWTON, sampling_rate_hz=1e3,
    ...     n_samples=60_000)
    >>> recording = Recording(name="x", format="array", channels=(finger,), source=ArraySource([force]))
    >>> train = EventTrain(kind=EventKind.FASCICULATION_POTENTIAL, channel="calf", start_s=discharges_s,
    ...     peak_s=discharges_s + 2e-3, end_s=discharges_s + 8e-3, peak=np.ones(28), unit=np.ones(28, dtype=np.int64))
    >>> twitches = measure_twitches(recording, train, Intervals(((0.0, 60.0),)))
    >>> [(m.id, round(m.value, 3)) for m in twitches.measurements if m.id == "twitch_peak_force"]
    [('twitch_peak_force', 0.02)]
    """
    settings, delays = settings or mechanics_settings(), dict(sensor_delay_s or {})
    for name, delay_s in delays.items():
        require_not_negative(f"sensor delay of channel {recording.channel(name).name!r} in seconds", delay_s)
    channels = [channel for channel in recording.channels if channel.kind in KINDS]
    if not channels or not len(events):
        return TwitchMechanics(channels=(), warnings=(_missing(channels),))
    beats_s = heartbeat_times_s(recording)
    benches = [
        _Bench(recording, events, rest, beats_s, Place(channel=one, delay_s=delays.get(one.name), settings=settings))
        for one in channels
    ]
    return TwitchMechanics(
        channels=tuple(spread(_measured, benches)), warnings=tuple(_warnings(events, beats_s, settings))
    )


def _missing(channels: Sequence[Channel]) -> str:
    if channels:
        return say("Twitch mechanics need both; there is no discharge.")
    return say("Twitch mechanics need both; there is no channel of force or motion.")


def _warnings(events: EventTrain, beats_s: FloatArray, settings: MechanicsSettings) -> Iterator[str]:
    yield say("Latencies take the clocks of EMG and sensors for one, and count from the potential at the electrode.")
    if beats_s.size < settings.beats_least:
        yield say("No ECG with enough beats was beside it; the pulse is part of the noise.")
    if not (events.unit > 0).any():
        yield say("The events were not sorted into units; twitches of different units are averaged together.")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Prepared:
    """A channel ready to be fitted: its trace, its noise, which events stand alone and what followed them."""

    trace: Trace
    noise: Noise
    alone: BoolArray
    windows: Windows


class _Bench:
    """One channel and all events."""

    def __init__(
        self, recording: Recording, events: EventTrain, rest: Intervals, beats_s: FloatArray, place: Place
    ) -> None:
        self.recording, self.events, self.rest, self.beats_s, self.place = recording, events, rest, beats_s, place
        self.times_s = aligned_times_s(events)

    def measured(self) -> ChannelTwitches:
        """Return the twitches on the channel, or why there are none."""
        channel, settings = self.place.channel, self.place.settings
        if channel.sampling_rate_hz < settings.sampling_rate_least_hz:
            return _unusable(
                channel,
                say("{rate_hz:g} samples a second are too few for a twitch.", rate_hz=channel.sampling_rate_hz),
            )
        trace = read_trace(self.recording, channel)
        prepared = self._prepared(trace, settings.isolation_s)
        if isinstance(prepared, str):
            return _unusable(channel, prepared)
        fits = self._fits(prepared)
        over_s = _over_s(fits, settings)
        longer = self._prepared(trace, over_s) if over_s > settings.isolation_s else prepared
        if longer is not prepared and not isinstance(longer, str):
            prepared, fits = longer, self._fits(longer)
        return self._told(prepared, fits)

    def _prepared(self, trace: Trace, isolation_s: float) -> "_Prepared | str":
        settings = self.place.settings
        quiet = quiet_samples(trace, self.times_s, self.rest, isolation_s)
        cleaned = replace(trace, samples=without_beats(trace, self.beats_s, quiet, settings.beats_least))
        alone = isolated(self.times_s, self.rest, isolation_s)
        windows = cut(cleaned, self.times_s[alone], isolation_s)
        windows = replace(windows, event=np.flatnonzero(alone)[windows.event])
        if not len(windows):
            return say("No discharge stands alone at rest, so twitches cannot be told apart.")
        noise = measure_noise(cleaned.samples, quiet, windows.time_s.size, trace.sampling_rate_hz)
        if noise is None:
            return say("There is too little rest without twitches on this channel, or it shows nothing at all.")
        return _Prepared(trace=cleaned, noise=noise, alone=alone, windows=windows)

    def _fits(self, prepared: _Prepared) -> "dict[int, tuple[Fit, Windows]]":
        """Return the fit of each unit with the windows it used, those of disturbed events left out."""
        settings, fits = self.place.settings, {}
        shapes = Shapes(kind=self.place.channel.kind, settings=settings)
        unit = self.events.unit[prepared.windows.event]
        for one in np.unique(unit):
            windows = prepared.windows.taken(unit == one)
            windows = windows.taken(calm(windows, prepared.noise, settings.misfit_limit))
            fits[int(one)] = (fit_twitch(windows, prepared.noise, shapes), windows)
        return fits

    def _told(self, prepared: _Prepared, fits: "dict[int, tuple[Fit, Windows]]") -> ChannelTwitches:
        place = self.place
        units = tuple(unit_twitch(place, unit, fit) for unit, (fit, _) in fits.items())
        values = self._values(prepared, fits)
        said = (*statements(place.channel), *_of_the_noise(prepared.noise, place.settings))
        return ChannelTwitches(
            channel=place.channel.name,
            kind=place.channel.kind,
            usable=True,
            noise_rms=prepared.noise.rms,
            units=units,
            values=values,
            twitches=self._train(values, fits),
            measurements=tuple(over_units(place, units)),
            statements=said,
        )

    def _values(self, prepared: _Prepared, fits: "dict[int, tuple[Fit, Windows]]") -> TwitchValues:
        own = np.full((len(self.events), 4), np.nan)
        ratio = np.full(len(self.events), np.nan)
        for fit, windows in fits.values():
            own[windows.event] = given_times(self.place, fit, fit.own)
            own[windows.event, 0] += windows.late_s
            ratio[windows.event] = np.abs(fit.own[:, -1]) / fit.size_error
        disturbed = np.zeros(len(self.events), dtype=np.bool_)
        disturbed[prepared.windows.event] = np.isnan(ratio[prepared.windows.event])
        latency_s, contraction_time_s, half_relaxation_time_s, peak = own.T
        return TwitchValues(
            time_s=self.times_s,
            unit=self.events.unit,
            isolated=prepared.alone,
            disturbed=disturbed,
            twitch_to_noise=ratio,
            latency_s=latency_s,
            contraction_time_s=contraction_time_s,
            half_relaxation_time_s=half_relaxation_time_s,
            peak=peak,
        )

    def _train(self, values: TwitchValues, fits: "dict[int, tuple[Fit, Windows]]") -> EventTrain:
        """Return the twitches that stand out one by one; times that they do not give themselves are their unit's."""
        seen = np.flatnonzero(values.twitch_to_noise >= self.place.settings.twitch_to_noise_least)
        unit = self.events.unit[seen]
        times_s = np.zeros((seen.size, 3))
        for row, one in enumerate(unit):
            times_s[row] = np.cumsum(fits[int(one)][0].quantities[:3])
        start_s, peak_s, end_s = self.times_s[seen] + times_s.T - (self.place.delay_s or 0.0)
        order = np.argsort(start_s, kind="stable")
        return EventTrain(
            kind=EventKind.TWITCH,
            channel=self.place.channel.name,
            start_s=start_s[order],
            peak_s=peak_s[order],
            end_s=end_s[order],
            peak=values.peak[seen][order],
            unit=unit[order],
            probability=self.events.probability[seen][order],
        )


def _unusable(channel: Channel, reason: str) -> ChannelTwitches:
    return ChannelTwitches(channel=channel.name, kind=channel.kind, usable=False, reason=reason)


def _measured(bench: _Bench) -> ChannelTwitches:
    return bench.measured()


def _of_the_noise(noise: Noise, settings: MechanicsSettings) -> Iterator[str]:
    if noise.duration_s < settings.noise_rest_least_s:
        yield say(
            "Only {duration_s:.1f} s of rest without twitches show the noise, so intervals are doubtful.",
            duration_s=noise.duration_s,
        )


def _over_s(fits: "dict[int, tuple[Fit, Windows]]", settings: MechanicsSettings) -> float:
    """Return when the slowest twitch that was seen is over, in seconds after its discharge."""
    over_s = (fit.over_s for fit, _ in fits.values() if fit.twitch_to_noise >= settings.twitch_to_noise_for_times)
    return min(max(over_s, default=0.0), _LONGEST_S)
