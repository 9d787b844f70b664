"""Text and time keeping in EDF+ files: time-stamped annotation lists (EDF+ specification, section 2.2).

Kemp and Olivan 2003, doi:10.1016/S1388-2457(03)00123-8.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from twitchwise.signals import Annotation
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.text import say

_ONSET = re.compile(rb"[+-][0-9]+(\.[0-9]*)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff]")
_DURATION = re.compile(rb"[0-9]+(\.[0-9]*)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class TimedTexts:
    """One list of a data record: texts that share an onset and a duration, in seconds from the time in the header."""

    onset_s: float
    duration_s: float
    texts: tuple[str, ...]


def parse_lists(record: bytes) -> Iterator[TimedTexts | None]:
    r"""Give the lists that one data record holds; ``None`` stands for one that cannot be read.

    Examples
    --------
    >>> [(note.onset_s, note.texts) for note in parse_lists(b"+2\x14\x14\x00+2.5\x150.1\x14cough\x14\x00\x00")]
    [(2.0, ('',)), (2.5, ('cough',))]
    """
    for piece in record.split(b"\x00"):
        if piece:
            timing, *texts = piece.split(b"\x14")
            onset, _, duration = timing.partition(b"\x15")
            if texts and _ONSET.fullmatch(onset) and (not duration or _DURATION.fullmatch(duration)):
                yield TimedTexts(
                    onset_s=float(onset),
                    duration_s=float(duration or 0),
                    texts=tuple(text.decode("utf-8", errors="replace") for text in texts[:-1]),
                )
            else:
                yield None


def format_list(onset_s: float, duration_s: float | None, text: str) -> bytes:
    """Return one list with one text, in the shortest decimals that give the same numbers back."""
    onset = _plain(onset_s)
    timing = onset if onset.startswith("-") else f"+{onset}"
    if duration_s is not None:
        timing += f"\x15{_plain(duration_s)}"
    return f"{timing}\x14{text}\x14\x00".encode()


def require_text(note: Annotation) -> None:
    """Refuse an annotation whose text or times EDF+ cannot hold."""
    if not (isfinite(note.start_s) and isfinite(note.duration_s) and note.duration_s >= 0):
        raise OutOfRangeError(
            say(
                "annotation {annotation!r} must have a finite start and a duration of at least 0 s, got"
                " {start_s!r} and {duration_s!r}.",
                annotation=note.text,
                start_s=note.start_s,
                duration_s=note.duration_s,
            )
        )
    if _CONTROL.search(note.text):
        raise OutOfRangeError(
            say("annotation must be text without control characters, got {annotation!r}.", annotation=note.text)
        )


def _plain(value: float) -> str:
    """Write a number without an exponent, which EDF+ does not allow."""
    text = f"{value:.9f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
