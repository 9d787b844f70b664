"""What one recording brings to a data set: whom it is of, its samples, events, discharges and truth."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from twitchwise.signals import EventTrain, Recording
from twitchwise.vocabulary import ChannelKind, OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive

# Stricter than BIDS, which allows a plus sign between labels.
_LABEL = re.compile(r"[0-9A-Za-z]+", re.ASCII)
_Array = TypeVar("_Array", FloatArray, IntArray)
_COLUMN = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
NOT_KNOWN = "n/a"
"""How BIDS writes that something is not known or does not apply."""


def require_label(what: str, label: str) -> None:
    """Refuse a label that cannot stand in a BIDS file name."""
    if not _LABEL.fullmatch(label):
        raise OutOfRangeError(f"{what} must be letters and digits of ASCII, got {label!r}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class EmgSetup:
    """How the EMG was taken; what is not known stays ``n/a``.

    Parameters
    ----------
    reference
        What the signal is measured against: ``bipolar``, or a description of the one reference of all channels.
    ground
        Where the ground electrode was.
    placement
        How the places of the electrodes were found.
    power_line_frequency_hz
        Of the mains, above 0.
    task_description, instructions
        What was done, and what the person was told.
    manufacturer, model
        Of the amplifier.
    hardware_filters, software_filters
        By name of the filter, its parameters.
    space
        Label of the coordinate system that positions of channels are given in.
    axes
        What its origin and its axes x, y and z are.
    group
        Grid or strip that the channels with a position belong to.
    interelectrode_distance_m
        Between neighboring electrodes of the grid or pair, above 0.
    apart
        Setups of channels that belong to other electrodes, by channel: their reference, placement, place and distance.

    Raises
    ------
    OutOfRangeError
        If the label is not letters and digits, a number is not above 0, or axes differ that have one label.
    """

    reference: str = NOT_KNOWN
    ground: str = NOT_KNOWN
    placement: str = "The data set does not say how the electrodes were placed."
    power_line_frequency_hz: float | None = None
    task_description: str = NOT_KNOWN
    instructions: str = NOT_KNOWN
    manufacturer: str = NOT_KNOWN
    model: str = NOT_KNOWN
    hardware_filters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    software_filters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    space: str = "muscle"
    axes: str = "On the skin over the muscle: x along its fibers, y across them, z out of the body."
    group: str = NOT_KNOWN
    interelectrode_distance_m: float | None = None
    apart: Mapping[str, "EmgSetup"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a setup that cannot be."""
        require_label("space", self.space)
        if self.power_line_frequency_hz is not None:
            require_positive("power_line_frequency_hz", self.power_line_frequency_hz)
        if self.interelectrode_distance_m is not None:
            require_positive("interelectrode_distance_m", self.interelectrode_distance_m)
        axes = {self.space: self.axes}
        for other in self.apart.values():
            if axes.setdefault(other.space, other.axes) != other.axes:
                raise OutOfRangeError(f"space must be another one where axes differ, got {other.space!r} again.")

    def of(self, channel: str) -> "EmgSetup":
        """Return how a channel was taken."""
        return self.apart.get(channel, self)


def _frozen(values: _Array) -> _Array:
    values.flags.writeable = False
    return values


@dataclass(frozen=True, kw_only=True, eq=False)
class DischargeTable:
    """Every discharge of the motor units and of single muscle fibers, in order of time.

    Parameters
    ----------
    time_s
        When, in seconds from the start of the recording, ascending, shape ``(n,)``.
    motor_unit
        Number of the motor unit, or of the fiber, in its pool, at least 0, shape ``(n,)``.
    kind, kinds
        For each discharge the number of its kind, shape ``(n,)``, and what the kinds are called.
    pool, pools
        For each discharge the number of its motor neuron pool, shape ``(n,)``, and what the pools are called.

    Raises
    ------
    OutOfRangeError
        If the arrays differ in length, a time is not finite or out of order, or a number has no name.

    Examples
    --------
    >>> table = DischargeTable(
    ...     time_s=np.array([0.1, 0.4]),
    ...     motor_unit=np.array([3, 3]),
    ...     kind=np.array([0, 1]),
    ...     kinds=("voluntary", "fasciculation"),
    ...     pool=np.array([0, 0]),
    ...     pools=("soleus",),
    ... )
    >>> len(table), [table.kinds[number] for number in table.kind]
    (2, ['voluntary', 'fasciculation'])
    """

    time_s: FloatArray
    motor_unit: IntArray
    kind: IntArray
    kinds: tuple[str, ...]
    pool: IntArray
    pools: tuple[str, ...]

    def __post_init__(self) -> None:
        """Copy the arrays, make them read-only, and refuse a table that cannot be."""
        object.__setattr__(self, "time_s", _frozen(np.array(self.time_s, dtype=np.float64)))
        for name in ("motor_unit", "kind", "pool"):
            object.__setattr__(self, name, _frozen(np.array(getattr(self, name), dtype=np.int64)))
        columns = (self.time_s, self.motor_unit, self.kind, self.pool)
        if len({column.size for column in columns}) != 1:
            raise OutOfRangeError(f"discharge arrays must have one length, got {[c.size for c in columns]!r}.")
        if not np.isfinite(self.time_s).all() or (np.diff(self.time_s) < 0).any():
            raise OutOfRangeError("discharge times must be finite and in order, got some that are not.")
        if self.motor_unit.min(initial=0) < 0:
            raise OutOfRangeError(f"motor_unit must be at least 0, got {self.motor_unit.min()!r}.")
        _require_named("kind", self.kind, self.kinds)
        _require_named("pool", self.pool, self.pools)

    def __len__(self) -> int:
        return int(self.time_s.size)


def _require_named(what: str, numbers: IntArray, names: Sequence[str]) -> None:
    if numbers.size and not (numbers.min() >= 0 and numbers.max() < len(names)):
        raise OutOfRangeError(
            f"{what} must be numbers of the names {tuple(names)!r}, got {numbers.min()} to {numbers.max()}."
        )


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class BidsSubject:
    """One recording of one subject.

    Parameters
    ----------
    label, task
        Letters and digits; they stand in the names of the files.
    recording
        At least one of its channels must be EMG.
    events
        What happened, on channels of the recording.
    discharges
        Every discharge of the motor units, where it is known.
    participant
        Columns of the table of participants, besides its id; ``None`` for what is not known.
    truth
        Whatever else is known of how the recording came about, as values that JSON can hold; arrays may be NumPy's.
    session, run, acquisition
        Further parts of the names of the files; a run is counted from 1. Recordings of one acquisition share the places
        of their electrodes.
    setup
        How the EMG was taken.
    names_before
        What channels were called before their names were changed so that EDF can hold them, by the name they have now.

    Raises
    ------
    OutOfRangeError
        If a label is not letters and digits, a column is not ``like_this``, or there is no EMG channel.
    """

    label: str
    recording: Recording
    task: str
    events: tuple[EventTrain, ...] = ()
    discharges: DischargeTable | None = None
    participant: Mapping[str, str | float | None] = field(default_factory=dict)
    truth: Mapping[str, object] = field(default_factory=dict)
    session: str | None = None
    run: int | None = None
    acquisition: str | None = None
    setup: EmgSetup = field(default_factory=EmgSetup)
    names_before: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse labels, columns and recordings that BIDS cannot hold."""
        require_label("subject label", self.label)
        require_label("task label", self.task)
        if self.session is not None:
            require_label("session label", self.session)
        if self.acquisition is not None:
            require_label("acquisition label", self.acquisition)
        if self.run is not None:
            require_positive("run", self.run)
        for column in self.participant:
            if not _COLUMN.fullmatch(column) or column == "participant_id":
                raise OutOfRangeError(f"column of participants must be lower case words_like_these, got {column!r}.")
        if not self.recording.of_kind(ChannelKind.EMG):
            raise OutOfRangeError(f"recording {self.recording.name!r} must have an EMG channel, got none.")
        self._require_own_channels()

    def _require_own_channels(self) -> None:
        names = {channel.name for channel in self.recording.channels}
        for train in self.events:
            if train.channel not in names:
                raise OutOfRangeError(f"channel of events must be one of the recording, got {train.channel!r}.")
        for name in self.setup.apart:
            if name not in names:
                raise OutOfRangeError(f"channel of a setup must be one of the recording, got {name!r}.")

    @property
    def participant_id(self) -> str:
        """The subject as BIDS calls it, for example ``sub-001``."""
        return f"sub-{self.label}"

    @property
    def _within_subject(self) -> tuple[str, ...]:
        return (self.participant_id, *_part("ses", self.session))

    @property
    def place(self) -> str:
        """Folder of the files below the data set, for example ``sub-001/ses-1/emg``."""
        return "/".join((*self._within_subject, "emg"))

    @property
    def stem(self) -> str:
        """Begin of the names of the files, for example ``sub-001_task-rest``."""
        further = (*_part("acq", self.acquisition), *_part("run", self.run))
        return "_".join((*self._within_subject, f"task-{self.task}", *further))

    @property
    def stem_of_session(self) -> str:
        """Begin of the names of what all tasks and runs share: where the electrodes lay."""
        return "_".join((*self._within_subject, *_part("acq", self.acquisition)))


def _part(key: str, value: str | int | None) -> tuple[str, ...]:
    """Return a part of the name of a file, or none where there is no value."""
    return () if value is None else (f"{key}-{value}",)
