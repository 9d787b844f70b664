"""Electrodes see every unit that fires, where the electrodes lie, and each channel has noise of its own."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from twitchwise.simulate import BipolarPair, ConcentricNeedle, Grid, Simulation, parameters_for, pickup
from twitchwise.simulate.firing import Firing, MuscleDischarges
from twitchwise.simulate.muscle import Layout, Templates, templates
from twitchwise.simulate.pickup import (
    _muscle,
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


def _firing(units: list[int], antagonist: list[int] | None = None) -> Firing:
    other = _train(antagonist or [])
    return cast("Firing", SimpleNamespace(agonist=_train(units), antagonist=other))


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
