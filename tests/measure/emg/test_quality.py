"""The words say what a channel can support."""

from dataclasses import replace

import pytest

from twitchwise.measure import ChannelQuality
from twitchwise.measure.emg.quality import statements
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.vocabulary import Unit

GOOD = ChannelQuality(channel="calf", sampling_rate_hz=2000.0, duration_s=300.0, usable=True, unit=Unit.VOLT)


def words(quality: ChannelQuality = GOOD, rest_s: float = 300.0) -> str:
    return " ".join(statements(quality, rest_s, emg_settings()))


@pytest.mark.parametrize(
    ("rest_s", "said"),
    [(0.0, "too short"), (30.0, "too short"), (69.0, "too short"), (80.0, "enough to see one"), (120.0, "see several")],
)
def test_time_at_rest_limits_what_an_absence_says(rest_s: float, said: str) -> None:
    assert said in words(rest_s=rest_s)


@pytest.mark.parametrize(("rate_hz", "judged"), [(200.0, False), (499.0, False), (500.0, True), (2000.0, True)])
def test_slow_sampling_hides_the_shape(rate_hz: float, judged: bool) -> None:  # noqa: FBT001 - a table's column
    assert ("cannot be judged" in words(replace(GOOD, sampling_rate_hz=rate_hz))) is not judged


@pytest.mark.parametrize("unit", [Unit.COUNT, Unit.UNKNOWN])
def test_without_volts_sizes_are_not_compared(unit: Unit) -> None:
    assert "does not give volts" in words(replace(GOOD, unit=unit))


@pytest.mark.parametrize(
    ("quality", "said"),
    [
        (replace(GOOD, clipped_share=0.02), "2.0 % of the samples are clipped"),
        (replace(GOOD, clipped_share=1e-5), "Less than 0.1 % of the samples are clipped"),
        (replace(GOOD, flat_share=0.5), "50.0 % of the samples lie on a flat line"),
        (replace(GOOD, missing_share=0.1), "10.0 % of the samples are missing"),
        (replace(GOOD, mains_share=0.4, mains_hz=50.02), "Mains hum at 50.02 Hz makes 40 %"),
    ],
)
def test_faults_are_said_with_their_amount(quality: ChannelQuality, said: str) -> None:
    assert said in words(quality)


def test_a_good_channel_needs_one_sentence() -> None:
    assert words().count(".") == 1
