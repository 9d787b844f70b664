"""Force from recorded discharges of a few units: what drove them drives a whole pool, whose force is predicted.

The rates of the identified units give the drive they share (De Luca 1985, J exp Biol 115:125-136): each discharges at
the least rate at its own threshold and faster in proportion to the drive above it, less what the rate adapts.
Thresholds and drive are found together by least squares. The drive then recruits a full pool of drawn units, and the
twitch model turns their discharges into force.

Nothing is fitted to the force: a caller may fit one gain (`fitted_gain`), as the strength of the muscle is unknown.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from twitchwise.simulate.twitches.coefficients import coefficients_of
from twitchwise.simulate.twitches.forces import Impulses, impulses_of, muscle_force_n
from twitchwise.simulate.units import MotorUnits, draw_units
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive

STEP_S = 0.01  # a tenth of the shortest interval of the rates in question
PAUSE_S = 0.6  # an interval longer than this is a pause: no motor unit discharges regularly below 2 Hz
WINDOW_S = (
    2.0  # rates are smoothed over it: shorter ones leave the noise of about ten intervals, longer ones blur ramps
)
SMOOTHING_S = 0.5  # of the drive, which jumps where a unit comes in or drops out
RAMP_S = 1.5  # stretch whose line is drawn on to where no identified unit discharges
ROUNDS = 200  # of alternating least squares; each divides the error by the share of time that units overlap


class CommonDrive(NamedTuple):
    """The drive that identified units share.

    ``time_s`` and ``drive``, a share of the maximal one, have shape ``(n_samples,)``; ``thresholds`` one for each unit.
    """

    time_s: FloatArray
    drive: FloatArray
    thresholds: FloatArray


def common_drive(trains: Sequence[FloatArray], duration_s: float, parameters: Mapping[str, float]) -> CommonDrive:
    """Infer the drive from the discharges of identified units.

    Parameters
    ----------
    trains
        Discharge times in seconds of each identified unit, ascending; at least one unit with two discharges.
    duration_s
        Length of the recording.
    parameters
        As `twitchwise.simulate.parameters_for` gives them, with those of the muscle.

    Raises
    ------
    OutOfRangeError
        If there are too few discharges, or no duration.
    """
    require_positive("duration_s", duration_s)
    time_s = np.arange(0.0, duration_s, STEP_S)
    usable = [train for train in map(np.asarray, trains) if train.size > 1]
    rates = np.array([_rate_hz(train, time_s, parameters) for train in usable]).reshape(len(usable), time_s.size)
    if not rates.any():
        raise OutOfRangeError(f"trains must hold a unit that discharges regularly, got {len(trains)} without one.")
    least = parameters["discharge_rate_least_hz"]
    gain = parameters["discharge_rate_most_hz"] - least
    drive, thresholds = _shared((rates - least) / gain, rates > 0)
    first = parameters["recruitment_threshold_last"] / parameters["recruitment_range"]
    smooth = _smoothed(_drawn_on(drive, time_s), SMOOTHING_S) + first
    return CommonDrive(time_s, np.clip(smooth, 0.0, 1.0), thresholds + first)


def force_from_discharges_n(
    trains: Sequence[FloatArray], duration_s: float, parameters: Mapping[str, float], *, n_units: int, seed: int = 0
) -> tuple[FloatArray, FloatArray]:
    """Predict the force of the whole muscle from the discharges of a few of its units.

    Parameters
    ----------
    trains, duration_s, parameters
        As `common_drive`.
    n_units
        How many units the muscle has.
    seed
        Of the drawn units and of where in their interval they stand.

    Returns
    -------
    tuple
        Times in seconds and force in N, both of shape ``(n_samples,)``, at 100 Hz. Only a gain is left to fit.
    """
    generator = np.random.default_rng(seed)
    units = draw_units(parameters, n_units, generator)
    driven = common_drive(trains, duration_s, parameters)
    impulses = _pool_discharges(driven, units, parameters, generator)
    force = muscle_force_n(impulses, coefficients_of(units, parameters), driven.time_s.size, 1.0 / STEP_S)
    return driven.time_s, force


def fitted_gain(predicted: FloatArray, measured: FloatArray) -> float:
    """Return the one number that brings a predicted force closest to a measured one, by least squares."""
    return float(predicted @ measured / (predicted @ predicted))


def explained_share(measured: FloatArray, predicted: FloatArray) -> float:
    """Return r2: one less the squared error over the variance of the measured force."""
    off = measured - predicted
    around = measured - measured.mean()
    return float(1.0 - off @ off / (around @ around))


def _rate_hz(train: FloatArray, time_s: FloatArray, parameters: Mapping[str, float]) -> FloatArray:
    """Return a unit's smoothed discharge rate as it were without adaptation; 0 where it pauses."""
    interval = np.searchsorted(train, time_s, side="right") - 1
    within = (interval >= 0) & (interval < train.size - 1)
    intervals = np.diff(train)[np.clip(interval, 0, train.size - 2)]
    active = within & (intervals < PAUSE_S)
    rate = np.where(active, 1.0 / intervals, 0.0)
    smooth = _smoothed(rate, WINDOW_S) / np.maximum(_smoothed(active.astype(np.float64), WINDOW_S), STEP_S)
    since = np.maximum(time_s - train[0], 0.0) / parameters["discharge_rate_adaptation_time"]
    adapted = 1.0 + parameters["discharge_rate_adaptation"] * np.expm1(-since)
    return np.where(active, smooth / adapted, 0.0)


def _smoothed(values: FloatArray, window_s: float) -> FloatArray:
    """Smooth with a raised cosine, the ends held."""
    half = min(round(window_s / STEP_S / 2), values.size - 1)
    window = np.hanning(2 * half + 3)[1:-1]
    return np.convolve(np.pad(values, half, "edge"), window / window.sum(), "valid")


def _shared(above: FloatArray, active: "np.typing.NDArray[np.bool_]") -> tuple[FloatArray, FloatArray]:
    """Return drive (nan where no unit is active) and thresholds that differ least from what each active unit says.

    ``above`` is what each unit says of the drive above its threshold, shape ``(n_units, n_samples)``.
    """
    n_active = active.sum(axis=0)
    thresholds = np.zeros(len(above))
    for _ in range(ROUNDS):
        said = np.where(active, above + thresholds[:, np.newaxis], 0.0)
        drive = said.sum(axis=0) / np.maximum(n_active, 1)
        thresholds = np.where(active, drive - above, 0.0).sum(axis=1) / active.sum(axis=1)
        thresholds -= thresholds.min()
    return np.where(n_active > 0, drive, np.nan), thresholds


def _drawn_on(drive: FloatArray, time_s: FloatArray) -> FloatArray:
    """Fill the gaps of a drive in straight lines, and go on before and after it as it begins and ends."""
    known = np.nonzero(np.isfinite(drive))[0]
    filled = np.interp(time_s, time_s[known], drive[known])
    reach = max(round(RAMP_S / STEP_S), 2)
    for edge, ramp, outside in (
        (known[0], slice(known[0], known[0] + reach), slice(None, known[0])),
        (known[-1], slice(max(known[-1] - reach, 0), known[-1]), slice(known[-1] + 1, None)),
    ):
        if filled[ramp].size > 1:
            slope = np.polyfit(time_s[ramp], filled[ramp], 1)[0]
            filled[outside] = filled[edge] + slope * (time_s[outside] - time_s[edge])
    return filled


def _pool_discharges(
    driven: CommonDrive, units: MotorUnits, parameters: Mapping[str, float], generator: np.random.Generator
) -> Impulses:
    """Let every unit discharge as its drive says, each from a place of its own within the first interval."""
    least, most = parameters["discharge_rate_least_hz"], parameters["discharge_rate_most_hz"]
    threshold = units.recruitment_threshold[:, np.newaxis]
    above = (driven.drive - threshold) / (1.0 - threshold)
    rate_hz = np.where(above >= 0, least + (most - least) * above, 0.0)
    phase = np.cumsum(rate_hz * STEP_S, axis=1) + generator.random((len(units), 1))
    unit, sample = np.nonzero(np.diff(np.floor(phase), axis=1) > 0)
    return impulses_of(driven.time_s[sample + 1], unit)
