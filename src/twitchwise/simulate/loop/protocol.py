"""What an examiner does to the limb, frame by frame: tendon taps, imposed stretches, stimuli of the nerve."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from twitchwise.simulate.loop.events import LoopEvent, LoopEventKind, in_order
from twitchwise.simulate.loop.frames import FRAME_S, frame_times_s
from twitchwise.simulate.loop.settings import Protocol
from twitchwise.vocabulary.arrays import FloatArray, IntArray

NEVER = -1  # frames since a stimulus, before the first


class Examination(NamedTuple):
    """What is done in every frame; every array has shape ``(n_frames,)``."""

    tap_radps: FloatArray
    """Velocity of stretch that a tap adds to what the agonist's spindles feel."""
    torque_nm: FloatArray
    """Torque on the joint; negative where it stretches the agonist."""
    held_angle_rad: FloatArray
    """Angle that a motor holds the joint at, where one does."""
    since_stimulus: IntArray
    """Frames since the last stimulus, -1 before the first."""
    events: tuple[LoopEvent, ...]


def examination(protocol: Protocol, n_frames: int) -> Examination:
    """Return what a protocol does to the limb in a run of a number of frames; the end may cut the last of it."""
    time_s = frame_times_s(n_frames)
    taps = _repeated_s(protocol, protocol.tap_interval_s, n_frames)
    stretches = _repeated_s(protocol, protocol.stretch_interval_s, n_frames)
    stimuli = _stimuli(protocol, n_frames)
    events = [_event(LoopEventKind.TAP, start, start + protocol.tap_duration_s) for start in taps]
    events += [_event(LoopEventKind.STRETCH, start, start + protocol.stretch_duration_s) for start in stretches]
    events += [_event(LoopEventKind.STIMULUS, frame * FRAME_S, frame * FRAME_S) for frame in stimuli]
    return Examination(
        tap_radps=protocol.tap_strength_radps * _half_waves(time_s, taps, protocol.tap_duration_s),
        torque_nm=-protocol.stretch_torque_nm * _pulses(time_s, stretches, protocol.stretch_duration_s),
        held_angle_rad=-protocol.stretch_amplitude_rad * _trapezoids(time_s, stretches, protocol.stretch_duration_s),
        since_stimulus=_since(stimuli, n_frames),
        events=in_order(events, n_frames * FRAME_S),
    )


def cut_short(protocol: Protocol, duration_s: float) -> Iterator[str]:
    """Give a sentence for each part of a protocol that a run is too short for."""
    train_s = (protocol.stimulus_count - 1) / (protocol.stimulus_rate_hz or math.inf)
    parts = (
        ("tap", protocol.tap_interval_s, protocol.tap_duration_s),
        ("stretch", protocol.stretch_interval_s, _stretch_parts(protocol) * protocol.stretch_duration_s),
        ("train of stimuli", protocol.stimulus_interval_s, train_s),
    )
    for name, interval_s, length_s in parts:
        if interval_s and not _repeated_s(protocol, interval_s, round(duration_s / FRAME_S)).size:
            yield f"The first {name} comes {protocol.first_s:g} s after the start; {duration_s:g} s hold none."
        elif interval_s and protocol.first_s + length_s > duration_s:
            yield f"The first {name} lasts {length_s:.3g} s and is cut at the end of the recording."


def _stretch_parts(protocol: Protocol) -> int:
    """Return how many times its duration a stretch takes: a turn goes there, is held, and comes back."""
    return 3 if protocol.stretch_amplitude_rad else 1


def _repeated_s(protocol: Protocol, interval_s: float, n_frames: int) -> FloatArray:
    """Return when something that is done again and again begins within the run."""
    if not interval_s:
        return np.zeros(0)
    most = math.ceil(n_frames * FRAME_S / interval_s)
    starts = protocol.first_s + np.arange(most, dtype=np.float64) * interval_s
    return starts[np.rint(starts / FRAME_S) < n_frames]


def _stimuli(protocol: Protocol, n_frames: int) -> IntArray:
    """Return the frames of the stimuli, ascending."""
    offsets = np.arange(round(protocol.stimulus_count)) / (protocol.stimulus_rate_hz or math.inf)
    trains = _repeated_s(protocol, protocol.stimulus_interval_s, n_frames)
    frames = np.unique(np.rint(np.add.outer(trains, offsets) / FRAME_S).astype(np.int64))
    return frames[frames < n_frames]


def _half_waves(time_s: FloatArray, starts: FloatArray, duration_s: float) -> FloatArray:
    total = np.zeros_like(time_s)
    for start in starts:
        share = (time_s - start + FRAME_S / 2) / duration_s
        total += np.where((share > 0) & (share < 1), np.sin(np.pi * share), 0)
    return total


def _pulses(time_s: FloatArray, starts: FloatArray, duration_s: float) -> FloatArray:
    total = np.zeros_like(time_s)
    for start in starts:
        total += (time_s >= start) & (time_s < start + duration_s)
    return total


def _trapezoids(time_s: FloatArray, starts: FloatArray, duration_s: float) -> FloatArray:
    """Return a ramp up, a hold and a ramp down, each of the duration, after each start."""
    total = np.zeros_like(time_s)
    for start in starts:
        share = (time_s - start) / duration_s
        total += np.clip(np.minimum(share, 3 - share), 0, 1)
    return total


def _since(stimuli: IntArray, n_frames: int) -> IntArray:
    frames = np.arange(n_frames)
    last = np.searchsorted(stimuli, frames, side="right") - 1
    padded = np.concatenate([stimuli, [0]])  # index -1, before the first, lands on the padding
    return np.where(last < 0, NEVER, frames - padded[last]).astype(np.int64)


def _event(kind: LoopEventKind, start_s: float, end_s: float) -> LoopEvent:
    return LoopEvent(kind=kind, start_s=float(start_s), end_s=float(end_s))
