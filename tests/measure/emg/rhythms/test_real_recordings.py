"""What is said of real needle recordings of willed contractions: no spontaneous activity."""

from dataclasses import replace
from pathlib import Path

import pytest

from twitchwise.formats import read_recording
from twitchwise.measure.emg.rhythms import ChannelTrace, find_other_activity
from twitchwise.vocabulary import Electrode

pytestmark = pytest.mark.shared_data


@pytest.mark.parametrize("name", ["healthy", "myopathy", "neuropathy"])
def test_a_contraction_seen_by_a_needle_is_called_no_disease(shared_data: Path, name: str) -> None:
    recording = read_recording(shared_data / "emg" / "physionet_emgdb" / f"emg_{name}.hea")
    trace = replace(ChannelTrace.of_recording(recording, recording.channels[0]), electrode=Electrode.NEEDLE)
    found = find_other_activity(trace)
    assert found.events == ()
    assert any("under will" in sentence for sentence in found.statements)


def test_a_grid_over_a_contraction_shows_no_other_activity(shared_data: Path) -> None:
    recording = read_recording(shared_data / "emg" / "openhdemg_vastus_lateralis.mat")
    for channel in recording.channels[:2]:
        assert find_other_activity(ChannelTrace.of_recording(recording, channel)).events == ()
