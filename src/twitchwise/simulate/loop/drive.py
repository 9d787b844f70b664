"""What descends to the two pools: voluntary level, common fluctuations, rhythm, spasms, volleys.

Everything is drawn from streams of its own and in order of time, so that a longer run begins as a shorter one.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import signal

from twitchwise.simulate.loop.events import LoopEvent, LoopEventKind, in_order
from twitchwise.simulate.loop.frames import FRAME_S, frame_times_s
from twitchwise.simulate.loop.settings import DriveSettings
from twitchwise.vocabulary.arrays import FloatArray

AGONIST, ANTAGONIST = 0, 1
LONGEST_DEVIATION = 3.0  # standard deviations of a drawn period or amplitude: no cycle is of no length

Source = Callable[[str], np.random.Generator]
"""Gives each process a generator of its own, the same for the same name."""


class Descending(NamedTuple):
    """Drive to agonist and antagonist, shape ``(n_frames, 2)``, and the events in it in order of time."""

    drive: FloatArray
    events: tuple[LoopEvent, ...]


def source_of(seed: int) -> Source:
    """Return the source of chance of a run."""
    return lambda name: np.random.Generator(np.random.PCG64([seed, *name.encode()]))


def descending(settings: DriveSettings, n_frames: int, source: Source) -> Descending:
    """Return the drive of each pool in every frame and its events.

    Parameters
    ----------
    settings
        What is to descend.
    n_frames
        How long, in frames.
    source
        Generators by name.
    """
    time_s = frame_times_s(n_frames)
    voluntary = voluntary_drive(settings, time_s)
    parts = [np.stack([voluntary, voluntary * settings.antagonist], axis=1)]
    events: list[LoopEvent] = []
    for present, part in ((settings.tremor, _tremor), (settings.spasm, _spasms), (settings.volley, _volleys)):
        if present:
            drive, found = part(settings, time_s, source)
            parts.append(drive)
            events.extend(found)
    total = np.sum(parts, axis=0)
    if settings.common_spread and total.any():
        total *= np.maximum(1 + settings.common_spread * _slow_noise(settings, n_frames, source), 0)
    return Descending(total, in_order(events, n_frames * FRAME_S))


def voluntary_drive(settings: DriveSettings, time_s: FloatArray) -> FloatArray:
    """Return the voluntary drive: a ramp, a level, and a ramp back where it is held for a time; shape of the times."""
    level, ramp_s = settings.voluntary * settings.voluntary_scale, settings.ramp_time_s
    end_s = ramp_s + settings.hold_time_s if settings.hold_time_s else math.inf
    rising = time_s / ramp_s if ramp_s else np.ones_like(time_s)
    falling = 1 - (time_s - end_s) / ramp_s if ramp_s else (time_s < end_s) * 1.0
    drive: FloatArray = min(level, 1.0) * np.clip(np.minimum(rising, falling), 0, 1)
    return drive


def _slow_noise(settings: DriveSettings, n_frames: int, source: Source) -> FloatArray:
    """Return fluctuations below a frequency, standard deviation 1, one column for each pool."""
    low_pass = signal.butter(2, settings.common_band_hz, fs=1 / FRAME_S)
    response = signal.lfilter(*low_pass, np.eye(1, round(2 / (settings.common_band_hz * FRAME_S)))[0])
    columns = [source(f"common drive {pool}").standard_normal(n_frames) for pool in (AGONIST, ANTAGONIST)]
    noise: FloatArray = signal.lfilter(*low_pass, np.stack(columns), axis=1).T / np.sqrt(np.sum(response**2))
    return noise


def _tremor(settings: DriveSettings, time_s: FloatArray, source: Source) -> tuple[FloatArray, list[LoopEvent]]:
    """Return half waves of drive, cycle after cycle of a drawn length and amplitude."""
    ends, amplitudes = _cycles(settings, float(time_s[-1]), source)
    turns = np.interp(time_s, np.concatenate([[0.0], ends]), np.arange(ends.size + 1))
    size = settings.tremor * np.interp(turns, np.arange(amplitudes.size), amplitudes)
    phase = 2 * math.pi * turns
    antagonist = np.sin(phase + settings.tremor_antagonist_phase_rad) * settings.tremor_antagonist
    waves = np.maximum(np.stack([np.sin(phase), antagonist], axis=1), 0)
    starts = np.concatenate([[0.0], ends])
    within = np.flatnonzero(ends <= time_s[-1])
    return size[:, None] * waves, _events(LoopEventKind.TREMOR_CYCLE, starts[within], ends[within])


def _cycles(settings: DriveSettings, until_s: float, source: Source) -> tuple[FloatArray, FloatArray]:
    """Return when each cycle ends, the last beyond the run, and how large the rhythm is at its start."""
    frequency_hz = settings.tremor_frequency_hz
    n_cycles = math.ceil(until_s * frequency_hz * 2) + 10  # a cycle is never half as long: none is missing
    bounded = np.clip(source("tremor period").standard_normal(n_cycles), -LONGEST_DEVIATION, LONGEST_DEVIATION)
    periods = (1 + settings.tremor_frequency_spread * bounded) / frequency_hz
    kept = math.exp(-1 / (frequency_hz * settings.tremor_waxing_time_s))
    chance = source("tremor amplitude").standard_normal(n_cycles)
    chance[1:] *= math.sqrt(1 - kept**2)
    size = np.exp(settings.tremor_waxing * signal.lfilter([1.0], [1.0, -kept], chance) - settings.tremor_waxing**2 / 2)
    return np.cumsum(periods), size


def _spasms(settings: DriveSettings, time_s: FloatArray, source: Source) -> tuple[FloatArray, list[LoopEvent]]:
    """Return spasms of the agonist, from half to one and a half times as long as on average."""
    starts, ends = _episodes(settings.spasm_rate_per_min, settings.spasm_duration_s, 0.5, time_s, source("spasms"))
    drive = np.zeros((time_s.size, 2))
    for start, end in zip(starts, ends, strict=True):
        edge = np.minimum(time_s - start, end - time_s) / (settings.spasm_onset_share * (end - start))
        drive[:, AGONIST] += settings.spasm * np.clip(edge, 0, 1)
    return drive, _events(LoopEventKind.SPASM, starts, ends)


def _volleys(settings: DriveSettings, time_s: FloatArray, source: Source) -> tuple[FloatArray, list[LoopEvent]]:
    """Return sudden volleys to both pools, each at full strength while it lasts."""
    starts, ends = _episodes(
        settings.volley_rate_per_min,
        settings.volley_duration_s,
        settings.volley_duration_spread,
        time_s,
        source("volleys"),
    )
    during = np.zeros(time_s.size)
    for start, end in zip(starts, ends, strict=True):
        during += (time_s >= start) & (time_s < end)
    return settings.volley * np.outer(during, [1.0, settings.volley_antagonist]), _events(
        LoopEventKind.JERK, starts, ends
    )


def _episodes(
    rate_per_min: float, duration_s: float, spread: float, time_s: FloatArray, generator: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return starts and ends of episodes that do not overlap and begin within the run."""
    until_s = time_s[-1] + FRAME_S
    starts: list[float] = []
    ends: list[float] = []
    now_s = 0.0
    while rate_per_min:
        start = now_s + generator.exponential(60 / rate_per_min)
        if start >= until_s:
            break
        now_s = start + duration_s * generator.uniform(1 - spread, 1 + spread)
        starts.append(start)
        ends.append(now_s)
    return np.array(starts), np.array(ends)


def _events(kind: LoopEventKind, starts: FloatArray, ends: FloatArray) -> list[LoopEvent]:
    return [
        LoopEvent(kind=kind, start_s=float(start), end_s=float(end)) for start, end in zip(starts, ends, strict=True)
    ]
