"""The bank's null distribution is that of noise, and potentials stand out of it."""

import numpy as np
import pytest

from twitchwise.measure.emg.units.bank import Bank, deviate_of_height, make_bank
from twitchwise.measure.emg.units.color import NoiseColor

WHITE = NoiseColor(filters=np.ones((1, 1)))
RATE_HZ = 2000.0


@pytest.fixture(scope="module")
def bank() -> Bank:
    return make_bank(WHITE, RATE_HZ, 1, 0.004)


def test_noise_gives_as_many_peaks_as_foretold(bank: Bank) -> None:
    n = 2_000_000
    statistic = bank.statistic(np.random.default_rng(11).standard_normal((1, n), dtype=np.float32))
    for least in (3.0, 3.5, 4.0):
        count = bank.peaks(statistic, np.ones(n, dtype=np.bool_), least).size
        foretold = float(bank.null_tail(least)) * n
        assert 0.5 * foretold - 10 < count < 1.3 * foretold + 10


def test_filters_are_orthonormal(bank: Bank) -> None:
    for filters in bank.filters:
        assert np.allclose(filters @ filters.T, np.eye(filters.shape[0]), atol=1e-5)


@pytest.mark.parametrize("width_s", [0.0006, 0.001, 0.002])
def test_a_potential_stands_out_where_it_is(bank: Bank, width_s: float) -> None:
    noise = np.random.default_rng(1).standard_normal((1, 4000), dtype=np.float32)
    x = (np.arange(4000) - 2000) / RATE_HZ / width_s
    shape = (x * np.exp(-(x**2) / 2)).astype(np.float32)
    noise += 9 * shape / np.linalg.norm(shape)
    statistic = bank.statistic(noise)
    assert abs(int(statistic.argmax()) - 2000) <= 6
    assert statistic.max() > 5
    assert statistic.max() == pytest.approx(float(deviate_of_height(np.array([9.0]))[0]), abs=1.5)


def test_components_add_up_when_noise_hides_each() -> None:
    many = make_bank(WHITE, RATE_HZ, 8, 0.004)
    noise = np.random.default_rng(2).standard_normal((8, 4000), dtype=np.float32)
    x = (np.arange(4000) - 2000) / RATE_HZ / 0.001
    shape = (x * np.exp(-(x**2) / 2)).astype(np.float32)
    together = noise + 4.5 * shape / np.linalg.norm(shape)
    alone = together[:1]
    assert many.statistic(together)[1990:2010].max() > 5
    assert many.statistic(alone)[1990:2010].max() < many.statistic(together)[1990:2010].max()


def test_peaks_keep_apart_and_are_usable(bank: Bank) -> None:
    statistic = np.zeros(100, dtype=np.float32)
    statistic[[20, 24, 60]] = [5.0, 6.0, 7.0]
    usable = np.ones(100, dtype=np.bool_)
    assert bank.peaks(statistic, usable, 4.0).tolist() == [24, 60]
    usable[60] = False
    assert bank.peaks(statistic, usable, 4.0).tolist() == [24]


def test_a_stretch_shorter_than_the_filters_holds_nothing(bank: Bank) -> None:
    assert (bank.statistic(np.ones((1, 3), dtype=np.float32)) == -np.inf).all()


def test_filters_grow_weaker_where_noise_is_louder_and_never_stronger(bank: Bank) -> None:
    frames = np.random.default_rng(3).standard_normal((40, 1, 512), dtype=np.float32)
    loud, quiet = bank.calibrated(1.3 * frames), bank.calibrated(0.5 * frames)
    for one, two, three in zip(bank.filters, loud.filters, quiet.filters, strict=True):
        assert np.linalg.norm(two) == pytest.approx(np.linalg.norm(one) / 1.3, rel=0.05)
        assert np.array_equal(one, three)
    assert bank.calibrated(frames[:0]).filters[0] is bank.filters[0]


def test_a_slow_channel_keeps_its_widest_filter() -> None:
    assert len(make_bank(WHITE, 100.0, 1, 0.004).filters) == 1
