"""Fasciculations put together from a real grid recording: its shapes at sparse times, its noise, its contractions.

Shapes come at irregular times (each unit a Poisson process with a dead time; one in ten is a doublet), scaled to a
given peak on their clearest channel, and each vary by a twentieth in size. In two rows potentials of two units overlap
at a delay drawn anew each time; both are asked for, since nothing ties them together. A doublet is one event. Noise has
an RMS of 10 uV on the middle channel, or on the one that is used. Contractions are scaled as the noise is, so that they
are as large over it as they were.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from benchmarks.accuracy.emg.grid_recording import GridRecording, crossfaded, standing_out
from benchmarks.accuracy.emg.scenes import Samples, Scene, Truth, add_shapes, channels_of, random_times

from twitchwise.signals import Intervals
from twitchwise.vocabulary.arrays import IntArray

NOISE_V = 10e-6
DEAD_TIME_S = 0.1
DOUBLET_SHARE, DOUBLET_S = 0.1, (0.005, 0.015)
SIZE_SPREAD = 0.05
PAIRED_S = (0.002, 0.015)
HOLDS_S = (1.5, 4.0)
FADE_S = 0.1
LEVELS_V = (20e-6, 30e-6, 50e-6, 100e-6)
MIXED_V = (20e-6, 100e-6)
Montage = Callable[[Samples], Samples]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a scene holds.

    ``peaks_v`` are the least and greatest size of a unit on its clearest channel; ``bursts`` the number of
    contractions; ``montage`` is all, monopolar or bipolar; ``paired_share`` is the share of discharges that overlap
    with one of another unit, at any delay within ``PAIRED_S``. Both are asked for: their delay varies, so they are two.
    """

    name: str
    peaks_v: tuple[float, float]
    rate_per_min: float = 20.0
    bursts: int = 0
    montage: str = "all"
    paired_share: float = 0.0
    duration_s: float = 120.0
    seed: int = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class _Discharges:
    """When which unit discharges, first and second of a doublet together, in samples."""

    first: IntArray
    second: IntArray
    unit: IntArray


def made(plan: Plan, grid: GridRecording) -> Scene:
    """Return the scene of a plan."""
    rng = np.random.default_rng([plan.seed, round(1e6 * plan.peaks_v[0]), round(10 * plan.rate_per_min), plan.bursts])
    shapes, view, channels, clearest = _montage(plan, grid)
    peaks_v = np.exp(rng.uniform(np.log(plan.peaks_v[0]), np.log(plan.peaks_v[1]), grid.n_units))
    shapes = shapes * (peaks_v / np.abs(shapes).max(axis=(1, 2)))[:, np.newaxis, np.newaxis].astype(np.float32)
    scale = NOISE_V / float(np.median(view(np.concatenate(grid.quiet_v, axis=1)).std(axis=1)))
    total, active = _background(plan, grid, rng)
    total = np.ascontiguousarray(view(total) * np.float32(scale))
    discharges = _discharges(plan, grid, total.shape[1] / grid.rate_hz, rng)
    middle = [np.abs(shape[np.abs(shape).max(axis=1).argmax()]).argmax() for shape in shapes]
    for unit, shape in enumerate(shapes):
        for at in (discharges.first[discharges.unit == unit], _seconds(discharges, unit)):
            add_shapes(total, shape, int(middle[unit]), at, 1 + SIZE_SPREAD * rng.standard_normal(at.size))
    clear = int(np.abs(shapes).max(axis=2).sum(axis=0).argmax()) if clearest is None else clearest
    return Scene(
        name=plan.name,
        samples_v=total,
        channels=tuple(replace(channel, n_samples=total.shape[1]) for channel in channels),
        truth=_truth(discharges, _reach(shapes), grid.rate_hz).with_activity(active),
        clearest=clear,
    )


def _montage(plan: Plan, grid: GridRecording) -> tuple[Samples, Montage, tuple, int | None]:  # type: ignore[type-arg]
    """Return shapes, how channels are taken from the grid, what they are, and the clearest if there is one only."""
    shapes = grid.shapes_v
    at = int(np.abs(shapes).max(axis=2).min(axis=0).argmax())  # where the smallest unit is largest
    if plan.montage == "all":
        array = [replace(channel, array=channel.array or "grid") for channel in grid.channels]
        return shapes, lambda x: x, tuple(array), None
    if plan.montage == "monopolar":
        return shapes[:, [at]], lambda x: x[[at]], channels_of(["EMG"], 0, grid.rate_hz), 0
    at = min(at, shapes.shape[1] - 2)
    pair = shapes[:, [at]] - shapes[:, [at + 1]]
    return pair, lambda x: x[[at]] - x[[at + 1]], channels_of(["EMG"], 0, grid.rate_hz), 0


def _background(plan: Plan, grid: GridRecording, rng: np.random.Generator) -> tuple[Samples, Intervals]:
    """Return noise with contractions between, as large as they were, and when these are."""
    if not plan.bursts:
        return grid.noise_v(plan.duration_s, rng), Intervals()
    n_fade = round(FADE_S * grid.rate_hz)
    total = grid.noise_v(plan.duration_s / (plan.bursts + 1), rng)
    spans = []
    for number in range(plan.bursts):
        contraction, (start, stop) = grid.contraction_v(HOLDS_S[number % len(HOLDS_S)])
        begins = total.shape[1] - n_fade
        spans.append((begins / grid.rate_hz + start, begins / grid.rate_hz + stop))
        total = crossfaded(total, contraction, n_fade)
        total = crossfaded(total, grid.noise_v(plan.duration_s / (plan.bursts + 1), rng), n_fade)
    return total, Intervals.union(spans)


def _discharges(plan: Plan, grid: GridRecording, duration_s: float, rng: np.random.Generator) -> _Discharges:
    each = plan.rate_per_min / grid.n_units * (1 - plan.paired_share / 2)
    trains = [random_times(rng, each, duration_s, dead_time_s=DEAD_TIME_S) for _ in range(grid.n_units)]
    unit = np.repeat(np.arange(grid.n_units), [train.size for train in trains])
    times = np.concatenate(trains)
    if plan.paired_share:
        followed = plan.paired_share / (2 - plan.paired_share)  # of those that do not follow another
        first = np.flatnonzero(np.diff(np.floor(followed * np.arange(times.size + 1))))
        times = np.concatenate([times, times[first] + rng.uniform(*PAIRED_S, first.size)])
        other = (unit[first] + 1 + rng.integers(grid.n_units - 1, size=first.size)) % grid.n_units
        unit = np.concatenate([unit, other])
    is_doublet = rng.random(times.size) < (0.0 if plan.paired_share else DOUBLET_SHARE)
    again = times + np.where(is_doublet, rng.uniform(*DOUBLET_S, times.size), 0.0)
    order = np.argsort(times, kind="stable")
    first, second = (np.rint(values[order] * grid.rate_hz).astype(np.int64) for values in (times, again))
    return _Discharges(first=first, second=second, unit=unit[order])


def _seconds(discharges: _Discharges, unit: int) -> IntArray:
    mine = (discharges.unit == unit) & (discharges.second > discharges.first)
    return np.asarray(discharges.second[mine], dtype=np.int64)


def _reach(shapes: Samples) -> IntArray:
    """Return how far before and after its peak each shape is half as large on its clearest channel, in samples.

    Monopolar potentials of long fibers have two peaks of like size some 10 ms apart; either may be found.
    """
    reach = []
    for shape in shapes:
        clear = np.abs(shape[np.abs(shape).max(axis=1).argmax()])
        large = np.flatnonzero(clear >= clear.max() / 2)
        reach.append((clear.argmax() - large[0], large[-1] - clear.argmax()))
    return np.array(reach, dtype=np.int64)


def _truth(discharges: _Discharges, reach: IntArray, rate_hz: float) -> Truth:
    before, after = reach[discharges.unit].T
    return Truth(
        start_s=(discharges.first - before) / rate_hz,
        peak_s=discharges.first / rate_hz,
        end_s=(discharges.second + after) / rate_hz,
        unit=discharges.unit + 1,
        counted=np.ones(discharges.first.size, dtype=np.bool_),
        is_single=discharges.first == discharges.second,
    )


def plans(montage: str, *, is_quick: bool) -> Iterator[Plan]:
    """Give the plans of a montage, the one of the target first."""
    base = Plan(name="", peaks_v=MIXED_V, montage=montage, duration_s=60.0 if is_quick else 120.0)
    rows = [
        replace(base, name="20-100 uV, contractions between", bursts=2),
        *(replace(base, name=f"{1e6 * v:g} uV", peaks_v=(v, v)) for v in LEVELS_V),
        replace(base, name="20-100 uV, 1 a minute", rate_per_min=1.0, duration_s=5 * base.duration_s / 2),
        replace(base, name="20-100 uV, 40 a minute", rate_per_min=40.0),
        replace(base, name="50 uV, half of them overlap", peaks_v=(50e-6, 50e-6), paired_share=0.5),
        replace(base, name="50 uV, two units overlap", peaks_v=(50e-6, 50e-6), paired_share=1.0),
    ]
    for number, row in enumerate(rows):
        n_seeds = 1 if is_quick else 6 if number == 0 or montage != "all" else 2
        yield from (replace(row, seed=seed) for seed in range(1, 1 + n_seeds))


def at_best(grid: GridRecording) -> Iterator[tuple[str, str, str, str]]:
    """Give for each size how far the least and the most discernible unit stand out, in each montage, at best."""
    for level in LEVELS_V:
        ratios = []
        for montage in ("all", "monopolar", "bipolar"):
            shapes, view, _, _ = _montage(Plan(name="", peaks_v=MIXED_V, montage=montage), grid)
            taken = view(np.eye(len(grid.channels), dtype=np.float32)).astype(np.float64)
            scale = NOISE_V / float(np.median(view(np.concatenate(grid.quiet_v, axis=1)).std(axis=1)))
            sized = [shape * (level / np.abs(shape).max() / scale) for shape in shapes]
            found = [standing_out(grid, shape, taken) for shape in sized]
            ratios.append(f"{min(found):.1f} to {max(found):.1f}")
        yield f"{1e6 * level:g} uV", ratios[0], ratios[1], ratios[2]
