"""Movement as a file holds it: rows of a sensor with the stamps of its clock, before anything is decided about them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from twitchwise.signals import Annotation
from twitchwise.vocabulary import ChannelKind, Side, Task
from twitchwise.vocabulary.arrays import FloatArray

Singles = npt.NDArray[np.float32]
"""Samples in single precision, which is finer than any movement sensor and halves the memory of a day."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RawSensor:
    """One sensor as a file holds it.

    Parameters
    ----------
    name
        What it is called, for example ``accelerometer``.
    kind
        What it measures.
    values
        Its samples in the file's unit, shape ``(n_rows, n_axes)``.
    axes
        Letter of each axis.
    stamps
        Time of each row in the file's unit, shape ``(n_rows,)``; ``None`` where the file holds no time.
    stamp_unit_s
        Length of the unit of time in seconds, where the file says.
    stated_rate_hz
        Samples per second that the file states.
    unit_text
        Unit of the samples as the file spells it; ``None`` where it does not say.
    with_gravity
        Whether acceleration includes that of gravity, where the file says.
    told_unit
        Unit that something beside the sensor tells, such as the length of a vector of gravity in the same file.
    site, side
        Where it was worn, where the file says.
    """

    name: str
    kind: ChannelKind
    values: Singles
    axes: tuple[str, ...]
    stamps: FloatArray | None
    stamp_unit_s: float | None = None
    stated_rate_hz: float | None = None
    unit_text: str | None = None
    with_gravity: bool | None = None
    told_unit: str | None = None
    site: str | None = None
    side: Side | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RawMotion:
    """All that a file or a set of files holds about movement.

    Parameters
    ----------
    name, format_name
        What the recording and its format are called.
    sensors
        Its sensors.
    start
        When the clock stood at zero, or, where ``start_is_first``, when the first sample was taken.
    annotations
        What was noted, in seconds of the clock.
    task
        What the person did, where the name of the file says; it becomes an annotation over the whole recording.
    notes, warnings
        What the reader found, and what is doubtful.
    """

    name: str
    format_name: str
    sensors: tuple[RawSensor, ...]
    start: datetime | None = None
    start_is_first: bool = True
    annotations: tuple[Annotation, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    task: Task | None = None
