"""Repeats of a unit are one event where they are no chance."""

import numpy as np

from twitchwise.measure.emg.causes import causes_in
from twitchwise.measure.emg.coincidence import going_along, near_pairs, repeats_itself
from twitchwise.signals import Annotation, ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit


def test_doublets_of_a_rare_unit_are_no_chance() -> None:
    times = np.array([10.0, 10.03, 50.0, 90.0])
    assert repeats_itself(times, np.ones(4, dtype=np.int64), 0.06, 120.0)


def test_short_intervals_of_a_busy_random_unit_are_chance() -> None:
    rng = np.random.default_rng(3)
    by_chance = [
        repeats_itself(np.sort(rng.uniform(0, 120, 80)), np.ones(80, dtype=np.int64), 0.06, 120.0) for _ in range(40)
    ]
    assert sum(by_chance) <= 3


def test_discharges_of_two_units_close_together_are_no_repeats() -> None:
    assert not repeats_itself(np.array([10.0, 10.03]), np.array([1, 2]), 0.06, 120.0)


def test_unsorted_potentials_are_no_repeats() -> None:
    assert not repeats_itself(np.array([10.0, 10.03]), np.array([0, 0]), 0.06, 120.0)


def test_units_that_always_come_together_go_along_and_random_ones_do_not() -> None:
    rng = np.random.default_rng(4)
    first = np.sort(rng.uniform(0, 300, 30))
    together = np.concatenate([first, first[:10] + 0.004])
    order = np.argsort(together)
    unit = np.repeat([1, 2], [30, 10])
    assert going_along(together[order], unit[order], 0.01, 300.0) == {(1, 2)}
    apart = np.concatenate([first, np.sort(rng.uniform(0, 300, 30))])
    order = np.argsort(apart)
    assert going_along(apart[order], np.repeat([1, 2], 30)[order], 0.01, 300.0) == set()


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
