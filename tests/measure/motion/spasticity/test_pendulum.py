"""The pendulum test is recognized by its shape or a note, and measured as the leg was made to swing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.motion.spasticity.limb_scenes import Trace, measured, pendulum, recording_of, values

from twitchwise.measure.asked import Asked
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import FloatArray

START_RAD, REST_RAD = 0.1, 1.2


def _overshoot(ratio: float) -> float:
    return float(np.exp(-np.pi * ratio / np.sqrt(1 - ratio**2)))


def _knee(ratio: float, frequency_hz: float, seed: int) -> Trace:
    angle, _ = pendulum(start_rad=START_RAD, rest_rad=REST_RAD, frequency_hz=frequency_hz, ratio=ratio, rate_hz=100.0)
    noise = np.random.default_rng(seed).normal(scale=0.004, size=angle.size)
    return Trace(kind=ChannelKind.ANGLE, samples=angle + noise, rate_hz=100.0, name="knee")


def _shank(ratio: float, frequency_hz: float, seed: int) -> Trace:
    _, turned = pendulum(start_rad=START_RAD, rest_rad=REST_RAD, frequency_hz=frequency_hz, ratio=ratio, rate_hz=100.0)
    noise = np.random.default_rng(seed).normal(scale=0.01, size=(3, turned.size))
    rows = np.stack([0.1 * turned, 0.7 * turned, np.sqrt(0.5) * turned]) + noise + 0.02
    return Trace(kind=ChannelKind.ANGULAR_VELOCITY, samples=rows, rate_hz=100.0, name="shank", site="shank")


@given(ratio=st.floats(0.06, 0.3), frequency_hz=st.floats(0.8, 1.2), seed=st.integers(0, 99))
def test_first_swing_index_damping_and_frequency_are_those_it_was_made_with(
    ratio: float, frequency_hz: float, seed: int
) -> None:
    plateau = REST_RAD - START_RAD
    for trace in (_knee(ratio, frequency_hz, seed), _shank(ratio, frequency_hz, seed)):
        found = values(measured(recording_of([trace])))
        assert found["pendulum_first_swing"].value == pytest.approx(plateau * (1 + _overshoot(ratio)), abs=0.05)
        assert found["pendulum_relaxation_index"].value == pytest.approx(1 + _overshoot(ratio), abs=0.09)
        assert found["pendulum_damping_ratio"].value == pytest.approx(ratio, rel=0.15)
        one = found["pendulum_natural_frequency"]
        assert one.value == pytest.approx(frequency_hz, rel=0.08)
        assert one.low <= frequency_hz <= one.high or one.value == pytest.approx(frequency_hz, rel=0.03)


def test_intervals_hold_what_was_made() -> None:
    held = {"pendulum_first_swing": 0, "pendulum_relaxation_index": 0, "pendulum_damping_ratio": 0}
    made = {
        "pendulum_first_swing": (REST_RAD - START_RAD) * (1 + _overshoot(0.12)),
        "pendulum_relaxation_index": 1 + _overshoot(0.12),
        "pendulum_damping_ratio": 0.12,
    }
    for seed in range(40):
        found = values(measured(recording_of([_knee(0.12, 0.95, seed)])))
        for name, value in made.items():
            held[name] += found[name].low <= value <= found[name].high
    assert min(held.values()) >= 37


def test_swings_are_counted_until_they_are_too_small() -> None:
    found = values(measured(recording_of([_knee(0.1, 1.0, 0)])))
    sizes = (REST_RAD - START_RAD) * _overshoot(0.1) ** np.arange(1, 30)
    assert found["pendulum_swing_count"].value == pytest.approx((np.count_nonzero(sizes >= 0.05) + 1) // 2, abs=1)


def _stopped(start_rad: float, rest_rad: float) -> FloatArray:
    """Return the angle of a spastic leg that stops on its way and sinks without swinging."""
    time_s = np.arange(0, 6, 0.01)
    sunk = 1 - np.exp(-np.maximum(time_s - 2, 0) / 0.25)
    return np.asarray(start_rad + (rest_rad - start_rad) * sunk, dtype=np.float64)


def test_a_leg_that_does_not_swing_is_a_pendulum_test_only_if_noted() -> None:
    trace = Trace(kind=ChannelKind.ANGLE, samples=_stopped(0.1, 1.0), rate_hz=100.0, name="knee")
    assert "pendulum_first_swing" not in values(measured(recording_of([trace])))
    found = values(measured(recording_of([trace], [(2.0, "pendulum")])))
    assert found["pendulum_relaxation_index"].value == pytest.approx(1.0, abs=0.02)
    assert found["pendulum_swing_count"].value == 0
    assert "pendulum_damping_ratio" not in found


def test_a_noted_test_that_cannot_be_seen_is_said() -> None:
    noise = np.random.default_rng(0).normal(scale=0.001, size=2000)
    found = measured(
        recording_of([Trace(kind=ChannelKind.ANGLE, samples=noise, rate_hz=100.0, name="knee")], [(5.0, "pendulum")])
    )
    assert found is not None
    assert any("pendulum test is noted" in warning for warning in found.warnings)


def test_several_drops_give_one_mean_with_an_interval_over_drops() -> None:
    parts = [_knee(ratio, 0.95, seed).samples for seed, ratio in enumerate((0.1, 0.13, 0.16))]
    back = np.linspace(REST_RAD, START_RAD, 150)
    angle = np.concatenate([parts[0], back, parts[1], back, parts[2]])
    found = values(measured(recording_of([Trace(kind=ChannelKind.ANGLE, samples=angle, rate_hz=100.0, name="knee")])))
    one = found["pendulum_first_swing"]
    swings = [(REST_RAD - START_RAD) * (1 + _overshoot(ratio)) for ratio in (0.1, 0.13, 0.16)]
    assert one.value == pytest.approx(np.mean(swings), abs=0.03)
    assert one.low < min(swings)
    assert one.high > max(swings)
    assert not any("single drop" in doubt for doubt in one.doubts)


@pytest.mark.parametrize("site", ["hand", "wrist"])
def test_a_gesture_of_the_arm_is_no_pendulum_test(site: str) -> None:
    trace = _shank(0.1, 1.0, 0)
    arm = Trace(kind=trace.kind, samples=trace.samples, rate_hz=100.0, name="watch", site=site)
    assert measured(recording_of([arm]), Asked(site="leg")) is None


@pytest.mark.parametrize(
    ("minutes", "name", "notes", "is_found"),
    [
        (20, "sensor", (), True),
        (40, "sensor", (), False),
        (40, "shank", (), True),
        (40, "sensor", ((2.0, "pendulum"),), True),
    ],
)
def test_in_a_long_recording_of_a_gyroscope_a_drop_counts_only_on_a_leg_or_if_noted(
    minutes: int, name: str, notes: tuple[tuple[float, str], ...], *, is_found: bool
) -> None:
    swung = _shank(0.06, 1.0, 0).samples
    noise = np.random.default_rng(1).normal(scale=0.01, size=(3, minutes * 6000))
    noise[:, : swung.shape[1]] = swung
    trace = Trace(kind=ChannelKind.ANGULAR_VELOCITY, samples=noise, rate_hz=100.0, name=name)
    assert ("pendulum_first_swing" in values(measured(recording_of([trace], notes)))) is is_found


def test_walking_is_no_pendulum_test() -> None:
    rng = np.random.default_rng(1)
    time_s = np.arange(0, 120, 0.01)
    turned = 2.5 * np.sin(2 * np.pi * 0.95 * time_s) * (np.sin(2 * np.pi * time_s / 20) > 0)
    trace = Trace(
        kind=ChannelKind.ANGULAR_VELOCITY,
        samples=turned + rng.normal(scale=0.05, size=turned.size),
        rate_hz=100.0,
        name="shank",
        site="shank",
    )
    assert "pendulum_first_swing" not in values(measured(recording_of([trace])))
