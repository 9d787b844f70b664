"""A recording that is sent travels as where its file lies, is read there to the bit, and only if it is as it was."""

import multiprocessing
import os
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from twitchwise.examine import MeasuringOrder
from twitchwise.examine.examination import examine_as_ordered, examine_opened
from twitchwise.examine.reopened import read_to_send
from twitchwise.formats import read_recording, write_edf
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, OutOfRangeError, Unit, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 1000
NAMES = ("calf", "thigh")


def written(file: Path, seed: int = 7, seconds: int = 20) -> Path:
    """Write noise with a potential about each second on two muscles, as EDF+."""
    rng = np.random.default_rng(seed)
    volts = rng.normal(0, 3e-6, (len(NAMES), seconds * RATE_HZ))
    for at in (np.arange(1, seconds - 1) * RATE_HZ + rng.integers(0, RATE_HZ, seconds - 2)).tolist():
        volts[:, at : at + 8] += 100e-6 * np.sin(np.arange(8))
    channels = tuple(
        Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=float(RATE_HZ), n_samples=row.size)
        for name, row in zip(NAMES, volts, strict=True)
    )
    write_edf(Recording(name="legs", format="array", channels=channels, source=ArraySource(list(volts))), file)
    return file


@pytest.fixture
def legs(tmp_path: Path) -> Path:
    return written(tmp_path / "legs.edf")


def sent(recording: Recording) -> Recording:
    """Return what arrives in another process."""
    arrived: Recording = pickle.loads(pickle.dumps(recording))  # noqa: S301 - written on the same line
    return arrived


def rows(recording: Recording) -> FloatArray:
    return np.array([recording.read(channel.name) for channel in recording.channels])


def test_what_arrives_is_read_as_it_was_here_and_little_travels(legs: Path) -> None:
    here, plain = read_to_send(legs, MeasuringOrder()), read_recording(legs)
    arrived = sent(sent(here))
    assert arrived.channels == here.channels == plain.channels
    assert np.array_equal(rows(arrived), rows(plain))
    assert np.array_equal(rows(here), rows(plain))
    assert np.array_equal(arrived.read_rows(NAMES, 1.0, 2.0), plain.read_rows(NAMES, 1.0, 2.0))
    assert len(pickle.dumps(here)) < legs.stat().st_size / 10


def test_what_the_file_does_not_say_travels_along(tmp_path: Path) -> None:
    table = tmp_path / "arm.csv"
    table.write_text("EMG\n" + "\n".join(f"{number % 7 - 3}" for number in range(4000)), encoding="utf-8")
    order = MeasuringOrder(sampling_rate_hz=500.0, unit="uV", electrode=Electrode.NEEDLE)
    arrived = sent(read_to_send(table, order))
    assert arrived.channels[0].electrode is Electrode.NEEDLE
    assert arrived.read("EMG", 0.0, 0.008).tolist() == pytest.approx([-3e-6, -2e-6, -1e-6, 0.0])


def test_a_path_from_where_one_stands_is_found_from_elsewhere(legs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(legs.parent)
    here = read_to_send(Path(legs.name), MeasuringOrder())
    (legs.parent / "elsewhere").mkdir()
    monkeypatch.chdir(legs.parent / "elsewhere")
    assert sent(here).read("calf", 0.0, 1.0).size == RATE_HZ


def touched(file: Path) -> None:
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 1))


def longer(file: Path) -> None:
    stamp = file.stat().st_mtime_ns
    with file.open("ab") as more:
        more.write(b"\0")
    os.utime(file, ns=(1, stamp))


def gone(file: Path) -> None:
    file.rename(file.with_suffix(".old"))


@pytest.mark.parametrize("change", [touched, longer, gone])
@pytest.mark.parametrize("has_been_read", [True, False])
def test_a_file_that_was_changed_is_refused_elsewhere(legs: Path, change: object, *, has_been_read: bool) -> None:
    assert callable(change)
    here = read_to_send(legs, MeasuringOrder())
    if has_been_read:
        sent(here).read("calf", 0.0, 1.0)
    change(legs)
    with pytest.raises(UnreadableRecordingError, match=r"legs\.edf' must stay as it is while it is measured"):
        sent(here).read("calf", 0.0, 1.0)


def test_a_file_beside_it_that_belongs_to_it_must_stay_too(legs: Path) -> None:
    beside = legs.with_suffix(".json")
    beside.write_text("{}", encoding="utf-8")
    here = read_to_send(legs, MeasuringOrder())
    assert sent(here).read("calf", 0.0, 1.0).size
    beside.write_text("{ }", encoding="utf-8")
    with pytest.raises(UnreadableRecordingError, match="must stay"):
        sent(here).read("calf", 0.0, 1.0)


def test_a_file_that_replaced_another_of_its_name_is_read_anew(legs: Path) -> None:
    before = rows(sent(read_to_send(legs, MeasuringOrder())))
    written(legs, seed=8, seconds=30)
    after = rows(sent(read_to_send(legs, MeasuringOrder())))
    assert after.shape[1] > before.shape[1]
    assert np.array_equal(after, rows(read_recording(legs)))


def test_what_cannot_be_opened_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError, match="must be a file that exists"):
        read_to_send(tmp_path / "none.edf", MeasuringOrder())
    with pytest.raises(UnreadableRecordingError):
        read_to_send(tmp_path / "nowhere" / "none.edf", MeasuringOrder())
    with pytest.raises(OutOfRangeError):
        read_to_send(written(tmp_path / "legs.edf"), MeasuringOrder(sampling_rate_hz=-1.0))


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        yield one


def test_a_recording_is_examined_in_another_process_as_in_this_one(legs: Path, pool: ProcessPoolExecutor) -> None:
    alone = examine_as_ordered(legs, MeasuringOrder())
    recording = read_to_send(legs, MeasuringOrder())
    spread = examine_opened(recording, MeasuringOrder(), spread=pool.map)
    assert spread.result.measurements == alone.result.measurements
    assert spread.result.warnings == alone.result.warnings
    for one, other in zip(spread.result.events, alone.result.events, strict=True):
        assert np.array_equal(one.start_s, other.start_s)
        assert np.array_equal(one.peak, other.peak)
    assert len(alone.result.events[0]) > 10
