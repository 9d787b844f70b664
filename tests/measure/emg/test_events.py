"""What repeats itself or goes along is one event where it is no chance, and two where it is."""

import numpy as np
import numpy.typing as npt
import pytest

from twitchwise.measure.emg.causes import causes_in
from twitchwise.measure.emg.coincidence import beyond_chance, locked, near_pairs
from twitchwise.measure.emg.events import repeats
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.signals import Annotation, ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

WAVE = np.sin(np.arange(60) / 5.0) * np.hanning(60)


def paired(time_s: FloatArray, unit: IntArray, shape: npt.NDArray[np.float32] | None = None) -> list[tuple[int, int]]:
    """Return the repeats of potentials that all look alike unless shapes are given."""
    shapes = np.tile(WAVE, (time_s.size, 1)).astype(np.float32) if shape is None else shape
    return repeats(time_s, unit, shapes, 120.0, emg_settings())


@pytest.mark.parametrize("interval_s", [0.006, 0.02, 0.034])
def test_a_doublet_or_an_echo_of_a_rare_unit_is_no_chance(interval_s: float) -> None:
    times = np.array([10.0, 10.0 + interval_s, 50.0, 90.0])
    assert paired(times, np.ones(4, dtype=np.int64)) == [(0, 1)]


def test_short_intervals_of_a_busy_random_unit_are_chance() -> None:
    rng = np.random.default_rng(3)
    trains = [np.sort(rng.uniform(0, 120, 130)) for _ in range(40)]
    joined = sum(len(paired(times, np.ones(times.size, dtype=np.int64))) for times in trains)
    near = sum(len(list(near_pairs(times, 0.06))) for times in trains)
    assert joined <= 0.3 * near


def test_where_discharges_crowd_repeats_are_chance_as_far_as_they_crowd() -> None:
    near, far = np.array([10.0, 10.008, 50.0, 90.0]), np.array([10.0, 10.034, 50.0, 90.0])
    for times, left in ((near, []), (far, [(0, 1)])):
        shapes = np.tile(WAVE, (4, 1)).astype(np.float32)
        found = repeats(times, np.ones(4, dtype=np.int64), shapes, 120.0, emg_settings(), crowded=300.0)
        assert found == left


def test_discharges_of_two_units_close_together_are_no_repeats() -> None:
    assert paired(np.array([10.0, 10.03]), np.array([1, 2])) == []


def test_unsorted_potentials_are_repeats_where_they_look_alike() -> None:
    times, none = np.array([10.0, 10.03]), np.array([0, 0])
    assert paired(times, none) == [(0, 1)]
    assert paired(times, none, np.stack([WAVE, WAVE[::-1] - WAVE]).astype(np.float32)) == []


def test_more_is_beyond_chance_the_more_is_seen_and_the_less_chance_gives() -> None:
    seen, even = np.arange(1.0, 30.0), np.ones(29)
    by_seen = beyond_chance(seen, 4 * even, 2 * even)
    assert (np.diff(by_seen) > 0).all()
    assert (by_seen < seen + 2).all()
    assert (np.diff(beyond_chance(9 * even, seen, 2 * even)) < 0).all()


def test_without_chance_the_mean_is_that_of_a_gamma_distribution() -> None:
    seen, usual = np.array([0.0, 1.0, 5.0]), np.array([1.0, 2.0, 0.5])
    exact = (seen + 1) / (1 + 1 / usual)
    assert beyond_chance(seen, np.full(3, 1e-9), usual) == pytest.approx(exact, rel=0.02)


def test_what_follows_at_one_lag_is_locked_and_what_comes_at_random_is_not() -> None:
    rng = np.random.default_rng(6)
    beats = np.arange(0.5, 100.0, 0.9) + rng.normal(0, 0.03, 111)
    waves = beats[::10] + 0.25
    assert locked(waves, beats, 0.5, 100.0).all()
    marked = [locked(np.sort(rng.uniform(0, 100, 40)), beats, 0.5, 100.0).mean() for _ in range(40)]
    assert np.mean(marked) < 0.01
    assert not locked(waves, np.empty(0), 0.5, 100.0).any()


def test_near_pairs_are_all_that_are_near() -> None:
    assert list(near_pairs(np.array([0.0, 0.004, 0.009, 1.0]), 0.005)) == [(0, 1), (1, 2)]


def test_stimuli_taps_and_stretches_are_read_from_the_notes() -> None:
    channel = Channel(name="a", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=100.0, n_samples=9)
    texts = ("nerve_stimulus", "Tendon tap", "stretch", "tape changed", "stimulation", "outstretched")
    notes = tuple(Annotation(start_s=float(n), duration_s=0.0, text=text) for n, text in enumerate(texts))
    source = ArraySource([np.zeros(9)])
    causes = causes_in(Recording(name="x", format="a", channels=(channel,), source=source, annotations=notes))
    assert causes.stimuli_s.tolist() == [0.0, 4.0]
    assert causes.taps_s.tolist() == [1.0]
    assert causes.stretches_s.tolist() == [2.0]
