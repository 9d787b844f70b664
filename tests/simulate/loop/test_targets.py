"""Published figures that the loop reproduces."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import signal

from twitchwise.simulate.loop import LoopResult
from twitchwise.vocabulary.arrays import FloatArray

Runner = Callable[..., LoopResult]

POSTURE = {"antagonist_drive": 0.3, "stretch_reflex_gain": 0.03, "stretch_reflex_threshold": 0.0}
ESSENTIAL = {"tremor_drive": 0.3, "tremor_frequency": 6.5, "tremor_antagonist_phase": 0.0}
ONE_KILOGRAM = {"load_mass": 1.0, "voluntary_drive": 0.15}  # more drive holds the load against gravity
UNLOADED = {"voluntary_drive": 0.1}
ONE_TAP = {"tap_interval": 60.0}  # a second after the start
SPASTIC = {"stretch_reflex_gain": 0.2, **ONE_TAP}


def _moving(result: LoopResult, from_s: float = 1.0) -> FloatArray:
    assert result.motion is not None
    return result.motion.joint.acceleration_radps2[round(from_s * 1000) :]


def _peak_hz(values: FloatArray, least_hz: float = 1.5) -> float:
    frequency, power = signal.welch(values - values.mean(), 1000.0, nperseg=min(4096, values.size), nfft=16384)
    wanted = (frequency > least_hz) & (frequency < 30)
    return float(frequency[wanted][power[wanted].argmax()])


def _half_relaxed_s(result: LoopResult, tap_s: float = 1.0) -> tuple[float, float]:
    """Return the time from the tap to the peak of the torque and to half of it."""
    assert result.motion is not None
    torque = result.motion.muscle_torque_nm[round(tap_s * 1000) :]
    peak = int(torque.argmax())
    half = peak + int(np.flatnonzero(torque[peak:] < torque[peak] / 2)[0])
    return peak * 1e-3, half * 1e-3


JERK = {"stretch_reflex_gain": 0.03, **ONE_TAP}


def test_an_ankle_jerk_has_the_times_of_health(ankle: Runner) -> None:
    peak_s, half_s = _half_relaxed_s(ankle(1.9, **JERK))
    assert 0.145 <= peak_s <= 0.230  # BMJ 1965;1:158
    assert 0.240 <= half_s <= 0.340


def test_an_ankle_jerk_is_a_volley_after_the_delay_of_the_reflex(ankle: Runner) -> None:
    times = ankle(1.9, **JERK).agonist.time_s
    assert 1.042 < times.min() < 1.052
    assert times[times < 1.1].std() < 0.003
    assert np.sum(times < 1.1) > 40


@pytest.mark.parametrize(("scale", "low", "high"), [(1.6, 100 / 155, 150 / 155), (0.5, 285 / 265, 780 / 210)])
def test_thyroid_changes_the_ankle_jerk_in_the_published_ratio(
    ankle: Runner, scale: float, low: float, high: float
) -> None:
    # V-P interval in healthy men 155 to 265 ms, hyperthyroid 100 to 150, hypothyroid 285 to 780 (Ann Intern Med 1964)
    changes = {"calcium_uptake_scale": scale, "cross_bridge_rate_scale": scale}
    _, healthy_s = _half_relaxed_s(ankle(1.9, **JERK))
    _, changed_s = _half_relaxed_s(ankle(1.9, **JERK, **changes))
    assert low <= changed_s / healthy_s <= high


def test_clonus_is_sustained_and_slows_with_the_load(ankle: Runner) -> None:
    found = [_peak_hz(_moving(ankle(5.0, **SPASTIC, load_mass=mass), 2.0)) for mass in (0.0, 0.5, 1.0, 2.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] - found[-1] > 1.0
    assert 3.7 <= found[-1] < found[0] <= 7.0


def test_in_clonus_units_discharge_once_or_twice_a_beat(ankle: Runner) -> None:
    result = ankle(5.0, **SPASTIC)
    beats = 3.0 * _peak_hz(_moving(result, 2.0))
    counts = np.bincount(result.agonist.unit[result.agonist.time_s > 2.0], minlength=64)
    assert np.median(counts) / beats == pytest.approx(1.0, abs=0.2)  # 98 % of units once, in medial gastrocnemius


@pytest.mark.parametrize("mass", [0.0, 1.0])
def test_a_healthy_reflex_gives_no_clonus(ankle: Runner, mass: float) -> None:
    result = ankle(5.0, stretch_reflex_gain=0.03, **ONE_TAP, load_mass=mass)
    assert 1.0 < result.agonist.time_s.max() < 2.0


@pytest.mark.parametrize("frequency_hz", [4.0, 5.0, 6.0])
def test_parkinsonian_rest_tremor_alternates_at_its_frequency(wrist: Runner, frequency_hz: float) -> None:
    result = wrist(12.0, tremor_drive=0.3, tremor_frequency=frequency_hz)
    assert _peak_hz(_moving(result)) == pytest.approx(frequency_hz, abs=0.3)
    edges = np.arange(0, 12.02, 0.02)
    trains = [np.histogram(pool.time_s, edges)[0] for pool in (result.agonist, result.antagonist)]
    assert np.corrcoef(trains)[0, 1] < -0.1


def test_essential_tremor_hardly_slows_with_a_kilogram(wrist: Runner) -> None:
    free = _peak_hz(_moving(wrist(12.0, **POSTURE, **ESSENTIAL, **UNLOADED)))
    loaded = _peak_hz(_moving(wrist(12.0, **POSTURE, **ESSENTIAL, **ONE_KILOGRAM)))
    assert 4 <= free <= 12
    assert abs(free - loaded) <= 1.0


@pytest.mark.parametrize("seed", [1, 2])
def test_physiological_tremor_slows_with_a_kilogram(wrist: Runner, seed: int) -> None:
    free = _peak_hz(_moving(wrist(24.0, seed=seed, **POSTURE, **UNLOADED)))
    loaded = _peak_hz(_moving(wrist(24.0, seed=seed, **POSTURE, **ONE_KILOGRAM)))
    assert 6 <= free <= 12
    assert free - loaded > 1.0


@pytest.mark.parametrize("frequency_hz", [14.0, 16.0])
def test_orthostatic_tremor_shows_in_the_discharges(wrist: Runner, frequency_hz: float) -> None:
    result = wrist(
        12.0, voluntary_drive=0.2, tremor_drive=0.3, tremor_frequency=frequency_hz, tremor_frequency_spread=0.02
    )
    train = np.histogram(result.agonist.time_s, np.arange(0, 12.0005, 1e-3))[0].astype(np.float64)
    assert _peak_hz(train) == pytest.approx(frequency_hz, abs=0.3)


LATE_VISION = {
    "voluntary_drive": 0.1,
    "antagonist_drive": 1.0,
    "common_drive_spread": 0.1,
    "joint_stiffness": 10.0,
    "joint_inertia": 0.01,
    "joint_damping": 0.3,
    "twitch_peak_force": 1.5,
}


def test_vision_that_comes_late_makes_a_cerebellar_tremor(wrist: Runner) -> None:
    tremulous = wrist(12.0, **LATE_VISION, visuomotor_gain=3.0)
    steady = wrist(12.0, **LATE_VISION)
    assert 2.5 <= _peak_hz(_moving(tremulous)) <= 5.0
    assert _moving(tremulous).std() > 5 * _moving(steady).std()


def test_a_jerk_on_falling_asleep_is_one_short_burst(wrist: Runner) -> None:
    result = wrist(24.0, volley_rate_per_min=20.0, volley_drive=0.8)
    assert len(result.events) > 3
    for event in result.events:
        near = (result.agonist.time_s > event.start_s) & (result.agonist.time_s < event.end_s + 0.3)
        burst = np.ptp(result.agonist.time_s[near])
        assert 0.06 < burst < 0.27
    inside = sum(
        np.sum((result.agonist.time_s >= event.start_s) & (result.agonist.time_s < event.end_s + 0.1))
        for event in result.events
    )
    assert inside == len(result.agonist)
