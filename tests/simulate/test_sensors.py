"""Channels are made in blocks, have one value however they are read, and carry the noise and hum they are given."""

import math

import numpy as np
import pytest

from twitchwise.simulate import MotorUnit, MotorUnitActionPotential, Saturation, SurfaceElectrode, twitch_of
from twitchwise.simulate.discharges import in_order
from twitchwise.simulate.sensors import BLOCK, ForceSensor, SimulatedSource, SurfaceEmg
from twitchwise.vocabulary import OutOfRangeError

RATE_HZ = 2000.0
POTENTIAL = MotorUnitActionPotential(amplitude_v=5e-5, duration_s=0.01, mixture_rad=0.7)
UNIT = MotorUnit(twitch=twitch_of("healthy"), potential=POTENTIAL)
SATURATION = Saturation(twitch_tetanus_ratio=0.3, exponent=1.835)


def emg(*times_s: float, electrode: SurfaceElectrode | None = None, seed: int = 0, units: int = 1) -> SurfaceEmg:
    owners = np.arange(len(times_s)) % units
    return SurfaceEmg(
        [UNIT] * units,
        in_order(np.array(times_s), owners, np.arange(len(times_s))),
        electrode=electrode or SurfaceElectrode(noise_rms_v=0.0),
        sampling_rate_hz=RATE_HZ,
        seed=seed,
    )


def test_a_discharge_between_samples_gives_its_potential_between_samples() -> None:
    at = 0.1 + 0.37 / RATE_HZ
    samples = emg(at).samples(0, 1000)
    assert samples == pytest.approx(POTENTIAL.voltage_v(np.arange(1000) / RATE_HZ - at), abs=2e-3 * 5e-5)


def test_potentials_of_all_units_are_added() -> None:
    together = emg(0.1, 0.104, units=2).samples(0, 1000)
    assert together == pytest.approx(emg(0.1).samples(0, 1000) + emg(0.104).samples(0, 1000), abs=1e-12)


def test_the_energy_of_potentials_apart_is_the_sum_of_theirs() -> None:
    one, three = emg(0.1).samples(0, 2000), emg(0.1, 0.3, 0.5).samples(0, 2000)
    assert (three**2).sum() == pytest.approx(3 * (one**2).sum(), rel=1e-6)


def test_noise_has_its_size_and_belongs_to_the_seed() -> None:
    noisy = SurfaceElectrode(noise_rms_v=3e-6)
    samples = emg(electrode=noisy).samples(0, BLOCK)
    assert samples.std() == pytest.approx(3e-6, rel=0.02)
    assert (samples == emg(electrode=noisy).samples(0, BLOCK)).all()
    assert (samples != emg(electrode=noisy, seed=1).samples(0, BLOCK)).any()
    assert (samples != emg(electrode=noisy).samples(BLOCK, BLOCK)).any()


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_mains_hum_is_a_sine_of_its_amplitude_and_frequency(mains_hz: float) -> None:
    hum = emg(electrode=SurfaceElectrode(noise_rms_v=0.0, mains_v=1e-5, mains_hz=mains_hz))
    samples = np.concatenate([hum.samples(0, 1000), hum.samples(1000, 1000)])
    spectrum = np.abs(np.fft.rfft(samples)) / 1000
    assert spectrum.argmax() == round(mains_hz)
    assert spectrum.max() == pytest.approx(1e-5)


def test_force_of_units_adds_while_each_fuses_by_itself() -> None:
    times = np.array([0.1, 0.1])
    two_units = ForceSensor(
        [UNIT, UNIT], in_order(times, np.array([0, 1]), np.arange(2)), saturation=SATURATION, sampling_rate_hz=RATE_HZ
    )
    assert two_units.samples(0, 2000).max() == pytest.approx(2 * UNIT.twitch.peak_force_n, rel=1e-4)


def test_force_peaks_after_the_latent_period_and_the_contraction_time() -> None:
    sensor = ForceSensor(
        [UNIT],
        in_order(np.array([0.1]), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)),
        saturation=SATURATION,
        sampling_rate_hz=RATE_HZ,
    )
    force = sensor.samples(0, 2000)
    assert force.argmax() / RATE_HZ == pytest.approx(0.1 + UNIT.twitch.peak_time_s, abs=1 / RATE_HZ)
    half = round((0.1 + UNIT.twitch.peak_time_s + UNIT.twitch.half_relaxation_time_s) * RATE_HZ)
    assert force[half] == pytest.approx(UNIT.twitch.peak_force_n / 2, rel=0.02)


def test_a_sample_has_one_value_however_it_is_read() -> None:
    n_samples = 3 * BLOCK + 100
    times = np.random.default_rng(0).uniform(0, n_samples / RATE_HZ, 200)
    source = SimulatedSource([emg(*times, electrode=SurfaceElectrode(noise_rms_v=3e-6))], n_samples)
    whole = source.read(0, 0, n_samples)
    assert whole.shape == (n_samples,)
    for start, stop in [(0, 1), (BLOCK - 5, BLOCK + 5), (10, 2 * BLOCK + 7), (n_samples - 1, n_samples), (7, 7)]:
        assert (source.read(0, start, stop) == whole[start:stop]).all()


def test_blocks_meet_without_a_seam() -> None:
    at = BLOCK / RATE_HZ
    source = SimulatedSource([emg(at - 0.004, at)], 2 * BLOCK)
    near = source.read(0, BLOCK - 100, BLOCK + 100)
    time_s = np.arange(BLOCK - 100, BLOCK + 100) / RATE_HZ
    expected = POTENTIAL.voltage_v(time_s - at) + POTENTIAL.voltage_v(time_s - at + 0.004)
    assert near == pytest.approx(expected, abs=2e-3 * 5e-5)


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 4), (0, 101)])
def test_samples_outside_the_recording_are_refused(start: int, stop: int) -> None:
    with pytest.raises(OutOfRangeError, match="samples must lie in"):
        SimulatedSource([emg()], 100).read(0, start, stop)


@pytest.mark.parametrize(
    "change", [{"noise_rms_v": -1e-6}, {"mains_v": math.nan}, {"mains_hz": 0.0}, {"noise_rms_v": math.inf}]
)
def test_electrodes_that_cannot_be_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(OutOfRangeError, match="must"):
        SurfaceElectrode(**change)
