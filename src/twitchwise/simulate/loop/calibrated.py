"""The twitches of many pools calibrated at once: it takes little longer than one pool's."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from twitchwise.simulate.loop.settings import LoopSettings
from twitchwise.simulate.twitches import TwitchCoefficients, coefficients_of
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary.arrays import IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

Pools = tuple[MotorUnits, ...]
Numbers = tuple[tuple[str, float], ...]

KEPT = 8  # sets of pools; scenes of one subject share them, and calibrating takes as long as the run of ten seconds


def twitches_of(runs: Sequence[tuple[LoopSettings, Pools]]) -> list[tuple[TwitchCoefficients, ...]]:
    """Return the coefficients of each pool of each run; runs with the same parameters are calibrated together."""
    alike: defaultdict[Numbers, list[int]] = defaultdict(list)
    for number, (settings, _) in enumerate(runs):
        alike[tuple(sorted(settings.parameters.items()))].append(number)
    found: dict[int, tuple[TwitchCoefficients, ...]] = {}
    for parameters, members in alike.items():
        together = iter(_calibrated(tuple(pool for number in members for pool in runs[number][1]), parameters))
        for number in members:
            found[number] = tuple(next(together) for _ in runs[number][1])
    return [found[number] for number in range(len(runs))]


@lru_cache(maxsize=KEPT)
def _calibrated(pools: Pools, parameters: Numbers) -> tuple[TwitchCoefficients, ...]:
    """Return the coefficients of each pool; pools are known by their identity."""
    order = np.argsort(np.concatenate([pool.recruitment_threshold for pool in pools]), kind="stable")
    together = coefficients_of(_merged(pools, order), dict(parameters))
    back, ends = np.argsort(order), np.cumsum([len(pool) for pool in pools])
    return tuple(_taken(together, back[end - len(pool) : end]) for pool, end in zip(pools, ends.tolist(), strict=True))


def _merged(pools: Pools, order: IntArray) -> MotorUnits:
    """Return the units of all pools as those of one, in the order of their thresholds."""
    return MotorUnits(
        **{
            field.name: np.concatenate([getattr(pool, field.name) for pool in pools])[order]
            for field in fields(MotorUnits)
        }
    )


def _taken(coefficients: TwitchCoefficients, which: IntArray) -> TwitchCoefficients:
    return TwitchCoefficients(*(cast("jax.Array", np.asarray(values)[which]) for values in coefficients))
