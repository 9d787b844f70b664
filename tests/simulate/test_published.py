"""Published figures, as one sees them in the recordings of whole simulations."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import signal

from twitchwise.signals import EventTrain
from twitchwise.simulate import Apparatus, Setting, Simulation, simulate_condition
from twitchwise.vocabulary import EventKind

RATE_HZ = 1000.0
CALF = {"scene": "tendon_tap", "muscle": "triceps_surae"}
THENAR = {"scene": "nerve_stimulation", "muscle": "thenar"}
ONE_KILOGRAM = {"load_mass": 1.0, "voluntary_drive": 0.15}  # more drive holds the load against gravity
Run = Callable[..., Simulation]


@pytest.fixture(scope="module")
def run() -> Run:
    """Simulate a condition with all its motor units; what has been run is given again."""
    known: dict[str, Simulation] = {}

    def made(condition: str, duration_s: float, **options: Any) -> Simulation:  # noqa: ANN401 - of a setting
        key = repr((condition, duration_s, options))
        if key not in known:
            known[key] = simulate_condition(
                Setting(condition=condition, **options),
                duration_s=duration_s,
                seed=1,
                apparatus=Apparatus(sampling_rate_hz=RATE_HZ),
            )
        return known[key]

    return made


def _peak_hz(simulation: Simulation, channel: str, from_s: float) -> float:
    samples = simulation.recording.read(channel, from_s)
    frequency, power = signal.welch(samples - samples.mean(), RATE_HZ, nperseg=min(4096, samples.size), nfft=16384)
    wanted = (frequency > 1.5) & (frequency < 30)
    return float(frequency[wanted][power[wanted].argmax()])


def _events(simulation: Simulation, kind: EventKind) -> EventTrain:
    return next(train for train in simulation.events if train.kind is kind)


def _half_relaxed_s(simulation: Simulation) -> float:
    """Return the time from the first tap to half of the force of its reflex."""
    tap_s = float(_events(simulation, EventKind.TENDON_TAP).start_s[0])
    force = simulation.recording.read("Force", tap_s, tap_s + 1.4)
    peak = int(force.argmax())
    assert force[peak] > 1.0
    return (peak + int(np.flatnonzero(force[peak:] < force[peak] / 2)[0])) / RATE_HZ


def _beats_hz(simulation: Simulation) -> float:
    beats = _events(simulation, EventKind.CLONUS_BEAT)
    assert len(beats) > 8
    return float(1 / np.median(np.diff(beats.start_s)))


def _sizes(simulation: Simulation) -> "np.typing.NDArray[np.float64]":
    """Return how large the EMG answers each stimulus, relative to the first."""
    stimuli = _events(simulation, EventKind.NERVE_STIMULUS).start_s
    sizes = np.array([np.ptp(simulation.recording.read("EMG", at_s, at_s + 0.06)) for at_s in stimuli])
    assert sizes.size >= 5
    relative: np.typing.NDArray[np.float64] = sizes / sizes[0]
    return relative


def _shift_hz(run: Run, condition: str) -> float:
    """Return by how much a kilogram in the hand slows a tremor."""
    free, loaded = (_peak_hz(run(condition, 12.0, changes=changes), "Acc Y", 3.0) for changes in ({}, ONE_KILOGRAM))
    return free - loaded


FIGURES: list[tuple[str, Callable[[Run], float], float, float]] = [
    ("parkinsonian tremor at rest, Hz", lambda run: _peak_hz(run("parkinson_disease", 10.0), "Gyro Z", 2.0), 4.0, 6.0),
    ("clonus of the ankle, Hz", lambda run: _beats_hz(run("spinal_cord_injury_spasticity", 5.5)), 3.8, 7.0),
    (
        "clonus with two kilograms, Hz",
        lambda run: _beats_hz(run("spinal_cord_injury_spasticity", 5.5, changes={"load_mass": 2.0})),
        3.7,
        7.0,
    ),
    (
        "two kilograms slow a clonus, Hz",
        lambda run: (
            _beats_hz(run("spinal_cord_injury_spasticity", 5.5))
            - _beats_hz(run("spinal_cord_injury_spasticity", 5.5, changes={"load_mass": 2.0}))
        ),
        0.5,
        4.0,
    ),
    (
        "healthy ankle jerk, tap to half relaxed, s",
        lambda run: _half_relaxed_s(run("healthy", 2.5, **CALF)),
        0.24,
        0.34,
    ),
    ("hypothyroid ankle jerk, s", lambda run: _half_relaxed_s(run("hypothyroidism", 2.5, **CALF)), 0.34, 0.78),
    ("hyperthyroid ankle jerk, s", lambda run: _half_relaxed_s(run("hyperthyroidism", 2.5, **CALF)), 0.10, 0.24),
    ("decrement of myasthenia at 3 Hz", lambda run: 1 - float(_sizes(run("myasthenia_gravis", 4.8))[4]), 0.1, 0.6),
    (
        "decrement of health at 3 Hz",
        lambda run: float(np.abs(1 - _sizes(run("healthy", 4.8, **THENAR))).max()),
        0.0,
        0.05,
    ),
    ("a kilogram slows essential tremor, Hz", lambda run: _shift_hz(run, "essential_tremor"), -1.0, 1.0),
    (
        "a kilogram slows physiological tremor, Hz",
        lambda run: _shift_hz(run, "enhanced_physiological_tremor"),
        1.0,
        6.0,
    ),
]


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize(("found", "low", "high"), [one[1:] for one in FIGURES], ids=[one[0] for one in FIGURES])
def test_a_published_figure_comes_out(run: Run, found: Callable[[Run], float], low: float, high: float) -> None:
    assert low <= found(run) <= high
