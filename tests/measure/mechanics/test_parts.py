"""Isolation, alignment, noise, disturbance and the swing of a limb each keep their promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter

from twitchwise.knowledge import library
from twitchwise.measure.mechanics.calm import calm
from twitchwise.measure.mechanics.isolation import aligned_times_s, isolated
from twitchwise.measure.mechanics.noise import Noise, measure_noise
from twitchwise.measure.mechanics.settings import mechanics_settings
from twitchwise.measure.mechanics.swing import Limb, felt
from twitchwise.measure.mechanics.windows import Windows
from twitchwise.signals import EventTrain, Intervals
from twitchwise.vocabulary import ChannelKind, EventKind
from twitchwise.vocabulary.arrays import FloatArray


@given(times_s=st.lists(st.floats(1.0, 99.0), max_size=30))
def test_an_isolated_discharge_has_no_neighbor_and_lies_at_rest(times_s: list[float]) -> None:
    rest = Intervals(((0.0, 40.0), (45.0, 100.0)))
    marked = isolated(np.array(times_s), rest, 0.5)
    for index, time_s in enumerate(times_s):
        apart = all(abs(time_s - other) >= 0.5 for place, other in enumerate(times_s) if place != index)
        inside = any(start <= time_s - 0.25 and time_s + 0.5 <= stop for start, stop in rest.spans)
        assert marked[index] == (apart and inside)


def train(lag_s: FloatArray, peak: FloatArray, unit: int) -> EventTrain:
    start_s = np.arange(1.0, 1.0 + lag_s.size)
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel="emg",
        start_s=start_s,
        peak_s=start_s + lag_s,
        end_s=start_s + 0.03,
        peak=peak,
        unit=np.full(lag_s.size, unit),
    )


def test_events_of_a_unit_are_lined_up_by_their_peaks() -> None:
    lag_s = 4e-3 + 1e-3 * np.random.default_rng(1).standard_normal(21)
    events = train(lag_s, np.ones(21), unit=1)
    assert aligned_times_s(events) == pytest.approx(events.peak_s - np.median(lag_s))


def test_a_potential_whose_two_phases_compete_is_lined_up_by_each() -> None:
    is_late = np.arange(20) % 2 == 1
    events = train(np.where(is_late, 9e-3, 3e-3), np.where(is_late, -1.0, 1.0), unit=2)
    assert aligned_times_s(events) == pytest.approx(events.start_s)


def test_a_peak_of_something_else_leaves_the_start() -> None:
    lag_s = np.full(9, 3e-3)
    lag_s[4] = 0.02
    events = train(lag_s, np.ones(9), unit=1)
    assert aligned_times_s(events) == pytest.approx(events.start_s)


def test_events_that_were_not_sorted_keep_their_starts() -> None:
    events = train(np.linspace(1e-3, 5e-3, 9), np.ones(9), unit=0)
    assert aligned_times_s(events) == pytest.approx(events.start_s)


def noise_of(samples: FloatArray, n: int) -> Noise:
    found = measure_noise(samples, np.ones(samples.size, dtype=np.bool_), n, 500.0)
    assert found is not None
    return found


def test_whitened_noise_is_white_and_of_variance_one() -> None:
    white = np.random.default_rng(1).standard_normal(60_000)
    colored = lfilter([1.0], [1.0, -1.6, 0.8], white)
    noise = noise_of(colored, 100)
    pieces = colored[:50_000].reshape(-1, 100) @ noise.whitening.T
    covariance = np.cov(pieces.T)
    assert np.diag(covariance) == pytest.approx(np.ones(100), abs=0.25)
    assert np.abs(covariance - np.diag(np.diag(covariance))).mean() < 0.1
    assert noise.rms == pytest.approx(colored.std(), rel=0.02)
    assert noise.duration_s == 120.0


def test_too_little_rest_and_a_dead_channel_have_no_noise() -> None:
    quiet = np.ones(300, dtype=np.bool_)
    assert measure_noise(np.random.default_rng(1).standard_normal(300), quiet, 100, 500.0) is None
    assert measure_noise(np.zeros(3000), np.ones(3000, dtype=np.bool_), 100, 500.0) is None


def test_a_window_that_differs_from_all_others_is_not_calm() -> None:
    generator = np.random.default_rng(2)
    noise = noise_of(generator.standard_normal(20_000), 100)
    time_s = np.arange(100) / 500.0
    samples = np.sin(20 * time_s) + generator.standard_normal((12, 100))
    samples[3] += 5 * np.sin(200 * time_s)
    samples[7] += 3.0 + 8.0 * time_s  # a level and a slope are no disturbance
    windows = Windows(samples=samples, time_s=time_s, late_s=np.zeros(12), event=np.arange(12))
    assert np.flatnonzero(~calm(windows, noise, 3.0)).tolist() == [3]


def test_skin_that_follows_at_once_feels_the_second_derivative_of_the_force() -> None:
    time_s = np.arange(2000) / 2000.0
    force = np.where(time_s > 0.2, (time_s - 0.2) ** 3 * np.exp(-(time_s - 0.2) / 0.05), 0.0)
    expected = np.gradient(np.gradient(force, time_s), time_s)
    response = felt(force, 2000.0, Limb(300.0, 1.0), ChannelKind.ACCELERATION)
    assert np.corrcoef(expected[5:-5], response[5:-5])[0, 1] > 0.95


def test_velocity_is_the_integral_of_acceleration() -> None:
    force = np.hanning(200) * (np.arange(200) > 0)
    force = np.append(force, np.zeros(800))
    limb = Limb(6.0, 0.2)
    velocity = felt(force, 500.0, limb, ChannelKind.ANGULAR_VELOCITY)
    acceleration = felt(force, 500.0, limb, ChannelKind.ACCELERATION)
    assert velocity == pytest.approx(np.cumsum(acceleration) / 500.0, abs=0.02 * np.abs(velocity).max())


def test_a_limb_rings_at_its_resonance_and_comes_to_rest_when_it_says() -> None:
    limb = Limb(5.0, 0.1)
    force = np.zeros(2000)
    force[0] = 1.0
    ring = felt(force, 500.0, limb, ChannelKind.ANGULAR_VELOCITY)
    crossings = np.flatnonzero(np.diff(np.sign(ring[2:600]))) / 500.0
    assert np.mean(np.diff(crossings)) == pytest.approx(0.1, rel=0.02)
    late = ring[round(limb.ringing_s * 500) :]
    assert np.abs(late).max() < 0.07 * np.abs(ring).max()


def test_every_number_comes_from_its_knowledge_file() -> None:
    settings = mechanics_settings()
    files = {name for name in library().parameters if name.startswith("mechanics_")}
    stems = {name.removesuffix("_s").removesuffix("_hz") for name in settings.__slots__}
    assert {f"mechanics_{name}" for name in stems} == files
    assert settings.isolation_s == library().value("mechanics_isolation")


def test_noise_of_a_long_channel_does_not_hang_on_where_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(8)
    samples = np.convolve(chance.normal(size=30_000), np.exp(-np.arange(60) / 12.0), mode="same")
    quiet = chance.random(30_000) > 0.2
    whole = measure_noise(samples, quiet, 100, 500.0)
    monkeypatch.setattr("twitchwise.measure.mechanics.noise._PIECE_SAMPLES", 1777)
    cut = measure_noise(samples, quiet, 100, 500.0)
    assert whole is not None
    assert cut is not None
    assert cut.rms == pytest.approx(whole.rms, rel=1e-12)
    np.testing.assert_allclose(cut.whitening, whole.whitening, rtol=1e-6, atol=1e-9)
