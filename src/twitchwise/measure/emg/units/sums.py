"""Leaves out units whose potentials are those of two others that meet: each is better explained by both together."""

import numpy as np

from twitchwise.measure.emg.units.collisions import Collision, Part
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.selection import meetings
from twitchwise.measure.emg.units.templates import Templates
from twitchwise.measure.emg.units.trace import Samples

# So many potentials of a unit tell whether it is a sum, and so many of them must be one.
_LOOKED_AT, _SUMS = 24, 0.6
# What one more discharge costs in log odds: as often as units meet, that is no reason against a sum.
_COST = 10.0
# One part holds this share of the energy of a sum at most: a unit that varies is like another shape of its own.
_GREATEST = 0.7
# Sizes of units in a sum.
_SIZES = 0.7, 1.3


def without_sums(done: Pass, kept: list[int]) -> list[int]:
    """Return the kept units of a pass without those that others make together as often as any two meet.

    Parameters
    ----------
    done
        The pass.
    kept
        Which of its units to look at, by their places.
    """
    unit, templates = done.joined("unit").astype(np.int64), done.templates
    count = np.bincount(unit, minlength=len(templates))
    most = meetings(np.array([unit.size, unit.size / 2]), done)
    left = list(kept)
    for one in sorted(kept, key=lambda one: int(count[one])):
        others = [other for other in left if other != one]
        if count[one] <= most and len(others) > 1 and _is_sum(done, one, templates.subset(others)):
            left = others
    return left


def _is_sum(done: Pass, one: int, others: Templates) -> bool:
    """Tell whether several others together explain most potentials of a unit as well as it does."""
    own, potentials = done.templates.subset([one]), done.potentials.get(one, [])
    chosen = potentials[:: max(1, len(potentials) // _LOOKED_AT)][:_LOOKED_AT]
    return bool(chosen) and float(np.mean([_is_of_others(done, cut, own, others) for cut in chosen])) > _SUMS


def _is_of_others(done: Pass, cut: Samples, own: Templates, others: Templates) -> bool:
    """Tell whether others explain a potential as well as its unit, and none of them alone is nearly all of it."""
    gain, parts = _best(done, cut, others)
    greatest = max((float(size * others.size[unit]) ** 2 for unit, _, size in parts), default=np.inf)
    return gain >= _best(done, cut, own)[0] - _COST and greatest <= _GREATEST * float(np.sum(cut.astype(float) ** 2))


def _best(done: Pass, cut: Samples, templates: Templates) -> tuple[float, tuple[Part, ...]]:
    """Return the log odds of the best explanation of a potential, and its discharges."""
    half, near, n_units = done.scene.half, done.scene.near, len(templates)
    padded = np.pad(cut, ((0, 0), (2 * half, 2 * half)))
    middle = padded.shape[1] // 2
    return Collision(
        templates=templates,
        matched=templates.matched(padded),
        inside=slice(middle - near, middle + near + 1),
        refractory=done.scene.limits.refractory,
        sizes=(np.full(n_units, _SIZES[0]), np.full(n_units, _SIZES[1])),
    ).best()
