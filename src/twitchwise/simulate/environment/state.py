"""The state of what surrounds nerve and muscle, within the bounds that living tissue bears."""

from collections.abc import Mapping
from dataclasses import dataclass

from twitchwise.vocabulary.checks import require_within

_BOUNDS = {
    "ionized_calcium": (1e-4, 5e-3),
    "ionized_magnesium": (1e-5, 1e-2),
    "plasma_potassium": (1e-3, 1.5e-2),
    "plasma_sodium": (0.09, 0.2),
    "blood_ph": (6.5, 8.0),
    "muscle_temperature": (5.0, 45.0),
    "nerve_temperature": (5.0, 45.0),
    "caffeine_concentration": (0.0, 1e-2),
    "thyroid_hormone_scale": (0.01, 20.0),
    "cortisol_scale": (0.0, 20.0),
}
"""Wider than what a person survives, so that extremes can be tried; outside, a unit was mistaken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """What surrounds the motor axons and muscle fibers of one person.

    Each field is named as its parameter file, and the parameter files give the healthy values.

    Parameters
    ----------
    ionized_calcium, ionized_magnesium, plasma_potassium, plasma_sodium
        Concentrations in plasma, in mol/L; 0.1 to 5, 0.01 to 10, 1 to 15 and 90 to 200 mmol/L.
    blood_ph
        Of arterial blood, 6.5 to 8.
    muscle_temperature, nerve_temperature
        In degrees Celsius, 5 to 45.
    caffeine_concentration
        In plasma, in mol/L, 0 to 10 mmol/L.
    thyroid_hormone_scale
        Effect of thyroid hormone on tissue relative to healthy, 0.01 to 20.
    cortisol_scale
        Exposure to cortisol or a medicine like it over months, relative to healthy, 0 to 20.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> tetany = Environment(
    ...     ionized_calcium=0.7e-3, ionized_magnesium=0.55e-3, plasma_potassium=4.2e-3, plasma_sodium=0.14,
    ...     blood_ph=7.4, muscle_temperature=35.0, nerve_temperature=37.0,
    ... )
    >>> tetany.caffeine_concentration
    0.0
    """

    ionized_calcium: float
    ionized_magnesium: float
    plasma_potassium: float
    plasma_sodium: float
    blood_ph: float
    muscle_temperature: float
    nerve_temperature: float
    caffeine_concentration: float = 0.0
    thyroid_hormone_scale: float = 1.0
    cortisol_scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what no tissue lives in."""
        for name, (low, high) in _BOUNDS.items():
            require_within(name, getattr(self, name), low, high)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Environment":
        """Return the environment that a simulator's parameters describe.

        Raises
        ------
        KeyError
            If one is missing.
        OutOfRangeError
            If a number lies outside.
        """
        return cls(**{name: parameters[name] for name in _BOUNDS})
