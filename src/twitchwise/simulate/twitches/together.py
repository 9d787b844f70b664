"""The twitches of many pools calibrated at once: it takes little longer than one pool's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from twitchwise.simulate.twitches.coefficients import coefficients_of
from twitchwise.simulate.twitches.mechanism import TwitchCoefficients
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary.arrays import IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

Pools = tuple[MotorUnits, ...]
Numbers = tuple[tuple[str, float], ...]

OF_A_TWITCH = ("calcium_", "cross_bridge_", "troponin_", "twitch_motion_latency")
"""How the parameters begin that a unit's twitch depends on, besides the unit."""
KEPT = 8  # sets of pools; scenes of one subject share them, and calibrating takes as long as the run of ten seconds


def twitches_of(runs: Sequence[tuple[Mapping[str, float], Pools]]) -> list[tuple[TwitchCoefficients, ...]]:
    """Return the coefficients of each pool of each run; alike runs are calibrated together.

    Parameters
    ----------
    runs
        For each run its parameters, by id, and its pools of motor units.

    Raises
    ------
    OutOfRangeError
        As `twitchwise.simulate.twitches.coefficients_of`.
    """
    alike: defaultdict[Numbers, list[int]] = defaultdict(list)
    for number, (parameters, _) in enumerate(runs):
        ours = ((name, value) for name, value in parameters.items() if name.startswith(OF_A_TWITCH))
        alike[tuple(sorted(ours))].append(number)
    found: dict[int, tuple[TwitchCoefficients, ...]] = {}
    for numbers, members in alike.items():
        pools = _Pools.of(tuple(pool for number in members for pool in runs[number][1]))
        together = iter(_calibrated(pools, numbers))
        for number in members:
            found[number] = tuple(next(together) for _ in runs[number][1])
    return [found[number] for number in range(len(runs))]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pools:
    """Pools that are compared by what is in them: the same person's are drawn anew for every scene."""

    contents: bytes
    sizes: tuple[int, ...]
    pools: Pools = field(compare=False)

    @classmethod
    def of(cls, pools: Pools) -> "_Pools":
        contents = b"".join(getattr(pool, each.name).tobytes() for pool in pools for each in fields(MotorUnits))
        return cls(contents=contents, sizes=tuple(len(pool) for pool in pools), pools=pools)


@lru_cache(maxsize=KEPT)
def _calibrated(alike: _Pools, parameters: Numbers) -> tuple[TwitchCoefficients, ...]:
    """Return the coefficients of each pool."""
    pools = alike.pools
    order = np.argsort(np.concatenate([pool.recruitment_threshold for pool in pools]), kind="stable")
    together = coefficients_of(_merged(pools, order), dict(parameters))
    back, ends = np.argsort(order), np.cumsum([len(pool) for pool in pools])
    return tuple(_taken(together, back[end - len(pool) : end]) for pool, end in zip(pools, ends.tolist(), strict=True))


def _merged(pools: Pools, order: IntArray) -> MotorUnits:
    """Return the units of all pools as those of one, in the order of their thresholds."""
    return MotorUnits(
        **{
            each.name: np.concatenate([getattr(pool, each.name) for pool in pools])[order]
            for each in fields(MotorUnits)
        }
    )


def _taken(coefficients: TwitchCoefficients, which: IntArray) -> TwitchCoefficients:
    return TwitchCoefficients(*(cast("jax.Array", np.asarray(values)[which]) for values in coefficients))
