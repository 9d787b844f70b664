"""Simulations that several tests look at: few motor units and short, so that they take little and compile once."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from twitchwise.knowledge import library
from twitchwise.simulate import Apparatus, Setting, Simulation, preparation, simulate_condition
from twitchwise.simulate.preparation import Prepared, prepare
from twitchwise.simulate.twitches import together
from twitchwise.simulate.units import MotorUnits, draw_units

FEW = 16
NOISES = ("surface_emg_noise_rms", "accelerometer_noise", "gyroscope_noise", "force_sensor_noise")
OF_UNITS = ("axon_", "fiber_", "motor_unit_", "recruitment_", "specific_", "twitch_")
Simulate = Callable[..., Simulation]
Prepare = Callable[..., Prepared]
ParametersOf = Callable[..., dict[str, float]]


@pytest.fixture(scope="session")
def silent() -> dict[str, float]:
    """Changes that take all noise away."""
    return dict.fromkeys(NOISES, 0.0)


@pytest.fixture(scope="session")
def parameters_of() -> ParametersOf:
    """Return the parameters of a muscle, or of the default one, with some set anew."""

    def of(muscle: str | None = None, **set_anew: float) -> dict[str, float]:
        knowledge = library()
        values = {name: knowledge.value(name) for name in knowledge.parameters}
        for item in knowledge.muscles[muscle].changes if muscle else ():
            values[item.parameter] = item.change.applied_to(values[item.parameter])
        return values | set_anew

    return of


@pytest.fixture(scope="session")
def simulated() -> Simulate:
    """Simulate a condition with few units; what has been simulated before is given again."""
    known: dict[str, Simulation] = {}

    def simulate(condition: str, duration_s: float = 2.0, seed: int = 1, **options: Any) -> Simulation:  # noqa: ANN401 - of a setting or an apparatus
        key = repr((condition, duration_s, seed, sorted(options.items())))
        if key not in known:
            of_the_apparatus = ("electrodes", "sampling_rate_hz")
            apparatus = {name: options.pop(name) for name in of_the_apparatus if name in options}
            known[key] = simulate_condition(
                Setting(condition=condition, **options),
                duration_s=duration_s,
                seed=seed,
                apparatus=Apparatus(n_units=FEW, **apparatus),
            )
        return known[key]

    return simulate


@pytest.fixture(scope="session")
def prepared() -> Prepare:
    """Prepare a condition with few units; what has been prepared before is given again."""
    known: dict[str, Prepared] = {}

    def prepare_it(condition: str, seed: int = 1, *, n_units: int = FEW, **options: Any) -> Prepared:  # noqa: ANN401 - of a setting
        key = repr((condition, seed, n_units, sorted(options.items())))
        if key not in known:
            known[key] = prepare(Setting(condition=condition, **options), seed=seed, n_units=n_units)
        return known[key]

    return prepare_it


@pytest.fixture(scope="module")
def equal_units_are_calibrated_once() -> Iterator[None]:
    """Give units that are drawn from equal numbers as one object, which calibration knows again."""
    known: dict[str, MotorUnits] = {}

    def draw(parameters: Mapping[str, float], n_units: int, generator: np.random.Generator) -> MotorUnits:
        ours = sorted((name, value) for name, value in parameters.items() if name.startswith(OF_UNITS))
        key = repr((ours, n_units, generator.bit_generator.state))
        if key not in known:
            known[key] = draw_units(parameters, n_units, generator)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparation, "draw_units", draw)
        patch.setattr(together, "_calibrated", lru_cache(maxsize=None)(together._calibrated.__wrapped__))
        yield
