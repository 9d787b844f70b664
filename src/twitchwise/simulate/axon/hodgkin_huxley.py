"""Point cells of Hodgkin and Huxley (1952, doi:10.1113/jphysiol.1952.sp004764) at 6.3 degrees, many at once, and fast.

The published constants, with rest at -65 mV as is usual today. The step is that of NEURON's default: the potential
implicitly, then the gates at the new potential. One exponential serves five of the six rates, because their slopes of
80, 20 and 10 mV are whole multiples.
"""

from functools import partial

import numpy as np

from twitchwise.simulate.engine import jax, jnp, lax
from twitchwise.vocabulary.arrays import FloatArray

STEP_S = 2.5e-5  # as the published comparisons of simulators use it
UNROLLED = (
    25  # steps per turn of the loop; with fewer the turns cost more than the steps, more only take longer to compile
)
NEAR_MIDPOINT_MV = 1e-2  # in 32 bits, x / (1 - exp(-x / 10)) loses digits nearer to 0; its limit is then as exact

_CAPACITANCE = 1.0  # uF/cm2
_SODIUM, _POTASSIUM, _LEAK = 120.0, 36.0, 0.3  # mS/cm2
_SODIUM_MV, _POTASSIUM_MV, _LEAK_MV = 50.0, -77.0, -54.3
_REST_MV = -65.0

Cells = tuple[jax.Array, jax.Array, jax.Array, jax.Array]


def discharge_times_s(
    current_a_per_m2: FloatArray, *, duration_s: float = 1.0, step_s: float = STEP_S
) -> tuple[FloatArray, ...]:
    """Return the discharge times in s of point cells under steady currents.

    Parameters
    ----------
    current_a_per_m2
        Into each cell, per area of membrane, from the first moment on, shape ``(cells,)``; 0.1 A/m2 is 10 uA/cm2.
    duration_s
        How long; at least one step.
    step_s
        Step of time.

    Returns
    -------
    One array of times per cell, at which its potential rises through 0 mV, to the end of the step.

    Examples
    --------
    >>> [times.size for times in discharge_times_s(np.array([0.0, 0.1]), duration_s=0.1)]
    [0, 7]
    """
    n_steps = round(duration_s / step_s)
    per_cm2 = jnp.asarray(100 * current_a_per_m2, dtype=jnp.float32)
    rising = np.asarray(_rising(per_cm2, float(1e3 * step_s), n_steps))
    steps, cells = np.nonzero(rising)
    order = np.argsort(cells, kind="stable")
    counts = np.bincount(cells, minlength=current_a_per_m2.size)
    return tuple(np.split(step_s * (steps[order] + 1.0), np.cumsum(counts)[:-1]))


@partial(jax.jit, static_argnames=("step_ms", "n_steps"))
def _rising(current: jax.Array, step_ms: float, n_steps: int) -> jax.Array:
    """Return which cells rise through 0 mV in each step, shape ``(n_steps, cells)``."""

    def step(cells: Cells, _: None) -> tuple[Cells, jax.Array]:
        after = _advanced(cells, current, step_ms)
        return after, (cells[0] < 0) & (after[0] >= 0)

    return lax.scan(step, _at_rest(current), None, length=n_steps, unroll=UNROLLED)[1]


def _at_rest(current: jax.Array) -> Cells:
    membrane_mv = jnp.full_like(current, _REST_MV)
    m, h, n = (opening / (opening + closing) for opening, closing in _rates(membrane_mv))
    return membrane_mv, m, h, n


def _advanced(cells: Cells, current: jax.Array, step_ms: float) -> Cells:
    membrane_mv, m, h, n = cells
    sodium, potassium = _SODIUM * (m * m * m) * h, _POTASSIUM * ((n * n) * (n * n))
    inertia = _CAPACITANCE / step_ms
    driven = current + sodium * _SODIUM_MV + potassium * _POTASSIUM_MV + _LEAK * _LEAK_MV
    after_mv = (inertia * membrane_mv + driven) / (inertia + sodium + potassium + _LEAK)
    m, h, n = (_settled(share, *rates, step_ms) for share, rates in zip((m, h, n), _rates(after_mv), strict=True))
    return after_mv, m, h, n


def _settled(share: jax.Array, opening: jax.Array, closing: jax.Array, step_ms: float) -> jax.Array:
    """Return a gate a step later; the trapezoidal rule differs from the exact exponential by a part in a million."""
    half = step_ms / 2 * (opening + closing)
    return (share * (1 - half) + step_ms * opening) / (1 + half)


def _rates(membrane_mv: jax.Array) -> tuple[tuple[jax.Array, jax.Array], ...]:
    """Return opening and closing rates of m, h and n in 1/ms."""
    slow = jnp.exp((membrane_mv - _REST_MV) * (-1 / 80))
    square = slow * slow
    fourth = square * square  # exp(-(V + 65) / 20)
    eighth = fourth * fourth  # exp(-(V + 65) / 10)
    return (
        (_linear(membrane_mv + 40, eighth * np.exp(2.5)), 4 * jnp.exp((membrane_mv - _REST_MV) * (-1 / 18))),
        (0.07 * fourth, 1 / (1 + eighth * np.exp(3.0))),
        (0.1 * _linear(membrane_mv + 55, eighth * np.exp(1.0)), 0.125 * slow),
    )


def _linear(distance_mv: jax.Array, exponential: jax.Array) -> jax.Array:
    """Return ``0.1 x / (1 - exp(-x / 10))``."""
    near = jnp.abs(distance_mv) < NEAR_MIDPOINT_MV
    return jnp.where(near, 1.0 + 0.05 * distance_mv, 0.1 * distance_mv / jnp.where(near, 1.0, 1 - exponential))
