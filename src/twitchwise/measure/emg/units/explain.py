"""How a recording is looked at, and one window of it explained by the discharges of units."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.emg.around import greatest_within
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
# Samples of a recording that is kept in memory while it is gone over: 30 bytes each.
_KEPT_SAMPLES = 1 << 22
# Every so many samples say how loud a filter is; the median of a window needs no more.
_THIN = 3
# Median of the size of a normal deviate.
_MEDIAN_SIZE = 0.6745


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
    def is_dense(self) -> bool:
        """Whether potentials come thick and fast, so that they collide often."""
        return self.near < round(self.settings.collision_greatest_s * self.sampling_rate_hz)

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


def in_memory(blocks: Iterable[Trace]) -> Iterable[Trace]:
    """Return a recording as a list, or as it is if that has no room."""
    held, room = list[Trace](), _KEPT_SAMPLES
    for block in blocks:
        held.append(block)
        room -= block.samples.size
        if room < 0:
            return blocks
    return held


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A window as the engine looks at it.

    ``usable`` tells which samples are far enough from what may not be used and from the ends of the recording;
    ``whitened`` are its samples with white noise, ``statistic`` the bank's of these.
    """

    window: Window
    usable: BoolArray
    whitened: Samples
    statistic: Samples


@dataclass(kw_only=True, eq=False)
class Views:
    """The windows of a recording, one after the other and again and again; kept in memory where all have room."""

    scene: Scene
    blocks: Iterable[Trace]
    _kept: list[View] | None = None

    def __iter__(self) -> Iterator[View]:
        """Give every window that the scene has units learnt from."""
        if self._kept is not None:
            yield from self._kept
            return
        kept, room = list[View](), _KEPT_SAMPLES
        for number, window in enumerate(self.scene.windows(self.blocks)):
            if number % self.scene.every:
                continue
            view = viewed(self.scene, window)
            room -= window.trace.samples.size
            if room > 0:
                kept.append(view)
            else:
                kept.clear()
            yield view
        self._kept = kept if room > 0 else None

    @property
    def are_kept(self) -> bool:
        """Whether the whole recording has room in memory; known once it has been gone over."""
        return self._kept is not None and self.scene.every == 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Explained:
    """A window explained.

    ``residual`` is the whitened signal less the discharges, ``scaled`` the same in multiples of noise and of what the
    misfit of the templates adds to it; ``statistic`` is the bank's of the latter. ``noise`` is the standard deviation
    of each matched filter under what is left, shape ``(n_units,)``; ``doubt`` the energy that the misfit is expected to
    leave of each sample.
    """

    window: Window
    usable: BoolArray
    fit: Fit
    residual: Samples
    statistic: Samples
    scaled: Samples
    noise: FloatArray
    doubt: FloatArray

    def own(self, place: FloatArray | IntArray) -> BoolArray:
        """Tell which places in the window belong to it and not to its margins."""
        absolute = np.rint(place).astype(np.int64) + self.window.trace.first_sample
        return np.asarray((absolute >= self.window.start) & (absolute < self.window.stop), dtype=np.bool_)

    @property
    def core(self) -> slice:
        """Samples of the window that belong to it."""
        first = self.window.trace.first_sample
        return slice(self.window.start - first, self.window.stop - first)


def viewed(scene: Scene, window: Window) -> View:
    """Return a window whitened, with the bank's statistic."""
    whitened = scene.color.apply(window.trace)
    usable = ~greatest_within(~window.trace.usable, scene.near)
    usable[: scene.near] = usable[max(usable.size - scene.near, 0) :] = False
    return View(window=window, usable=usable, whitened=whitened, statistic=scene.bank.statistic(whitened))


def explain(scene: Scene, templates: Templates, view: View, *, thorough: bool = True) -> Explained:
    """Explain a window by the discharges of units; ``thorough`` takes collisions apart that are not well explained."""
    if len(templates) == 0:
        return _unchanged(view)
    limits = replace(scene.limits, thorough=thorough)
    matched = templates.matched(view.whitened)
    pursuit = Pursuit(templates=templates, limits=limits, matched=matched, usable=view.usable)
    fit = pursuit.run()
    scale = np.sqrt(1 + np.maximum(pursuit.doubt, 0)).astype(np.float32)
    residual = without(view.whitened, templates, fit)
    scaled = residual / scale
    changed = greatest_within(_marks(np.rint(fit.place), scale.size), templates.half + 1)
    return Explained(
        window=view.window,
        usable=view.usable,
        fit=fit,
        residual=residual,
        scaled=scaled,
        statistic=scene.bank.renewed(view.statistic, scaled, changed),
        doubt=pursuit.doubt,
        noise=_medians(np.abs(matched[:, ::_THIN] / scale[::_THIN])).astype(np.float64) / _MEDIAN_SIZE,
    )


def _unchanged(view: View) -> Explained:
    return Explained(
        window=view.window,
        usable=view.usable,
        fit=Fit.empty(),
        residual=view.whitened,
        scaled=view.whitened,
        statistic=view.statistic,
        noise=np.empty(0),
        doubt=np.zeros(view.statistic.size),
    )


def _medians(rows: Samples) -> Samples:
    """Return the median of each row: what `numpy.median` gives, but in a tenth of its time."""
    half = rows.shape[1] // 2
    parted = np.partition(rows, half, axis=1)
    upper = parted[:, half]
    return upper if rows.shape[1] % 2 else (parted[:, :half].max(axis=1) + upper) / 2


def _marks(places: FloatArray, n_samples: int) -> BoolArray:
    marks = np.zeros(n_samples, dtype=np.bool_)
    marks[places.astype(np.int64)] = True
    return marks


def without(whitened: Samples, templates: Templates, fit: Fit) -> Samples:
    """Return the whitened samples less the discharges."""
    half, n = templates.half, whitened.shape[1]
    out = np.zeros((whitened.shape[0], n + 2 * half), dtype=np.float32)
    out[:, half : half + n] = whitened
    middle = np.rint(fit.place).astype(np.int64)
    numbers = shift_number(fit.place - middle)
    for at, number, unit, size in zip(middle, numbers, fit.unit, fit.size * templates.size[fit.unit], strict=True):
        out[:, at : at + 2 * half + 1] -= np.float32(size) * templates.shifted[number, unit]
    return out[:, half : half + n]


def unexplained(scene: Scene, explained: Explained) -> tuple[IntArray, Samples]:
    """Return places and deviates of what is left of a window and may be more than noise; its own only."""
    places = scene.bank.peaks(explained.statistic, explained.usable, LEAST_DEVIATE)
    places = places[explained.own(places)]
    return places, explained.statistic[places]


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
