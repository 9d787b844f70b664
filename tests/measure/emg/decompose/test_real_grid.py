"""What a real grid over a contraction shows, against the units that experts checked."""

from pathlib import Path

import numpy as np
import pytest

from twitchwise.formats import read_recording
from twitchwise.measure.emg.decompose import Decomposition, decompose
from twitchwise.measure.emg.decompose.trains import agreement
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import IntArray

# The plateau, on which all five discharge.
FROM_S, TO_S = 9.0, 19.0


@pytest.fixture(scope="module")
def plateau(shared_data: Path) -> tuple[Decomposition, dict[int, IntArray]]:
    """Give what is found in the plateau, and the trains of the experts there."""
    recording = read_recording(shared_data / "emg" / "openhdemg_vastus_lateralis.mat")
    channels = recording.of_kind(ChannelKind.EMG)
    rate_hz = channels[0].sampling_rate_hz
    samples = np.stack([recording.read(channel.name, FROM_S, TO_S) for channel in channels]).astype(np.float32)
    trains = {}
    for number in range(1, 6):
        times_s = [note.start_s for note in recording.annotations if note.text == f"discharge unit {number}"]
        inside_s = np.sort([time for time in times_s if FROM_S <= time < TO_S]) - FROM_S
        trains[number] = np.rint(inside_s * rate_hz).astype(np.int64)
    return decompose(samples, rate_hz), trains


@pytest.mark.shared_data
@pytest.mark.parametrize(("number", "least"), [(2, 0.95), (3, 0.93), (4, 0.93), (5, 0.93)])
def test_units_that_experts_checked_are_found_in_a_real_contraction(
    plateau: tuple[Decomposition, dict[int, IntArray]], number: int, least: float
) -> None:
    found, trains = plateau
    assert max(agreement(trains[number], unit.discharges, most=60, within=1) for unit in found.units) >= least


@pytest.mark.shared_data
def test_a_real_contraction_shows_more_units_than_were_checked(
    plateau: tuple[Decomposition, dict[int, IntArray]],
) -> None:
    assert len(plateau[0].units) >= 12
