"""One step of a motor unit's twitch: calcium release and uptake, troponin, cross-bridges, tendon.

The stages are those of Kim, Sandercock and Heckman 2015 (doi:10.1088/1741-2560/12/4/046025): discharges to calcium,
calcium to activation, activation to force; each is put in its simplest form here.

What follows what, for every unit on its own:

* a discharge reaches the calcium channels of the sarcoplasmic reticulum after three equal lags (excitation-contraction
  coupling); each discharge releases a share of what is stored, so that close discharges release less each;
* free calcium falls by an uptake that saturates (Michaelis and Menten);
* troponin is activated by a power of calcium, and lets go at a rate of its own;
* cross-bridges attach where troponin is activated and detach the faster, the less of it is (cooperative relaxation);
* the force of the cross-bridges reaches the end of the tendon through a chain of lags, stretch by stretch of fiber,
  aponeurosis and tendon: many short lags delay it and hardly spread it.

Calcium is in units of the concentration that activates half of the troponin. Every stage is advanced by a rational
form that keeps its order of accuracy (two) and its bounds at any step, without an exponential; the arithmetic is the
same on NumPy and on JAX arrays.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

STRETCHES = 8  # lags of the tendon; fewer spread the twitch of a fast unit while they delay it


class TwitchCoefficients(NamedTuple):
    """What makes the twitch of each unit; every array has shape ``(n_units,)``."""

    coupling_s: "jax.Array"
    """Each of the three lags between discharge and release."""
    content: "jax.Array"
    """Calcium in the sarcoplasmic reticulum at rest."""
    opening: "jax.Array"
    """Logarithm, with its sign turned, of the share of the calcium that stays there when one discharge opens it."""
    uptake_s: "jax.Array"
    """Time constant with which little calcium is taken up."""
    uptake_half: "jax.Array"
    """Calcium at which the uptake is half saturated."""
    cooperativity: "jax.Array"
    """Power of calcium that activates troponin."""
    troponin_s: "jax.Array"
    """Time constant with which troponin lets calcium go."""
    attachment_per_s: "jax.Array"
    """Rate of attachment of cross-bridges with all troponin activated."""
    detachment_per_s: "jax.Array"
    """Rate of detachment with all troponin activated."""
    detachment_rise: "jax.Array"
    """By how much of itself the rate of detachment rises with no troponin activated."""
    tendon_s: "jax.Array"
    """Each of the lags between cross-bridges and the end of the tendon."""
    tetanic_n: "jax.Array"
    """Force with every cross-bridge attached that can be: the bound that a tetanus approaches."""


class TwitchState(NamedTuple):
    """Where each unit is in its contraction; every array has shape ``(n_units,)`` and is 0 at rest."""

    coupling_1: "jax.Array"
    coupling_2: "jax.Array"
    coupling_3: "jax.Array"
    calcium: "jax.Array"
    troponin: "jax.Array"
    cross_bridges: "jax.Array"
    tendon: tuple["jax.Array", ...]


def stepped(state: TwitchState, released: "jax.Array", k: TwitchCoefficients, dt_s: float) -> TwitchState:
    """Return the state a step later; ``released`` is the share of each unit's fibers that a discharge reached."""
    later = contracted(state, released, k, dt_s)
    tendon = _pulled(state.tendon, state.cross_bridges + later.cross_bridges, dt_s / (2 * k.tendon_s))
    return later._replace(tendon=tendon)


def contracted(state: TwitchState, released: "jax.Array", k: TwitchCoefficients, dt_s: float) -> TwitchState:
    """Return the state a step later, as `stepped` does, but with the tendon as it was."""
    arriving = state.coupling_1 + released / k.coupling_s
    a = dt_s / (2 * k.coupling_s)
    coupling_1 = arriving * (1 - a) / (1 + a)
    coupling_2 = _lagged(state.coupling_2, arriving + coupling_1, a)
    coupling_3 = _lagged(state.coupling_3, state.coupling_2 + coupling_2, a)
    half_opened = k.opening * (state.coupling_3 + coupling_3) * (dt_s / 4)
    calcium = _released(state.calcium, half_opened, k)
    calcium = _released(_taken_up(calcium, k, dt_s), half_opened, k)
    troponin = _bound(state.troponin, (state.calcium + calcium) / 2, k, dt_s)
    cross_bridges = _attached(state.cross_bridges, (state.troponin + troponin) / 2, k, dt_s)
    return TwitchState(coupling_1, coupling_2, coupling_3, calcium, troponin, cross_bridges, state.tendon)


def tetanic_share(attached: "jax.Array", k: TwitchCoefficients) -> "jax.Array":
    """Return the share of the tetanic force that attached cross-bridges give, in [0, 1]."""
    return attached * (1 + k.detachment_per_s / k.attachment_per_s)


def _pulled(tendon: tuple["jax.Array", ...], before_and_after: "jax.Array", b: "jax.Array") -> tuple["jax.Array", ...]:
    """Return the force at each stretch of the tendon a step later."""
    later = []
    for stretch in tendon:
        later.append(_lagged(stretch, before_and_after, b))
        before_and_after = stretch + later[-1]
    return tuple(later)


def _lagged(value: "jax.Array", before_and_after: "jax.Array", a: "jax.Array") -> "jax.Array":
    """Return a lag's value a step later, its input being a line from before to after (trapezoidal rule)."""
    return ((1 - a) * value + a * before_and_after) / (1 + a)


def _decayed(z: "jax.Array") -> "jax.Array":
    """Return a stand-in for ``exp(-z)`` that is right to second order and stays in (0, 1] at any step."""
    return 1 / (1 + z * (1 + z / 2))


def _released(calcium: "jax.Array", opened: "jax.Array", k: TwitchCoefficients) -> "jax.Array":
    """Return the free calcium after some of what is left in the sarcoplasmic reticulum came out."""
    return k.content - (k.content - calcium) * _decayed(opened)


def _taken_up(calcium: "jax.Array", k: TwitchCoefficients, dt_s: float) -> "jax.Array":
    """Return what a saturating uptake leaves of the calcium after a step (midpoint rule)."""
    steps = dt_s / k.uptake_s
    halfway = calcium * _decayed(steps / 2 / (1 + calcium / k.uptake_half))
    return calcium * _decayed(steps / (1 + halfway / k.uptake_half))


def _bound(troponin: "jax.Array", calcium: "jax.Array", k: TwitchCoefficients, dt_s: float) -> "jax.Array":
    """Return the activated share of troponin a step later."""
    binding = calcium**k.cooperativity
    kept = _decayed((1 + binding) * dt_s / k.troponin_s)
    return troponin * kept + (1 - kept) * binding / (1 + binding)


def _attached(cross_bridges: "jax.Array", troponin: "jax.Array", k: TwitchCoefficients, dt_s: float) -> "jax.Array":
    """Return the attached share of cross-bridges a step later."""
    attaching = k.attachment_per_s * troponin
    turning_over = attaching + k.detachment_per_s * (1 + k.detachment_rise * (1 - troponin))
    kept = _decayed(turning_over * dt_s)
    return cross_bridges * kept + (1 - kept) * attaching / turning_over
