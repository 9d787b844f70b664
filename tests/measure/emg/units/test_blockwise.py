"""Filters applied block by block give what they give at once, and only changed blocks need to be worked out anew."""

import numpy as np
import pytest

from twitchwise.measure.emg.units.bank import make_bank
from twitchwise.measure.emg.units.blockwise import Blocks
from twitchwise.measure.emg.units.color import NoiseColor


@pytest.mark.parametrize(("n_samples", "reach"), [(10, 4), (700, 30), (5000, 30), (20_000, 400)])
@pytest.mark.parametrize("n_components", [1, 3])
def test_filters_give_what_correlation_gives(n_samples: int, reach: int, n_components: int) -> None:
    rng = np.random.default_rng(1)
    samples = rng.standard_normal((n_components, n_samples), dtype=np.float32)
    filters = rng.standard_normal((2, n_components, 2 * (reach // 2) + 1), dtype=np.float32)
    half = reach // 2
    padded = np.pad(samples, ((0, 0), (half, half)))
    expected = [
        np.sum([np.correlate(row, one, mode="valid") for row, one in zip(padded, each, strict=True)], axis=0)
        for each in filters
    ]
    assert np.allclose(Blocks.of(reach).matched(samples, filters), expected, atol=2e-3)


@pytest.mark.parametrize("n_components", [1, 2])
def test_a_statistic_renewed_where_samples_changed_is_that_of_all(n_components: int) -> None:
    rng = np.random.default_rng(2)
    bank = make_bank(NoiseColor(filters=np.ones((n_components, 1))), 2000.0, n_components, 0.004)
    samples = rng.standard_normal((n_components, 9000), dtype=np.float32)
    changed = np.zeros(9000, dtype=np.bool_)
    changed[[0, 1, 4000, 4001, 8999]] = True
    other = samples + 3 * changed.astype(np.float32)
    renewed = bank.renewed(bank.statistic(samples), other, changed)
    assert np.allclose(renewed, bank.statistic(other), atol=1e-3)
