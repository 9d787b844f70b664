"""A single channel from samples to sorted potentials."""

from dataclasses import replace

import numpy as np

from twitchwise.measure.emg.acceptance import accepted
from twitchwise.measure.emg.activity import inside
from twitchwise.measure.emg.band import band_for
from twitchwise.measure.emg.channel import ChannelReading, read_channel, without_activity
from twitchwise.measure.emg.frames import read_frames
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.held import held_spans
from twitchwise.measure.emg.late_parts import late_parts
from twitchwise.measure.emg.noise import Noise, follow_noise
from twitchwise.measure.emg.peaks import nearest, onto_greatest, onto_plain
from twitchwise.measure.emg.potentials import RINGING
from twitchwise.measure.emg.reading import FoundDischarges, Reading
from twitchwise.measure.emg.samples import ChannelReader
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.emg.single_units import ChannelTraces, Shapes, discharges_of, shapes_at
from twitchwise.measure.emg.units import Discharges, UnitFinder
from twitchwise.measure.emg.whiteness import greatest_density
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.signals import Intervals, Recording
from twitchwise.vocabulary import Electrode
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Shapes of potentials closer than this hold part of each other.
_APART_S = 0.025
# The engine makes up for noise that is up to 1.6 times as loud in one of its filters as in others. Of 170 spectra of
# noise those beyond twice as loud, four times the power, gave up to 900 false alarms in minutes, others one at most.
_DENSITY_MOST = 4.0
# What is less likely than not is no discharge when discharges are listed.
_LIKELY = 0.5


def read_single(
    recording: Recording, group: ElectrodeGroup, settings: EmgSettings, *, discharges: bool = False
) -> Reading:
    """Read one channel: its rest, its potentials at rest with their units, and all discharges if asked for.

    Parameters
    ----------
    recording, group
        Where to read, and the channel.
    settings
        Thresholds.
    discharges
        Whether to look for discharges in activity too.
    """
    channel = group.channels[0]
    found = read_channel(recording, channel, settings)
    found, sorted_ = _at_rest(found, settings)
    kept = sorted_.where(accepted(sorted_, found.plain_s, found.regular, found.rest_s, settings))
    potentials = _whole(_without_ringing(_as_potentials(found, kept, settings)), settings)
    return Reading(
        group=group,
        band_hz=(found.band.low_hz, found.band.high_hz),
        threshold=found.threshold_multiple,
        quality=(found.quality,),
        activity=found.activity,
        potentials=potentials,
        channel=np.zeros(len(potentials), dtype=np.int64),
        noise_at_rest=found.noise_at_rest,
        regular=len(found.regular),
        spikes=found.spikes,
        discharges=_all_discharges(found, settings) if discharges else None,
    )


def _at_rest(found: ChannelReading, settings: EmgSettings) -> tuple[ChannelReading, Discharges]:
    """Return what was found without the times in which a unit is held, and the discharges in what is left of rest.

    The margins of rest are looked at, too: a run that ends in activity is longer than what of it lies at rest.
    """
    rest = found.activity.rest
    if not rest.spans:
        return found, Discharges.join([])
    margin = settings.activity_margin_s
    settled_s = 1 / found.band.low_hz  # so long the filter has to guess what was before the beginning
    first_s, last_s = settled_s, found.channel.duration_s - settled_s
    wide = Intervals.union((max(first_s, start - margin), min(last_s, stop + margin)) for start, stop in rest.spans)
    seen = _seen(ChannelTraces(reader=found.reader, noise=found.noise, looked_at=wide), found.plain_s)
    held = held_spans(seen.where(seen.probability >= _LIKELY), wide.duration_s, settings)
    found = without_activity(found, held, settings)
    return found, seen.where(inside(seen.time_s, found.activity.rest))


def _seen(traces: ChannelTraces, plain_s: FloatArray) -> Discharges:
    """Return the discharges that the engine sees; of noise that it cannot make white, those above the threshold."""
    finder = UnitFinder.learn(traces)
    seen = finder.match(traces)
    if greatest_density(finder.scene.color, traces) <= _DENSITY_MOST:
        return seen
    return seen.where(nearest(seen.time_s, plain_s))


def _as_potentials(found: ChannelReading, kept: Discharges, settings: EmgSettings) -> SortedPotentials:
    kept, shapes = _at_peaks(found, kept, kept.time_s, settings)
    moved_s = onto_greatest(shapes, found.channel.sampling_rate_hz)
    moved_s = onto_plain(moved_s, np.abs(shapes.peak) / shapes.noise, found.potentials.peak_s)
    if (moved_s != shapes.peak_s).any():
        kept, shapes = _at_peaks(found, kept, moved_s, settings)
    return SortedPotentials(
        channel=found.channel.name,
        sampling_rate_hz=found.channel.sampling_rate_hz,
        rest=found.activity.rest,
        amplitude_unit=found.channel.unit,
        electrode=found.channel.electrode,
        band_hz=(found.band.low_hz, found.band.high_hz),
        start_s=shapes.start_s,
        peak_s=shapes.peak_s,
        end_s=shapes.end_s,
        peak=shapes.peak,
        peak_to_peak=shapes.peak_to_peak,
        unit=kept.unit,
        probability=kept.probability,
        noise_rms=shapes.noise,
        shape=shapes.shape,
        usable=~kept.overlapped & _apart(shapes),
    )


def _at_peaks(
    found: ChannelReading, kept: Discharges, near_s: FloatArray, settings: EmgSettings
) -> tuple[Discharges, Shapes]:
    """Return discharges timed by the peaks next to given times, and the signal around these, in order."""
    order = np.argsort(near_s, kind="stable")
    shapes = shapes_at(found.reader, found.noise, near_s[order], settings.joining_gap_s)
    by_peak = np.argsort(shapes.peak_s, kind="stable")
    shapes = _reordered(shapes, by_peak)
    given = {name: getattr(kept, name)[order[by_peak]] for name in Discharges.__dataclass_fields__}
    return Discharges(**{**given, "time_s": shapes.peak_s}), shapes


def _without_ringing(found: SortedPotentials) -> SortedPotentials:
    """Leave out what is so small and so close to a greater potential that it is its ringing in the filter."""
    ringing = np.zeros(len(found), dtype=np.bool_)
    size = np.abs(found.peak)
    for share, reach_s in RINGING:
        first = np.searchsorted(found.peak_s, found.peak_s - reach_s)
        stop = np.searchsorted(found.peak_s, found.peak_s + reach_s, side="right")
        greatest = np.array([size[begin:end].max() for begin, end in zip(first, stop, strict=True)])
        ringing |= size < share * greatest if greatest.size else ringing
    return found.where(~ringing)


def _whole(found: SortedPotentials, settings: EmgSettings) -> SortedPotentials:
    """Leave out what is a part of a greater potential."""
    return found.where(~late_parts(found.peak_s, np.abs(found.peak), found.unit, found.rest_s, settings))


def _reordered(shapes: Shapes, order: IntArray) -> Shapes:
    return Shapes(**{name: getattr(shapes, name)[order] for name in Shapes.__dataclass_fields__})


def _apart(shapes: Shapes) -> BoolArray:
    gap = np.concatenate([[np.inf], np.diff(shapes.peak_s), [np.inf]])
    return np.asarray((gap[:-1] > _APART_S) & (gap[1:] > _APART_S), dtype=np.bool_)


def _all_discharges(found: ChannelReading, settings: EmgSettings) -> FoundDischarges:
    """Return the discharges of the whole channel, in a band as wide as a needle's if it is one."""
    reader, noise = _widened(found, settings)
    everything = Intervals(((0.0, found.channel.duration_s),))
    seen = discharges_of(ChannelTraces(reader=reader, noise=noise, looked_at=everything))
    seen = seen.where(seen.probability >= _LIKELY)
    shapes = shapes_at(reader, noise, seen.time_s, settings.joining_gap_s)
    return FoundDischarges(
        time_s=seen.time_s,
        unit=seen.unit,
        probability=seen.probability,
        channel=np.zeros(len(seen), dtype=np.int64),
        peak=shapes.peak,
    )


def _widened(found: ChannelReading, settings: EmgSettings) -> tuple[ChannelReader, Noise]:
    """Return a needle's channel through its own band: overlapping potentials are told apart by their spikes."""
    rate_hz = found.channel.sampling_rate_hz
    may_be_needle = found.channel.electrode is not Electrode.SURFACE
    wide = band_for(rate_hz, replace(settings, band_high_hz=settings.needle_band_high_hz))
    as_found = not may_be_needle or wide.high_hz <= 2 * found.band.high_hz
    if as_found and np.isfinite(found.noise.rms).any():
        return found.reader, found.noise
    reader = found.reader if as_found else replace(found.reader, band=wide)
    frames, _ = read_frames(reader, None)
    multiple = reader.band.threshold_multiple(settings.false_alarm_rate_per_min)
    noise = follow_noise(frames, multiple, settings.activity_loudness)
    if np.isfinite(noise.rms).any() or not frames.usable.any():
        return reader, noise
    # no frame is quiet: the engine learns the noise itself from the moments between discharges and needs only a scale
    return reader, replace(noise, rms=np.full(noise.rms.size, np.median(frames.rms[frames.usable])))
