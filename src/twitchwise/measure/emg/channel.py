"""One EMG channel from samples to measurements: hum, noise, potentials, rest, and what they add up to."""

from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.emg.activity import Activity, continual_activity, find_rest, inside
from twitchwise.measure.emg.band import Band, band_for
from twitchwise.measure.emg.frames import Frames, Tally, frame_samples, read_frames
from twitchwise.measure.emg.heartbeat import heartbeats
from twitchwise.measure.emg.look_alikes import without_repeats
from twitchwise.measure.emg.mains import Mains, find_mains
from twitchwise.measure.emg.movement import moved_spans
from twitchwise.measure.emg.noise import Noise, follow_noise
from twitchwise.measure.emg.noise_freedom import measured_freedom
from twitchwise.measure.emg.potentials import Potentials, find_potentials
from twitchwise.measure.emg.quality import statements
from twitchwise.measure.emg.samples import STRETCH_SAMPLES, ChannelReader
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.results import ChannelQuality
from twitchwise.signals import Channel, Intervals, Recording
from twitchwise.vocabulary.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelReading:
    """All that was found on one usable channel.

    Parameters
    ----------
    channel
        The channel.
    band, threshold_multiple
        The band, and the multiple of the noise that a potential exceeds.
    quality
        Its quality.
    activity
        Rest, activity and what cannot be used.
    plain_s
        When each potential at rest peaked that exceeds the threshold, repeats and all, in seconds, in order.
    potentials
        Potentials at rest, repeats joined, regular ones left out.
    regular
        Regular look-alikes at rest, taken for a heartbeat.
    noise_at_rest
        Noise of each second that lies at rest, in the channel's unit.
    spikes
        One-sample spikes that were taken out.
    reader, noise
        How the channel is read, and its noise.
    """

    channel: Channel
    band: Band
    threshold_multiple: float
    quality: ChannelQuality
    activity: Activity
    plain_s: FloatArray
    potentials: Potentials
    regular: Potentials
    noise_at_rest: tuple[float, ...]
    spikes: int
    reader: ChannelReader
    noise: Noise

    @property
    def rest_s(self) -> float:
        """Seconds at rest."""
        return self.activity.rest.duration_s


def read_channel(
    recording: Recording, channel: Channel, settings: EmgSettings, *, stretch_samples: int = STRETCH_SAMPLES
) -> ChannelReading:
    """Analyze one channel that can be analyzed (see `why_unusable`).

    Parameters
    ----------
    recording, channel
        Where to read, and what.
    settings
        Thresholds.
    stretch_samples
        Samples held at a time; the result does not depend on it.
    """
    reader, mains = _reader(recording, channel, settings, stretch_samples)
    frames, tally = read_frames(reader, _converter_limits(channel))
    multiple = reader.band.threshold_multiple(settings.false_alarm_rate_per_min)
    frames, noise = _noise(reader, frames, multiple, settings)
    hints, long = find_potentials(reader, noise, reader.band.threshold_multiple(settings.hint_rate_per_min), settings)
    counted = hints.where(hints.height >= multiple)
    long = Intervals.union([*long.spans, *moved_spans(frames, hints, settings).spans])
    activity = find_rest(frames, noise, counted, continual_activity(hints, long, settings), settings, channel.unit)
    counted = counted.where(inside(counted.peak_s, activity.rest))
    at_rest = without_repeats(counted, settings)  # a heartbeat's phases are one
    regular = heartbeats(at_rest, settings)
    noise_at_rest = _noise_at_rest(frames, noise, activity.rest)
    quality = _quality(channel, tally, mains, _drift(frames), noise_at_rest)
    words = statements(quality, activity.rest.duration_s, settings)
    return ChannelReading(
        channel=channel,
        band=reader.band,
        threshold_multiple=multiple,
        quality=replace(quality, statements=words),
        activity=activity,
        plain_s=counted.peak_s,
        potentials=at_rest.where(~regular),
        regular=at_rest.where(regular),
        noise_at_rest=noise_at_rest,
        spikes=tally.spikes,
        reader=reader,
        noise=noise,
    )


def without_activity(found: ChannelReading, more: Intervals, settings: EmgSettings) -> ChannelReading:
    """Return what was found with more activity than was known, and the margins around it."""
    if not more.spans:
        return found
    known, margin = found.activity, settings.activity_margin_s
    added = [(max(0.0, start - margin), min(found.channel.duration_s, stop + margin)) for start, stop in more.spans]
    active = Intervals.union([*known.active.spans, *added])
    free = Intervals.union([*active.spans, *known.unusable.spans]).complement(0.0, found.channel.duration_s)
    cut = (overlap for span in free.spans for overlap in _overlaps(span, known.rest))
    rest = Intervals(tuple(span for span in cut if span[1] - span[0] >= settings.rest_stretch_least_s))
    at_rest = found.potentials.where(inside(found.potentials.peak_s, rest))
    return replace(
        found,
        activity=replace(known, rest=rest, active=active),
        plain_s=found.plain_s[inside(found.plain_s, rest)],
        potentials=at_rest,
        regular=found.regular.where(inside(found.regular.peak_s, rest)),
    )


def _noise(reader: ChannelReader, frames: Frames, multiple: float, settings: EmgSettings) -> tuple[Frames, Noise]:
    """Return the noise, followed anew once its spectrum told how much its frames vary, and the frames that know it."""
    noise = follow_noise(frames, multiple, settings.activity_loudness)
    freedom = measured_freedom(reader, frames, noise)
    if freedom is None:
        return frames, noise
    frames = replace(frames, freedom=freedom)
    return frames, follow_noise(frames, multiple, settings.activity_loudness)


def _overlaps(span: tuple[float, float], of: Intervals) -> list[tuple[float, float]]:
    cut = [(max(span[0], start), min(span[1], stop)) for start, stop in of.spans]
    return [(start, stop) for start, stop in cut if start < stop]


def _reader(
    recording: Recording, channel: Channel, settings: EmgSettings, stretch_samples: int
) -> tuple[ChannelReader, Mains]:
    band = band_for(channel.sampling_rate_hz, settings)
    reader = ChannelReader(
        recording=recording,
        channel=channel.name,
        band=band,
        mains_hz=None,
        step=frame_samples(channel.sampling_rate_hz),
        stretch_samples=stretch_samples,
    )
    mains = find_mains(reader.raw, channel.n_samples, channel.sampling_rate_hz, (band.low_hz, band.high_hz))
    return replace(reader, mains_hz=mains.frequency_hz), mains


def _converter_limits(channel: Channel) -> tuple[float, float] | None:
    if channel.physical_range is None:
        return None
    low, high = channel.physical_range
    # half a step inside the range; without a known step, a millionth of it covers rounding
    slack = channel.resolution / 2 if channel.resolution else (high - low) * 1e-6
    return low + slack, high - slack


def _noise_at_rest(frames: Frames, noise: Noise, rest: Intervals) -> tuple[float, ...]:
    second_s = noise.frames_per_second * frames.duration_s
    middles = np.asarray((np.arange(noise.rms.size) + 0.5) * second_s, dtype=np.float64)
    return tuple(float(value) for value in noise.rms[inside(middles, rest) & np.isfinite(noise.rms)])


def _drift(frames: Frames) -> float | None:
    levels = frames.level[frames.usable]
    seconds = levels[: levels.size // frames.per_second * frames.per_second].reshape(-1, frames.per_second)
    return float(np.ptp(seconds.mean(axis=1))) if seconds.size else None


def _quality(
    channel: Channel, tally: Tally, mains: Mains, drift: float | None, noise_at_rest: tuple[float, ...]
) -> ChannelQuality:
    return ChannelQuality(
        channel=channel.name,
        sampling_rate_hz=channel.sampling_rate_hz,
        duration_s=channel.duration_s,
        usable=True,
        unit=channel.unit,
        noise_rms=float(np.sqrt(np.mean(np.square(noise_at_rest)))) if noise_at_rest else None,
        drift=drift,
        clipped_share=tally.clipped / tally.samples,
        flat_share=tally.flat / tally.samples,
        missing_share=tally.missing / tally.samples,
        mains_share=mains.share,
        mains_hz=mains.frequency_hz,
    )
