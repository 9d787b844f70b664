"""What an environment or a disease changes in a motor axon: the inputs of the axon model, checked when made."""

from collections.abc import Mapping
from dataclasses import dataclass

from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within

SHIFT_LIMIT_V = 0.05  # twice the shift of a tenfold change of divalent ions; beyond it, the gates leave their range
TEMPERATURE_LIMITS_C = (5.0, 45.0)  # colder, a nerve conducts no longer; warmer, it is damaged
SMALLEST_MYELIN = 1e-3  # a share of a lamella; nearer to 0 the cable's matrix is no longer regular
DIAMETER_LIMITS_M = (3e-6, 25e-6)  # where node and internode keep positive sizes

PARAMETERS = {
    "gate_shift_v": "axon_gate_shift",
    "potassium_out_mol_per_l": "plasma_potassium",
    "sodium_out_mol_per_l": "plasma_sodium",
    "temperature_c": "nerve_temperature",
    "fast_sodium_scale": "axon_fast_sodium_scale",
    "persistent_sodium_scale": "axon_persistent_sodium_scale",
    "slow_potassium_scale": "axon_slow_potassium_scale",
    "fast_potassium_scale": "axon_fast_potassium_scale",
    "leak_scale": "axon_leak_scale",
    "h_current_scale": "axon_h_current_scale",
    "myelin_scale": "axon_myelin_scale",
    "diameter_m": "axon_fiber_diameter",
    "threshold_scale": "axon_threshold_scale",
}
"""The parameter behind each change."""
_SCALES = tuple(name for name in PARAMETERS if name.endswith("_scale"))


@dataclass(frozen=True, kw_only=True, slots=True)
class AxonChanges:
    """The state in which a motor axon is found.

    Parameters
    ----------
    gate_shift_v
        Shift of the voltage dependence of every gate, in V; below 0, as at low calcium, gates open nearer to rest.
    potassium_out_mol_per_l, sodium_out_mol_per_l
        Concentrations outside the axon, above 0.
    temperature_c
        Of the nerve, 5 to 45 degrees Celsius.
    fast_sodium_scale, persistent_sodium_scale, slow_potassium_scale, fast_potassium_scale, leak_scale, h_current_scale
        Conductances relative to healthy, at least 0.
    myelin_scale
        Number of myelin lamellae relative to healthy, 0.001 to 10.
    diameter_m
        Of the fiber with its myelin, 3 to 25 micrometers.
    threshold_scale
        Threshold relative to what the model gives, for causes that it does not hold; above 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> low_calcium = AxonChanges(
    ...     gate_shift_v=-0.004, potassium_out_mol_per_l=0.0042, sodium_out_mol_per_l=0.14,
    ...     temperature_c=37.0, diameter_m=1e-5,
    ... )
    >>> low_calcium.leak_scale
    1.0
    """

    gate_shift_v: float = 0.0
    potassium_out_mol_per_l: float
    sodium_out_mol_per_l: float
    temperature_c: float
    fast_sodium_scale: float = 1.0
    persistent_sodium_scale: float = 1.0
    slow_potassium_scale: float = 1.0
    fast_potassium_scale: float = 1.0
    leak_scale: float = 1.0
    h_current_scale: float = 1.0
    myelin_scale: float = 1.0
    diameter_m: float
    threshold_scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be an axon's."""
        for name in _SCALES:
            require_not_negative(name, getattr(self, name))
        for name in ("potassium_out_mol_per_l", "sodium_out_mol_per_l", "threshold_scale"):
            require_positive(name, getattr(self, name))
        require_within("gate_shift_v", self.gate_shift_v, -SHIFT_LIMIT_V, SHIFT_LIMIT_V)
        require_within("temperature_c", self.temperature_c, *TEMPERATURE_LIMITS_C)
        require_within("myelin_scale", self.myelin_scale, SMALLEST_MYELIN, 10.0)
        require_within("diameter_m", self.diameter_m, *DIAMETER_LIMITS_M)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "AxonChanges":
        """Return the state that a simulator's parameters describe; a scale or shift that is not there is healthy.

        Raises
        ------
        KeyError
            If a concentration, the temperature or the diameter is missing.
        OutOfRangeError
            If a number lies outside.
        """
        given = {name: parameters[key] for name, key in PARAMETERS.items() if key in parameters}
        missing = [PARAMETERS[name] for name in _REQUIRED if name not in given]
        if missing:
            raise KeyError(missing[0])
        return cls(**given)


_REQUIRED = ("potassium_out_mol_per_l", "sodium_out_mol_per_l", "temperature_c", "diameter_m")
