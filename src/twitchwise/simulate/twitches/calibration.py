"""Find the rate constants that give a healthy unit its four drawn numbers, by a table and a few corrections.

Time to the peak, half-relaxation time, latent period and the twitch/tetanus ratio are measured on the model's own
twitch. Two numbers set its shape: the calcium that a discharge releases, and uptake time over cross-bridge time. A
table over both is computed once for a mechanism; it is inverted for each unit; then all units twitch together, and what
each missed by is asked for in addition. NumPy alone is used: nothing has to be compiled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from twitchwise.simulate.twitches.mechanism import STRETCHES, TwitchCoefficients, TwitchState, contracted, tetanic_share
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

MOVING_LAGS = 1.1  # after so many of its three lags the acceleration of the muscle reaches a tenth of its greatest
FIRST_FORCE = 0.01  # share of the peak taken as the first force: what a good record tells from its noise
STEP_S = 1e-3  # the longest step that the model is run with; a twitch of 35 ms is right to 0.1 % with it
TENDON_GAIN = 5.0  # first force comes later by about this much for each of the lags of the tendon being longer
ONSET_SHARE = 0.053  # first force comes later by about this share of the contraction time
LONGEST_TENDON_SHARE = 0.36  # of the contraction time, for all lags together; more and the tendon would set the twitch
SHORTEST_TENDON_S = 0.5e-3  # below half a step the trapezoidal rule of a lag would ring
ROUNDS = 5  # each leaves about a third of the error
ALLOWED = 0.1  # relative error of a calibrated number above which a unit is refused; 1 in 2,000 thenar units has 0.04
UPTAKE_RATIOS = np.geomspace(0.03, 10.0, 18)  # from relaxation set by cross-bridges to relaxation set by uptake
RELEASES = np.geomspace(0.15, 60.0, 26)  # from twitches of 1 % of the tetanic force to ones of nearly all of it
TETANUS_RATIOS = np.geomspace(0.03, 0.9, 40)
TABLE_CROSS_BRIDGE_S = 0.13  # that of a unit with a contraction time of about 60 ms
TABLE_TENDON_S = 1e-3
TABLE_STEP_S = 2e-3
TABLE_DURATION_S = 1.2  # long enough for the slowest twitch of the table to fall by half


@dataclass(frozen=True, kw_only=True, slots=True)
class Mechanism:
    """What is the same in every unit's twitch; all above 0."""

    coupling_s: float
    released_share: float
    uptake_half: float
    cooperativity: float
    troponin_share: float
    attachment_ratio: float
    detachment_rise: float

    def __post_init__(self) -> None:
        """Refuse numbers that are not above 0."""
        for name in self.__slots__:
            require_positive(name, getattr(self, name))


def mechanism_of(parameters: Mapping[str, float]) -> Mechanism:
    """Return the healthy mechanism that the parameters describe."""
    return Mechanism(
        coupling_s=parameters["twitch_motion_latency"] / MOVING_LAGS,
        released_share=parameters["calcium_release_share"],
        uptake_half=parameters["calcium_uptake_half_saturation"],
        cooperativity=parameters["calcium_cooperativity"],
        troponin_share=parameters["troponin_release_time_share"],
        attachment_ratio=parameters["cross_bridge_attachment_ratio"],
        detachment_rise=parameters["cross_bridge_detachment_rise"],
    )


class Timing(NamedTuple):
    """Measures of a twitch for each unit, shape ``(n_units,)``; the peak as a share of the greatest force there is."""

    peak_share: FloatArray
    latent_period_s: FloatArray
    contraction_time_s: FloatArray
    half_relaxation_time_s: FloatArray


class _Shape(NamedTuple):
    """What is sought for each unit, shape ``(n_units,)``."""

    release: FloatArray
    uptake_ratio: FloatArray
    cross_bridge_s: FloatArray
    tendon_s: FloatArray


def calibrated(units: MotorUnits, mechanism: Mechanism) -> TwitchCoefficients:
    """Return the coefficients with which each unit's twitch has its drawn numbers; arrays of shape ``(n_units,)``.

    A latent period that is too long for so quick a twitch, or too short for so slow a one, comes out as near as can be.

    Raises
    ------
    OutOfRangeError
        If a unit's half-relaxation time, contraction time and twitch/tetanus ratio do not go together in the model.
    """
    wanted = np.log([units.twitch_tetanus_ratio, units.contraction_time_s, units.half_relaxation_time_s])
    tetanic_n, duration_s = units.peak_force_n / units.twitch_tetanus_ratio, _duration_s(units)
    longest_s = np.maximum(LONGEST_TENDON_SHARE * units.contraction_time_s / STRETCHES, SHORTEST_TENDON_S)
    onset_s = mechanism.coupling_s / 2 + ONSET_SHARE * units.contraction_time_s
    tendon_s = np.clip((units.latent_period_s - onset_s) / TENDON_GAIN, SHORTEST_TENDON_S, longest_s)
    asked, table = wanted, _table(mechanism)
    for _ in range(ROUNDS):
        coefficients = _coefficients(_looked_up(asked, tendon_s, table), mechanism, tetanic_n)
        got = twitch_timing(coefficients, duration_s)
        missed = wanted - np.log([got.peak_share, got.contraction_time_s, got.half_relaxation_time_s])
        asked = asked + missed
        late_s = units.latent_period_s - got.latent_period_s
        tendon_s = np.clip(tendon_s + late_s / TENDON_GAIN, SHORTEST_TENDON_S, longest_s)
    _require_reached(missed)
    return coefficients


def _require_reached(missed: FloatArray) -> None:
    """Refuse a unit that the model cannot be; ``missed`` is relative, shape ``(3, n_units)``."""
    worst = int(np.abs(missed).max(axis=0).argmax())
    if not np.abs(missed[:, worst]).max() <= ALLOWED:
        names = ("twitch_tetanus_ratio", "contraction_time_s", "half_relaxation_time_s")
        text = ", ".join(f"{name} by {100 * miss:.1f} %" for name, miss in zip(names, missed[:, worst], strict=True))
        raise OutOfRangeError(
            f"the numbers of unit {worst} must go together in one twitch, got a model short of {text}."
        )


def twitch_timing(coefficients: TwitchCoefficients, duration_s: float, step_s: float = STEP_S) -> Timing:
    """Let every unit twitch once and measure the force at the end of its tendon."""
    state, (n_units,) = resting(coefficients), np.shape(coefficients.content)
    released = np.ones(n_units)
    bridges = np.zeros((int(np.ceil(duration_s / step_s)) + 1, n_units))
    for index in range(1, len(bridges)):
        state = contracted(state, cast("jax.Array", released), coefficients, step_s)
        bridges[index] = state.cross_bridges
        released = np.zeros(n_units)
    felt = _at_the_tendon(bridges, step_s / (2 * np.asarray(coefficients.tendon_s)))
    return timing_of(np.asarray(tetanic_share(cast("jax.Array", felt), coefficients)), step_s)


def _at_the_tendon(bridges: FloatArray, a: FloatArray) -> FloatArray:
    """Return what the chain of lags makes of the cross-bridges, as `stepped` does, both ``(n_steps, n_units)``.

    In one turn every lag is taken at once, each a step behind the one before it, which has passed both ends of the
    step by then.
    """
    kept, taken = (1 - a) / (1 + a), a / (1 + a)
    before = now = np.zeros((STRETCHES + 1, a.size))
    felt = np.zeros_like(bridges)
    for turn in range(len(bridges) + STRETCHES):
        later = np.empty_like(now)
        later[0] = bridges[min(turn, len(bridges) - 1)]
        later[1:] = kept * now[1:] + taken * (now[:-1] + before[:-1])
        before, now = now, later
        felt[max(turn - STRETCHES, 0)] = now[-1]
    return felt


def resting(coefficients: TwitchCoefficients) -> TwitchState:
    """Return the state before any discharge, as NumPy arrays."""
    zero = cast("jax.Array", np.zeros(np.shape(coefficients.content)))
    return TwitchState(zero, zero, zero, zero, zero, zero, (zero,) * STRETCHES)


def timing_of(shares: FloatArray, step_s: float) -> Timing:
    """Measure twitches sampled from the discharge on, shape ``(n_samples, n_units)``, between samples."""
    unit = np.arange(shares.shape[1])
    top = np.clip(shares.argmax(axis=0), 1, len(shares) - 2)
    before, at, after = (shares[top + shift, unit] for shift in (-1, 0, 1))
    bend = np.minimum(before - 2 * at + after, -np.finfo(np.float64).tiny)
    offset = 0.5 * (before - after) / bend
    peak = at - 0.25 * (before - after) * offset
    first = np.maximum((shares >= FIRST_FORCE * peak).argmax(axis=0), 1)
    late = (np.arange(len(shares))[:, np.newaxis] > top) & (shares <= peak / 2)
    half = np.where(late.any(axis=0), late.argmax(axis=0), len(shares) - 1)
    start_s = step_s * _crossing(shares, first, FIRST_FORCE * peak)
    peak_s = step_s * (top + offset)
    return Timing(peak, start_s, peak_s - start_s, step_s * _crossing(shares, half, peak / 2) - peak_s)


def _crossing(shares: FloatArray, index: "np.typing.NDArray[np.intp]", level: FloatArray) -> FloatArray:
    """Return where between ``index - 1`` and ``index`` each unit's line crosses its level, in samples."""
    unit = np.arange(shares.shape[1])
    low, high = shares[index - 1, unit], shares[index, unit]
    apart = np.where(high == low, 1.0, high - low)
    return np.asarray(index - 1 + np.clip((level - low) / apart, 0.0, 1.0), dtype=np.float64)


def _duration_s(units: MotorUnits) -> float:
    """Return how long to look at a twitch: until the slowest unit has surely fallen by half, even before correction."""
    return 1.2 * float((units.latent_period_s + units.contraction_time_s + units.half_relaxation_time_s).max())


def _coefficients(shape: _Shape, mechanism: Mechanism, tetanic_n: FloatArray) -> TwitchCoefficients:
    same = np.ones_like(shape.release)
    numbers = (
        mechanism.coupling_s * same,
        shape.release / mechanism.released_share,
        -np.log1p(-mechanism.released_share) * same,
        shape.uptake_ratio * shape.cross_bridge_s,
        mechanism.uptake_half * same,
        mechanism.cooperativity * same,
        mechanism.troponin_share * shape.cross_bridge_s,
        mechanism.attachment_ratio / shape.cross_bridge_s,
        1 / shape.cross_bridge_s,
        mechanism.detachment_rise * same,
        shape.tendon_s,
        tetanic_n,
    )
    return TwitchCoefficients(*(cast("jax.Array", number) for number in numbers))


class _Table(NamedTuple):
    """The twitches of a mechanism; rows are uptake ratios from where relaxation begins to slow with them.

    Shape ``(n_uptake_ratios, n_tetanus_ratios)``: logarithms of the release that gives the twitch/tetanus ratio, of
    half-relaxation over contraction time, and of contraction time over cross-bridge time.
    """

    uptake_ratio: FloatArray
    release: FloatArray
    relaxation: FloatArray
    contraction: FloatArray


@lru_cache(maxsize=64)
def _table(mechanism: Mechanism) -> _Table:
    uptake, release = (grid.ravel() for grid in np.meshgrid(UPTAKE_RATIOS, RELEASES, indexing="ij"))
    same = np.full(uptake.size, 1.0)
    shape = _Shape(release, uptake, TABLE_CROSS_BRIDGE_S * same, TABLE_TENDON_S * same)
    timing = twitch_timing(_coefficients(shape, mechanism, same), TABLE_DURATION_S, TABLE_STEP_S)
    grid = (len(UPTAKE_RATIOS), len(RELEASES))
    peak, _, contraction_s, relaxation_s = (measured.reshape(grid) for measured in timing)
    wanted = np.log(TETANUS_RATIOS)

    def at_ratio(values: FloatArray) -> FloatArray:
        return np.array([np.interp(wanted, np.log(row), line) for row, line in zip(peak, values, strict=True)])

    releases = at_ratio(np.broadcast_to(np.log(RELEASES), grid))
    relaxations = at_ratio(np.log(relaxation_s / contraction_s))
    return _Table(np.log(UPTAKE_RATIOS), releases, relaxations, at_ratio(np.log(contraction_s / TABLE_CROSS_BRIDGE_S)))


def _looked_up(asked: FloatArray, tendon_s: FloatArray, table: _Table) -> _Shape:
    """Invert the table; ``asked`` holds logarithms of tetanus ratio, contraction and half-relaxation time by row."""
    ratio, contraction, relaxation = asked
    column = np.interp(ratio, np.log(TETANUS_RATIOS), np.arange(len(TETANUS_RATIOS)))
    left = np.minimum(column.astype(np.int64), len(TETANUS_RATIOS) - 2)
    weight = column - left
    release, falling, rising = (
        values[:, left] * (1 - weight) + values[:, left + 1] * weight
        for values in (table.release, table.relaxation, table.contraction)
    )
    # relaxation over contraction time rises with the uptake time from its least value on
    monotone = np.where(
        np.arange(len(falling))[:, np.newaxis] >= falling.argmin(axis=0), falling, falling.min(axis=0) - 1e-9
    )
    row = np.array(
        [
            np.interp(want, monotone[:, unit], np.arange(len(monotone)))
            for unit, want in enumerate(relaxation - contraction)
        ]
    )
    uptake, chosen_release, time = (
        _between(values, row) for values in (np.repeat(table.uptake_ratio[:, None], row.size, 1), release, rising)
    )
    return _Shape(np.exp(chosen_release), np.exp(uptake), np.exp(contraction - time), tendon_s)


def _between(values: FloatArray, row: FloatArray) -> FloatArray:
    """Return each column's value at a fractional row, shape ``(n_columns,)``."""
    unit, above = np.arange(row.size), np.minimum(row.astype(np.int64), len(values) - 2)
    weight = row - above
    between: FloatArray = values[above, unit] * (1 - weight) + values[above + 1, unit] * weight
    return between
