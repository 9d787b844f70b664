"""Recordings of EMG, movement and physiology in one data set are all measured, and none of their results meet."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from twitchwise.examine import MeasuringOrder, plan_folder
from twitchwise.examine.measuring import State
from twitchwise.formats.bids import Fitted, FoundIn, write_data_set
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit

STEM = "sub-01/emg/sub-01_task-recording_acq-grip"


def channel(name: str, kind: ChannelKind, unit: Unit, rate_hz: float) -> Channel:
    array = name.rpartition(" ")[0] or None
    return Channel(
        name=name,
        kind=kind,
        unit=unit,
        sampling_rate_hz=rate_hz,
        n_samples=round(4 * rate_hz),
        array=array,
        site="calf",
    )


@pytest.fixture(scope="module")
def data_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data set of one person: EMG with other EMG beside it, and movement of two sensors."""
    folder = tmp_path_factory.mktemp("kinds") / "set"
    emg = channel("EMG", ChannelKind.EMG, Unit.VOLT, 1000.0)
    axes = [channel(f"acc {axis}", ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED, 100.0) for axis in "xyz"]
    turns = [channel(f"gyro {axis}", ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND, 99.0) for axis in "xyz"]
    made = [
        Recording(
            name=f"{name}.x",
            format="made",
            channels=tuple(channels),
            source=ArraySource([np.random.default_rng(1).normal(0, 1e-3, one.n_samples) for one in channels]),
        )
        for name, channels in (("grip", [emg]), ("watch", [*axes, *turns]))
    ]

    def nothing_found(names: Fitted) -> tuple[str, dict[str, object]]:
        del names
        return "onset\tduration\n", {}

    write_data_set(folder, [FoundIn(recording=one, found=nothing_found) for one in made], print)
    with gzip.open(folder / f"{STEM}_physio.tsv.gz", "wt") as file:
        file.writelines(f"{number % 7}\n" for number in range(4000))
    about = {
        "SamplingFrequency": 1000,
        "StartTime": 0,
        "Columns": ["fdi"],
        "fdi": {"Units": "uV", "Description": "EMG"},
    }
    (folder / f"{STEM}_physio.json").write_text(json.dumps(about))
    return folder


def test_each_recording_has_a_place_of_its_own_and_emg_keeps_that_it_had(data_set: Path) -> None:
    planned = plan_folder(data_set, MeasuringOrder()).recordings
    assert [one.place for one in planned] == [
        STEM,
        "sub-01/emg/sub-01_task-recording_acq-gripPhysio",
        "sub-01/motion/sub-01_task-recording_tracksys-accelerometer_acq-watch",
        "sub-01/motion/sub-01_task-recording_tracksys-gyroscope_acq-watch",
    ]


def test_all_are_measured_and_the_public_validator_accepts_the_results(data_set: Path, tmp_path: Path) -> None:
    plan = plan_folder(data_set, MeasuringOrder(), output=tmp_path / "results")
    done = [
        plan.measure(planned, lambda examined: {"recording": examined.recording.name}) for planned in plan.recordings
    ]
    assert [(one.state, one.refusal) for one in done] == [(State.MEASURED, "")] * 4
    assert len({file for one in done for file in one.files}) == 12
    assert faults_in(tmp_path / "results") == []


def faults_in(folder: Path) -> list[str]:
    """Return the faults that the validator finds in the folder of results itself, where it reads ``.bidsignore``."""
    done = subprocess.run(  # noqa: S603 - the validator of the development environment
        [str(Path(sys.executable).parent / "bids-validator-deno"), os.fspath(folder), "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    issues = json.loads(done.stdout)["issues"]["issues"]
    return [f"{issue['code']} {issue.get('location')}" for issue in issues if issue["severity"] == "error"]
