"""Any bytes are a recording or one sentence: no other exception, no warning that leaks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.vocabulary import TwitchwiseError

NAMES = ("x.edf", "x.bdf", "x.csv", "x.txt", "x.mat", "rec.hea")
# Beyond this many samples a damaged header only promises them, and reading would cost time without a finding.
MOST_SAMPLES = 10**6


@pytest.fixture(scope="module")
def seeds(
    edf_bytes: bytes, bdf_bytes: bytes, csv_bytes: bytes, mat_bytes: Callable[..., bytes], wfdb_record: Path
) -> dict[str, bytes]:
    """Return a small valid file for each ending."""
    text = b"# Sampling Rate (Hz):= 1000.00\n# Resolution:= 12\n# Labels:= EMG\n" + b"2055.0\n" * 40
    files = (edf_bytes, bdf_bytes, csv_bytes, text, mat_bytes(compressed=False), wfdb_record.read_bytes())
    return dict(zip(NAMES, files, strict=True))


@st.composite
def damage(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Draw a way to damage a file: change, insert, repeat or remove bytes, or cut it short."""
    steps = draw(
        st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1), st.binary(min_size=1, max_size=12)), max_size=6)
    )
    fields = draw(st.lists(st.tuples(st.integers(0, 600), st.sampled_from(FIELDS)), max_size=2))

    def apply(content: bytes) -> bytes:
        for kind, place, piece in steps:
            content = _step(content, kind, int(place * len(content)), piece)
        for place, field in fields:
            content = content[:place] + field + content[place + len(field) :]
        return content

    return apply


FIELDS = (
    b"-1      ",
    b"0       ",
    b"nan     ",
    b"1e300   ",
    b"99999999",
    b"inf     ",
    b"        ",
    b"\xff\xff\xff\xff",
)


def _step(content: bytes, kind: int, at: int, piece: bytes) -> bytes:
    changed = (
        content[:at] + piece + content[at + len(piece) :],
        content[:at] + piece + content[at:],
        content[:at] + content[at : at + 50] * 2 + content[at + 50 :],
        content[:at] + content[at + len(piece) :],
        content[:at],
    )
    return changed[kind]


def _read_all(path: Path, content: bytes, **options: Any) -> None:  # noqa: ANN401 - any option of the reader
    path.write_bytes(content)
    sentence = ""
    try:
        recording = read_recording(path, **options)
        for channel in recording.channels:
            if channel.n_samples <= MOST_SAMPLES:
                samples = recording.read(channel.name)
                assert samples.shape == (channel.n_samples,)
                assert samples.dtype == np.float64
    except TwitchwiseError as error:
        sentence = str(error)
    assert "\n" not in sentence


@pytest.mark.parametrize("name", NAMES)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(damaged=damage(), rate_hz=st.sampled_from([None, 100.0]))
def test_a_damaged_file_is_a_recording_or_one_sentence(
    folder: Path, seeds: dict[str, bytes], name: str, damaged: Callable[[bytes], bytes], rate_hz: float | None
) -> None:
    (folder / "rec.dat").write_bytes(bytes(range(256)) * 2)
    _read_all(folder / name, damaged(seeds[name]), sampling_rate_hz=rate_hz)


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
@pytest.mark.parametrize("name", NAMES)
@given(content=st.binary(max_size=400))
def test_random_bytes_are_a_recording_or_one_sentence(
    folder: Path, seeds: dict[str, bytes], name: str, content: bytes
) -> None:
    _read_all(folder / name, content)
    _read_all(folder / name, seeds[name][:200] + content)


@given(text=st.text(st.sampled_from("0123456789.,;-+e \t\n#ab\"'()uV"), max_size=200))
def test_any_text_is_a_table_or_one_sentence(folder: Path, text: str) -> None:
    _read_all(folder / "x.csv", text.encode(), sampling_rate_hz=100.0)
