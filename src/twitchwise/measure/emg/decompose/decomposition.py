"""Decomposition of a grid's recording into motor units: filters learned from its louder stretches, applied to all.

Convolutive blind source separation after Negro et al. 2016 (https://doi.org/10.1088/1741-2560/13/2/026027) and Holobar
and Zazula 2007 (https://doi.org/10.1109/TSP.2007.896108).
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from twitchwise.measure.asked import Progress
from twitchwise.measure.emg.decompose.application import Tally, applied
from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.certainty import probability_of
from twitchwise.measure.emg.decompose.grid_samples import GridSamples, grid_samples
from twitchwise.measure.emg.decompose.learning import Learned, learn
from twitchwise.measure.emg.decompose.lengths import Lengths
from twitchwise.measure.emg.decompose.motor_unit import Decomposition, MotorUnit
from twitchwise.measure.emg.decompose.progress import part_of, untold
from twitchwise.measure.emg.decompose.refine import Candidate
from twitchwise.measure.emg.decompose.rows import GridRows, as_rows
from twitchwise.measure.emg.decompose.settings import DecomposeSettings, decompose_settings
from twitchwise.measure.emg.decompose.trains import like_two
from twitchwise.measure.spreading import Spread, one_by_one
from twitchwise.signals.one_thread import one_thread
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive
from twitchwise.vocabulary.text import say

# From this many discharges on, leaving one out no longer changes the filter much, and the silhouette is firm.
_FIRM = 10
# Time that a second of samples takes to be looked at, to be learned from, and to be searched for discharges, relative
# to one another; progress is told by it.
_LOOKING, _LEARNING, _APPLYING = 1.0, 140.0, 10.0


@one_thread()
def decompose(
    samples: npt.NDArray[np.floating] | GridRows,
    sampling_rate_hz: float,
    *,
    positions_m: FloatArray | None = None,
    settings: DecomposeSettings | None = None,
    progress: Progress = untold,
    spread: Spread = one_by_one,
) -> Decomposition:
    """Find the motor units that discharge in a recording from an electrode grid.

    Parameters
    ----------
    samples
        Raw or filtered: a table of shape ``(n_channels, n_samples)``, in memory or mapped from a file, or what gives
        the samples piece by piece. Either is read piece by piece, and memory does not grow with the length.
    sampling_rate_hz
        Samples per second, at least 500.
    positions_m
        Places of the channels in m, shape ``(n_channels, 2 or 3)``; kept for `track`.
    settings
        Thresholds; those of the knowledge files unless given.
    progress
        Is told how much is done, from 0 to 1.
    spread
        Has the pieces of the recording looked at, such as in other processes; what is learned, is learned here.

    Returns
    -------
    Decomposition
        Its units in order of silhouette; none, with a doubt, where nothing stands apart.

    Raises
    ------
    OutOfRangeError
        If the recording cannot support it: too few usable channels, too short, or sampled too slowly.
    """
    require_positive("sampling_rate_hz", sampling_rate_hz)
    settings, rows = settings or decompose_settings(), as_rows(samples)
    if positions_m is not None and len(positions_m) != rows.shape[0]:
        raise OutOfRangeError(f"positions must be one a channel ({rows.shape[0]}), got {len(positions_m)}.")
    looked, learned = _shares(rows.shape[1] / sampling_rate_hz, settings)
    grid = grid_samples(rows, sampling_rate_hz, settings, part_of(progress, 0.0, looked), spread)
    found = learn(
        grid.to_learn(settings.learning_longest_s),
        Lengths.of(grid.sampling_rate_hz, grid.kept.size, settings),
        settings,
        part_of(progress, looked, learned),
    )
    units = tuple(_units(grid, found, settings, part_of(progress, learned, 1.0), spread))
    progress(1.0)
    return Decomposition(
        sampling_rate_hz=sampling_rate_hz,
        n_samples=rows.shape[1],
        units=units,
        channels=grid.kept,
        positions_m=positions_m,
        doubts=tuple(_doubts(grid, units, settings)),
    )


def _shares(duration_s: float, settings: DecomposeSettings) -> tuple[float, float]:
    """Return how much of the work is done when the samples have been looked at, and when filters are learned."""
    looking, learning = _LOOKING * duration_s, _LEARNING * min(duration_s, settings.learning_longest_s)
    whole = looking + learning + _APPLYING * duration_s
    return looking / whole, (looking + learning) / whole


def _doubts(grid: GridSamples, units: tuple[MotorUnit, ...], settings: DecomposeSettings) -> Iterator[str]:
    left_out = sorted(set(range(grid.rows.shape[0])) - set(grid.kept.tolist()))
    if left_out:
        yield say(
            "Channels {numbers} (from 0) were silent, broken or far too loud, and were left out.",
            numbers=", ".join(map(str, left_out)),
        )
    if grid.duration_s > settings.learning_longest_s:
        yield say(
            "Units were learned from {learned_s:g} s of louder parts of {duration_s:.0f} s; one that discharges only "
            "elsewhere is missed.",
            learned_s=settings.learning_longest_s,
            duration_s=grid.duration_s,
        )
    if not units:
        yield say("No motor unit stood apart from the rest; smaller ones may have been active.")


def _units(
    grid: GridSamples, found: Learned, settings: DecomposeSettings, progress: Progress, spread: Spread
) -> Iterator[MotorUnit]:
    """Apply what was learned to the whole, and describe each unit."""
    if found.peeler is None:
        return
    lengths = Lengths.of(grid.sampling_rate_hz, grid.kept.size, settings)
    n_shape = round(settings.shape_duration_s * grid.raw_rate_hz)
    tallies = applied(grid, found.peeler, lengths, progress, spread)
    for number, place in enumerate(found.told, start=1):
        one = _unit(grid, found.units[place], tallies[place], number=number, lengths=lengths, n_shape=n_shape)
        yield _doubted(one, settings)


def _doubted(one: MotorUnit, settings: DecomposeSettings) -> MotorUnit:
    rate_hz = one.sampling_rate_hz
    two = like_two(
        one.discharges,
        blind=settings.interval_least_s * rate_hz,
        recovery=settings.recovery_s * rate_hz,
        pause=settings.continual_interval_s * rate_hz,
        least=settings.discharges_least,
    )
    return replace(one, perhaps_two=two, doubts=tuple(_doubts_of(one.discharges.size, perhaps_two=two)))


def _unit(grid: GridSamples, one: Candidate, tally: Tally, *, number: int, lengths: Lengths, n_shape: int) -> MotorUnit:
    window = np.asarray(resample_poly(tally.mean_window, grid.every, 1, axis=1), dtype=np.float64)
    largest = int(np.abs(window).max(axis=0).argmax())
    discharges = tally.place * grid.every + largest - lengths.before * grid.every
    inside = (discharges >= 0) & (discharges < grid.rows.shape[1])
    others = np.sqrt(one.split.height[~one.split.is_discharge])
    return MotorUnit(
        number=number,
        sampling_rate_hz=grid.raw_rate_hz,
        discharges=discharges[inside],
        probability=probability_of(tally.height[inside], np.sqrt(one.own_height), others),
        silhouette=one.silhouette,
        pulse_to_noise_db=tally.pulse_to_noise_db,
        shape=_cut(grid, window, largest - n_shape // 2, n_shape),
        n_before=n_shape // 2,
    )


def _cut(grid: GridSamples, window: FloatArray, begin: int, n_shape: int) -> Samples:
    """Return part of a window for all channels in the unit of the samples, zeros where nothing is known."""
    places = np.arange(begin, begin + n_shape)
    known = np.flatnonzero((places >= 0) & (places < window.shape[1]))
    shape = np.zeros((grid.rows.shape[0], n_shape), dtype=np.float32)
    shape[np.ix_(grid.kept, known)] = window[:, places[known]] * grid.scale
    return shape


def _doubts_of(n_discharges: int, *, perhaps_two: bool) -> Iterator[str]:
    if n_discharges < _FIRM:
        yield say("Only {count} discharges were found; shape and silhouette rest on few.", count=n_discharges)
    if perhaps_two:
        yield say("Its discharges come as near to one another as those of two motor units; it may be two.")
