"""Templates of units learned from the potentials of a grid: look-alikes averaged, then all of them explained anew.

Each template starts from the window of most energy that is left, and is the mean of all that look like it as closely as
the noise of both lets them. Then discharges and templates are found in turn, as in dictionary learning: every window is
explained by the templates, and every template is the mean of its potentials with the others' taken away.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.grid.band import Samples
from twitchwise.measure.emg.grid.templates import (
    DEVIATIONS,
    FRACTIONS,
    LEAST_GAIN,
    LEFT_SHARE,
    SIZES,
    Bank,
    Match,
    explain,
    is_close,
    is_explained,
    moved_later,
    surroundings,
    widened,
    without_noise,
)
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# The most templates.
_MOST_UNITS = 64
# So many times templates are sought in what is left, and then found anew from all potentials.
_ROUNDS, _TURNS = 2, 2
# After so many windows in a row that look like no other, what is left is smaller and no more alike.
_LONELY = 20
# Windows are compared at so many places to either side of the middles of their energy.
_REACH = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Template:
    """The mean of the potentials of a unit, shape ``(n_patterns, 2 half + 1)``, and how many they are."""

    mean: Samples
    count: float

    @property
    def energy(self) -> float:
        """Energy without that of the noise in the mean."""
        return max(
            float(np.sum(self.mean.astype(np.float64) ** 2)) - np.count_nonzero(self.mean) / self.count, LEAST_GAIN
        )


def bank_of(templates: list[Template]) -> Bank:
    """Return the templates, their noise shrunk, with their shifts."""
    return Bank(shapes=np.array([without_noise(one.mean, one.count) for one in templates]))


def learned(windows: list[Samples], half: int) -> list[Template]:
    """Return the shapes that came more than once, in order of their energy.

    Parameters
    ----------
    windows
        Stretches of a grid in its patterns, each of shape ``(n_patterns, n)``.
    half
        Samples of a template to either side of its middle.
    """
    templates: list[Template] = []
    unlike = left = windows
    for number in range(_ROUNDS):
        new = _leaders(unlike, half, _MOST_UNITS - len(templates))
        if number:
            new += _leaders(left, half, _MOST_UNITS - len(templates) - len(new))
        templates = _merged([*templates, *new])
        if not templates:
            break
        for _ in range(_TURNS):
            bank = bank_of(templates)
            matches = [explain(window, bank) for window in windows]
            templates = _merged(_found_anew(matches, bank, templates))
            if not templates:
                break
        left = [match.left for match in matches]
        unlike = [window for window, match in zip(windows, matches, strict=True) if not is_explained(match)]
    return sorted(templates, key=lambda one: -one.energy)


def _leaders(windows: list[Samples], half: int, most: int) -> list[Template]:
    """Take the window of most energy, average it with all that look like it, and go on with the others."""
    if not windows:
        return []
    middles = np.stack([_middle_of(window, half + _REACH) for window in windows])
    values = np.count_nonzero(middles, axis=(1, 2))  # beyond the ends of a window there is no noise
    energy = np.sum(middles.astype(np.float64) ** 2, axis=(1, 2)) - values
    left = energy > LEAST_GAIN + DEVIATIONS * np.sqrt(2.0 * values)
    found: list[Template] = []
    lonely = 0
    while left.any() and len(found) < most and lonely < _LONELY:
        leader = int(np.argmax(np.where(left, energy, -np.inf)))
        left[leader] = False
        open_ = np.flatnonzero(left)
        first = Template(mean=middles[leader, :, _REACH:-_REACH], count=1)
        template, _ = _gathered(first, middles, open_)
        template, members = _gathered(template, middles, open_, start=first)
        left[members] = False
        lonely = 0 if members.size else lonely + 1
        if members.size:
            found.append(template)
    return found


def _middle_of(window: Samples, half: int) -> Samples:
    """Return a window around the middle of its energy."""
    power = np.sum(window**2, axis=0)
    around = np.convolve(power, np.ones(2 * half + 1), mode="same")[: power.size]
    center = int(np.argmax(around))
    near = np.arange(max(0, center - half), min(power.size, center + half + 1))
    at = round(float(np.sum(near * power[near]) / max(float(np.sum(power[near])), 1e-9)))
    return widened(window, half)[:, at : at + 2 * half + 1]


def _gathered(
    like: Template, middles: Samples, open_: IntArray, start: Template | None = None
) -> tuple[Template, IntArray]:
    """Return the mean of the open windows that look like a template, with ``start`` or it, and which they are."""
    start = start or like
    if open_.size == 0:
        return start, open_
    here, fraction, is_alike = _compared(like, middles[open_])
    total = start.mean.astype(np.float64)
    for step in range(FRACTIONS):
        rows = here[is_alike & (fraction == step)]
        total += moved_later(rows.sum(axis=0).reshape(start.mean.shape), -step / FRACTIONS)
    count = start.count + float(is_alike.sum())
    return Template(mean=(total / count).astype(np.float32), count=count), open_[is_alike]


def _compared(like: Template, middles: Samples) -> tuple[Samples, IntArray, BoolArray]:
    """Return each window where it is most like a template, flat, at which fraction of a sample, and if it is alike."""
    length, count = like.mean.shape[1], len(middles)
    cuts = np.stack([middles[:, :, step : step + length].reshape(count, -1) for step in range(2 * _REACH + 1)], axis=1)
    correlation = cuts @ Bank(shapes=without_noise(like.mean, like.count)[None]).shifted.T
    best = correlation.reshape(count, -1).argmax(axis=1)
    at, fraction = np.divmod(best, FRACTIONS)
    here = cuts[np.arange(count), at]
    bank = Bank(shapes=like.mean[None])
    dot = np.einsum("ij,ij->i", here.astype(np.float64), bank.shifted[fraction])
    over, deviation, size = _misfit(here, dot, like, bank.energy[fraction])
    limit = LEFT_SHARE * size**2 * like.energy + DEVIATIONS * deviation
    is_alike = (size * dot > LEAST_GAIN) & (over < limit) & (size > SIZES[0]) & (size < SIZES[1])
    return here, fraction, np.asarray(is_alike, dtype=np.bool_)


def _misfit(
    here: Samples, dot: FloatArray, like: Template, energy: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what a template of a fitting size leaves of windows beyond noise, how far noise scatters, and the size."""
    size = np.clip(dot / like.energy, 0.0, 2 * SIZES[1])
    values = np.count_nonzero(here, axis=1)  # beyond the ends of a window there is no noise
    in_template = size**2 * np.count_nonzero(like.mean) / like.count
    over = np.sum(here.astype(np.float64) ** 2, axis=1) - 2 * size * dot + size**2 * energy - values - in_template
    return over, (values + in_template) * np.sqrt(2.0 / here.shape[1]), size


def _found_anew(matches: list[Match], bank: Bank, before: list[Template]) -> list[Template]:
    """Return each template as the mean of its potentials, those of the others taken away.

    Only potentials that are explained closely take part, or a template would follow what a much larger one misses. One
    that explains nothing is left out, and one that has too few close ones stays as it was.
    """
    total = np.zeros(bank.shapes.shape)
    weight, close, seen = (np.zeros(len(before)) for _ in range(3))
    for match in matches:
        views = widened(match.left, bank.half)
        for place, unit, size in zip(match.place, match.unit, match.size, strict=True):
            at, step = int(place), round(FRACTIONS * (place - int(place)))
            row = size * bank.shifted[unit * FRACTIONS + step].reshape(bank.shapes.shape[1:])
            left = views[:, at : at + row.shape[1]]
            seen[unit] += 1
            if not is_close(left, float(np.sum(row**2))):
                continue
            total[unit] += size * moved_later(left + row.astype(np.float32), -step / FRACTIONS)
            weight[unit] += size**2
            close[unit] += 1
    anew = [
        Template(mean=(total[unit] / weight[unit]).astype(np.float32), count=float(weight[unit]))
        if close[unit] > 1
        else before[unit]
        for unit in range(len(before))
    ]
    return [template for template, times in zip(anew, seen, strict=True) if times > 1]


def _merged(templates: list[Template]) -> list[Template]:
    """Join the templates that agree within their noise, those of most potentials first."""
    kept: list[Template] = []
    for one in sorted(templates, key=lambda template: -template.count):
        at = next((number for number, other in enumerate(kept) if _joined(other, one) is not None), None)
        if at is None:
            kept.append(one)
        else:
            kept[at] = _joined(kept[at], one) or kept[at]
    return kept


def _joined(one: Template, other: Template) -> Template | None:
    """Return the mean of two templates, or None where they are not alike."""
    half = one.mean.shape[1] // 2
    views = surroundings(other.mean, half)
    bank = Bank(shapes=one.mean[None])
    correlation = views @ Bank(shapes=without_noise(one.mean, one.count)[None]).shifted.T
    at, step = np.unravel_index(int(np.argmax(correlation)), correlation.shape)
    here = views[at].astype(np.float64)
    dot = float(here @ bank.shifted[step])
    size = dot / one.energy
    noise = 1 / other.count + size**2 / one.count
    over = float(here @ here) - 2 * size * dot + size**2 * float(bank.energy[step]) - here.size * noise
    limit = LEFT_SHARE * size**2 * one.energy + DEVIATIONS * noise * np.sqrt(2.0 * here.size)
    if over > limit or not SIZES[0] < size < SIZES[1] or abs(int(at) - half) > _REACH:
        return None
    count = one.count + other.count
    mine = moved_later(here.reshape(one.mean.shape).astype(np.float32), -float(step) / FRACTIONS)
    return Template(mean=((one.count * one.mean + other.count * mine) / count).astype(np.float32), count=count)
