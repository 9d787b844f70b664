"""How a recording is looked at, and one window of it explained by the discharges of units."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import minimum_filter1d

from twitchwise.measure.emg.units.bank import Bank
from twitchwise.measure.emg.units.color import NoiseColor
from twitchwise.measure.emg.units.pursuit import Fit, Limits, Pursuit
from twitchwise.measure.emg.units.settings import UnitSettings, unit_settings
from twitchwise.measure.emg.units.templates import Templates, shift_number
from twitchwise.measure.emg.units.trace import Samples, Trace, Window, windows
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Samples in a window: long enough for transforms, short enough for the cache.
_WINDOW = 1 << 15
# A discharge depends on what lies closer than this; chains of collisions are shorter.
_MARGIN_S = 0.1
# The peak of the bank's statistic finds the middle of a potential within this.
_SLACK_S = 0.0015
# Deviate of the bank from which a peak is looked at at all: noise alone gives a few a minute.
LEAST_DEVIATE = 4.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """How a recording is looked at.

    Parameters
    ----------
    color, bank
        Its whitening filter, and the bank for potentials of no known unit.
    sampling_rate_hz
        Samples per second.
    half, near
        Half the length of a template, and how close two discharges collide, in samples.
    every
        Units are learnt from every so many windows: all, but for long recordings of dense activity.
    """

    color: NoiseColor
    bank: Bank
    sampling_rate_hz: float
    half: int
    near: int
    every: int = 1

    @property
    def slack(self) -> int:
        """Samples by which potentials of a unit may be cut out too early or too late."""
        return max(2, round(_SLACK_S * self.sampling_rate_hz))

    @property
    def settings(self) -> UnitSettings:
        """The thresholds."""
        return unit_settings()

    @property
    def limits(self) -> Limits:
        """What a discharge must keep."""
        share = self.settings.least_probability
        refractory = max(1, round(self.settings.refractory_s * self.sampling_rate_hz))
        return Limits(least_odds=math.log(share / (1 - share)), refractory=refractory, near=self.near)

    def windows(self, blocks: Iterable[Trace]) -> Iterator[Window]:
        """Cut a recording into windows with all the margin that the scene needs."""
        reach = 2 * self.half + self.bank.reach + self.color.reach
        return windows(blocks, _WINDOW, round(_MARGIN_S * self.sampling_rate_hz) + reach)


@dataclass(frozen=True, kw_only=True, eq=False)
class Explained:
    """A window explained.

    ``usable`` tells which samples are far enough from what may not be used and from the ends of the recording.
    ``residual`` is the whitened signal less the discharges, ``scaled`` the same in multiples of noise and of what the
    misfit of the templates adds to it.
    """

    window: Window
    usable: BoolArray
    fit: Fit
    residual: Samples
    scaled: Samples

    def own(self, place: FloatArray | IntArray) -> BoolArray:
        """Tell which places in the window belong to it and not to its margins."""
        absolute = np.rint(place).astype(np.int64) + self.window.trace.first_sample
        return np.asarray((absolute >= self.window.start) & (absolute < self.window.stop), dtype=np.bool_)

    @property
    def core(self) -> slice:
        """Samples of the window that belong to it."""
        first = self.window.trace.first_sample
        return slice(self.window.start - first, self.window.stop - first)


def explain(scene: Scene, templates: Templates, window: Window, *, thorough: bool = True) -> Explained:
    """Explain a window by the discharges of units; ``thorough`` takes collisions apart that are not well explained."""
    whitened = scene.color.apply(window.trace)
    usable = minimum_filter1d(window.trace.usable, 2 * scene.near + 1, mode="constant", cval=0)
    if len(templates) == 0:
        return Explained(window=window, usable=usable, fit=Fit.empty(), residual=whitened, scaled=whitened)
    matched = templates.matched(whitened)
    limits = replace(scene.limits, thorough=thorough)
    pursuit = Pursuit(templates=templates, limits=limits, matched=matched, usable=usable)
    fit = pursuit.run()
    residual = without(whitened, templates, fit)
    scaled = residual / np.sqrt(1 + np.maximum(pursuit.doubt, 0)).astype(np.float32)
    return Explained(window=window, usable=usable, fit=fit, residual=residual, scaled=scaled)


def without(whitened: Samples, templates: Templates, fit: Fit) -> Samples:
    """Return the whitened samples less the discharges."""
    half, n = templates.half, whitened.shape[1]
    out = np.pad(whitened, ((0, 0), (half, half)))
    middle = np.rint(fit.place).astype(np.int64)
    numbers = shift_number(fit.place - middle)
    for at, number, unit, size in zip(middle, numbers, fit.unit, fit.size * templates.size[fit.unit], strict=True):
        out[:, at : at + 2 * half + 1] -= np.float32(size) * templates.shifted[number, unit]
    return out[:, half : half + n]


def unexplained(scene: Scene, explained: Explained) -> tuple[IntArray, Samples]:
    """Return places and deviates of what is left of a window and may be more than noise; its own only."""
    statistic = scene.bank.statistic(explained.scaled)
    places = scene.bank.peaks(statistic, explained.usable, LEAST_DEVIATE)
    places = places[explained.own(places)]
    return places, statistic[places]


def shadowed(place: FloatArray | IntArray, height: Samples | FloatArray, reach: int, factor: float) -> BoolArray:
    """Tell which of several peaks have one within reach that is ``factor`` times higher; places in order."""
    out = np.zeros(place.size, dtype=np.bool_)
    for step in range(1, place.size):
        close = place[step:] - place[:-step] < reach
        if not close.any():
            break
        out[:-step] |= close & (height[step:] > factor * height[:-step])
        out[step:] |= close & (height[:-step] > factor * height[step:])
    return out
