"""Sleep stages and events that a scorer keeps in an EDF+ file of annotations beside the signals, as Sleep-EDF does.

Sleep-EDF, Kemp et al. 2000, https://physionet.org/content/sleep-edfx: ``SC4001E0-PSG.edf`` goes with
``SC4001EC-Hypnogram.edf``; the names differ in the letter of the scorer.
"""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from twitchwise.formats.edf_layout import read_layout
from twitchwise.formats.edf_records import Notes, RecordReader
from twitchwise.signals import Annotation
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say, say_many

_PSG = re.compile(r"(?i)[-_ ]?psg$")
_HYPNOGRAM = re.compile(r"(?i)[-_ ](hypnogram|hypno|stages|scoring)$")
_DATE_AND_TIME = slice(168, 184)
_DAY_S = 86_400
_N_SIGNALS = slice(252, 256)
_MAGICS = (b"0       ", b"\xffBIOSEMI")


def hypnograms_of(path: Path) -> list[Path]:
    """Return the EDF+ files of annotations beside a recording whose names say that they are its hypnogram."""
    if _HYPNOGRAM.search(path.stem):
        return []
    own = _PSG.sub("", path.stem)
    found = []
    for other in sorted(path.parent.glob("*")):
        name = _HYPNOGRAM.sub("", other.stem)
        if name != other.stem and other.suffix.lower() == ".edf" and other.is_file():
            if name == own:
                return [other]
            if len(name) == len(own) and name[:-1] == own[:-1] and _PSG.search(path.stem):
                found.append(other)
    return found


def is_text_alone(head: bytes) -> bool:
    """Tell from its first bytes whether a file is an EDF+ or BDF+ file of annotations without signals."""
    count = head[_N_SIGNALS].strip()
    if not head.startswith(_MAGICS) or not count.isdigit() or not int(count):
        return False
    labels = [head[256 + 16 * number : 272 + 16 * number].strip() for number in range(int(count))]
    return all(label in {b"EDF Annotations", b"BDF Annotations"} for label in labels)


def with_hypnogram(path: Path, notes: Notes, header: bytes) -> tuple[tuple[Annotation, ...], list[str], list[str]]:
    """Return the annotations of a recording with those of its hypnogram, what was done, and what is doubtful."""
    found, own = hypnograms_of(path), tuple(notes.annotations)
    if len(found) > 1:
        names = ", ".join(other.name for other in found)
        said = say("Several hypnograms lie beside the recording, so none was taken: {files}.", files=names)
        return own, [], [said]
    if not found:
        return own, [], []
    try:
        more = _annotations(found[0], _start(header), notes.first_onset_s)
    except UnreadableRecordingError:
        said = say("The hypnogram {file!r} beside the recording could not be read.", file=found[0].name)
        return own, [], [said]
    said = say_many(
        "{count} annotation was taken from {file!r}, which lies beside the recording.",
        "{count} annotations were taken from {file!r}, which lies beside the recording.",
        count=len(more),
        file=found[0].name,
    )
    return tuple(sorted((*own, *more), key=lambda note: (note.start_s, note.text))), [said], []


def _annotations(path: Path, start: datetime | None, first_onset_s: float) -> list[Annotation]:
    """Return the annotations of a file in seconds from the first sample of the recording."""
    layout = read_layout(path, str(path))
    notes = Notes.of(RecordReader(path, str(path), layout))
    own = _start(layout.header)
    later_s = (own - start).total_seconds() if own is not None and start is not None else 0.0
    later_s = later_s if abs(later_s) < _DAY_S else 0.0  # dates are sometimes withheld in one of the two
    first_s = later_s + notes.first_onset_s - first_onset_s
    return [replace(note, start_s=note.start_s + first_s) for note in notes.annotations]


def _start(header: bytes) -> datetime | None:
    try:
        return datetime.strptime(header[_DATE_AND_TIME].decode("latin-1"), "%d.%m.%y%H.%M.%S")  # noqa: DTZ007 - EDF knows no time zone
    except ValueError:
        return None
