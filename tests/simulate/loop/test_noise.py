"""The hashed noise is even, white, and the units' own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.loop.noise import uniform

WORDS = st.integers(0, 2**32 - 1)
MANY = 20_000


def _drawn(first: int, second: int, moments: int = MANY) -> np.ndarray:
    salt = jnp.asarray([[first], [second]], dtype=jnp.uint32)
    return np.asarray(jax.vmap(lambda moment: uniform(moment, salt))(jnp.arange(moments)))[:, 0]


@given(WORDS, WORDS)
def test_a_unit_s_noise_is_even_and_white(first: int, second: int) -> None:
    x = _drawn(first, second).astype(np.float64)
    limit = 5 / np.sqrt(MANY)  # five standard errors of a share or a correlation
    assert x.min() >= -1
    assert x.max() < 1
    assert abs(x.mean()) < limit
    assert abs(3 * np.mean(x**2) - 1) < limit
    for lag in (1, 2, 3, 4, 32):
        assert abs(3 * np.mean(x[lag:] * x[:-lag])) < limit


@given(st.tuples(WORDS, WORDS), st.tuples(WORDS, WORDS))
def test_two_units_have_noise_of_their_own(one: tuple[int, int], other: tuple[int, int]) -> None:
    # a first word of 32 bits that two units share does not come up; the second alone would shift the draws
    if one[0] != other[0]:
        assert abs(3 * np.mean(_drawn(*one).astype(float) * _drawn(*other))) < 5 / np.sqrt(MANY)


def test_noise_follows_from_the_moment_alone() -> None:
    salt = jnp.asarray([[7, 8], [9, 10]], dtype=jnp.uint32)
    alone = uniform(jnp.asarray(12345), salt[:, :1])
    beside_another = uniform(jnp.asarray(12345), salt)
    assert alone[0] == beside_another[0]
    assert beside_another[0] != beside_another[1]
