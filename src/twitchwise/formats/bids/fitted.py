"""A recording with names and notes that BIDS and EDF can hold: text of one line, names of channels of 16 letters."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from twitchwise.formats.edf_header import require_label
from twitchwise.signals import Annotation, Channel, EventTrain, Recording
from twitchwise.vocabulary import OutOfRangeError

_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """A recording whose names and notes were fitted.

    Parameters
    ----------
    recording
        The same samples under names that can be written.
    names
        The name that each channel and array has now, by the one it had.
    """

    recording: Recording
    names: Mapping[str, str]

    @property
    def names_before(self) -> dict[str, str]:
        """What the channels that were renamed were called, as one line, by their names now."""
        channels = {channel.name for channel in self.recording.channels}
        return {new: one_line(old) for old, new in self.names.items() if old != new and new in channels}

    def train(self, train: EventTrain) -> EventTrain:
        """Return events under the names that the channels have now."""
        at = tuple(self.name(name) for name in train.at)
        return replace(train, channel=self.name(train.channel), at=at)

    def name(self, before: str) -> str:
        """Return the name that a channel or an array has now."""
        return self.names.get(before, one_line(before))


def fitted(recording: Recording, *, as_edf: bool) -> Fitted:
    """Fit the names of a recording; those that can be written stay as they are.

    Parameters
    ----------
    recording
        As it was read.
    as_edf
        Whether EDF must hold the names of the channels; a table holds longer ones and other letters.
    """
    before = [channel.name for channel in recording.channels]
    names = dict(zip(before, _named_apart(before, as_edf=as_edf), strict=True))
    channels = tuple(_fitted_channel(channel, names[channel.name]) for channel in recording.channels)
    notes = tuple(replace(note, text=one_line(note.text)) for note in recording.annotations if _has_times(note))
    return Fitted(recording=replace(recording, channels=channels, annotations=notes), names=names)


def one_line(text: str) -> str:
    r"""Return a text with a space for each run of line ends, tabs and other control characters.

    Examples
    --------
    >>> one_line("calf,\r\nleft\t")
    'calf, left'
    """
    return _NOT_ONE_LINE.sub(" ", text).strip()


def label_of(text: str, taken: Sequence[str] = ()) -> str:
    """Return what of a text may be a label in the name of a BIDS file, told apart from others without regard to case.

    Examples
    --------
    >>> label_of("Calf, left (2)"), label_of("calf-LEFT-2", ["Calfleft2"]), label_of("...")
    ('Calfleft2', 'calfLEFT2x2', 'unnamed')
    """
    plain = "".join(letter for letter in _ascii(text) if letter.isalnum())[:_LONGEST_LABEL] or "unnamed"
    known = {one.lower() for one in taken}
    number, label = 1, plain
    while label.lower() in known:
        number += 1
        label = f"{plain}x{number}"
    return label


_LONGEST_LABEL = 40  # so that the name of a file stays far below what systems allow


def _fitted_channel(channel: Channel, name: str) -> Channel:
    site, array = ((one_line(text) or None) if text else None for text in (channel.site, channel.array))
    return replace(channel, name=name, site=site, array=array)


def _has_times(note: Annotation) -> bool:
    """Tell whether a note has times that a table can hold; EDF would refuse it too."""
    return abs(note.start_s) < float("inf") and 0 <= note.duration_s < float("inf")


def _named_apart(names: Sequence[str], *, as_edf: bool) -> list[str]:
    """Return names that can be written, each once; those that can be already keep theirs."""
    good = {name for name in names if _is_good(name, as_edf=as_edf)}
    taken, found = set(good), list[str]()
    for number, name in enumerate(names, start=1):
        new = name if name in good else _free(_shortened(name, as_edf=as_edf) or f"channel {number}", taken, as_edf)
        taken.add(new)
        found.append(new)
    return found


def _is_good(name: str, *, as_edf: bool) -> bool:
    if not as_edf:
        return bool(name) and one_line(name) == name
    try:
        require_label(name)
    except OutOfRangeError:
        return False
    return True


def _shortened(name: str, *, as_edf: bool) -> str:
    if not as_edf:
        return one_line(name)
    plain = "".join(letter for letter in _ascii(one_line(name)) if letter.isprintable())
    return plain.strip()[:_LONGEST].strip()


def _free(name: str, taken: set[str], as_edf: bool) -> str:  # noqa: FBT001 - private, one caller
    number, new = 1, name
    while new in taken or not _is_good(new, as_edf=as_edf):
        number += 1
        ending = f" {number}"
        new = (name[: _LONGEST - len(ending)] if as_edf else name) + ending
    return new


def _ascii(text: str) -> str:
    """Return a text in ASCII; letters lose their accents, others are left out."""
    spelled = text.replace("µ", "u").replace("μ", "u")
    return unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
