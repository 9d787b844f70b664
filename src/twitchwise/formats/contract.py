"""What a file format must bring along, and what a person may say about a file that it does not say itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from twitchwise.formats.unit_text import parse_unit
from twitchwise.signals import Recording
from twitchwise.vocabulary import Electrode, OutOfRangeError, Unit
from twitchwise.vocabulary.checks import require_positive
from twitchwise.vocabulary.text import say

# Units that no reader asks a person for; an angle in place of an angular velocity must not pass.
_NOT_SAID = frozenset({Unit.UNKNOWN, Unit.RADIAN, Unit.NEWTON_METER})


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadOptions:
    """What the person said about the file; it fills gaps and never overrules the file.

    Parameters
    ----------
    typed
        The path as the person typed it; every refusal repeats it.
    sampling_rate_hz
        Samples per second, above 0.
    unit_text
        Unit of the samples, for example ``uV``.
    electrode
        How the EMG was taken.

    Raises
    ------
    OutOfRangeError
        If the rate is not above 0 or the unit is not known.
    """

    typed: str
    sampling_rate_hz: float | None = None
    unit_text: str | None = None
    electrode: Electrode | None = None

    def __post_init__(self) -> None:
        """Refuse options that no file could agree with."""
        if self.sampling_rate_hz is not None:
            require_positive("sampling_rate_hz", self.sampling_rate_hz)
        if self.unit_text is not None and parse_unit(self.unit_text).unit in _NOT_SAID:
            raise OutOfRangeError(say("unit must be one like V, mV, uV, N or m/s2, got {got!r}.", got=self.unit_text))

    @property
    def speaks_of_motion(self) -> bool:
        """Whether the unit is one of acceleration or angular velocity."""
        unit = parse_unit(self.unit_text or "").unit
        return unit in {Unit.METER_PER_SECOND_SQUARED, Unit.RADIAN_PER_SECOND}


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """One file format; a module of this room that holds one under the name ``FORMAT`` is found by itself.

    Parameters
    ----------
    name
        As people call it, for example ``EDF``.
    suffixes
        Endings of its files, lower case with the dot; the first is completed where ``named_by_stem`` is set.
    recognizes
        Given the path and the first bytes of the file: whether the content is of this format.
    read
        Opens the file as a recording.
    named_by_stem
        Whether people name such a file without its ending.
    takes_folders
        Whether a folder can be one recording; ``recognizes`` is then asked about folders too, with no bytes.
    is_whole_folder
        Whether such a folder holds nothing else, so that it stands for all of its files.
    """

    name: str
    suffixes: tuple[str, ...]
    recognizes: Callable[[Path, bytes], bool]
    read: Callable[[Path, ReadOptions], Recording]
    named_by_stem: bool = False
    takes_folders: bool = False
    is_whole_folder: bool = False
