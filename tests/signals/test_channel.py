"""What a channel promises."""

from typing import Any

import pytest

from twitchwise.signals import Channel
from twitchwise.vocabulary import ChannelKind, Electrode, OutOfRangeError, Unit


def _channel(**changes: Any) -> Channel:  # noqa: ANN401 - any field of a channel
    fields: dict[str, Any] = {
        "name": "calf",
        "kind": ChannelKind.EMG,
        "unit": Unit.VOLT,
        "sampling_rate_hz": 2000.0,
        "n_samples": 5000,
    }
    return Channel(**(fields | changes))


def test_duration_is_samples_over_rate() -> None:
    assert _channel().duration_s == 2.5


def test_what_is_not_said_is_unknown() -> None:
    channel = _channel()
    assert channel.electrode is Electrode.UNKNOWN
    assert (channel.site, channel.side, channel.position_m) == (None, None, None)
    assert (channel.physical_range, channel.resolution) == (None, None)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"sampling_rate_hz": 0.0}, "sampling rate of channel 'calf'"),
        ({"sampling_rate_hz": float("nan")}, "sampling rate"),
        ({"sampling_rate_hz": float("inf")}, "sampling rate"),
        ({"n_samples": -1}, "number of samples of channel 'calf'"),
        ({"physical_range": (1.0, 1.0)}, "physical range of channel 'calf'"),
        ({"physical_range": (1.0, float("nan"))}, "physical range"),
        ({"resolution": 0.0}, "resolution of channel 'calf'"),
    ],
)
def test_a_channel_that_cannot_be_is_refused(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(OutOfRangeError, match=word):
        _channel(**changes)


def test_a_channel_without_samples_and_with_a_range_is_accepted() -> None:
    channel = _channel(n_samples=0, physical_range=(-1.0, 1.0), resolution=1e-6)
    assert channel.duration_s == 0.0
