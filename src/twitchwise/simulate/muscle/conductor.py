"""The tissue between muscle fibers and the skin: anisotropic muscle under a layer of fat and a layer of skin.

Planar layers (Farina and Merletti 2001, doi:10.1109/10.923782), solved anew for layers of finite skin: a point current
``I`` in muscle at depth ``h``, in wavenumbers ``kx`` along the fibers and ``kz`` across them, gives at the skin ::

    I exp(-q h) / (across q C + S),  q = sqrt(along / across kx**2 + kz**2),  k = sqrt(kx**2 + kz**2)
    C = cosh(k skin) cosh(k fat) + (skin_conductivity / fat_conductivity) sinh(k skin) sinh(k fat)
    S = k (fat_conductivity cosh(k skin) sinh(k fat) + skin_conductivity sinh(k skin) cosh(k fat))

because the potential and the current across the layers are continuous and none leaves through the air. Muscle is as
deep as it need be; bone, the curve of the limb and the frequency dependence of the tissues are not modeled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import j1

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive

LEAST_DISTANCE_M = 1e-3  # nearer to the skin a planar sheet of current is no model, and wavenumbers grow without bound
DECAY = 10.0  # a wavenumber is left out where distance alone leaves less than exp(-10), 5e-5, of it
NODES = 16  # of a Gauss-Legendre panel
TURN_RAD = 14.0  # half a panel turns the phase by no more than this: 16 nodes then integrate to 1e-6
FIRST_PANEL_PER_M = 16.0  # below it the transfer function, which is not smooth at 0, adds next to nothing
_GROWTH = 4.0  # panels end so many times farther from 0, where the transfer function bends sharply, than they begin


@dataclass(frozen=True, kw_only=True)
class Conductor:
    """Muscle under fat and skin.

    Parameters
    ----------
    along_s_per_m, across_s_per_m
        Conductivity of muscle along and across the fibers, in S/m.
    fat_s_per_m, skin_s_per_m
        Conductivity of fat and skin, in S/m.
    fat_m, skin_m
        Thickness of fat and skin, in m.

    Raises
    ------
    OutOfRangeError
        If a conductivity is not above 0, a thickness is below 0, or fat and skin together are thinner than 1 mm.
    """

    along_s_per_m: float
    across_s_per_m: float
    fat_s_per_m: float
    skin_s_per_m: float
    fat_m: float
    skin_m: float

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        for name in ("along_s_per_m", "across_s_per_m", "fat_s_per_m", "skin_s_per_m"):
            require_positive(name, getattr(self, name))
        require_not_negative("fat_m", self.fat_m)
        require_not_negative("skin_m", self.skin_m)
        if self.cover_m < LEAST_DISTANCE_M:
            raise OutOfRangeError(f"fat_m plus skin_m must be at least {LEAST_DISTANCE_M}, got {self.cover_m!r}.")

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Conductor":
        """Return the tissue of a set of parameters."""
        return cls(
            along_s_per_m=parameters["muscle_conductivity_along"],
            across_s_per_m=parameters["muscle_conductivity_across"],
            fat_s_per_m=parameters["fat_conductivity"],
            skin_s_per_m=parameters["skin_conductivity"],
            fat_m=parameters["fat_thickness"],
            skin_m=parameters["skin_thickness"],
        )

    @cached_property
    def cover_m(self) -> float:
        """Thickness of what covers the muscle, in m."""
        return self.fat_m + self.skin_m

    @cached_property
    def steepness(self) -> float:
        """How many times faster waves along the fibers fall with depth than waves across them."""
        return float(np.sqrt(self.along_s_per_m / self.across_s_per_m))

    def transfer(self, along: FloatArray, across: FloatArray, depth_m: FloatArray) -> FloatArray:
        """Return the potential at the skin of a point current of 1 A, in V m2 of the two wavenumbers.

        Parameters
        ----------
        along, across
            Wavenumbers in rad/m, not both 0; they and the depths are broadcast.
        depth_m
            Below the muscle's surface, in m.
        """
        share: FloatArray = self.transfer_at_surface(along, across) * np.exp(-self.decay(along, across) * depth_m)
        return share

    def decay(self, along: FloatArray, across: FloatArray) -> FloatArray:
        """Return by how much, per meter of depth, the logarithm of the transfer falls in muscle, in 1/m."""
        decay: FloatArray = np.hypot(self.steepness * along, across)
        return decay

    def transfer_at_surface(self, along: FloatArray, across: FloatArray) -> FloatArray:
        """Return the transfer of a current at the muscle's surface."""
        k = np.hypot(along, across)
        # hyperbolic functions over exp(k thickness), which would overflow
        cosh_fat, sinh_fat = _scaled(k * self.fat_m)
        cosh_skin, sinh_skin = _scaled(k * self.skin_m)
        ratio = self.skin_s_per_m / self.fat_s_per_m
        held = cosh_skin * cosh_fat + ratio * sinh_skin * sinh_fat
        lost = k * self.fat_s_per_m * (cosh_skin * sinh_fat + ratio * sinh_skin * cosh_fat)
        share: FloatArray = np.exp(-k * self.cover_m) / (self.across_s_per_m * self.decay(along, across) * held + lost)
        return share


def _scaled(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    fall = np.exp(-2 * x)
    return (1 + fall) / 2, (1 - fall) / 2


def wavenumbers(greatest: float, reach_m: float) -> tuple[FloatArray, FloatArray]:
    """Return nodes in rad/m and weights to integrate over wavenumbers from 0 on.

    Parameters
    ----------
    greatest
        Where to stop, in rad/m.
    reach_m
        The greatest distance at which the integral's cosine is wanted, in m.
    """
    edges, widest = [0.0, FIRST_PANEL_PER_M], 2 * TURN_RAD / reach_m if reach_m else np.inf
    while edges[-1] < greatest:
        edges.append(edges[-1] + min((_GROWTH - 1) * edges[-1], widest))
    start, stop = np.array(edges[:-1])[:, np.newaxis], np.array(edges[1:])[:, np.newaxis]
    node, weight = np.polynomial.legendre.leggauss(NODES)
    nodes = (stop + start) / 2 + (stop - start) / 2 * node
    return nodes.ravel(), ((stop - start) / 2 * weight).ravel()


@dataclass(frozen=True, kw_only=True)
class SkinView:
    """The slope along the fibers of a point current's potential, as a disc electrode on the skin sees it, tabulated.

    Parameters
    ----------
    conductor
        The tissue.
    depth_m
        Depths below the muscle's surface, in m, shape ``(n_depths,)``.
    across_m
        Distances across the fibers, in m, shape ``(n_across,)``.
    reach_m
        Greatest distance along the fibers, in m.
    diameter_m
        Of the electrode, in m; 0 for a point.
    """

    conductor: Conductor
    depth_m: FloatArray
    across_m: FloatArray
    reach_m: float
    diameter_m: float = 0.0

    @cached_property
    def _nodes(self) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
        """Wavenumbers and weights, along and across the fibers."""
        greatest = DECAY / (self.conductor.cover_m + float(self.depth_m.min()))
        return wavenumbers(greatest, self.reach_m), wavenumbers(greatest, float(np.abs(self.across_m).max()))

    @cached_property
    def _spectrum(self) -> npt.NDArray[np.float32]:
        """Over wavenumbers along the fibers: shape ``(n_nodes, n_across * n_depths)``."""
        (along, along_weight), (across, across_weight) = self._nodes
        cosines = np.cos(np.outer(across, self.across_m)) * across_weight[:, np.newaxis]
        column = along[:, np.newaxis]
        surface = self.conductor.transfer_at_surface(column, across)
        surface *= (-along * along_weight / np.pi**2)[:, np.newaxis]
        if self.diameter_m:
            surface *= _disc(np.hypot(column, across) * self.diameter_m / 2)
        decay = self.conductor.decay(column, across)
        spectrum = np.zeros((along.size, self.across_m.size, self.depth_m.size), np.float32)
        for number, depth in enumerate(self.depth_m.tolist()):
            # the deeper, the fewer wavenumbers are left
            far = int(np.searchsorted(along, DECAY / (self.conductor.cover_m + self.conductor.steepness * depth)))
            wide = int(np.searchsorted(across, DECAY / (self.conductor.cover_m + depth)))
            left = surface[:far, :wide] * np.exp(-depth * decay[:far, :wide])
            spectrum[:far, :, number] = left @ cosines[:wide]
        return spectrum.reshape(along.size, -1)

    def slope(self, along_m: FloatArray) -> npt.NDArray[np.float32]:
        """Return the slope in V/(A m), shape ``(n_across * n_depths, n_along)``.

        Parameters
        ----------
        along_m
            The electrode's place less the current's, in m, within the reach, shape ``(n_along,)``.
        """
        sines = np.sin(np.outer(self._nodes[0][0], along_m)).astype(np.float32)
        slope: npt.NDArray[np.float32] = self._spectrum.T @ sines
        return slope


def _disc(x: FloatArray) -> FloatArray:
    """Return the mean over a disc of a wave that turns by ``x`` rad over its radius."""
    disc: FloatArray = np.where(x > 0, 2 * j1(x) / np.where(x > 0, x, 1.0), 1.0)
    return disc
