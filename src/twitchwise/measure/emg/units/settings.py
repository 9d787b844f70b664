"""Thresholds of the engine, read once from the knowledge files that give their reasons."""

from dataclasses import dataclass
from functools import cache

from twitchwise.knowledge import library


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitSettings:
    """Thresholds of the engine; each is the value of ``knowledge/data/parameters/units_<name>.yaml``."""

    refractory_s: float
    short_interval_s: float
    least_detectability: float
    least_probability: float
    unknown_least_probability: float
    alone_least: float
    seed_fdr: float
    spread_least: float
    spread_greatest: float
    misfit_least: float
    misfit_greatest: float
    collision_least_s: float
    collision_greatest_s: float
    fragment_difference: float
    regular_spread: float
    own_odds: float
    visible_height: float


@cache
def unit_settings() -> UnitSettings:
    """Return the thresholds as the knowledge files give them."""
    value = library().value
    return UnitSettings(
        refractory_s=value("units_refractory"),
        short_interval_s=value("units_short_interval"),
        least_detectability=value("units_least_detectability"),
        least_probability=value("units_least_probability"),
        unknown_least_probability=value("units_unknown_least_probability"),
        alone_least=value("units_alone_least"),
        seed_fdr=value("units_seed_fdr"),
        spread_least=value("units_spread_least"),
        spread_greatest=value("units_spread_greatest"),
        misfit_least=value("units_misfit_least"),
        misfit_greatest=value("units_misfit_greatest"),
        collision_least_s=value("units_collision_least"),
        collision_greatest_s=value("units_collision_greatest"),
        fragment_difference=value("units_fragment_difference"),
        regular_spread=value("units_regular_spread"),
        own_odds=value("units_own_odds"),
        visible_height=value("units_visible_height"),
    )
