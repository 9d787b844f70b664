"""The twitch of a middle unit follows from what the environment does to the muscle, without JAX."""

import subprocess
import sys
from dataclasses import astuple, fields

import pytest

from twitchwise.simulate import Setting, parameters_for, twitch_of
from twitchwise.simulate.middle_twitch import LOOKED_AT_S, _twitch, middle_coefficients, middle_unit, twitch_under
from twitchwise.simulate.people import ANYONE
from twitchwise.simulate.preparation import prepare_people
from twitchwise.simulate.twitches.calibration import twitch_timing
from twitchwise.simulate.twitches.four_numbers import Twitch


def test_the_middle_unit_of_health_has_the_four_numbers_of_the_files() -> None:
    parameters, twitch = parameters_for("healthy"), twitch_of("healthy")
    assert twitch.contraction_time_s == pytest.approx(parameters["twitch_contraction_time"], rel=0.05)
    assert twitch.half_relaxation_time_s == pytest.approx(parameters["twitch_half_relaxation_time"], rel=0.05)
    unit = middle_unit(parameters)
    assert twitch.peak_force_n == pytest.approx(float(unit.peak_force_n[0]), rel=0.02)
    assert len(unit) == len(middle_coefficients(parameters).content) == 1


@pytest.mark.parametrize(("condition", "slower"), [("hypothyroidism", True), ("hyperthyroidism", False)])
def test_the_thyroid_sets_how_fast_a_muscle_relaxes(condition: str, *, slower: bool) -> None:
    mild, severe = (twitch_of(Setting(condition=condition, severity=severity)) for severity in (0.5, 1.0))
    well = twitch_of(Setting(condition=condition, severity=0.0))
    times = [one.half_relaxation_time_s for one in (well, mild, severe)]
    assert times == sorted(times, reverse=not slower)
    assert times[0] != times[-1]


def test_a_cold_muscle_is_slow() -> None:
    cold = twitch_of(Setting(condition="healthy", changes={"muscle_temperature": 27.0}))
    warm = twitch_of("healthy")
    for name in ("contraction_time_s", "half_relaxation_time_s"):
        assert getattr(cold, name) > 1.2 * getattr(warm, name)


def test_a_twitch_is_found_once_and_what_does_not_matter_does_not_count() -> None:
    parameters = dict(parameters_for("healthy"))
    twitch_under(parameters)
    before = _twitch.cache_info().misses
    assert twitch_under({**parameters, "tremor_drive": 0.7, "fat_thickness": 0.01}) == twitch_of("healthy")
    assert _twitch.cache_info().misses == before


def test_four_numbers_are_finite_at_the_severest() -> None:
    for condition in ("hypothyroidism", "exertion"):
        twitch = twitch_of(Setting(condition=condition, severity=2.0))
        assert all(0 < getattr(twitch, one.name) < 10 for one in fields(Twitch))


@pytest.mark.parametrize("cooled", [{}, {"calcium_uptake_scale": 0.1}])
def test_a_twitch_is_looked_at_until_it_has_fallen(cooled: dict[str, float]) -> None:
    parameters = {**parameters_for("healthy"), **cooled}
    long = twitch_timing(middle_coefficients(parameters), 2.0)
    found = twitch_under(parameters)
    assert found.half_relaxation_time_s == pytest.approx(float(long.half_relaxation_time_s[0]), rel=1e-9)
    assert found.contraction_time_s == pytest.approx(float(long.contraction_time_s[0]), rel=1e-9)
    assert (found.half_relaxation_time_s > LOOKED_AT_S[0]) == bool(cooled)


def test_a_twitch_needs_no_jax() -> None:
    code = "import sys; from twitchwise.simulate import twitch_of; twitch_of('healthy'); sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - this interpreter


def test_the_twitches_of_many_people_are_those_of_each() -> None:
    people = prepare_people(Setting(condition="hypothyroidism"), seeds=range(4), n_units=4, people=ANYONE)
    for one in people:
        alone = twitch_under(one.parameters)
        assert one.twitch is not None
        assert astuple(one.twitch) == pytest.approx(astuple(alone), rel=1e-9)
    assert len({one.twitch for one in people}) == 4
