"""The engine as one object: it learns the units of a recording, then lists their discharges."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d

from twitchwise.measure.emg.units.bank import deviate_of_height
from twitchwise.measure.emg.units.evidence import local_fdr, probability_of
from twitchwise.measure.emg.units.explain import (
    Explained,
    Scene,
    Views,
    explain,
    in_memory,
    shadowed,
    unexplained,
    viewed,
)
from twitchwise.measure.emg.units.learning import (
    RINGING,
    RINGING_S,
    expected_above,
    learn_templates,
    look_at,
)
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.results import Discharges, UnitSet
from twitchwise.measure.emg.units.shapes import cut_out
from twitchwise.measure.emg.units.templates import Templates
from twitchwise.measure.emg.units.trace import Samples, Trace
from twitchwise.measure.emg.units.trains import reviewed
from twitchwise.measure.emg.units.visible import Visibility
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

# A template is there where it exceeds this share of its greatest sample, and so close around.
_PRESENT, _AROUND_S = 0.1, 0.002


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitFinder:
    """Units of a recording and all that is needed to list their discharges.

    Parameters
    ----------
    scene, templates
        How the recording is looked at, and its units in the whitened signal.
    units
        The units as they are in the recording.
    known_deviate, known_fdr
        For potentials of no unit: heights that were seen, in order, and how probably each is noise, shape ``(n,)``.
    visibility
        Which of their discharges are listed.
    learned
        What the units were learned from, and its windows explained, if it had room in memory.
    """

    scene: Scene
    templates: Templates
    units: UnitSet
    known_deviate: FloatArray
    known_fdr: FloatArray
    visibility: Visibility
    learned: tuple[Iterable[Trace], tuple[Explained, ...]] | None = None

    @classmethod
    def learn(cls, blocks: Iterable[Trace]) -> "UnitFinder":
        """Learn the units of a recording.

        Parameters
        ----------
        blocks
            The recording in stretches that follow one another. They are gone over several times: a list, or an object
            that reads the recording again whenever it is iterated over.

        Raises
        ------
        OutOfRangeError
            If there is no block, or the blocks do not follow one another.
        """
        first = next(iter(blocks), None)
        if first is None:
            raise OutOfRangeError("blocks must hold at least one stretch of a recording, got none.")
        n_components = first.samples.shape[0]
        held = in_memory(blocks)
        scene = look_at(held, first.sampling_rate_hz, n_components)
        views = Views(scene=scene, blocks=held)
        templates, done = learn_templates(scene, views, n_components)
        deviate = done.joined("deviate")
        order = np.argsort(deviate, kind="stable")
        fdr = local_fdr(expected_above(deviate, done))[order]
        units = _units(done)
        return cls(
            scene=done.scene,
            templates=templates,
            units=units,
            known_deviate=deviate[order],
            known_fdr=fdr,
            visibility=Visibility.of(done, units),
            learned=(blocks, tuple(done.kept)) if done.kept else None,
        )

    def stream(self, blocks: Iterable[Trace]) -> Iterator[Discharges]:
        """Give the discharges window by window, in order of the windows; the cuts between blocks do not matter."""
        for explained in self._explained(blocks):
            yield Discharges.join([self._of_units(explained), self._of_none(explained)])

    def _explained(self, blocks: Iterable[Trace]) -> Iterable[Explained]:
        """Explain a recording; the one that the units are of was explained when they were learned."""
        if self.learned is not None and self.learned[0] is blocks:
            return self.learned[1]
        views = (viewed(self.scene, window) for window in self.scene.windows(blocks))
        return (explain(self.scene, self.templates, view) for view in views)

    def match(self, blocks: Iterable[Trace]) -> Discharges:
        """Return all discharges in order of time, each regular train looked at as a whole."""
        return reviewed(Discharges.join(list(self.stream(blocks))))

    def _of_units(self, explained: Explained) -> Discharges:
        fit, trace = explained.fit, explained.window.trace
        chosen = np.flatnonzero(explained.own(fit.place) & self.visibility.listed(fit.unit, fit.size))
        unit, place = fit.unit[chosen], fit.place[chosen]
        offset = self.units.peak[unit] - self.templates.half
        time_s = (trace.first_sample + place + offset) / trace.sampling_rate_hz
        order = np.argsort(time_s, kind="stable")
        gap = np.concatenate([[np.inf], np.diff(fit.place), [np.inf]]) < self.scene.near
        return Discharges(
            time_s=time_s[order],
            unit=self.visibility.named(unit[order]),
            probability=probability_of(fit.odds[chosen])[order],
            amplitude=fit.size[chosen][order],
            residual=self._left(explained.residual, np.rint(place).astype(np.int64))[order],
            overlapped=(gap[:-1] | gap[1:])[chosen][order],
        )

    def _of_none(self, explained: Explained) -> Discharges:
        """Return potentials of no unit: what is left, is hardly noise, and is not what a template left."""
        place, deviate = unexplained(self.scene, explained)
        probability = 1 - self._fdr(deviate)
        chosen = probability >= self.scene.settings.unknown_least_probability
        chosen &= ~self._beside(place, deviate, explained)
        place = place[chosen]
        time_s = self._peak_s(explained.window.trace, place)
        order = np.argsort(time_s, kind="stable")
        fit = explained.fit.place
        near = np.array([np.abs(fit - one).min(initial=np.inf) < self.scene.near for one in place], dtype=np.bool_)
        return Discharges(
            time_s=time_s[order],
            unit=np.zeros(place.size, dtype=np.int64),
            probability=probability[chosen][order],
            amplitude=deviate[chosen][order].astype(np.float64),
            residual=self._left(explained.residual, place)[order],
            overlapped=near[order],
        )

    def _fdr(self, deviate: Samples) -> FloatArray:
        """Return how probably a candidate is noise, as learnt from the whole recording."""
        if self.known_deviate.size == 0:
            return np.ones(deviate.size)
        return np.interp(deviate, self.known_deviate, self.known_fdr)

    def _beside(self, place: IntArray, deviate: Samples, explained: Explained) -> BoolArray:
        """Tell which candidates lie beside something greater, be it explained or not."""
        fit = explained.fit
        both = np.concatenate([place, fit.place])
        height = np.concatenate([deviate, deviate_of_height(fit.height)])
        order = np.argsort(both, kind="stable")
        ringing = round(RINGING_S * self.scene.sampling_rate_hz)
        beside = shadowed(both[order], height[order], self.scene.near, 1.0)
        beside |= shadowed(both[order], height[order], ringing, RINGING)
        out = np.empty(both.size, dtype=np.bool_)
        out[order] = beside
        return out[: place.size]

    def _left(self, residual: Samples, place: IntArray) -> FloatArray:
        cuts = cut_out(residual, place, self.scene.near)
        return np.asarray(np.sqrt(np.mean(cuts**2, axis=(1, 2), dtype=np.float64)), dtype=np.float64)

    def _peak_s(self, trace: Trace, place: IntArray) -> FloatArray:
        """Return when the signal is greatest by size near places in a window."""
        near = self.scene.near
        size = np.abs(cut_out(trace.samples, place, near)).max(axis=1, initial=0.0)
        at = size.argmax(axis=1) if place.size else place
        return np.asarray((trace.first_sample + place + at - near) / trace.sampling_rate_hz, dtype=np.float64)


def find_units(trace: Trace) -> tuple[UnitSet, Discharges]:
    """Find the units of a recording that fits in memory, and their discharges.

    Parameters
    ----------
    trace
        The recording.

    Returns
    -------
    tuple of UnitSet and Discharges

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> samples = rng.standard_normal((1, 60_000), dtype=np.float32)
    >>> for at in range(1000, 59_000, 3000):
    ...     samples[0, at : at + 8] += [0, 3, 9, 5, -8, -6, -2, 0]
    >>> units, discharges = find_units(
    ...     Trace(samples=samples, sampling_rate_hz=2000.0, usable=np.ones(60_000, dtype=np.bool_))
    ... )
    >>> len(units), len(discharges), round(float(discharges.time_s[0]), 3)
    (1, 20, 0.501)
    """
    blocks = [trace]
    finder = UnitFinder.learn(blocks)
    return finder.units, finder.match(blocks)


def _units(done: Pass) -> UnitSet:
    """Return the units as the last pass saw them in the recording."""
    templates = done.templates
    alone = done.raw_weights[0] >= done.scene.settings.alone_least
    chosen = np.where(alone[:, None, None], done.raw[0], done.raw[1])
    weight = np.where(alone, done.raw_weights[0], done.raw_weights[1])
    shapes = (chosen / np.maximum(weight, 1)[:, None, None]).astype(np.float32)
    # a great neighbor in the raw mean is not the unit's peak: that lies where the whitened template is
    best, peak = _peaks(
        np.where(_own(templates.shapes, done.scene), shapes, 0.0), templates.half, max(done.scene.near, 1)
    )
    return UnitSet(
        templates=shapes,
        peak=peak,
        best=best,
        rate_hz=templates.rate * done.scene.sampling_rate_hz,
        detectability=templates.detectability,
        spread=templates.spread,
        sampling_rate_hz=done.scene.sampling_rate_hz,
    )


def _own(shapes: Samples, scene: Scene) -> BoolArray:
    """Mark where templates are, and what lies close by, shape ``(n, n_components, n_samples)``."""
    size = np.abs(shapes)
    present = size >= _PRESENT * size.max(axis=(1, 2), keepdims=True, initial=0.0)
    width = 2 * max(2, round(_AROUND_S * scene.sampling_rate_hz)) + 1
    return np.asarray(maximum_filter1d(present.astype(np.uint8), width, axis=2), dtype=np.bool_)


def _peaks(shapes: Samples, half: int, near: int) -> tuple[IntArray, FloatArray]:
    """Return for each shape the component and place, with a fraction, of its greatest sample near the middle."""
    n, _, length = shapes.shape
    if n == 0:
        return np.empty(0, dtype=np.int64), np.empty(0)
    first, last = max(1, half - near), min(length - 1, half + near + 1)
    size = np.abs(shapes.astype(np.float64))
    best = size[:, :, first:last].max(axis=2).argmax(axis=1)
    rows = size[np.arange(n), best]
    at = rows[:, first:last].argmax(axis=1) + first
    before, here, after = (rows[np.arange(n), at + shift] for shift in (-1, 0, 1))
    bend = np.minimum(before - 2 * here + after, -1e-9)
    return best.astype(np.int64), at + np.clip((before - after) / (2 * bend), -0.5, 0.5)
