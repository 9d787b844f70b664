"""Names the binary files of Delsys, whose layout is not published, and says how to export them."""

from pathlib import Path

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

_SUFFIXES = (".hpf", ".shpf")


def _recognizes(path: Path, head: bytes) -> bool:
    """Go by the ending: nobody publishes what such a file begins with."""
    del head
    return path.suffix.lower() in _SUFFIXES


def _read(path: Path, options: ReadOptions) -> Recording:
    raise UnreadableRecordingError(
        say(
            "{file!r} must be exported to CSV with Delsys File Utility, EMGworks or Trigno Discover"
            " to be read, got the binary {ending!r}.",
            file=options.typed,
            ending=path.suffix.lower(),
        )
    )


FORMAT = Format(name=say("Delsys archive"), suffixes=_SUFFIXES, recognizes=_recognizes, read=_read)
