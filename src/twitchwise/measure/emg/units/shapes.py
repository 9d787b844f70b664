"""Shapes that recur among potentials cut out of the whitened signal, where noise is 1 in every sample."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, rfft

from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Potentials are compared in so many of their own principal directions: more add noise, fewer confuse units.
_DIRECTIONS = 8
# Two potentials of one unit differ by noise and by this share of their energy: units vary from discharge to discharge.
_VARIATION = 0.03
# Noise in that many directions exceeds its mean by this factor once in a hundred.
_NOISE_FACTOR = 2.5
# Rounds in which a shape and its members are found from each other.
_ROUNDS = 4
# Means of two heaps lie farther apart than this many of the standard deviations within them.
_HEAPS_APART = 3.8
# Principal directions are found by turning a random start of a few more toward them; the seed makes it repeatable.
_START, _EXTRA, _TURNS = 7, 4, 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Shape:
    """A recurring shape.

    ``mean`` has the shape ``(n_components, n_samples)``; ``members`` tells which potentials are of it, ``spread`` the
    standard deviation of their size as a share, noise taken out.
    """

    mean: Samples
    members: IntArray
    spread: float
    deviation: Samples


def cut_out(whitened: Samples, places: IntArray, half: int) -> Samples:
    """Return what lies ``half`` samples around places, zeros outside, shape ``(n, n_components, 2 half + 1)``."""
    index = places[:, None] + np.arange(-half, half + 1)
    cuts = whitened[:, np.clip(index, 0, max(whitened.shape[1] - 1, 0))].transpose(1, 0, 2)
    outside = (index < 0) | (index >= whitened.shape[1])
    return np.ascontiguousarray(np.where(outside[:, None], np.float32(0), cuts) if outside.any() else cuts)


def recurring_shapes(potentials: Samples, *, slack: int, least: int, core: int) -> Iterator[Shape]:
    """Find shapes that recur, the most frequent first.

    Parameters
    ----------
    potentials
        Cut out around their places, with ``slack`` samples more on both sides than the shapes are to have, shape
        ``(n, n_components, n_samples)``.
    slack
        Samples by which a potential may be moved to fit a shape.
    least
        Potentials that make a shape.
    core
        Samples around the middle by which potentials are first compared.
    """
    n, _, length = potentials.shape
    if n < least:
        return
    left = np.ones(n, dtype=np.bool_)
    inner = min(core, length // 2 - slack)
    centered = _on_extreme(potentials, slack)
    middle = centered.shape[2] // 2
    features = _features(centered[:, :, middle - inner : middle + inner + 1])
    close = _close(features)
    while left.sum() >= least:
        count = close[:, left].sum(axis=1) * left
        seed = int(np.argmax(count))
        if count[seed] < least:
            return
        first = close[seed] & left
        mean = centered[first].mean(axis=0)
        found = _grown(potentials, left, (mean, int(first.sum())), core)
        left[seed] = False
        if found is None or found.members.size < least:
            continue
        for part in _split(found, potentials, least, core):
            left[part.members] = False
            yield part


def _on_extreme(potentials: Samples, slack: int) -> Samples:
    """Return potentials, less slack, with their greatest sample by size in the middle if it lies close to it."""
    n, _, length = potentials.shape
    middle, reach = length // 2, slack - 1
    size = np.abs(potentials[:, :, middle - reach : middle + reach + 1]).max(axis=1)
    shift = size.argmax(axis=1) + slack - reach
    table = np.lib.stride_tricks.sliding_window_view(potentials, length - 2 * slack, axis=2)
    return np.asarray(table[np.arange(n), :, shift])


def _features(potentials: Samples) -> Samples:
    flat = potentials.reshape(potentials.shape[0], -1)
    return np.asarray(flat @ principal(flat, _DIRECTIONS))


def principal(rows: Samples, count: int) -> Samples:
    """Return the directions of greatest energy, from zero, as columns; shape ``(rows.shape[1], count)`` or fewer."""
    n = min(count, *rows.shape)
    start = np.random.default_rng(_START).standard_normal((rows.shape[1], n + _EXTRA), dtype=np.float32)
    directions, _ = np.linalg.qr(start)
    for _ in range(_TURNS):
        directions, _ = np.linalg.qr(rows.T @ (rows @ directions))
    _, within = np.linalg.eigh(directions.T @ (rows.T @ (rows @ directions)))
    return np.asarray(directions @ within[:, ::-1][:, :n], dtype=np.float32)


def _close(features: Samples) -> BoolArray:
    energy = np.sum(features**2, axis=1)
    distance = energy[:, None] + energy[None, :] - 2 * features @ features.T
    allowed = 2 * features.shape[1] * _NOISE_FACTOR / 2 + _VARIATION * (energy[:, None] + energy[None, :]) / 2
    return np.asarray(distance <= allowed, dtype=np.bool_)


def _grown(potentials: Samples, left: BoolArray, start: tuple[Samples, int], core: int) -> Shape | None:
    """Let a shape and its members find each other."""
    places, (mean, count) = np.flatnonzero(left), start
    for _ in range(_ROUNDS):
        moved, fits = aligned(potentials[places], mean, count, core)
        if not fits.any():
            return None
        mean, count = moved[fits].mean(axis=0), int(fits.sum())
    return _shape(moved[fits], places[fits])


def _shape(moved: Samples, members: IntArray) -> Shape:
    mean = moved.mean(axis=0)
    energy = float(np.sum(mean.astype(np.float64) ** 2))
    sizes = moved.reshape(members.size, -1) @ mean.reshape(-1) / energy
    deviation = np.sqrt(np.mean((moved - mean) ** 2, axis=0)) if members.size > 1 else np.ones_like(mean)
    middle = np.median(np.abs(sizes - 1)) / 0.6745
    spread = float(np.sqrt(max(middle**2 - 1 / energy, 0)))
    return Shape(mean=mean, members=members, spread=spread, deviation=deviation)


def _split(found: Shape, potentials: Samples, least: int, core: int) -> list[Shape]:
    """Return a shape's parts, if its members fall into two heaps along the direction in which they differ most."""
    if found.members.size < 2 * least:
        return [found]
    moved, _ = aligned(potentials[found.members], found.mean, found.members.size, core)
    middle = moved.shape[2] // 2
    inner = slice(max(0, middle - core), middle + core + 1)
    side = two_heaps(moved[:, :, inner].reshape(found.members.size, -1))
    if side is None or min(side.sum(), (~side).sum()) < max(least, 0.05 * side.size):
        return [found]
    parts = [_shape(moved[chosen], found.members[chosen]) for chosen in (side, ~side)]
    return [deeper for part in parts for deeper in _split(part, potentials, least, core)]


def two_heaps(rows: Samples) -> BoolArray | None:
    """Tell which rows lie in the upper of two heaps along their first principal direction, or ``None`` if there is one.

    Halves of a normal distribution lie 2.6 of their own standard deviations apart, halves of a uniform one 3.5.
    """
    centered = rows - np.median(rows, axis=0)
    energy = np.sum(centered**2, axis=1)
    clean = centered[energy <= np.median(energy)]
    along = (centered - clean.mean(axis=0)) @ principal(clean - clean.mean(axis=0), 1)[:, 0]
    side = along > 0
    for _ in range(20):
        if side.all() or not side.any():
            return None
        side = along > (along[side].mean() + along[~side].mean()) / 2
    within = np.sqrt((along[side].var() * side.sum() + along[~side].var() * (~side).sum()) / side.size)
    apart = along[side].mean() - along[~side].mean()
    return side if apart > _HEAPS_APART * within else None


def aligned(potentials: Samples, mean: Samples, count: int, core: int) -> tuple[Samples, BoolArray]:
    """Return potentials moved to where a shape fits best, and whether it fits as well as noise and variation let.

    ``count`` is how many potentials the shape is the mean of, whose noise it still holds.
    """
    length = mean.shape[-1]
    table = np.lib.stride_tricks.sliding_window_view(potentials, length, axis=2)
    middle = length // 2
    inside = slice(max(0, middle - core), middle + core + 1)
    product = np.einsum("ncsl,cl->ns", table[..., inside], mean[:, inside])
    rows = np.arange(potentials.shape[0])
    best = np.argmax(product, axis=1)
    inner = np.clip(best, 1, product.shape[1] - 2)
    before, here, after = (product[rows, inner + shift] for shift in (-1, 0, 1))
    fraction = np.clip((before - after) / (2 * np.minimum(before - 2 * here + after, -1e-9)), -0.5, 0.5)
    moved = moved_earlier(table[rows, :, inner], fraction)
    weight = np.zeros(mean.shape, dtype=np.float32)
    weight[:, inside] = np.abs(mean[:, inside]) > 0.05 * np.abs(mean).max()
    difference = np.sum((moved - mean) ** 2 * weight, axis=(1, 2))
    energy = np.sum(mean**2 * weight)
    freedom = weight.sum()
    fits = difference <= (1 + 1 / count) * (freedom + 3 * np.sqrt(2 * freedom)) + 2 * _VARIATION * energy
    return moved, np.asarray(fits & (best == inner), dtype=np.bool_)


def moved_earlier(cuts: Samples, by: FloatArray) -> Samples:
    """Return cuts moved earlier by fractions of a sample, shape as given."""
    n = cuts.shape[-1]
    turn = np.exp(2j * np.pi * by[:, None] * np.fft.rfftfreq(n)[None, :]).astype(np.complex64)
    return np.asarray(irfft(rfft(cuts, axis=-1) * turn[:, None, :], n, axis=-1), dtype=np.float32)
