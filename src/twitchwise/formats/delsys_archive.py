"""Names the binary files of Delsys, whose layout is not published, and says how to export them."""

from pathlib import Path

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError

_SUFFIXES = (".hpf", ".shpf")


def _recognizes(path: Path, head: bytes) -> bool:
    """Go by the ending: nobody publishes what such a file begins with."""
    del head
    return path.suffix.lower() in _SUFFIXES


def _read(path: Path, options: ReadOptions) -> Recording:
    raise UnreadableRecordingError(
        f"{options.typed!r} must be exported to CSV with Delsys File Utility, EMGworks or Trigno Discover to be"
        f" read, got the binary {path.suffix.lower()!r}."
    )


FORMAT = Format(name="Delsys archive", suffixes=_SUFFIXES, recognizes=_recognizes, read=_read)
