"""What is compared of one motor unit, stage by stage: numbers and curves, health beside change."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from twitchwise.simulate.one_unit.parts import Parts
from twitchwise.vocabulary import Unit
from twitchwise.vocabulary.arrays import FloatArray

POINTS = 240  # of a curve: finer than a phone shows
PERCENT = 100.0


class StageName(StrEnum):
    """The stages, from the nerve to the skin."""

    SURROUNDINGS = "surroundings"
    AXON = "axon"
    JUNCTION = "junction"
    FIBER = "fiber"
    TWITCH = "twitch"
    EMG = "emg"
    SKIN = "skin"
    ACTIVITY = "activity"


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """One number in health and changed; ``None`` where there is no such number.

    ``rests_on`` names the parameters that it comes from, whose files hold sources.
    """

    name: str
    unit: Unit
    healthy: float | None
    changed: float | None
    rests_on: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Curve:
    """A curve in health and changed; ``x`` in seconds, or counted where ``x_unit`` says so. Every array is ``(n,)``."""

    name: str
    unit: Unit
    x: FloatArray
    x_unit: Unit
    healthy: FloatArray
    changed: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Stage:
    """One stage: its numbers and its curves."""

    name: StageName
    numbers: tuple[Number, ...]
    curves: tuple[Curve, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from health."""
        numbers = any(one.healthy != one.changed for one in self.numbers)
        return numbers or any(not np.array_equal(one.healthy, one.changed) for one in self.curves)


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Both:
    """One motor unit in health and changed."""

    healthy: Parts
    changed: Parts

    def of(self, what: Callable[[Parts], float]) -> tuple[float, float]:
        """Return a number of the unit in health and changed."""
        return what(self.healthy), what(self.changed)

    def number(self, name: str, unit: Unit, what: Callable[[Parts], float | None], *rests_on: str) -> Number:
        """Return a number with the parameters that it comes from."""
        return Number(name=name, unit=unit, healthy=what(self.healthy), changed=what(self.changed), rests_on=rests_on)

    def curve(self, name: str, unit: Unit, x: FloatArray, what: Callable[[Parts], FloatArray]) -> Curve:
        """Return a curve over time."""
        return Curve(
            name=name, unit=unit, x=x, x_unit=Unit.SECOND, healthy=what(self.healthy), changed=what(self.changed)
        )
