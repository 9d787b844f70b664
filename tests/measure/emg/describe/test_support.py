"""What a recording can support is said for any recording, and more is never promised than it bears."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.measure.emg.describe import Setup, support
from twitchwise.vocabulary import Electrode, OutOfRangeError, Unit

TOPICS = ("Rate", "Absence", "Size", "Shape", "Units", "Echoes", "Origin")


def about(setup: Setup) -> dict[str, str]:
    return {sentence.partition(":")[0].split(",")[0]: sentence for sentence in support(setup)}


def test_a_wristband_of_ten_seconds_supports_next_to_nothing() -> None:
    said = about(Setup(sampling_rate_hz=200.0, rest_s=10.0, noise_rms=3e-6, step=3e-5))
    assert "0 to 18 a minute if none is" in said["Rate"]
    assert "cannot be told from 10 s" in said["Absence"]
    assert "cannot be judged at 200 Hz" in said["Size"]
    assert "cannot be told at 200 Hz" in said["Shape"]
    assert "larger than the noise" in said["Resolution"]
    assert "cannot be told apart" in said["Units"]
    assert "cannot be told" in said["Echoes and doublets"]
    assert "without a grid" in said["Origin"]
    assert "without a needle" in said["Single fibers"]


def test_half_an_hour_on_a_grid_supports_nearly_all() -> None:
    said = about(Setup(sampling_rate_hz=2048.0, rest_s=1800.0, channels=64, placed=64, noise_rms=5e-6, step=1e-7))
    assert "1 a minute to within 0.7 to 1.4 a minute" in said["Rate"]
    assert "fewer than 0.1 a minute here" in said["Absence"]
    assert "here 150 uV" in said["Shape"]
    assert "64 channels" in said["Units"]
    assert "grid of 64" in said["Origin"]
    assert "Resolution" not in said


def test_a_needle_is_a_needle() -> None:
    said = about(Setup(sampling_rate_hz=20000.0, rest_s=120.0, electrode=Electrode.NEEDLE))
    assert "with a needle" in said["Shape"]
    assert "near the needle" in said["Units"]
    assert "Single fibers" not in said


def test_counts_are_no_volts() -> None:
    said = about(Setup(sampling_rate_hz=1000.0, rest_s=120.0, channels=2, unit=Unit.COUNT, noise_rms=3.0))
    assert "does not give volts" in said["Size"]
    assert "uV" not in said["Shape"]
    assert "2 channels" in said["Units"]


def test_too_slow_or_too_short_is_said_once() -> None:
    assert len(support(Setup(sampling_rate_hz=20.0, rest_s=600.0))) == 1
    assert "give no rate" in support(Setup(sampling_rate_hz=1000.0, rest_s=3.0))[0]


@given(
    st.floats(200.0, 1e5),
    st.floats(0.0, 1e5),
    st.integers(1, 256),
    st.sampled_from(Electrode),
    st.sampled_from([Unit.VOLT, Unit.UNKNOWN]),
)
def test_every_topic_is_spoken_of_whatever_the_recording(
    rate_hz: float, rest_s: float, channels: int, electrode: Electrode, unit: Unit
) -> None:
    setup = Setup(
        sampling_rate_hz=rate_hz, rest_s=rest_s, channels=channels, placed=channels, electrode=electrode, unit=unit
    )
    said = support(setup)
    assert all(any(sentence.startswith(topic) for sentence in said) for topic in TOPICS)
    assert all(sentence.endswith(".") and "nan" not in sentence for sentence in said)


@pytest.mark.parametrize(
    "wrong", [{"sampling_rate_hz": 0.0}, {"rest_s": -1.0}, {"channels": 0}, {"placed": 2}, {"step": -1.0}]
)
def test_a_recording_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(OutOfRangeError, match=next(iter(wrong))):
        Setup(**{"sampling_rate_hz": 1000.0, "rest_s": 60.0, **wrong})  # type: ignore[arg-type]


def test_a_second_that_is_told_as_whole_is_not_held_against_a_recording() -> None:
    said = " ".join(support(Setup(sampling_rate_hz=2000.0, rest_s=119.97)))
    assert "Absence: none in 120 s would mean fewer than" in said


def test_without_rest_no_number_of_events_is_asked_for() -> None:
    said = " ".join(support(Setup(sampling_rate_hz=2000.0, rest_s=0.0)))
    assert "Echoes, doublets, locked units and drift: cannot be told without more rest." in said
