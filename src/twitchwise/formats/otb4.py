"""Reads OTB4 files of OTBioLab 24 in blocks: every track, with force and other auxiliary ones at their own rates.

The archive holds ``Tracks_*.xml`` and ``TrapezoidalTracks_*.xml``, whose tracks name their signal file (``.sig``) and
their columns in it; the layout is that of the maker's reader ``OpenOTB4_v2.m`` in
https://github.com/OTBioelettronica/OTB-Matlab.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ScaledSource, settle
from twitchwise.formats.interleaved import Frames, InterleavedReader, Line, LinesSource, bytes_of
from twitchwise.formats.otb_archive import Archive, is_tar, markers, moment, open_archive, text_of
from twitchwise.formats.otb_channels import OtbChannel, draft_channels
from twitchwise.formats.otb_tracks import Track, read_track, with_columns
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.text import say

_NAME = "OTB4"
_SUFFIX = ".otb4"
_TYPES = {2: "<i2", 3: "int24", 4: "<i4", 8: "<f8"}
# No converter has more bits than this; whole numbers beyond them are floats that were taken for whole numbers.
_MOST_BITS = 24
_LOOK_FRAMES = 4096
_LARGEST_FLOAT = 1e9


def _recognizes(path: Path, head: bytes) -> bool:
    return path.suffix.lower() == _SUFFIX and is_tar(head)


def _read(path: Path, options: ReadOptions) -> Recording:
    typed = options.typed
    with one_sentence(typed, say("{format} archive", format=_NAME)) as noticed:
        archive = open_archive(path, typed)
        nodes = list(_nodes(archive))
        tracks = [read_track(node, typed, is_path=is_path) for node, is_path in nodes]
        kept = [track for track in tracks if not track.is_processed]
        streams = _streams(archive, kept)
        notes = tuple(markers(archive))
    drafts, said = draft_channels([channel for stream in streams for channel in stream.channels()])
    settled = settle(drafts, options)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(LinesSource(tuple(line for s in streams for line in s.lines())), settled.scales, typed),
        start=moment(text_of(nodes[0][0].find("StringsDescriptions"), "StartDate")),
        annotations=notes,
        warnings=(*noticed, *_remarks(tracks, streams), *said, *settled.warnings),
    )


def _nodes(archive: Archive) -> Iterator[tuple[ET.Element, bool]]:
    """Give the description of every track, and whether it belongs to a path that was to be followed."""
    found = False
    for start in ("Tracks_", "TrapezoidalTracks_"):
        for part in archive.named(start, ".xml"):
            for node in archive.xml(part).iter("TrackInfo"):
                found = True
                yield node, start != "Tracks_"
    if not found:
        raise UnreadableRecordingError(
            say(
                "{file!r} must describe its tracks in 'Tracks_000.xml', got {parts!r}.",
                file=archive.typed,
                parts=sorted(archive.parts)[:8],
            )
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stream:
    """A signal file: its frames and the tracks in it; ``is_float`` marks float samples of four bytes."""

    frames: Frames
    tracks: tuple[Track, ...]
    is_float: bool

    def lines(self) -> Iterator[Line]:
        """Give each channel of each track."""
        reader = InterleavedReader(self.frames)
        for track in self.tracks:
            for offset in range(track.n_channels):
                yield Line(reader=reader, column=track.column + offset, gain=track.step)

    def channels(self) -> Iterator[OtbChannel]:
        """Describe each channel of each track."""
        for track in self.tracks:
            for number in range(1, track.n_channels + 1):
                yield track.channel(number, self.frames.n_frames)


def _streams(archive: Archive, tracks: Sequence[Track]) -> list[_Stream]:
    names = dict.fromkeys(track.stream for track in tracks)
    return [_stream(archive, name, [track for track in tracks if track.stream == name]) for name in names]


def _stream(archive: Archive, name: str, tracks: Sequence[Track]) -> _Stream:
    part = archive.part(PurePosixPath(name.replace("\\", "/")).name)
    first = tracks[0]
    if any((t.n_in_file, t.sample_bytes) != (first.n_in_file, first.sample_bytes) for t in tracks):
        raise UnreadableRecordingError(
            say(
                "{file!r}: the tracks of {signal_file!r} must agree about its layout.",
                file=archive.typed,
                signal_file=name,
            )
        )
    dtype = _TYPES[first.sample_bytes]
    frame_bytes = first.n_in_file * bytes_of(dtype)
    if part.n_bytes % frame_bytes:
        raise UnreadableRecordingError(
            say(
                "{file!r}: {signal_file!r} must hold whole samples of {channels} channels of"
                " {sample_bytes} bytes, got {size} bytes.",
                file=archive.typed,
                signal_file=name,
                channels=first.n_in_file,
                sample_bytes=first.sample_bytes,
                size=part.n_bytes,
            )
        )
    frames = Frames(
        path=archive.path,
        typed=archive.typed,
        first_byte=part.first_byte,
        n_frames=part.n_bytes // frame_bytes,
        n_channels=first.n_in_file,
        dtype=dtype,
    )
    placed = with_columns(tracks, archive.typed)
    is_float = dtype == "<i4" and _holds_floats(frames, placed)
    if is_float:
        frames = replace(frames, dtype="<f4")
    if is_float or dtype == "<f8":
        placed = [track.as_physical() for track in placed]
    return _Stream(frames=frames, tracks=tuple(placed), is_float=is_float)


def _holds_floats(frames: Frames, tracks: Sequence[Track]) -> bool:
    """Tell whether four-byte samples are floats: as whole numbers they lie beyond any converter."""
    columns = [track.column + offset for track in tracks for offset in range(track.n_channels)]
    whole = frames.piece(0, min(_LOOK_FRAMES, frames.n_frames))[columns]
    floats = whole.view("<f4").astype(np.float64)
    beyond = np.abs(whole.astype(np.float64)) >= 2.0**_MOST_BITS
    return bool(beyond.any() and np.isfinite(floats).all() and (np.abs(floats) < _LARGEST_FLOAT).all())


def _remarks(tracks: Sequence[Track], streams: Sequence[_Stream]) -> Iterator[str]:
    n_processed = sum(track.is_processed for track in tracks)
    if n_processed:
        yield say("Tracks that were computed from others were left out: {tracks}.", tracks=n_processed)
    for stream in streams:
        if stream.is_float:
            names = ", ".join(track.label for track in stream.tracks)
            yield say(
                "The samples of {tracks} cannot be converter counts; they were read as floating-point numbers.",
                tracks=names,
            )


FORMAT = Format(name=_NAME, suffixes=(_SUFFIX,), recognizes=_recognizes, read=_read)
