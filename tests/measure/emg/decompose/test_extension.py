"""The extension gives what writing all delays down would give."""

import numpy as np
import pytest

from twitchwise.measure.emg.decompose.extension import Extension, extended, lagged_covariance, whitened
from twitchwise.measure.emg.decompose.parting import halves
from twitchwise.measure.emg.decompose.refine import alone, refined, without_oneself
from twitchwise.measure.emg.decompose.search import activity_index, climb, starts
from twitchwise.measure.emg.decompose.trains import split

N_DELAYS = 3


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(4, 9000)).astype(np.float32)


def test_a_column_holds_each_channel_from_now_backward(noise: np.ndarray) -> None:
    column = extended(noise, N_DELAYS)[:, 10]
    np.testing.assert_array_equal(column.reshape(4, N_DELAYS), noise[:, [12, 11, 10]])
    extension = Extension.of(noise, N_DELAYS, ridge=1e-4)
    np.testing.assert_array_equal(extension.columns(np.array([10]))[:, 0], column)


def test_the_covariance_is_that_of_the_written_down_extension(noise: np.ndarray) -> None:
    wide = extended(noise, N_DELAYS).astype(np.float64)
    np.testing.assert_allclose(lagged_covariance(noise, N_DELAYS), wide @ wide.T / wide.shape[1], atol=2e-3)


def test_filters_give_the_same_as_the_written_down_extension(noise: np.ndarray) -> None:
    extension = Extension.of(noise, N_DELAYS, ridge=1e-4)
    filters = extension.filters([np.array([5, 50, 500]), np.array([7, 70])])
    np.testing.assert_allclose(extension.sources(filters), filters @ extended(noise, N_DELAYS), atol=1e-4)
    np.testing.assert_allclose(extension.sources(filters).std(axis=1), 1.0, rtol=0.05)


def test_whitened_samples_have_no_direction_louder_than_another(noise: np.ndarray) -> None:
    mixed = (np.random.default_rng(1).normal(size=(4, 4)) @ noise).astype(np.float32)
    white = whitened(mixed, N_DELAYS)
    np.testing.assert_allclose(white @ white.T / white.shape[1], np.eye(len(white)), atol=0.02)


def test_directions_that_hold_nothing_are_left_out(noise: np.ndarray) -> None:
    twice = np.concatenate([noise, noise[:1]])
    assert len(whitened(twice, N_DELAYS)) == 4 * N_DELAYS


def test_a_discharge_of_noise_stands_high_only_by_itself(noise: np.ndarray) -> None:
    extension = Extension.of(noise, N_DELAYS, ridge=1e-4)
    train = np.array([100, 2000, 4000, 6000])
    source = extension.sources(extension.filters([train]))[0]
    parted = split(np.arange(source.size), np.square(source, dtype=np.float64))
    parted = split(train, parted.height[train])
    assert alone(extension, train).mean() < source[train].mean() - 1
    for place, height in zip(parted.discharges, without_oneself(extension, parted, train), strict=True):
        expected = alone(extension, train)[list(train).index(place)]
        assert np.sqrt(height) == pytest.approx(max(expected, 0), abs=0.05)


def test_a_train_of_one_discharge_leads_nowhere(noise: np.ndarray) -> None:
    extension = Extension.of(noise, N_DELAYS, ridge=1e-4)
    assert refined(extension, [np.array([100])], 20) == []


def two_kinds(difference: float) -> tuple[Extension, np.ndarray]:
    random = np.random.default_rng(3)
    samples = random.normal(size=(6, 20000)).astype(np.float32)
    train = np.arange(100, 19000, 190)
    shape = np.array([6.0, 6.0, 6.0, 0.0, 0.0, 0.0])
    for number, place in enumerate(train):
        sign = 1 if number % 3 else -1
        samples[:, place] += shape + sign * difference * np.array([1, -1, 1, 1, -1, 1])
    return Extension.of(samples, N_DELAYS, ridge=1e-4), train - N_DELAYS + 1


def test_two_units_taken_for_one_fall_into_two_groups() -> None:
    extension, train = two_kinds(3.0)
    groups = halves(extension, train, least=4)
    assert sorted(group.size for group in groups) == [train[::3].size, train.size - train[::3].size]


def test_one_unit_does_not_fall_apart() -> None:
    extension, train = two_kinds(0.0)
    assert halves(extension, train, least=4) == []
    assert halves(extension, train[:6], least=4) == []


def test_starts_are_the_loudest_samples_and_lie_apart(noise: np.ndarray) -> None:
    index = activity_index(noise)
    free = np.ones(index.size, dtype=np.bool_)
    places = starts(index, free, n=10, apart=50)
    assert index[places[0]] == index[1:-1].max()
    assert np.diff(np.sort(places)).min() > 50
    assert starts(index[:40], free[:40], n=10, apart=1000).size <= 1
    free[places] = False
    assert not set(starts(index, free, n=10, apart=50)) & set(places)


def test_starts_that_meet_go_on_as_one() -> None:
    random = np.random.default_rng(0)
    samples = random.normal(size=(8, 6000)).astype(np.float32)
    samples[0, ::97] += 15
    white = whitened(samples, 1)
    assert len(climb(white, np.arange(0, 970, 97))) == 1
