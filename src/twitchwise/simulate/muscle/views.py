"""What electrodes on the skin see of currents anywhere in the muscle: tables, and cubics between their places.

Contacts at the same distance across the fibers that go into one channel are looked up together, as their weighted sum:
a head. A pair along the fibers is one head, and so is each contact of a grid against a distant reference.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from twitchwise.simulate.muscle.conductor import Conductor, SkinView
from twitchwise.simulate.muscle.electrodes import Montage
from twitchwise.simulate.muscle.layout import Layout
from twitchwise.simulate.muscle.sources import FloatArray32, SourceGrid
from twitchwise.vocabulary.arrays import FloatArray, IntArray

DEPTH_STEP = 0.14  # in the logarithm of the distance to the skin: depths that are tabulated
ACROSS_STEP = 0.35  # of the thickness of fat and skin: distance of tabulated places across
_STENCIL = 4  # places that a cubic goes through
_SAME = 9  # decimals of a meter or of a weight: what agrees so far is the same


@dataclass(frozen=True, kw_only=True, eq=False)
class Heads:
    """Weighted sums of contacts at one distance across the fibers.

    Parameters
    ----------
    along_m, across_m
        Places along and across the fibers at which contacts lie, in m, shapes ``(n_along,)`` and ``(n_columns,)``.
    weights
        Of the places along the fibers in each kind of sum, shape ``(n_kinds, n_along)``.
    kind, column
        Which sum a head is and where across it lies, ascending, shape ``(n_heads,)``.
    mixing
        How channels are made of heads, shape ``(n_channels, n_heads)``.
    """

    along_m: FloatArray
    across_m: FloatArray
    weights: FloatArray
    kind: IntArray
    column: IntArray
    mixing: FloatArray32

    @classmethod
    def of(cls, montage: Montage) -> "Heads":
        """Return the heads of a montage, as few as contacts at most."""
        along, row = np.unique(np.round(montage.contacts_m[:, 0], _SAME), return_inverse=True)
        across, column = np.unique(np.round(montage.contacts_m[:, 1], _SAME), return_inverse=True)
        in_channels = np.zeros((montage.mixing.shape[0], across.size, along.size))
        for contact, weights in enumerate(montage.mixing.T):
            in_channels[:, column[contact], row[contact]] += weights
        channel, at = np.nonzero(in_channels.any(axis=2))
        if channel.size <= row.size:
            sums, mixing = in_channels[channel, at], np.eye(montage.mixing.shape[0])[:, channel]
        else:  # contacts that go into many channels are looked up once each
            sums, at, mixing = np.eye(along.size)[row], column, montage.mixing
        weights, kind = np.unique(np.round(sums, _SAME), axis=0, return_inverse=True)
        order = np.lexsort((kind.ravel(), at))  # those of a column side by side
        return cls(
            along_m=along,
            across_m=across,
            weights=weights,
            kind=kind.ravel()[order],
            column=at[order],
            mixing=mixing[:, order].astype(np.float32),
        )

    @property
    def are_channels(self) -> bool:
        """Whether every channel is one head."""
        return np.array_equal(self.mixing, np.eye(self.kind.size, dtype=np.float32))


@dataclass(frozen=True, kw_only=True, eq=False)
class ContactView:
    """What each head sees of a current anywhere in the muscle.

    Parameters
    ----------
    heads
        What sees.
    log_depth, across_m
        Where the table has its entries: logarithm of the distance to the skin in m, and distance across in m.
    cover_m
        Fat and skin over the muscle, in m.
    table
        The slope in V/(A m), shape ``(n_across * n_depths, n_places, n_kinds)``.
    """

    heads: Heads
    log_depth: FloatArray
    across_m: FloatArray
    cover_m: float
    table: FloatArray32

    @classmethod
    def of(
        cls, layout: Layout, montage: Montage, grid: SourceGrid, *, conductor: Conductor, diameter_m: float
    ) -> "ContactView":
        """Return the view that contacts of a diameter have of a muscle under a tissue."""
        heads, cover_m = Heads.of(montage), conductor.cover_m
        first, last = np.log(cover_m + np.array([layout.depth_m.min(), layout.depth_m.max()]))
        n_depths = max(int(np.ceil((last - first) / DEPTH_STEP)) + 1, _STENCIL)
        log_depth: FloatArray = first + DEPTH_STEP * np.arange(n_depths, dtype=np.float64)
        step = ACROSS_STEP * cover_m
        farthest = np.abs(layout.across_m).max() + np.abs(heads.across_m).max()
        across: FloatArray = step * np.arange(
            1 - _STENCIL // 2, int(farthest / step) + _STENCIL // 2 + 1, dtype=np.float64
        )
        view = SkinView(
            conductor=conductor,
            depth_m=np.exp(log_depth) - cover_m,
            across_m=across,
            reach_m=float(np.abs(heads.along_m).max() + np.abs(grid.place_m).max()),
            diameter_m=diameter_m,
        )
        slope = view.slope((heads.along_m - grid.place_m[:, np.newaxis]).ravel())
        table = slope.reshape(-1, heads.along_m.size) @ heads.weights.T.astype(np.float32)
        return cls(
            heads=heads,
            log_depth=log_depth,
            across_m=across,
            cover_m=cover_m,
            table=table.reshape(slope.shape[0], grid.place_m.size, -1),
        )

    def slope(self, depth_m: FloatArray, across_m: FloatArray) -> FloatArray32:
        """Return what heads see in V/(A m), shape ``(n_groups, n_places, n_heads)``.

        Parameters
        ----------
        depth_m, across_m
            Where groups of fibers lie, in m, shape ``(n_groups,)``.
        """
        heads, n_places = self.heads, self.table.shape[1]
        deep = _cubic(self.log_depth, np.log(depth_m + self.cover_m))
        slope = np.empty((depth_m.size, n_places, heads.kind.size), np.float32)
        for column, place in enumerate(heads.across_m):
            here = slice(*np.searchsorted(heads.column, [column, column + 1]).tolist())
            kinds = heads.kind[here]
            every = np.array_equal(kinds, np.arange(self.table.shape[2]))
            table = self.table if every else self.table[:, :, kinds]
            weights = self._between(deep, _cubic(self.across_m, np.abs(place - across_m)))
            slope[:, :, here] = (weights @ table.reshape(table.shape[0], -1)).reshape(-1, n_places, kinds.size)
        return slope

    def _between(
        self, deep: tuple[npt.NDArray[np.intp], FloatArray], aside: tuple[npt.NDArray[np.intp], FloatArray]
    ) -> "sparse.csr_array":
        """Return the weights of the table's entries for each group."""
        node = aside[0][:, :, np.newaxis] * self.log_depth.size + deep[0][:, np.newaxis, :]
        weight = aside[1][:, :, np.newaxis] * deep[1][:, np.newaxis, :]
        rows = np.arange(node.shape[0] + 1) * _STENCIL**2
        shape = (node.shape[0], self.table.shape[0])
        return sparse.csr_array((weight.ravel().astype(np.float32), node.ravel(), rows), shape=shape)


def _cubic(nodes: FloatArray, at: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """Return numbers and weights of the four evenly spaced nodes around each place, each ``(n, 4)``."""
    position = (at - nodes[0]) / (nodes[1] - nodes[0])
    first = np.clip(np.floor(position).astype(np.intp) - 1, 0, nodes.size - _STENCIL)
    a, b, c, d = (position - first - offset for offset in range(_STENCIL))
    weights = np.stack([-b * c * d / 6, a * c * d / 2, -a * b * d / 2, a * b * c / 6], axis=1)
    return first[:, np.newaxis] + np.arange(_STENCIL), weights
