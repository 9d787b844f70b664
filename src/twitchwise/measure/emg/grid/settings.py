"""Thresholds that only grids have, read once from the knowledge files that give their sources."""

from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge import library


@dataclass(frozen=True, kw_only=True, slots=True)
class GridSettings:
    """Thresholds of grids; each is the value of ``knowledge/data/parameters/emg_grid_<id>.yaml``.

    Every field keeps the name that its file has after ``emg_grid_``, with its unit.
    """

    contraction_reach_s: float
    single_longest_s: float
    shape_deviations: float


@cache
def grid_settings() -> GridSettings:
    """Return the thresholds as the knowledge files give them."""
    value = library().value
    return GridSettings(
        contraction_reach_s=value("emg_grid_contraction_reach"),
        single_longest_s=value("emg_grid_single_longest"),
        shape_deviations=value("emg_grid_shape_deviations"),
    )
