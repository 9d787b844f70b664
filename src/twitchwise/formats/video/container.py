"""What the container of a film says without its pictures being decoded; uses PyAV."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from twitchwise.formats.video.stamps import Stamps
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

if TYPE_CHECKING:
    from av.packet import Packet

# Key under which Android notes how fast a slow-motion film was taken: MediaRecorder.setCaptureRate.
_CAPTURE_RATE = "com.android.capture.fps"
# In the first byte of a VP8 picture: 0 where it is for reference alone and never shown (RFC 6386, section 9.1).
_VP8_SHOWN = 0x10


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """Codec, time stamps and begin of a film, with what was noticed on the way."""

    codec: str
    stamps: Stamps
    start: datetime | None
    warnings: tuple[str, ...]


def survey(path: Path, typed: str) -> Container:
    """Read the time stamps of all pictures of a film from its packets.

    Raises
    ------
    UnreadableRecordingError
        If there is no picture.
    """
    with av.open(path) as container:
        if not container.streams.video:
            raise UnreadableRecordingError(say("film must hold pictures, got none in {file!r}.", file=typed))
        stream = container.streams.video[0]
        stamps, ended = _stamps(container, stream)
        if not stamps:
            raise UnreadableRecordingError(say("film must hold pictures, got none in {file!r}.", file=typed))
        kept = len(stamps) if ended else _decodable(path, len(stamps))
        return Container(
            codec=stream.codec_context.name,
            stamps=Stamps(
                values=tuple(stamps[:kept]),
                seconds=float(stream.time_base or 1),
                declared_hz=float(stream.average_rate or 0) or None,
                captured_hz=_number(container.metadata.get(_CAPTURE_RATE) or stream.metadata.get(_CAPTURE_RATE)),
                reorders=bool(stream.codec_context.has_b_frames),
                is_gif=container.format.name == "gif",
            ),
            start=_moment(container.metadata.get("creation_time")),
            warnings=() if ended else (_cut_off(kept, stream.frames),),
        )


def _stamps(container: InputContainer, stream: VideoStream) -> tuple[list[int | None], bool]:
    """Return the stamp of each picture that is shown, in the order of the file, and whether the film is whole."""
    stamps, whole = list[int | None](), True
    try:
        for packet in container.demux(stream):
            whole = whole and not packet.is_corrupt
            if packet.size and not packet.is_discard and _is_shown(packet, stream.codec_context.name):
                stamps.append(packet.pts)
    except av.FFmpegError:
        whole = False
    return stamps, whole and len(stamps) >= _least_whole(container, stream, stamps)


def _least_whole(container: InputContainer, stream: VideoStream, stamps: list[int | None]) -> int:
    """Return how many pictures must be there for the film to be whole, as far as the container says.

    A picture may be missing from the count because the edit list leaves it out, and the length of a film is often that
    of its sound; so up to a tenth may be missing.
    """
    declared = stream.frames
    if not declared and stream.duration is None and container.duration and stream.average_rate:
        declared = int(container.duration / av.time_base * float(stream.average_rate))
    if container.format.name == "gif" or any(stamp is None for stamp in stamps):
        return 1
    return int(0.9 * declared)


def _is_shown(packet: "Packet[VideoStream]", codec: str) -> bool:
    return codec != "vp8" or bool(bytes(packet)[0] & _VP8_SHOWN)


def _decodable(path: Path, n_listed: int) -> int:
    """Count the pictures of a damaged film that can be decoded, from the first on."""
    count = 0
    with av.open(path) as container:
        try:
            for _ in container.decode(video=0):
                count += 1
        except av.FFmpegError:
            pass
    return min(count, n_listed)


def _cut_off(kept: int, declared: int) -> str:
    if declared > kept:
        return say(
            "The film is cut off or damaged: {count} of {all_of_them} pictures can be read.",
            count=kept,
            all_of_them=declared,
        )
    return say("The film is cut off or damaged: {count} pictures can be read.", count=kept)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
