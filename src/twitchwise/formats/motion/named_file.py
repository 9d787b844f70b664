"""Adds to raw movement what the name of its file says: the task, where the sensor was worn, and when."""

from dataclasses import replace
from pathlib import Path

from twitchwise.formats.motion.raw_motion import RawMotion
from twitchwise.formats.motion.words import NamedFile, said_by_file
from twitchwise.formats.motion.words_for_people import PLACE_WORDS, TASK_WORDS
from twitchwise.vocabulary.text import listed, say
from twitchwise.vocabulary.words import SIDE_WORDS


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
    task = say("the task '{task}'", task=TASK_WORDS[said.task]) if said.task else ""
    parts = [part for part in (task, _place(said)) if part]
    return (say("The name of the file speaks of {told}.", told=listed(parts)),) if parts else ()


def _place(said: NamedFile) -> str:
    site = PLACE_WORDS.get(said.site or "")
    side = None if said.side is None else SIDE_WORDS[said.side]
    if site is not None and side is not None:
        return say("the {side} {site}", side=side, site=site)
    place = site or side
    return say("the {place}", place=place) if place is not None else ""
