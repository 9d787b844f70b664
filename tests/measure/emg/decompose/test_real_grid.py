"""What a real grid over a contraction shows, against the units that experts checked."""

from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.measure.emg.decompose import decompose
from twitchwise.measure.emg.decompose.trains import agreement
from twitchwise.vocabulary import ChannelKind


@pytest.mark.shared_data
def test_units_that_experts_checked_are_found_in_a_real_contraction(shared_data: Path) -> None:
    recording = read_recording(shared_data / "emg" / "openhdemg_vastus_lateralis.mat")
    channels = recording.of_kind(ChannelKind.EMG)
    rate_hz = channels[0].sampling_rate_hz
    samples = np.stack([recording.read(channel.name) for channel in channels]).astype(np.float32)
    found = decompose(samples, rate_hz)
    for number, least in ((2, 0.95), (3, 0.9), (4, 0.9), (5, 0.9)):
        times_s = [note.start_s for note in recording.annotations if note.text == f"discharge unit {number}"]
        train = np.sort(np.rint(np.array(times_s) * rate_hz).astype(np.int64))
        assert max(agreement(train, unit.discharges, most=60, within=1) for unit in found.units) >= least
    assert len(found.units) >= 10
