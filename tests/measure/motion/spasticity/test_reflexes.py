"""The answer of a muscle to noted stretches has the latency, size and threshold that it was made with."""

import numpy as np
import pytest
from tests.measure.motion.spasticity.limb_scenes import Trace, measured, recording_of, values

from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind, Unit

STRETCHES_S = tuple(float(at) for at in range(5, 65, 6))


def _stretched(velocities: tuple[float, ...], threshold: float, *, angle: bool, latency_s: float = 0.045) -> Recording:
    rng = np.random.default_rng(1)
    time_s = np.arange(0, 70, 0.005)
    turned = rng.normal(scale=0.002, size=time_s.size)
    emg = rng.normal(scale=3e-6, size=70_000)
    for start_s, velocity in zip(STRETCHES_S, velocities, strict=True):
        turned[(time_s >= start_s) & (time_s < start_s + 0.3)] += velocity
        turned[(time_s >= start_s + 2) & (time_s < start_s + 2.3)] -= velocity
        if velocity > threshold:
            first = round((start_s + latency_s) * 1000)
            emg[first : first + 20] += 2e-4 * rng.normal(size=20)
    kind = ChannelKind.ANGLE if angle else ChannelKind.ANGULAR_VELOCITY
    motion = np.cumsum(turned) / 200 if angle else turned
    traces = [
        Trace(kind=ChannelKind.EMG, samples=emg, rate_hz=1000.0, name="EMG"),
        Trace(kind=kind, samples=motion, rate_hz=200.0, name="foot"),
    ]
    return recording_of(traces, [(start_s, "stretch") for start_s in STRETCHES_S])


@pytest.mark.parametrize("angle", [True, False])
def test_velocity_angle_latency_and_size(*, angle: bool) -> None:
    found = values(measured(_stretched((3.0,) * 10, 1.0, angle=angle)))
    assert found["stretch_velocity"].value == pytest.approx(3.0, rel=0.15)
    assert found["stretch_angle"].value == pytest.approx(0.9, rel=0.1)
    assert found["stretch_reflex_latency"].value == pytest.approx(0.045, abs=0.01)
    assert found["stretch_reflex_angle"].value == pytest.approx(3.0 * 0.045, abs=0.05)
    assert found["stretch_reflex_size"].unit is Unit.VOLT
    assert 5e-5 < found["stretch_reflex_size"].value < 4e-4
    assert "stretch_reflex_threshold_velocity" not in found


def test_the_threshold_lies_between_stretches_with_and_without_an_answer() -> None:
    velocities = tuple(np.linspace(0.5, 5.0, 10).tolist())
    one = values(measured(_stretched(velocities, 2.4, angle=False)))["stretch_reflex_threshold_velocity"]
    assert one.low < 2.4 < one.high
    assert one.value == pytest.approx(2.25, abs=0.3)
    assert not one.doubts


def test_a_muscle_that_never_answers_has_no_latency() -> None:
    found = values(measured(_stretched((3.0,) * 10, 9.0, angle=False)))
    assert "stretch_velocity" in found
    assert not any(name.startswith("stretch_reflex") for name in found)


def test_a_stretch_of_a_muscle_that_is_active_tests_nothing() -> None:
    recording = _stretched((3.0,) * 10, 1.0, angle=False)
    loud = recording.read("EMG") + 5e-5 * np.random.default_rng(2).normal(size=70_000)
    loud[:4_500] *= 0.05
    traces = [
        Trace(kind=ChannelKind.EMG, samples=loud, rate_hz=1000.0, name="EMG"),
        Trace(kind=ChannelKind.ANGULAR_VELOCITY, samples=recording.read("foot"), rate_hz=200.0, name="foot"),
    ]
    notes = [(start_s, "stretch") for start_s in STRETCHES_S]
    assert not any(name.startswith("stretch_") for name in values(measured(recording_of(traces, notes))))
