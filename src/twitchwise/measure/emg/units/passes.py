"""One pass over a recording with the templates of the last one: what is found, what is left, what both add up to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from twitchwise.measure.emg.units.color import frame_length
from twitchwise.measure.emg.units.explain import Explained, Scene, View, explain, unexplained
from twitchwise.measure.emg.units.shapes import cut_out, moved_earlier
from twitchwise.measure.emg.units.templates import Templates
from twitchwise.measure.emg.units.trace import Samples
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# Potentials of a unit that are kept to see whether they are of one unit, frames kept to learn the color of what is
# left, and cuts kept to find shapes in: enough for an error of a few percent, and no more for a longer recording.
_KEPT, _FRAMES, _CUTS = 400, 400, 8000
# A frame is this many times as long as the short ones of the first color.
_JOINED = 4
# What is left after a discharge may exceed noise by this factor, and by this share of its energy, to count in a mean.
_LEFT_FACTOR, _LEFT_SHARE = 2.5, 0.5
# Median of the size of a normal deviate.
_MEDIAN_SIZE = 0.6745


@dataclass(kw_only=True, eq=False)
class Pass:
    """What one pass over a recording gives; the lists have one array a window, ``kept`` all windows if asked for."""

    scene: Scene
    templates: Templates
    thorough: bool = False
    keep: bool = False
    kept: list[Explained] = field(default_factory=list)
    usable: int = 0
    deviate: list[Samples] = field(default_factory=list)
    place: list[IntArray] = field(default_factory=list)
    cuts: list[Samples] = field(default_factory=list)
    cut_of: list[IntArray] = field(default_factory=list)
    stride: int = 1
    unit: list[IntArray] = field(default_factory=list)
    time: list[FloatArray] = field(default_factory=list)
    size: list[FloatArray] = field(default_factory=list)
    height: list[FloatArray] = field(default_factory=list)
    alone: list[BoolArray] = field(default_factory=list)
    left: list[FloatArray] = field(default_factory=list)
    noise: list[FloatArray] = field(default_factory=list)
    frames: list[Samples] = field(default_factory=list)
    potentials: dict[int, list[Samples]] = field(default_factory=dict)
    sums: Samples = field(init=False)
    squares: Samples = field(init=False)
    weights: FloatArray = field(init=False)
    raw: tuple[FloatArray, FloatArray] = field(init=False)
    raw_weights: tuple[FloatArray, FloatArray] = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is added up yet."""
        self.sums, self.squares = np.zeros_like(self.templates.shapes), np.zeros_like(self.templates.shapes)
        self.weights = np.zeros(len(self.templates))
        self.raw = np.zeros(self.templates.shapes.shape), np.zeros(self.templates.shapes.shape)
        self.raw_weights = np.zeros(len(self.templates)), np.zeros(len(self.templates))

    def run(self, views: Iterable[View]) -> "Pass":
        """Go over the windows once."""
        for view in views:
            explained = explain(self.scene, self.templates, view, thorough=self.thorough)
            self._add(explained)
            if self.keep:
                self.kept.append(explained)
        return self

    @property
    def seconds(self) -> float:
        """Usable time in seconds."""
        return self.usable / self.scene.sampling_rate_hz

    @property
    def noise_power(self) -> float:
        """Power of what is left, a sample, by its median: 1 where whitening was perfect."""
        if not self.frames:
            return 1.0
        return float(np.median(np.concatenate(self.frames, axis=1) ** 2)) / _MEDIAN_SIZE**2

    def joined(self, name: str) -> FloatArray:
        """Return one of the lists as one array."""
        parts: list[FloatArray] = getattr(self, name)
        return np.concatenate(parts) if parts else np.empty(0)

    def cuts_of(self, chosen: IntArray) -> tuple[IntArray, Samples]:
        """Return those of the chosen candidates whose cuts were kept, and their cuts."""
        kept = np.concatenate(self.cut_of) if self.cut_of else np.empty(0, dtype=np.int64)
        both, _, at = np.intersect1d(chosen, kept, return_indices=True)
        if both.size == 0:
            return both, np.empty((0, 1, 1), dtype=np.float32)
        return both, np.concatenate(self.cuts)[at]

    def _add(self, explained: Explained) -> None:
        self.usable += int(explained.window.trace.usable[explained.core].sum())
        self._add_frames(explained)
        places, deviates = unexplained(self.scene, explained)
        self._add_cuts(explained, places)
        self.deviate.append(deviates)
        self.place.append(places + explained.window.trace.first_sample)
        if len(self.templates):
            self._add_discharges(explained)

    def _add_cuts(self, explained: Explained, places: IntArray) -> None:
        number = sum(part.size for part in self.deviate) + np.arange(places.size)
        chosen = number % self.stride == 0
        self.cuts.append(cut_out(explained.residual, places[chosen], self.scene.half + self.scene.slack))
        self.cut_of.append(number[chosen])
        while sum(part.size for part in self.cut_of) > _CUTS:
            self.stride *= 2
            keep = [part % self.stride == 0 for part in self.cut_of]
            self.cuts = [part[kept] for part, kept in zip(self.cuts, keep, strict=True)]
            self.cut_of = [part[kept] for part, kept in zip(self.cut_of, keep, strict=True)]

    def _add_frames(self, explained: Explained) -> None:
        length = _JOINED * frame_length(self.scene.sampling_rate_hz)
        left, usable = explained.scaled[:, explained.core], explained.window.trace.usable[explained.core]
        for first in range(0, left.shape[1] - length + 1, length):
            if len(self.frames) < _FRAMES and usable[first : first + length].all():
                self.frames.append(left[:, first : first + length])

    def _add_discharges(self, explained: Explained) -> None:
        fit, half, near = explained.fit, self.scene.half, self.scene.near
        chosen = np.flatnonzero(explained.own(fit.place))
        unit, size, place = fit.unit[chosen], fit.size[chosen], fit.place[chosen]
        middle = np.rint(place).astype(np.int64)
        rest = moved_earlier(cut_out(explained.residual, middle, half), place - middle)
        core = rest[:, :, half - near : half + near + 1]
        energy = np.sum(core.astype(np.float64) ** 2, axis=(1, 2))
        freedom = core.shape[1] * core.shape[2]
        good = energy <= _LEFT_FACTOR * freedom + _LEFT_SHARE * self.templates.size[unit] ** 2
        self._add_shapes(unit[good], size[good], rest[good])
        self._keep(unit, size, rest)
        gap = np.concatenate([[np.inf], np.diff(fit.place), [np.inf]]) > 2 * near
        self.alone.append((gap[:-1] & gap[1:])[chosen])
        self._add_raw(explained, chosen)
        self.unit.append(unit)
        self.time.append(place + explained.window.trace.first_sample)
        self.size.append(size)
        self.height.append(fit.height[chosen])
        self.left.append(energy - self._of_others(explained, chosen, middle))
        self.noise.append(explained.noise)

    def _of_others(self, explained: Explained, chosen: IntArray, middle: IntArray) -> FloatArray:
        """Return the energy that others' misfit is expected to leave of each discharge."""
        near, known = self.scene.near, self.templates
        unit, size = explained.fit.unit[chosen], explained.fit.size[chosen]
        total = np.concatenate([[0.0], np.cumsum(explained.doubt)])
        first, last = (np.clip(middle + end, 0, explained.doubt.size) for end in (-near, near + 1))
        own = size**2 * known.misfit[unit] * known.size[unit] ** 2
        return np.asarray(np.maximum(total[last] - total[first] - own, 0.0), dtype=np.float64)

    def _add_shapes(self, unit: IntArray, size: FloatArray, rest: Samples) -> None:
        np.add.at(self.sums, unit, size[:, None, None].astype(np.float32) * rest)
        np.add.at(self.squares, unit, rest**2)
        np.add.at(self.weights, unit, size**2)

    def _add_raw(self, explained: Explained, chosen: IntArray) -> None:
        """Add up potentials before they were whitened: first those that no other comes near, then all."""
        place, unit = explained.fit.place[chosen], explained.fit.unit[chosen]
        middle = np.rint(place).astype(np.int64)
        raw = moved_earlier(cut_out(explained.window.trace.samples, middle, self.scene.half), place - middle)
        which = (self.alone[-1], np.ones(unit.size, dtype=np.bool_))
        for sums, weights, used in zip(self.raw, self.raw_weights, which, strict=True):
            np.add.at(sums, unit[used], raw[used])
            np.add.at(weights, unit[used], 1.0)

    def _keep(self, unit: IntArray, size: FloatArray, rest: Samples) -> None:
        """Keep potentials of each unit with the others taken out."""
        for index, one in enumerate(unit.tolist()):
            kept = self.potentials.setdefault(one, [])
            if len(kept) < _KEPT:
                kept.append(rest[index] + np.float32(size[index]) * self.templates.shapes[one])
