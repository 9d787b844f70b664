"""Recordings of the forward model, over size, rate, overlap, activity, muscle and condition, with its own truth.

Signal-to-noise is the peak of a unit's potential on its clearest channel over the RMS of the raw noise of one channel,
before any filter. The noise is that of the model, 1/f below 20 Hz. Events whose own signal-to-noise is below 3 need
not be found, and are not held against a method that finds them. Two units that one cause makes discharge together, and
a doublet, are one event here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from benchmarks.accuracy.emg.scenes import Samples, Scene, Truth, channels_of

from twitchwise.signals import EventTrain, Intervals
from twitchwise.simulate import (
    Apparatus,
    Grid,
    Setting,
    Simulation,
    known_conditions,
    parameters_for,
    simulate_condition,
)
from twitchwise.simulate.muscle import Contact, Contacts
from twitchwise.vocabulary import ChannelKind, EventKind

RATE_HZ = 2048.0
CONDITION, RATE = "benign_fasciculation_syndrome", "fasciculation_rate_per_min"
CORNER_HZ = 20.0
LEAST_SNR = 3.0
OF_PHASE = 0.95  # of its size is left of a potential that was sampled beside its peak
SIX = ("fasciculating_units", 6.0)
SNRS = (3.0, 4.0, 5.0, 8.0, 15.0)
RATES_PER_MIN = (1.0, 10.0, 40.0, 80.0, 200.0)
MUSCLES = ("biceps_brachii", "first_dorsal_interosseous", "gastrocnemius", "tibialis_anterior", "vastus_lateralis")
LEAST_PER_MIN = 2.0
NATURAL_NOISE_V = 3e-6
MOST_NOISE_V = 10e-6  # of a fair contact
CLEAN = {"surface_emg_noise_rms": 0.0, "mains_amplitude": 0.0}
GRID = Grid(rows=8, columns=8, spacing_m=0.008)
FADE_S = 0.1  # in which a contraction is let go
BEFORE_S = 0.003  # a discharge comes this long before its potential at most


@dataclass(frozen=True, kw_only=True)
class Clean:
    """A simulation without noise: its samples in V, shape ``(n_channels, n_samples)``, and its truth."""

    simulation: Simulation
    samples_v: Samples
    truth: Truth
    peak_v: "np.typing.NDArray[np.float64]"
    clearest: int


@lru_cache(maxsize=4)
def clean(
    condition: str, duration_s: float, seed: int, *, is_grid: bool = False, changes: tuple[tuple[str, float], ...] = ()
) -> Clean:
    """Simulate at rest without noise; ``changes`` are parameters of the model."""
    setting = Setting(condition=condition, scene="rest", changes={**CLEAN, **dict(changes)})
    return _clean_of(setting, duration_s, seed, is_grid=is_grid)


def _clean_of(setting: Setting, duration_s: float, seed: int, *, is_grid: bool) -> Clean:
    apparatus = Apparatus(electrodes=GRID if is_grid else None, sampling_rate_hz=RATE_HZ)
    simulation = simulate_condition(setting, duration_s=duration_s, seed=seed, apparatus=apparatus)
    names = [channel.name for channel in simulation.recording.channels if channel.kind is ChannelKind.EMG]
    names = [name for name in names if is_grid or name == "EMG"]
    samples = np.stack([simulation.recording.read(name) for name in names]).astype(np.float32)
    potentials = next(one for one in simulation.events if one.kind is EventKind.FASCICULATION_POTENTIAL)
    others = [one for one in simulation.events if one.kind is not EventKind.FASCICULATION_POTENTIAL]
    spans = [(start, stop) for one in others for start, stop in zip(one.start_s, one.end_s, strict=True)]
    truth = _truth_of(simulation, potentials).with_activity(Intervals.union(spans))
    clearest = names.index(potentials.channel) if potentials.channel in names else 0
    return Clean(
        simulation=simulation, samples_v=samples, truth=truth, peak_v=np.abs(potentials.peak), clearest=clearest
    )


def _truth_of(simulation: Simulation, events: EventTrain) -> Truth:
    """Return the events with the motor unit that discharged first in each."""
    table = simulation.discharges
    mine = np.flatnonzero(table.kind == table.kinds.index("fasciculation"))
    time_s, unit = table.time_s[mine], table.motor_unit[mine]
    first, last = np.searchsorted(time_s, [events.start_s - BEFORE_S, events.end_s])
    return Truth(
        start_s=events.start_s,
        peak_s=events.peak_s,
        end_s=events.end_s,
        unit=unit[np.minimum(first, max(time_s.size - 1, 0))] + 1 if len(events) else np.empty(0, dtype=np.int64),
        counted=np.ones(len(events), dtype=np.bool_),
        is_single=last - first <= 1,
    )


def noisy(name: str, one: Clean, noise_v: float, seed: int) -> Scene:
    """Return the scene with noise of a given RMS, in which small events need not be found.

    Where that is more than the noise of a fair contact, signal and noise are made smaller together: such noise is no
    rest, and what is asked is how well potentials are told from noise.
    """
    total = one.samples_v.T.copy(order="C")  # noise is added in place
    contact = Contact(noise_rms_v=noise_v, corner_hz=CORNER_HZ)
    Contacts(contacts=[contact] * total.shape[1], sampling_rate_hz=RATE_HZ, seed=1000 + seed).add_to(
        total, first_sample=0
    )
    total *= np.float32(min(1.0, MOST_NOISE_V / noise_v))
    emg = [channel for channel in one.simulation.recording.channels if channel.kind is ChannelKind.EMG]
    emg = emg[: total.shape[1]]
    large = one.peak_v >= OF_PHASE * LEAST_SNR * noise_v
    return Scene(
        name=name,
        samples_v=np.ascontiguousarray(total.T),
        channels=channels_of(
            [channel.name for channel in emg],
            total.shape[0],
            RATE_HZ,
            array="grid" if len(emg) > 1 else None,
            positions_m=[channel.position_m for channel in emg],
        ),
        truth=replace(one.truth, counted=one.truth.counted & large),
        clearest=one.clearest,
    )


def by_size(*, is_grid: bool, seeds: range, duration_s: float) -> Iterator[Scene]:
    """Give scenes of a single unit at each signal-to-noise."""
    changes = (("fasciculating_units", 1.0), (RATE, 20.0))
    for seed in seeds:
        one = clean(CONDITION, duration_s, seed, is_grid=is_grid, changes=changes)
        if len(one.truth):
            for snr in SNRS:
                yield noisy(f"one unit, signal-to-noise {snr:g}", one, float(np.median(one.peak_v)) / snr, seed)


def by_rate(*, is_grid: bool, seeds: range, duration_s: float) -> Iterator[Scene]:
    """Give scenes of several units at each rate, the middle one of eight times the noise."""
    for per_min in RATES_PER_MIN:
        for seed in seeds:
            one = clean(CONDITION, duration_s, seed, is_grid=is_grid, changes=((RATE, per_min), SIX))
            if len(one.truth):
                yield noisy(f"units of their own sizes, {per_min:g} a minute", one, for_middle(one, 8.0), seed)


def overlapping(*, is_grid: bool, seeds: range, duration_s: float) -> Iterator[Scene]:
    """Give scenes in which two units often discharge within a few milliseconds, as one fasciculation."""
    changes = (("fasciculation_multi_unit_share", 0.5), (RATE, 40.0), SIX)
    for seed in seeds:
        one = clean(CONDITION, duration_s, seed, is_grid=is_grid, changes=changes)
        yield noisy("half of them of two units together", one, for_middle(one, 8.0), seed)


def with_contractions(*, is_grid: bool, seeds: range, duration_s: float) -> Iterator[Scene]:
    """Give scenes with contractions between, strong or weak."""
    for drive, word in ((0.2, "strong"), (0.03, "weak")):
        for seed in seeds:
            one = clean(CONDITION, duration_s, seed, is_grid=is_grid, changes=((RATE, 40.0), SIX))
            moved = _contracting(one, drive, seed, is_grid=is_grid)
            yield noisy(f"{word} contractions between", moved, for_middle(one, 8.0), seed)


@lru_cache(maxsize=2)
def _contraction_v(drive: float, seed: int, *, is_grid: bool) -> Samples:
    """Return the EMG of a contraction that comes up in half a second and is let go, in V."""
    changes = {**CLEAN, "voluntary_drive": drive, "voluntary_ramp_time": 0.5, "fasciculation_rate_per_min": 0.0}
    setting = Setting(condition=CONDITION, scene="contraction", changes=changes)
    samples = _clean_of(setting, 5.0, seed, is_grid=is_grid).samples_v.copy()
    n_fade = round(FADE_S * RATE_HZ)
    samples[:, -n_fade:] *= np.linspace(1, 0, n_fade, dtype=np.float32)
    return samples


def contraction_alone_v(drive: float, seed: int) -> Samples:
    """Return five seconds of a contraction that begins and ends, without noise, at one pair of electrodes, in V."""
    return _contraction_v(drive, seed, is_grid=False)


def _contracting(one: Clean, drive: float, seed: int, *, is_grid: bool) -> Clean:
    """Return the scene with a contraction at one and at two thirds."""
    samples, effort = one.samples_v.copy(), _contraction_v(drive, seed, is_grid=is_grid)
    stirs = np.flatnonzero(np.abs(effort).max(axis=0) > 0)
    spans = []
    for share in (1 / 3, 2 / 3):
        first = round(share * samples.shape[1])
        samples[:, first : first + effort.shape[1]] += effort
        spans.append(((first + stirs[0]) / RATE_HZ, (first + stirs[-1]) / RATE_HZ))
    active = Intervals.union([*one.truth.active.spans, *spans])
    return replace(one, samples_v=samples, truth=one.truth.with_activity(active))


def for_middle(one: Clean, snr: float) -> float:
    """Return the noise over which the middle event has a given signal-to-noise, in V."""
    return float(np.median(one.peak_v)) / snr if one.peak_v.size else NATURAL_NOISE_V


def by_muscle(*, duration_s: float, seed: int = 3) -> Iterator[Scene]:
    """Give a scene of each muscle, with benign fasciculations and the noise of a good contact."""
    for muscle in MUSCLES:
        setting = Setting(
            condition="benign_fasciculation_syndrome",
            scene="rest",
            muscle=muscle,
            changes={**CLEAN, "fasciculation_rate_per_min": 20.0},
        )
        one = _clean_of(setting, duration_s, seed, is_grid=False)
        yield noisy(muscle.replace("_", " "), one, NATURAL_NOISE_V, seed)


def by_condition(*, duration_s: float, seed: int = 7) -> Iterator[Scene]:
    """Give a scene of each condition in which single potentials occur, with the noise of a good contact."""
    for condition in known_conditions():
        if parameters_for(Setting(condition=condition, scene="rest"))["fasciculation_rate_per_min"] >= LEAST_PER_MIN:
            one = clean(condition, duration_s, seed)
            yield noisy(condition.replace("_", " "), one, NATURAL_NOISE_V, seed)


def scenes_to_fit() -> list[Scene]:
    """Return scenes for fitting a method that needs that; their seeds are not used for scores."""
    seeds = range(901, 903)
    return [
        *by_size(is_grid=False, seeds=seeds, duration_s=60.0),
        *by_rate(is_grid=False, seeds=seeds, duration_s=60.0),
    ]


def scenes_of(*, is_grid: bool, is_quick: bool) -> Iterator[tuple[str, Scene]]:
    """Give scenes over size, rate, overlap and activity, each with the name of its table."""
    seeds = range(1, 2) if is_quick else range(1, 3 if is_grid else 6)
    for kind in (by_size, by_rate, overlapping, with_contractions):
        for scene in kind(is_grid=is_grid, seeds=seeds, duration_s=60.0 if is_quick else 120.0):
            yield "grid of 8 x 8" if is_grid else "one pair of electrodes", scene


def kinds_of_muscle(*, is_quick: bool) -> Iterator[tuple[str, Scene]]:
    """Give scenes of muscles and conditions, each with the name of its table."""
    duration_s = 60.0 if is_quick else 240.0
    for scene in by_muscle(duration_s=duration_s):
        yield "muscles", scene
    for scene in by_condition(duration_s=duration_s):
        yield "conditions", scene
