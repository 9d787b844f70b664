"""Reads TSDF sets of movement sensors: JSON metadata with binary files beside, the sensors of one folder together.

Time Series Data Format, https://biomarkersparkinson.github.io/tsdf.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import first_few
from twitchwise.formats.motion import RawMotion, RawSensor, recording_of
from twitchwise.formats.motion.tsdf_meta import BinaryFile, binary_files, described, metadata_of, time_unit
from twitchwise.formats.motion.words import Said, said_by
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Recording
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, together

_NAME = "TSDF"
_SUFFIXES = (".json", ".bin")
_AXES = ("x", "y", "z")


def _recognizes(path: Path, head: bytes) -> bool:
    """Recognize metadata of movement, a binary file that such metadata name, and a folder of them."""
    if path.is_dir():
        return any(_is_of_movement(meta) for meta in path.glob("*.json"))
    if path.suffix.lower() == ".json":
        return b'"file_name"' in head and _is_of_movement(path)
    return any(_names(meta, path.name) for meta in path.parent.glob("*.json"))


def _files(meta: Path) -> list[tuple[Path, tuple[str, ...]]]:
    """Return the binary files that metadata name, with their channels; none where it is something else."""
    content = metadata_of(meta) if meta.is_file() else None
    return [] if content is None else [(meta.parent / name, channels) for name, channels in described(content)]


def _is_of_movement(meta: Path) -> bool:
    return any(_axes_of(channels) for _, channels in _files(meta))


def _names(meta: Path, name: str) -> bool:
    files = _files(meta)
    return any(path.name == name for path, _ in files) and any(_axes_of(channels) for _, channels in files)


def set_of(path: Path) -> list[Path]:
    """Return the metadata of the movement sensors that belong to a file or folder, those with all their files first."""
    folder = path if path.is_dir() else path.parent
    return sorted(
        (meta for meta in folder.glob("*.json") if _is_of_movement(meta)), key=lambda meta: (_lacks(meta), meta)
    )


def _lacks(meta: Path) -> bool:
    return not all(path.is_file() for path, _ in _files(meta))


def is_of_set(path: Path) -> bool:
    """Tell whether a file belongs to a set of movement sensors."""
    return path.suffix.lower() in _SUFFIXES and path in files_of_set(path)


def files_of_set(path: Path) -> list[Path]:
    """Return the metadata and binary files of the set that a file belongs to or lies beside."""
    found: list[Path] = []
    for meta in set_of(path):
        found += [meta, *(one for one, _ in _files(meta) if one.is_file())]
    return found


def is_first_of_set(path: Path) -> bool:
    """Tell whether a file stands for its set in a list of recordings, as one that belongs to none does too."""
    files = files_of_set(path) if path.suffix.lower() in _SUFFIXES else []
    return path not in files or path == files[0]


def _axes_of(channels: Sequence[str]) -> dict[str, list[int]]:
    """Return the columns of each movement sensor among the channels of a file, by the name of the sensor."""
    found: dict[str, list[int]] = {}
    for number, channel in enumerate(channels):
        said = said_by(channel)
        if said.kind is not None and said.axis and not said.is_gravity and not said.is_other:
            found.setdefault(said.sensor, []).append(number)
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """Sensors of one file of metadata, its start, and what was left out."""

    sensors: list[RawSensor]
    start: datetime | None
    left_out: list[str]


def _read(path: Path, options: ReadOptions) -> Recording:
    found: list[_Read] = []
    missing: list[str] = []
    with one_sentence(options.typed, say("TSDF set")) as noticed:
        for meta in set_of(path):
            content = metadata_of(meta)
            files = [] if content is None else binary_files(meta, content, options.typed)
            gone = [one.path.name for one in files if not one.path.is_file()]
            if gone:
                missing.append(
                    say(
                        "The files of {metadata} are not there, so it was left out: {files}.",
                        metadata=meta.name,
                        files=together(gone, ", "),
                    )
                )
            else:
                found.append(_sensors(files, options.typed))
    sensors = [sensor for one in found for sensor in one.sensors]
    if not sensors:
        raise UnreadableRecordingError(
            say("{file!r} must lie beside the binary files of its metadata, got none of them.", file=options.typed)
        )
    starts = [one.start for one in found if one.start is not None]
    raw = RawMotion(
        name=path.name,
        format_name=_NAME,
        sensors=tuple(_with_common_zero(found, starts)),
        start=min(starts, default=None),
        notes=tuple(_left_out([name for one in found for name in one.left_out])),
        warnings=(*noticed, *missing),
    )
    return recording_of(raw, options)


def _with_common_zero(found: Sequence[_Read], starts: Sequence[datetime]) -> Iterator[RawSensor]:
    """Count relative times of all sensors from the earliest start."""
    first = min(starts, default=None)
    for one in found:
        later_s = (one.start - first).total_seconds() if one.start and first else 0.0
        for sensor in one.sensors:
            if later_s and sensor.stamps is not None:
                yield replace(sensor, stamps=sensor.stamps + later_s / (sensor.stamp_unit_s or 1.0))
            else:
                yield sensor


def _left_out(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield say("Channels that are no axes of movement sensors were left out: {channels}.", channels=first_few(names))


def _sensors(files: Sequence[BinaryFile], typed: str) -> _Read:
    """Read the sensors of one file of metadata with their time."""
    time = next((one for one in files if one.is_time), None)
    stamps, unit_s = (None, None) if time is None else _stamps(time, typed)
    sensors: list[RawSensor] = []
    left_out: list[str] = []
    for binary in files:
        if binary is time:
            continue
        rows, columns_of = binary.read(typed), _axes_of(binary.channels)
        if stamps is not None and len(rows) != len(stamps):
            raise UnreadableRecordingError(
                say(
                    "{file!r}: {name!r} must hold a row for each of {count} times, got {rows}.",
                    file=typed,
                    name=binary.path.name,
                    count=len(stamps),
                    rows=len(rows),
                )
            )
        sensors += [_sensor(binary, rows, columns, stamps, unit_s) for columns in columns_of.values()]
        taken = {number for columns in columns_of.values() for number in columns}
        left_out += [name for number, name in enumerate(binary.channels) if number not in taken]
    return _Read(sensors, next((one.start for one in files if one.start), None), left_out)


def _stamps(time: BinaryFile, typed: str) -> tuple[FloatArray, float]:
    unit = time_unit(time.units[0])
    if unit is None:
        raise UnreadableRecordingError(
            say(
                "{file!r}: unit of time must be one like relative_ms or difference_ms, got {unit!r}.",
                file=typed,
                unit=time.units[0],
            )
        )
    is_difference, unit_s = unit
    numbers = time.read(typed)[:, 0]
    return np.cumsum(numbers) if is_difference else numbers, unit_s


def _sensor(
    binary: BinaryFile, rows: FloatArray, columns: Sequence[int], stamps: FloatArray | None, unit_s: float | None
) -> RawSensor:
    said: list[Said] = [said_by(binary.channels[number]) for number in columns]
    order = sorted(range(len(columns)), key=lambda place: said[place].axis or "")
    first = said[order[0]]
    return RawSensor(
        name=first.sensor,
        kind=first.kind,  # type: ignore[arg-type] # only axes of a known kind came here
        values=rows[:, [columns[place] for place in order]].astype(np.float32),
        axes=tuple(said[place].axis or "" for place in order),
        stamps=stamps,
        stamp_unit_s=unit_s,
        stated_rate_hz=binary.rate_hz,
        unit_text=binary.units[columns[0]].replace("**", "") or None,
        with_gravity=first.with_gravity,
        site=first.site,
        side=first.side,
    )


FORMAT = Format(name=_NAME, suffixes=_SUFFIXES, recognizes=_recognizes, read=_read, takes_folders=True)
