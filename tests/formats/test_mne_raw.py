"""Recordings cross over from and to MNE with their samples, kinds, units, times and notes."""

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import edfio
import mne
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.formats import events_to_annotations, from_mne, to_mne
from twitchwise.measure import measure_recording
from twitchwise.signals import Annotation, ArraySource, Channel, EventTrain, Recording
from twitchwise.vocabulary import (
    ChannelKind,
    EventKind,
    MissingExtraError,
    OutOfRangeError,
    Unit,
    UnreadableRecordingError,
)
from twitchwise.vocabulary.arrays import FloatArray

START = dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.UTC)


def raw_of(types: Sequence[str], n: int = 2000, rate_hz: float = 1000.0, names: Sequence[str] | None = None) -> Any:  # noqa: ANN401 - MNE has no types
    info = mne.create_info(list(names or [f"{kind} {index}" for index, kind in enumerate(types)]), rate_hz, list(types))
    samples = np.random.default_rng(1).normal(0, 1e-5, (len(types), n))
    return mne.io.RawArray(samples, info, verbose="ERROR")


def recording_of(**channels: tuple[ChannelKind, Unit, float]) -> Recording:
    made = [
        Channel(name=name, kind=kind, unit=unit, sampling_rate_hz=rate_hz, n_samples=round(2 * rate_hz))
        for name, (kind, unit, rate_hz) in channels.items()
    ]
    arrays = [np.random.default_rng(index).normal(0, 1, one.n_samples) for index, one in enumerate(made)]
    notes = (Annotation(start_s=0.5, duration_s=0.25, text="cough"),)
    return Recording(
        name="x", format="array", channels=tuple(made), source=ArraySource(arrays), start=START, annotations=notes
    )


def train(channel: str, at: tuple[str, ...] = ()) -> EventTrain:
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel=channel,
        start_s=np.array([0.25, 1.5]),
        peak_s=np.array([0.26, 1.51]),
        end_s=np.array([0.28, 1.52]),
        peak=np.array([1e-4, -1e-4]),
        unit=np.array([0, 3]),
        probability=np.array([0.5, 1.0]),
        at=at,
    )


def test_types_of_mne_become_kinds_and_units() -> None:
    raw = raw_of(["emg", "eeg", "ecg", "bio", "misc", "stim"], names=["a", "b", "c", "chin", "force", "STI"])
    recording = from_mne(raw, name="mine")
    kinds = [one.kind for one in recording.channels]
    assert kinds == [
        ChannelKind.EMG,
        ChannelKind.EEG,
        ChannelKind.ECG,
        ChannelKind.EMG,
        ChannelKind.FORCE,
        ChannelKind.OTHER,
    ]
    assert [one.unit for one in recording.channels][:5] == [Unit.VOLT] * 4 + [Unit.UNKNOWN]
    assert (recording.name, recording.format, recording.duration_s) == ("mine", "MNE", 2.0)
    assert any("no unit for force" in warning for warning in recording.warnings)


def test_samples_are_those_of_mne_in_any_piece() -> None:
    raw = raw_of(["emg", "emg"])
    recording = from_mne(raw)
    assert recording.name == "MNE recording"
    np.testing.assert_array_equal(recording.read("emg 1", 0.5, 0.75), raw.get_data()[1, 500:750])
    assert recording.read("emg 0", 1.0, 1.0).size == 0
    assert [block.size for _, block in recording.blocks("emg 0", block_s=1.5)] == [1500, 500]


def test_samples_stay_on_disk_until_they_are_asked_for(tmp_path: Path) -> None:
    signal = edfio.EdfSignal(np.random.default_rng(3).normal(0, 20, 5000), 1000, label="calf", physical_dimension="uV")
    edfio.Edf([signal]).write(tmp_path / "night.edf")
    raw = mne.io.read_raw_edf(tmp_path / "night.edf", verbose="ERROR")
    raw.set_channel_types({"calf": "emg"}, verbose="ERROR")
    recording = from_mne(raw)
    assert recording.name == "night.edf"
    np.testing.assert_allclose(recording.read("calf"), signal.data * 1e-6, atol=1e-12)
    assert not raw.preload


def test_a_stretch_that_is_asked_of_many_channels_is_decoded_twice_at_most(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    signals = [
        edfio.EdfSignal(rng.normal(0, 20, 4000), 1000, label=f"EMG {index}", physical_dimension="uV")
        for index in range(6)
    ]
    edfio.Edf(signals).write(tmp_path / "grid.edf")
    raw = mne.io.read_raw_edf(tmp_path / "grid.edf", verbose="ERROR")
    raw.set_channel_types(dict.fromkeys(raw.ch_names, "emg"), verbose="ERROR")
    recording, whole, get_data = from_mne(raw), raw.get_data(), raw.get_data
    decoded: list[int] = []

    def noting(**asked: Any) -> FloatArray:  # noqa: ANN401 - as of `get_data`
        decoded.append(asked["start"])
        given: FloatArray = get_data(**asked)
        return given

    raw.get_data = noting
    for start_s in (0, 1):
        for index, channel in enumerate(recording.channels):
            piece = recording.read(channel.name, start_s, start_s + 2)
            np.testing.assert_array_equal(piece, whole[index, 1000 * start_s : 1000 * start_s + 2000])
    assert decoded == [0, 0, 1000, 1000]
    for channel in recording.channels:
        for start_s in (0, 2):
            recording.read(channel.name, start_s, start_s + 1)
    assert decoded[4:] == [0, 2000] * 6


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("cut_s", [0.0, 0.5])
def test_annotations_and_start_keep_their_time_when_the_begin_was_cut_off(dated: bool, cut_s: float) -> None:  # noqa: FBT001 - a table
    raw = raw_of(["emg"])
    if dated:
        raw.set_meas_date(START)
    raw.set_annotations(mne.Annotations([1.25], [0.5], ["cough"]))
    recording = from_mne(raw.crop(cut_s))
    assert recording.annotations == (Annotation(start_s=1.25 - cut_s, duration_s=0.5, text="cough"),)
    assert recording.start == (START + dt.timedelta(seconds=cut_s) if dated else None)


def test_bad_channels_are_not_taken_for_emg() -> None:
    raw = raw_of(["emg", "emg"])
    raw.info["bads"] = ["emg 1"]
    recording = from_mne(raw)
    assert [one.kind for one in recording.channels] == [ChannelKind.EMG, ChannelKind.OTHER]
    assert recording.warnings[0] == "MNE marks channels as bad, so they were not taken for EMG: emg 1."
    raw.info["bads"] = ["emg 0", "emg 1"]
    with pytest.raises(UnreadableRecordingError, match="MNE marks all as bad"):
        from_mne(raw)


def test_many_bad_channels_are_counted() -> None:
    raw = raw_of(["emg"] * 10)
    raw.info["bads"] = raw.ch_names[1:]
    assert from_mne(raw).warnings[0].endswith("emg 6 and 3 more.")


def test_places_of_electrodes_come_along() -> None:
    raw = raw_of(["emg", "emg"])
    raw.info["chs"][1]["loc"][:3] = (0.01, 0.02, 0.0)
    raw.info["chs"][0]["loc"][:3] = np.nan
    assert [one.position_m for one in from_mne(raw).channels] == [None, pytest.approx((0.01, 0.02, 0.0))]


def test_what_is_no_mne_recording_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match=r"raw must be an MNE recording \(mne.io.BaseRaw\), got 'str'"):
        from_mne("calf.edf")


def test_a_recording_from_mne_is_measured_like_any_other() -> None:
    raw = raw_of(["emg"], n=60_000, names=["calf"])
    mine = Channel(name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=60_000)
    same = Recording(name="x", format="array", channels=(mine,), source=ArraySource(list(raw.get_data())))
    assert measure_recording(from_mne(raw)).measurements == measure_recording(same).measurements


def test_kinds_units_notes_and_start_reach_mne() -> None:
    emg, counts = (ChannelKind.EMG, Unit.VOLT, 1000.0), (ChannelKind.EMG, Unit.COUNT, 1000.0)
    recording = recording_of(a=emg, b=counts, c=(ChannelKind.FORCE, Unit.NEWTON, 1000.0))
    raw = to_mne(recording, events=[train("a")])
    assert raw.get_channel_types() == ["emg", "misc", "misc"]
    np.testing.assert_array_equal(raw.get_data()[2], recording.read("c"))
    assert raw.info["meas_date"] == START
    assert list(raw.annotations.description) == ["fasciculation_potential", "cough", "fasciculation_potential"]
    assert raw.annotations.onset == pytest.approx([0.25, 0.5, 1.5])
    assert raw.annotations.ch_names.tolist() == [("a",), (), ("a",)]
    assert dict(raw.annotations.extras[2]) == {"unit": 3, "probability": 1.0}


def test_a_start_without_a_time_zone_is_taken_as_it_stands() -> None:
    recording = recording_of(a=(ChannelKind.EMG, Unit.VOLT, 1000.0))
    object.__setattr__(recording, "start", START.replace(tzinfo=None))
    assert to_mne(recording).info["meas_date"] == START
    object.__setattr__(recording, "start", None)
    assert to_mne(recording).info["meas_date"] is None


def test_channels_of_several_rates_must_be_chosen_from() -> None:
    recording = recording_of(a=(ChannelKind.EMG, Unit.VOLT, 1000.0), b=(ChannelKind.FORCE, Unit.NEWTON, 100.0))
    with pytest.raises(OutOfRangeError, match="must be of one rate and length for MNE, got 1000 Hz and 100 Hz"):
        to_mne(recording)
    assert to_mne(recording, channels=["a"], events=[train("a"), train("b")]).ch_names == ["a"]
    with pytest.raises(OutOfRangeError, match="c"):
        to_mne(recording, channels=["c"])


def test_events_of_an_array_are_noted_on_the_channel_that_each_is_greatest_on() -> None:
    notes = events_to_annotations([train("grid", at=("a", "b"))])
    assert notes.ch_names.tolist() == [("a",), ("b",)]
    assert notes.duration == pytest.approx([0.03, 0.02])


def test_no_events_are_no_annotations() -> None:
    assert len(events_to_annotations([])) == 0


@given(shape=st.tuples(st.integers(1, 4), st.integers(2, 50)), rate_hz=st.sampled_from([1.0, 200.0, 2048.0, 1000 / 3]))
@settings(max_examples=20)
def test_to_mne_and_back_changes_nothing(shape: tuple[int, int], rate_hz: float) -> None:
    names = [f"c{index}" for index in range(shape[0])]
    samples = np.random.default_rng(shape).normal(0, 1e-4, shape)
    channels = tuple(
        Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=rate_hz, n_samples=shape[1])
        for name in names
    )
    recording = Recording(name="x", format="array", channels=channels, source=ArraySource(list(samples)), start=START)
    back = from_mne(to_mne(recording))
    assert back.channels == recording.channels
    assert back.start == recording.start
    for name in names:
        np.testing.assert_array_equal(back.read(name), recording.read(name))


def test_without_mne_the_way_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mne", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'twitchwise\[mne\]'"):
        events_to_annotations([])
