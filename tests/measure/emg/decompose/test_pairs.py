"""Two units that were taken for one are parted, and one unit is not, however its potential scatters or changes."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measure.emg.decompose.grids import LENGTH, RATE_HZ, FloatArray, IntArray, grid, potential, regular

from twitchwise.measure.emg.decompose import decompose_settings
from twitchwise.measure.emg.decompose.extension import Extension
from twitchwise.measure.emg.decompose.grid_samples import grid_samples
from twitchwise.measure.emg.decompose.learning import learn
from twitchwise.measure.emg.decompose.lengths import Lengths
from twitchwise.measure.emg.decompose.pairs import Alone, two_of
from twitchwise.measure.emg.decompose.peeling import Potentials
from twitchwise.measure.emg.decompose.refine import Candidate
from twitchwise.measure.emg.decompose.rows import TableRows
from twitchwise.measure.emg.decompose.trains import agreement

DURATION_S = 14.0
WAVE = potential(3)
# so much like it that a search takes both for one unit
OTHER_WAVE = 0.9 * WAVE + 0.2 * potential(11)
NOISE_V = 12e-6


def made(trains: list[IntArray], waves: list[FloatArray], *, seed: int = 0) -> tuple[FloatArray, list[IntArray]]:
    """Return samples in which some trains discharge with some potentials, and the trains of two other units in them."""
    others = [regular(7, 9.0, DURATION_S), regular(8, 11.0, DURATION_S)]
    beside = grid(others, duration_s=DURATION_S, seed=seed, noise_v=NOISE_V, first_unit=20)
    samples = beside.samples.astype(np.float64)
    for train, wave in zip(trains, waves, strict=True):
        for at in train:
            samples[:, at : at + LENGTH] += wave[:, : samples.shape[1] - at]
    return samples, others


def parted(trains: list[IntArray], waves: list[FloatArray], *, seed: int = 0) -> list[Candidate]:
    """Return what becomes of all trains taken for one unit, beside two others."""
    samples, others = made(trains, waves, seed=seed)
    settings = decompose_settings()
    ready = grid_samples(TableRows(samples), RATE_HZ, settings)
    lengths = Lengths.of(RATE_HZ, ready.kept.size, settings)
    filtered = ready.read(0, ready.n_samples)
    shift = LENGTH // 2 - lengths.n_delays // 2  # from the beginning of a potential to where its filter answers
    known = [np.unique(np.concatenate(train)) + shift for train in (trains, *([one] for one in others))]
    potentials = Potentials.of(filtered, known, before=lengths.before, after=lengths.after)
    rest = Extension.of(potentials.rest(filtered, known), lengths.n_delays, ridge=1e-4)
    return two_of(Alone(rest=rest, potentials=potentials, number=0, train=known[0]), lengths, settings)


def agreements(two: list[Candidate], trains: list[IntArray]) -> list[float]:
    return [max(agreement(train, one.split.discharges, most=60, within=1) for one in two) for train in trains]


@pytest.mark.parametrize("seed", [0, 1])
def test_two_units_of_much_the_same_shape_are_parted(seed: int) -> None:
    trains = [regular(seed + 1, 8.0, DURATION_S), regular(seed + 5, 10.0, DURATION_S)]
    two = parted(trains, [WAVE, OTHER_WAVE], seed=seed)
    assert len(two) == 2
    assert min(agreements(two, trains)) > 0.85


def test_two_units_are_parted_where_times_between_samples_change_their_potentials_more_than_they_differ() -> None:
    trains = [regular(1, 8.0, DURATION_S), regular(5, 10.0, DURATION_S)]
    waves = [4 * WAVE, 4 * OTHER_WAVE]
    early = [(wave + np.roll(wave, 1, axis=1)) / 2 for wave in waves]
    at_random = [np.random.default_rng(number).random(train.size) < 0.5 for number, train in enumerate(trains)]
    pieces = [piece for train, late in zip(trains, at_random, strict=True) for piece in (train[late], train[~late])]
    two = parted(pieces, [waves[0], early[0], waves[1], early[1]])
    assert len(two) == 2
    assert min(agreements(two, trains)) > 0.85


@pytest.mark.parametrize("seed", [0, 1])
def test_units_that_were_parted_are_told_apart_wherever_they_discharge(seed: int) -> None:
    waves, settings = [WAVE, OTHER_WAVE], decompose_settings()
    learned_from, applied_to = (
        [regular(first + seed, 8.0, DURATION_S), regular(first + seed + 4, 10.0, DURATION_S)] for first in (1, 31)
    )
    ready, other = (
        grid_samples(TableRows(made(trains, waves, seed=seed + 10 * number)[0]), RATE_HZ, settings)
        for number, trains in enumerate((learned_from, applied_to))
    )
    peeler = learn(ready.read(0, ready.n_samples), Lengths.of(RATE_HZ, ready.kept.size, settings), settings).peeler
    assert peeler is not None
    assert any(len(set(stage.owners)) < len(stage.owners) for stage in peeler.stages)
    found, _ = peeler.trains(replace(other, scale=ready.scale).read(0, other.n_samples))
    for train in applied_to:
        assert max(agreement(train, one, most=60, within=1) for one in found) > 0.9


@pytest.mark.parametrize("seed", [0, 1])
def test_one_unit_is_not_parted(seed: int) -> None:
    assert parted([regular(seed + 1, 10.0, DURATION_S)], [WAVE], seed=seed) == []


def test_a_unit_whose_times_lie_between_samples_is_not_parted() -> None:
    early = (WAVE + np.roll(WAVE, 1, axis=1)) / 2
    train = regular(1, 10.0, DURATION_S)
    assert parted([train[::2], train[1::2]], [WAVE, early]) == []


def test_a_unit_whose_potential_grows_is_not_parted() -> None:
    train = regular(1, 10.0, DURATION_S)
    thirds = np.array_split(train, 3)
    assert parted(list(thirds), [WAVE, 1.15 * WAVE, 1.3 * WAVE]) == []


def test_a_unit_that_changes_its_shape_meanwhile_is_one_for_it_never_meets_itself() -> None:
    train = regular(1, 14.0, DURATION_S)
    half = train.size // 2
    assert parted([train[:half], train[half:]], [WAVE, OTHER_WAVE]) == []
    assert parted([train[::2], train[1::2]], [WAVE, OTHER_WAVE]) == []


def test_too_few_discharges_are_left_as_they_are() -> None:
    train = regular(1, 1.0, DURATION_S)[:5]
    assert parted([train], [WAVE]) == []
