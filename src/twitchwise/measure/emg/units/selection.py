"""Which units to keep: no unit twice, none made of others, none made of what greater ones leave, none two in one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.ndimage import uniform_filter1d

from twitchwise.measure.emg.units.explain import Scene, without
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.pursuit import Pursuit
from twitchwise.measure.emg.units.settings import UnitSettings
from twitchwise.measure.emg.units.shapes import two_heaps
from twitchwise.measure.emg.units.templates import Templates
from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Templates closer than so many standard deviations are one: the spread of a unit's own potentials adds to noise.
_TWIN_DEVIATIONS, _TWIN_VARIATION, _TWIN_SHARE = 4.0, 0.0015, 0.25
# A template of which others together leave less than this share of the energy is a collision of theirs.
_SUM_SHARE = 0.2
# Two discharges make one shape if they lie so close to one lag; more such meetings than these are not by chance.
_MEETING_S, _CHANCES, _CHANCE_FACTOR = 0.001, 3, 4.0
# A unit may be what is left of those that are greater by this factor.
_GREATER = 3.0
# It is, if it lies near them more often than chance has it, by so many standard deviations and this much more.
_NEAR_DEVIATIONS, _NEAR_SHARE = 3.0, 0.1
# Intervals that tell of chance: how many, how likely short ones are at random, and how many of these are there.
_INTERVALS, _CHANCE, _OF_CHANCE, _BURST = 20, 0.25, 0.6, 0.6
# Noise in a mean passes for shape only above this multiple of its variance, smoothed over so many samples.
_SHRINK, _SMOOTH = 2.0, 5
# Two heaps are two units if both have so many potentials, of at least so many in all, and this share of them.
_HEAP, _HEAPS, _HEAP_SHARE = 5, 12, 0.05
# The spread of sizes that was expected counts as much as so many potentials.
_PRIOR = 4.0
# Matched filters of what is left vary within these bounds; outside, little is left or much is not yet explained.
_NOISE = (0.7, 3.0)
# Potentials that say how much a template leaves: the share of the least overlapped ones.
_LEAST_OVERLAPPED = 0.4
# A potential is moved onto a phase that is greater than the one in the middle by this factor.
_MUCH = 1.2
# A unit discharges at least twice.
_LEAST_COUNT = 2
_MEDIAN_SIZE = 0.6745
# So many meetings must be expected by chance for their number to tell: then none has a chance of one in fifty. So many
# times the expected ones are chance; more is a burst, or one cause.
EXPECTED, _CHANCE_MEETS = 4.0, (0.5, 3.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """What is known of one unit; see `Templates`. ``times`` of what it was, or a part of, are in samples, in order."""

    shape: Samples
    spread: float
    misfit: float
    rate: float
    noise: float
    times: FloatArray = field(default_factory=lambda: np.empty(0))


def table_of(rows: Sequence[Row], like: Templates) -> Templates:
    """Return units row by row as templates; ``like`` gives the shape where there is none."""
    if not rows:
        return like.subset([])
    return Templates(
        shapes=np.array([row.shape for row in rows], dtype=np.float32),
        spread=np.array([row.spread for row in rows]),
        misfit=np.array([row.misfit for row in rows]),
        rate=np.array([row.rate for row in rows]),
        noise=np.array([row.noise for row in rows]),
    )


def shrunk(mean: Samples, deviation: Samples, count: int) -> Samples:
    """Take out of the mean of some potentials what noise and neighbors may have given it.

    What is common to the components is told from noise first (singular values above those of noise alone, Marchenko
    and Pastur 1967, https://doi.org/10.1070/SM1967v001n04ABEH001994), then what lies in time.
    """
    n_components, length = mean.shape
    spread = np.mean(np.maximum(deviation.astype(np.float64), 1.0) ** 2, axis=0) / count
    left, size, right = np.linalg.svd(mean.astype(np.float64), full_matrices=False)
    edge = np.sqrt(np.median(spread)) * (np.sqrt(n_components) + np.sqrt(length))
    kept = size > (edge if n_components > 1 else 0.0)
    rows = size[kept, None] * right[kept]
    power = uniform_filter1d(rows**2, _SMOOTH, axis=1, mode="constant")
    noise = uniform_filter1d(spread, _SMOOTH, mode="nearest")
    gain = np.maximum(1 - _SHRINK * noise / np.maximum(power, 1e-12), 0)
    return np.asarray(left[:, kept] @ (rows * gain), dtype=np.float32)


def centered(shape: Samples, slack: int) -> Samples:
    """Return a shape moved so that its greatest sample is in the middle, if it is far from it and much greater."""
    size, middle = np.abs(shape).max(axis=0), shape.shape[1] // 2
    greatest = int(size.argmax())
    by = middle - greatest
    if abs(by) <= slack or size[greatest] < _MUCH * size[middle - slack : middle + slack + 1].max():
        return shape
    return moved_by(shape, by)


def moved_by(shape: Samples, by: int) -> Samples:
    """Return a shape moved later by whole samples, with zeros where nothing is known."""
    moved, n = np.zeros_like(shape), shape.shape[1]
    moved[:, max(by, 0) : n + min(by, 0)] = shape[:, max(-by, 0) : n - max(by, 0)]
    return moved


def updated(done: Pass) -> list[Row]:
    """Return the units after a pass: means of what was found, without those that are no units."""
    unit, time = done.joined("unit").astype(np.int64), done.joined("time")
    count = np.bincount(unit, minlength=len(done.templates))
    noise = np.clip(np.median(np.array(done.noise), axis=0), *_NOISE) if done.noise else np.empty(0)
    # one noise for all: a unit whose own is a little less would win over others by what it does not explain
    noise = np.full(noise.size, np.median(noise)) if noise.size else noise
    rows, noise_power = list[Row](), done.noise_power
    for one in np.flatnonzero(count >= _LEAST_COUNT).tolist():
        times = np.sort(time[unit == one])
        size = float(done.templates.size[one])
        if beside_greater(times, size, done) or _is_of_chance(times, done.scene):
            continue
        rows += _rows(done, one, float(noise[one]), noise_power)
    return rows


def _rows(done: Pass, one: int, noise: float, noise_power: float) -> list[Row]:
    """Return one unit after a pass: as one, as two, or not at all."""
    mine = done.joined("unit") == one
    count, settings = int(mine.sum()), done.scene.settings
    size, rate = done.joined("size")[mine], count / done.usable
    shape = centered(_mean_shape(done, one, float(np.median(size)), count), done.scene.slack)
    energy = float(np.sum(shape.astype(np.float64) ** 2))
    freedom = shape.shape[0] * (2 * done.scene.near + 1) * noise_power
    misfit = (float(np.quantile(done.joined("left")[mine], _LEAST_OVERLAPPED)) - freedom) / max(energy, 1.0)
    if energy < settings.least_detectability**2 or misfit > settings.misfit_greatest:
        return []
    times = np.sort(done.joined("time")[mine])
    heaps = _two_units(done.potentials[one], done.scene.near)
    if heaps:
        return [
            Row(
                shape=mean,
                spread=settings.spread_least,
                misfit=settings.misfit_least,
                rate=rate * float(part.mean()),
                noise=noise,
                times=times,
            )
            for mean, part in heaps
        ]
    alone = size[done.joined("alone")[mine].astype(np.bool_)]
    spread = _spread(alone, float(done.templates.spread[one]), noise**2 / energy)
    spread = float(np.clip(spread, settings.spread_least, settings.spread_greatest))
    misfit = max(misfit, settings.misfit_least)
    return [Row(shape=shape, spread=spread, misfit=misfit, rate=rate, noise=noise, times=times)]


def _mean_shape(done: Pass, one: int, size: float, count: int) -> Samples:
    weight = max(float(done.weights[one]), 1e-9)
    change = done.sums[one] / np.float32(weight)
    deviation = np.sqrt(np.maximum(done.squares[one] / np.float32(weight) - change**2, 0))
    return shrunk((done.templates.shapes[one] + change) * np.float32(size), deviation, count)


def _spread(size: FloatArray, expected: float, of_noise: float) -> float:
    """Return the spread of sizes as a share, noise taken out, drawn to the expected one where there are few."""
    if size.size == 0:
        return expected
    seen = (float(np.median(np.abs(size / np.median(size) - 1))) / _MEDIAN_SIZE) ** 2 - of_noise
    return float(np.sqrt((size.size * max(seen, 0.0) + _PRIOR * expected**2) / (size.size + _PRIOR)))


def _two_units(potentials: list[Samples], near: int) -> list[tuple[Samples, BoolArray]]:
    """Return the means of two heaps of a unit's potentials and which are theirs, or nothing if they are of one."""
    cuts = np.array(potentials)
    if cuts.shape[0] < _HEAPS:
        return []
    middle = cuts.shape[2] // 2
    side = two_heaps(cuts[:, :, middle - near : middle + near + 1].reshape(cuts.shape[0], -1))
    if side is None or min(side.sum(), (~side).sum()) < max(_HEAP, _HEAP_SHARE * side.size):
        return []
    return [(shrunk(cuts[part].mean(axis=0), cuts[part].std(axis=0), int(part.sum())), part) for part in (side, ~side)]


def is_mixture(times: FloatArray, scene: Scene) -> bool:
    """Tell whether times in samples, in order, come as close as by chance, at intervals of any length: no unit's do."""
    settings, rate_hz = scene.settings, scene.sampling_rate_hz
    edges = np.array([settings.refractory_s, settings.short_interval_s, 2 * settings.short_interval_s]) * rate_hz
    within = [float(np.sum(np.searchsorted(times, times + edge) - np.arange(times.size))) for edge in edges]
    if times.size < _INTERVALS:
        return False
    expected = times.size**2 * np.diff(edges) / max(times[-1] - times[0], 1.0)
    return all(_as_by_chance(*one) for one in zip(np.diff(within), expected, strict=True))


def _is_of_chance(times: FloatArray, scene: Scene) -> bool:
    """Tell whether times in samples are of no unit, where potentials are so sparse that no mixture is expected."""
    return not scene.is_dense and at_random(times / scene.sampling_rate_hz, scene.settings)


def at_random(times_s: FloatArray, settings: UnitSettings) -> bool:
    """Tell whether times, in order, lie at random at a rate that no unit keeps; a fast burst is regular."""
    intervals = np.diff(times_s)
    if intervals.size < _INTERVALS:
        return False
    chance = 1 - np.exp(-settings.short_interval_s * np.log(2) / max(float(np.median(intervals)), 1e-9))
    short = float(np.mean(intervals < settings.short_interval_s + settings.refractory_s))
    return bool(chance > _CHANCE and _OF_CHANCE * chance < short < _BURST)


def beside_greater(times: FloatArray, size: float, done: Pass) -> bool:
    """Tell whether times in samples lie near discharges of much greater units more often than chance has it."""
    if not done.time or times.size == 0:
        return False
    greater = np.sort(done.joined("time")[done.joined("height") > _GREATER * size])
    if greater.size == 0:
        return False
    reach = done.scene.near
    covered = float(np.sum(np.minimum(np.diff(greater), 2 * reach))) + 2 * reach
    share = min(covered / max(done.usable, 1), 1.0)
    beside = np.clip(np.searchsorted(greater, times)[:, None] + np.array([-1, 0]), 0, greater.size - 1)
    near = float(np.mean(np.abs(times[:, None] - greater[beside]).min(axis=1) < reach))
    return bool(near > share + _NEAR_DEVIATIONS * np.sqrt(share * (1 - share) / times.size) + _NEAR_SHARE)


def reduced(done: Pass, rows: Sequence[Row]) -> list[Row]:
    """Leave out units that are another one once more, or that others make together; the more frequent stay."""
    rows, kept = list(rows), list[int]()
    templates = table_of(rows, done.templates)
    for one in np.argsort(-templates.rate, kind="stable").tolist():
        twin = _twin(templates, one, [other for other in kept if not do_meet(rows[one].times, rows[other].times, done)])
        if twin is not None:
            rows[twin] = replace(rows[twin], rate=rows[twin].rate + rows[one].rate)
        elif not _sum_of_others(done.scene, templates.subset(kept), templates.subset([one]), done.usable):
            kept.append(one)
    return [rows[one] for one in sorted(kept)]


def meetings_of(one: FloatArray, other: FloatArray, done: Pass) -> tuple[int, float]:
    """Return how often two trains come closer than one axon discharges, and how often they would by chance."""
    settings, rate_hz = done.scene.settings, done.scene.sampling_rate_hz
    least, most = settings.refractory_s * rate_hz, settings.short_interval_s * rate_hz
    within = [np.searchsorted(other, one + reach) - np.searchsorted(other, one - reach) for reach in (most, least)]
    return int(np.sum(within[0] - within[1])), one.size * other.size * 2 * (most - least) / max(done.usable, 1)


def do_meet(one: FloatArray, other: FloatArray, done: Pass) -> bool:
    """Tell whether two trains come close as often as by chance, as those of two units do and parts of one do not."""
    return _as_by_chance(*meetings_of(one, other, done))


def _as_by_chance(seen: float, expected: float) -> bool:
    return bool(expected >= EXPECTED and _CHANCE_MEETS[0] * expected <= seen <= _CHANCE_MEETS[1] * expected)


def _twin(templates: Templates, one: int, kept: Sequence[int]) -> int | None:
    for other in kept:
        sizes = templates.size[[one, other]]
        together = float(templates.gram[one, :, other].max()) * sizes[0] * sizes[1]
        energy = float(sizes.min()) ** 2
        limit = min(_TWIN_DEVIATIONS**2 * (1 + _TWIN_VARIATION * energy), _TWIN_SHARE * energy)
        if float(np.sum(sizes**2)) - 2 * together < limit:
            return other
    return None


def _sum_of_others(scene: Scene, others: Templates, one: Templates, n_samples: int) -> bool:
    """Tell whether others make a template together, and meet by chance as often as it is found."""
    if len(others) == 0:
        return False
    padded = np.pad(one.shapes[0], ((0, 0), (2 * others.half, 2 * others.half)))
    usable = np.ones(padded.shape[1], dtype=np.bool_)
    fit = Pursuit(templates=others, limits=scene.limits, matched=others.matched(padded), usable=usable).run()
    left = float(np.sum(without(padded, others, fit) ** 2))
    if fit.unit.size < _LEAST_COUNT or left > _SUM_SHARE * float(one.size[0]) ** 2:
        return False
    pair = np.sort(others.rate[fit.unit])[-2:] * n_samples
    return float(one.rate[0]) * n_samples <= _meetings(pair, scene, n_samples)


def meetings(pair: FloatArray | IntArray, done: Pass) -> float:
    """Return how often two units may meet at one lag by chance, from how often each discharges in a pass."""
    return _meetings(pair, done.scene, done.usable)


def _meetings(pair: FloatArray | IntArray, scene: Scene, n_samples: int) -> float:
    if pair.size < _LEAST_COUNT:
        return 0.0
    by_chance = float(np.prod(pair.astype(np.float64))) * 2 * _MEETING_S * scene.sampling_rate_hz / max(n_samples, 1)
    return _CHANCES + _CHANCE_FACTOR * by_chance
