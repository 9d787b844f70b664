"""From raw sensors to a recording: one clock, one unit and one name for each, and what was found about them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from twitchwise.formats.contract import ReadOptions
from twitchwise.formats.motion.clock import Ticks, ticks_of
from twitchwise.formats.motion.even_samples import on_even_clock
from twitchwise.formats.motion.raw_motion import RawMotion, RawSensor, Singles
from twitchwise.formats.motion.row_order import is_held
from twitchwise.formats.motion.units import Settled, settle_units
from twitchwise.formats.refusal import one_sentence
from twitchwise.signals import Annotation, Channel, Recording, Rows
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import capital, say

# Stamps that count from 1970 lie between 2000 and 2100.
_EPOCH_S = (946_684_800.0, 4_102_444_800.0)
_DAY_S = 86_400.0


class _SingleSource:
    """Samples in memory in single precision, one row a channel, with the factor that leads to SI."""

    def __init__(self, grids: Sequence[Singles], scales: Sequence[float]) -> None:
        self._rows = [row for grid in grids for row in grid]
        self._scales = [scale for grid, scale in zip(grids, scales, strict=True) for _ in grid]

    def read(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples ``start`` to ``stop`` of a channel in SI."""
        return np.asarray(self._rows[channel][start:stop], dtype=np.float64) * self._scales[channel]

    def read_rows(self, channels: Sequence[int], start: int, stop: int) -> Rows:
        """Return samples ``start`` to ``stop`` of channels in SI."""
        return np.stack([self._rows[channel][start:stop] * np.float32(self._scales[channel]) for channel in channels])


def recording_of(raw: RawMotion, options: ReadOptions) -> Recording:
    """Decide clocks and units, and bring every sensor to an even clock with one zero.

    Raises
    ------
    UnreadableRecordingError
        If there is no sensor, or a clock or a unit can neither be told nor is said.
    """
    if not raw.sensors:
        raise UnreadableRecordingError(say("{file!r} must hold a movement sensor, got none.", file=options.typed))
    with one_sentence(options.typed, raw.format_name) as noticed:
        ticks = _all_ticks(raw.sensors, options)
        settled = settle_units(raw.sensors, ticks, options)
        chosen = [number for number, one in enumerate(settled) if one.unit is not None]
        zeros, said = _zeros([ticks[number] for number in chosen])
        grids = [
            on_even_clock(raw.sensors[number].values, ticks[number], zero_s)
            for number, zero_s in zip(chosen, zeros, strict=True)
        ]
    named = _named_apart([raw.sensors[number] for number in chosen])
    channels = tuple(_channels(named, [settled[i] for i in chosen], [ticks[i] for i in chosen], grids))
    return Recording(
        name=raw.name,
        format=raw.format_name,
        channels=channels,
        source=_SingleSource(grids, [one.unit.scale for one in settled if one.unit is not None]),
        start=_start(raw, ticks, zeros, chosen),
        annotations=(*_task(raw, channels), *_from_zero(raw.annotations, min(zeros))),
        warnings=_once(*raw.warnings, *noticed, *said, *_about(raw, ticks, settled, "warnings")),
        notes=_once(*raw.notes, *_about(raw, ticks, settled, "notes")),
    )


def _all_ticks(sensors: Sequence[RawSensor], options: ReadOptions) -> list[Ticks]:
    """Judge each clock once, though several sensors may share it."""
    judged: dict[tuple[int, int, bool], Ticks] = {}
    found = []
    for sensor in sensors:
        key = (id(sensor.stamps), int(np.isnan(sensor.values).all(axis=1).sum()), is_held(sensor.values))
        if sensor.stamps is None or key not in judged:
            judged[key] = ticks_of(sensor, options.sampling_rate_hz, options.typed)
        found.append(judged[key])
    return found


def _zeros(ticks: Sequence[Ticks]) -> tuple[list[float], list[str]]:
    """Return the zero of each clock: one for all, unless they never run at the same time."""
    firsts = [one.first_s for one in ticks]
    lasts = [one.first_s + float(one.times_s[-1]) for one in ticks]
    if max(firsts) <= max(min(lasts), min(firsts) + _DAY_S):
        return [min(firsts)] * len(ticks), []
    said = say("The clocks of the sensors have no time in common; each was counted from its own first sample.")
    return firsts, [said]


def _named_apart(sensors: Sequence[RawSensor]) -> list[RawSensor]:
    """Put the place before the names of sensors that would share one, or else a number behind."""
    counts = {sensor.name: sum(other.name == sensor.name for other in sensors) for sensor in sensors}
    placed = [replace(one, name=_placed(one)) if counts[one.name] > 1 else one for one in sensors]
    names = [one.name for one in placed]
    return [
        replace(one, name=f"{one.name} {names[:number].count(one.name) + 1}") if names.count(one.name) > 1 else one
        for number, one in enumerate(placed)
    ]


def _placed(sensor: RawSensor) -> str:
    side = "" if sensor.side is None else sensor.side.value
    return " ".join(part for part in (side, sensor.site, sensor.name) if part)


def _channels(
    sensors: Sequence[RawSensor], settled: Sequence[Settled], ticks: Sequence[Ticks], grids: Sequence[Singles]
) -> Iterator[Channel]:
    for sensor, one, clock, grid in zip(sensors, settled, ticks, grids, strict=True):
        for axis in sensor.axes:
            yield Channel(
                name=f"{sensor.name} {axis}",
                kind=sensor.kind,
                unit=one.unit.unit,  # type: ignore[union-attr] # those without were left out
                sampling_rate_hz=clock.rate_hz,
                n_samples=grid.shape[1],
                site=sensor.site,
                side=sensor.side,
                array=sensor.name,
            )


def _start(raw: RawMotion, ticks: Sequence[Ticks], zeros: Sequence[float], chosen: Sequence[int]) -> datetime | None:
    """Return the start that the file says, or the one that a clock counting from 1970 gives."""
    if raw.start is not None:
        return raw.start if raw.start_is_first else raw.start + timedelta(seconds=min(zeros))
    for number, zero_s in zip(chosen, zeros, strict=True):
        sensor = raw.sensors[number]
        if sensor.stamps is not None and _EPOCH_S[0] <= zero_s < _EPOCH_S[1] and ticks[number].first_s >= zero_s:
            return datetime.fromtimestamp(round(zero_s, 6), UTC).replace(tzinfo=None)
    return None


def _task(raw: RawMotion, channels: Sequence[Channel]) -> tuple[Annotation, ...]:
    """Note the task over the whole recording."""
    if raw.task is None:
        return ()
    duration_s = max(channel.duration_s for channel in channels)
    return (Annotation(start_s=0.0, duration_s=duration_s, text=f"task: {raw.task.value}"),)


def _from_zero(annotations: Sequence[Annotation], zero_s: float) -> tuple[Annotation, ...]:
    moved = [replace(note, start_s=note.start_s - zero_s) for note in annotations]
    return tuple(sorted(moved, key=lambda note: (note.start_s, note.text)))


def _about(raw: RawMotion, ticks: Sequence[Ticks], settled: Sequence[Settled], what: str) -> Iterator[str]:
    """Give what was found about each sensor, with its name where there are several."""
    for sensor, clock, one in zip(raw.sensors, ticks, settled, strict=True):
        differs = _differs(ticks, clock)
        for said in getattr(clock, what):
            yield say("{sensor}: {said}", sensor=capital(sensor.name), said=said) if differs else said
        yield from getattr(one, what)


def _differs(ticks: Sequence[Ticks], clock: Ticks) -> bool:
    return any(other is not clock for other in ticks)


def _once(*sentences: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))
