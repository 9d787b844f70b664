"""A pyramid shows what is there: no extreme is lost, none comes from farther than a block, and gaps stay gaps."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.signals import pyramid as module
from twitchwise.signals.pyramid import BLOCK, CHUNK, MOST_PIXELS, Pyramid
from twitchwise.vocabulary import ChannelKind, OutOfRangeError, Unit, UnwritableFileError
from twitchwise.vocabulary.arrays import FloatArray

RATE_HZ = 100.0


def recording_of(*arrays: FloatArray, rate_hz: float = RATE_HZ) -> Recording:
    channels = tuple(
        Channel(
            name=f"c{number}",
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=rate_hz,
            n_samples=array.size,
        )
        for number, array in enumerate(arrays)
    )
    return Recording(name="x", format="array", channels=channels, source=ArraySource(arrays))


def noise(n_samples: int, seed: int = 1) -> FloatArray:
    return np.random.default_rng(seed).normal(size=n_samples).astype(np.float32).astype(np.float64)


def built(recording: Recording, folder: Path | None = None) -> Pyramid:
    pyramid = Pyramid(recording, folder)
    pyramid.build()
    return pyramid


SAMPLES = noise(300_000)
BUILT = built(recording_of(SAMPLES))
LENGTH_S = SAMPLES.size / RATE_HZ


@given(start=st.floats(-100.0, LENGTH_S), span=st.floats(0.02, LENGTH_S * 1.2), n_pixels=st.integers(1, 700))
def test_each_pixel_holds_its_extremes_and_none_from_beyond_a_block(start: float, span: float, n_pixels: int) -> None:
    seen = BUILT.view([0], start, start + span, n_pixels)
    edges = np.linspace(start, start + span, n_pixels + 1) * RATE_HZ
    step = (edges[-1] - edges[0]) / n_pixels
    # a block is at most half a pixel; between samples a line is drawn to the next sample
    beyond = 1.0 if step < 2 * BLOCK else step / 2
    assert seen.is_exact
    for low, high, first, last in zip(seen.low[0], seen.high[0], edges[:-1], edges[1:], strict=True):
        inner = SAMPLES[max(0, int(np.ceil(first - 1e-6))) : max(0, int(np.ceil(last - 1e-6)))]
        outer = SAMPLES[max(0, int(np.floor(first - beyond))) : max(0, int(np.ceil(last + beyond)) + 1)]
        if inner.size > 1:
            assert low <= inner[1:-1].min(initial=np.inf)
            assert high >= inner[1:-1].max(initial=-np.inf)
        if np.isfinite(low):
            assert outer.min() <= low <= high <= outer.max()
        else:
            assert inner.size <= 1


@settings(deadline=None)
@given(piece=st.integers(1, 1 << 18), n_samples=st.integers(1, 2 * CHUNK + 3))
def test_how_much_is_read_at_once_does_not_matter(piece: int, n_samples: int) -> None:
    recording = recording_of(noise(n_samples), noise(n_samples, 2))
    whole = built(recording)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE_SAMPLES", piece)
        pieces = built(recording)
    length_s = n_samples / RATE_HZ
    for n_pixels in (1, 7):
        one, other = (each.view([0, 1], 0.0, length_s, n_pixels) for each in (whole, pieces))
        np.testing.assert_array_equal(one.low, other.low)
        np.testing.assert_array_equal(one.high, other.high)


def test_all_of_it_in_one_pixel_is_the_range_of_all() -> None:
    seen = BUILT.view([0], 0.0, LENGTH_S, 1)
    assert (seen.low[0, 0], seen.high[0, 0]) == (SAMPLES.min(), SAMPLES.max())


@pytest.mark.parametrize("span_s", [4.0, 40.0, 4000.0])
def test_a_gap_stays_a_gap_and_a_lost_sample_hides_no_others(span_s: float) -> None:
    samples = noise(400_000)
    samples[100_000:200_000] = np.nan
    samples[::5000] = np.nan
    pyramid = built(recording_of(samples))
    gap = pyramid.view([0], 1200.0, 1200.0 + min(span_s, 700.0), 40)
    assert np.isnan(gap.low).all()
    beside = pyramid.view([0], 2500.0, 2500.0 + min(span_s, 1000.0), 5)
    assert np.isfinite(beside.low).all()


def test_before_and_after_the_recording_there_is_nothing() -> None:
    for span_s in (1.0, 50.0, 2000.0):
        for start_s in (-2 * span_s, LENGTH_S + 1):
            assert np.isnan(BUILT.view([0], start_s, start_s + span_s, 20).high).all()


def test_what_is_not_filled_in_yet_is_glimpsed_and_said_to_be_coarse() -> None:
    pyramid = Pyramid(recording_of(SAMPLES))
    coarse = pyramid.view([0], 0.0, LENGTH_S, 100)
    assert not coarse.is_exact
    assert (coarse.low >= SAMPLES.min()).all()
    assert (coarse.high <= SAMPLES.max()).all()
    assert pyramid.view([0], 0.0, 10.0, 100).is_exact  # near enough to be read from the samples themselves
    pyramid.build()
    assert pyramid.view([0], 0.0, LENGTH_S, 100).is_exact
    assert pyramid.share_done == 1.0


def test_what_is_looked_at_is_filled_in_first() -> None:
    recording = recording_of(noise(10 * CHUNK))
    pyramid = Pyramid(recording)
    here_s = 7.5 * CHUNK / RATE_HZ
    pyramid.build(lambda: here_s, lambda: pyramid.share_done > 0)
    assert pyramid.share_done == pytest.approx(0.1)
    assert pyramid.view([0], here_s - 300, here_s + 300, 50).is_exact
    assert not pyramid.view([0], 0.0, 1200.0, 2).is_exact


def test_building_goes_on_where_it_was_stopped() -> None:
    pyramid = Pyramid(recording_of(noise(3 * CHUNK)))
    pyramid.build(stop=lambda: pyramid.share_done > 0)
    assert 0 < pyramid.share_done < 1
    pyramid.build()
    assert pyramid.share_done == 1.0
    np.testing.assert_allclose(pyramid.view([0], 0.0, 3 * CHUNK / RATE_HZ, 1).low, noise(3 * CHUNK).min())


def test_channels_of_different_rates_are_shown_over_the_same_time() -> None:
    slow = Channel(name="slow", kind=ChannelKind.OTHER, unit=Unit.ONE, sampling_rate_hz=1.0, n_samples=1000)
    fast = Channel(name="fast", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=1_000_000)
    source = ArraySource([np.arange(1000.0), np.arange(1_000_000.0) / 1000])
    pyramid = built(Recording(name="x", format="array", channels=(slow, fast), source=source))
    seen = pyramid.view([1, 0], 100.0, 200.0, 10)
    np.testing.assert_allclose(seen.low[0], seen.low[1], atol=5.0)  # half a pixel
    assert seen.high[1, 0] == pytest.approx(109.0, abs=1.0)


def test_large_levels_lie_in_files_and_small_ones_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(recording_of(SAMPLES), tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(module, "IN_MEMORY_BYTES", 1000)
    in_files = built(recording_of(SAMPLES), tmp_path)
    assert len(list(tmp_path.iterdir())) == module.N_LEVELS
    np.testing.assert_array_equal(in_files.view([0], 0.0, LENGTH_S, 99).low, BUILT.view([0], 0.0, LENGTH_S, 99).low)


def test_without_room_for_the_levels_they_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IN_MEMORY_BYTES", 1000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    pyramid = Pyramid(recording_of(SAMPLES), tmp_path)
    with pytest.raises(UnwritableFileError, match="must have room"):
        pyramid.build()
    assert not pyramid.view([0], 0.0, LENGTH_S, 10).is_exact


@pytest.mark.parametrize(
    ("channels", "start_s", "stop_s", "n_pixels"),
    [
        ([1], 0.0, 1.0, 10),
        ([], 0.0, 1.0, 10),
        ([0, 0], 0.0, 1.0, 10),
        ([0], 1.0, 1.0, 10),
        ([0], 0.0, float("nan"), 10),
        ([0], 0.0, float("inf"), 10),
        ([0], 0.0, 1e10, 10),
        ([0], 0.0, 1.0, 0),
        ([0], 0.0, 1.0, MOST_PIXELS + 1),
    ],
)
def test_what_cannot_be_shown_is_refused(channels: list[int], start_s: float, stop_s: float, n_pixels: int) -> None:
    with pytest.raises(OutOfRangeError):
        BUILT.view(channels, start_s, stop_s, n_pixels)


def test_an_empty_channel_shows_nothing() -> None:
    pyramid = built(recording_of(np.empty(0), noise(500)))
    assert np.isnan(pyramid.view([0], 0.0, 5.0, 10).low).all()
    assert pyramid.view([0, 1], 0.0, 5.0, 10).is_exact
