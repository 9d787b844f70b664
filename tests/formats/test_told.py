"""What a page says of a recording can be told in another language: the warnings it carries, and why it is refused."""

from pathlib import Path

import h5py
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.draft import ChannelDraft, first_few, settle
from twitchwise.formats.refusal import one_sentence
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import filled_anew, say, told


class _Loud:
    """A language that puts each sentence in brackets."""

    def sentence(self, context: str, one: str, many: str, count: int | None) -> str:
        del context
        return f"<{one if count in (None, 1) else many}>"

    def digits(self, english: str) -> str:
        return english


def _refused(path: Path) -> str:
    with pytest.raises(UnreadableRecordingError) as caught:
        read_recording(path)
    assert str(caught.value) == told(caught.value.sentence, _Loud()).replace("<", "").replace(">", "")
    return told(filled_anew(caught.value.sentence, lambda text: text.replace(str(path), path.name)), _Loud())


def test_a_warning_is_told_with_the_first_of_its_channels() -> None:
    names = [f"EMG {number}" for number in range(1, 6)]
    drafts = [ChannelDraft(name=name, unit_text="", sampling_rate_hz=1000.0, n_samples=9) for name in names]
    said = settle(drafts, ReadOptions(typed="x.edf")).warnings
    assert [told(one, _Loud()) for one in said] == [
        "<The file gives no unit for <EMG 1, EMG 2, EMG 3 and 2 more>; amplitudes have no unit.>"
    ]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=9), st.integers(1, 9))
def test_names_are_all_named_or_counted(names: list[str], most: int) -> None:
    left = len(names) - most
    assert first_few(names, most) == ", ".join(names[:most]) + (f" and {left} more" if left > 0 else "")


def test_an_empty_file_is_refused_in_another_language(tmp_path: Path) -> None:
    (tmp_path / "x.edf").touch()
    assert _refused(tmp_path / "x.edf") == "<recording must not be empty, got 'x.edf' with 0 bytes.>"


def test_a_format_is_called_by_its_name_in_another_language(tmp_path: Path) -> None:
    (tmp_path / "x.hpf").write_bytes(b"1")
    (tmp_path / "x.edf").write_bytes(b"1")
    assert _refused(tmp_path / "x.hpf").startswith("<'x.hpf' must be exported to CSV")
    assert _refused(tmp_path / "x.edf") == (
        "<'x.edf' must begin like <EDF, EDF+, BDF (.edf, .bdf, .rec)>, as its ending '.edf' says, got something else.>"
    )


def test_what_is_wrong_with_a_file_is_told_too(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_group("device").create_group("raw")["channel_1"] = [1, 2]
    whole = (tmp_path / "x.h5").read_bytes()
    (tmp_path / "x.h5").write_bytes(whole[:60])
    assert _refused(tmp_path / "x.h5") == (
        "<'x.h5' must be a whole <HDF5 file>, got one that cannot be read (<a place lies outside the file>).>"
    )


def test_what_another_package_says_is_shortened_and_stays_as_it_is() -> None:
    with pytest.raises(UnreadableRecordingError) as caught, one_sentence("x.edf", say("film")):
        raise ValueError("word " * 99)
    said = told(caught.value.sentence, _Loud())
    assert said.startswith("<'x.edf' must be a whole <film>, got one that cannot be read (word word")
    assert said.count("word") == 40
