"""The law of false alarms gives the rate that it promises."""

import numpy as np
import pytest

from twitchwise.measure.video.twitches.chance import FalseAlarmLaw, calm_law, false_alarm_law


def test_the_threshold_is_exceeded_at_the_rate_asked_for() -> None:
    law = FalseAlarmLaw(place=10.0, scale=1.5)
    for rate in (0.1, 1.0, 60.0):
        assert law.rate_per_hour(np.array([law.threshold(rate)]))[0] == pytest.approx(rate)
    assert law.threshold(0.1) > law.threshold(1.0)


@pytest.mark.parametrize("degrees", [2, 4])
def test_noise_exceeds_the_threshold_about_as_often_as_promised(degrees: int) -> None:
    chance = np.random.default_rng(degrees)
    half = chance.chisquare(degrees, (30 * 240, 12, 16)) / 2
    surprise = (half if degrees == 2 else half - np.log1p(half)).astype(np.float32)
    law = false_alarm_law(surprise[: 30 * 60], 30.0)
    assert law is not None
    rate_per_hour = 1200.0
    seen = (surprise.max(axis=(1, 2)) > law.threshold(rate_per_hour)).sum() / (240 / 3600)
    assert rate_per_hour / 2.5 < seen < rate_per_hour * 2.5


def test_a_film_full_of_twitches_hardly_changes_the_law() -> None:
    chance = np.random.default_rng(1)
    surprise = (chance.chisquare(2, (1800, 12, 16)) / 2).astype(np.float32)
    calm = false_alarm_law(surprise, 30.0)
    surprise[::45, 4:6, 4:6] = 60
    busy = false_alarm_law(surprise, 30.0)
    assert calm is not None
    assert busy is not None
    assert busy.threshold(1.0) < calm.threshold(1.0) + 4


def test_twitches_all_over_the_picture_do_not_change_the_law_of_the_calm_times() -> None:
    chance = np.random.default_rng(2)
    surprise = (chance.chisquare(2, (1800, 12, 16)) / 2).astype(np.float32)
    calm = false_alarm_law(surprise, 30.0)
    surprise[::75] = 60
    busy, without = false_alarm_law(surprise, 30.0), calm_law(surprise, 30.0)
    assert calm is not None
    assert busy is not None
    assert without is not None
    assert busy.threshold(1.0) > calm.threshold(1.0) + 10
    assert without.threshold(1.0) == pytest.approx(calm.threshold(1.0), abs=2)


def test_a_film_that_is_hardly_ever_calm_is_judged_by_what_it_mostly_does() -> None:
    surprise = (np.random.default_rng(3).chisquare(2, (900, 12, 16)) / 2).astype(np.float32)
    calm = calm_law(surprise, 30.0)
    surprise[::30, :3, :4] = 60
    busy = calm_law(surprise, 30.0)
    surprise[::15] = 60
    restless = calm_law(surprise, 30.0)
    assert calm is not None
    assert busy is not None
    assert restless is not None
    assert busy.threshold(1.0) == pytest.approx(calm.threshold(1.0), abs=3)
    assert restless.threshold(1.0) > 60


def test_a_film_without_anything_to_judge_has_no_law() -> None:
    assert false_alarm_law(np.zeros((300, 4, 4), np.float32), 30.0) is None
    assert calm_law(np.zeros((300, 4, 4), np.float32), 30.0) is None
