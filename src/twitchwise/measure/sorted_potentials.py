"""Fasciculation potentials of a channel or an array at rest, sorted into units: what all descriptions start from."""

from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from twitchwise.signals import Intervals
from twitchwise.vocabulary import Electrode, OutOfRangeError, Unit
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive

_BY_EVENT = ("start_s", "peak_s", "end_s", "peak", "peak_to_peak", "unit", "probability", "noise_rms")
# Events that are less likely than this are no events when they are told one by one; the rate still weighs them.
_LIKELY = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class SortedPotentials:
    """Potentials in order of time.

    Parameters
    ----------
    channel
        Name of the channel or of the array of electrodes.
    sampling_rate_hz
        Of the shapes, in Hz, above 0.
    rest
        When the muscle was looked at and rested; potentials outside it are left out.
    amplitude_unit
        Unit of ``peak``, ``peak_to_peak``, ``noise_rms``, ``shape`` and ``map``.
    electrode
        How the channel touches the muscle.
    band_hz
        Band of the filter that the shapes went through; ``None`` where they were not filtered.
    start_s, peak_s, end_s
        Times in seconds from the start of the recording, shape ``(n,)``.
    peak, peak_to_peak
        Largest sample with its sign, and range, on the channel where the potential is largest, shape ``(n,)``.
    unit
        Number of the unit from 1, 0 where not sorted, shape ``(n,)``.
    probability
        How certain it is that there was a potential, above 0 and up to 1, shape ``(n,)``.
    noise_rms
        Noise of that channel around it, above 0, shape ``(n,)``.
    shape
        Band-passed signal of that channel around the peak, which is the middle sample, shape ``(n, n_samples)``.
    usable
        Whether the shape is that of one potential alone and not clipped, shape ``(n,)``.
    position
        Where on the array it is largest, in m, NaN where nothing says so, shape ``(n, 2)``.
    map
        Range of the potential on every channel, shape ``(n, n_channels)``, or ``None``.

    Raises
    ------
    OutOfRangeError
        If arrays do not fit together, events are out of order, a noise is not above 0, or a probability is not in
        (0, 1].
    """

    channel: str
    sampling_rate_hz: float
    rest: Intervals
    amplitude_unit: Unit = Unit.VOLT
    electrode: Electrode = Electrode.UNKNOWN
    band_hz: tuple[float, float] | None = None
    start_s: FloatArray
    peak_s: FloatArray
    end_s: FloatArray
    peak: FloatArray
    peak_to_peak: FloatArray
    unit: IntArray
    probability: FloatArray
    noise_rms: FloatArray
    shape: npt.NDArray[np.float32]
    usable: BoolArray
    position: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    map: npt.NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        """Refuse what does not fit together; fill in positions that were left out."""
        require_positive("sampling_rate_hz", self.sampling_rate_hz)
        n_events = np.size(self.peak_s)
        if n_events and np.size(self.position) == 0:
            object.__setattr__(self, "position", np.full((n_events, 2), np.nan))
        lengths = {name: len(getattr(self, name)) for name in (*_BY_EVENT, "shape", "usable", "position")}
        if self.map is not None:
            lengths["map"] = len(self.map)
        if set(lengths.values()) != {n_events}:
            raise OutOfRangeError(f"arrays of potentials must have one length, got {lengths!r}.")
        for name in _BY_EVENT:
            if not np.isfinite(getattr(self, name)).all():
                raise OutOfRangeError(f"{name} must be finite, got NaN or infinity.")
        self._refuse_disorder()

    def _refuse_disorder(self) -> None:
        if (np.diff(self.peak_s) < 0).any():
            raise OutOfRangeError("peak_s must be in order, got a later one first.")
        inside = (self.start_s <= self.peak_s) & (self.peak_s <= self.end_s)
        if not inside.all():
            raise OutOfRangeError("peak_s must lie between start_s and end_s, got one outside.")
        if not (self.noise_rms > 0).all():
            raise OutOfRangeError("noise_rms must be above 0, got one that is not.")
        if not ((self.probability > 0) & (self.probability <= 1) & (self.unit >= 0)).all():
            raise OutOfRangeError(
                "potentials must have a unit of 0 or more and a probability in (0, 1], got one other."
            )

    def __len__(self) -> int:
        return int(self.peak_s.size)

    @property
    def rest_s(self) -> float:
        """Seconds looked at."""
        return self.rest.duration_s

    @property
    def units(self) -> IntArray:
        """Numbers of the units, ascending, without the unsorted."""
        return np.unique(self.unit[self.unit > 0])

    def where(self, chosen: BoolArray) -> "SortedPotentials":
        """Return the potentials of a mask of shape ``(n,)``."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        for name in (*_BY_EVENT, "shape", "usable", "position"):
            kept[name] = kept[name][chosen]
        kept["map"] = None if self.map is None else self.map[chosen]
        return SortedPotentials(**kept)

    def at_rest(self) -> "SortedPotentials":
        """Return the potentials that peak in the rest."""
        edges = np.array(self.rest.spans).reshape(-1)
        return self.where(np.searchsorted(edges, self.peak_s, side="right") % 2 == 1)

    def likely(self) -> "SortedPotentials":
        """Return the potentials that are at least as likely as not."""
        return self.where(self.probability >= _LIKELY)
