"""What potentials are taken out and put back, and what is left then."""

import numpy as np
from tests.measure.emg.decompose.grids import LENGTH, RATE_HZ, Grid, grid, potential, regular

from twitchwise.measure.emg.decompose import Decomposition, decompose, decompose_settings
from twitchwise.measure.emg.decompose.extension import Extension
from twitchwise.measure.emg.decompose.grid_samples import grid_samples
from twitchwise.measure.emg.decompose.learning import learn
from twitchwise.measure.emg.decompose.lengths import Lengths
from twitchwise.measure.emg.decompose.peeling import Potentials
from twitchwise.measure.emg.decompose.rows import TableRows
from twitchwise.measure.emg.decompose.trains import agreement


def test_what_is_taken_out_and_put_back_leaves_the_samples_as_they_were() -> None:
    train = np.array([3, 500, 1_990])
    samples = np.random.default_rng(0).normal(size=(4, 2_000)).astype(np.float32)
    potentials = Potentials.of(samples, [train], before=20, after=40)
    rest = potentials.rest(samples, [train])
    assert not np.allclose(rest, samples)
    potentials.add(rest, 0, train, sign=1.0)
    np.testing.assert_allclose(rest, samples, atol=1e-5)


def test_overlapping_potentials_are_shared_out() -> None:
    trains = [regular(1, 10.0, 10.0), regular(2, 13.0, 10.0)]
    made = grid(trains, duration_s=10.0, noise_v=1e-7)
    potentials = Potentials.of(made.samples, trains, before=40, after=110)
    for unit in range(2):
        middle = potentials.waves[unit][:, 40 : 40 + LENGTH]
        np.testing.assert_allclose(middle, potential(unit), atol=1.2e-5)


def test_a_corrected_inverse_is_that_of_the_samples_with_the_potential() -> None:
    random = np.random.default_rng(1)
    wave = random.normal(size=(3, 12)).astype(np.float32)
    places = np.arange(50, 19_900, 97)
    samples = random.normal(size=(3, 20_000)).astype(np.float32)
    added = samples.copy()
    for at in places:
        added[:, at : at + 12] += wave
    corrected = Extension.of(samples, 5, ridge=1e-4).with_added(wave, places, added)
    np.testing.assert_allclose(corrected.inverse, Extension.of(added, 5, ridge=1e-4).inverse, atol=0.03)


def test_stages_find_in_the_samples_what_was_learned_from_them(mixed: Grid) -> None:
    settings = decompose_settings()
    ready = grid_samples(TableRows(mixed.samples), RATE_HZ, settings)
    lengths = Lengths.of(RATE_HZ, ready.kept.size, settings)
    samples = ready.read(0, ready.n_samples)
    learned = learn(samples, lengths, settings)
    assert learned.peeler is not None
    trains, sources = learned.peeler.trains(samples)
    assert len(trains) == len(sources) == learned.peeler.n_units
    for number in learned.told:
        same = agreement(learned.units[number].split.discharges, trains[number], most=4, within=2)
        assert same > 0.95


def test_a_weak_unit_under_strong_ones_is_found_with_its_discharges() -> None:
    trains = [regular(number, 7.0 + number, 14.0) for number in range(5)]
    made = grid(trains[:4], duration_s=14.0, noise_v=5e-6)
    samples = made.samples.copy()
    for at in trains[4]:
        end = min(at + LENGTH, samples.shape[1])
        samples[:, at:end] += 0.35 * potential(4)[:, : end - at].astype(np.float32)
    found: Decomposition = decompose(samples, RATE_HZ)
    assert max(agreement(trains[4], unit.discharges, most=60, within=2) for unit in found.units) > 0.9
    assert len(found.units) == 5
