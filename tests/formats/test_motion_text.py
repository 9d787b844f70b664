"""The parts that text tables of movement are read with: dates, layouts, archives, words."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.formats.motion.anchors import sample_times
from twitchwise.formats.motion.clock import Ticks
from twitchwise.formats.motion.even_samples import on_even_clock
from twitchwise.formats.motion.export_set import ExportSet
from twitchwise.formats.motion.still_length import stillness_of
from twitchwise.formats.motion.text_layout import lay_out
from twitchwise.formats.motion.text_rows import TextRows, seconds_of
from twitchwise.formats.motion.text_table import holds_movement, read_text_table
from twitchwise.formats.motion.tsdf_meta import metadata_of
from twitchwise.formats.motion.words import said_by, said_by_file
from twitchwise.vocabulary import ChannelKind, Side, Task, UnreadableRecordingError

Refuse = Callable[..., str]
BEGIN = datetime(2024, 2, 28, 23, 59, 58, tzinfo=UTC)


@given(
    fraction=st.sampled_from(["", ".5", ".123", ",250000", ":007", "_5"]),
    date=st.sampled_from(["2024-02-28T", "2024-02-28 ", "2024/02/28 "]),
    zone=st.sampled_from(["", "Z", " +0100", "-05:30"]),
    count=st.integers(1, 4),
)
def test_dates_are_seconds_since_1970_however_they_are_written(fraction: str, date: str, zone: str, count: int) -> None:
    cells = np.array([f"{date}23:59:5{second}{fraction}{zone}" for second in range(count)])
    ahead_s = {"": 0, "Z": 0, " +0100": 3600, "-05:30": -19_800}[zone]
    part = float(f"0.{fraction[1:]}") if fraction else 0.0
    first = (BEGIN - timedelta(seconds=8)).timestamp() - ahead_s + part
    np.testing.assert_allclose(seconds_of(cells), first + np.arange(count), atol=1e-6)


def test_dates_of_different_length_or_zone_and_times_of_day_are_read_one_by_one() -> None:
    cells = np.array(["2024-02-28 23:59:58", "2024-02-28 23:59:58.5", "2024-02-29 00:00:01.25 +0100"])
    first = BEGIN.timestamp()
    np.testing.assert_allclose(seconds_of(cells), [first, first + 0.5, first + 3.25 - 3600])
    same = np.array(["2024-02-28 23:59:58.5 +0100", "2024-02-28 23:59:58.5 +0200"])
    np.testing.assert_allclose(np.diff(seconds_of(same)), -3600)
    np.testing.assert_allclose(seconds_of(np.array(["23:59:58:500", "0:00:01:000"])), [86398.5, 1.0])
    assert np.isnan(seconds_of(np.array(["2024-02-30 00:00:00.5", "never"]))).all()
    assert np.isnan(seconds_of(np.array(["2024-02-28 00:00:00.5", "2024-13-28 00:00:00.5"]))).tolist() == [False, True]
    assert seconds_of(np.array([], dtype=np.str_)).size == 0


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"a\x00b", "must be text in UTF-8 or Latin-1"),
        (b"", "must hold rows of numbers"),
        (b"one column\n1\n2\n", "must hold rows of numbers side by side"),
        (b"a,b\nc,d\ne,f\n", "must hold rows of numbers, got none in its first lines"),
    ],
)
def test_what_is_no_table_is_one_sentence(head: bytes, said: str) -> None:
    with pytest.raises(UnreadableRecordingError, match=said):
        lay_out(head, "x")
    assert not holds_movement(head, "x.csv")
    with pytest.raises(UnreadableRecordingError):
        read_text_table(lambda: io.BytesIO(head), "x.csv", "x")


def test_comments_a_mark_of_the_delimiter_and_latin_letters_are_no_rows() -> None:
    head = b"sep=;\n# made by an app\nt (s);Beschleunigung x (m/s\xb2);b\n0;1;x\n0.1;2;y\n"
    layout = lay_out(head, "x")
    assert layout.names == ("t (s)", "Beschleunigung x (m/s\u00b2)", "b")
    assert layout.holds == ("number", "number", "text")
    assert head[layout.first_byte :].startswith(b"0;1")
    assert layout.number("x") != layout.number("x")


def test_a_delimiter_may_end_the_names_or_the_rows() -> None:
    assert lay_out(b"t,x,y,\n0,1,2\n1,2,3\n2,3,4\n", "x").names == ("t", "x", "y")
    assert lay_out(b"t,x,y\n0,1,2,\n1,2,3,\n2,3,4,\n", "x").names == ("t", "x", "y", "")
    assert lay_out(b"t,x\n0,1,2,3,4\n1,2,3,4,5\n2,3,4,5,6\n3,4,5,6,7\n4,5,6,7,8\n5,6,7,8,9\n", "x").names == ()


def test_white_space_parts_columns_too() -> None:
    data = b"time x y z\n0 1 2 3\n0.01 1 2 3\n0.02 1 2 4\n"
    layout = lay_out(data, "x")
    assert layout.delimiter is None
    times, axes = TextRows(lambda: io.BytesIO(data), layout, "x").read([0], [3])
    assert (times[0].tolist(), axes[0].tolist()) == ([0.0, 0.01, 0.02], [3.0, 3.0, 4.0])


def test_words_for_nothing_are_missing_numbers() -> None:
    data = b"time,x,y,z\n" + b"0,1,2,null\n0.01,,2,3\n,1,2,NA\n0.03,1,2,\n" * 3
    layout = lay_out(data, "x")
    times, axes = TextRows(lambda: io.BytesIO(data), layout, "x").read([0], [1, 2, 3])
    missing = [sum(value != value for value in np.asarray(column).tolist()) for column in [*times, *axes]]  # noqa: PLR0124 - NaN
    assert missing == [3, 3, 0, 9]


def test_rows_that_vanish_are_refused() -> None:
    layout = lay_out(b"time,x\n0,1\n1,2\n", "x")
    with pytest.raises(UnreadableRecordingError, match="must hold rows of numbers, got none"):
        TextRows(lambda: io.BytesIO(b""), layout, "x").read([0], [1])


@pytest.mark.parametrize(
    ("name", "kind", "axis", "gravity"),
    [
        ("Acceleration x", ChannelKind.ACCELERATION, "x", None),
        ("Linear Acceleration y", ChannelKind.ACCELERATION, "y", False),
        ("Acceleration without g z", ChannelKind.ACCELERATION, "z", False),
        ("accelerationIncludingGravity.x", ChannelKind.ACCELERATION, "x", True),
        ("TotalAcceleration x", ChannelKind.ACCELERATION, "x", None),
        ("G-Force X", ChannelKind.ACCELERATION, "x", True),
        ("gFy", ChannelKind.ACCELERATION, "y", True),
        ("gyr_z", ChannelKind.ANGULAR_VELOCITY, "z", None),
        ("wx", ChannelKind.ANGULAR_VELOCITY, "x", None),
        ("rotation_x", ChannelKind.ANGULAR_VELOCITY, "x", None),
        ("Rotation Vector X", None, "x", None),
        ("angular velocity y", ChannelKind.ANGULAR_VELOCITY, "y", None),
        ("magnetic field x", None, "x", None),
        ("Absolute acceleration", ChannelKind.ACCELERATION, None, None),
    ],
)
def test_names_say_what_a_column_is(
    name: str, kind: ChannelKind | None, axis: str | None, *, gravity: bool | None
) -> None:
    said = said_by(name)
    assert (said.kind, said.axis, said.with_gravity) == (kind, axis, gravity if name != "TotalAcceleration x" else True)


def test_gravity_beside_acceleration_is_no_acceleration() -> None:
    assert said_by("accelerometer_x_grav").is_gravity
    assert said_by("motionGravityX").is_gravity
    assert not said_by("Acceleration with gravity x").is_gravity


@pytest.mark.parametrize(
    ("stem", "task", "site", "side"),
    [
        ("001_Relaxed_LeftWrist", Task.REST, "wrist", Side.LEFT),
        ("accel_tremor_kinetic_right_hand", Task.ACTION, "hand", Side.RIGHT),
        ("both left and right", None, None, None),
        ("postural_and_rest", None, None, None),
        ("standing", Task.STANDING, None, None),
    ],
)
def test_names_of_files_say_task_and_place(stem: str, task: Task | None, site: str | None, side: Side | None) -> None:
    said = said_by_file(stem)
    assert (said.task, said.site, said.side, said.start) == (task, site, side, None)


def test_a_date_that_cannot_be_is_no_start() -> None:
    assert said_by_file("walk_2024-13-40_25-61-00").start is None
    start = said_by_file("walk 2024-01-02 10-06-40").start
    assert start is not None
    assert start.isoformat() == "2024-01-02T10:06:40"


def test_an_archive_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", "time,x,y,z\n")
    monkeypatch.setattr("twitchwise.formats.motion.export_set._MOST_BYTES", 3)
    with pytest.raises(UnreadableRecordingError, match="at most 1000 tables"):
        ExportSet.of(tmp_path / "a.zip", "a.zip")


def test_a_member_that_is_damaged_is_named(tmp_path: Path, refuse: Refuse) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        rows = np.random.default_rng(1).normal(0, 0.01, (500, 3)) + np.array([0, 0, 9.81])
        lines = "".join(f"{i / 100},{x},{y},{z}\n" for i, (x, y, z) in enumerate(rows))
        archive.writestr("Accelerometer.csv", "Time (s),X (m/s^2),Y (m/s^2),Z (m/s^2)\n" + lines)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[2000:2040] = bytes(40)
    (tmp_path / "a.zip").write_bytes(bytes(data))
    assert "must be a whole movement export, got one that cannot be read" in refuse(tmp_path / "a.zip")


def test_a_large_or_deep_json_is_no_metadata(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" * 100_000)
    (tmp_path / "b.json").write_bytes(b" " * (1 << 21))
    assert metadata_of(tmp_path / "a.json") is None
    assert metadata_of(tmp_path / "b.json") is None


def test_an_accelerometer_without_a_whole_second_says_nothing() -> None:
    assert stillness_of(np.full((300, 3), np.nan, dtype=np.float32), 100.0) is None
    assert stillness_of(np.ones((0, 3), dtype=np.float32), 100.0) is None


def test_times_of_blocks_follow_a_drift_and_start_again_after_a_gap() -> None:
    counts = np.full(300, 120)
    firsts = np.arange(300) * 120
    true = firsts / 99.5 + np.where(np.arange(300) < 150, 0.0, 60.0)
    noisy = true + np.random.default_rng(1).uniform(-0.005, 0.005, 300)
    times_s = sample_times(counts, np.zeros(300), noisy, 100.0)
    assert np.abs(times_s[firsts] - true).max() < 0.005
    assert (np.diff(times_s) > 0).all()
    np.testing.assert_allclose(sample_times(counts[:1], np.zeros(1), true[:1], 100.0), np.arange(120) / 100)


def test_a_lone_sample_between_gaps_makes_nothing_up() -> None:
    times_s = np.array([0.0, 0.01, 0.021, 0.03, 0.5, 1.0, 1.01, 1.02])
    ticks = Ticks(rows=np.arange(8), times_s=times_s, first_s=0.0, rate_hz=100.0, is_even=False, gap_from_s=0.025)
    grid = on_even_clock(np.arange(24, dtype=np.float32).reshape(8, 3), ticks, 0.0)
    assert np.flatnonzero(np.isfinite(grid[0])).tolist() == [0, 1, 2, 3, 100, 101, 102]


def test_a_table_of_another_kind_of_sensor_is_left_to_the_reader_of_any_table(tmp_path: Path) -> None:
    lines = ["time (s),X (\u00b5T),Y (\u00b5T),Z (\u00b5T)", *(f"{i / 100},1.5,2.5,3.5" for i in range(100))]
    (tmp_path / "Magnetometer.csv").write_text("\n".join(lines) + "\n")
    assert read_recording(tmp_path / "Magnetometer.csv").format == "CSV or text table"
