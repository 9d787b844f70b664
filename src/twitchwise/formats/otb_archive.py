"""The tar archives of OT Bioelettronica: where their parts lie, and what their XML says.

Nothing is unpacked; samples are read where they lie in the archive. What is in them was taken from the maker's readers,
https://github.com/OTBioelettronica/OTB-Matlab (OpenOTBfilesConvFact.m, OpenOTB4_v2.m), and from the reader of
MNE-Python (https://github.com/mne-tools/mne-python/pull/13303).
"""

import math
import tarfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from twitchwise.signals import Annotation
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

# Far more than the description of a recording needs, far less than would fill the memory.
_MOST_XML_BYTES = 1 << 24
_MAGIC_AT = slice(257, 262)
_TAR_MAGIC = b"ustar"


@dataclass(frozen=True, slots=True)
class Part:
    """A file in the archive: its name without folders, where it begins, and its size in bytes."""

    name: str
    first_byte: int
    n_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """An archive and its parts by name."""

    path: Path
    typed: str
    parts: Mapping[str, Part]

    def named(self, start: str, end: str) -> list[Part]:
        """Return the parts whose names start and end so, letter case aside, in order of their names."""
        return [
            part
            for name, part in sorted(self.parts.items())
            if name.lower().startswith(start.lower()) and name.lower().endswith(end.lower())
        ]

    def part(self, name: str) -> Part:
        """Return the part of that name, or refuse the archive that lacks it."""
        if name not in self.parts:
            raise UnreadableRecordingError(
                say(
                    "{file!r} must hold {part!r}, got {parts!r}.",
                    file=self.typed,
                    part=name,
                    parts=sorted(self.parts)[:8],
                )
            )
        return self.parts[name]

    def xml(self, part: Part) -> ET.Element:
        """Return the root of a part that is XML."""
        if part.n_bytes > _MOST_XML_BYTES:
            raise UnreadableRecordingError(
                say(
                    "{file!r}: {part!r} must have at most {most} bytes, got {size}.",
                    file=self.typed,
                    part=part.name,
                    most=_MOST_XML_BYTES,
                    size=part.n_bytes,
                )
            )
        with self.path.open("rb") as file:
            file.seek(part.first_byte)
            text = file.read(part.n_bytes).decode("utf-8-sig")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise UnreadableRecordingError(
                say("{file!r}: {part!r} must not define entities, got some.", file=self.typed, part=part.name)
            )
        return ET.fromstring(text)  # noqa: S314 - without definitions of entities it is harmless


def is_tar(head: bytes) -> bool:
    """Tell whether a file begins like a tar archive."""
    return head[_MAGIC_AT] == _TAR_MAGIC


def open_archive(path: Path, typed: str) -> Archive:
    """List the parts of an archive; tarfile refuses one that was cut short."""
    with tarfile.open(path, mode="r:") as tar:
        members = [member for member in tar if member.isreg() and not member.issparse()]
    parts = [Part(PurePosixPath(m.name.replace("\\", "/")).name, m.offset_data, m.size) for m in members]
    return Archive(path=path, typed=typed, parts={part.name: part for part in parts})


def text_of(node: ET.Element | None, tag: str) -> str:
    """Return the text of a child, or an empty one."""
    return (node.findtext(tag) or "").strip() if node is not None else ""


def number_of(text: str | None, default: float) -> float:
    """Return the number that a text holds, or the default if it holds none that is finite."""
    try:
        number = float(text or "")
    except ValueError:
        return default
    return number if math.isfinite(number) else default


def markers(archive: Archive) -> Iterator[Annotation]:
    """Give the marks that were set during the recording, each once, in order of time."""
    found = {
        (number_of(marker.findtext("Milliseconds"), -1.0) / 1000, text_of(marker, "Description"))
        for part in archive.named("marker", ".xml")
        for marker in archive.xml(part).iter("Marker")
    }
    for start_s, text in sorted(found):
        if start_s >= 0:
            yield Annotation(start_s=start_s, duration_s=0.0, text=text)


def moment(text: str) -> datetime | None:
    """Return the time that a text gives, without a time zone, or nothing."""
    with suppress(ValueError):
        return datetime.fromisoformat(text).replace(tzinfo=None)
    return None
