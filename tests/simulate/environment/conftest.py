"""The healthy values that the tests of this room share."""

import pytest

from twitchwise.knowledge import library

ELSEWHERE = {
    "axon_gate_shift": 0.0,
    "axon_conduction_velocity": 50.0,
    "axon_potassium_inside": 0.138,
    "axon_sodium_inside": 0.01,
    "axon_threshold_scale": 1.0,
    "calcium_release_scale": 1.0,
    "calcium_uptake_scale": 1.0,
    "cross_bridge_rate_scale": 1.0,
    "fiber_velocity_at_no_diameter": 0.95,
    "fiber_velocity_per_diameter": 5e4,
    "persistent_inward_current": 1.0,
    "specific_force_scale": 1.0,
    "tremor_drive": 0.02,
    "voluntary_drive_scale": 1.0,
}
"""Parameters that later links own, with values that are easy to follow."""


@pytest.fixture(scope="session")
def healthy() -> dict[str, float]:
    """Values by id: those of the files, and plain ones for what later links own."""
    return {name: parameter.value.value for name, parameter in library().parameters.items()} | ELSEWHERE


@pytest.fixture(scope="session")
def intervals() -> dict[str, tuple[float, float]]:
    """Intervals that sources give, by id."""
    reported = {name: parameter.value.reported for name, parameter in library().parameters.items()}
    return {name: one.interval for name, one in reported.items() if one is not None and one.interval is not None}
