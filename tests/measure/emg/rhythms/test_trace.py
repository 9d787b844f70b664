"""A trace is read in blocks whose borders do not show."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt
from tests.measure.emg.rhythms.scenes import Canvas, contraction, fiber, train

from twitchwise.measure.emg.rhythms import Causes, ChannelTrace
from twitchwise.measure.emg.rhythms.chains import Follower
from twitchwise.measure.emg.rhythms.envelope import BIN_S, envelope_of
from twitchwise.measure.emg.rhythms.impulses import Impulses, impulses_in, impulses_of, noise_of
from twitchwise.measure.emg.rhythms.settings import rhythm_settings
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Electrode, OutOfRangeError, Unit
from twitchwise.vocabulary.arrays import FloatArray

SETTINGS = rhythm_settings()


@pytest.fixture(scope="module")
def active() -> Canvas:
    canvas = Canvas(seed=3, duration_s=12.0)
    contraction(canvas, 2.0, 10.0)
    return canvas


def own_samples(trace: ChannelTrace) -> FloatArray:
    """Return what the blocks of a trace hold between their margins."""
    blocks = trace.blocks(SETTINGS, 5.0)
    return np.concatenate([block.samples[block.start - block.first :][: block.stop - block.start] for block in blocks])


@pytest.mark.parametrize("block_s", [1.7, 5.0])
def test_where_blocks_end_does_not_matter(active: Canvas, block_s: float) -> None:
    trace = active.trace()
    whole = [impulses_in(block, 3e-5, is_needle=True) for block in trace.blocks(SETTINGS)]
    parts = [impulses_in(block, 3e-5, is_needle=True) for block in trace.blocks(SETTINGS, block_s)]
    one, other = (np.concatenate([impulses.time_s for impulses in found]) for found in (whole, parts))
    assert one.size > 100
    assert other == pytest.approx(one, abs=1e-6)


def test_a_piece_is_what_the_blocks_hold(active: Canvas) -> None:
    trace = active.trace()
    (block,) = trace.blocks(SETTINGS)
    piece = trace.piece(4.0, 4.5, SETTINGS)
    assert piece.size == 2000
    assert piece == pytest.approx(block.samples[16000:18000], abs=1e-8)
    assert trace.piece(20.0, 21.0, SETTINGS).size == 0


def test_a_trace_too_long_to_be_kept_holds_the_same(active: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = own_samples(active.trace())
    monkeypatch.setattr("twitchwise.measure.emg.rhythms.trace._KEPT_SAMPLES", 1000)
    anew = own_samples(active.trace())
    assert np.abs(kept).max() > 1e-5
    assert anew == pytest.approx(kept, abs=1e-8)


def test_a_short_trace_is_read_once(active: Canvas) -> None:
    whole, reads = active.trace(), list[tuple[int, int]]()

    def read(start: int, stop: int) -> FloatArray:
        reads.append((start, stop))
        return whole.read(start, stop)

    trace = replace(whole, read=read)
    for _ in range(2):
        assert len(list(trace.blocks(SETTINGS, 5.0))) == 3
    assert trace.piece(4.0, 4.5, SETTINGS).size == 2000
    assert reads == [(0, whole.n_samples)]


@pytest.mark.parametrize("n_samples", [1, 2, 30, 4000])
def test_filtered_samples_are_what_a_filter_run_forward_and_backward_gives(n_samples: int) -> None:
    raw = np.random.default_rng(4).standard_normal(n_samples) + 3.0
    trace = ChannelTrace.of_samples(raw, 2000.0, electrode=Electrode.SURFACE)
    sections = butter(2, SETTINGS.surface_band_hz, "bandpass", fs=2000.0, output="sos")
    expected = sosfiltfilt(sections, raw - raw[0], padlen=min(2000, n_samples - 1))
    (block,) = trace.blocks(SETTINGS)
    assert block.samples == pytest.approx(expected, abs=1e-6)


def test_noise_is_found_beside_activity(active: Canvas) -> None:
    quiet = noise_of(Canvas(seed=9).trace(), SETTINGS)
    assert noise_of(active.trace(), SETTINGS) == pytest.approx(quiet, rel=0.1)


def test_given_noise_is_taken() -> None:
    trace = ChannelTrace(
        channel="a",
        sampling_rate_hz=2000.0,
        n_samples=10,
        read=lambda start, stop: np.zeros(stop - start),
        noise_rms=2e-6,
    )
    assert noise_of(trace, SETTINGS) == 2e-6


def test_loudness_has_one_value_for_each_ten_milliseconds(active: Canvas) -> None:
    loudness = envelope_of(active.trace(), SETTINGS)
    assert loudness.size == pytest.approx(12.0 / BIN_S, abs=1)
    assert loudness[400:900].mean() > 5 * loudness[:150].mean()


def test_look_alikes_follow_each_other_in_a_chain() -> None:
    canvas = Canvas(seed=1, duration_s=10.0)
    canvas.add(fiber(), train(5.0, 0.5, 9.5, 0.03, canvas.rng), 1e-4)
    trace = canvas.trace()
    noise = noise_of(trace, SETTINGS)
    follower = Follower(noise, SETTINGS)
    for impulses in impulses_of(trace, noise, SETTINGS):
        follower.feed(impulses)
    chains = follower.take(np.inf)
    longest = max(chains, key=len)
    assert len(longest) == pytest.approx(45, abs=2)
    assert longest.waves.shape[0] == len(longest)


def test_a_long_chain_is_cut_and_keeps_its_number() -> None:
    n = 1000
    times = np.arange(n) / 10.0
    shape = np.tile(np.hanning(9).astype(np.float32), (n, 1))
    follower = Follower(1e-3, SETTINGS)
    chains = []
    for first in range(0, n, 100):
        part = slice(first, first + 100)
        follower.feed(
            Impulses(time_s=times[part], peak=np.ones(100, dtype=np.float32), shape=shape[part], wave=shape[part])
        )
        chains += follower.take(float(times[part][-1]))
    chains += follower.take(np.inf)
    assert len(chains) > 1
    assert {chain.source for chain in chains} == {1}
    assert sum(len(chain) for chain in chains) == n


def test_a_recording_gives_the_same_trace(active: Canvas) -> None:
    channel = Channel(
        name="arm",
        kind=ChannelKind.EMG,
        unit=Unit.VOLT,
        sampling_rate_hz=active.rate_hz,
        n_samples=active.samples.size,
        electrode=Electrode.NEEDLE,
    )
    recording = Recording(name="one", format="array", channels=(channel,), source=ArraySource([active.samples]))
    trace = ChannelTrace.of_recording(recording, channel)
    assert trace.is_needle
    assert trace.duration_s == 12.0
    assert trace.read(100, 200) == pytest.approx(active.samples[100:200])


def test_causes_stand_in_order() -> None:
    causes = Causes(stimuli_s=np.array([3.0]), taps_s=np.array([1.0]), stretches_s=np.array([2.0]))
    assert causes.all_s.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sampling_rate_hz": 0.0}, "sampling_rate_hz"),
        ({"n_samples": 0}, "n_samples"),
        ({"noise_rms": -1.0}, "noise_rms"),
    ],
)
def test_a_trace_that_cannot_be_is_refused(change: dict[str, float], words: str) -> None:
    known = {
        "channel": "a",
        "sampling_rate_hz": 1000.0,
        "n_samples": 10,
        "read": lambda start, stop: np.zeros(stop - start),
    }
    with pytest.raises(OutOfRangeError, match=words):
        ChannelTrace(**{**known, **change})  # type: ignore[arg-type]


def test_samples_in_rows_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="one row of numbers"):
        ChannelTrace.of_samples(np.zeros((2, 3)), 1000.0, electrode=Electrode.NEEDLE)


def test_too_slow_a_channel_is_refused_with_a_sentence() -> None:
    trace = ChannelTrace.of_samples(np.zeros(100), 30.0, electrode=Electrode.SURFACE)
    with pytest.raises(OutOfRangeError, match="must be above 44 Hz"):
        next(trace.blocks(SETTINGS))


def test_one_sample_is_no_signal() -> None:
    trace = ChannelTrace.of_samples(np.ones(1), 1000.0, electrode=Electrode.SURFACE)
    assert next(trace.blocks(SETTINGS)).samples.tolist() == [0.0]
