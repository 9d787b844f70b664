"""The truth beside a rendered file: events as a table, and what was rendered as JSON."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from twitchwise.signals import EventTrain
from twitchwise.vocabulary import UnwritableFileError

COLUMNS = ("onset", "duration", "trial_type", "channel", "peak", "size", "x", "y")


def write_truth(path: Path | str, trains: Iterable[EventTrain], about: Mapping[str, object]) -> list[Path]:
    """Write the events of a recording, and what made it, beside it.

    Parameters
    ----------
    path
        The recording; the truth has its stem, followed by ``_events.tsv`` and ``_truth.json``.
    trains
        Its events: onset, duration and peak in seconds; size in pixels and place for those of a film.
    about
        What was rendered, as values that JSON holds.

    Raises
    ------
    UnwritableFileError
        If a file cannot be written.
    """
    target = Path(path)
    table, notes = (target.with_name(f"{target.stem}_{name}") for name in ("events.tsv", "truth.json"))
    rows = sorted((event for train in trains for event in train), key=lambda event: event.start_s)
    lines = ["\t".join(COLUMNS)]
    for event in rows:
        place = ("n/a", "n/a") if event.place is None else tuple(f"{value:.2f}" for value in event.place)
        values = (event.start_s, event.end_s - event.start_s)
        times = [f"{value:.6f}" for value in values]
        lines.append(
            "\t".join([*times, str(event.kind), event.channel, f"{event.peak_s:.6f}", f"{event.peak:.6g}", *place])
        )
    try:
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        notes.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UnwritableFileError(f"{path}: the truth cannot be written beside it ({error}).") from error
    return [table, notes]
