"""What this program writes as BIDS it reads back; a cut or scrambled file ends in a recording or in a sentence."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.formats.bids import Fitted, FoundIn, write_data_set
from twitchwise.formats.folder import recordings_in
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Side, TwitchwiseError, Unit

UNITS = {
    ChannelKind.ACCELERATION: Unit.METER_PER_SECOND_SQUARED,
    ChannelKind.ANGULAR_VELOCITY: Unit.RADIAN_PER_SECOND,
    ChannelKind.DISPLACEMENT: Unit.METER,
    ChannelKind.ANGLE: Unit.RADIAN,
    ChannelKind.FORCE: Unit.NEWTON,
    ChannelKind.ECG: Unit.VOLT,
    ChannelKind.OTHER: Unit.NEWTON_METER,
}
places = st.sampled_from(["calf", "tibialis anterior", "First dorsal interosseous", None])


@st.composite
def sensors(draw: st.DrawFn, number: int) -> list[Channel]:
    """Return the axes of a sensor, or a channel of its own."""
    kind = draw(st.sampled_from(list(UNITS)))
    rate_hz = draw(st.sampled_from([99.5, 100.0, 1000.0]))
    site, side = draw(places), draw(st.sampled_from([Side.LEFT, Side.RIGHT, None]))
    name = f"{kind.value.replace('_', ' ')} {number}"
    has_axes = kind in {ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY, ChannelKind.DISPLACEMENT}
    return [
        Channel(
            name=f"{name} {axis}".strip(),
            kind=kind,
            unit=UNITS[kind],
            sampling_rate_hz=rate_hz,
            n_samples=draw(st.shared(st.integers(1, 90), key=f"{number}")),
            site=site,
            side=side,
            array=name if has_axes else None,
        )
        for axis in (("x", "y", "z") if has_axes else ("",))
    ]


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    channels = [channel for number in range(draw(st.integers(1, 4))) for channel in draw(sensors(number))]
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    samples = [rng.normal(0, 10, channel.n_samples) for channel in channels]
    for one in samples:
        one[rng.random(one.size) < 0.1] = np.nan
    return Recording(name="made.zip", format="made", channels=tuple(channels), source=ArraySource(samples))


def nothing_found(names: Fitted) -> tuple[str, dict[str, object]]:
    del names
    return "onset\tduration\n", {}


@settings(deadline=None)
@given(made=recordings())
def test_what_was_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, made: Recording) -> None:
    folder = tmp_path_factory.mktemp("set") / "set"
    left_out: list[str] = []
    write_data_set(folder, [FoundIn(recording=made, found=nothing_found)], left_out.append)
    assert left_out == []
    files = sorted([*folder.glob("sub-01/*/*_motion.tsv"), *folder.glob("sub-01/*/*_physio.tsv.gz")])
    found = {channel.name: (channel, one) for one in map(read_recording, files) for channel in one.channels}
    assert found.keys() == {channel.name for channel in made.channels}
    for channel in made.channels:
        again, recording = found[channel.name]
        assert (again.kind, again.unit, again.sampling_rate_hz) == (
            channel.kind,
            channel.unit,
            channel.sampling_rate_hz,
        )
        assert (again.site, again.side, again.array) == (channel.site, channel.side, channel.array)
        np.testing.assert_allclose(recording.read(channel.name), made.read(channel.name), rtol=1e-6, atol=0)


def test_all_recordings_of_a_written_data_set_are_found(tmp_path: Path) -> None:
    emg = Channel(name="emg", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=1000)
    axes = [
        Channel(
            name=f"acc {axis}",
            kind=ChannelKind.ACCELERATION,
            unit=Unit.METER_PER_SECOND_SQUARED,
            sampling_rate_hz=100.0,
            n_samples=90,
            array="acc",
        )
        for axis in "xyz"
    ]
    samples = [np.sin(np.arange(one.n_samples)) for one in (emg, *axes)]
    both = Recording(name="night.x", format="made", channels=(emg, *axes), source=ArraySource(samples))
    write_data_set(tmp_path / "set", [FoundIn(recording=both, found=nothing_found)], print)
    assert [path.name for path in recordings_in(tmp_path / "set")] == [
        "sub-01_task-recording_acq-night_emg.edf",
        "sub-01_task-recording_tracksys-accelerometer_acq-night_motion.tsv",
    ]


MOTION = "sub-01_task-x_tracksys-y_motion"
PHYSIO = "sub-01_task-x_physio"
CHANNELS = "name\tcomponent\ttype\ttracked_point\tunits\n" + "".join(
    f"a {axis}\t{axis}\tACCEL\twrist\tg\n" for axis in "xyz"
)
TABLE = "".join(f"{number / 100:.3f}\t0.5\t{1 - number / 100:.3f}\n" for number in range(300))
FILES = {
    f"{MOTION}.tsv": TABLE.encode(),
    f"{MOTION.replace('motion', 'channels')}.tsv": (CHANNELS + "t\tn/a\tLATENCY\tn/a\ts\n").encode(),
    f"{MOTION}.json": b'{"SamplingFrequency": 100, "MissingValues": "n/a", "SamplingFrequencyEffective": 99.9}',
    f"{PHYSIO}.tsv.gz": gzip.compress(TABLE.encode(), mtime=0),
    f"{PHYSIO}.json": json.dumps(
        {"SamplingFrequency": 100, "StartTime": 0, "Columns": ["a", "b", "emg"], "emg": {"Units": "mV"}}
    ).encode(),
}
STARTS = (f"{MOTION}.tsv", f"{PHYSIO}.tsv.gz")


def n_answers(folder: Path) -> int:
    """Read both recordings and all of their samples, or be refused in one sentence; return how many came to an end."""
    ended = 0
    for name in STARTS:
        try:
            recording = read_recording(folder / name)
        except TwitchwiseError as error:
            sentence = str(error)
            assert sentence.endswith(".")
            assert "\n" not in sentence
            assert len(sentence) < 600 or "must be one of" in sentence
        else:
            assert all(recording.read(channel.name).size == channel.n_samples for channel in recording.channels)
        ended += 1
    return ended


@pytest.fixture(scope="session")
def bids(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with both recordings, of which each example changes one file."""
    return tmp_path_factory.mktemp("bids")


def put(folder: Path, name: str, data: bytes) -> None:
    for other, own in FILES.items():
        (folder / other).write_bytes(data if other == name else own)


@pytest.mark.no_cover
@given(name=st.sampled_from(sorted(FILES)), share=st.floats(0, 1))
def test_a_file_that_was_cut_anywhere_ends_in_a_recording_or_a_sentence(bids: Path, name: str, share: float) -> None:
    put(bids, name, FILES[name][: int(share * len(FILES[name]))])
    assert n_answers(bids) == len(STARTS)


@pytest.mark.no_cover
@given(
    name=st.sampled_from(sorted(FILES)),
    changes=st.lists(st.tuples(st.floats(0, 0.9999), st.binary(max_size=6), st.integers(0, 8)), min_size=1, max_size=6),
)
def test_a_file_with_scrambled_bytes_ends_in_a_recording_or_a_sentence(
    bids: Path, name: str, changes: list[tuple[float, bytes, int]]
) -> None:
    data = bytearray(FILES[name])
    for share, new, gone in changes:
        at = int(share * len(data))
        data[at : at + gone] = new
    put(bids, name, bytes(data))
    assert n_answers(bids) == len(STARTS)


cells = st.sampled_from(
    ["x", "n/a", "", "ACCEL", "GYRO", "LATENCY", "MISC", "POS", "g", "V", "mm", "bad", "1e400", "quat_x"]
)


@pytest.mark.no_cover
@given(rows=st.lists(st.tuples(cells, cells, cells, cells, cells, cells), max_size=5))
def test_any_table_of_channels_ends_in_a_recording_or_a_sentence(bids: Path, rows: list[tuple[str, ...]]) -> None:
    table = [("name", "component", "type", "tracked_point", "units", "status"), *rows]
    put(
        bids,
        f"{MOTION.replace('motion', 'channels')}.tsv",
        "".join("\t".join(row) + "\n" for row in table).encode(),
    )
    assert n_answers(bids) == len(STARTS)


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["Units", "Description"]), inner),
    max_leaves=9,
)
fields = st.dictionaries(
    st.sampled_from(["SamplingFrequency", "SamplingFrequencyEffective", "Columns", "StartTime", "MissingValues", "a"]),
    values,
)


@pytest.mark.no_cover
@given(content=fields, known=st.booleans())
def test_any_fields_end_in_a_recording_or_a_sentence(bids: Path, content: dict[str, object], *, known: bool) -> None:
    for name in (f"{MOTION}.json", f"{PHYSIO}.json"):
        put(bids, name, json.dumps((json.loads(FILES[name]) if known else {}) | content).encode())
        assert n_answers(bids) == len(STARTS)
