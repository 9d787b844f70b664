"""The twitch keeps its four numbers, and its phases follow from them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.knowledge import library
from twitchwise.simulate.twitches.four_numbers import PhaseName, Twitch, phases
from twitchwise.vocabulary import OutOfRangeError


@st.composite
def twitches(draw: st.DrawFn) -> Twitch:
    contraction_time_s = draw(st.floats(0.005, 0.5))
    return Twitch(
        latent_period_s=draw(st.floats(0.0, 0.1)),
        contraction_time_s=contraction_time_s,
        half_relaxation_time_s=contraction_time_s * draw(st.floats(0.11, 9.9)),
        peak_force_n=draw(st.floats(1e-4, 10.0)),
    )


def force_at(twitch: Twitch, time_s: float) -> float:
    return float(twitch.force_n(np.array(time_s)))


@given(twitches())
def test_the_peak_comes_after_latent_period_and_contraction_time(twitch: Twitch) -> None:
    time_s = np.linspace(0.0, 3 * twitch.peak_time_s, 20001)
    force = twitch.force_n(time_s)
    assert force_at(twitch, twitch.peak_time_s) == pytest.approx(twitch.peak_force_n)
    assert force.max() <= twitch.peak_force_n * (1 + 1e-12)
    assert time_s[force.argmax()] == pytest.approx(twitch.peak_time_s, abs=2 * float(time_s[1]))


@given(twitches())
def test_the_force_is_half_after_the_half_relaxation_time(twitch: Twitch) -> None:
    after = twitch.peak_time_s + twitch.half_relaxation_time_s
    assert force_at(twitch, after) == pytest.approx(twitch.peak_force_n / 2, rel=1e-9)
    assert twitch.time_of_fall_s(0.5) == pytest.approx(after, rel=1e-9)


@given(twitches())
def test_the_relaxation_exponent_solves_its_equation(twitch: Twitch) -> None:
    ratio = twitch.time_ratio
    assert twitch.relaxation_exponent * (math.log1p(ratio) - ratio) == pytest.approx(-math.log(2), rel=1e-9)


def test_a_ratio_of_a_critically_damped_twitch_gives_the_exponent_of_one() -> None:
    twitch = Twitch(
        latent_period_s=0.0, contraction_time_s=1.0, half_relaxation_time_s=1.6783469900166605, peak_force_n=1.0
    )
    assert twitch.relaxation_exponent == pytest.approx(1.0, rel=1e-9)
    time_s = np.linspace(1.0, 8.0, 50)
    assert twitch.force_n(time_s) == pytest.approx(time_s * np.exp(1 - time_s))


@given(twitches(), st.floats(1e-6, 1.0))
def test_the_time_of_fall_is_when_the_force_has_fallen(twitch: Twitch, share: float) -> None:
    assert force_at(twitch, twitch.time_of_fall_s(share)) == pytest.approx(share * twitch.peak_force_n, rel=1e-6)


@given(twitches())
def test_there_is_no_force_in_the_latent_period_and_never_a_negative_one(twitch: Twitch) -> None:
    assert not twitch.force_n(np.linspace(-1.0, twitch.latent_period_s, 50)).any()
    assert (twitch.force_n(np.linspace(-1.0, 10.0, 1001)) >= 0).all()


@given(twitches())
def test_the_force_rises_to_the_peak_and_falls_after_it(twitch: Twitch) -> None:
    rise = twitch.force_n(np.linspace(twitch.latent_period_s, twitch.peak_time_s, 300))
    fall = twitch.force_n(np.linspace(twitch.peak_time_s, twitch.time_of_fall_s(1e-3), 300))
    assert (np.diff(rise) >= -1e-12 * twitch.peak_force_n).all()
    assert (np.diff(fall) <= 1e-12 * twitch.peak_force_n).all()


@given(twitches())
def test_the_slope_has_no_jump_at_the_first_force_and_at_the_peak(twitch: Twitch) -> None:
    step = 1e-6 * min(twitch.contraction_time_s, twitch.half_relaxation_time_s)
    steepest = twitch.peak_force_n / min(twitch.contraction_time_s, twitch.half_relaxation_time_s)
    for corner in (twitch.latent_period_s, twitch.peak_time_s):
        before, at, after = twitch.force_n(corner + step * np.array([-1.0, 0.0, 1.0]))
        assert abs((after - at) - (at - before)) / step < 1e-3 * steepest


@given(twitches(), st.floats(0.1, 10.0))
def test_the_force_scales_with_the_peak_force_alone(twitch: Twitch, factor: float) -> None:
    larger = Twitch(
        latent_period_s=twitch.latent_period_s,
        contraction_time_s=twitch.contraction_time_s,
        half_relaxation_time_s=twitch.half_relaxation_time_s,
        peak_force_n=twitch.peak_force_n * factor,
    )
    time_s = np.linspace(0.0, 1.0, 100)
    assert larger.force_n(time_s) == pytest.approx(factor * twitch.force_n(time_s), rel=1e-9, abs=1e-15)


@given(twitches())
def test_the_phases_follow_each_other_from_the_discharge(twitch: Twitch) -> None:
    latent, contraction, relaxation = phases(twitch)
    assert [phase.name for phase in (latent, contraction, relaxation)] == list(PhaseName)
    assert (latent.start_s, latent.stop_s) == (0.0, contraction.start_s)
    assert contraction.stop_s == relaxation.start_s == twitch.peak_time_s
    assert contraction.duration_s == pytest.approx(twitch.contraction_time_s)
    assert force_at(twitch, relaxation.stop_s) == pytest.approx(0.05 * twitch.peak_force_n, rel=1e-6)


HUMAN_RANGES = {  # healthy thenar motor units, Thomas et al. 1990; median of paralysed ones, Klein et al. 2006, table 1
    "twitch_contraction_time": (0.035, 0.080, 0.0583),
    "twitch_half_relaxation_time": (0.025, 0.108, 0.0562),
    "twitch_peak_force": (0.003, 0.034, 0.0135),
}


@pytest.mark.parametrize("parameter", HUMAN_RANGES)
def test_the_healthy_twitch_is_a_published_one_within_the_published_range(parameter: str) -> None:
    low, high, median = HUMAN_RANGES[parameter]
    assert low < library().value(parameter) < high
    assert library().value(parameter) == median


@pytest.mark.parametrize(("contraction_s", "relaxation_s"), [(0.080, 0.025), (0.035, 0.108)])
def test_the_extremes_of_human_motor_units_are_twitches(contraction_s: float, relaxation_s: float) -> None:
    twitch = Twitch(
        latent_period_s=0.01,
        contraction_time_s=contraction_s,
        half_relaxation_time_s=relaxation_s,
        peak_force_n=0.01,
    )
    assert force_at(twitch, 0.01 + contraction_s + relaxation_s) == pytest.approx(0.005)


@pytest.mark.parametrize(
    "change",
    [
        {"latent_period_s": -0.001},
        {"latent_period_s": math.nan},
        {"contraction_time_s": 0.0},
        {"half_relaxation_time_s": -1.0},
        {"peak_force_n": math.inf},
        {"half_relaxation_time_s": 0.004},
        {"half_relaxation_time_s": 0.6},
    ],
)
def test_numbers_that_cannot_be_a_twitch_are_refused(change: dict[str, float]) -> None:
    numbers = {
        "latent_period_s": 0.01,
        "contraction_time_s": 0.05,
        "half_relaxation_time_s": 0.05,
        "peak_force_n": 0.01,
    }
    with pytest.raises(OutOfRangeError, match="must"):
        Twitch(**(numbers | change))


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, math.nan])
def test_a_share_that_cannot_be_reached_is_refused(share: float) -> None:
    with pytest.raises(OutOfRangeError, match="share must"):
        Twitch(
            latent_period_s=0.01, contraction_time_s=0.05, half_relaxation_time_s=0.05, peak_force_n=0.01
        ).time_of_fall_s(share)
