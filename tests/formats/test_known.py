"""Finding the format of a file, and refusing what is none."""

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import twitchwise.formats
from twitchwise.formats import known_formats, read_recording
from twitchwise.formats.known import all_formats
from twitchwise.formats.refusal import one_sentence
from twitchwise.vocabulary import OutOfRangeError, Unit, UnreadableRecordingError

Refuse = Callable[..., str]

NEW_FORMAT = '''
"""A format of three bytes."""

import numpy as np

from twitchwise.formats.contract import Format
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Unit


def _read(path, options):
    channel = Channel(name="a", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1.0, n_samples=3)
    return Recording(name=path.name, format="three", channels=(channel,), source=ArraySource([np.arange(3.0)]))


FORMAT = Format(name="three", suffixes=(".three",), recognizes=lambda path, head: len(head) == 3, read=_read)
'''


def test_every_format_says_its_name_and_endings() -> None:
    assert {"EDF, EDF+, BDF", "WFDB", "CSV or text table", "MATLAB", "OTB+", "OTB4"} <= {
        f.name for f in known_formats()
    }
    suffixes = [suffix for format_ in known_formats() for suffix in format_.suffixes]
    # Texts alone have several formats; those that know their text stand before the one that takes any.
    shared = {".csv", ".txt", ".tsv", ".bin", ".json"}
    assert {suffix for suffix in suffixes if suffixes.count(suffix) > 1} == shared
    assert [f.name for f in known_formats() if ".txt" in f.suffixes][-1] == "CSV or text table"
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


def test_a_new_format_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "three_bytes.py").write_text(NEW_FORMAT)
    (tmp_path / "x.three").write_bytes(b"abc")
    monkeypatch.setattr(twitchwise.formats, "__path__", [*twitchwise.formats.__path__, str(tmp_path)])
    all_formats.cache_clear()
    try:
        assert read_recording(tmp_path / "x.three").read("a").tolist() == [0.0, 1.0, 2.0]
    finally:
        all_formats.cache_clear()
        sys.modules.pop("twitchwise.formats.three_bytes", None)


def test_importing_the_room_loads_no_package_that_only_one_format_needs() -> None:
    code = (
        "import sys, twitchwise.formats as f; f.known_formats();"
        "print([m for m in ('edfio', 'scipy', 'wfdb', 'pandas', 'neo', 'h5py') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert done.stdout.strip() == "[]"


def test_finding_the_formats_loads_no_package_of_the_room() -> None:
    code = "import sys; from twitchwise.formats import known_formats; known_formats(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter and code
    loaded = done.stdout.split()
    assert "twitchwise.formats.table" in loaded
    assert "twitchwise.formats.bids" not in loaded


def test_an_ending_in_capitals_or_none_is_no_obstacle(tmp_path: Path, edf_bytes: bytes) -> None:
    for name in ("X.EDF", "x", "x.unheard"):
        (tmp_path / name).write_bytes(edf_bytes)
        assert read_recording(str(tmp_path / name)).format == "EDF+C"


def test_a_file_of_that_very_name_comes_before_a_header_of_that_stem(tmp_path: Path, edf_bytes: bytes) -> None:
    (tmp_path / "x").write_bytes(edf_bytes)
    (tmp_path / "x.hea").write_bytes(b"x 1 100 50\n")
    assert read_recording(tmp_path / "x").format == "EDF+C"


def test_the_path_is_repeated_as_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse) -> None:
    monkeypatch.chdir(tmp_path)
    assert refuse("./nowhere/../x.edf") == "recording must be a file that exists, got './nowhere/../x.edf'."


def test_what_is_no_file_is_one_sentence(tmp_path: Path, refuse: Refuse) -> None:
    assert "recording must be a file, got the folder" in refuse(tmp_path)
    assert "recording must be a file that exists" in refuse(tmp_path / "x.edf")
    (tmp_path / "x.edf").touch()
    assert "recording must not be empty, got" in refuse(tmp_path / "x.edf")
    os.mkfifo(tmp_path / "pipe.edf")
    assert "got a device or pipe" in refuse(tmp_path / "pipe.edf")


def test_warnings_of_other_packages_become_warnings_of_the_recording() -> None:
    with one_sentence("x", "file") as noticed:
        warnings.warn("about the file", stacklevel=1)
        warnings.warn("about the file", stacklevel=1)
        warnings.warn("about the code", DeprecationWarning, stacklevel=1)
    assert noticed == ["about the file"]


def test_failures_of_other_packages_become_one_sentence() -> None:
    with pytest.raises(UnreadableRecordingError, match=r"'x' must be a whole file, got one .+ \(first second\)\."):
        raise_within(ValueError("first\n  second"))
    with pytest.raises(UnreadableRecordingError, match=r"\(KeyError\)\.$"):
        raise_within(KeyError())


def raise_within(error: Exception) -> None:
    with one_sentence("x", "file"):
        raise error


def test_a_path_that_cannot_be_is_one_sentence(refuse: Refuse) -> None:
    for path in ("a" * 5000 + ".edf", "a\0b.edf"):
        assert "recording must be a file" in refuse(path)


def test_a_file_that_vanishes_is_refused_when_it_is_read(tmp_path: Path, edf_bytes: bytes) -> None:
    (tmp_path / "x.edf").write_bytes(edf_bytes)
    recording = read_recording(tmp_path / "x.edf")
    (tmp_path / "x.edf").unlink()
    with pytest.raises(UnreadableRecordingError, match="recording must be a file that exists"):
        recording.read(recording.channels[0].name)


def test_a_file_of_somebody_else_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    (tmp_path / "x.edf").write_bytes(b"x")

    def forbid(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied", str(self), *args, *kwargs)

    monkeypatch.setattr(Path, "open", forbid)
    assert "recording must be a file you may read" in refuse(tmp_path / "x.edf")


def test_an_unknown_format_lists_the_known_ones(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.unheard").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    sentence = refuse(tmp_path / "x.unheard")
    assert all(format_.name in sentence for format_ in known_formats())
    assert ".edf, .bdf" in sentence


def test_text_with_an_unknown_ending_is_of_no_format(tmp_path: Path, refuse: Refuse) -> None:
    (tmp_path / "x.unheard").write_bytes(b"rec 1 100 50\n")
    assert "recording must be one of" in refuse(tmp_path / "x.unheard")
    (tmp_path / "x.hea").write_bytes(b"rec 1 100 50\n\x00")
    assert "must begin like WFDB" in refuse(tmp_path / "x.hea")


@pytest.mark.parametrize("name", ["x.edf", "x.bdf", "x.mat"])
def test_an_ending_that_promises_something_else_is_one_sentence(tmp_path: Path, refuse: Refuse, name: str) -> None:
    (tmp_path / name).write_bytes(b"1,2\n3,4\n")
    assert f"as its ending {Path(name).suffix!r} says, got something else" in refuse(tmp_path / name)


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, float("nan")])
def test_a_rate_that_cannot_be_is_refused(tmp_path: Path, rate_hz: float) -> None:
    with pytest.raises(OutOfRangeError, match="sampling_rate_hz must be"):
        read_recording(tmp_path / "x.edf", sampling_rate_hz=rate_hz)


@pytest.mark.parametrize("unit", ["blob", "", "mmHg", Unit.UNKNOWN])
def test_a_unit_that_nobody_knows_is_refused(tmp_path: Path, unit: str) -> None:
    with pytest.raises(OutOfRangeError, match="unit must be one like V, mV, uV"):
        read_recording(tmp_path / "x.edf", unit=unit)


def test_the_refusals_are_of_one_kind(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError):
        read_recording(tmp_path / "")
