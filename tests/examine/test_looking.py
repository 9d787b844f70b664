"""A look opens a recording at once, measures it beside, follows what a person says, and leaves no file behind."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from twitchwise.examine import MeasuringOrder
from twitchwise.examine.examination import examine_opened
from twitchwise.examine.looking import Look, Phase, Taken
from twitchwise.examine.review import Verdict
from twitchwise.examine.scratch_folder import ScratchFolder
from twitchwise.formats import read_recording, write_edf
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, EventKind, OutOfRangeError, Unit, UnreadableRecordingError

PATIENCE_S = 60
RATE_HZ, SECONDS = 1000, 30


def wait_for(is_so: Callable[[], bool]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until_s, "it never came to that"
        time.sleep(0.01)


@pytest.fixture
def pulses(tmp_path: Path) -> Path:
    """Half a minute of noise with a pulse every three seconds, and a second channel of noise alone, as EDF+."""
    rng = np.random.default_rng(7)
    time_s = np.arange(RATE_HZ * SECONDS) / RATE_HZ
    volts = rng.normal(0, 4e-6, (2, time_s.size))
    for start_s in range(2, SECONDS, 3):
        near = np.abs(time_s - start_s) < 0.01
        volts[0, near] += 4e-4 * np.sin(2 * np.pi * 100 * (time_s[near] - start_s))
    channels = tuple(
        Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=float(RATE_HZ), n_samples=time_s.size)
        for name in ("EMG calf", "EMG thigh")
    )
    file = tmp_path / "legs.edf"
    write_edf(Recording(name="legs", format="array", channels=channels, source=ArraySource(list(volts))), file)
    return file


@pytest.fixture
def look(pulses: Path) -> Iterator[Look]:
    """A recording that is looked at, measured."""
    folder = ScratchFolder()
    look = Look(pulses, MeasuringOrder(), folder).start()
    wait_for(lambda: not look.is_working)
    assert look.phase is Phase.MEASURED, look.refusal
    yield look
    look.close()
    assert not folder.path.exists()


def test_events_come_when_measuring_is_done(look: Look) -> None:
    assert look.share_prepared == 1.0
    (tally,) = look.tallies
    assert (tally.channel, tally.kind) == ("EMG calf", EventKind.FASCICULATION_POTENTIAL)
    assert tally.count == 10
    assert look.view([0, 1], 0.0, float(SECONDS), 100).is_exact


def test_what_was_said_is_taken_back_step_by_step(look: Look) -> None:
    first = look.review.events[0].id
    look.judge({first: Verdict.REJECTED})
    look.judge({first: Verdict.REJECTED})  # no step
    added = look.add(EventKind.JERK, "EMG thigh", 12.5)
    assert added.startswith("h")
    assert {(tally.channel, tally.count) for tally in look.tallies} == {("EMG calf", 9), ("EMG thigh", 1)}
    look.undo()
    look.undo()
    assert not look.can_undo
    look.undo()
    assert [tally.count for tally in look.tallies] == [10]


@pytest.mark.parametrize(("channel", "time_s"), [("EMG arm", 1.0), ("EMG calf", -1.0), ("EMG calf", 30.0)])
def test_an_event_is_added_only_where_there_is_a_recording(look: Look, channel: str, time_s: float) -> None:
    with pytest.raises(OutOfRangeError):
        look.add(EventKind.JERK, channel, time_s)


def test_the_recording_is_written_with_the_events_that_count(look: Look) -> None:
    look.judge({look.review.events[0].id: Verdict.REJECTED})
    look.add(EventKind.JERK, "EMG thigh", 12.5)
    written = read_recording(look.write(Taken.EDF))
    notes = [note.text for note in written.annotations]
    assert notes.count("fasciculation_potential@EMG calf") == 9
    assert notes.count("jerk@EMG thigh") == 1


def test_a_recording_that_is_gone_is_one_sentence_for_bids_too(look: Look, pulses: Path) -> None:
    pulses.unlink()
    with pytest.raises(OutOfRangeError, match=r"legs\.edf\. recording must be a file that exists"):
        look.write(Taken.BIDS)


def test_events_marked_before_measuring_was_done_are_kept(pulses: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone_on: list[bool] = []

    def slow(recording: Recording, order: MeasuringOrder, progress: Callable[[float], None]) -> object:
        wait_for(lambda: bool(gone_on))
        return examine_opened(recording, order, progress)

    monkeypatch.setattr("twitchwise.examine.looking.examine_opened", slow)
    look = Look(pulses, MeasuringOrder(), ScratchFolder()).start()
    look.add(EventKind.JERK, "EMG thigh", 12.5)
    assert look.is_working
    gone_on.append(True)
    wait_for(lambda: not look.is_working)
    assert {(tally.channel, tally.count) for tally in look.tallies} == {("EMG calf", 10), ("EMG thigh", 1)}
    look.undo()
    assert [tally.count for tally in look.tallies] == [10]
    look.close()


def test_stopping_ends_the_measuring_and_leaves_what_can_be_seen(pulses: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(recording: Recording, _: MeasuringOrder, progress: Callable[[float], None]) -> None:
        progress(0.5)
        while True:  # it reads, but does not tell how far it is
            recording.read("EMG calf", 0.0, 0.1)
            recording.read_rows(["EMG calf", "EMG thigh"], 0.0, 0.1)

    monkeypatch.setattr("twitchwise.examine.looking.examine_opened", endless)
    look = Look(pulses, MeasuringOrder(), ScratchFolder()).start()
    wait_for(lambda: look.share_measured == 0.5)
    look.stop()
    wait_for(lambda: not look.is_working)
    assert look.phase is Phase.STOPPED
    assert look.view([0], 0.0, 1.0, 10).is_exact
    look.close()


def test_what_cannot_be_measured_can_still_be_seen(tmp_path: Path) -> None:
    file = tmp_path / "breath.csv"
    rows = "\n".join(f"{number / 10},{number % 7}" for number in range(300))
    file.write_text(f"time_s,breath\n{rows}\n", encoding="utf-8")
    folder = ScratchFolder()
    look = Look(file, MeasuringOrder(), folder).start()
    wait_for(lambda: not look.is_working)
    assert look.phase is Phase.NOT_MEASURED
    assert look.refusal
    assert str(folder.path) not in look.refusal
    assert look.view([0], 0.0, 30.0, 10).is_exact
    look.close()


def test_a_fault_in_measuring_is_told_and_hides_nothing(pulses: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("twitchwise.examine.looking.examine_opened", broken)
    look = Look(pulses, MeasuringOrder(), ScratchFolder()).start()
    wait_for(lambda: not look.is_working)
    assert "ZeroDivisionError" in look.refusal
    look.close()


def test_a_file_that_goes_away_is_one_sentence(look: Look, pulses: Path) -> None:
    pulses.unlink()
    for work in (
        lambda: look.view([0], 0.0, 1.0, 100),
        lambda: look.add(EventKind.JERK, "EMG calf", 1.0),
        lambda: look.write(Taken.EDF),
    ):
        with pytest.raises(UnreadableRecordingError, match="must be"):
            work()


def test_a_disk_that_fails_is_one_sentence(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("twitchwise.signals.pyramid.Pyramid.view", fail)
    with pytest.raises(UnreadableRecordingError, match="must stay where it is, got 'Input/output error'"):
        look.view([0], 0.0, 1.0, 100)


def test_what_is_no_recording_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.edf"
    file.write_bytes(b"no recording")
    folder = ScratchFolder()
    with pytest.raises(UnreadableRecordingError):
        Look(file, MeasuringOrder(), folder)
    folder.erase()
