"""Duration, phases and turns of potentials, as numbers of their waveforms.

These are measures of clinical electromyography (Stålberg et al. 1986, Quantitative analysis of individual motor unit
potentials), here with criteria that a program can apply. What is below the noise does not count.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# The signal begins and ends where it leaves four times the noise, which noise exceeds once in 16,000 samples.
_EDGE_MULTIPLE = 4.0
# Noise swings from its lowest to its highest by about six times its root mean square within a potential.
_SWING_MULTIPLE = 6.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Criteria:
    """What counts.

    Parameters
    ----------
    phase_share
        Smallest phase as a share of the peak; the potential ends where it falls below this for good.
    turn_share, turn_least
        Smallest change between turns, as a share of the range and in the signal's unit; the greater one holds.
    gap_s
        Phases further apart than this in s are not of one potential.
    """

    phase_share: float = 0.1
    turn_share: float = 0.1
    turn_least: float = 0.0
    gap_s: float = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Waveforms:
    """Measures of potentials.

    Parameters
    ----------
    duration_s
        From where the signal leaves the noise to where it returns, in s, shape ``(n,)``.
    phases
        Baseline crossings plus one, shape ``(n,)``.
    turns
        Changes of direction, each with a large enough change of potential on either side, shape ``(n,)``.
    """

    duration_s: FloatArray
    phases: IntArray
    turns: IntArray


def measure_waveforms(
    shapes: npt.NDArray[np.floating], noise_rms: FloatArray, sampling_rate_hz: float, *, criteria: Criteria
) -> Waveforms:
    """Measure potentials whose middle sample is the peak.

    Parameters
    ----------
    shapes
        Signal, shape ``(n, n_samples)``.
    noise_rms
        Its noise, shape ``(n,)``, in the same unit.
    sampling_rate_hz
        In Hz.
    criteria
        What counts as a phase and as a turn.

    Examples
    --------
    >>> import numpy as np
    >>> wave = np.sin(2 * np.pi * np.arange(-50, 51) / 20.0)[np.newaxis] * (np.abs(np.arange(-50, 51)) <= 15)
    >>> found = measure_waveforms(wave, np.array([0.01]), 2000.0, criteria=Criteria())
    >>> round(float(found.duration_s[0]), 4), int(found.phases[0]), int(found.turns[0])
    (0.0155, 4, 4)
    """
    signal = np.asarray(shapes, dtype=np.float64)
    size = np.abs(signal)
    peak = size.max(axis=1, initial=0.0)
    least = np.maximum(_EDGE_MULTIPLE * noise_rms, criteria.phase_share * peak)
    inside = _inside(size, least, max(1, round(criteria.gap_s * sampling_rate_hz)))
    swing = np.where(inside, signal, 0.0)
    least_turn = np.maximum.reduce(
        [
            _SWING_MULTIPLE * noise_rms,
            criteria.turn_share * np.ptp(swing, axis=1),
            np.full(peak.size, criteria.turn_least),
        ]
    )
    return Waveforms(
        duration_s=inside.sum(axis=1) / sampling_rate_hz,
        phases=_phases(swing, least),
        turns=_turns(swing, least_turn),
    )


def _inside(size: FloatArray, edge: FloatArray, gap: int) -> BoolArray:
    """Return which samples belong to the potential that holds the middle one, shape ``(n, n_samples)``."""
    above = size >= edge[:, np.newaxis]
    middle = size.shape[1] // 2
    above[:, middle] = True
    inside = np.zeros_like(above)
    for way in (1, -1):
        quiet = np.zeros(len(size), dtype=np.int64)
        last = np.zeros(len(size), dtype=np.int64)
        for step, column in enumerate(range(middle, size.shape[1] if way > 0 else -1, way)):
            quiet = np.where(above[:, column], np.minimum(quiet, gap + 1), quiet + 1)
            quiet = np.where(above[:, column] & (quiet <= gap), 0, quiet)
            last = np.where(quiet == 0, step, last)
        away = (np.arange(size.shape[1]) - middle) * way
        inside |= (away >= 0) & (away <= last[:, np.newaxis])
    return inside


def _phases(signal: FloatArray, least: FloatArray) -> IntArray:
    """Count runs of one sign among the samples that are large enough."""
    sign = np.where(np.abs(signal) >= least[:, np.newaxis], np.sign(signal), 0.0)
    last, phases = np.zeros(len(signal)), np.zeros(len(signal), dtype=np.int64)
    for column in sign.T:
        phases += (column != 0) & (column != last)
        last = np.where(column != 0, column, last)
    return phases


def _turns(signal: FloatArray, least: FloatArray) -> IntArray:
    """Count extremes from which the signal comes back by enough, having come there by enough."""
    turns, way = np.zeros(len(signal), dtype=np.int64), np.zeros(len(signal))
    low, high = signal[:, 0].copy(), signal[:, 0].copy()
    for column in signal.T:
        low, high = np.minimum(low, column), np.maximum(high, column)
        falls, rises = (way >= 0) & (high - column >= least), (way <= 0) & (column - low >= least)
        turns += (falls & (way > 0)) | (rises & (way < 0))
        way = np.where(rises, 1.0, np.where(falls, -1.0, way))
        # the extreme that was left is done with; the search for the next begins here
        low, high = np.where(falls, column, low), np.where(rises, column, high)
    return turns
