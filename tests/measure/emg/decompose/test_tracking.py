"""Units are found again in another recording, with the grid put back a little elsewhere, and only those."""

from dataclasses import replace

import numpy as np
import pytest
from tests.measure.emg.decompose.grids import N_CHANNELS, RATE_HZ, positions_m, potential

from twitchwise.measure.emg.decompose import Decomposition, MotorUnit, track
from twitchwise.vocabulary import OutOfRangeError

N_SHAPE = 80
MOVED = (-1, 0)  # what lies one row later on the grid is seen by a grid that lies one row earlier


def seen(
    numbers: list[int],
    *,
    moved: tuple[float, float] = (0.0, 0.0),
    later: int = 0,
    noise: float = 0.0,
    places: bool = True,
) -> Decomposition:
    """Return units whose shapes are the potentials of those numbers."""
    random = np.random.default_rng(5)
    units = []
    for number, seed in enumerate(numbers, start=1):
        shape = random.normal(0, noise, (N_CHANNELS, N_SHAPE))
        shape[:, 15 + later : 65 + later] += potential(seed, moved=moved)
        units.append(
            MotorUnit(
                number=number,
                sampling_rate_hz=RATE_HZ,
                discharges=np.array([10]),
                probability=np.ones(1),
                silhouette=0.95,
                pulse_to_noise_db=20.0,
                shape=shape.astype(np.float32),
                n_before=40,
            )
        )
    return Decomposition(
        sampling_rate_hz=RATE_HZ,
        n_samples=20480,
        units=tuple(units),
        channels=np.arange(N_CHANNELS),
        positions_m=positions_m() if places else None,
    )


def pairs(first: Decomposition, second: Decomposition) -> dict[int, int]:
    return {match.first: match.second for match in track(first, second).matches}


def test_units_are_found_again_in_another_order_and_a_new_one_is_not_matched() -> None:
    tracking = track(seen([1, 2, 3, 4]), seen([3, 9, 1, 4], later=4, noise=1e-6))
    assert {match.first: match.second for match in tracking.matches} == {1: 3, 3: 1, 4: 4}
    assert tracking.moved == (0, 0)
    assert all(match.similarity > 0.8 for match in tracking.matches)


def test_a_grid_put_back_one_electrode_elsewhere_is_noticed() -> None:
    tracking = track(seen([1, 2, 3, 4]), seen([1, 2, 3, 4], moved=(1.0, 0.0), noise=2e-6))
    assert tracking.moved == MOVED
    assert all(match.first == match.second for match in tracking.matches)
    assert len(tracking.matches) >= 3


def test_without_places_no_shift_of_the_grid_is_tried() -> None:
    tracking = track(seen([1, 2]), seen([1, 2], moved=(1.0, 0.0), places=False))
    assert tracking.moved == (0, 0)


def test_a_match_with_a_close_rival_is_doubted() -> None:
    tracking = track(seen([1]), seen([1, 1], noise=1e-6))
    assert len(tracking.matches) == 1
    assert "nearly as similar" in tracking.matches[0].doubts[0]
    assert tracking.matches[0].runner_up > 0.8


def test_no_unit_is_in_two_matches_and_the_two_directions_agree() -> None:
    first, second = seen([1, 2, 3, 5, 6]), seen([6, 2, 5, 8], noise=8e-6)
    there, back = pairs(first, second), pairs(second, first)
    assert len(set(there.values())) == len(there)
    assert {other: one for one, other in there.items()} == back


def test_a_recording_without_units_matches_nothing() -> None:
    assert track(seen([]), seen([1])).matches == ()


def test_recordings_that_cannot_be_compared_are_refused() -> None:
    one = seen([1])
    with pytest.raises(OutOfRangeError, match="sampling rates must be equal"):
        track(one, replace(one, sampling_rate_hz=1000.0))
    fewer = replace(one.units[0], shape=one.units[0].shape[:-1])
    with pytest.raises(OutOfRangeError, match="grids must have the same channels"):
        track(one, replace(one, units=(fewer,)))


@pytest.mark.no_cover  # many turns of what other tests cover; tracing takes as long again
def test_every_unit_of_a_recording_is_matched_with_itself(found: Decomposition) -> None:
    assert pairs(found, found) == {unit.number: unit.number for unit in found.units}
