"""The classic twitch is the published one, and fuses as its critics say."""

import numpy as np
import pytest

from twitchwise.simulate.twitches.classic import classic_force_n, classic_gain
from twitchwise.simulate.twitches.four_numbers import Twitch

TWITCH = Twitch(latent_period_s=0.0, contraction_time_s=0.09, half_relaxation_time_s=0.15, peak_force_n=0.01)


def test_a_single_twitch_is_critically_damped() -> None:
    time_s = np.linspace(0.0, 1.0, 1001)
    force = classic_force_n(np.array([0.0]), TWITCH, time_s)
    assert force == pytest.approx(0.01 * time_s / 0.09 * np.exp(1 - time_s / 0.09))
    assert force.max() == pytest.approx(0.01, rel=1e-3)


def test_there_is_no_force_before_the_latent_period() -> None:
    late = Twitch(latent_period_s=0.02, contraction_time_s=0.09, half_relaxation_time_s=0.15, peak_force_n=0.01)
    assert not classic_force_n(np.array([0.1]), late, np.linspace(0.0, 0.12, 50)).any()


def test_the_gain_is_one_up_to_an_interval_of_two_and_a_half_contraction_times_and_then_a_sigmoid() -> None:
    # Fuglevand et al. 1993: the sigmoid over its argument, relative to its value at 0.4
    assert classic_gain(np.array([0.0, 0.2, 0.4])).tolist() == [1.0, 1.0, 1.0]
    sigmoid = 1 - np.exp(-2 * 1.0**3)
    assert classic_gain(np.array(1.0)) == pytest.approx(sigmoid / ((1 - np.exp(-2 * 0.4**3)) / 0.4))


def test_its_ripple_rises_with_the_rate_somewhere() -> None:
    time_s = np.arange(0.0, 3.0, 1e-3)
    ripples = []
    for rate_hz in np.arange(2.0, 12.0, 0.5):
        force = classic_force_n(np.arange(0.0, 3.0, 1 / rate_hz), TWITCH, time_s)
        ripples.append(np.ptp(force[1500:]))
    assert (np.diff(ripples) > 0.01 * TWITCH.peak_force_n).any()
