from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from twitchwise.simulate.muscle.action_potential import FiberActionPotential
from twitchwise.simulate.muscle.conductor import Conductor, SkinView
from twitchwise.simulate.muscle.electrodes import BipolarPair, Grid, Montage
from twitchwise.simulate.muscle.layout import Layout, UnitFibers, lay_out
from twitchwise.simulate.muscle.low_pass import low_pass
from twitchwise.simulate.muscle.templates import Templates, templates
from twitchwise.simulate.units import draw_units
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

PAIR = BipolarPair(spacing_m=0.02, along_m=0.02)
LINE = Grid(rows=6, columns=1, spacing_m=0.005, along_m=0.03, differential=True)
FINE = 4  # the reference is made at so many times the sampling rate


def _exact(
    layout: Layout, montage: Montage, parameters: Mapping[str, float], seen: Templates, diameter_m: float
) -> FloatArray:
    """Add up the potential of every fiber, each at its own place, over steps of a fifth of a millimeter."""
    tissue, potential = Conductor.of(parameters), FiberActionPotential.of(parameters)
    rate = seen.sampling_rate_hz * FINE
    n = 2 * seen.bank.shape[2] * FINE
    time = np.arange(n) / rate - seen.before / seen.sampling_rate_hz
    total = np.zeros((n, montage.contacts_m.shape[0]))
    for fiber in range(layout.n_fibers):
        endplate = layout.endplate_m[fiber]
        across = np.abs(montage.contacts_m[:, 1] - layout.across_m[fiber])
        view = SkinView(
            conductor=tissue,
            depth_m=layout.depth_m[fiber : fiber + 1],
            across_m=across,
            reach_m=0.05,
            diameter_m=diameter_m,
        )
        for end, sign in ((layout.right_end_m[fiber], -1), (layout.left_end_m[fiber], 1)):
            steps = int(abs(end - endplate) / 2e-4) + 1
            place = endplate + (end - endplate) * (np.arange(steps) + 0.5) / steps
            wave = potential.slope_v_per_m(layout.velocity_mps[fiber] * time[:, np.newaxis] - np.abs(place - endplate))
            strength = sign * potential.strength_a_m2_per_v(layout.diameter_m[fiber]) * abs(end - endplate) / steps
            for contact in range(across.size):
                total[:, contact] += strength * wave @ view.slope(montage.contacts_m[contact, 0] - place)[contact]
    spectrum = (
        np.fft.rfft(total, axis=0) * low_pass(np.asarray(np.fft.rfftfreq(n, 1 / FINE), dtype=np.float64))[:, np.newaxis]
    )
    exact: FloatArray = np.fft.irfft(spectrum, n, axis=0)[::FINE][: seen.bank.shape[2]] @ montage.mixing.T
    return exact


@pytest.mark.parametrize("kind", ["monopolar", "differential"])
@pytest.mark.parametrize("depth_m", [1.5e-3, 8e-3])
def test_grouped_fibers_give_the_potential_of_single_fibers_added_up(
    parameters: Mapping[str, float],
    bundle: Callable[..., Layout],
    kind: str,
    depth_m: float,
) -> None:
    grid = Grid(
        rows=4,
        columns=2,
        spacing_m=0.006,
        along_m=0.004,
        across_m=0.003,
        differential=kind == "differential",
        diameter_m=0.002,
    )
    layout = bundle(4.0, n_fibers=6, depth_m=depth_m, half_m=0.016)
    seen = templates(layout, grid, parameters, sampling_rate_hz=2048.0)
    exact = _exact(layout, grid.montage, parameters, seen, 0.002)
    error = np.sqrt(((seen.voltage_v[0] - exact) ** 2).mean(axis=0)) / np.ptp(exact, axis=0)
    assert np.median(error) < 0.003
    assert error.max() < 0.005


def _delay_s(one: FloatArray, other: FloatArray, rate: float) -> float:
    """Find the delay at which two waves agree best, between samples too."""
    n = 1 << int(np.ceil(np.log2(64 * one.size)))
    crossed = np.fft.rfft(other, 2 * one.size) * np.conj(np.fft.rfft(one, 2 * one.size))
    fine = np.fft.irfft(crossed, n)
    at = int(fine.argmax())
    before, peak, after = fine[[at - 1, at, (at + 1) % n]]
    at = (at + n // 2) % n - n // 2
    return float((at + (before - after) / (2 * (before - 2 * peak + after))) / n * 2 * one.size / rate)


@pytest.mark.parametrize("velocity", [2.6, 3.3, 4.0, 4.7, 5.3])
@pytest.mark.parametrize(("rate", "depth_m"), [(2048.0, 1.5e-3), (2048.0, 4e-3), (5000.0, 3e-3), (10240.0, 8e-3)])
def test_potentials_travel_along_the_skin_at_the_velocity_of_the_fibers(
    parameters: Mapping[str, float], bundle: Callable[..., Layout], velocity: float, rate: float, depth_m: float
) -> None:
    layout = bundle(velocity, depth_m=depth_m, half_m=0.09)
    seen = templates(layout, LINE, parameters, sampling_rate_hz=rate).voltage_v[0].T.astype(float)
    delays = [_delay_s(one, other, rate) for one, other in pairwise(seen)]
    assert 0.005 / np.mean(delays) == pytest.approx(velocity, rel=0.03)


def _seen_mps(layout: Layout, parameters: Mapping[str, float], along_m: float) -> tuple[float, float]:
    """Return the velocity that single and double differences along the fibers show."""
    line = Grid(rows=6, columns=1, spacing_m=0.005, along_m=along_m, differential=True)
    single = templates(layout, line, parameters, sampling_rate_hz=4096.0).voltage_v[0].T.astype(float)
    one, two = (
        float(np.mean([_delay_s(a, b, 4096.0) for a, b in pairwise(rows)]))
        for rows in (single, np.diff(single, axis=0))
    )
    return 0.005 / one, 0.005 / two


@pytest.mark.parametrize("depth_m", [2e-3, 5e-3, 10e-3, 15e-3, 20e-3, 25e-3])
def test_potentials_travel_at_the_velocity_of_the_fibers_at_every_depth_where_their_ends_are_far(
    parameters: Mapping[str, float], bundle: Callable[..., Layout], depth_m: float
) -> None:
    endless = _seen_mps(bundle(4.0, depth_m=depth_m, half_m=0.6), parameters, 0.3)
    assert endless == pytest.approx((4.0, 4.0), rel=0.005)
    _, double = _seen_mps(bundle(4.0, depth_m=depth_m, half_m=0.3), parameters, 0.15)
    assert double == pytest.approx(4.0, rel=0.01)


def test_deep_fibers_seem_too_fast_by_what_their_ends_show_everywhere_at_once(
    parameters: Mapping[str, float], bundle: Callable[..., Layout]
) -> None:
    single, double = _seen_mps(bundle(4.0, depth_m=15e-3, half_m=0.12), parameters, 0.06)
    assert single > 1.1 * 4.0
    assert double == pytest.approx(4.0, rel=0.01)  # what is alike on neighbors is taken away


def test_cold_makes_potentials_last_longer_in_proportion(
    parameters: Mapping[str, float], bundle: Callable[..., Layout]
) -> None:
    spans = []
    for velocity in (4.0, 2.0):
        start, stop = templates(bundle(velocity), PAIR, parameters, sampling_rate_hz=2048.0).span_s(0, 0)
        spans.append(stop - start)
    assert spans[1] / spans[0] == pytest.approx(2.0, rel=0.05)


def test_no_charge_is_left_over(parameters: Mapping[str, float], bundle: Callable[..., Layout]) -> None:
    wave = templates(bundle(4.0), Grid(rows=4, columns=2, spacing_m=0.01), parameters, sampling_rate_hz=2048.0)
    area = wave.voltage_v.sum(axis=1)
    assert np.abs(area).max() < 1e-2 * np.abs(wave.voltage_v).sum(axis=1).max()


def test_where_fronts_end_all_channels_see_it_at_once(
    parameters: Mapping[str, float], bundle: Callable[..., Layout]
) -> None:
    velocity, half_m = 4.0, 0.03
    layout = bundle(velocity, half_m=half_m)
    far = Grid(rows=4, columns=1, spacing_m=0.01, along_m=0.08)  # all of it beyond the tendon
    seen = templates(layout, far, parameters, sampling_rate_hz=4096.0)
    peaks = [seen.peak_s(0, channel) for channel in range(4)]
    assert np.ptp(peaks) < 1.5e-3
    assert np.mean(peaks) == pytest.approx(half_m / velocity, abs=2.5e-3)


def test_potentials_of_units_as_drawn_are_as_large_as_those_measured(parameters: Mapping[str, float]) -> None:
    # 16 thenar units: median 48 uV, range 8 to 327 uV (Klein et al. 2006)
    units = draw_units(parameters, 60, np.random.default_rng(0))
    layout = lay_out(units, parameters, np.random.default_rng(1))
    pair = BipolarPair(spacing_m=0.02, along_m=0.008)
    size = templates(layout, pair, parameters, sampling_rate_hz=2048.0).peak_to_peak_v()[:, 0]
    assert 24e-6 < np.median(size) < 96e-6
    assert np.mean((size > 8.1e-6 / 2) & (size < 327e-6 * 2)) > 0.9


def test_the_skins_conductivity_over_the_range_of_simulators_changes_size_three_to_six_times(
    parameters: Mapping[str, float], bundle: Callable[..., Layout]
) -> None:
    dry, wet = (
        templates(bundle(4.0), PAIR, dict(parameters) | {"skin_conductivity": skin}, sampling_rate_hz=2048.0)
        for skin in (4.88e-4, 1.0)
    )
    assert 3.0 < float(dry.peak_to_peak_v()[0, 0] / wet.peak_to_peak_v()[0, 0]) < 6.0


@pytest.mark.parametrize("change", [{"fat_thickness": 0.008}, {"fiber_conductivity_inside": 0.5}])
def test_fat_and_weaker_currents_make_potentials_smaller(
    parameters: Mapping[str, float], bundle: Callable[..., Layout], change: Mapping[str, float]
) -> None:
    before, after = (
        templates(bundle(4.0), PAIR, values, sampling_rate_hz=2048.0).peak_to_peak_v()[0, 0]
        for values in (parameters, dict(parameters) | dict(change))
    )
    assert after < 0.7 * before


def test_every_shift_is_the_same_waveform_a_little_later(
    parameters: Mapping[str, float], bundle: Callable[..., Layout]
) -> None:
    seen = templates(bundle(4.0), PAIR, parameters, sampling_rate_hz=2048.0)
    _, n_shifts, n_samples, _ = seen.bank.shape
    assert n_shifts == 16
    turn = 2 * np.pi * np.fft.rfftfreq(4 * n_samples)
    for shift in (1, 7, 15):
        later = np.fft.rfft(seen.bank[0, 0, :, 0], 4 * n_samples) * np.exp(-1j * turn * shift / n_shifts)
        expected = np.fft.irfft(later)[:n_samples]
        assert seen.bank[0, shift, :, 0] == pytest.approx(expected, abs=5e-3 * np.abs(expected).max())


def test_a_waveform_at_the_steps_of_the_shifts_has_the_samples_in_it(
    parameters: Mapping[str, float], bundle: Callable[..., Layout]
) -> None:
    seen = templates(bundle(4.0), PAIR, parameters, sampling_rate_hz=2048.0)
    time_s, wave = seen.waveform(0, 0)
    samples = (np.arange(seen.bank.shape[2]) - seen.before) / 2048.0
    assert np.interp(samples, time_s, wave) == pytest.approx(seen.voltage_v[0, :, 0].astype(float))
    assert np.all(np.diff(time_s) > 0)


def test_a_span_holds_the_peak_and_starts_after_the_discharge(
    parameters: Mapping[str, float], bundle: Callable[..., Layout]
) -> None:
    seen = templates(bundle(4.0), PAIR, parameters, sampling_rate_hz=2048.0)
    start, stop = seen.span_s(0, 0)
    assert -1e-3 < start < seen.peak_s(0, 0) < stop < seen.bank.shape[2] / 2048.0
    wide = seen.span_s(0, 0, share=0.01)
    assert wide[0] <= start
    assert wide[1] >= stop


def test_a_unit_without_fibers_has_no_potential(
    parameters: Mapping[str, float], units: Callable[..., UnitFibers]
) -> None:
    drawn = units(n_fibers=np.array([0, 9, 0]), fiber_velocity_mps=np.array([3.0, 4.0, 5.0]))
    layout = lay_out(drawn, parameters, np.random.default_rng(0))
    seen = templates(layout, PAIR, parameters, sampling_rate_hz=2048.0)
    assert seen.n_units == 3
    assert (seen.peak_to_peak_v()[:, 0] > 0).tolist() == [False, True, False]


@pytest.mark.parametrize(
    "mixing",
    [
        np.eye(8)[:4] - 2 * np.eye(8)[2:6] + np.eye(8)[4:],  # double differences along the fibers
        np.eye(8) - 1 / 8,  # every contact against the mean of all
        np.eye(8)[[0, 7]] - np.eye(8)[[2, 5]] / 2,  # other sums in one column than in the other
    ],
)
def test_channels_of_several_contacts_are_their_weighted_sum(
    parameters: Mapping[str, float], bundle: Callable[..., Layout], mixing: FloatArray
) -> None:
    @dataclass(frozen=True)
    class _Mixed:
        montage: Montage

    layout, grid = bundle(4.0, half_m=0.03), Grid(rows=4, columns=2, spacing_m=0.01, along_m=0.005)
    names = tuple(f"mix {number}" for number in range(mixing.shape[0]))
    mixed = _Mixed(replace(grid.montage, channel_names=names, mixing=mixing))
    single, both = (
        templates(layout, electrodes, parameters, sampling_rate_hz=2048.0).voltage_v[0] for electrodes in (grid, mixed)
    )
    both, expected = both[: single.shape[0]], single[: both.shape[0]] @ mixing.T.astype(np.float32)
    assert both == pytest.approx(expected, abs=1e-5 * float(np.abs(single).max()))


def test_tables_of_the_skins_view_are_fine_enough(
    parameters: Mapping[str, float], bundle: Callable[..., Layout], monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = Grid(rows=4, columns=2, spacing_m=0.008, along_m=0.01, across_m=0.006, diameter_m=0.0)
    layout = bundle(4.0, depth_m=6e-3, half_m=0.03)
    layout = replace(layout, depth_m=np.linspace(0.2e-3, 12e-3, 20), across_m=np.linspace(-4e-3, 7e-3, 20))
    plain = templates(layout, grid, parameters, sampling_rate_hz=2048.0).voltage_v[0]
    for name, fine in {"views.DEPTH_STEP": 0.05, "views.ACROSS_STEP": 0.1, "conductor.DECAY": 14.0}.items():
        monkeypatch.setattr(f"twitchwise.simulate.muscle.{name}", fine)
    exact = templates(layout, grid, parameters, sampling_rate_hz=2048.0).voltage_v[0]
    error = np.abs(plain - exact[: plain.shape[0]]).max(axis=0) / np.ptp(exact, axis=0)
    assert 1e-7 < error.max() < 1e-3


def test_electrodes_have_the_size_of_the_knowledge_files_unless_given(
    parameters: Mapping[str, float], bundle: Callable[..., Layout]
) -> None:
    layout = bundle(4.0, depth_m=2e-3)
    pair = {"spacing_m": 0.02, "along_m": 0.02}
    plain = templates(layout, BipolarPair(**pair), parameters, sampling_rate_hz=2048.0)
    same = templates(
        layout,
        BipolarPair(**pair, diameter_m=parameters["surface_electrode_diameter"]),
        parameters,
        sampling_rate_hz=2048.0,
    )
    point = templates(layout, BipolarPair(**pair, diameter_m=0.0), parameters, sampling_rate_hz=2048.0)
    assert np.array_equal(plain.bank, same.bank)
    assert point.peak_to_peak_v()[0, 0] > plain.peak_to_peak_v()[0, 0]


def test_what_cannot_be_added_up_is_refused(parameters: Mapping[str, float], bundle: Callable[..., Layout]) -> None:
    bank = np.zeros((1, 1, 4, 2), np.float32)
    with pytest.raises(OutOfRangeError, match=r"bank must have shape \(units, shifts, samples, 1\)"):
        Templates(bank=bank, before=0, sampling_rate_hz=1.0, channel_names=("a",))
    with pytest.raises(OutOfRangeError, match="before"):
        Templates(bank=bank, before=5, sampling_rate_hz=1.0, channel_names=("a", "b"))
    with pytest.raises(OutOfRangeError, match="sampling_rate_hz"):
        templates(bundle(4.0), PAIR, parameters, sampling_rate_hz=0.0)
    with pytest.raises(OutOfRangeError, match="layout must have at least one fiber"):
        templates(bundle(4.0, n_fibers=0), PAIR, parameters, sampling_rate_hz=2048.0)
    seen = Templates(bank=bank, before=0, sampling_rate_hz=1.0, channel_names=("a", "b"))
    with pytest.raises(OutOfRangeError, match="unit"):
        seen.waveform(1, 0)
    with pytest.raises(OutOfRangeError, match="channel"):
        seen.peak_s(0, 2)
    with pytest.raises(OutOfRangeError, match="share"):
        seen.span_s(0, 0, share=0.0)
