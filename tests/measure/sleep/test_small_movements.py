"""Fragmentary myoclonus, high-frequency leg movements and alternating legs: each clause on constructed EMG."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measure.sleep.nights import Emg, emg_night, measured, stages, values

from twitchwise.measure import RecordingMeasurements
from twitchwise.measure.sleep.bursts import Bursts
from twitchwise.measure.sleep.movements import LEFT, RIGHT, Movements
from twitchwise.measure.sleep.settings import small_rules
from twitchwise.measure.sleep.small_movements import (
    alternating_rows,
    busy_time,
    fast_rows,
    fragmentary_bursts,
    marked_epochs,
)
from twitchwise.signals import Intervals
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray

RULES = small_rules()


def bursts(duration_s: float, size: float, times: FloatArray | None = None) -> Bursts:
    start = np.array([10.0, 13.7, 22.0, 22.9, 40.0]) if times is None else times
    return Bursts(
        start_s=start, stop_s=start + duration_s, peak_s=start + duration_s / 2, size=np.full(start.size, size)
    )


@pytest.mark.parametrize(
    ("duration_s", "size_v", "counts"),
    [(0.1, 60e-6, True), (0.15, 50e-6, True), (0.151, 60e-6, False), (0.1, 49e-6, False), (0.02, 300e-6, True)],
)
def test_a_burst_lasts_at_most_150_ms_and_has_50_microvolts(duration_s: float, size_v: float, *, counts: bool) -> None:
    assert len(fragmentary_bursts(bursts(duration_s, size_v), RULES)) == (5 if counts else 0)


def test_bursts_as_regular_as_a_heart_are_none() -> None:
    assert len(fragmentary_bursts(bursts(0.1, 60e-6, np.arange(10.0, 100.0, 0.9)), RULES)) == 0


def test_the_index_counts_stretches_of_three_seconds_once() -> None:
    times = np.array([0.1, 0.5, 2.9, 3.1, 8.0, 100.0])
    assert marked_epochs(times, Intervals(((0.0, 60.0),)), 3.0).tolist() == [0.1, 3.1, 8.0]


def test_the_index_reaches_at_most_1200_an_hour() -> None:
    marked = marked_epochs(np.arange(0.0, 3600.0, 0.5), Intervals(((0.0, 3600.0),)), RULES.fm_epoch_s)
    assert marked.size == 1200


@pytest.mark.parametrize(("per_minute", "busy_s"), [(4, 0.0), (5, 1800.0), (12, 1800.0)])
def test_a_minute_counts_with_five_bursts(per_minute: int, busy_s: float) -> None:
    times = np.arange(0.0, 1800.0, 60.0 / per_minute) + 0.1
    assert busy_time(times, Intervals(((0.0, 1800.0),)), RULES.fm_per_minute) == busy_s


def test_minutes_are_those_of_the_time_looked_at() -> None:
    looked = Intervals(((0.0, 30.0), (1000.0, 1030.0)))
    times = np.array([1.0, 2.0, 3.0, 1001.0, 1002.0])
    assert busy_time(times, looked, 5.0) == 60.0
    assert busy_time(times, Intervals(), 5.0) == 0.0


def row(interval_s: float, n: int, duration_s: float, leg: int = LEFT, start_s: float = 100.0) -> Movements:
    starts = start_s + interval_s * np.arange(n)
    return Movements.of(zip(starts, starts + duration_s, strict=True), leg)


@pytest.mark.parametrize(
    ("interval_s", "n", "rows"),
    [(0.62, 4, 1), (0.62, 3, 0), (0.62, 40, 1), (3.3, 6, 1), (3.4, 6, 0), (0.26, 6, 1), (0.24, 6, 0)],
)
def test_high_frequency_movements_are_four_or_more_at_a_third_to_four_hertz(
    interval_s: float, n: int, rows: int
) -> None:
    # at the highest rates a burst must be short to end before the next
    found = fast_rows(row(interval_s, n, min(0.3, interval_s - 0.05)), replace(RULES, fast_shortest_s=0.15))
    assert len(found) == rows
    assert all(one.movements == n for one in found)


def test_bursts_of_fragmentary_myoclonus_are_no_high_frequency_movement() -> None:
    assert fast_rows(row(0.6, 10, 0.1), RULES) == ()


@pytest.mark.parametrize(
    ("interval_s", "duration_s", "pairs", "rows"),
    [(0.6, 0.3, 4, 1), (0.6, 0.3, 1, 0), (0.6, 0.05, 4, 0), (2.1, 0.3, 4, 0), (0.3, 0.2, 4, 0), (0.9, 0.55, 4, 0)],
)
def test_alternating_legs_are_four_or_more_brief_bursts_now_left_now_right(
    interval_s: float, duration_s: float, pairs: int, rows: int
) -> None:
    left = row(2 * interval_s, pairs, duration_s, LEFT)
    right = row(2 * interval_s, pairs, duration_s, RIGHT, 100.0 + interval_s)
    assert len(alternating_rows(Movements.together([left, right]), RULES)) == rows
    assert len(alternating_rows(left, RULES)) == 0


def night_with(legs: dict[str, Emg], minutes: int = 40) -> RecordingMeasurements:
    return measured(emg_night(legs, stages(["W"] * 4 + ["N2"] * (2 * minutes - 4))))


def twitching(n: int, seed: int = 0, minutes: int = 40) -> Emg:
    emg = Emg(60.0 * minutes, 512.0, seed=seed)
    for time_s in np.sort(emg.rng.uniform(130.0, 60.0 * minutes - 1.0, n)):
        emg.burst(time_s, 0.08, 60e-6)
    return emg


def test_fragmentary_myoclonus_is_counted_and_excess_told() -> None:
    found = values(night_with({"EMG LAT": twitching(600)}))
    # 38 min of sleep: 760 stretches of 3 s, of which 1 - exp(-600 / 760) hold a burst
    assert found["fragmentary_myoclonus_index"].value == pytest.approx(1200 * (1 - np.exp(-600 / 760)), rel=0.12)
    assert found["fragmentary_myoclonus_time"].value == pytest.approx(38 / 60, abs=2.1 / 60)
    assert "(met)" in found["fragmentary_myoclonus_time"].method
    rare = values(night_with({"EMG LAT": twitching(40)}))
    assert "(not met)" in rare["fragmentary_myoclonus_time"].method


def test_bursts_in_leg_movements_are_none_of_fragmentary_myoclonus() -> None:
    emg = Emg(2400.0, 512.0)
    for time_s in np.arange(200.0, 2300.0, 25.0):
        emg.burst(time_s, 3.0, 40e-6)
    assert values(night_with({"EMG LAT": emg}))["fragmentary_myoclonus_index"].value < 5.0


def test_rows_of_fast_movements_are_counted_in_emg() -> None:
    left, right = Emg(2400.0, 512.0), Emg(2400.0, 512.0, seed=1)
    for time_s in np.arange(0.0, 6.0, 0.7):
        left.burst(400.0 + time_s, 0.4, 40e-6)
    for number, time_s in enumerate(np.arange(0.0, 8.0, 0.7)):
        (left, right)[number % 2].burst(900.0 + time_s, 0.25, 40e-6)
    found = values(night_with({"EMG LAT": left, "EMG RAT": right}))
    assert found["high_frequency_leg_movement_count"].value >= 1.0
    assert found["alternating_leg_muscle_activation_count"].value == 1.0


def test_alternation_needs_both_legs() -> None:
    found = values(night_with({"EMG LAT": Emg(2400.0, 512.0)}))
    assert "alternating_leg_muscle_activation_count" not in found
    assert found["high_frequency_leg_movement_count"].value == 0.0


def test_bursts_are_events_on_their_leg() -> None:
    found = night_with({"EMG LAT": twitching(60)})
    train = next(one for one in found.events if one.kind is EventKind.FRAGMENTARY_MYOCLONUS)
    assert train.channel == "EMG LAT"
    assert len(train) == pytest.approx(60, abs=6)
