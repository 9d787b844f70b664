"""Trains of stimuli show what the clinic sees in health, myasthenia, Lambert-Eaton syndrome and poisoning."""

from collections.abc import Callable

import numpy as np
import pytest

from twitchwise.simulate.junction import Effort, Junction, repetitive_stimulation, responses
from twitchwise.vocabulary import OutOfRangeError

MakeJunction = Callable[..., Junction]
NOT_SEEN = 0.002  # of the muscle's response


@pytest.mark.parametrize("rate_hz", [0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0])
def test_healthy_muscle_answers_every_stimulus_alike(junction_in: MakeJunction, rate_hz: float) -> None:
    assert responses(junction_in(), rate_hz, 100).min() > 1 - NOT_SEEN


@pytest.mark.parametrize("rest_s", [2.0, 60.0, 120.0, 240.0])
def test_healthy_muscle_has_no_decrement_after_an_effort(junction_in: MakeJunction, rest_s: float) -> None:
    assert responses(junction_in(), 3.0, 10, Effort(duration_s=60.0, rest_s=rest_s)).min() > 1 - NOT_SEEN


@pytest.mark.parametrize("rate_hz", [2.0, 3.0, 5.0])
@pytest.mark.parametrize("disease", ["myasthenia gravis", "receptor deficiency"])
def test_myasthenia_loses_more_than_a_tenth_by_the_fifth_response(
    junction_in: MakeJunction, disease: str, rate_hz: float
) -> None:
    relative = repetitive_stimulation(junction_in(disease), rate_hz, 5)
    assert (np.diff(relative) < 0).all()
    assert 0.5 < relative[4] < 0.9


def test_the_decrement_of_myasthenia_levels_off_and_turns(junction_in: MakeJunction) -> None:
    relative = repetitive_stimulation(junction_in("myasthenia gravis"), 3.0, 10)
    falls = -np.diff(relative)
    assert falls[0] == falls.max()
    assert relative[9] > relative.min()


@pytest.mark.parametrize("disease", ["myasthenia gravis", "receptor deficiency"])
def test_a_short_effort_repairs_the_decrement_of_myasthenia(junction_in: MakeJunction, disease: str) -> None:
    rested = repetitive_stimulation(junction_in(disease), 3.0, 4)[3]
    repaired = repetitive_stimulation(junction_in(disease), 3.0, 4, Effort(duration_s=10.0, rest_s=2.0))[3]
    assert rested < 0.9
    assert repaired > 0.95


@pytest.mark.parametrize("minutes", [2, 3, 4])
def test_minutes_after_an_effort_the_decrement_of_myasthenia_is_deeper(junction_in: MakeJunction, minutes: int) -> None:
    junction = junction_in("myasthenia gravis")
    rested = repetitive_stimulation(junction, 3.0, 4)[3]
    exhausted = repetitive_stimulation(junction, 3.0, 4, Effort(duration_s=60.0, rest_s=60.0 * minutes))[3]
    assert exhausted < rested - 0.03


def test_a_minute_of_effort_exhausts_more_than_ten_seconds_and_an_hour_restores(junction_in: MakeJunction) -> None:
    def after(duration_s: float, rest_s: float) -> float:
        effort = Effort(duration_s=duration_s, rest_s=rest_s)
        return float(repetitive_stimulation(junction_in("myasthenia gravis"), 3.0, 4, effort)[3])

    assert after(60.0, 120.0) < after(30.0, 120.0) < after(10.0, 120.0)
    assert after(60.0, 3600.0) == pytest.approx(
        repetitive_stimulation(junction_in("myasthenia gravis"), 3.0, 4)[3], abs=1e-4
    )


@pytest.mark.parametrize("disease", ["myasthenia gravis", "Lambert-Eaton syndrome"])
def test_cooling_from_35_to_28_degrees_improves_transmission(junction_in: MakeJunction, disease: str) -> None:
    warm = responses(junction_in(disease, muscle_temperature=35.0), 3.0, 4)
    cool = responses(junction_in(disease, muscle_temperature=28.0), 3.0, 4)
    assert (cool > warm).all()
    assert cool[3] / cool[0] > warm[3] / warm[0] + 0.02


def test_lambert_eaton_begins_low_falls_at_low_rates_and_more_than_doubles_at_high_ones(
    junction_in: MakeJunction,
) -> None:
    junction = junction_in("Lambert-Eaton syndrome")
    assert 0.05 < responses(junction, 3.0, 1)[0] < 0.3
    assert repetitive_stimulation(junction, 3.0, 4)[3] < 0.9
    assert repetitive_stimulation(junction, 20.0, 100).max() > 2
    assert repetitive_stimulation(junction, 50.0, 50).max() > 2


def test_ten_seconds_of_effort_more_than_double_the_response_of_lambert_eaton(junction_in: MakeJunction) -> None:
    junction = junction_in("Lambert-Eaton syndrome")
    rested = responses(junction, 3.0, 1)[0]
    after = [responses(junction, 3.0, 1, Effort(duration_s=10.0, rest_s=rest_s))[0] for rest_s in (2.0, 120.0)]
    assert after[0] > 2 * rested
    assert after[1] < 1.1 * rested


def test_botulism_begins_low_without_decrement_and_gains_less_but_longer_than_lambert_eaton(
    junction_in: MakeJunction,
) -> None:
    botulism, lambert_eaton = junction_in("botulism"), junction_in("Lambert-Eaton syndrome")
    assert responses(botulism, 2.0, 1)[0] < 0.4
    assert repetitive_stimulation(botulism, 2.0, 5)[4] > 0.9

    def gain(junction: Junction, rest_s: float) -> float:
        after = responses(junction, 3.0, 1, Effort(duration_s=10.0, rest_s=rest_s))[0]
        return float(after / responses(junction, 3.0, 1)[0])

    assert 1.2 < gain(botulism, 2.0) < 2 < gain(lambert_eaton, 2.0)
    assert gain(botulism, 120.0) > 1.1 > gain(lambert_eaton, 120.0)


def test_where_no_fiber_answers_there_is_nothing_to_compare_with(junction_in: MakeJunction) -> None:
    blocked = junction_in(quantum_size=0.0)
    assert responses(blocked, 3.0, 3).tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(repetitive_stimulation(blocked, 3.0, 3)).all()


@pytest.mark.parametrize("name", ["duration_s", "rest_s", "rate_hz"])
def test_an_effort_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(OutOfRangeError, match=f"{name} must be a finite number above 0, got 0"):
        Effort(**{"duration_s": 1.0, "rest_s": 1.0, "rate_hz": 1.0, name: 0.0})


def test_a_train_that_cannot_be_is_refused(junction_in: MakeJunction) -> None:
    with pytest.raises(OutOfRangeError, match="rate_hz"):
        responses(junction_in(), 0.0, 3)
    with pytest.raises(OutOfRangeError, match="count"):
        responses(junction_in(), 3.0, 0)
