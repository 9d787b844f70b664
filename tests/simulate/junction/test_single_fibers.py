"""Single fibers jitter and block as single-fiber EMG finds them, and their mean is what whole units show."""

from collections.abc import Callable

import numpy as np
import pytest

from twitchwise.simulate.junction import Junction, SingleFibers, expected_shares, single_fibers
from twitchwise.vocabulary import OutOfRangeError

MakeJunction = Callable[..., Junction]
LIMIT_OF_MEAN_S = 30e-6  # Stalberg et al. 2016: healthy forearm, voluntary
LIMIT_OF_PAIR_S = 43e-6
LIMIT_OF_MEAN_STIMULATED_S = 24e-6
LIMIT_OF_FIBER_STIMULATED_S = 35e-6


def recorded(junction: Junction, rate_hz: float = 10.0, n_fibers: int = 400) -> SingleFibers:
    """Follow fibers through 150 discharges."""
    return single_fibers(np.arange(150) / rate_hz, n_fibers, junction, np.random.default_rng(5))


def test_jitter_of_healthy_pairs_lies_at_20_to_30_microseconds_and_below_the_limit(junction_in: MakeJunction) -> None:
    jitter_s = recorded(junction_in()).pair_jitter_s()
    assert 20e-6 < jitter_s.mean() < LIMIT_OF_MEAN_S
    assert np.quantile(jitter_s, 0.95) < LIMIT_OF_PAIR_S


def test_the_rise_time_gives_the_mean_jitter_that_it_is_said_to_give(junction_in: MakeJunction) -> None:
    assert recorded(junction_in(), n_fibers=2000).pair_jitter_s().mean() == pytest.approx(24e-6, abs=1.5e-6)


def test_a_stimulated_axon_shows_the_jitter_of_one_fiber_within_its_limits(junction_in: MakeJunction) -> None:
    fibers = recorded(junction_in())
    assert fibers.jitter_s().mean() < LIMIT_OF_MEAN_STIMULATED_S
    assert np.quantile(fibers.jitter_s(), 0.95) < LIMIT_OF_FIBER_STIMULATED_S
    assert fibers.pair_jitter_s().mean() == pytest.approx(2**0.5 * fibers.jitter_s().mean(), rel=0.05)


def test_healthy_jitter_is_least_at_half_a_discharge_per_second_and_level_from_5_to_20(
    junction_in: MakeJunction,
) -> None:
    slow, walk, light, heavy = (recorded(junction_in(), rate).jitter_s().mean() for rate in (0.5, 5.0, 10.0, 20.0))
    assert slow < min(walk, light, heavy)
    assert max(walk, light, heavy) < 1.1 * min(walk, light, heavy)


@pytest.mark.parametrize("disease", ["myasthenia gravis", "receptor deficiency", "Lambert-Eaton syndrome", "botulism"])
def test_failing_junctions_jitter_beyond_the_limit_and_block(junction_in: MakeJunction, disease: str) -> None:
    fibers = recorded(junction_in(disease))
    assert np.nanmean(fibers.pair_jitter_s()) > 2 * LIMIT_OF_MEAN_S
    assert (fibers.blocking > 0).mean() > 0.5
    assert recorded(junction_in()).blocking.mean() < 1e-3


def test_fibers_with_more_jitter_are_nearer_to_blocking(junction_in: MakeJunction) -> None:
    fibers = recorded(junction_in("myasthenia gravis"))
    jitter_s, never = fibers.jitter_s(), fibers.blocking == 0
    assert np.nanmean(jitter_s[~never]) > 1.5 * np.nanmean(jitter_s[never])


def test_lambert_eaton_blocks_less_at_a_high_rate_and_myasthenia_more(junction_in: MakeJunction) -> None:
    def blocking(disease: str, rate_hz: float) -> float:
        return float(recorded(junction_in(disease), rate_hz).blocking.mean())

    assert blocking("Lambert-Eaton syndrome", 50.0) < blocking("Lambert-Eaton syndrome", 2.0) - 0.2
    assert blocking("myasthenia gravis", 10.0) > blocking("myasthenia gravis", 0.5) + 0.05


@pytest.mark.parametrize("rate_hz", [3.0, 20.0, 50.0])
@pytest.mark.parametrize("disease", ["healthy", "myasthenia gravis", "Lambert-Eaton syndrome", "botulism"])
def test_the_mean_over_fibers_is_that_of_whole_units(junction_in: MakeJunction, disease: str, rate_hz: float) -> None:
    time_s, junction = np.arange(20) / rate_hz, junction_in(disease)
    counted = single_fibers(time_s, 8000, junction, np.random.default_rng(7)).fired.mean(axis=0)
    np.testing.assert_allclose(counted, expected_shares(time_s, junction), atol=0.03)


def test_quanta_are_whole_numbers_and_never_more_than_the_store_holds(junction_in: MakeJunction) -> None:
    junction = junction_in()
    quanta = recorded(junction, 50.0).quanta
    assert (quanta == np.rint(quanta)).all()
    assert quanta.min() >= 0
    assert quanta.max() <= junction.release.store
    assert quanta[:, 0].mean() == pytest.approx(junction.release.quantal_content, rel=0.02)


def test_a_fiber_that_never_fires_has_no_jitter_and_blocks_always(junction_in: MakeJunction) -> None:
    fibers = single_fibers(np.arange(10) / 10.0, 4, junction_in(quantum_size=0.0), np.random.default_rng(1))
    assert np.isnan(fibers.jitter_s()).all()
    assert np.isnan(fibers.pair_jitter_s()).all()
    assert fibers.blocking.tolist() == [1.0] * 4


def test_a_terminal_without_transmitter_releases_none(junction_in: MakeJunction) -> None:
    fibers = single_fibers(np.arange(5) / 10.0, 3, junction_in(quantal_content=0.0), np.random.default_rng(1))
    assert not fibers.quanta.any()
    assert not fibers.fired.any()


def test_one_seed_gives_one_recording(junction_in: MakeJunction) -> None:
    first, second = recorded(junction_in("myasthenia gravis")), recorded(junction_in("myasthenia gravis"))
    np.testing.assert_array_equal(first.delay_s, second.delay_s)


def test_no_fiber_is_refused(junction_in: MakeJunction) -> None:
    with pytest.raises(OutOfRangeError, match="n_fibers"):
        single_fibers(np.zeros(1), 0, junction_in(), np.random.default_rng(1))
