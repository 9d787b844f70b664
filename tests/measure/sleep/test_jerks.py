"""Jerks on falling asleep: what counts, when it counts, and what is said when nobody scored the night."""

import numpy as np
import pytest
from tests.measure.sleep.nights import Emg, emg_night, measured, stages, values

from twitchwise.measure import RecordingMeasurements
from twitchwise.measure.rate_interval import count_interval
from twitchwise.measure.sleep.bursts import Bursts
from twitchwise.measure.sleep.jerks import FITS, ONE_MUSCLE, in_stillness, like_a_jerk, together
from twitchwise.measure.sleep.movements import Movements
from twitchwise.measure.sleep.settings import jerk_rules
from twitchwise.vocabulary import EventKind

RULES = jerk_rules()
# Five minutes awake, ten minutes of N1, then N2; falls asleep at 300 s.
NIGHT = ["W"] * 10 + ["N1"] * 20 + ["N2"] * 50


def one(duration_s: float, size_v: float, *starts: float) -> Bursts:
    start = np.array(starts or (100.0,))
    return Bursts(
        start_s=start, stop_s=start + duration_s, peak_s=start + duration_s / 2, size=np.full(start.size, size_v)
    )


@pytest.mark.parametrize(
    ("duration_s", "size_v", "counts"),
    [(0.074, 90e-6, False), (0.075, 90e-6, True), (0.25, 90e-6, True), (0.251, 90e-6, False), (0.1, 49e-6, False)],
)
def test_a_jerk_lasts_75_to_250_ms_and_is_large(duration_s: float, size_v: float, *, counts: bool) -> None:
    assert like_a_jerk(one(duration_s, size_v), RULES).tolist() == [counts]


def test_a_jerk_is_alone_for_two_seconds_on_either_side() -> None:
    assert like_a_jerk(one(0.1, 90e-6, 100.0, 101.0, 110.0), RULES).tolist() == [False, False, True]
    assert like_a_jerk(one(0.1, 90e-6), RULES).tolist() == [True]


def test_small_bursts_beside_a_jerk_do_not_matter() -> None:
    sizes = np.array([90e-6, 40e-6, 90e-6])
    start = np.array([100.0, 101.0, 110.0])
    bursts = Bursts(start_s=start, stop_s=start + 0.1, peak_s=start, size=sizes)
    assert like_a_jerk(bursts, RULES).tolist() == [True, False, True]


def test_bursts_of_two_muscles_within_a_tenth_of_a_second_are_one_jerk() -> None:
    legs, chin = one(0.1, 90e-6, 100.0, 200.0), one(0.12, 300e-6, 100.09, 200.2)
    jerks, at = together([legs, chin], ["leg", "chin"], RULES, 2)
    assert jerks.start_s.tolist() == [100.09]
    assert at == ["chin"], "where it was largest"
    assert len(together([legs, chin], ["leg", "chin"], RULES, 1)[0]) == 3


def test_stillness_is_half_a_minute_before_and_a_minute_after() -> None:
    moving = Movements.of([(50.0, 60.0), (300.0, 301.0)])
    start = np.array([80.0, 95.0, 200.0, 245.0])
    marks = in_stillness(start, start + 0.2, moving, RULES)
    assert marks.tolist() == [False, False, True, False]
    assert in_stillness(np.array([95.0]), np.array([95.2]), moving, RULES).tolist() == [True]
    assert in_stillness(np.empty(0), np.empty(0), moving, RULES).size == 0


def jerk(muscles: list[Emg], time_s: float, duration_s: float = 0.15) -> None:
    for emg in muscles:
        emg.burst(time_s, duration_s, 80e-6)


def night_with(*times: float, letters: list[str] | None = None, muscles: int = 2) -> RecordingMeasurements:
    words = NIGHT if letters is None else letters
    emg = [Emg(30.0 * len(words or [0] * 130), 512.0, seed=place) for place in range(muscles)]
    for time_s in times:
        jerk(emg, time_s)
    names = ["EMG LAT", "EMG chin", "EMG neck"][:muscles]
    return measured(emg_night(dict(zip(names, emg, strict=True)), stages(words)))


def test_jerks_on_falling_asleep_are_counted_with_times() -> None:
    found = night_with(200.0, 310.0, 400.0)
    assert values(found)["hypnic_jerk_count"].value == 3.0
    train = next(train for train in found.events if train.kind is EventKind.HYPNIC_JERK)
    assert train.start_s == pytest.approx([200.0, 310.0, 400.0], abs=0.03)
    assert train.end_s - train.start_s == pytest.approx([0.15] * 3, abs=0.05)


def test_a_jerk_before_or_after_falling_asleep_is_none() -> None:
    # 2 min before to 5 min after 300 s; at 100 s the person is wide awake, at 700 s asleep for long
    assert values(night_with(100.0, 700.0))["hypnic_jerk_count"].value == 0.0


def test_a_jerk_in_deeper_sleep_is_none() -> None:
    letters = ["W"] * 10 + ["N1"] * 2 + ["N2"] * 60
    assert values(night_with(320.0, 420.0, letters=letters))["hypnic_jerk_count"].value == 1.0


def test_a_burst_of_one_of_two_muscles_is_no_jerk() -> None:
    emg = [Emg(2400.0, 512.0), Emg(2400.0, 512.0, seed=1)]
    emg[0].burst(320.0, 0.15, 80e-6)
    found = measured(emg_night({"EMG LAT": emg[0], "EMG RAT": emg[1]}, stages(NIGHT)))
    assert values(found)["hypnic_jerk_count"].value == 0.0


def test_one_muscle_alone_gives_a_doubt() -> None:
    count = values(night_with(320.0, muscles=1))["hypnic_jerk_count"]
    assert count.value == 1.0
    assert ONE_MUSCLE in count.doubts


def test_a_leg_movement_is_no_jerk() -> None:
    emg = [Emg(2400.0, 512.0), Emg(2400.0, 512.0, seed=1)]
    jerk(emg, 330.0, 1.5)
    found = measured(emg_night({"EMG LAT": emg[0], "EMG RAT": emg[1]}, stages(NIGHT)))
    assert values(found)["hypnic_jerk_count"].value == 0.0


def test_of_none_the_rate_that_cannot_be_excluded_is_given() -> None:
    found = values(night_with())
    rate, count = found["hypnic_jerk_rate"], found["hypnic_jerk_count"]
    # from 180 to 600 s the person is awake or in N1 round falling asleep
    assert rate.high == pytest.approx(count_interval(0)[1] / (420.0 / 3600.0))
    assert (rate.value, count.high) == (0.0, count_interval(0)[1])


def test_without_stages_a_jerk_out_of_stillness_and_into_stillness_fits_and_is_doubted() -> None:
    emg = [Emg(4000.0, 256.0), Emg(4000.0, 256.0, seed=1)]
    jerk(emg, 1000.0)
    jerk(emg, 2000.0)
    for one_leg in emg:
        one_leg.burst(2020.0, 3.0, 40e-6)  # a movement soon after the second
    found = measured(emg_night({"EMG LAT": emg[0], "EMG RAT": emg[1]}))
    count = values(found)["hypnic_jerk_count"]
    assert count.value == 1.0
    assert FITS in count.doubts
    train = next(train for train in found.events if train.kind is EventKind.HYPNIC_JERK)
    assert train.start_s == pytest.approx([1000.0], abs=0.02)
