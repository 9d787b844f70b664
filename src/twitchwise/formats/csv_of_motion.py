"""Reads tables of movement sensors as phones and watches write them: phyphox, Sensor Logger, SensorLog, pdkit.

It is asked before `delimited`, which takes any text, because formats are asked in the order of their names.
"""

from pathlib import Path

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.motion import RawMotion, recording_of
from twitchwise.formats.motion.described_columns import described_columns
from twitchwise.formats.motion.named_file import with_name
from twitchwise.formats.motion.text_table import (
    HEAD_BYTES,
    SaidOfTable,
    has_no_names,
    holds_movement,
    read_text_table,
)
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary.text import say

_NAME = say("movement table")
_SUFFIXES = (".csv", ".txt", ".tsv")
_FEWEST_LINES = 3  # names and two rows; apps write names of many columns


def _recognizes(path: Path, head: bytes) -> bool:
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    if head.count(b"\n") < _FEWEST_LINES:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    titles = described_columns(path)[0] if has_no_names(head, path.name) else ()
    return holds_movement(head, path.name, titles)


def read_motion_table(path: Path, options: ReadOptions) -> Recording:
    """Read one table of movement.

    Raises
    ------
    UnreadableRecordingError
        If it is none, or its clock or unit can neither be told nor is said.
    """
    with one_sentence(options.typed, _NAME) as noticed:
        titles, described_by = described_columns(path) if is_nameless(path) else ((), "")
        said = SaidOfTable(titles=titles, is_asked=options.speaks_of_motion)
        table = read_text_table(lambda: path.open("rb"), path.name, options.typed, said)
    raw = RawMotion(
        name=path.name,
        format_name=_NAME,
        sensors=table.sensors,
        start=table.start,
        start_is_first=False,
        notes=(
            *((say("The columns were named by {file!r}.", file=described_by),) if described_by else ()),
            *table.notes,
        ),
        warnings=(*noticed, *table.warnings),
    )
    return recording_of(with_name(raw, path), options)


def is_nameless(path: Path) -> bool:
    """Tell whether the columns of a table have no names."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return has_no_names(head, path.name)


FORMAT = Format(name=_NAME, suffixes=_SUFFIXES, recognizes=_recognizes, read=read_motion_table)
