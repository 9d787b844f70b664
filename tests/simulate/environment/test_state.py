"""An environment holds what living tissue bears, and refuses the rest."""

import math
from dataclasses import replace

import pytest

from twitchwise.simulate.environment import Environment
from twitchwise.vocabulary import OutOfRangeError


def test_the_files_describe_a_healthy_person(healthy: dict[str, float]) -> None:
    environment = Environment.of(healthy)
    assert 1.1e-3 < environment.ionized_calcium < 1.3e-3
    assert 7.35 <= environment.blood_ph <= 7.45
    assert environment.caffeine_concentration == 0.0
    assert environment.thyroid_hormone_scale == environment.cortisol_scale == 1.0


def test_a_missing_part_is_named(healthy: dict[str, float]) -> None:
    with pytest.raises(KeyError, match="plasma_sodium"):
        Environment.of({name: value for name, value in healthy.items() if name != "plasma_sodium"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ionized_calcium", 1.2),  # mmol/L taken for mol/L
        ("ionized_calcium", 0.0),
        ("ionized_calcium", math.nan),
        ("ionized_magnesium", 0.5),
        ("plasma_potassium", 4.2),
        ("plasma_sodium", 0.05),
        ("blood_ph", 8.5),
        ("blood_ph", 6.0),
        ("muscle_temperature", 98.6),
        ("nerve_temperature", 310.0),
        ("caffeine_concentration", -1e-6),
        ("thyroid_hormone_scale", 0.0),
        ("cortisol_scale", -1.0),
    ],
)
def test_what_no_tissue_lives_in_is_refused(healthy: dict[str, float], name: str, value: float) -> None:
    environment = Environment.of(healthy)
    with pytest.raises(OutOfRangeError, match=f"{name} must lie in"):
        replace(environment, **{name: value})
