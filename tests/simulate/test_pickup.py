"""Electrodes see every unit that fires, where the electrodes lie, and each channel has noise of its own."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from twitchwise.simulate import BipolarPair, ConcentricNeedle, Grid, Simulation, parameters_for, pickup
from twitchwise.simulate.ectopic import Kind, Label, Site, in_order
from twitchwise.simulate.firing import FiberDischarges, Firing, MuscleDischarges
from twitchwise.simulate.muscle import Layout, Templates, needle_fibers, templates
from twitchwise.simulate.pickup import (
    _laid_out,
    _muscle,
    _near,
    _question,
    as_seen,
    clearest_channel,
    electromyograms,
    emg_channels,
    pair_for,
)
from twitchwise.simulate.preparation import Prepared
from twitchwise.simulate.recorded import Electromyogram
from twitchwise.vocabulary import ChannelKind, Electrode, Unit

Simulate = Callable[..., Simulation]
Prepare = Callable[..., Prepared]
GRID = Grid(rows=8, columns=8, spacing_m=0.008)
NEEDLE = ConcentricNeedle(depth_m=0.01)


def _train(units: list[int]) -> MuscleDischarges:
    n = len(units)
    return MuscleDischarges(
        time_s=np.linspace(0.0, 0.1 * (n - 1), n),
        unit=np.array(units, dtype=np.int64),
        event=np.full(n, -1, dtype=np.int64),
        share=np.ones(n),
    )


def _alone(fibers: list[int], n_fibers: int) -> FiberDischarges:
    """Return a fibrillation potential of each of some fibers, one after the other."""
    n = len(fibers)
    time_s = np.linspace(0.05, 0.05 + 0.1 * (n - 1), n)
    train = in_order(time_s, np.array(fibers), np.arange(n), [Label(Kind.FIBRILLATION, Site.FIBER)] * n)
    return FiberDischarges(train=train, share=np.ones(n), n_fibers=n_fibers)


def _firing(
    units: list[int], antagonist: list[int] | None = None, fibers: list[int] | None = None, n_fibers: int = 6
) -> Firing:
    other = _train(antagonist or [])
    alone = _alone(fibers or [], n_fibers)
    return cast("Firing", SimpleNamespace(agonist=_train(units), antagonist=other, fibers=lambda: alone))


def _seen(muscle: Prepared, units: list[int], electrodes: Grid | ConcentricNeedle | None = None) -> Electromyogram:
    return next(electromyograms(muscle, _firing(units), electrodes, 2048.0, seed=1))


def test_without_electrodes_there_is_a_pair_midway_between_endplates_and_tendon() -> None:
    parameters = parameters_for("healthy")
    pair = pair_for(parameters)
    assert pair.spacing_m == parameters["bipolar_spacing"]
    ends = parameters["innervation_zone_position"], parameters["muscle_fiber_length"] / 2
    assert pair.along_m == pytest.approx(sum(ends) / 2)


@pytest.mark.parametrize("electrodes", [None, Grid(rows=2, columns=2, spacing_m=0.008), NEEDLE])
def test_a_unit_looks_the_same_whoever_else_fires_and_has_fired(
    prepared: Prepare, electrodes: Grid | ConcentricNeedle | None
) -> None:
    muscle = prepared("healthy")
    orders = ([[9], [2, 9, 14]], [[2, 14], [2, 9, 14]], [[0, 2, 9], [9], [2, 9, 14]])
    seen = []
    for order in orders:
        _muscle.cache_clear()
        seen.append([_seen(muscle, units, electrodes).templates for units in order][-1])
    assert all(np.array_equal(one.bank, seen[0].bank) for one in seen)
    alone = _seen(muscle, [9], electrodes).templates
    assert np.array_equal(alone.bank[0], seen[0].bank[1, :, : alone.bank.shape[2]])
    assert not seen[0].bank[1, :, alone.bank.shape[2] :].any()


def test_a_unit_more_is_all_that_has_to_be_made(prepared: Prepare, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def counted(layout: Layout, *others: object, **named: object) -> Templates:
        made.append(layout.n_units - 1)  # the outermost fibers count as one
        return templates(layout, *others, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(pickup, "templates", counted)
    _muscle.cache_clear()
    muscle = prepared("healthy")
    for units in ([1, 2, 5], [1, 2, 5], [1, 2, 5, 6], [2, 6]):
        assert _seen(muscle, units).templates.n_units == len(units)
    assert made == [3, 1]


def test_a_muscle_in_which_nothing_fires_has_channels_all_the_same(prepared: Prepare) -> None:
    emg = _seen(prepared("healthy"), [])
    assert emg.templates.channel_names == ("EMG",)
    assert emg.block_v(0, 10).shape == (10, 1)
    assert clearest_channel(emg) == 0


def test_units_are_numbered_among_those_that_fire() -> None:
    train = _train([7, 3, 7, 12])
    assert as_seen(train).unit.tolist() == [1, 0, 1, 2]
    assert as_seen(train).time_s is train.time_s


def test_the_clearest_channel_is_the_one_with_the_largest_potentials(prepared: Prepare) -> None:
    emg = _seen(prepared("healthy"), [3, 14], GRID)
    sizes = emg.templates.peak_to_peak_v().sum(axis=0)
    assert clearest_channel(emg) == int(sizes.argmax())
    assert sizes[clearest_channel(emg)] == sizes.max()


def test_a_grid_has_a_channel_for_each_electrode_row_by_row(simulated: Simulate) -> None:
    recording = simulated("healthy", electrodes=GRID).recording
    channels = recording.of_kind(ChannelKind.EMG)
    assert [channel.name for channel in channels] == [f"R{r}C{c}" for r in range(1, 9) for c in range(1, 9)]
    assert [channel.name for channel in recording.channels[:64]] == [channel.name for channel in channels]
    assert {(channel.unit, channel.electrode) for channel in channels} == {(Unit.VOLT, Electrode.SURFACE)}
    places = np.array([channel.position_m for channel in channels]).reshape(8, 8, 3)
    assert np.diff(places[..., 0], axis=0) == pytest.approx(0.008)
    assert np.diff(places[..., 1], axis=1) == pytest.approx(0.008)
    assert places[..., 2] == pytest.approx(0.0)
    assert places.mean(axis=(0, 1)) == pytest.approx(np.zeros(3), abs=1e-12)


def test_a_differential_grid_has_a_row_of_channels_less(prepared: Prepare) -> None:
    emg = _seen(prepared("healthy"), [3], Grid(rows=3, columns=2, spacing_m=0.01, differential=True))
    assert emg.templates.channel_names == ("R1C1-R2C1", "R1C2-R2C2", "R2C1-R3C1", "R2C2-R3C2")


@pytest.mark.parametrize("seed", [1, 3])
def test_fibers_that_fire_by_themselves_lie_near_the_core_of_the_needle(prepared: Prepare, seed: int) -> None:
    muscle = prepared("healthy")
    layout = _laid_out(_question(muscle.agonist, muscle, NEEDLE, 2048.0, seed), 1.0)
    chosen = _near(layout, NEEDLE, muscle.parameters, 6, seed)
    everywhere = needle_fibers(layout, NEEDLE, muscle.parameters, sampling_rate_hz=2048.0, within_m=0.001)
    assert np.unique(chosen).size == 6
    assert set(chosen) <= set(everywhere.fiber)
    emg = next(electromyograms(prepared("healthy"), _firing([3], fibers=[5]), NEEDLE, 2048.0, seed=seed))
    assert emg.fibers is not None
    rows = [everywhere.voltage_v[everywhere.fiber == fiber][0] for fiber in chosen]
    n = min(emg.fibers.templates.bank.shape[2], rows[0].size)
    seen = emg.fibers.templates.bank[:, 0, :n, 0]
    assert seen == pytest.approx(np.array(rows)[:, :n], abs=1e-2 * float(np.abs(rows).max()))


def test_where_fibers_are_few_farther_ones_and_then_fewer_fire_by_themselves(prepared: Prepare) -> None:
    muscle = prepared("healthy", changes={"needle_fiber_reach": 0.0003})
    layout = _laid_out(_question(muscle.agonist, muscle, NEEDLE, 2048.0, 1), 1.0)
    seen = needle_fibers(layout, NEEDLE, muscle.parameters, sampling_rate_hz=2048.0, within_m=2.5e-3)
    for n_fibers in (2, 60, 500):
        chosen = _near(layout, NEEDLE, muscle.parameters, n_fibers, 1)
        nearest = np.sort(seen.distance_m)[: max(chosen.size, int((seen.distance_m < 0.0003).sum()))]
        assert chosen.size == min(n_fibers, seen.fiber.size)
        assert set(chosen) <= set(seen.fiber[seen.distance_m <= nearest[-1]])
    emg = next(electromyograms(muscle, _firing([3], fibers=[0, 400], n_fibers=500), NEEDLE, 2048.0, seed=1))
    assert emg.fibers is not None
    assert emg.fibers.discharges.train.unit.tolist() == [0]


@pytest.mark.parametrize("electrodes", [None, Grid(rows=2, columns=2, spacing_m=0.008), NEEDLE])
def test_only_a_needle_sees_single_fibers(prepared: Prepare, electrodes: Grid | ConcentricNeedle | None) -> None:
    with_them, without = (
        next(electromyograms(prepared("healthy"), _firing([3, 9], fibers=some), electrodes, 2048.0, seed=1))
        for some in ([1, 2, 5], [])
    )
    one, other = (emg.block_v(0, 2048) for emg in (with_them, without))
    assert without.fibers is None
    assert (with_them.fibers is None) == (electrodes is not NEEDLE)
    assert np.array_equal(one, other) == (electrodes is not NEEDLE)


def test_a_needle_adds_each_potential_of_a_single_fiber_and_nothing_else(prepared: Prepare) -> None:
    with_them, without = (
        next(electromyograms(prepared("healthy"), _firing([3], fibers=some), NEEDLE, 2048.0, seed=1))
        for some in ([2, 4], [])
    )
    assert with_them.fibers is not None
    added = (with_them.block_v(0, 1024) - without.block_v(0, 1024))[:, 0]
    bank = with_them.fibers.templates.bank[..., 0]
    for fiber, part in zip((2, 4), (added[:200], added[200:]), strict=True):
        largest = np.abs(bank[fiber]).max(axis=1)  # at a sample, by the shift between samples
        assert largest.min() <= np.abs(part).max() * (1 + 1e-5) <= largest.max() * (1 + 2e-5)


def test_a_needle_beside_the_muscle_sees_no_fiber(prepared: Prepare) -> None:
    beside = ConcentricNeedle(depth_m=0.01, across_m=0.05)
    emg = next(electromyograms(prepared("healthy"), _firing([3], fibers=[2]), beside, 2048.0, seed=1))
    assert emg.fibers is None


def test_a_needle_sees_larger_potentials_than_the_skin(simulated: Simulate, silent: dict[str, float]) -> None:
    runs = [simulated("healthy_contraction", electrodes=one, changes=silent).recording for one in (None, NEEDLE)]
    skin, needle = (np.ptp(run.read(run.channels[0].name)) for run in runs)
    assert needle > 2 * skin
    channel = runs[1].channels[0]
    assert (channel.name, channel.electrode) == ("EMG", Electrode.NEEDLE)
    assert channel.position_m == pytest.approx((0.0, 0.0, -0.01))


def test_the_antagonist_has_a_pair_of_its_own_whatever_lies_over_the_agonist(prepared: Prepare) -> None:
    muscle = prepared("parkinson_disease")
    muscles = list(electromyograms(muscle, _firing([3], [2, 5]), GRID, 2048.0, seed=1))
    assert [len(emg.templates.channel_names) for emg in muscles] == [64, 1]
    channels = list(emg_channels(muscles, GRID, muscle.parameters, 100))
    assert channels[-1].name == "EMG antagonist"
    assert len({channel.name for channel in channels}) == 65
    pair = pair_for(muscle.parameters)
    assert channels[-1].position_m == pytest.approx((pair.along_m, 0.0, 0.0))
    assert [channel.array for channel in channels] == ["grid"] * 64 + [None]


def test_no_two_channels_of_the_people_of_a_data_set_share_their_noise(prepared: Prepare) -> None:
    muscle = prepared("parkinson_disease")
    noises = [
        emg.contacts.noise_v(0, 0, 8192)
        for seed in (1, 2, 3)
        for emg in electromyograms(muscle, _firing([3], [2]), None, 2048.0, seed=seed)
    ]
    assert len(noises) == 6
    assert np.abs(np.corrcoef(noises) - np.eye(6)).max() < 0.2


def test_noise_is_as_loud_as_the_files_say(simulated: Simulate) -> None:
    quiet = simulated("healthy", 20.0, changes={"fasciculation_rate_per_min": 0.0}).recording
    assert quiet.read("EMG").std() == pytest.approx(parameters_for("healthy")["surface_emg_noise_rms"], rel=0.1)


def test_mains_hum_has_the_frequency_and_size_that_are_set(simulated: Simulate, silent: dict[str, float]) -> None:
    changes = {**silent, "mains_amplitude": 1e-3, "mains_frequency": 60.0, "fasciculation_rate_per_min": 0.0}
    hum = simulated("healthy", changes={**changes, "mains_distortion": 0.0}).recording.read("EMG")
    spectrum = np.abs(np.fft.rfft(hum)) / hum.size * 2
    assert int(spectrum.argmax()) == 120
    assert spectrum.max() == pytest.approx(1e-3, rel=0.01)


@pytest.mark.parametrize("electrodes", [GRID, NEEDLE, BipolarPair(spacing_m=0.01)])
def test_every_discharge_adds_its_units_potential_and_nothing_else_does(
    prepared: Prepare, electrodes: Grid | ConcentricNeedle, silent: dict[str, float]
) -> None:
    muscle = prepared("healthy", changes=silent)
    emg = next(electromyograms(muscle, _firing([2, 9, 2]), electrodes, 2048.0, seed=1))
    whole = emg.block_v(0, 1024)
    parts = [replace(emg, time_s=emg.time_s[[n]], unit=emg.unit[[n]], share=emg.share[[n]]) for n in range(3)]
    assert whole == pytest.approx(sum(part.block_v(0, 1024) for part in parts), abs=1e-9)
    assert np.abs(whole).max() > 0
    half = replace(parts[0], share=np.array([0.5])).block_v(0, 1024)
    assert half == pytest.approx(parts[0].block_v(0, 1024) / 2, abs=1e-9)
    cut = [emg.block_v(first, last - first) for first, last in pairwise((0, 100, 101, 600, 1024))]
    assert np.array_equal(np.concatenate(cut), whole)
