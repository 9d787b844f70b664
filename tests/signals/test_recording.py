"""What a recording promises about its channels and blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, OutOfRangeError, Unit


def _channel(name: str, rate_hz: float, n_samples: int, kind: ChannelKind = ChannelKind.EMG) -> Channel:
    return Channel(name=name, kind=kind, unit=Unit.VOLT, sampling_rate_hz=rate_hz, n_samples=n_samples)


def _recording(n_samples: int = 1000, rate_hz: float = 100.0) -> Recording:
    channels = (_channel("calf", rate_hz, n_samples), _channel("tilt", 10.0, 20, ChannelKind.ACCELERATION))
    source = ArraySource([np.arange(n_samples, dtype=float), np.zeros(20)])
    return Recording(name="x", format="array", channels=channels, source=source)


@given(st.integers(0, 300), st.sampled_from([0.3, 100.0, 2048.0, 1000 / 3]), st.floats(1e-4, 1e9))
def test_blocks_together_are_the_whole_channel(n_samples: int, rate_hz: float, block_s: float) -> None:
    recording = _recording(n_samples, rate_hz)
    blocks = list(recording.blocks("calf", block_s=block_s))
    whole = np.concatenate([samples for _, samples in blocks]) if blocks else np.empty(0)
    assert whole.tolist() == recording.read("calf").tolist() == list(range(n_samples))
    for start_s, samples in blocks:
        assert samples[0] == pytest.approx(start_s * rate_hz)


@given(st.floats(0, 1e300), st.floats(0, 1e300))
def test_a_piece_holds_the_samples_between_its_ends(start_s: float, stop_s: float) -> None:
    samples = _recording().read("calf", start_s, stop_s)
    first, last = (round(min(time * 100.0, 1000)) for time in (start_s, stop_s))
    assert samples.tolist() == list(range(first, last))


def test_samples_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        _recording().read("calf")[0] = 1.0


def test_a_recording_lasts_as_long_as_its_longest_channel() -> None:
    assert _recording().duration_s == 10.0


def test_channels_are_found_by_name_and_kind() -> None:
    recording = _recording()
    assert recording.channel("tilt").sampling_rate_hz == 10.0
    assert [channel.name for channel in recording.of_kind(ChannelKind.EMG)] == ["calf"]
    assert recording.of_kind(ChannelKind.FORCE) == ()


def test_an_unknown_channel_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(OutOfRangeError, match=r"\['calf', 'tilt'\], got 'thigh'"):
        _recording().read("thigh")


@pytest.mark.parametrize(("start_s", "stop_s"), [(-1.0, None), (float("nan"), None), (0.0, -1.0), (0.0, float("inf"))])
def test_times_that_cannot_be_are_refused(start_s: float, stop_s: float | None) -> None:
    with pytest.raises(OutOfRangeError, match=r"st\w+_s must be a finite number of at least 0"):
        _recording().read("calf", start_s, stop_s)


@pytest.mark.parametrize("block_s", [0.0, -1.0, float("nan"), float("inf")])
def test_a_block_without_length_is_refused_before_anything_is_read(block_s: float) -> None:
    with pytest.raises(OutOfRangeError, match="block_s"):
        _recording().blocks("calf", block_s=block_s)


@pytest.mark.parametrize("names", [(), ("calf", "calf")])
def test_channels_must_be_there_and_named_apart(names: tuple[str, ...]) -> None:
    channels = tuple(_channel(name, 100.0, 1) for name in names)
    with pytest.raises(OutOfRangeError, match="at least one and named apart"):
        Recording(name="x", format="array", channels=channels, source=ArraySource([]))


def test_samples_in_rows_and_columns_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match=r"one row of numbers, got shape \(2, 3\)"):
        ArraySource([np.zeros((2, 3))])


def test_a_source_keeps_its_own_copy() -> None:
    samples = np.zeros(3)
    source = ArraySource([samples])
    samples[:] = 1.0
    assert source.read(0, 0, 3).tolist() == [0.0, 0.0, 0.0]


def test_a_name_stands_for_a_channel_or_for_the_axes_of_a_sensor() -> None:
    axes = tuple(
        Channel(
            name=f"wrist {letter}",
            kind=ChannelKind.ACCELERATION,
            unit=Unit.METER_PER_SECOND_SQUARED,
            sampling_rate_hz=10.0,
            n_samples=1,
            array="wrist",
        )
        for letter in "xyz"
    )
    worn = Recording(name="x", format="x", channels=axes, source=ArraySource([np.zeros(1)] * 3))
    assert worn.members("wrist") == axes
    assert worn.members("wrist y") == axes[1:2]
    assert worn.members("ankle") == ()
    assert (worn.unit_of("wrist"), worn.unit_of("ankle")) == (Unit.METER_PER_SECOND_SQUARED, Unit.UNKNOWN)
