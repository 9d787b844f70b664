"""What is decided about channels, the same way for every format."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.formats import read_recording
from twitchwise.formats.channel_kind import electrode_of, kind_of, side_of
from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.draft import ChannelDraft, settle
from twitchwise.formats.unit_text import parse_unit
from twitchwise.vocabulary import ChannelKind, Electrode, Side, Unit, UnreadableRecordingError

Refuse = Callable[..., str]
OPTIONS = ReadOptions(typed="x.edf")


def _draft(name: str = "EMG", unit_text: str | None = "uV", **changes: object) -> ChannelDraft:
    fields: dict[str, object] = {"sampling_rate_hz": 1000.0, "n_samples": 10} | changes
    return ChannelDraft(name=name, unit_text=unit_text, **fields)  # type: ignore[arg-type] # any field of a draft


@pytest.mark.parametrize(
    ("text", "unit", "scale"),
    [
        ("uV", Unit.VOLT, 1e-6),
        ("\u00b5V", Unit.VOLT, 1e-6),
        ("\u03bcV", Unit.VOLT, 1e-6),
        ("\u00c2\u00b5V", Unit.VOLT, 1e-6),
        ("mv", Unit.VOLT, 1e-3),
        (" mV ", Unit.VOLT, 1e-3),
        ("[nV]", Unit.VOLT, 1e-9),
        ("microvolts", Unit.VOLT, 1e-6),
        ("N", Unit.NEWTON, 1.0),
        ("mN", Unit.NEWTON, 1e-3),
        ("g", Unit.METER_PER_SECOND_SQUARED, 9.80665),
        ("mg", Unit.METER_PER_SECOND_SQUARED, 0.00980665),
        ("m/s^2", Unit.METER_PER_SECOND_SQUARED, 1.0),
        ("m/s\u00b2", Unit.METER_PER_SECOND_SQUARED, 1.0),
        ("deg/s", Unit.RADIAN_PER_SECOND, np.pi / 180),
        ("\u00b0/s", Unit.RADIAN_PER_SECOND, np.pi / 180),
        ("%", Unit.PERCENT, 1.0),
        (" %(MVC)", Unit.PERCENT, 1.0),
        ("ms", Unit.SECOND, 1e-3),
        ("us", Unit.SECOND, 1e-6),
        ("ns", Unit.SECOND, 1e-9),
        ("mm", Unit.METER, 1e-3),
        ("cm", Unit.METER, 1e-2),
        ("\u00b0C", Unit.DEGREE_CELSIUS, 1.0),
        ("adu", Unit.COUNT, 1.0),
        ("", Unit.UNKNOWN, 1.0),
        ("a.u.", Unit.UNKNOWN, 1.0),
    ],
)
def test_spellings_of_units_lead_to_si(text: str, unit: Unit, scale: float) -> None:
    parsed = parse_unit(text)
    assert parsed.unit is unit
    assert parsed.scale == pytest.approx(scale)
    assert not parsed.foreign


@given(st.text(max_size=12))
def test_any_text_is_some_unit(text: str) -> None:
    assert parse_unit(text).scale > 0
    assert parse_unit(text) == parse_unit(text.strip())


@pytest.mark.parametrize(
    "unit", [unit for unit in Unit if unit.value in {"V", "N", "m/s2", "rad/s", "%", "count", "s", "Hz"}]
)
def test_the_si_units_mean_themselves(unit: Unit) -> None:
    assert (parse_unit(unit.value).unit, parse_unit(unit.value).scale) == (unit, 1.0)


@pytest.mark.parametrize(
    ("label", "hint", "unit", "kind"),
    [
        ("EMG calf", "", Unit.VOLT, ChannelKind.EMG),
        ("EMG-Ch1", "", Unit.UNKNOWN, ChannelKind.EMG),
        ("sEMG_L", "", Unit.VOLT, ChannelKind.EMG),
        ("Trigno EMG 1 ACC X", "", Unit.METER_PER_SECOND_SQUARED, ChannelKind.ACCELERATION),
        ("acc_x", "", Unit.UNKNOWN, ChannelKind.ACCELERATION),
        ("EMG accessory", "", Unit.VOLT, ChannelKind.EMG),
        ("Gyro Y", "", Unit.UNKNOWN, ChannelKind.ANGULAR_VELOCITY),
        ("Force", "", Unit.VOLT, ChannelKind.FORCE),
        ("ECG II", "", Unit.VOLT, ChannelKind.ECG),
        ("EEG Fpz-Cz", "", Unit.VOLT, ChannelKind.EEG),
        ("calf", "EMG surface electrode", Unit.VOLT, ChannelKind.EMG),
        ("tip", "", Unit.NEWTON, ChannelKind.FORCE),
        ("x", "", Unit.METER_PER_SECOND_SQUARED, ChannelKind.ACCELERATION),
        ("x", "", Unit.RADIAN_PER_SECOND, ChannelKind.ANGULAR_VELOCITY),
        ("x", "", Unit.VOLT, ChannelKind.OTHER),
        ("Chin1-Chin2", "", Unit.VOLT, ChannelKind.EMG),
        ("Leg/L", "", Unit.VOLT, ChannelKind.EMG),
        ("R tibialis ant.", "", Unit.UNKNOWN, ChannelKind.EMG),
        ("biceps angle", "", Unit.PERCENT, ChannelKind.OTHER),
        ("legend", "", Unit.VOLT, ChannelKind.OTHER),
        ("EMG biceps MVC", "", Unit.VOLT, ChannelKind.EMG),
    ],
)
def test_what_a_channel_measures_is_judged_from_label_then_words_then_unit(
    label: str, hint: str, unit: Unit, kind: ChannelKind
) -> None:
    assert kind_of(label, hint, unit) is kind


@pytest.mark.parametrize(
    ("words", "electrode"),
    [
        ("25mm concentric needle electrode", Electrode.NEEDLE),
        ("fine wire", Electrode.NEEDLE),
        ("surface, Ag/AgCl", Electrode.SURFACE),
        ("GR08MM1305", Electrode.SURFACE),
        ("surface reference for needle", Electrode.UNKNOWN),
        ("electrode", Electrode.UNKNOWN),
    ],
)
def test_the_electrode_is_judged_from_words(words: str, electrode: Electrode) -> None:
    assert electrode_of(words) is electrode


@pytest.mark.parametrize(
    ("words", "side"),
    [("EMG left calf", Side.LEFT), ("RIGHT", Side.RIGHT), ("left-right", None), ("bright", None), ("calf", None)],
)
def test_the_side_is_judged_from_words(words: str, side: Side | None) -> None:
    assert side_of(words) is side


def test_voltages_of_nothing_in_particular_are_taken_for_emg_with_a_warning() -> None:
    settled = settle([_draft("ch1"), _draft("ch2", "degC")], OPTIONS)
    assert [channel.kind for channel in settled.channels] == [ChannelKind.EMG, ChannelKind.OTHER]
    assert settled.warnings == ("The file does not say what its channels measure; they were taken for EMG.",)


def test_other_channels_beside_emg_stay_other() -> None:
    settled = settle([_draft("EMG"), _draft("ch2")], OPTIONS)
    assert [channel.kind for channel in settled.channels] == [ChannelKind.EMG, ChannelKind.OTHER]
    assert settled.warnings == ()


def test_temperatures_alone_are_not_taken_for_emg() -> None:
    settled = settle([_draft("t1", "degC")], OPTIONS)
    assert settled.channels[0].kind is ChannelKind.OTHER
    assert settled.warnings == ()


def test_one_warning_names_all_its_channels() -> None:
    settled = settle([_draft(f"EMG{i}", "") for i in range(5)], OPTIONS)
    assert settled.warnings == ("The file gives no unit for EMG0, EMG1, EMG2 and 2 more; amplitudes have no unit.",)


def test_the_options_fill_what_the_file_leaves_out() -> None:
    options = ReadOptions(typed="x", sampling_rate_hz=500.0, unit_text="mV", electrode=Electrode.NEEDLE)
    settled = settle([_draft("EMG", None, sampling_rate_hz=None), _draft("ACC", "g", sampling_rate_hz=None)], options)
    emg, acc = settled.channels
    assert (emg.unit, emg.electrode, emg.sampling_rate_hz) == (Unit.VOLT, Electrode.NEEDLE, 500.0)
    assert settled.scales == pytest.approx((1e-3, 9.80665))
    assert (acc.unit, acc.electrode) == (Unit.METER_PER_SECOND_SQUARED, Electrode.UNKNOWN)
    assert settled.warnings == ()


def test_options_that_agree_with_the_file_change_nothing() -> None:
    options = ReadOptions(typed="x", sampling_rate_hz=1000.0, unit_text="uV", electrode=Electrode.SURFACE)
    settled = settle([_draft("surface EMG", "\u00b5V")], options)
    assert settled.channels == settle([_draft("surface EMG", "\u00b5V")], OPTIONS).channels


def test_a_unit_for_another_kind_of_channel_is_meant_for_it() -> None:
    options = ReadOptions(typed="x", unit_text="g")
    settled = settle([_draft("EMG"), _draft("ACC", "")], options)
    assert settled.channels[1].unit is Unit.METER_PER_SECOND_SQUARED


def test_a_rate_is_meant_for_the_emg() -> None:
    options = ReadOptions(typed="x", sampling_rate_hz=1000.0)
    settled = settle([_draft("EMG"), _draft("ACC", "g", sampling_rate_hz=50.0)], options)
    assert [channel.sampling_rate_hz for channel in settled.channels] == [1000.0, 50.0]
    with pytest.raises(UnreadableRecordingError, match="must be the 50 Hz of the file, got 1000 Hz"):
        settle([_draft("ACC", "g", sampling_rate_hz=50.0)], options)


def test_remarks_about_the_whole_recording_say_the_electrode_but_not_the_kind() -> None:
    settled = settle([_draft("EMG", remarks="needle, with ACC"), _draft("x", remarks="needle, with ACC")], OPTIONS)
    assert [channel.kind for channel in settled.channels] == [ChannelKind.EMG, ChannelKind.OTHER]
    assert settled.channels[0].electrode is Electrode.NEEDLE


def test_a_measured_rate_may_differ_a_little_from_the_one_that_was_typed() -> None:
    options = ReadOptions(typed="x", sampling_rate_hz=1000.0)
    draft = _draft("EMG", "uV", sampling_rate_hz=999.1, rate_is_measured=True)
    assert settle([draft], options).channels[0].sampling_rate_hz == 999.1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"sampling_rate_hz": 999.0}, "must be the 1000 Hz of the file, got 999 Hz"),
        ({"unit_text": "mV"}, "must be the 'uV' of the file, got 'mV'"),
        ({"electrode": Electrode.NEEDLE}, "must be the surface one of the file, got 'needle'"),
    ],
)
def test_options_that_contradict_the_file_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(UnreadableRecordingError, match=said):
        settle([_draft("surface EMG")], ReadOptions(typed="x", **options))  # type: ignore[arg-type] # any option


def test_the_options_reach_every_reader(tmp_path: Path, refuse: Refuse, edf_bytes: bytes, csv_bytes: bytes) -> None:
    (tmp_path / "x.edf").write_bytes(edf_bytes)
    (tmp_path / "x.csv").write_bytes(csv_bytes)
    for name in ("x.edf", "x.csv"):
        assert read_recording(tmp_path / name, electrode=Electrode.NEEDLE).channels[0].electrode is Electrode.NEEDLE
        assert "got 'V'" in refuse(tmp_path / name, unit=Unit.VOLT)
        assert "got 7 Hz" in refuse(tmp_path / name, sampling_rate_hz=7.0)
