"""One grid, decomposed once for all tests of this room."""

import pytest
from tests.measure.emg.decompose.grids import RATE_HZ, Grid, grid, regular, sparse

from twitchwise.measure.emg.decompose import Decomposition, decompose


@pytest.fixture(scope="session")
def mixed() -> Grid:
    """Give three units that discharge steadily and two that discharge eight and five times."""
    trains = [regular(number, rate_hz, 16.0) for number, rate_hz in enumerate((8.0, 10.0, 12.0))]
    return grid([*trains, sparse(9, 8, 16.0), sparse(10, 5, 16.0)], duration_s=16.0)


@pytest.fixture(scope="session")
def found(mixed: Grid) -> Decomposition:
    """Give the units that are found in it."""
    return decompose(mixed.samples, RATE_HZ, positions_m=mixed.positions_m)
