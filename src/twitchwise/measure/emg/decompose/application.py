"""A separator applied to a whole recording, piece by piece: discharges, their heights and what is around them."""

from dataclasses import dataclass, field

import numpy as np

from twitchwise.measure.asked import Progress
from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.measure.emg.decompose.grid_samples import GridSamples
from twitchwise.measure.emg.decompose.lengths import Lengths
from twitchwise.measure.emg.decompose.peeling import Peeler
from twitchwise.measure.emg.decompose.progress import untold
from twitchwise.measure.emg.decompose.shapes import summed_around
from twitchwise.measure.spreading import Spread, one_by_one
from twitchwise.vocabulary.arrays import FloatArray, IntArray


@dataclass(kw_only=True)
class Tally:
    """What the pieces of a recording add up to for one unit.

    ``window_sum`` has the shape ``(n_kept, n_window)`` and holds the filtered samples around ``n_windows`` discharges.
    """

    places: list[IntArray] = field(default_factory=list)
    heights: list[FloatArray] = field(default_factory=list)
    window_sum: FloatArray | float = 0.0
    n_windows: int = 0
    power: float = 0.0
    n_samples: int = 0

    @property
    def place(self) -> IntArray:
        """Sample at which the filter answers to each discharge."""
        return np.concatenate(self.places)

    @property
    def height(self) -> FloatArray:
        """Height of each discharge in the source."""
        return np.concatenate(self.heights)

    @property
    def mean_window(self) -> FloatArray:
        """Mean of the filtered samples around a discharge, shape ``(n_kept, n_window)``."""
        return np.asarray(self.window_sum, dtype=np.float64) / max(self.n_windows, 1)

    @property
    def pulse_to_noise_db(self) -> float:
        """Mean power at discharges over mean power elsewhere, in dB; after Holobar et al. 2014."""
        pulses = float((self.height**2).sum())
        elsewhere = (self.power - pulses) / max(self.n_samples - self.height.size, 1)
        mean_pulse = pulses / max(self.height.size, 1)
        least = np.finfo(np.float64).tiny
        return float(10 * np.log10(max(mean_pulse, least) / max(elsewhere, least)))

    def add(self, told: "ToldByPiece") -> None:
        """Add what a piece tells of the unit."""
        self.places.append(told.place)
        self.heights.append(told.height)
        self.window_sum = self.window_sum + told.window_sum
        self.n_windows += told.n_windows
        self.power += told.power
        self.n_samples += told.n_samples


@dataclass(frozen=True, kw_only=True, eq=False)
class ToldByPiece:
    """What a piece of a recording tells of one unit; see `Tally`."""

    place: IntArray
    height: FloatArray
    window_sum: FloatArray
    n_windows: int
    power: float
    n_samples: int


@dataclass(frozen=True, kw_only=True, eq=False)
class PieceWork:
    """Looks for the discharges of all units in pieces of a grid."""

    grid: GridSamples
    found: Peeler
    lengths: Lengths

    def __call__(self, span: tuple[int, int]) -> list[ToldByPiece]:
        """Return what the samples of a span tell of each unit."""
        first, piece = self._read(*span)
        trains, sources = self.found.trains(piece)
        inside = slice(span[0] - first, min(span[1] - first, sources.shape[1]))
        return [
            self._told(piece, source, place[(place >= inside.start) & (place < inside.stop)], first, inside)
            for place, source in zip(trains, sources, strict=True)
        ]

    def _read(self, start: int, stop: int) -> tuple[int, Samples]:
        """Return where a piece begins, and its samples, with as many around it as its discharges depend on."""
        overlap = self.lengths.before + self.lengths.after + self.found.margin
        first = max(0, start - overlap)
        return first, self.grid.read(first, min(self.grid.n_samples, stop + overlap))

    def _told(self, piece: Samples, source: Samples, own: IntArray, first: int, inside: slice) -> ToldByPiece:
        total, count = summed_around(piece, own, self.lengths.before, self.lengths.after)
        return ToldByPiece(
            place=own + first,
            height=source[own].astype(np.float64),
            window_sum=total,
            n_windows=count,
            power=float(np.square(source[inside], dtype=np.float64).sum()),
            n_samples=inside.stop - inside.start,
        )


def applied(
    grid: GridSamples, found: Peeler, lengths: Lengths, progress: Progress = untold, spread: Spread = one_by_one
) -> list[Tally]:
    """Return the tallies of all units over the whole recording, which is looked at piece by piece."""
    tallies = [Tally() for _ in range(found.n_units)]
    spans = grid.spans()
    work = PieceWork(grid=grid, found=found, lengths=lengths)
    for (_, stop), told in zip(spans, spread(work, spans), strict=True):
        for tally, one in zip(tallies, told, strict=True):
            tally.add(one)
        progress(stop / grid.n_samples)
    return tallies
