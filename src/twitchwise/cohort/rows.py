"""What was measured on one recording as rows of the study's tables, still without who and when."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from twitchwise.cohort.columns import EVENTS, MEASUREMENTS, QUALITY, schema_of
from twitchwise.examine import ExaminedRecording
from twitchwise.signals import EventTrain, Intervals, Recording
from twitchwise.vocabulary import Measurement

if TYPE_CHECKING:
    import pyarrow as pa

    from twitchwise.measure.results import ChannelQuality

Row = Mapping[str, object]


def tables_of(examined: ExaminedRecording) -> "dict[str, pa.Table]":
    """Return the measurements, events and quality of a recording, each with the columns of its `schema_of`."""
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    return {
        MEASUREMENTS: pa.Table.from_pylist(list(_measurements(examined)), schema=schema_of(MEASUREMENTS)),
        EVENTS: _events(examined),
        QUALITY: pa.Table.from_pylist(list(_quality(examined)), schema=schema_of(QUALITY)),
    }


def _measurements(examined: ExaminedRecording) -> Iterator[Row]:
    result, places = examined.result, _Places(examined)
    for one in result.measurements:
        yield _measurement(one, None, places)
    for unit in result.units:
        for one in unit.measurements:
            yield _measurement(one, unit.unit, places)


def _measurement(one: Measurement, motor_unit: int | None, places: "_Places") -> Row:
    site, side = places.of(one.channel)
    return {
        "channel": one.channel,
        "site": site,
        "side": side,
        "motor_unit": motor_unit,
        "quantity": one.id,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "unit": one.unit.value,
        "method": one.method,
        "doubts": list(one.doubts),
    }


class _Places:
    """Where on the body the channels, arrays and sensors of a recording lie, by name."""

    def __init__(self, examined: ExaminedRecording) -> None:
        self._examined = examined
        self._known: dict[str | None, tuple[str | None, str | None]] = {}

    def of(self, channel: str | None) -> tuple[str | None, str | None]:
        """Return the site and the side of a channel, or of the whole recording, where all of it agrees."""
        if channel not in self._known:
            self._known[channel] = self._found(channel)
        return self._known[channel]

    def _found(self, channel: str | None) -> tuple[str | None, str | None]:
        recording = self._examined.recording
        members = recording.channels if channel is None else recording.members(channel)
        site = _agreed(member.site for member in members) or self._examined.site
        side = _agreed(member.side for member in members) or self._examined.side
        return (None if site is None else str(site)), (None if side is None else str(side))


def _agreed(values: Iterable[str | None]) -> str | None:
    known = set(values)
    return known.pop() if len(known) == 1 else None


def _events(examined: ExaminedRecording) -> "pa.Table":
    """Return every event and discharge in order of its start, as ``events.tsv`` has them."""
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    schema = schema_of(EVENTS)
    trains = [train for train in (*examined.result.events, *examined.result.discharges) if len(train)]
    parts = [_train(train, examined.recording, schema) for train in trains]
    if not parts:
        return schema.empty_table()
    whole = pa.concat_tables(parts)
    order = np.argsort(whole["start_s"].to_numpy(), kind="stable")
    return whole.take(pa.array(order)).combine_chunks()


def _train(train: EventTrain, recording: Recording, schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415 - loads when tables are made

    channels = train.at or (train.channel,) * len(train)
    units = {name: recording.unit_of(name).value for name in dict.fromkeys(channels)}
    nowhere = np.full(len(train), np.nan)
    x_px, y_px = train.place.T if len(train.place) else (nowhere, nowhere)
    columns = {
        "kind": pa.repeat(train.kind.value, len(train)),
        "channel": pa.array(channels, pa.string()),
        "start_s": train.start_s,
        "peak_s": train.peak_s,
        "end_s": train.end_s,
        "peak": train.peak,
        "peak_unit": pa.array([units[name] for name in channels], pa.string()),
        "source": pa.array(train.unit, pa.int64(), mask=train.unit == 0),
        "probability": train.probability,
        "x_px": pa.array(x_px, pa.float64(), from_pandas=True),
        "y_px": pa.array(y_px, pa.float64(), from_pandas=True),
    }
    return pa.table(columns, schema=schema)


def _quality(examined: ExaminedRecording) -> Iterator[Row]:
    places, result = _Places(examined), examined.result
    for one in result.quality:
        channel = examined.recording.channel(one.channel)
        names = tuple(name for name in (one.channel, channel.array) if name is not None)
        site, side = places.of(one.channel)
        yield {
            "channel": one.channel,
            "kind": channel.kind.value,
            "site": site,
            "side": side,
            "electrode": channel.electrode.value,
            "rest_s": _length(result.rest, names),
            "unusable_s": _length(result.unusable, names),
            "statements": list(one.statements),
            "unit": one.unit.value,
            **_plain(one),
        }


def _plain(one: "ChannelQuality") -> Row:
    names = (
        "usable",
        "reason",
        "sampling_rate_hz",
        "duration_s",
        "noise_rms",
        "drift",
        "clipped_share",
        "flat_share",
        "missing_share",
        "mains_share",
        "mains_hz",
    )
    return {name: getattr(one, name) for name in names}


def _length(spans: Mapping[str, Intervals], names: Iterable[str]) -> float | None:
    """Return how long the times of a channel, or of the array it belongs to, are; ``None`` where nobody looked."""
    found = next(chain((spans[name] for name in names if name in spans), (None,)))
    return None if found is None else found.duration_s
