"""The calibrated currents solve the equations that they are meant to solve."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.loop.calibration import Currents, conductance_times_s, currents, steady_currents
from twitchwise.simulate.loop.frames import SUBSTEP_S
from twitchwise.simulate.loop.settings import PoolSettings
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

N_UNITS = 3


@pytest.fixture(scope="module")
def settings(parameters: Mapping[str, float]) -> PoolSettings:
    return replace(PoolSettings.of(parameters), synaptic_noise=0.0)


def _interval_s(settings: PoolSettings, conductance_time_s: float, current: float) -> float:
    """Step one membrane by hand from a discharge to the next."""
    potential, conductance = 0.0, settings.afterhyperpolarization_conductance
    step = SUBSTEP_S / settings.membrane_time_s
    for number in range(1, 4000):
        pull = current - conductance * settings.afterhyperpolarization_depth
        potential = (potential + step * pull) / (1 + step * (1 + conductance))
        conductance *= np.exp(-SUBSTEP_S / conductance_time_s)
        if potential >= 1:
            return number * SUBSTEP_S
    return np.inf


@pytest.mark.parametrize("rate_hz", [5.0, 8.0, 12.5, 20.0, 40.0])
def test_a_current_brings_the_next_discharge_after_the_interval_of_its_rate(
    settings: PoolSettings, rate_hz: float
) -> None:
    times_s = conductance_times_s(settings, N_UNITS)
    (found,) = steady_currents(settings, times_s, np.array([rate_hz]))
    for time_s, current in zip(times_s, found, strict=True):
        assert _interval_s(settings, time_s, current * 1.0001) == pytest.approx(1 / rate_hz, abs=SUBSTEP_S)


def test_small_units_have_the_longer_afterhyperpolarization(settings: PoolSettings) -> None:
    times_s = conductance_times_s(settings, 100)
    assert (np.diff(times_s) < 0).all()
    assert times_s[0] / times_s[-1] == pytest.approx(settings.afterhyperpolarization_range, rel=0.01)


def _on(found: Currents, unit: int, total: FloatArray) -> FloatArray:
    share: FloatArray = 1 / (1 + np.exp(-(total - found.midpoint[unit]) / found.width[unit]))
    return share


def _settled(found: Currents, unit: int, plateau: float, synaptic: float, start: float) -> float:
    m = start
    for _ in range(400):
        m += 0.5 * (float(_on(found, unit, np.array(synaptic + plateau * m))) - m)
    return m


@pytest.mark.parametrize("unit", range(N_UNITS))
def test_the_plateau_comes_on_at_recruitment_and_goes_off_at_the_last_rate(settings: PoolSettings, unit: int) -> None:
    found, plateau = currents(settings, N_UNITS), settings.plateau_current
    rates_hz = np.array([settings.last_rate_hz, settings.least_rate_hz])
    last, least = steady_currents(settings, conductance_times_s(settings, N_UNITS), rates_hz)[:, unit]
    on = found.recruitment[unit]
    assert _settled(found, unit, plateau, on - 0.01, 0.0) < 0.5
    after_onset = _settled(found, unit, plateau, on + 0.01, 0.0)
    assert on + plateau * after_onset == pytest.approx(least, abs=0.02)
    synaptic = np.linspace(on, 0, 200)
    m = after_onset
    for value in synaptic:
        before, m = m, _settled(found, unit, plateau, value, m)
        if m < 0.5:
            assert value + plateau * before == pytest.approx(last, abs=0.06)
            return
    pytest.fail("the plateau never went off")


@given(st.floats(4.0, 9.0), st.floats(0.5, 0.95), st.floats(15.0, 45.0))
def test_currents_rise_to_the_peak_rate(
    parameters: Mapping[str, float], least_hz: float, last_share: float, most_hz: float
) -> None:
    changes = {
        "discharge_rate_least_hz": least_hz,
        "derecruitment_rate_hz": max(last_share * least_hz, 2.5),
        "discharge_rate_most_hz": most_hz,
        "plateau_current": 3.0,
    }
    found = currents(PoolSettings.of({**parameters, **changes}), N_UNITS)
    assert (found.rise > 0).all()
    assert (found.width > 0).all()
    assert all(np.isfinite(values).all() for values in found)


def test_rates_out_of_order_are_refused(settings: PoolSettings) -> None:
    with pytest.raises(OutOfRangeError, match="must ascend"):
        currents(replace(settings, last_rate_hz=9.0), N_UNITS)


@pytest.mark.parametrize("plateau", [0.0, 0.1])
def test_a_plateau_too_small_for_the_rates_is_refused(settings: PoolSettings, plateau: float) -> None:
    with pytest.raises(OutOfRangeError, match=r"plateau_current must be above"):
        currents(replace(settings, plateau_current=plateau), N_UNITS)
