"""Reads movement of a BIDS data set: ``*_motion.tsv`` with the tables that name its channels and say how it was taken.

BIDS 1.10, https://bids-specification.readthedocs.io under "Motion"; Jeung et al. 2024, doi:10.1038/s41597-024-03559-8.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from twitchwise.formats.bad_channels import set_aside
from twitchwise.formats.bids_described import described
from twitchwise.formats.bids_samples import Columns, KeptSamples, names_said, rows_of_table
from twitchwise.formats.bids_text import Row, cell, read_rows
from twitchwise.formats.bids_tracked import LATENCY, TrackedChannel, TrackedSensor, sensors_of, tracked
from twitchwise.formats.bids_tree import nearest
from twitchwise.formats.contract import Format, ReadOptions
from twitchwise.formats.draft import ChannelDraft, ScaledSource, settle
from twitchwise.formats.motion.clock import Ticks, ticks_of
from twitchwise.formats.motion.even_samples import on_even_clock
from twitchwise.formats.motion.raw_motion import RawSensor, Singles
from twitchwise.formats.motion.units import settle_units
from twitchwise.formats.motion.words import said_by_file
from twitchwise.formats.refusal import one_sentence
from twitchwise.formats.unit_text import ParsedUnit, parse_unit
from twitchwise.signals import Annotation, Recording
from twitchwise.vocabulary import ChannelKind, Unit, UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

_NAME = say("BIDS motion")
_ENDING = "_motion.tsv"
_MOVING = (ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY)
_UNIT_TEXTS = ("m/s2", "g", "mg", "rad/s", "deg/s")
_SAME_RATE_SHARE = 0.01
_GREATEST_HZ = 1e6


def _recognizes(path: Path, head: bytes) -> bool:
    del head
    is_bids = path.name.endswith(_ENDING) and path.is_file()
    return is_bids and (path.name.startswith("sub-") or nearest(path, "channels.tsv") is not None)


def _read(path: Path, options: ReadOptions) -> Recording:
    with one_sentence(options.typed, _NAME) as noticed:
        about = _About.of(path, options.typed)
        table = _table(path, about, options.typed)
        clock = _clock(table, about, options)
        samples = _on_clock(table, clock)
        drafts, numbers, said = _drafts(about, samples, clock, options)
        drafts, bad = _without_bad(drafts, about, options.typed)
        settled = settle(drafts, options)
    return Recording(
        name=path.name,
        format=_NAME,
        channels=settled.channels,
        source=ScaledSource(Columns(samples, numbers), settled.scales, options.typed),
        annotations=_task(path, settled.channels[0].duration_s),
        warnings=(*noticed, *about.warnings, *table.warnings, *clock.warnings, *said.warnings, *bad, *settled.warnings),
        notes=(*clock.notes, *said.notes),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What was found about the units of sensors."""

    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _About:
    """What the tables and JSON files beside a recording say of it."""

    rows: tuple[Row, ...]
    channels: tuple[TrackedChannel, ...]
    fields: Mapping[str, object]
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, typed: str) -> "_About":
        table = nearest(path, "channels.tsv")
        rows = [] if table is None else read_rows(table)
        if isinstance(rows, str) or not rows:
            raise UnreadableRecordingError(
                say("{file!r} must have a channels.tsv that names its columns, got none that can be read.", file=typed)
            )
        channels = tracked(rows)
        if all(channel.type == LATENCY for channel in channels):
            raise UnreadableRecordingError(say("{file!r} must hold a channel beside its times, got none.", file=typed))
        fields, said = described(path, "motion.json")
        return cls(rows=tuple(rows), channels=tuple(channels), fields=fields, warnings=tuple(said))

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [channel.name for channel in self.channels]

    @property
    def latency(self) -> TrackedChannel | None:
        """The column that holds the times of the rows, if there is one."""
        return next((channel for channel in self.channels if channel.type == LATENCY), None)

    @property
    def rate_hz(self) -> float | None:
        """Samples per second: those that were reached rather than those that were set."""
        stated = (self.fields.get(name) for name in ("SamplingFrequencyEffective", "SamplingFrequency"))
        listed = (cell(row, "sampling_frequency") for row in self.rows)
        return next((rate for rate in map(_rate, (*stated, *listed)) if rate is not None), None)

    @property
    def missing(self) -> float | None:
        """The number that stands for a missing sample, if one does."""
        value = self.fields.get("MissingValues")
        try:
            number = float(value) if isinstance(value, str | int | float) else float("nan")
        except ValueError:
            return None
        return None if number != number else number  # noqa: PLR0124 - NaN differs from itself


def _rate(value: object) -> float | None:
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        return None
    return number if 0 < number < _GREATEST_HZ else None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    """The samples as they stand in the file, and the times of the rows in seconds if it holds any."""

    samples: KeptSamples
    times_s: FloatArray | None
    shown: Singles
    warnings: tuple[str, ...]


def _table(path: Path, about: _About, typed: str) -> _Table:
    samples, latency, missing = KeptSamples(len(about.channels)), about.latency, about.missing
    times: list[FloatArray] = []
    sums: list[FloatArray] = []
    is_named, n_replaced = False, 0
    with path.open("rb") as file:
        for rows, named in rows_of_table(file, about.names, typed):
            is_named |= named
            if latency is not None:
                times.append(rows[:, latency.column].copy())
            if missing is not None:
                n_replaced += int((rows == missing).sum())
                rows[rows == missing] = np.nan
            sums.append(_sums(rows, latency))
            samples.add(rows.T, len(rows))
    return _Table(
        samples=samples,
        times_s=_in_seconds(times, latency),
        shown=np.concatenate([np.empty(0), *sums])[:, np.newaxis].astype(np.float32),
        warnings=(*names_said(is_named=is_named), *_said_of_missing(missing, n_replaced)),
    )


def _sums(rows: FloatArray, latency: TrackedChannel | None) -> FloatArray:
    """Return a number for each row by which it is told apart from others, and that is missing where all of it is."""
    samples = rows if latency is None else np.delete(rows, latency.column, axis=1)
    found: FloatArray = np.nansum(samples, axis=1)
    found[np.isnan(samples).all(axis=1)] = np.nan
    return found


def _said_of_missing(missing: float | None, n_replaced: int) -> Iterator[str]:
    if n_replaced:
        yield say(
            "Samples of {number:g} were taken as missing, as the motion.json beside the file says: {count}.",
            number=missing,
            count=n_replaced,
        )


def _in_seconds(times: Sequence[FloatArray], latency: TrackedChannel | None) -> FloatArray | None:
    if latency is None or not times:
        return None
    unit = parse_unit(latency.unit_text)
    found: FloatArray = np.concatenate(times) * (unit.scale if unit.unit is Unit.SECOND else 1.0)
    return found if np.isfinite(found).any() else None


def _clock(table: _Table, about: _About, options: ReadOptions) -> Ticks:
    """Judge the times of the rows, or count the rows at the rate that is said."""
    sensor = RawSensor(
        name=_NAME,
        kind=ChannelKind.ACCELERATION,
        values=table.shown,
        axes=("",),
        stamps=table.times_s,
        stamp_unit_s=None if table.times_s is None else 1.0,
        stated_rate_hz=about.rate_hz,
    )
    ticks = ticks_of(sensor, options.sampling_rate_hz, options.typed)
    stated = about.rate_hz
    if stated is None or abs(ticks.rate_hz - stated) <= _SAME_RATE_SHARE * stated:
        return ticks
    said = say(
        "The motion.json beside the file gives {stated_hz:g} Hz where the times of its samples give {rate_hz:g} Hz;"
        " the times were believed.",
        stated_hz=stated,
        rate_hz=ticks.rate_hz,
    )
    return replace(ticks, warnings=(*ticks.warnings, said))


def _values(samples: KeptSamples, columns: Sequence[int]) -> Singles:
    values = np.empty((samples.n_rows, len(columns)), dtype=np.float32)
    for place, column in enumerate(columns):
        values[:, place] = samples.read(column, 0, samples.n_rows)
    return values


def _on_clock(table: _Table, clock: Ticks) -> KeptSamples:
    """Return the samples on an even clock: as they are, or placed and drawn where their times are uneven."""
    kept = table.samples
    if table.times_s is None or _is_every_row(clock, kept.n_rows):
        return kept
    placed = KeptSamples(kept.n_columns)
    first = on_even_clock(_values(kept, [0]), clock, clock.first_s)[0]

    def columns() -> Iterator[Singles]:
        yield first
        for column in range(1, kept.n_columns):
            yield on_even_clock(_values(kept, [column]), clock, clock.first_s)[0]

    placed.add(columns(), first.size)
    return placed


def _is_every_row(clock: Ticks, n_rows: int) -> bool:
    """Tell whether the rows lie one after the other on an even clock."""
    if not clock.is_even or clock.rows.size != n_rows:
        return False
    counted = np.arange(n_rows)
    return bool((clock.rows == counted).all() and (np.round(clock.times_s * clock.rate_hz) == counted).all())


def _drafts(
    about: _About, samples: KeptSamples, clock: Ticks, options: ReadOptions
) -> tuple[list[ChannelDraft], tuple[int, ...], _Said]:
    """Describe the channels, the axes of a sensor one after the other, and return which column each is in."""
    drafts: list[ChannelDraft] = []
    numbers: list[int] = []
    notes: dict[str, None] = {}
    warnings: dict[str, None] = {}
    sensors = sensors_of(about.channels)
    units = _units(sensors, samples, clock, options)
    for sensor, (unit_text, said) in zip(sensors, units, strict=True):
        notes |= dict.fromkeys(said.notes)
        warnings |= dict.fromkeys(said.warnings)
        for channel in sensor.channels:
            numbers.append(channel.column)
            drafts.append(_draft(channel, sensor, unit_text or channel.unit_text, samples.n_rows, clock, about))
    return drafts, tuple(numbers), _Said(notes=tuple(notes), warnings=tuple(warnings))


def _draft(
    channel: TrackedChannel, sensor: TrackedSensor, unit_text: str, n_rows: int, clock: Ticks, about: _About
) -> ChannelDraft:
    return ChannelDraft(
        name=channel.name,
        unit_text=unit_text,
        sampling_rate_hz=clock.rate_hz,
        rate_is_measured=about.latency is not None,
        n_samples=n_rows,
        kind=channel.kind,
        site=channel.site,
        side=channel.side,
        array=sensor.name if len(sensor.channels) > 1 else None,
    )


def _units(
    sensors: Sequence[TrackedSensor], samples: KeptSamples, clock: Ticks, options: ReadOptions
) -> list[tuple[str, _Said]]:
    """Return the unit of each sensor of acceleration or turning, and what was found about it; one place at a time."""
    found: dict[int, tuple[str, _Said]] = {}
    by_point: dict[str, list[int]] = {}
    for number, sensor in enumerate(sensors):
        if sensor.channels[0].kind in _MOVING:
            by_point.setdefault(sensor.channels[0].point, []).append(number)
    for numbers in by_point.values():
        raw = [_raw(sensors[number], samples) for number in numbers]
        for number, settled in zip(numbers, settle_units(raw, [clock] * len(raw), options), strict=True):
            text = "" if settled.unit is None else _spelled(settled.unit, sensors[number].channels[0].unit_text)
            found[number] = text, _Said(notes=settled.notes, warnings=settled.warnings)
    return [found.get(number, ("", _Said())) for number in range(len(sensors))]


def _raw(sensor: TrackedSensor, samples: KeptSamples) -> RawSensor:
    first = sensor.channels[0]
    return RawSensor(
        name=sensor.name,
        kind=first.kind,
        values=_values(samples, [channel.column for channel in sensor.channels]),
        axes=tuple(channel.axis or "" for channel in sensor.channels),
        stamps=None,
        unit_text=first.unit_text or None,
        site=first.site,
        side=first.side,
    )


def _spelled(unit: ParsedUnit, stated: str) -> str:
    """Return how the unit that was settled on is spelled."""
    return stated if parse_unit(stated) == unit else next(text for text in _UNIT_TEXTS if parse_unit(text) == unit)


def _without_bad(
    drafts: Sequence[ChannelDraft], about: _About, typed: str
) -> tuple[list[ChannelDraft], tuple[str, ...]]:
    named = {
        channel.name: cell(row, "status_description")
        for channel, row in zip(about.channels, about.rows, strict=True)
        if cell(row, "status").lower() == "bad"
    }
    return set_aside(drafts, named, marked_by=say("The channels.tsv beside the file"), typed=typed)


def _task(path: Path, duration_s: float) -> tuple[Annotation, ...]:
    """Note the task that the name of the file says over the whole recording."""
    task = said_by_file(path.stem).task
    return () if task is None else (Annotation(start_s=0.0, duration_s=duration_s, text=f"task: {task.value}"),)


FORMAT = Format(name=_NAME, suffixes=(".tsv",), recognizes=_recognizes, read=_read)
