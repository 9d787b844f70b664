"""The action potential inside a muscle fiber, fixed in space and carried along at the fiber's velocity.

Rosenfalck's polynomial (Acta Physiologica Scandinavica 1969, supplement 321; as used by Farina and Merletti 2001,
doi:10.1109/10.923782): ``z`` mm behind its front the membrane is depolarized by ``96 z**3 exp(-z)`` mV. The current
through the membrane is the second derivative along the fiber, so what a sensor sees follows from the first derivative
and the slope of the sensor's view (one integration by parts), and no charge is lost where the potential starts or ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_positive

ComplexArray = npt.NDArray[np.complex128]

_ORDER = 3  # the power of the polynomial
_FACTORIAL = 6.0  # the Laplace transform of z**3 exp(-z) is 3! / (1 + s)**4
TAIL_LENGTHS = 20.0  # so many lengths behind the front less than 1e-4 of the steepest slope is left


@dataclass(frozen=True, kw_only=True, slots=True)
class FiberActionPotential:
    """The depolarization behind a front that runs along a muscle fiber.

    Parameters
    ----------
    amplitude_v
        Factor of the polynomial, in V; the depolarization itself peaks at 1.344 times as much.
    length_m
        Its length scale, in m; three of them behind the front is the peak.
    conductivity_s_per_m
        Of the inside of the fiber, in S/m.

    Raises
    ------
    OutOfRangeError
        If a number is not above 0.

    Examples
    --------
    >>> potential = FiberActionPotential(amplitude_v=0.096, length_m=0.001, conductivity_s_per_m=1.01)
    >>> round(float(potential.depolarization_v(np.array(0.003))), 3)
    0.129
    """

    amplitude_v: float
    length_m: float
    conductivity_s_per_m: float

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        require_positive("amplitude_v", self.amplitude_v)
        require_positive("length_m", self.length_m)
        require_positive("conductivity_s_per_m", self.conductivity_s_per_m)

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "FiberActionPotential":
        """Return the action potential of a set of parameters."""
        return cls(
            amplitude_v=parameters["fiber_action_potential_amplitude"],
            length_m=parameters["fiber_action_potential_length"],
            conductivity_s_per_m=parameters["fiber_conductivity_inside"],
        )

    @property
    def tail_m(self) -> float:
        """How far behind the front the potential reaches, in m."""
        return TAIL_LENGTHS * self.length_m

    def depolarization_v(self, behind_m: FloatArray) -> FloatArray:
        """Return the depolarization in V at distances behind the front; 0 before it."""
        z = np.maximum(behind_m, 0.0) / self.length_m
        return self.amplitude_v * z**_ORDER * np.exp(-z)

    def slope_v_per_m(self, behind_m: FloatArray) -> FloatArray:
        """Return the derivative of the depolarization by the distance behind the front, in V/m."""
        z = np.maximum(behind_m, 0.0) / self.length_m
        return self.amplitude_v / self.length_m * (_ORDER - z) * z ** (_ORDER - 1) * np.exp(-z)

    def strength_a_m2_per_v(self, diameter_m: FloatArray) -> FloatArray:
        """Return what turns a slope in V/m into a current along the fiber in A: conductivity times cross-section."""
        return self.conductivity_s_per_m * np.pi / 4 * diameter_m**2

    def spectrum(self, angular_frequency: FloatArray, velocity_mps: float | FloatArray) -> ComplexArray:
        """Return the Fourier transform of the slope as it passes one point, in V s/m.

        Parameters
        ----------
        angular_frequency
            In rad/s; broadcast with the velocity.
        velocity_mps
            Of the front, above 0.
        """
        s = 1j * angular_frequency * self.length_m / velocity_mps
        return self.amplitude_v * _FACTORIAL / velocity_mps * s / (1 + s) ** (_ORDER + 1)

    def spectrum_by_velocity(self, angular_frequency: FloatArray, velocity_mps: float | FloatArray) -> ComplexArray:
        """Return the derivative of the spectrum by the velocity, in V s2/m2."""
        s = 1j * angular_frequency * self.length_m / velocity_mps
        return self.spectrum(angular_frequency, velocity_mps) / velocity_mps * (2 * (s - 1) / (1 + s))
