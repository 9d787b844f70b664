"""Duration, phases, turns, their bias by noise, and the instability of shapes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial.hermite import hermval
from scipy.signal import butter, sosfiltfilt
from tests.measure.emg.describe.trains import NOISE_V, potentials

from twitchwise.measure.emg.describe import SortedPotentials
from twitchwise.measure.emg.describe.instability import Instability, excess_changes, instability_of
from twitchwise.measure.emg.describe.quantities import Maker
from twitchwise.measure.emg.describe.settings import describe_settings
from twitchwise.measure.emg.describe.shape import (
    filter_doubts,
    instability_measurements,
    size_measurements,
    waveform_measurements,
)
from twitchwise.measure.emg.describe.template import template_measurements
from twitchwise.measure.emg.describe.waveform import Criteria, Waveforms, measure_waveforms
from twitchwise.vocabulary import Electrode, Unit
from twitchwise.vocabulary.arrays import FloatArray

SETTINGS = describe_settings()
MAKER = Maker(channel="calf")
RATE_HZ = 2000.0


def hermite(order: int, width_s: float, rate_hz: float = RATE_HZ) -> FloatArray:
    """Return a wave of ``order + 1`` phases whose peak of 1 is the middle sample."""
    time = np.arange(-200, 201) / rate_hz
    wave = hermval(time / width_s, np.eye(order + 1)[order]) * np.exp(-((time / width_s) ** 2))
    peak = int(np.argmax(np.abs(wave)))
    shape: FloatArray = wave[peak - 60 : peak + 61] / np.abs(wave).max()
    return shape


def measured(shapes: FloatArray, noise: float, **criteria: float) -> Waveforms:
    return measure_waveforms(shapes, np.full(len(shapes), noise), RATE_HZ, criteria=Criteria(**criteria))


@pytest.mark.parametrize(("order", "width_s", "phases"), [(0, 0.004, 1), (1, 0.004, 2), (2, 0.003, 3), (3, 0.003, 4)])
def test_a_clean_wave_has_the_phases_it_was_made_with(order: int, width_s: float, phases: int) -> None:
    found = measured(hermite(order, width_s)[np.newaxis], 1e-6)
    assert found.phases.tolist() == [phases]
    # each phase has one extreme
    assert found.turns.tolist() == [phases]


def test_a_serrated_phase_has_more_turns_than_phases() -> None:
    time = np.arange(-60, 61) / RATE_HZ
    bump = np.exp(-((time / 0.004) ** 2)) - 0.5 * np.exp(-(((time - 0.002) / 0.0008) ** 2))
    found = measured(np.roll(bump, -int(np.argmax(bump)) + 60)[np.newaxis], 1e-6)
    assert (found.phases.tolist(), found.turns.tolist()) == ([1], [3])


def test_the_duration_is_that_of_the_part_above_a_tenth_of_the_peak() -> None:
    # a Gaussian falls to a tenth at 1.517 of its widths
    found = measured(hermite(0, 0.004)[np.newaxis], 1e-6)
    assert found.duration_s[0] == pytest.approx(2 * 1.517 * 0.004, abs=1 / RATE_HZ)


@pytest.mark.parametrize(("order", "width_s"), [(1, 0.004), (2, 0.003), (3, 0.003), (5, 0.0025)])
@pytest.mark.parametrize("snr", [30.0, 60.0])
def test_noise_hardly_changes_what_stands_out_enough(order: int, width_s: float, snr: float) -> None:
    clean = hermite(order, width_s)
    rng = np.random.default_rng(0)
    noisy = measured(snr * clean + rng.normal(size=(300, clean.size)), 1.0)
    truth = measured(clean[np.newaxis], 1e-6)
    assert noisy.phases.mean() == pytest.approx(truth.phases[0], abs=0.1)
    assert noisy.turns.mean() == pytest.approx(truth.turns[0], abs=0.05)
    assert noisy.duration_s.mean() == pytest.approx(truth.duration_s[0], rel=0.06)


def test_noise_hides_turns_of_small_potentials() -> None:
    clean = hermite(3, 0.003)
    small = measured(10 * clean + np.random.default_rng(0).normal(size=(300, clean.size)), 1.0)
    assert small.turns.mean() < 3


@given(st.floats(1e-6, 1e6), st.booleans(), st.integers(1, 4))
def test_size_and_sign_change_no_phase(factor: float, turned: bool, order: int) -> None:  # noqa: FBT001
    wave = hermite(order, 0.003)[np.newaxis] + np.random.default_rng(1).normal(scale=0.01, size=(1, 121))
    plain, other = measured(wave, 0.01), measured((-factor if turned else factor) * wave, factor * 0.01)
    assert plain.phases.tolist() == other.phases.tolist()
    assert plain.turns.tolist() == other.turns.tolist()
    assert plain.duration_s.tolist() == pytest.approx(other.duration_s.tolist())


def unstable(spread_s: float, snr: float, seed: int) -> Instability:
    """Return the instability of a unit of six fibers that are late at random."""
    rng = np.random.default_rng(seed)
    fine = np.arange(-1000, 1001) / 20_000.0
    offsets, sizes = np.array([-3.0, -1.5, 0.0, 1.0, 2.0, 3.5]) * 1e-3, np.array([0.6, 0.8, 1.0, 0.7, 0.9, 0.5])
    rows = []
    for _ in range(40):
        late = (fine[:, np.newaxis] - offsets - spread_s * rng.normal(size=6)) / 0.0012
        rows.append(((-late * np.exp(-(late**2) / 2)) @ sizes)[rng.integers(10) :: 10][:200])
    clean = np.array(rows)
    noise = sosfiltfilt(butter(2, [20, 450], "band", fs=RATE_HZ, output="sos"), rng.normal(size=(40, 400)))[:, 100:300]
    noisy = snr * clean / np.abs(clean).max() + noise / noise.std()
    peaks = np.argmax(np.abs(noisy[:, 60:140]), axis=1) + 60
    cut = np.array([row[peak - 50 : peak + 51] for row, peak in zip(noisy, peaks, strict=True)])
    return instability_of(excess_changes(cut.astype(np.float32), np.ones(40), RATE_HZ))


def test_a_stable_unit_is_stable_whatever_the_noise() -> None:
    for snr in (20.0, 60.0):
        found = [unstable(0.0, snr, seed) for seed in range(10)]
        assert np.mean([one.value for one in found]) < 0.01
        assert all(one.low < 0.01 for one in found)


@pytest.mark.parametrize(("spread_s", "expected"), [(60e-6, 0.067), (150e-6, 0.17)])
def test_jitter_shows_beyond_noise_and_independently_of_it(spread_s: float, expected: float) -> None:
    for snr in (20.0, 60.0):
        found = [unstable(spread_s, snr, seed) for seed in range(10)]
        assert np.mean([one.value for one in found]) == pytest.approx(expected, rel=0.12)
        assert all(one.low > 0.02 for one in found)


def test_shape_is_told_only_where_it_can_be() -> None:
    times = np.arange(1.0, 21.0)
    clear, small, few = potentials(times), potentials(times, snr=10.0), potentials(times[:4])
    slow = potentials(times, sampling_rate_hz=600.0)
    assert [m.id for m in waveform_measurements(clear, SETTINGS, MAKER)] == [
        "fasciculation_duration",
        "fasciculation_phases",
        "fasciculation_turns",
        "polyphasic_share",
    ]
    for too_poor in (small, few, slow):
        assert waveform_measurements(too_poor, SETTINGS, MAKER) == []
        assert instability_measurements(too_poor, SETTINGS, MAKER) == []
    assert size_measurements(slow, SETTINGS, MAKER) != []
    assert size_measurements(potentials(times, sampling_rate_hz=400.0), SETTINGS, MAKER) == []
    assert [m.id for m in instability_measurements(clear, SETTINGS, MAKER)] == ["fasciculation_instability"]


def test_the_mean_of_many_shows_what_each_is_too_small_for() -> None:
    times = np.arange(1.0, 41.0)
    small, clear = potentials(times, snr=10.0), potentials(times, snr=1000.0)
    found, truth = (template_measurements(one, SETTINGS, MAKER) for one in (small, clear))
    assert [m.value for m in found[1:]] == [m.value for m in truth[1:]]
    assert found[0].value == pytest.approx(truth[0].value, rel=0.1)
    assert template_measurements(potentials(times[:8], snr=5.0), SETTINGS, MAKER) == []
    assert template_measurements(potentials(times[:3]), SETTINGS, MAKER) == []


def test_few_sizes_say_so_and_none_gives_none() -> None:
    few = size_measurements(potentials([1.0, 2.0]), SETTINGS, MAKER)
    assert [m.id for m in few] == ["fasciculation_amplitude"]
    assert few[0].doubts == ("fewer than six potentials, so the interval is their range",)
    assert size_measurements(potentials([]), SETTINGS, MAKER) == []


def test_with_a_needle_a_turn_is_so_many_volts() -> None:
    times = np.arange(1.0, 9.0)
    on_skin, needle = (potentials(times, electrode=kind) for kind in (Electrode.SURFACE, Electrode.NEEDLE))
    counts = potentials(times, electrode=Electrode.NEEDLE, amplitude_unit=Unit.COUNT)
    turns = [waveform_measurements(one, SETTINGS, MAKER)[2].value for one in (on_skin, needle, counts)]
    assert turns[0] == turns[2]
    assert turns[1] <= turns[0]
    assert filter_doubts(needle) == ()
    assert "a band-pass filter" in filter_doubts(on_skin)[0]


def test_the_filters_band_is_named() -> None:
    one = potentials([1.0])
    banded = SortedPotentials(**{**vars(one), "band_hz": (20.0, 450.0)})
    assert filter_doubts(banded) == ("measured through 20-450 Hz, which shortens slow ends and adds ringing",)


@given(st.floats(1e-3, 1e3))
def test_scaling_scales_sizes_and_nothing_else(factor: float) -> None:
    plain = potentials(np.arange(1.0, 9.0))
    sized = {name: factor * getattr(plain, name) for name in ("peak", "peak_to_peak", "noise_rms", "shape")}
    scaled = SortedPotentials(**{**vars(plain), **sized, "amplitude_unit": Unit.COUNT})
    for before, after in zip(
        size_measurements(plain, SETTINGS, MAKER), size_measurements(scaled, SETTINGS, MAKER), strict=True
    ):
        assert after.value == pytest.approx(factor * before.value)
    for before, after in zip(
        waveform_measurements(plain, SETTINGS, MAKER), waveform_measurements(scaled, SETTINGS, MAKER), strict=True
    ):
        assert after.value == pytest.approx(before.value)


def test_the_noise_of_the_scenes_is_what_they_say() -> None:
    quiet = potentials(np.arange(1.0, 50.0), snr=0.0)
    assert quiet.shape.std() == pytest.approx(NOISE_V, rel=0.05)
