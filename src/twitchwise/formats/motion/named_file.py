"""Adds to raw movement what the name of its file says: the task, where the sensor was worn, and when."""

from dataclasses import replace
from pathlib import Path

from twitchwise.formats.motion.raw_motion import RawMotion
from twitchwise.formats.motion.words import NamedFile, said_by_file


def with_name(raw: RawMotion, path: Path) -> RawMotion:
    """Return the movement with what its file's name says and the file does not."""
    said = said_by_file(path.stem)
    sensors = tuple(replace(one, site=one.site or said.site, side=one.side or said.side) for one in raw.sensors)
    has_start = raw.start is None and said.start is not None
    return replace(
        raw,
        sensors=sensors,
        start=said.start if has_start else raw.start,
        start_is_first=has_start or raw.start_is_first,
        notes=(*raw.notes, *_note(said)),
        task=said.task,
    )


def _note(said: NamedFile) -> tuple[str, ...]:
    """Say what the name says of the task and the place."""
    place = " ".join(part for part in (said.side.value if said.side else "", said.site or "") if part)
    parts = [f"the task {said.task.value!r}" if said.task else "", f"the {place}" if place else ""]
    told = " and ".join(part for part in parts if part)
    return (f"The name of the file speaks of {told}.",) if told else ()
