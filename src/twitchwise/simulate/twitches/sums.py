"""Sums over the units of a pool that do not depend on what a pool is filled up to, nor on who is stepped beside.

A compiler adds the members of a row in the order that suits its length. Here the order is written out: block after
block of units, then the sums of the places of a block by halves. What fills a pool up adds zeros at the end of it.
"""

from twitchwise.simulate.engine import jax, jnp

UNIT_BLOCK = 16  # units are filled up to multiples of it, so that pools of similar size share a compiled loop


def filled_size(n_units: int, block: int = UNIT_BLOCK) -> int:
    """Return the number of units that a pool is filled up to, in whole blocks."""
    return -(-n_units // block) * block


def summed(values: jax.Array) -> jax.Array:
    """Return the sum over the last axis; shape ``(...)``."""
    missing = -values.shape[-1] % UNIT_BLOCK
    if missing:
        values = jnp.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)])
    blocks = [values[..., at : at + UNIT_BLOCK] for at in range(0, values.shape[-1], UNIT_BLOCK)]
    total = blocks[0]
    for block in blocks[1:]:
        total = total + block
    while total.shape[-1] > 1:
        half = total.shape[-1] // 2
        total = total[..., :half] + total[..., half:]
    return total[..., 0]
