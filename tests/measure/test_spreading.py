"""Whoever works the pieces of a measuring, and in whichever order, what is measured is the same to the bit."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.measure.elsewhere import DeadlySource, InAnyOrder, InProcesses, StoredSource, plain, stored
from tests.measure.emg_scenes import Scene, make
from tests.measure.grid_scenes import GridScene, grid_recording, make_grid
from tests.measure.motion.tremor.shaking import rendered, shaking
from tests.measure.sleep.nights import Emg, emg_night, every, stages

from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.measure.emg.grid.reading import reader_of, scan
from twitchwise.measure.emg.groups import electrode_groups
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.spreading import Spread, ToldHere
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, OutOfRangeError, UnreadableRecordingError

CONTRACTION = GridScene(duration_s=40.0, peak_v=60e-6, rate_per_min=30.0, contraction=(15.0, 25.0), seed=4)


def together(*recordings: Recording) -> Recording:
    """Return the channels of several recordings as one; those of a name are named apart."""
    channels, arrays = list[Channel](), list[np.ndarray]()
    for number, recording in enumerate(recordings):
        for channel in recording.channels:
            taken = {one.name for one in channels}
            name = f"{channel.name} {chr(ord('a') + number)}" if channel.name in taken else channel.name
            channels.append(replace(channel, name=name))
            arrays.append(recording.read(channel.name))
    return Recording(name="together", format="array", channels=tuple(channels), source=ArraySource(arrays))


def grid() -> Recording:
    """A grid of a contraction, hum, a channel that loses contact and missing samples; three blocks."""
    recording, _ = make_grid(CONTRACTION)
    signal = np.array([recording.read(channel.name) for channel in recording.channels])
    signal += 20e-6 * np.sin(2 * np.pi * 50.0 * np.arange(signal.shape[1]) / CONTRACTION.sampling_rate_hz)
    signal[3, 20_000:24_000], signal[5, 60_000:60_300], signal[2, 40_000] = 0.0, np.nan, 1e-2
    return grid_recording(signal, CONTRACTION)


def large_grid() -> Recording:
    """A grid of 64 channels, so many potentials that patterns are learned on the way; nine blocks."""
    scene = GridScene(rows=8, columns=8, duration_s=120.0, rate_per_min=200.0, units=8, peak_v=60e-6, seed=5)
    return make_grid(scene)[0]


def eight_channels() -> Recording:
    """Single channels, every other one with a contraction."""
    scenes = (
        Scene(duration_s=20.0, seed=seed, rate_per_min=60.0, bursts=((8.0, 10.0),) if seed % 2 else ())
        for seed in range(8)
    )
    return together(*(make(scene)[0] for scene in scenes))


def grid_and_channels() -> Recording:
    """Two single channels before an array: the order of the results is not that of the work."""
    channels = [make(Scene(duration_s=20.0, seed=seed, rate_per_min=60.0))[0] for seed in range(2)]
    return together(*channels, make_grid(GridScene(duration_s=20.0, peak_v=60e-6))[0])


def emg_and_motion() -> Recording:
    """A muscle and an accelerometer at once."""
    return together(make(Scene(duration_s=40.0, rate_per_min=40.0))[0], rendered(shaking()))


def night() -> Recording:
    """Two legs and a chin for twenty minutes, with stages."""
    left, right, chin = (Emg(1200.0, 256.0, seed=seed) for seed in range(3))
    for onset in every(25.0, 20, 400.0):
        left.burst(onset, 2.0)
        right.burst(onset + 0.2, 1.5)
    legs = {"EMG LAT": left, "EMG RAT": right, "EMG chin": chin}
    return emg_night(legs, stages(["W"] * 10 + ["N2"] * 30))


SCENES: dict[str, tuple[Callable[[], Recording], bool]] = {
    "grid": (grid, False),
    "every discharge of a grid": (lambda: make_grid(CONTRACTION)[0], True),
    "grid of 64 channels": (large_grid, False),
    "eight channels": (eight_channels, False),
    "every discharge of a grid and channels": (grid_and_channels, True),
    "EMG and motion": (emg_and_motion, False),
    "night": (night, False),
}


@cache
def in_one_piece(scene: str) -> tuple[Recording, RecordingMeasurements]:
    """Return a recording, and what is measured where nobody spreads the work."""
    make_scene, discharges = SCENES[scene]
    recording = make_scene()
    return recording, measure_recording(recording, discharges=discharges)


@pytest.fixture(scope="module")
def processes() -> Iterator[Spread]:
    """Two processes that are started anew and share nothing with this one."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield InProcesses(pool, 2)


@pytest.mark.parametrize("scene", SCENES)
def test_processes_measure_what_one_does(scene: str, processes: Spread, tmp_path: Path) -> None:
    recording, alone = in_one_piece(scene)
    told: list[float] = []
    spread = measure_recording(
        stored(recording, tmp_path / "samples"),
        discharges=SCENES[scene][1],
        progress=told.append,
        spread=processes,
    )
    assert plain(spread) == plain(alone)
    assert told == sorted(told)
    assert told[-1] == 1.0


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scene=st.sampled_from(["grid", "every discharge of a grid", "EMG and motion"]), seed=st.integers(0, 10_000))
def test_the_order_in_which_pieces_are_worked_changes_nothing(scene: str, seed: int) -> None:
    recording, alone = in_one_piece(scene)
    spread = measure_recording(recording, discharges=SCENES[scene][1], spread=InAnyOrder(seed))
    assert plain(spread) == plain(alone)


def test_a_scene_has_what_its_comparison_is_about() -> None:
    measured = {scene: in_one_piece(scene)[1] for scene in SCENES}
    assert all(found.measurements for found in measured.values())
    assert all(any(len(train) for train in measured[scene].events) for scene in SCENES if scene != "night")
    large = in_one_piece("grid of 64 channels")[0]
    reader = reader_of(large, electrode_groups(large.channels)[0], emg_settings())
    assert reader.n_blocks >= 5
    assert len(scan(reader, emg_settings()).candidates) > 256  # patterns are learned from the first so many
    assert measured["every discharge of a grid"].discharges
    assert [one.channel for one in measured["every discharge of a grid and channels"].potentials][-1] == "grid"
    assert any(found.id.startswith("plm") for found in measured["night"].measurements)
    assert any(not one.usable or one.flat_share for one in measured["grid"].quality)


def test_how_much_of_a_grid_is_done_is_told_block_by_block() -> None:
    told: list[float] = []
    measure_recording(in_one_piece("grid")[0], progress=told.append)
    assert told == sorted(told)
    assert len({share for share in told if share < 0.25}) >= 2
    assert told[-1] == 1.0


def test_progress_is_told_in_the_process_that_listens_and_in_no_other() -> None:
    told: list[float] = []
    here = ToldHere(told.append)
    here(0.5)
    kind, arguments = here.__reduce__()
    kind(*arguments)(0.7)
    assert told == [0.5]


def test_a_process_that_dies_is_an_error_and_no_wait(tmp_path: Path) -> None:
    recording = stored(in_one_piece("EMG and motion")[0], tmp_path / "samples")
    deadly = replace(recording, source=DeadlySource(tmp_path / "samples", os.getpid()))
    with (
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool,
        pytest.raises(BrokenProcessPool),
    ):
        measure_recording(deadly, spread=InProcesses(pool, 1))


class Damaged(StoredSource):
    """Samples whose last quarter cannot be read."""

    def read(self, channel: int, start: int, stop: int) -> np.ndarray:
        """Return samples of a channel."""
        if stop > 60_000:
            raise UnreadableRecordingError(f"samples must be whole, got damage before {stop}.")
        return super().read(channel, start, stop)


def test_what_a_process_refuses_is_refused_as_here(processes: Spread, tmp_path: Path) -> None:
    recording = stored(in_one_piece("grid")[0], tmp_path / "samples")
    damaged = replace(recording, source=Damaged(tmp_path / "samples"))
    sentences = list[str]()
    for spread in (None, processes):
        with pytest.raises(UnreadableRecordingError, match="must be whole") as refused:
            measure_recording(damaged, spread=spread)
        sentences.append(refused.value.sentence)
    assert sentences[0] == sentences[1]


def test_a_refusal_of_one_part_does_not_keep_processes_from_the_others(processes: Spread, tmp_path: Path) -> None:
    recording, _ = in_one_piece("EMG and motion")
    silent = [np.zeros(one.n_samples) if one.name == "calf" else recording.read(one.name) for one in recording.channels]
    half = replace(recording, source=ArraySource(silent))
    alone = measure_recording(half)
    assert any("constant" in warning for warning in alone.warnings)
    assert plain(measure_recording(stored(half, tmp_path / "samples"), spread=processes)) == plain(alone)


def test_what_holds_nothing_to_measure_is_refused_by_processes_too(processes: Spread, tmp_path: Path) -> None:
    recording = stored(in_one_piece("EMG and motion")[0], tmp_path / "samples")
    nothing = replace(recording, channels=tuple(replace(one, kind=ChannelKind.EEG) for one in recording.channels))
    with pytest.raises(OutOfRangeError, match="must include EMG or movement"):
        measure_recording(nothing, spread=processes)
