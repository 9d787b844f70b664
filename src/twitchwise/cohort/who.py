"""Whose a recording is and when it was taken: what every row of a study begins with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

_ENTITY = re.compile(r"([a-z]+)-([A-Za-z0-9+]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """Person, visit and time of a recording; nothing where it is not known.

    Parameters
    ----------
    participant_id
        As the data set calls the person, in BIDS with its beginning: ``sub-01``, or ``site_a/sub-01`` where several
        data sets are measured together.
    session, task, run
        Labels, without the ``ses-``, ``task-`` and ``run-`` that BIDS puts before them.
    group
        What the study compares, such as ``patient`` and ``control``.
    start
        Date and time of the clock where it was taken, without a time zone.
    """

    participant_id: str | None = None
    session: str | None = None
    task: str | None = None
    run: str | None = None
    group: str | None = None
    start: datetime | None = None


def entities_of(name: str) -> dict[str, str]:
    """Return the parts of the name of a BIDS file, in their order; none where it is no name of one.

    Parameters
    ----------
    name
        Name of a file, or its path.

    Examples
    --------
    >>> entities_of("sub-01/emg/sub-01_ses-2_task-rest_run-03_emg.edf")
    {'sub': '01', 'ses': '2', 'task': 'rest', 'run': '03'}
    >>> entities_of("left_calf.edf")
    {}
    """
    begin, joint, _ = name.rpartition("/")[2].partition(".")[0].rpartition("_")
    parts = [_ENTITY.fullmatch(part) for part in begin.split("_")] if joint else []
    if not parts or not all(parts) or not begin.startswith("sub-"):
        return {}
    return {part[1]: part[2] for part in parts if part is not None}


def name_of(entities: Mapping[str, str], suffix: str) -> str:
    """Return the name of a BIDS file, of which `entities_of` gives the same parts.

    Examples
    --------
    >>> name_of({"sub": "01", "task": "rest"}, "emg.edf")
    'sub-01_task-rest_emg.edf'
    """
    return "_".join([*(f"{key}-{label}" for key, label in entities.items()), suffix])


def who_is_named(name: str) -> Who:
    """Return whose a recording is by its name, if that is one of BIDS.

    Examples
    --------
    >>> who = who_is_named("sub-01/ses-2/emg/sub-01_ses-2_task-rest_emg.edf")
    >>> who.participant_id, who.session, who.task, who.run
    ('sub-01', '2', 'rest', None)
    """
    said = entities_of(name)
    person = said.get("sub")
    return Who(
        participant_id=None if person is None else f"sub-{person}",
        session=said.get("ses"),
        task=said.get("task"),
        run=said.get("run"),
    )
