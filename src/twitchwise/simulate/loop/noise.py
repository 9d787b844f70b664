"""Noise that follows from a number of the moment and salts of the unit alone, so that no run changes another's.

A hash of 32 bits in three rounds of multiply, shift and exclusive-or (the finalizer of MurmurHash3 by Appleby, public
domain), salted before and inside. It costs a few integer operations, needs no state, and gives each unit the same noise
however long the run is and however many units run beside it. One draw is even in [-1, 1); a membrane that averages
dozens of draws makes it normal.
"""

from twitchwise.simulate.engine import jax, jnp, lax

_WEYL = 0x9E3779B9  # an odd number near 2**32 over the golden ratio spreads moments that follow one another
_FIRST = 0x85EBCA6B  # the multipliers of the finalizer
_SECOND = 0xC2B2AE35
_SCALE = 2.0**-31


def uniform(moment: jax.Array, salt: jax.Array) -> jax.Array:
    """Return an even draw in [-1, 1) for each unit.

    Parameters
    ----------
    moment
        Number of the moment, an integer scalar.
    salt
        Two uint32 for each unit, shape ``(2, ...)``.

    Returns
    -------
    jax.Array
        float32, shape ``(...)``.
    """
    x = moment.astype(jnp.uint32) * jnp.uint32(_WEYL) + salt[0]
    x = (x ^ (x >> 16)) * jnp.uint32(_FIRST) + salt[1]
    x = (x ^ (x >> 13)) * jnp.uint32(_SECOND)
    x = x ^ (x >> 16)
    return lax.bitcast_convert_type(x, jnp.int32).astype(jnp.float32) * _SCALE
