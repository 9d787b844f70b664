"""Writing EDF+: what is read back is what was written, within one step of the converter, or nothing is written."""

import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any

import edfio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording, write_edf
from twitchwise.signals import Annotation, ArraySource, Channel, EventTrain, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, OutOfRangeError, Unit, UnwritableFileError
from twitchwise.vocabulary.arrays import FloatArray


def _channel(name: str = "calf", rate_hz: float = 100.0, n_samples: int = 200, **changes: Any) -> Channel:  # noqa: ANN401 - any field of a channel
    fields: dict[str, Any] = {"kind": ChannelKind.EMG, "unit": Unit.VOLT} | changes
    return Channel(name=name, sampling_rate_hz=rate_hz, n_samples=n_samples, **fields)


def _recording(arrays: list[FloatArray], channels: tuple[Channel, ...], **changes: Any) -> Recording:  # noqa: ANN401 - any field of a recording
    fields: dict[str, Any] = {"name": "made", "format": "array"} | changes
    return Recording(channels=channels, source=ArraySource(arrays), **fields)


def _simple(samples: FloatArray, **changes: Any) -> Recording:  # noqa: ANN401 - any field of a channel
    return _recording([samples], (_channel(n_samples=samples.size, **changes),))


@given(
    rates_hz=st.lists(st.sampled_from([50.0, 100.0, 102.4, 1000 / 3, 2048.0]), min_size=1, max_size=3),
    exponent=st.integers(-9, 1),
    offset=st.floats(-3, 3),
    seed=st.integers(0, 99),
)
def test_what_is_read_back_is_within_one_step(
    folder: Path, rates_hz: list[float], exponent: int, offset: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    arrays = [(rng.normal(0, 1, round(rate * 15)) + offset) * 10.0**exponent for rate in rates_hz]
    channels = tuple(
        _channel(f"calf {i}", rate, array.size) for i, (rate, array) in enumerate(zip(rates_hz, arrays, strict=True))
    )
    write_edf(_recording(arrays, channels), folder / "x.edf")
    recording = read_recording(folder / "x.edf")
    assert recording.format == "EDF+C"
    for channel, array, rate_hz in zip(recording.channels, arrays, rates_hz, strict=True):
        assert channel.sampling_rate_hz == pytest.approx(rate_hz, rel=1e-6)
        assert (channel.unit, channel.n_samples) == (Unit.VOLT, array.size)
        resolution, limits = channel.resolution, channel.physical_range
        assert resolution is not None
        assert limits is not None
        assert np.abs(recording.read(channel.name) - array).max() <= resolution
        assert limits[0] < array.min() <= array.max() < limits[1]


@given(seed=st.integers(0, 99), exponent=st.integers(-6, 0))
def test_the_steps_are_nearly_as_fine_as_16_bits_allow(folder: Path, seed: int, exponent: int) -> None:
    samples = np.random.default_rng(seed).normal(0, 10.0**exponent, 400)
    write_edf(_simple(samples), folder / "x.edf")
    resolution = read_recording(folder / "x.edf").channels[0].resolution
    assert resolution is not None
    assert resolution <= 1.05 * (samples.max() - samples.min()) / 65535


@pytest.mark.parametrize("value", [0.0, 1e-6, -3.2e-4, 12.0])
def test_a_flat_channel_is_read_back(tmp_path: Path, value: float) -> None:
    write_edf(_simple(np.full(100, value)), tmp_path / "x.edf")
    recording = read_recording(tmp_path / "x.edf")
    np.testing.assert_allclose(recording.read("calf"), value, atol=recording.channels[0].resolution or 0)


def test_the_range_and_steps_of_the_converter_are_kept(tmp_path: Path) -> None:
    counts = np.array([0.0, 1.0, 2048.0, 4095.0] * 50)
    channel: dict[str, Any] = {"unit": Unit.COUNT, "physical_range": (0.0, 4095.0), "resolution": 1.0}
    write_edf(_simple(counts, **channel), tmp_path / "x.edf")
    recording = read_recording(tmp_path / "x.edf")
    assert recording.read("calf").tolist() == counts.tolist()
    assert recording.channels[0].physical_range == (0.0, 4095.0)
    assert recording.channels[0].unit is Unit.COUNT


def test_writing_voltages_that_were_read_changes_no_sample(tmp_path: Path, edf_bytes: bytes) -> None:
    (tmp_path / "x.edf").write_bytes(edf_bytes)
    first = read_recording(tmp_path / "x.edf")
    write_edf(first, tmp_path / "y.edf")
    second = read_recording(tmp_path / "y.edf")
    np.testing.assert_allclose(second.read("EMG calf"), first.read("EMG calf"), rtol=1e-9)
    step = first.channels[1].resolution or 0.0
    np.testing.assert_allclose(second.read("ACC X"), first.read("ACC X"), rtol=0, atol=step)
    assert second.annotations == first.annotations
    assert second.channels[0].physical_range == pytest.approx(first.channels[0].physical_range)


def test_records_are_of_a_second_and_of_the_recommended_size(tmp_path: Path) -> None:
    write_edf(_simple(np.linspace(-1, 1, 60_000), rate_hz=1000.0), tmp_path / "x.edf")
    theirs = edfio.read_edf(tmp_path / "x.edf")
    assert (theirs.num_data_records, theirs.data_record_duration) == (60, 1.0)
    write_edf(_simple(np.linspace(-1, 1, 600_000), rate_hz=100_000.0), tmp_path / "x.edf")
    theirs = edfio.read_edf(tmp_path / "x.edf")
    assert (theirs.num_data_records, theirs.data_record_duration) == (20, 0.3)


@pytest.mark.parametrize("block_samples", [1, 250, 10**6])
def test_writing_in_blocks_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_samples: int) -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.normal(0, 1e-4, 1000), rng.normal(0, 1e-4, 500)]
    channels = (_channel("a", 100.0, 1000), _channel("b", 50.0, 500))
    notes = tuple(Annotation(start_s=i * 0.75, duration_s=0.5, text=f"note {i}") for i in range(12))
    recording = _recording(arrays, channels, annotations=notes)
    monkeypatch.setattr("twitchwise.formats.edf_write._BLOCK_SAMPLES", block_samples)
    write_edf(recording, tmp_path / "x.edf")
    back = read_recording(tmp_path / "x.edf")
    assert back.annotations == notes
    for channel, array in zip(back.channels, arrays, strict=True):
        assert np.abs(back.read(channel.name) - array).max() <= (channel.resolution or 0.0)
    assert edfio.read_edf(tmp_path / "x.edf").is_continuous


def test_a_range_without_known_steps_is_not_kept(tmp_path: Path) -> None:
    write_edf(_simple(np.linspace(-1e-4, 1e-4, 200), physical_range=(-1.0, 1.0)), tmp_path / "x.edf")
    assert read_recording(tmp_path / "x.edf").channels[0].resolution == pytest.approx(2e-4 / 65535, rel=0.05)


def test_a_range_that_the_samples_leave_is_not_kept(tmp_path: Path) -> None:
    samples = np.array([-2e-3, 2e-3] * 50)
    write_edf(_simple(samples, physical_range=(-1e-3, 1e-3), resolution=1e-6), tmp_path / "x.edf")
    assert read_recording(tmp_path / "x.edf").read("calf").max() == pytest.approx(2e-3, rel=1e-4)


@pytest.mark.parametrize(
    ("kind", "unit", "electrode"),
    [
        (ChannelKind.EMG, Unit.VOLT, Electrode.NEEDLE),
        (ChannelKind.EMG, Unit.VOLT, Electrode.SURFACE),
        (ChannelKind.EMG, Unit.VOLT, Electrode.UNKNOWN),
        (ChannelKind.ECG, Unit.VOLT, Electrode.UNKNOWN),
        (ChannelKind.EEG, Unit.VOLT, Electrode.UNKNOWN),
        (ChannelKind.FORCE, Unit.NEWTON, Electrode.UNKNOWN),
        (ChannelKind.FORCE, Unit.PERCENT, Electrode.UNKNOWN),
        (ChannelKind.ACCELERATION, Unit.METER_PER_SECOND_SQUARED, Electrode.UNKNOWN),
        (ChannelKind.ANGULAR_VELOCITY, Unit.RADIAN_PER_SECOND, Electrode.UNKNOWN),
    ],
)
def test_kind_unit_and_electrode_are_read_back(
    tmp_path: Path, kind: ChannelKind, unit: Unit, electrode: Electrode
) -> None:
    write_edf(_simple(np.linspace(-1, 1, 200), kind=kind, unit=unit, electrode=electrode), tmp_path / "x.edf")
    recording = read_recording(tmp_path / "x.edf")
    channel = recording.channels[0]
    assert (channel.kind, channel.unit, channel.electrode) == (kind, unit, electrode)
    assert recording.warnings == ()


def test_a_channel_without_a_known_unit_is_read_back_without_one(tmp_path: Path) -> None:
    write_edf(_simple(np.linspace(-1, 1, 200), kind=ChannelKind.OTHER, unit=Unit.UNKNOWN), tmp_path / "x.edf")
    assert read_recording(tmp_path / "x.edf").channels[0].unit is Unit.UNKNOWN


@given(
    st.lists(
        st.tuples(st.integers(0, 2000), st.integers(0, 300), st.integers(0, 300)).map(
            lambda n: (n[0] / 1000, (n[0] + n[1]) / 1000, (n[0] + n[1] + n[2]) / 1000)
        ),
        max_size=30,
    ).map(sorted)
)
def test_events_are_read_back_as_annotations(folder: Path, times: list[tuple[float, float, float]]) -> None:
    train = EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel="calf",
        start_s=np.array([start for start, _, _ in times]),
        peak_s=np.array([peak for _, peak, _ in times]),
        end_s=np.array([end for _, _, end in times]),
        peak=np.ones(len(times)),
    )
    write_edf(_simple(np.linspace(-1, 1, 200)), folder / "x.edf", event_trains=[train])
    notes = read_recording(folder / "x.edf").annotations
    assert [note.start_s for note in notes] == pytest.approx([start for start, _, _ in times], abs=1e-8)
    assert sorted(note.duration_s for note in notes) == pytest.approx(sorted(e - s for s, _, e in times), abs=1e-8)
    assert {note.text for note in notes} <= {"fasciculation_potential@calf"}
    assert [note.text for note in edfio.read_edf(folder / "x.edf").annotations] == [note.text for note in notes]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.floats(-5, 1e4), st.floats(0, 100))
def test_any_printable_text_is_read_back(folder: Path, text: str, start_s: float, duration_s: float) -> None:
    note = Annotation(start_s=start_s, duration_s=duration_s, text=text)
    recording = _recording([np.linspace(-1, 1, 200)], (_channel(),), annotations=(note,))
    write_edf(recording, folder / "x.edf")
    (back,) = read_recording(folder / "x.edf").annotations
    assert back.text == text
    assert (back.start_s, back.duration_s) == pytest.approx((start_s, duration_s), abs=1e-8)


@pytest.mark.parametrize(
    "note",
    [
        Annotation(start_s=0, duration_s=0, text="a\x14b"),
        Annotation(start_s=0, duration_s=0, text="a\x00b"),
        Annotation(start_s=0, duration_s=0, text="\ud800"),
        Annotation(start_s=float("nan"), duration_s=0, text="a"),
        Annotation(start_s=0, duration_s=-1, text="a"),
    ],
)
def test_a_note_that_edf_cannot_hold_is_refused(tmp_path: Path, note: Annotation) -> None:
    recording = _recording([np.linspace(-1, 1, 200)], (_channel(),), annotations=(note,))
    with pytest.raises(OutOfRangeError, match="annotation"):
        write_edf(recording, tmp_path / "x.edf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "start",
    [
        None,
        datetime(2026, 12, 31, 23, 59, 58),  # noqa: DTZ001 - EDF knows no time zone
        datetime(1999, 1, 2, 3, 4, 5, 125000),  # noqa: DTZ001 - EDF knows no time zone
        datetime(1984, 7, 6),  # noqa: DTZ001 - EDF knows no time zone
    ],
)
def test_the_start_is_read_back(tmp_path: Path, start: datetime | None) -> None:
    note = Annotation(start_s=0.5, duration_s=0.25, text="here")
    write_edf(
        _recording([np.linspace(-1, 1, 200)], (_channel(),), start=start, annotations=(note,)), tmp_path / "x.edf"
    )
    recording = read_recording(tmp_path / "x.edf")
    assert recording.start == start
    assert recording.annotations == (note,)


def test_edfio_reads_the_same(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).normal(0, 1e-4, 2048 * 3)
    recording = _simple(samples, rate_hz=2048.0)
    write_edf(recording, tmp_path / "x.edf")
    theirs = edfio.read_edf(tmp_path / "x.edf")
    assert theirs.is_continuous
    assert (theirs.signals[0].label, theirs.signals[0].physical_dimension) == ("calf", "uV")
    np.testing.assert_allclose(
        theirs.signals[0].data * 1e-6, read_recording(tmp_path / "x.edf").read("calf"), rtol=1e-9
    )


@pytest.mark.parametrize(
    ("rate_hz", "n_samples"),
    [(2048.0, 10007), (1000.0, 9973), (99.9823411, 6000), (512.5, 1025), (0.5, 3), (1 / 3, 2), (48000.0, 48000 * 2)],
)
def test_any_length_and_rate_that_can_be_written_keeps_its_samples_in_place(
    tmp_path: Path, rate_hz: float, n_samples: int
) -> None:
    samples = np.linspace(-1, 1, n_samples)
    write_edf(_simple(samples, rate_hz=rate_hz), tmp_path / "x.edf")
    channel = read_recording(tmp_path / "x.edf").channels[0]
    assert channel.n_samples == n_samples
    assert abs(channel.duration_s - n_samples / rate_hz) < 0.5 / rate_hz


# A prime number of samples can only be one data record: too long for its time to be exact in eight characters, too many
# samples for eight characters, and too long for eight characters at all.
LONG_PRIMES = ((2047.97, 15_485_863), (100_000.0, 179_424_691), (1.0, 179_424_691))


@pytest.mark.parametrize(("rate_hz", "n_samples"), LONG_PRIMES)
def test_a_length_that_no_record_duration_fits_is_refused(tmp_path: Path, rate_hz: float, n_samples: int) -> None:
    channel = _channel(rate_hz=rate_hz, n_samples=n_samples)
    recording = Recording(name="long", format="array", channels=(channel,), source=ArraySource([np.zeros(1)]))
    sentence = f"length of 'long' must be a whole number of EDF data records, got {n_samples} samples"
    with pytest.raises(OutOfRangeError, match=sentence):
        write_edf(recording, tmp_path / "x.edf")


@pytest.mark.parametrize("n_samples", [150, 0])
def test_channels_of_different_length_are_refused(tmp_path: Path, n_samples: int) -> None:
    channels = (_channel("a"), _channel("b", n_samples=n_samples))
    with pytest.raises(OutOfRangeError, match="must have one length"):
        write_edf(_recording([np.ones(200), np.ones(n_samples)], channels), tmp_path / "x.edf")


@pytest.mark.parametrize("name", ["", "a name of 17 char", "M\u00fcller", " calf", "EDF Annotations", "a\tb"])
def test_a_name_that_is_no_label_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutOfRangeError, match="channel name must be 1 to 16 printable ASCII characters"):
        write_edf(_recording([np.ones(200)], (_channel(name),)), tmp_path / "x.edf")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_missing_samples_are_refused_and_nothing_is_written(tmp_path: Path, value: float) -> None:
    samples = np.linspace(-1, 1, 200)
    samples[7] = value
    with pytest.raises(OutOfRangeError, match="must be finite to be written as EDF"):
        write_edf(_simple(samples), tmp_path / "x.edf")
    assert list(tmp_path.iterdir()) == []


def test_samples_too_large_for_a_header_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutOfRangeError, match="must fit the eight characters of an EDF limit"):
        write_edf(_simple(np.linspace(-1e9, 1e9, 200)), tmp_path / "x.edf")


def test_the_old_file_stays_when_writing_fails(tmp_path: Path) -> None:
    target = tmp_path / "x.edf"
    target.write_bytes(b"old")

    class Broken:
        def __init__(self) -> None:
            self.n_reads = 0

        def read(self, channel: int, start: int, stop: int) -> FloatArray:
            del channel
            self.n_reads += 1
            if self.n_reads > 1:
                raise OSError(28, "No space left on device")
            return np.zeros(stop - start)

    recording = Recording(name="x", format="array", channels=(_channel(),), source=Broken())
    with pytest.raises(UnwritableFileError, match="No space left on device"):
        write_edf(recording, target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_old_file_is_replaced_by_the_whole_new_one(tmp_path: Path) -> None:
    (tmp_path / "x.edf").write_bytes(b"old")
    write_edf(_simple(np.linspace(-1, 1, 200)), str(tmp_path / "x.edf"))
    assert read_recording(tmp_path / "x.edf").duration_s == 2.0
    assert [path.name for path in tmp_path.iterdir()] == ["x.edf"]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere" / "x.edf", tmp_path):
        with pytest.raises(UnwritableFileError, match="output must be a file that can be written, got"):
            write_edf(_simple(np.linspace(-1, 1, 200)), place)
    assert list(tmp_path.iterdir()) == []


def test_a_night_is_written_in_little_memory(tmp_path: Path) -> None:
    n_samples = 1024 * 3600 * 8

    class Flat:
        def read(self, channel: int, start: int, stop: int) -> FloatArray:
            del channel
            return np.full(stop - start, 1e-4)

    channel = _channel(rate_hz=1024.0, n_samples=n_samples, physical_range=(-1e-3, 1e-3), resolution=1e-7)
    tracemalloc.start()
    write_edf(Recording(name="night", format="made", channels=(channel,), source=Flat()), tmp_path / "x.edf")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "x.edf").stat().st_size > 2 * n_samples
    assert peak < 60_000_000
    (tmp_path / "x.edf").unlink()
