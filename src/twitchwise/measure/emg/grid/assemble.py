"""A grid's discharges as sorted potentials in the channels' unit, with the quality of every channel."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import norm

from twitchwise.measure.asked import Progress
from twitchwise.measure.emg.activity import Activity, inside
from twitchwise.measure.emg.decompose.progress import untold
from twitchwise.measure.emg.grid.candidates import Candidates
from twitchwise.measure.emg.grid.reading import GridScan, chances_hz, reader_of, scan
from twitchwise.measure.emg.grid.rest import GridRest, rest_of
from twitchwise.measure.emg.grid.settings import grid_settings
from twitchwise.measure.emg.grid.sorting import GridDischarges, sort_candidates
from twitchwise.measure.emg.groups import ElectrodeGroup
from twitchwise.measure.emg.heartbeat import regular_units
from twitchwise.measure.emg.quality import statements
from twitchwise.measure.emg.reading import Reading
from twitchwise.measure.emg.settings import EmgSettings
from twitchwise.measure.emg.units.evidence import local_fdr
from twitchwise.measure.results import ChannelQuality
from twitchwise.measure.sorted_potentials import SortedPotentials
from twitchwise.measure.spreading import Spread, one_by_one
from twitchwise.signals import Channel, Intervals, Recording
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# A probability is never told as nothing: shapes and rates divide by it.
_LEAST_PROBABILITY = 1e-3


def read_grid(
    recording: Recording,
    group: ElectrodeGroup,
    settings: EmgSettings,
    spread: Spread = one_by_one,
    progress: Progress = untold,
) -> Reading:
    """Read an array of electrodes: its rest, and its potentials at rest with their units.

    Parameters
    ----------
    recording, group
        Where to read, and which channels.
    settings
        Thresholds.
    spread
        Has its blocks looked at.
    progress
        Is told how much is done, from 0 to 1.
    """
    scanned = scan(reader_of(recording, group, settings), settings, spread, progress)
    rest = rest_of(scanned, settings)
    found = _sorted(scanned, rest)
    regular = regular_units(found.time_s, found.discharges.unit, settings)
    noise = _noise_by_channel(scanned, rest)
    kept = inside(found.time_s, rest.activity.rest) & ~regular & ~_voluntary(found, rest.activity)
    potentials, channel = _as_potentials(scanned, rest.activity.rest, found, kept, noise)
    return Reading(
        group=group,
        band_hz=(scanned.reader.band.low_hz, scanned.reader.band.high_hz),
        threshold=rest.least,
        quality=_qualities(scanned, rest, noise, settings),
        activity=rest.activity,
        potentials=potentials,
        channel=channel,
        noise_at_rest=_noise_by_second(scanned, rest),
        regular=int(regular.sum() + rest.regular.sum()),
        spikes=int(np.sum(scanned.checks.spikes)),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Found:
    """Discharges in order of time, with the candidate that each lies in and the probability of each."""

    candidates: Candidates
    discharges: GridDischarges
    time_s: FloatArray
    probability: FloatArray


def _voluntary(found: _Found, activity: Activity) -> BoolArray:
    """Mark the discharges beside activity of units that fire at its ends: they are its first or its last ones."""
    resting = inside(found.time_s, activity.rest)
    edges = np.array(activity.active.spans).reshape(-1)
    after = np.searchsorted(edges, found.time_s)
    bounds = np.concatenate([[-np.inf], edges, [np.inf]])
    distance = np.minimum(found.time_s - bounds[after], bounds[after + 1] - found.time_s)
    unit = found.discharges.unit
    fires = np.unique(unit[~resting & (unit > 0)])
    return np.asarray(
        resting & (distance <= grid_settings().contraction_reach_s) & np.isin(unit, fires), dtype=np.bool_
    )


def _sorted(scanned: GridScan, rest: GridRest) -> _Found:
    """Sort the candidates at rest; each discharge's time is where its unit peaks on its best channel."""
    taken = rest.at_rest | rest.beside | rest.weak
    candidates = scanned.candidates.where(taken)
    rate_hz = scanned.reader.band.working_rate_hz
    found = sort_candidates(candidates, ~rest.weak[taken], len(scanned.basis.patterns), rate_hz)
    time_s = found.time_s.copy()
    alone = ~found.overlapped
    for unit in np.unique(found.unit):
        mine = found.unit == unit
        late = candidates.peak_s[found.window[mine & alone]] - time_s[mine & alone]
        time_s[mine] += np.median(late) if late.size else 0.0
    time_s[alone] = candidates.peak_s[found.window[alone]]
    order = np.argsort(time_s, kind="stable")
    ordered = GridDischarges(**{name: getattr(found, name)[order] for name in GridDischarges.__dataclass_fields__})
    height = scanned.height[taken][ordered.window]
    of_unit = np.where(ordered.unit > 0, np.sqrt(ordered.gain), 0.0)  # a matched filter's, in deviations
    height = np.maximum(height, of_unit)
    chances = chances_hz(rate_hz) * max(rest.activity.rest.duration_s, 1.0)
    expected = np.asarray(norm.sf(height) * chances, dtype=np.float64)
    probability = np.clip(1 - local_fdr(expected), _LEAST_PROBABILITY, 1.0)
    return _Found(candidates=candidates, discharges=ordered, time_s=time_s[order], probability=probability)


def _as_potentials(
    scanned: GridScan, rest: Intervals, found: _Found, kept: BoolArray, noise: FloatArray
) -> tuple[SortedPotentials, IntArray]:
    reader, seen, discharges = scanned.reader, found.candidates, found.discharges
    source = _source(discharges)[kept]  # the candidate that tells what the potential looks like
    own = discharges.window[kept]
    peak_s = found.time_s[kept]
    before = np.maximum(seen.peak_s[source] - seen.start_s[source], 0.0)
    after = np.maximum(seen.end_s[source] - seen.peak_s[source], 0.0)
    first = reader.group.channels[0]
    channel = seen.channel[source]
    return (
        SortedPotentials(
            channel=reader.group.name,
            sampling_rate_hz=reader.band.working_rate_hz,
            rest=rest,
            amplitude_unit=first.unit,
            electrode=first.electrode,
            band_hz=(reader.band.low_hz, reader.band.high_hz),
            start_s=np.maximum(peak_s - before, 0.0),
            peak_s=peak_s,
            end_s=peak_s + after,
            peak=seen.peak[source],
            peak_to_peak=seen.peak_to_peak[source],
            unit=discharges.unit[kept],
            probability=found.probability[kept],
            noise_rms=np.maximum(noise[channel], 1e-30),
            shape=seen.shape[source],
            usable=~discharges.overlapped[kept] & (source == own),
            position=_positions(reader.group.channels)[channel],
            map=seen.map[source],
        ),
        channel,
    )


def _source(found: GridDischarges) -> IntArray:
    """Return for each discharge the candidate that shows its unit: its own, or another where that holds several."""
    source = found.window.copy()
    for unit in np.unique(found.unit[found.unit > 0]):
        mine = found.unit == unit
        alone = np.flatnonzero(mine & ~found.overlapped)
        if alone.size:
            typical = alone[np.argsort(found.gain[alone], kind="stable")[alone.size // 2]]
            source[mine & found.overlapped] = found.window[typical]
    return source


def _positions(channels: tuple[Channel, ...]) -> FloatArray:
    places = [(np.nan, np.nan) if one.position_m is None else one.position_m[:2] for one in channels]
    return np.array(places, dtype=np.float64)


def _seconds_at_rest(scanned: GridScan, rest: GridRest) -> BoolArray:
    second_s = scanned.frames.per_second * scanned.frames.duration_s
    middles = (np.arange(len(scanned.plain_power)) + 0.5) * second_s
    edges = np.array(rest.activity.rest.spans).reshape(-1)
    return np.asarray(np.searchsorted(edges, middles, side="right") % 2 == 1, dtype=np.bool_)


def _noise_by_channel(scanned: GridScan, rest: GridRest) -> FloatArray:
    """Return the noise of each channel at rest, 0 where it never rested."""
    seconds = scanned.plain_power[_seconds_at_rest(scanned, rest)]
    known = np.isfinite(seconds)
    mean = np.where(known, seconds, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.asarray(np.sqrt(mean), dtype=np.float64)


def _noise_by_second(scanned: GridScan, rest: GridRest) -> tuple[float, ...]:
    seconds = scanned.plain_power[_seconds_at_rest(scanned, rest)]
    usual = np.median(seconds[np.isfinite(seconds).all(axis=1)], axis=1)
    return tuple(float(value) for value in np.sqrt(usual))


def _qualities(
    scanned: GridScan, rest: GridRest, noise: FloatArray, settings: EmgSettings
) -> tuple[ChannelQuality, ...]:
    checks, rest_s = scanned.checks, rest.activity.rest.duration_s
    shares = [part / max(checks.frames, 1) for part in (checks.clipped, checks.flat, checks.missing)]
    found = []
    for number, channel in enumerate(scanned.reader.group.channels):
        quality = ChannelQuality(
            channel=channel.name,
            sampling_rate_hz=channel.sampling_rate_hz,
            duration_s=channel.duration_s,
            usable=True,
            unit=channel.unit,
            noise_rms=float(noise[number]) if noise[number] > 0 else None,
            clipped_share=float(shares[0][number]),
            flat_share=float(shares[1][number]),
            missing_share=float(shares[2][number]),
            mains_share=scanned.reader.mains_share,
            mains_hz=scanned.reader.mains_hz,
        )
        words = statements(quality, rest_s, settings)
        found.append(replace(quality, statements=words))
    return tuple(found)
