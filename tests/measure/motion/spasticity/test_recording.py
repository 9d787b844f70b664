"""Nothing is told where nothing calls for it: phones and watches with tremor, ordinary EMG, needles."""

from pathlib import Path

import numpy as np
import pytest
from tests.measure.motion.spasticity.limb_scenes import Trace, events, measured, recording_of, values

from twitchwise.formats import read_recording
from twitchwise.measure.asked import Asked
from twitchwise.measure.motion.spasticity import measure_spasticity
from twitchwise.simulate import Setting, simulate_condition
from twitchwise.vocabulary import ChannelKind, EventKind

RNG = np.random.default_rng(0)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    [
        "motion/pdkit_phone/*.csv",
        "motion/pdkit_phone/mpower_tremor.json",
        "motion/paradigma_watch",
        "emg/biosppy_emg.txt",
        "emg/*.h5",
        "emg/openhdemg_vastus_lateralis.mat",
        "emg/physionet_emgdb/*.hea",
        "emg/bids/*/*/emg/*.edf",
    ],
)
def test_real_recordings_without_spasticity_give_nothing(shared_data: Path, name: str) -> None:
    paths = [path for path in sorted(shared_data.glob(name)) if path.name != "classification_clinical.csv"]
    assert paths
    for path in paths:
        assert measured(read_recording(path)) is None, path


@pytest.mark.parametrize("condition", ["parkinson_disease", "essential_tremor", "healthy_contraction"])
def test_simulated_tremor_and_contraction_give_nothing(condition: str) -> None:
    simulated = simulate_condition(condition, duration_s=20.0, seed=3)
    assert measured(simulated.recording) is None


def test_simulated_clonus_is_found_with_its_frequency() -> None:
    simulated = simulate_condition(
        Setting(condition="spinal_cord_injury_spasticity", scene="ankle_stretch"), duration_s=12.0, seed=5
    )
    traces = [
        Trace(kind=one.kind, samples=simulated.recording.read(one.name), rate_hz=one.sampling_rate_hz, name=one.name)
        for one in simulated.recording.of_kind(ChannelKind.EMG)
    ]
    found = measured(recording_of(traces, [(1.0, "stretch"), (11.0, "stretch")]))
    beats = next(train for train in simulated.events if train.kind is EventKind.CLONUS_BEAT)
    true_hz = 1 / np.median(np.diff(beats.peak_s))
    assert values(found)["clonus_frequency"].value == pytest.approx(true_hz, abs=0.2)
    assert len(events(found, EventKind.CLONUS)[0]) == 1


def test_an_empty_room_gives_nothing() -> None:
    traces = [
        Trace(kind=ChannelKind.ACCELERATION, samples=RNG.normal(scale=0.01, size=(3, 6000)), rate_hz=100.0, name="a"),
        Trace(
            kind=ChannelKind.ANGULAR_VELOCITY, samples=RNG.normal(scale=0.01, size=(3, 6000)), rate_hz=100.0, name="g"
        ),
    ]
    assert measured(recording_of(traces)) is None


def test_progress_ends_at_one_and_every_judged_channel_has_its_quality() -> None:
    told: list[float] = []
    trace = Trace(
        kind=ChannelKind.ANGULAR_VELOCITY, samples=RNG.normal(scale=0.01, size=(3, 6000)), rate_hz=100.0, name="g"
    )
    found = measure_spasticity(recording_of([trace], [(5.0, "stretch")]), Asked(), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert found is not None
    assert [one.channel for one in found.quality] == ["g X", "g Y", "g Z"]
    assert all(one.usable for one in found.quality)


def test_a_sensor_that_is_too_slow_is_said_to_be() -> None:
    slow = Trace(kind=ChannelKind.ACCELERATION, samples=RNG.normal(scale=0.01, size=600), rate_hz=10.0, name="slow")
    fast = Trace(kind=ChannelKind.ANGLE, samples=RNG.normal(scale=0.001, size=6000), rate_hz=100.0, name="fast")
    assert measured(recording_of([slow], [(5.0, "stretch")])) is None
    found = measured(recording_of([slow, fast], [(5.0, "stretch")]))
    assert found is not None
    assert any("10 samples a second" in warning for warning in found.warnings)


@pytest.mark.parametrize("size", [1, 5, 60])
@pytest.mark.parametrize("kind", [ChannelKind.ANGLE, ChannelKind.ANGULAR_VELOCITY, ChannelKind.ACCELERATION])
def test_hardly_a_sample_is_no_error(kind: ChannelKind, size: int) -> None:
    trace = Trace(kind=kind, samples=np.ones((3, size)), rate_hz=100.0, name="leg")
    found = measured(recording_of([trace], [(0.0, "stretch"), (0.1, "pendulum"), (0.2, "spasm")]))
    assert not events(found, EventKind.CLONUS)


@pytest.mark.parametrize("kind", [ChannelKind.EMG, ChannelKind.ANGLE, ChannelKind.ACCELERATION, ChannelKind.FORCE])
def test_a_constant_or_missing_signal_is_no_error(kind: ChannelKind) -> None:
    for fill in (0.0, 1.0, np.nan):
        trace = Trace(kind=kind, samples=np.full(20_000, fill), rate_hz=1000.0, name="calf")
        found = measured(recording_of([trace], [(5.0, "stretch"), (6.0, "spasm"), (7.0, "pendulum")]))
        assert not events(found, EventKind.CLONUS)
        assert not events(found, EventKind.SPASM)
