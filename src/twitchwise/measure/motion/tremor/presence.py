"""Whether a sensor's recording holds a tremor: all its windows taken together."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from twitchwise.measure.motion.tremor.settings import TremorSettings
from twitchwise.measure.motion.tremor.trace import Trace
from twitchwise.measure.motion.tremor.windows import Windows
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

_MOST_LOG_ODDS = 12.0
_WINDOWS_A_LOOK = 15.0  # so many windows, a minute of them, may bring one that looks alike by chance
_ALONE = 2.0  # log odds: what is seen in one window and not in the next is less of a tremor
_ENOUGH_FOR_SPREAD = 5  # windows; the spread of the rates of fewer says nothing
_AS_NORMAL = 1.4826  # of the median deviation, which then is the standard deviation of a normal spread


class Verdict(Enum):
    """What can be said of a tremor in a recording."""

    PRESENT = "present"
    NOT_SEEN = "not seen"
    TOO_SMALL = "too small"
    MACHINE = "machine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """The verdict on a recording, the log odds of a tremor, and the largest movement in its band.

    ``largest`` is an amplitude in the sensor's unit, seen at ``largest_hz``; ``least`` what would have been called a
    tremor there.
    """

    verdict: Verdict
    log_odds: float
    largest: float
    largest_hz: float
    least: float

    @property
    def probability(self) -> float:
        """How certain a tremor is, 0 to 1."""
        return float(expit(self.log_odds))


def presence(windows: Windows, trace: Trace, within: tuple[float, float] | None = None) -> Presence:
    """Judge a recording by its windows; ``within`` counts only tremor whose rate lies between two numbers in Hz."""
    settings, tremor = trace.settings, windows.tremor & windows.judged
    if within is not None:
        tremor &= (windows.frequency_hz >= within[0]) & (windows.frequency_hz <= within[1])
    log_odds = _log_odds(windows, tremor, settings)
    largest, largest_hz, least = _largest(windows, trace)
    if _is_machine(windows.frequency_hz[tremor], settings):
        verdict, log_odds = Verdict.MACHINE, -abs(log_odds)
    elif log_odds >= 0:
        verdict = Verdict.PRESENT
    else:
        verdict = Verdict.TOO_SMALL if largest < least else Verdict.NOT_SEEN
    return Presence(verdict=verdict, log_odds=log_odds, largest=largest, largest_hz=largest_hz, least=least)


class Runs(NamedTuple):
    """Runs of marked windows: the first of each, the last plus one, and all windows in them, in order."""

    first: IntArray
    stop: IntArray
    inside: IntArray

    @classmethod
    def of(cls, marked: BoolArray) -> "Runs":
        """Return the runs of marked windows."""
        edges = np.flatnonzero(np.diff(marked, prepend=False, append=False))
        return cls(edges[::2], edges[1::2], np.flatnonzero(marked))

    def joined(self, how: np.ufunc, values: FloatArray) -> FloatArray:
        """Return the sum, the product or the like of the values of each run's windows."""
        if not self.first.size:
            return np.empty(0)
        joined: FloatArray = how.reduceat(values[self.inside], np.searchsorted(self.inside, self.first))
        return joined

    def top(self, values: FloatArray) -> IntArray:
        """Return the window of each run that has the greatest value, of equals the first."""
        top = np.repeat(self.joined(np.maximum, values), self.stop - self.first)
        reaches = self.inside[values[self.inside] == top]
        firsts: IntArray = reaches[np.searchsorted(reaches, self.first)]
        return firsts


def _log_odds(windows: Windows, tremor: BoolArray, settings: TremorSettings) -> float:
    """Return the log odds of a tremor, by the best stretch of it or by how many windows hold one."""
    n_judged, n_tremor = int(windows.judged.sum()), int(tremor.sum())
    if not n_tremor:
        nearest = float(windows.log_odds[windows.judged].max(initial=-_MOST_LOG_ODDS))
        return min(nearest, -1.0 - float(np.log1p(n_judged / _WINDOWS_A_LOOK)))
    runs = Runs.of(tremor)
    best = float((runs.joined(np.add, windows.log_odds) - _ALONE * (runs.stop == runs.first + 1)).max())
    by_stretch = best - np.log(max(1.0, n_judged / _WINDOWS_A_LOOK))
    chance = max(settings.false_window_share * n_judged, settings.false_window_share)
    # of so many by chance, against any larger number: the logarithm of the ratio of two Poisson likelihoods
    by_number = n_tremor * np.log(n_tremor / chance) - (n_tremor - chance) if n_tremor > chance else -_MOST_LOG_ODDS
    enough = by_number if n_tremor > 1 else -_MOST_LOG_ODDS
    return float(np.clip(max(by_stretch, enough), -_MOST_LOG_ODDS, _MOST_LOG_ODDS))


def _largest(windows: Windows, trace: Trace) -> tuple[float, float, float]:
    """Return the movement that comes nearest to a visible tremor or exceeds it most, its rate, and the least."""
    frequency = np.maximum(windows.frequency_hz, trace.settings.band_low_hz)
    least = trace.least(frequency)
    relative = np.where(windows.judged, windows.amplitude / least, 0.0)
    place = int(relative.argmax())
    return float(windows.amplitude[place]), float(frequency[place]), float(least[place])


def _is_machine(frequency_hz: FloatArray, settings: TremorSettings) -> bool:
    """Tell whether the rates of the windows are as alike as only a machine's are."""
    if frequency_hz.size < _ENOUGH_FOR_SPREAD:
        return False
    middle = float(np.median(frequency_hz))
    if middle < settings.machine_low_hz:
        return False
    return _AS_NORMAL * float(np.median(np.abs(frequency_hz - middle))) < settings.machine_irregularity * middle
