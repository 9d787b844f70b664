"""Charges on the outside of the axon, which calcium, magnesium and hydrogen ions screen and bind.

After Hille, Woodhull & Shapiro (1975, doi:10.1098/rstb.1975.0011): two kinds of acid and one of basic groups near the
sodium channels face a diffuse layer of ions (Grahame's equation). With ``u = -psi F / (R T)``, an ion of valence ``z``
is ``exp(z u)`` times as concentrated at the surface as far away, and the potential ``psi`` of the surface is the one at
which the charge of the groups and that of the diffuse layer are equal:

``sigma = sign(psi) sqrt(2 epsilon R T sum c_i (exp(z_i u) - 1))``

Fewer divalent ions or fewer hydrogen ions make the surface more negative; the membrane then senses a smaller voltage
across itself, so its gates open nearer to rest by as much as the surface potential has moved.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from twitchwise.simulate.environment.state import Environment
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

GAS_CONSTANT = 8.314462618  # J/(mol K), exact by definition
FARADAY_CONSTANT = 96485.33212  # C/mol, likewise
ELEMENTARY_CHARGE = 1.602176634e-19  # C, likewise
ZERO_CELSIUS_K = 273.15  # likewise
PERMITTIVITY = (
    80.0 * 8.8541878128e-12
)  # F/m, of water near 20 degrees Celsius; 7 % less at 37, within the model's error
LITERS_PER_CUBIC_METER = 1000.0

_LOWEST_V, _HIGHEST_V = -0.5, 0.5  # twice the potential of a surface where no ion screens the charge
_HALVINGS = 60  # leaves 1e-18 V, less than a float can tell


@dataclass(frozen=True, kw_only=True, slots=True)
class Solution:
    """A fluid outside an axon, in a person or in an experiment.

    Parameters
    ----------
    calcium, magnesium, monovalent
        Concentrations in mol/L, at least 0; the last is that of sodium, potassium and their like together, above 0.
    ph
        0 to 14.
    temperature_c
        In degrees Celsius, 0 to 50.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    calcium: float
    magnesium: float
    monovalent: float
    ph: float
    temperature_c: float

    def __post_init__(self) -> None:
        """Refuse a fluid that cannot be."""
        require_not_negative("calcium", self.calcium)
        require_not_negative("magnesium", self.magnesium)
        require_positive("monovalent", self.monovalent)
        require_within("ph", self.ph, 0.0, 14.0)
        require_within("temperature_c", self.temperature_c, 0.0, 50.0)

    @classmethod
    def around_nerve(cls, environment: Environment) -> "Solution":
        """Return the fluid around a person's axons."""
        return cls(
            calcium=environment.ionized_calcium,
            magnesium=environment.ionized_magnesium,
            monovalent=environment.plasma_sodium + environment.plasma_potassium,
            ph=environment.blood_ph,
            temperature_c=environment.nerve_temperature,
        )

    @property
    def thermal_v(self) -> float:
        """``RT/F`` in V."""
        return GAS_CONSTANT * (self.temperature_c + ZERO_CELSIUS_K) / FARADAY_CONSTANT

    def crowding(self, surface_v: float) -> float:
        """Return how much more concentrated a monovalent cation is at a surface at this potential than far away."""
        return math.exp(-surface_v / self.thermal_v)

    def diffuse_charge_c_per_m2(self, surface_v: float) -> float:
        """Return the surface charge in C/m2 that the ions balance at a potential in V (Grahame's equation)."""
        crowding = self.crowding(surface_v)
        divalent = self.calcium + self.magnesium
        anions = self.monovalent + 2 * divalent  # all taken as monovalent; they are thin at a negative surface
        excess = self.monovalent * (crowding - 1) + divalent * (crowding**2 - 1) + anions * (1 / crowding - 1)
        energy = 2 * PERMITTIVITY * FARADAY_CONSTANT * self.thermal_v
        return math.copysign(math.sqrt(energy * LITERS_PER_CUBIC_METER * max(excess, 0.0)), surface_v)


@dataclass(frozen=True, kw_only=True, slots=True)
class Membrane:
    """Charged groups on the outside of the axon.

    Parameters
    ----------
    strong_acid_density, weak_acid_density, base_density
        Groups per square meter, at least 0.
    strong_acid_pka, weak_acid_pka, base_pka
        Acid exponents of the groups, 0 to 14.
    calcium_dissociation, magnesium_dissociation
        Concentration at the surface, in mol/L, at which half of the acid groups hold an ion; above 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    strong_acid_density: float
    strong_acid_pka: float
    weak_acid_density: float
    weak_acid_pka: float
    base_density: float
    base_pka: float
    calcium_dissociation: float
    magnesium_dissociation: float

    def __post_init__(self) -> None:
        """Refuse a membrane that cannot be."""
        for name in ("strong_acid_density", "weak_acid_density", "base_density"):
            require_not_negative(name, getattr(self, name))
        for name in ("strong_acid_pka", "weak_acid_pka", "base_pka"):
            require_within(name, getattr(self, name), 0.0, 14.0)
        for name in ("calcium_dissociation", "magnesium_dissociation"):
            require_positive(name, getattr(self, name))

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Membrane":
        """Return the membrane that the parameters ``membrane_...`` describe.

        Raises
        ------
        KeyError
            If one is missing.
        OutOfRangeError
            If a number lies outside.
        """
        return cls(**{name: parameters[f"membrane_{name}"] for name in cls.__slots__})

    def charge_c_per_m2(self, solution: Solution, surface_v: float) -> float:
        """Return the charge of the groups in C/m2 when the surface is at a potential in V."""
        crowding = solution.crowding(surface_v)
        hydrogen = math.pow(10.0, -solution.ph) * crowding
        bound = crowding**2 * (
            solution.calcium / self.calcium_dissociation + solution.magnesium / self.magnesium_dissociation
        )
        acids = (
            density * (bound - 1) / (1 + bound + hydrogen * math.pow(10.0, pka))
            for density, pka in (
                (self.strong_acid_density, self.strong_acid_pka),
                (self.weak_acid_density, self.weak_acid_pka),
            )
        )
        with_hydrogen = hydrogen * math.pow(10.0, self.base_pka)
        bases = self.base_density * with_hydrogen / (1 + with_hydrogen)
        return ELEMENTARY_CHARGE * (math.fsum(acids) + bases)


def surface_potential_v(solution: Solution, membrane: Membrane) -> float:
    """Return the potential of the outer surface in V against the fluid far away.

    The diffuse layer's charge rises with the potential and the groups' charge falls, so there is one solution, which is
    found by halving.
    """
    low, high = _LOWEST_V, _HIGHEST_V
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if solution.diffuse_charge_c_per_m2(middle) < membrane.charge_c_per_m2(solution, middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def gate_shift_v(solution: Solution, healthy: Solution, membrane: Membrane) -> tuple[float, float]:
    """Return how far the gates' voltages are shifted against health, in V: by ions, and by pH in addition.

    Both are compared at the solution's own temperature, so that temperature alone shifts nothing. A negative shift
    brings the gates nearer to rest.

    Returns
    -------
    tuple
        The shift by calcium, magnesium and monovalent ions at the healthy pH, and what the pH adds at these ions.
    """
    as_warm = replace(healthy, temperature_c=solution.temperature_c)
    ions = surface_potential_v(replace(solution, ph=healthy.ph), membrane)
    return ions - surface_potential_v(as_warm, membrane), surface_potential_v(solution, membrane) - ions
