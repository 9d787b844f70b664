"""The table of the events that were found in a recording, as BIDS ``events.tsv``, and the file that explains it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from twitchwise.formats.bids.place import write_whole
from twitchwise.formats.bids.subject import NOT_KNOWN
from twitchwise.formats.bids.text import cell, table, times
from twitchwise.signals import EventTrain, Recording
from twitchwise.vocabulary import EventKind, UnwritableFileError
from twitchwise.vocabulary.arrays import FloatArray

COLUMNS = (
    "onset",
    "duration",
    "trial_type",
    "channel",
    "unit",
    "probability",
    "peak_time",
    "peak",
    "peak_units",
)
_PROBABILITY_DIGITS = 6  # far more than a probability is known to
_CELL = lru_cache(maxsize=4096)(cell)  # few kinds, channels and units stand in many rows


def write_measured_events(path: Path, trains: Iterable[EventTrain], recording: Recording) -> None:
    """Write events as a table; see `twitchwise.formats.write_events`."""
    text = measured_events_table(trains, recording)
    try:
        write_whole(path, text)
    except OSError as error:
        raise UnwritableFileError(
            f"table of events must be in a place that can be written, got {str(path)!r}: {error.strerror or error}."
        ) from error


def measured_events_table(trains: Iterable[EventTrain], recording: Recording) -> str:
    """Return ``events.tsv`` in order of onset; without rows it says that nothing was found.

    Examples
    --------
    >>> import numpy as np
    >>> from twitchwise.signals import ArraySource, Channel
    >>> from twitchwise.vocabulary import ChannelKind, Unit
    >>> calf = Channel(name="calf", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=1000.0, n_samples=9)
    >>> recording = Recording(name="x", format="array", channels=(calf,), source=ArraySource([np.zeros(9)]))
    >>> train = EventTrain(
    ...     kind=EventKind.FASCICULATION_POTENTIAL,
    ...     channel="calf",
    ...     start_s=np.array([0.001]),
    ...     peak_s=np.array([0.002]),
    ...     end_s=np.array([0.004]),
    ...     peak=np.array([-5e-5]),
    ... )
    >>> print(measured_events_table([train], recording).splitlines()[1].replace(chr(9), " "))
    0.001 0.003 fasciculation_potential calf n/a 1.0 0.002 -5e-05 V
    """
    rows = [row for train in trains for row in _rows_of(train, recording)]
    rows.sort(key=lambda row: row[0])
    return table(COLUMNS, (cells for _, cells in rows))


def _rows_of(train: EventTrain, recording: Recording) -> Iterator[tuple[float, list[str]]]:
    channels: Sequence[str] = train.at or (train.channel,) * len(train)
    cells = event_cells(
        kind=(train.kind,) * len(train),
        channel=channels,
        start_s=train.start_s,
        peak_s=train.peak_s,
        end_s=train.end_s,
        peak=train.peak.tolist(),
        peak_unit=[recording.unit_of(channel) for channel in channels],
        source=train.unit.tolist(),
        probability=train.probability.tolist(),
    )
    return zip(train.start_s.tolist(), cells, strict=True)


def event_cells(  # noqa: PLR0913 - one for each thing that is known of an event
    *,
    kind: Sequence[str],
    channel: Sequence[str],
    start_s: FloatArray,
    peak_s: FloatArray,
    end_s: FloatArray,
    peak: Sequence[float],
    peak_unit: Sequence[str],
    source: Sequence[int | None],
    probability: Sequence[float],
) -> Iterator[list[str]]:
    """Give the cells of `COLUMNS` for events; each argument holds one value for each, times in seconds.

    ``source`` is the number of the unit that an event was sorted to, 0 or ``None`` where it was not.
    """
    cells = zip(
        times(start_s),
        times(end_s - start_s),
        map(_CELL, kind),
        map(_CELL, channel),
        (str(one) if one else NOT_KNOWN for one in source),
        (repr(round(one, _PROBABILITY_DIGITS)) for one in probability),
        times(peak_s),
        map(repr, peak),
        map(_CELL, peak_unit),
        strict=True,
    )
    return map(list, cells)


def measured_events_sidecar(sources: Sequence[str]) -> dict[str, object]:
    """Return what ``events.json`` says: what the columns mean, and which files the events were found in.

    Parameters
    ----------
    sources
        The recording and what describes it, as BIDS names them.
    """
    levels = {kind.value: kind.value.replace("_", " ") for kind in EventKind}
    return {
        "Description": "Events that were found in the recording; those that nobody found are not in it.",
        "Sources": list(sources),
        "onset": {"Description": "Seconds from the first sample of the recording.", "Units": "s"},
        "duration": {"Description": "From the begin to the end of the event.", "Units": "s"},
        "trial_type": {"Description": "What happened.", "Levels": levels},
        "channel": {"Description": "Channel that the event is greatest on."},
        "unit": {
            "Description": "Number of the motor unit or other source that it was sorted to, n/a where it was not."
        },
        "probability": {"Description": "How certain it is that there was an event, from 0 to 1."},
        "peak_time": {"Description": "When the event is greatest, from the first sample.", "Units": "s"},
        "peak": {"Description": "Sample of greatest size from zero, with its sign, in peak_units."},
        "peak_units": {"Description": "Unit of peak: SI, without prefix."},
        "StimulusPresentation": {"SoftwareName": NOT_KNOWN},
    }
