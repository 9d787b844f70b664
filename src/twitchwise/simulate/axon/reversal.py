"""Reversal potentials from concentrations on both sides of the membrane, after Goldman (1943, doi:10.1085/jgp.27.1.37).

Each channel lets a share of the other ion through: ``E = RT/F ln((K_o + p Na_o) / (K_i + p Na_i))``. The shares are
such that the published potentials of the motor axon follow from the concentrations of a healthy person.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from twitchwise.simulate.axon.changes import AxonChanges

GAS_CONSTANT = 8.314462618  # J/(mol K), exact by the definition of the mole and the kelvin
FARADAY_CONSTANT = 96485.33212  # C/mol, likewise
ZERO_CELSIUS_K = 273.15  # by definition


@dataclass(frozen=True, kw_only=True, slots=True)
class Reversals:
    """Reversal potentials in V of the sodium, potassium, leak and hyperpolarization-activated (H) channels."""

    sodium_v: float
    potassium_v: float
    leak_v: float
    h_v: float


def thermal_voltage_v(temperature_c: float) -> float:
    """Return ``RT/F`` in V.

    Examples
    --------
    >>> round(1000 * thermal_voltage_v(37.0), 3)
    26.727
    """
    return GAS_CONSTANT * (temperature_c + ZERO_CELSIUS_K) / FARADAY_CONSTANT


def reversals_of(changes: AxonChanges, parameters: Mapping[str, float]) -> Reversals:
    """Return the reversal potentials of an axon's channels."""

    def goldman_v(potassium_share: float, sodium_share: float) -> float:
        outside = potassium_share * changes.potassium_out_mol_per_l + sodium_share * changes.sodium_out_mol_per_l
        inside = potassium_share * parameters["axon_potassium_inside"] + sodium_share * parameters["axon_sodium_inside"]
        return thermal_voltage_v(changes.temperature_c) * math.log(outside / inside)

    return Reversals(
        sodium_v=goldman_v(parameters["axon_sodium_channel_potassium_share"], 1.0),
        potassium_v=goldman_v(1.0, parameters["axon_potassium_channel_sodium_share"]),
        leak_v=goldman_v(1.0, parameters["axon_leak_sodium_share"]),
        h_v=goldman_v(1.0, parameters["axon_h_channel_sodium_share"]),
    )
