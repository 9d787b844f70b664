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

    def add(self, piece: Samples, source: Samples, own: IntArray, *, first: int, lengths: Lengths) -> None:
        """Add the discharges that a piece, which begins at sample ``first``, has of its own."""
        total, count = summed_around(piece, own, lengths.before, lengths.after)
        self.places.append(own + first)
        self.heights.append(source[own].astype(np.float64))
        self.window_sum = self.window_sum + total
        self.n_windows += count


def applied(grid: GridSamples, found: Peeler, lengths: Lengths, progress: Progress = untold) -> list[Tally]:
    """Return the tallies of all units over the whole recording."""
    tallies = [Tally() for _ in range(found.n_units)]
    overlap = lengths.before + lengths.after + found.margin
    for start, stop, piece in grid.pieces(overlap):
        first = max(0, start - overlap)
        trains, sources = found.trains(piece)
        inside = slice(start - first, min(stop - first, sources.shape[1]))
        for tally, place, source in zip(tallies, trains, sources, strict=True):
            own = place[(place >= inside.start) & (place < inside.stop)]
            tally.add(piece, source, own, first=first, lengths=lengths)
            tally.power += float(np.square(source[inside], dtype=np.float64).sum())
            tally.n_samples += inside.stop - inside.start
        progress(stop / grid.n_samples)
    return tallies
