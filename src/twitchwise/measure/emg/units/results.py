"""What the engine finds: units by their shape, and discharges in order of time."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitSet:
    """Units that were found, numbered from 1 in the order of these arrays.

    Parameters
    ----------
    templates
        Mean potential in multiples of the noise, shape ``(n_units, n_components, n_samples)``.
    peak
        Place in the template, in samples, of its greatest sample by size: what a discharge's time is the time of,
        shape ``(n_units,)``.
    best
        Component on which that sample lies, shape ``(n_units,)``.
    rate_hz
        Discharges per second of usable time, shape ``(n_units,)``.
    detectability
        How far a potential of the unit stands out of the noise of its own matched filter, in standard deviations,
        shape ``(n_units,)``.
    spread
        Standard deviation of the size of its potentials, as a share, shape ``(n_units,)``.
    sampling_rate_hz
        Samples per second of the templates.
    """

    templates: Samples
    peak: FloatArray
    best: IntArray
    rate_hz: FloatArray
    detectability: FloatArray
    spread: FloatArray
    sampling_rate_hz: float

    def __len__(self) -> int:
        return int(self.templates.shape[0])


@dataclass(frozen=True, kw_only=True, eq=False)
class Discharges:
    """Discharges in order of time; every array has shape ``(n,)``.

    Parameters
    ----------
    time_s
        When the potential is greatest by size on its best component, in s from the start of the recording.
    unit
        Number of the unit, from 1; 0 for a potential that fits none.
    probability
        That there was a discharge, above 0 and up to 1.
    amplitude
        Size as a multiple of the unit's template; of a potential of no unit, its height in multiples of the noise.
    residual
        RMS of what the fit leaves of the whitened signal around the discharge, in multiples of the noise.
    overlapped
        Whether another discharge lies close enough to change its shape.
    """

    time_s: FloatArray
    unit: IntArray
    probability: FloatArray
    amplitude: FloatArray
    residual: FloatArray
    overlapped: BoolArray

    def __post_init__(self) -> None:
        """Refuse arrays of different lengths, and times out of order."""
        sizes = {getattr(self, field.name).shape for field in fields(self)}
        if len(sizes) != 1 or len(sizes.copy().pop()) != 1:
            raise OutOfRangeError(f"arrays of discharges must have one length, got {sorted(sizes)!r}.")
        if (np.diff(self.time_s) < 0).any():
            raise OutOfRangeError("discharges must be in order of time, got some that are not.")

    def __len__(self) -> int:
        return int(self.time_s.size)

    def where(self, chosen: BoolArray | IntArray) -> "Discharges":
        """Return the chosen ones, by a mask of shape ``(n,)`` or by their places."""
        return Discharges(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    @classmethod
    def join(cls, parts: Sequence["Discharges"]) -> "Discharges":
        """Return all of several, in order of time."""
        kinds = {"unit": np.int64, "overlapped": np.bool_}
        empty: dict[str, npt.NDArray[Any]] = {
            field.name: np.empty(0, kinds.get(field.name, np.float64)) for field in fields(cls)
        }
        joined = {
            name: np.concatenate([none, *(getattr(part, name) for part in parts)]) for name, none in empty.items()
        }
        order = np.argsort(joined["time_s"], kind="stable")
        return cls(**{name: values[order] for name, values in joined.items()})
