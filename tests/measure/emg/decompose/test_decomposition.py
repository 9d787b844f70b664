"""Decomposition finds the units that are there, sparse ones too, and none that are not."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest
from tests.measure.emg.decompose.grids import N_CHANNELS, RATE_HZ, Grid, grid, regular, sparse

from twitchwise.measure.emg.decompose import Decomposition, bids_rows, decompose, decompose_settings
from twitchwise.measure.emg.decompose.grid_samples import grid_samples
from twitchwise.measure.emg.decompose.rows import TableRows
from twitchwise.measure.emg.decompose.trains import agreement
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import IntArray


def best_agreement(train: IntArray, found: Decomposition) -> float:
    most = round(0.03 * found.sampling_rate_hz)
    return max((agreement(train, unit.discharges, most=most, within=1) for unit in found.units), default=0.0)


def test_every_unit_is_found_with_every_discharge_and_no_other_unit(mixed: Grid, found: Decomposition) -> None:
    assert len(found.units) == len(mixed.discharges)
    assert [best_agreement(train, found) for train in mixed.discharges] == pytest.approx([1.0] * 5, abs=0.02)


def test_a_unit_that_discharged_five_times_is_found_and_said_to_rest_on_few(mixed: Grid, found: Decomposition) -> None:
    few = min(found.units, key=lambda unit: unit.discharges.size)
    assert few.discharges.size == mixed.discharges[-1].size == 5
    assert "Only 5 discharges" in few.doubts[0]


def test_no_unit_that_is_one_is_said_to_be_perhaps_two(found: Decomposition) -> None:
    assert not any(unit.perhaps_two for unit in found.units)


def test_units_come_in_order_of_silhouette_and_all_reach_the_limit(found: Decomposition) -> None:
    silhouettes = [unit.silhouette for unit in found.units]
    assert silhouettes == sorted(silhouettes, reverse=True)
    assert silhouettes[-1] >= decompose_settings().silhouette_least
    assert [unit.number for unit in found.units] == [1, 2, 3, 4, 5]


def test_a_discharge_lies_where_its_potential_is_largest(found: Decomposition) -> None:
    for unit in found.units:
        assert int(np.abs(unit.shape).max(axis=0).argmax()) == unit.n_before


def test_shapes_are_in_the_unit_of_the_samples(found: Decomposition) -> None:
    assert all(30e-6 < float(np.abs(unit.shape).max()) < 200e-6 for unit in found.units)


def test_the_scale_of_the_samples_changes_nothing_but_the_shapes_and_the_last_digit(
    mixed: Grid, found: Decomposition
) -> None:
    again = decompose(mixed.samples * np.float32(1e6), RATE_HZ)
    for unit, other in zip(found.units, again.units, strict=True):
        np.testing.assert_allclose(unit.discharges, other.discharges, rtol=0, atol=1)
        np.testing.assert_allclose(unit.shape * 1e6, other.shape, rtol=1e-2, atol=2.0)


@pytest.mark.parametrize("seed", [0, 1])
def test_noise_holds_no_unit_and_the_result_says_so(seed: int) -> None:
    found = decompose(grid([], duration_s=8.0, seed=seed).samples, RATE_HZ)
    assert found.units == ()
    assert "No motor unit stood apart" in found.doubts[0]


def test_silent_and_broken_channels_are_left_out_and_named(mixed: Grid) -> None:
    samples = mixed.samples.copy()
    samples[2] = 0
    samples[7] *= 1000
    samples[11, 500] = np.nan
    found = decompose(samples, RATE_HZ)
    assert "Channels 2, 7, 11" in found.doubts[0]
    assert not found.units[0].shape[[2, 7, 11]].any()
    assert len(found.units) == 5


def test_a_long_recording_is_learned_in_part_applied_to_all_and_says_so() -> None:
    trains = [regular(1, 8.0, 41.0), sparse(10, 24, 41.0)]
    settings = replace(decompose_settings(), learning_longest_s=16.0)
    found = decompose(grid(trains, duration_s=41.0).samples, RATE_HZ, settings=settings)
    assert "learned from 16 s of louder parts of 41 s" in found.doubts[0]
    assert best_agreement(trains[0], found) > 0.97
    assert best_agreement(trains[1], found) > 0.9


@dataclass(frozen=True)
class Pieces:
    """Samples that are given piece by piece, without a table."""

    table: npt.NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int]:
        """Channels and samples."""
        return (self.table.shape[0], self.table.shape[1])

    def read(self, channels: IntArray, first: int, stop: int) -> npt.NDArray[np.float32]:
        """Return samples of channels."""
        return np.stack([self.table[channel, first:stop] for channel in channels.tolist()])


def test_samples_may_be_given_piece_by_piece_and_the_work_tells_how_far_it_is(
    mixed: Grid, found: Decomposition
) -> None:
    told: list[float] = []
    again = decompose(Pieces(mixed.samples), RATE_HZ, progress=told.append)
    for unit, other in zip(found.units, again.units, strict=True):
        np.testing.assert_array_equal(unit.discharges, other.discharges)
    assert told == sorted(told)
    assert 0 < told[0] < 0.1
    assert told[-1] == 1.0
    assert len(set(told)) > 5


def test_what_is_learned_is_chosen_by_all_channels_not_by_a_loose_one() -> None:
    made = grid([regular(1, 8.0, 12.0)], duration_s=40.0)
    samples = made.samples.copy()
    samples[5, 30 * 2048 :: 900] += 3e-3
    settings = decompose_settings()
    taken = grid_samples(TableRows(samples), RATE_HZ, settings).loudness.argsort()[-3:]
    assert set(taken.tolist()) == {0, 1, 2}


def test_two_units_that_look_the_same_everywhere_are_said_to_be_perhaps_two() -> None:
    both = np.sort(np.concatenate([regular(1, 6.0, 14.0), regular(2, 7.0, 14.0)]))
    found = decompose(grid([both, regular(3, 9.0, 14.0)], duration_s=14.0).samples, RATE_HZ)
    (doubted,) = [unit for unit in found.units if unit.perhaps_two]
    assert doubted.discharges.size > 0.9 * both.size
    assert "may be two" in doubted.doubts[-1]


def test_a_grid_that_is_sampled_five_times_as_fast_shows_the_same_units_at_its_own_rate(
    mixed: Grid, found: Decomposition
) -> None:
    fast = decompose(np.repeat(mixed.samples, 5, axis=1), 5 * RATE_HZ)
    assert len(fast.units) == len(found.units)
    assert fast.n_samples == 5 * found.n_samples
    assert fast.units[0].shape.shape[1] == round(5 * RATE_HZ * decompose_settings().shape_duration_s)
    scores = [
        max(agreement(train * 5, unit.discharges, most=300, within=5) for unit in fast.units)
        for train in mixed.discharges
    ]
    assert scores == pytest.approx([1.0] * 5, abs=0.02)


def test_potentials_cut_by_the_ends_of_the_recording_do_no_harm() -> None:
    train = np.concatenate([[0], regular(1, 8.0, 10.0)[1:], [round(10.0 * RATE_HZ) - 10]])
    found = decompose(grid([train], duration_s=10.0).samples, RATE_HZ)
    assert best_agreement(train, found) > 0.95


@pytest.mark.parametrize(
    ("shape", "rate_hz", "sentence"),
    [
        ((N_CHANNELS,), RATE_HZ, "samples must have the shape"),
        ((N_CHANNELS, 8192), 200.0, "sampling_rate_hz must be at least 500"),
        ((N_CHANNELS, 8192), float("nan"), "sampling_rate_hz must be a finite number"),
        ((N_CHANNELS, 2048), RATE_HZ, "recording must last at least 5 s"),
        ((8, 20480), RATE_HZ, "usable channels must be at least 16"),
    ],
)
def test_what_cannot_be_decomposed_is_refused_with_one_sentence(
    shape: tuple[int, ...], rate_hz: float, sentence: str
) -> None:
    samples = np.random.default_rng(0).normal(size=shape)
    with pytest.raises(OutOfRangeError, match=sentence):
        decompose(samples, rate_hz)


def test_silence_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match=r"usable channels must be at least 16 .* got 0"):
        decompose(np.zeros((N_CHANNELS, 20480)), RATE_HZ)


def test_places_of_other_channels_are_refused(mixed: Grid) -> None:
    with pytest.raises(OutOfRangeError, match="positions must be one a channel"):
        decompose(mixed.samples, RATE_HZ, positions_m=mixed.positions_m[:-1])


def test_rows_for_an_events_file_hold_every_discharge_in_order(found: Decomposition) -> None:
    rows = bids_rows(found)
    assert len(rows) == sum(unit.discharges.size for unit in found.units)
    assert rows[0]._fields == ("onset", "duration", "sample", "unit_id", "description")
    assert [row.onset for row in rows] == sorted(row.onset for row in rows)
    assert all(row.sample == round(row.onset * RATE_HZ) and row.duration == 0 for row in rows)
    assert {row.unit_id for row in rows} == {unit.number for unit in found.units}
