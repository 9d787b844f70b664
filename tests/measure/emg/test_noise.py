"""The noise is followed without being told where the muscle rests."""

import numpy as np
import pytest
from tests.measure.emg_scenes import Scene, make

from twitchwise.measure.emg.band import Band, band_for
from twitchwise.measure.emg.frames import Frames, frame_samples, read_frames
from twitchwise.measure.emg.noise import Noise, follow_noise, quantiles_by_second
from twitchwise.measure.emg.samples import ChannelReader
from twitchwise.measure.emg.settings import emg_settings

SETTINGS = emg_settings()


def followed(scene: Scene) -> tuple[Frames, Noise, Band]:
    recording, _ = make(scene)
    band = band_for(scene.sampling_rate_hz, SETTINGS)
    step = frame_samples(scene.sampling_rate_hz)
    reader = ChannelReader(recording=recording, channel="calf", band=band, mains_hz=None, step=step)
    frames, _ = read_frames(reader, None)
    multiple = band.threshold_multiple(SETTINGS.false_alarm_rate_per_min)
    return frames, follow_noise(frames, multiple, SETTINGS.activity_loudness), band


def in_band(scene: Scene, band: Band) -> float:
    samples = band.apply(np.random.default_rng(99).normal(scale=scene.noise_v, size=200_000))
    return float(np.std(samples))


@pytest.mark.parametrize("rate_hz", [200.0, 1000.0, 2000.0, 4000.0])
def test_noise_alone_is_measured_within_two_percent(rate_hz: float) -> None:
    scene = Scene(rate_per_min=0.0, sampling_rate_hz=rate_hz)
    _, noise, band = followed(scene)
    # slow channels have few degrees of freedom a second
    assert np.allclose(noise.rms, in_band(scene, band), rtol=0.02 if rate_hz > 500 else 0.08)


@pytest.mark.parametrize("rate_per_min", [20.0, 200.0])
@pytest.mark.parametrize("snr", [8.0, 100.0])
def test_potentials_do_not_raise_the_noise(rate_per_min: float, snr: float) -> None:
    scene = Scene(rate_per_min=rate_per_min, snr=snr)
    _, noise, band = followed(scene)
    assert np.allclose(noise.rms, in_band(scene, band), rtol=0.05)


def test_contractions_do_not_raise_the_noise_beside_them() -> None:
    scene = Scene(rate_per_min=0.0, bursts=((10.0, 14.0), (20.0, 45.0)), burst_snr=40.0)
    _, noise, band = followed(scene)
    beside = np.array([5, 8, 16, 18, 47, 50])
    assert np.allclose(noise.rms[beside], in_band(scene, band), rtol=0.05)
    assert np.allclose(noise.reference, in_band(scene, band), rtol=0.05)


def test_the_noise_is_followed_when_it_changes() -> None:
    scene = Scene(rate_per_min=0.0, noise_step=1.5)
    _, noise, band = followed(scene)
    assert noise.rms[10] == pytest.approx(in_band(scene, band), rel=0.03)
    assert noise.rms[50] == pytest.approx(1.5 * in_band(scene, band), rel=0.03)


def test_noise_between_seconds_lies_on_a_line() -> None:
    frames, noise, _ = followed(Scene(rate_per_min=0.0))
    second = noise.frames_per_second * frames.length
    values = noise.at(0, 3 * second, frames.length)
    assert values[second // 2] == pytest.approx(noise.rms[0])
    assert values[second] == pytest.approx((noise.rms[0] + noise.rms[1]) / 2)


def test_without_a_usable_second_the_noise_is_infinite() -> None:
    frames, noise, _ = followed(Scene(rate_per_min=0.0, duration_s=3.0))
    unknown = Noise(frames_per_second=50, rms=np.full(3, np.nan), reference=noise.reference, quiet=noise.quiet)
    assert np.isinf(unknown.at(0, 10, frames.length)).all()


def test_quantiles_of_a_second_use_the_kept_frames_only() -> None:
    frames, _, _ = followed(Scene(rate_per_min=0.0, duration_s=4.0))
    kept = np.ones(frames.rms.size, dtype=np.bool_)
    kept[50:95] = False
    low, high = quantiles_by_second(frames, kept, (0.0, 0.99))
    assert low[0] == frames.rms[:50].min()
    assert high[0] == frames.rms[:50].max()
    assert np.isinf(low[1])
