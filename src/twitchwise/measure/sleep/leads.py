"""What EMG of sleep shows lead by lead: movements, bursts, and when nothing could be seen."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.results import ChannelQuality
from twitchwise.measure.sleep.amplitude import Amplitude, Reader, amplitude_of
from twitchwise.measure.sleep.bursts import Bursts, bursts_in
from twitchwise.measure.sleep.heart import beats_among, without_heart
from twitchwise.measure.sleep.leg_movements import Limits, limits_of_emg, movements_in, runs_of, share_loud
from twitchwise.measure.sleep.montage import Lead
from twitchwise.measure.sleep.movements import LEFT, Movements
from twitchwise.measure.sleep.settings import LegRules, emg_reading, leg_rules
from twitchwise.signals import Channel, Intervals, Recording
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# Fast movements follow each other with pauses of at least so much.
_FAST_PAUSE_S = 0.08


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadLead:
    """What one lead shows.

    Parameters
    ----------
    lead
        The lead.
    movements
        Leg movements or movements of another muscle, of any length.
    peak_s
        When each was greatest, in seconds, shape ``(n,)``.
    fast
        The same EMG with short pauses told apart, for rows of fast movements.
    bursts
        Short bursts outside the movements.
    seen
        When it was recorded.
    quality
        Its quality.
    doubts
        What its movements carry.
    """

    lead: Lead
    movements: Movements
    peak_s: FloatArray
    fast: Movements
    bursts: Bursts
    seen: Intervals
    quality: ChannelQuality
    doubts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of its channel."""
        return self.lead.channel.name


def why_unusable(recording: Recording, channel: Channel) -> str:
    """Return why a channel cannot be scored, as a sentence, or nothing."""
    least_hz = emg_reading().rate_least_hz
    if channel.sampling_rate_hz < least_hz:
        return say(
            "sampling rate of {channel!r} must be at least {least_hz:g} Hz for leg movements and jerks, got "
            "{sampling_rate_hz:g} Hz.",
            channel=channel.name,
            least_hz=least_hz,
            sampling_rate_hz=channel.sampling_rate_hz,
        )
    if channel.unit is not Unit.VOLT:
        return say(
            "unit of {channel!r} must be volts, because the rules for leg movements are in microvolts, got {unit!r}.",
            channel=channel.name,
            unit=channel.unit.value,
        )
    looks = [recording.read(channel.name, at, at + 1.0) for at in np.linspace(0, max(channel.duration_s - 1, 0), 50)]
    seen = np.concatenate(looks)
    seen = seen[np.isfinite(seen)]
    if not seen.size or float(np.ptp(seen)) == 0:
        return say("{channel!r} must hold a signal, got none or a flat line.", channel=channel.name)
    return ""


def read_lead(recording: Recording, lead: Lead, beats_s: FloatArray) -> ReadLead:
    """Read one lead that is usable; ``beats_s`` are the times of heart beats, none where there is no ECG."""
    reading, rules, channel = emg_reading(), leg_rules(), lead.channel
    rate_hz = channel.sampling_rate_hz
    reader = Reader(
        read=lambda first, stop: recording.read(channel.name, first / rate_hz, stop / rate_hz),
        n_samples=channel.n_samples,
        rate_hz=rate_hz,
        band_low_hz=reading.band_low_hz,
        window_s=reading.amplitude_window_s,
    )
    limits = limits_of_emg(rules, reading.amplitude_window_s)
    amplitude = _without_heart(reader, limits, beats_s)
    leg = lead.leg or LEFT
    movements = movements_in(amplitude, limits, leg)
    lasting = movements.where(movements.duration_s >= rules.movement_shortest_s)
    return ReadLead(
        lead=lead,
        movements=movements,
        peak_s=_peaks(amplitude, movements),
        fast=movements_in(amplitude, _for_fast(limits), leg),
        bursts=bursts_in(amplitude, limits).outside(lasting),
        seen=_seen(amplitude),
        quality=_quality(channel, amplitude, rules),
        doubts=_doubts(amplitude, rules),
    )


def _without_heart(reader: Reader, limits: Limits, beats_s: FloatArray) -> Amplitude:
    """Return the amplitude without the heart, whose beats come from an ECG or else from the lead itself."""
    amplitude = amplitude_of(reader, change=without_heart(beats_s, reader.rate_hz))
    if beats_s.size:
        return amplitude
    change = without_heart(beats_among(bursts_in(amplitude, limits)), reader.rate_hz, is_rough=True)
    return amplitude if change is None else amplitude_of(reader, change=change)


def _for_fast(limits: Limits) -> Limits:
    return Limits(
        onset=limits.onset,
        offset=limits.offset,
        quiet_s=_FAST_PAUSE_S,
        window_s=_FAST_PAUSE_S,
        median=limits.median,
        smear_s=limits.smear_s,
    )


def _peaks(amplitude: Amplitude, movements: Movements) -> FloatArray:
    edges = np.stack([movements.start_s, movements.stop_s], axis=1) / amplitude.step_s
    places = [int(low) + int(np.argmax(amplitude.peak[int(low) : int(high)])) for low, high in np.round(edges)]
    return np.asarray((np.array(places, dtype=np.float64) + 0.5) * amplitude.step_s, dtype=np.float64)


def _seen(amplitude: Amplitude) -> Intervals:
    starts, stops = runs_of(~amplitude.missing)
    step_s = amplitude.step_s
    return Intervals.union((float(a) * step_s, float(b) * step_s) for a, b in zip(starts, stops, strict=True))


def _quality(channel: Channel, amplitude: Amplitude, rules: LegRules) -> ChannelQuality:
    resting_v = float(np.median(amplitude.resting))
    says: list[str] = [
        say(
            "Resting EMG of {channel!r}: {peak_to_peak_uv:.1f} uV from peak to peak (median).",
            channel=channel.name,
            peak_to_peak_uv=2e6 * resting_v,
        )
    ]
    if share_loud(amplitude, rules.resting_limit_v / 2) > 0:
        says.append(_loud(amplitude, rules))
    return ChannelQuality(
        channel=channel.name,
        sampling_rate_hz=channel.sampling_rate_hz,
        duration_s=channel.duration_s,
        usable=True,
        unit=channel.unit,
        noise_rms=resting_v / 2**0.5,
        missing_share=float(np.mean(amplitude.missing)),
        mains_hz=amplitude.mains_hz,
        statements=tuple(says),
    )


def _loud(amplitude: Amplitude, rules: LegRules) -> str:
    return say(
        "The resting EMG exceeds {limit_uv:g} uV from peak to peak in {percent:.0f} % of the time.",
        limit_uv=1e6 * rules.resting_limit_v,
        percent=_percent_loud(amplitude, rules),
    )


def _percent_loud(amplitude: Amplitude, rules: LegRules) -> float:
    return 100 * share_loud(amplitude, rules.resting_limit_v / 2)


def _doubts(amplitude: Amplitude, rules: LegRules) -> tuple[str, ...]:
    """Return a doubt where, for half of the time, the resting EMG is louder than the rules ask for."""
    percent = _percent_loud(amplitude, rules)
    if percent <= 50:  # noqa: PLR2004 - half of the time
        return ()
    return (
        say(
            "the resting EMG exceeds {limit_uv:g} uV from peak to peak in {percent:.0f} % of the time",
            limit_uv=1e6 * rules.resting_limit_v,
            percent=percent,
        ),
    )
