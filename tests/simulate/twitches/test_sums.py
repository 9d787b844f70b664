"""Sums over the units of a pool do not depend on what it is filled up to, nor on how many pools there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.simulate.engine import jax, jnp
from twitchwise.simulate.twitches.sums import UNIT_BLOCK, filled_size, summed


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 200), st.integers(0, 5), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_sum_is_the_same_to_the_bit_whatever_a_pool_is_filled_up_to(
    n_units: int, more_blocks: int, n_pools: int, seed: int
) -> None:
    values = np.random.default_rng(seed).lognormal(0.0, 3.0, n_units).astype(np.float32)
    size = filled_size(n_units)
    large = np.zeros((n_pools, size + more_blocks * UNIT_BLOCK), np.float32)
    large[:, :n_units] = values
    one, many = jax.jit(summed)(jnp.asarray(values)), jax.jit(summed)(jnp.asarray(large))
    assert np.asarray(many).tolist() == [float(one)] * n_pools
    assert float(one) == pytest.approx(float(values.astype(np.float64).sum()), rel=1e-5)


@given(st.integers(1, 2000))
def test_pools_are_filled_up_to_whole_blocks(n_units: int) -> None:
    size = filled_size(n_units)
    assert n_units <= size < n_units + UNIT_BLOCK
    assert size % UNIT_BLOCK == 0
