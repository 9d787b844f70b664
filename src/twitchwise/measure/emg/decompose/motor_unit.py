"""Motor units that a decomposition found, and their rows in the events file of a BIDS data set."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twitchwise.measure.emg.decompose.arrays import Samples
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive, require_within

BIDS_DESCRIPTION = "motor-unit-spike"


@dataclass(frozen=True, kw_only=True, eq=False)
class MotorUnit:
    """One motor unit: when it discharged, what the grid showed of it, and how far it can be trusted.

    Parameters
    ----------
    number
        From 1, the one that stands apart best first.
    sampling_rate_hz
        Of the recording.
    discharges
        Sample of each discharge, ascending: where its potential is largest on the channel that shows it best.
    probability
        How certain each is, above 0 and up to 1.
    silhouette
        How far discharges stand apart from all other peaks of the unit's source, 0 to 1; each as the filter made of the
        others sees it.
    pulse_to_noise_db
        Power of the source at discharges over its power elsewhere, in dB.
    shape
        Mean of the filtered samples around the discharges, shape ``(n_channels, n_shape)``, in the unit of the samples;
        zeros on channels that were not used.
    n_before
        Samples of the shape before the discharge.
    perhaps_two
        Whether its discharges come as near to one another as those of two units that could not be told apart.
    doubts
        What the numbers cannot bear, one sentence each.

    Raises
    ------
    OutOfRangeError
        If discharges are out of order, or their probabilities are of another number or outside (0, 1].
    """

    number: int
    sampling_rate_hz: float
    discharges: IntArray
    probability: FloatArray
    silhouette: float
    pulse_to_noise_db: float
    shape: Samples
    n_before: int
    perhaps_two: bool = False
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        require_positive("sampling_rate_hz", self.sampling_rate_hz)
        require_within("silhouette", self.silhouette, 0.0, 1.0)
        if (np.diff(self.discharges) <= 0).any():
            raise OutOfRangeError("discharges must ascend, got some that do not.")
        if self.probability.shape != self.discharges.shape:
            raise OutOfRangeError(
                f"probabilities must be one a discharge, got {self.probability.size} for {self.discharges.size}."
            )
        if not ((self.probability > 0) & (self.probability <= 1)).all():
            raise OutOfRangeError("probabilities must lie in (0, 1], got one that does not.")

    @property
    def times_s(self) -> FloatArray:
        """Times of the discharges in seconds from the first sample."""
        return self.discharges / self.sampling_rate_hz

    @property
    def discharge_rate_hz(self) -> float | None:
        """One over the median inter-spike interval; ``None`` for fewer than two discharges."""
        intervals_s = np.diff(self.times_s)
        return float(1 / np.median(intervals_s)) if intervals_s.size else None

    @property
    def interval_variation(self) -> float | None:
        """Coefficient of variation of the inter-spike intervals; ``None`` for fewer than three discharges."""
        intervals_s = np.diff(self.times_s)
        return float(intervals_s.std(ddof=1) / intervals_s.mean()) if intervals_s.size > 1 else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Decomposition:
    """The motor units of a recording.

    Parameters
    ----------
    sampling_rate_hz, n_samples
        Of the recording.
    units
        Motor units, the one that stands apart best first.
    channels
        Numbers of the channels that were used.
    positions_m
        Places of all channels in m, shape ``(n_channels, 2 or 3)``, if known.
    doubts
        What holds for all units.
    """

    sampling_rate_hz: float
    n_samples: int
    units: tuple[MotorUnit, ...]
    channels: IntArray
    positions_m: FloatArray | None = None
    doubts: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length of the recording in seconds."""
        return self.n_samples / self.sampling_rate_hz


class BidsRow(NamedTuple):
    """One discharge as a row of ``*_events.tsv``; the names of the fields are the names of the columns."""

    onset: float
    duration: float
    sample: int
    unit_id: int
    description: str


def bids_rows(decomposition: Decomposition) -> tuple[BidsRow, ...]:
    """Return all discharges in order of time, as the MUnitQuest competition and BIDS events files take them.

    ``onset`` is in seconds from the first sample, ``duration`` is 0, ``sample`` counts from 0, and ``unit_id`` is the
    number of the unit.

    Examples
    --------
    >>> import numpy as np
    >>> unit = MotorUnit(number=1, sampling_rate_hz=1000.0, discharges=np.array([5, 105]), probability=np.ones(2),
    ...     silhouette=0.95, pulse_to_noise_db=30.0, shape=np.zeros((16, 4), dtype=np.float32), n_before=2)
    >>> found = Decomposition(sampling_rate_hz=1000.0, n_samples=200, units=(unit,), channels=np.arange(16))
    >>> bids_rows(found)[0]
    BidsRow(onset=0.005, duration=0.0, sample=5, unit_id=1, description='motor-unit-spike')
    """
    return tuple(sorted(_rows(decomposition)))


def _rows(decomposition: Decomposition) -> Iterator[BidsRow]:
    for unit in decomposition.units:
        for sample in unit.discharges.tolist():
            yield BidsRow(
                onset=sample / decomposition.sampling_rate_hz,
                duration=0.0,
                sample=sample,
                unit_id=unit.number,
                description=BIDS_DESCRIPTION,
            )
