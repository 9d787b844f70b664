"""Electrodes on the skin and in the muscle: where their contacts lie and which contacts make a channel.

Places are in meters: x along the fibers from the middle of the muscle, z across them, y depth below the skin.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive, require_within


def _require_diameter(diameter_m: float | None) -> None:
    if diameter_m is not None:
        require_not_negative("diameter_m", diameter_m)


def _on_skin(along_m: FloatArray, across_m: FloatArray) -> FloatArray:
    return np.stack([along_m, across_m, np.zeros_like(along_m)], axis=-1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Montage:
    """Contacts and the channels that are made of them.

    Parameters
    ----------
    contact_names, contacts_m
        Names, and places x, z, y in m, shape ``(n_contacts, 3)``.
    channel_names, mixing
        Names, and how much of each contact is in each channel, shape ``(n_channels, n_contacts)``.
    diameter_m, diameter_id
        Of a disc contact, 0 for a point; ``None`` for the value of the parameter of that id.
    """

    contact_names: tuple[str, ...]
    contacts_m: FloatArray
    channel_names: tuple[str, ...]
    mixing: FloatArray
    diameter_m: float | None
    diameter_id: str

    @property
    def channels_m(self) -> FloatArray:
        """The middle of the contacts of each channel, x, z, y in m, shape ``(n_channels, 3)``."""
        used = self.mixing != 0
        middles: FloatArray = used @ self.contacts_m / used.sum(axis=1, keepdims=True)
        return middles


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """Electrodes in rows and columns; rows follow one another along the fibers, columns across them.

    Parameters
    ----------
    rows, columns
        How many, at least 1; two rows if differential.
    spacing_m
        Between neighbors, in m.
    along_m, across_m
        Middle of the grid, in m.
    differential
        Whether a channel is the difference of two neighbors along the fibers; if not, it is one contact against a
        distant reference.
    diameter_m
        Of a contact, 0 for a point; ``None`` for the value of the knowledge file.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> Grid(rows=8, columns=8, spacing_m=0.008).montage.mixing.shape
    (64, 64)
    >>> Grid(rows=3, columns=1, spacing_m=0.008, differential=True).montage.channel_names
    ('R1C1-R2C1', 'R2C1-R3C1')
    """

    rows: int
    columns: int
    spacing_m: float
    along_m: float = 0.0
    across_m: float = 0.0
    differential: bool = False
    diameter_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse a grid that cannot be."""
        if self.rows < 1 + self.differential or self.columns < 1:
            raise OutOfRangeError(
                f"rows must be at least {1 + self.differential} and columns at least 1, "
                f"got {self.rows!r} and {self.columns!r}."
            )
        require_positive("spacing_m", self.spacing_m)
        _require_diameter(self.diameter_m)

    @property
    def montage(self) -> Montage:
        """Contacts and channels, row by row."""
        row, column = (index.ravel() for index in np.mgrid[: self.rows, : self.columns])
        along = self.along_m + (row - (self.rows - 1) / 2) * self.spacing_m
        across = self.across_m + (column - (self.columns - 1) / 2) * self.spacing_m
        names = tuple(f"R{r + 1}C{c + 1}" for r, c in zip(row.tolist(), column.tolist(), strict=True))
        mixing, channels = np.eye(row.size), names
        if self.differential:
            mixing = mixing[: -self.columns] - mixing[self.columns :]
            channels = tuple(f"{a}-{b}" for a, b in zip(names[: -self.columns], names[self.columns :], strict=True))
        return Montage(
            contact_names=names,
            contacts_m=_on_skin(along, across),
            channel_names=channels,
            mixing=mixing,
            diameter_m=self.diameter_m,
            diameter_id="surface_electrode_diameter_in_grid",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class BipolarPair:
    """Two electrodes along the fibers and their difference: one channel.

    Parameters
    ----------
    spacing_m
        Between the two middles, in m.
    along_m, across_m
        Middle of the pair, in m.
    diameter_m
        Of a contact, 0 for a point; ``None`` for the value of the knowledge file.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    spacing_m: float
    along_m: float = 0.0
    across_m: float = 0.0
    diameter_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse a pair that cannot be."""
        require_positive("spacing_m", self.spacing_m)
        _require_diameter(self.diameter_m)

    @property
    def montage(self) -> Montage:
        """Two contacts, one channel."""
        along = self.along_m + np.array([-0.5, 0.5]) * self.spacing_m
        return Montage(
            contact_names=("E1", "E2"),
            contacts_m=_on_skin(along, np.full(2, self.across_m)),
            channel_names=("E1-E2",),
            mixing=np.array([[1.0, -1.0]]),
            diameter_m=self.diameter_m,
            diameter_id="surface_electrode_diameter",
        )


CORE_POINTS = (5, 3)  # along and across the oval: nearer to a fiber than their distance, the core is a smear anyway
CANNULA_POINTS = 12  # denser towards the tip, where the field is steep
_CANNULA_CROWDING = 2.0  # power of the spacing towards the tip


@dataclass(frozen=True, kw_only=True)
class ConcentricNeedle:
    """A needle pushed straight down: an oval core in a slanted tip, against the shaft around it.

    Parameters
    ----------
    depth_m
        Middle of the core below the skin, in m.
    along_m, across_m
        Where it is pushed in, in m.
    turned_rad
        How far it is turned about its length; at 0 the tip faces along the fibers.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.

    Examples
    --------
    >>> ConcentricNeedle(depth_m=0.01).channel_names
    ('needle',)
    """

    depth_m: float
    along_m: float = 0.0
    across_m: float = 0.0
    turned_rad: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a needle that is not in the body."""
        require_positive("depth_m", self.depth_m)
        require_within("turned_rad", self.turned_rad, -2 * np.pi, 2 * np.pi)

    @cached_property
    def channel_names(self) -> tuple[str, ...]:
        """The one channel: core against shaft."""
        return ("needle",)

    @property
    def tip_m(self) -> FloatArray:
        """Place of the core, x, z, y in m, shape ``(1, 3)``."""
        return np.array([[self.along_m, self.across_m, self.depth_m]])

    def core_m(self, *, length_m: float, width_m: float, bevel_rad: float) -> FloatArray:
        """Return points spread evenly over the core, x, z, y in m, shape ``(n_points, 3)``.

        Parameters
        ----------
        length_m, width_m
            Axes of the oval.
        bevel_rad
            Angle between the slanted tip and the shaft.
        """
        u, w = (axis.ravel() for axis in np.meshgrid(*(2 * (np.arange(n) + 0.5) / n - 1 for n in CORE_POINTS)))
        inside = np.hypot(u, w) <= 1
        u, w = u[inside] * length_m / 2, w[inside] * width_m / 2
        return self._placed(u * np.sin(bevel_rad), w, u * np.cos(bevel_rad))

    def shaft_m(self, *, length_m: float, core_length_m: float) -> FloatArray:
        """Return points up the shaft from just above the core, x, z, y in m, shape ``(n_points, 3)``."""
        share = ((np.arange(CANNULA_POINTS) + 0.5) / CANNULA_POINTS) ** _CANNULA_CROWDING
        up = -(core_length_m / 2 + share * length_m)
        return self._placed(np.zeros_like(up), np.zeros_like(up), up)

    def shaft_weights(self) -> FloatArray:
        """Return the share of the shaft that each of its points stands for, shape ``(n_points,)``."""
        weights: FloatArray = np.diff((np.arange(CANNULA_POINTS + 1) / CANNULA_POINTS) ** _CANNULA_CROWDING)
        return weights

    def _placed(self, forward: FloatArray, sideways: FloatArray, down: FloatArray) -> FloatArray:
        cosine, sine = np.cos(self.turned_rad), np.sin(self.turned_rad)
        x = self.along_m + forward * cosine - sideways * sine
        z = self.across_m + forward * sine + sideways * cosine
        return np.stack([x, z, self.depth_m + down], axis=-1)
