"""What is said of real recordings, looked at by eye before it was written down here."""

from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.vocabulary import Measurement

pytestmark = pytest.mark.shared_data


def by_id(found: RecordingMeasurements) -> dict[str, Measurement]:
    return {measurement.id: measurement for measurement in found.measurements}


@pytest.fixture(scope="module")
def emg(shared_data: Path) -> Path:
    return shared_data / "emg"


@pytest.mark.parametrize("name", ["healthy", "myopathy", "neuropathy"])
def test_a_needle_in_a_contracting_muscle_shows_activity_and_no_fasciculation(emg: Path, name: str) -> None:
    found = measure_recording(read_recording(emg / "physionet_emgdb" / f"emg_{name}.hea"))
    assert found.events == ()
    assert "fasciculation_rate" not in by_id(found)
    assert by_id(found)["rest_share"].value == 0
    assert any("the muscle was active" in warning for warning in found.warnings)


def test_a_grid_over_a_contraction_shows_activity_on_every_channel(emg: Path) -> None:
    found = measure_recording(read_recording(emg / "openhdemg_vastus_lateralis.mat"))
    assert len(found.quality) == 64
    assert found.events == ()
    assert max(m.value for m in found.measurements if m.id == "rest_share") < 5
    assert "No channel rested long enough" in found.summary


def test_the_quiet_ends_of_the_grid_are_quiet(emg: Path) -> None:
    recording = read_recording(emg / "openhdemg_vastus_lateralis.mat")
    name = recording.channels[0].name
    assert float(np.std(recording.read(name, 0.0, 0.7))) == pytest.approx(11e-6, rel=0.3)


def test_bursts_and_rest_are_told_apart(emg: Path) -> None:
    recording = read_recording(emg / "biosppy_emg.txt")
    found = measure_recording(recording)
    rest = found.rest[recording.channels[0].name]
    assert all(rest.contains(at) for at in (5.0, 20.0, 30.0, 65.0, 75.0, 90.0))
    assert not any(rest.contains(at) for at in (37.0, 39.0, 51.0, 53.0, 55.0, 57.0))
    assert len(found.events[0]) <= 15
    assert "the file does not give volts" in by_id(found)["fasciculation_rate"].doubts


def test_every_short_fixture_is_described_and_none_gets_a_rate(emg: Path) -> None:
    files = sorted(emg.glob("bids/*/sub-01/emg/*.edf"))
    assert files
    for file in files:
        recording = read_recording(file)
        assert not any(m.id == "fasciculation_rate" for m in measure_recording(recording).measurements)
