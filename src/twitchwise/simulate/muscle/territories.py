"""Where motor units' fibers lie in the cross-section of a muscle: an ellipse full of fibers, shared out in territories.

Every fiber has its own site, so no part of the muscle holds more fibers than fit; a unit takes sites at random within
its circle, and beyond it, nearest first, where the circle is full. A territory is as large as the unit's own fibers
need at the density of one unit's fibers (as in Fuglevand, Winter and Patla 1993, doi:10.1152/jn.1993.70.6.2470), and
stays so when the unit loses fibers or adopts others' fibers.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive, require_within

JITTER = 0.25  # of the distance between sites: enough to break the rows, and no two fibers overlap
_DENSER = 0.995  # steps by which the rows move together until all fibers have a site


@dataclass(frozen=True, kw_only=True, slots=True)
class CrossSection:
    """An ellipse of muscle.

    Parameters
    ----------
    width_m, thickness_m
        Across the fibers, parallel to the skin and into the depth, in m.
    fibers_per_m2
        Density of all fibers, in 1/m2.
    territory_fibers_per_m2
        Density of one unit's own fibers in its territory, in 1/m2.
    depth_correlation
        How strongly size goes with nearness to the skin, from -1 to 1; 0 for not at all.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    width_m: float
    thickness_m: float
    fibers_per_m2: float
    territory_fibers_per_m2: float
    depth_correlation: float = 0.0

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        for name in ("width_m", "thickness_m", "fibers_per_m2", "territory_fibers_per_m2"):
            require_positive(name, getattr(self, name))
        require_within("depth_correlation", self.depth_correlation, -1.0, 1.0)

    @property
    def area_m2(self) -> float:
        """Area in m2."""
        return np.pi / 4 * self.width_m * self.thickness_m

    def sites(self, at_least: int, generator: np.random.Generator) -> FloatArray:
        """Return places for fibers, across and depth in m, shape ``(n_sites, 2)``.

        There are as many as the density gives; where more fibers than that are asked for, they lie closer.
        """
        spacing = np.sqrt(self.area_m2 / max(at_least, self.area_m2 * self.fibers_per_m2))
        rows = self._rows(spacing)
        while rows.shape[0] < at_least:
            spacing *= _DENSER
            rows = self._rows(spacing)
        sites: FloatArray = rows + generator.uniform(-JITTER, JITTER, rows.shape) * spacing
        return sites

    def _rows(self, spacing: float) -> FloatArray:
        across = np.arange(-self.width_m / 2 + spacing / 2, self.width_m / 2, spacing)
        depth = np.arange(spacing / 2, self.thickness_m, spacing)
        grid = np.stack(np.meshgrid(across, depth), axis=-1).reshape(-1, 2)
        from_middle = (grid - [0.0, self.thickness_m / 2]) / [self.width_m / 2, self.thickness_m / 2]
        # half the jitter inside the edge, so that no fiber lies above the muscle's surface
        inside = np.hypot(*from_middle.T) < 1 - JITTER * spacing / self.thickness_m
        rows: FloatArray = grid[inside]
        return rows

    def radii(self, own_fibers: FloatArray) -> FloatArray:
        """Return the radius in m of each unit's territory, shape ``(n_units,)``."""
        radii: FloatArray = np.sqrt(own_fibers / (np.pi * self.territory_fibers_per_m2))
        return radii

    def centers(self, radii: FloatArray, generator: np.random.Generator) -> FloatArray:
        """Return the middle of each territory, across and depth in m, shape ``(n_units, 2)``.

        Territories lie inside the muscle as far as they fit, larger ones nearer to the skin as the correlation says.
        """
        n_units = radii.size
        distance, angle = np.sqrt(generator.random(n_units)), generator.uniform(0, 2 * np.pi, n_units)
        places = distance[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        size = np.argsort(np.argsort(radii)) / max(n_units - 1, 1)
        spread = np.sqrt(1 / 12 * (1 - self.depth_correlation**2))  # 1 / 12 is the variance of an even spread over 0..1
        shallow = np.argsort(-(self.depth_correlation * size + spread * generator.standard_normal(n_units)))
        places[shallow] = places[np.argsort(places[:, 1])]
        room = np.array([self.width_m, self.thickness_m]) / 2 - radii[:, np.newaxis]
        centers: FloatArray = places * np.maximum(room, 0.0) + [0.0, self.thickness_m / 2]
        return centers

    def shared_out(
        self, n_fibers: IntArray, own_fibers: FloatArray, generator: np.random.Generator
    ) -> tuple[FloatArray, FloatArray]:
        """Return the place of every fiber, one unit after the other, and the middle of each territory.

        Parameters
        ----------
        n_fibers
            Fibers of each unit now, shape ``(n_units,)``.
        own_fibers
            Fibers of each unit when its territory came to be, shape ``(n_units,)``.
        generator
            Source of chance.

        Returns
        -------
        places, centers
            Across and depth in m, shapes ``(n_fibers.sum(), 2)`` and ``(n_units, 2)``.
        """
        sites = self.sites(int(n_fibers.sum()), generator)
        # in order of width, so that a territory looks at its own stretch alone
        across_m, depth_m = np.ascontiguousarray(sites[np.argsort(sites[:, 0])].T)
        free = np.ones(across_m.size, dtype=np.bool_)
        radii = self.radii(own_fibers)
        centers = self.centers(radii, generator)
        taken: list[FloatArray] = [np.empty((0, 2))] * n_fibers.size
        for unit in np.argsort(radii, kind="stable").tolist():  # small ones first: large ones have more to choose from
            near = _Near(across_m=across_m, depth_m=depth_m, free=free, center=centers[unit], radius=radii[unit])
            chosen = near.chosen(int(n_fibers[unit]), generator)
            free[chosen] = False
            taken[unit] = np.stack([across_m[chosen], depth_m[chosen]], axis=-1)
        return np.concatenate([np.empty((0, 2)), *taken]), centers


@dataclass(frozen=True, kw_only=True, eq=False)
class _Near:
    """Sites, in order of their place across, and the circle of one unit."""

    across_m: FloatArray
    depth_m: FloatArray
    free: BoolArray
    center: FloatArray
    radius: float

    def chosen(self, n_fibers: int, generator: np.random.Generator) -> IntArray:
        """Return numbers of free sites for the unit: at random within its circle, then the nearest beyond."""
        low, high = np.searchsorted(self.across_m, self.center[0] + self.radius * np.array([-1.0, 1.0])).tolist()
        stretch = slice(low, high)
        inside = low + np.flatnonzero((self._square(stretch) < self.radius**2) & self.free[stretch])
        if inside.size >= n_fibers:
            return generator.permutation(inside)[:n_fibers].astype(np.int64)
        left = self.free.copy()
        left[inside] = False
        beyond = np.flatnonzero(left)
        order = np.argsort(self._square(beyond), kind="stable")
        return np.concatenate([inside, beyond[order[: n_fibers - inside.size]]]).astype(np.int64)

    def _square(self, which: slice | IntArray) -> FloatArray:
        """Return the square of the distance of sites from the middle of the circle, in m2."""
        across, depth = self.across_m[which] - self.center[0], self.depth_m[which] - self.center[1]
        square: FloatArray = across * across + depth * depth
        return square
