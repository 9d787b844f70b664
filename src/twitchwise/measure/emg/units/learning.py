"""Learns the units of a recording: recurring shapes, then again what they leave unexplained, until nothing recurs."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from twitchwise.measure.emg.units.bank import APART_S, make_bank
from twitchwise.measure.emg.units.color import learn_color
from twitchwise.measure.emg.units.evidence import local_fdr
from twitchwise.measure.emg.units.explain import Scene, Views, shadowed
from twitchwise.measure.emg.units.merging import merged, without_satellites
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.recoloring import recolored
from twitchwise.measure.emg.units.selection import (
    Row,
    beside_greater,
    centered,
    meetings,
    reduced,
    shrunk,
    table_of,
    updated,
)
from twitchwise.measure.emg.units.settings import unit_settings
from twitchwise.measure.emg.units.shapes import recurring_shapes
from twitchwise.measure.emg.units.sums import without_sums
from twitchwise.measure.emg.units.templates import Templates
from twitchwise.measure.emg.units.trace import Trace
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Passes in which shapes are looked for; what a fifth one finds is hardly ever a unit.
_PASSES = 4
# How often the color of the noise is learnt again from what the units leave.
_COLORS = 3
# Half the length of a template: longer than a collision in dense activity, where tails of great potentials matter.
_HALF_LEAST_S = 0.012
# Potentials collide once in ten if they come so often; where they come less often they are looked at for longer.
_COLLISION_SHARE = 0.1
# Beside a potential this factor higher the statistic of the bank rings within so many seconds.
RINGING, RINGING_S = 2.5, 0.025
# Shorter recordings are judged as if they were so long, so that false alarms do not depend on cutting one into pieces.
LEAST_S = 600.0
# So much of dense activity is enough to learn units from; it is taken from the whole recording.
_ENOUGH_S = 60.0
# A unit was a collision of others if without it no more than this share of its discharges is left over.
_LEFT_OVER = 0.4
# Where fewer than these would meet by chance, no unit is one.
_COLLISIONS_LEAST = 4.0
# Potentials from which shapes are made, and the share of overlapped ones that may look alike by chance.
_MOST, _ALIKE = 6000, 0.02
# What a new unit is taken to be, before its discharges are seen.
_SPREAD, _SPREAD_COUNT, _MISFIT = 0.15, 2, 0.02


def look_at(blocks: Iterable[Trace], sampling_rate_hz: float, n_components: int) -> Scene:
    """Return how to look at a recording: where potentials come thick and fast, through short templates."""
    color, settings = learn_color(blocks), unit_settings()
    if color.filters.shape[0] != n_components:
        color = replace(color, filters=np.ones((n_components, 1)))
    bank = make_bank(color, sampling_rate_hz, n_components, APART_S)
    near = round(settings.collision_least_s * sampling_rate_hz)
    scene = Scene(color=color, bank=bank, sampling_rate_hz=sampling_rate_hz, near=max(2, near), half=max(4, near))
    done = Pass(scene=scene, templates=no_templates(scene, n_components)).run(Views(scene=scene, blocks=blocks))
    if done.frames and _near_s(done) < settings.collision_greatest_s:
        # a bank that is not calibrated takes noise that whitening left uneven for potentials that come thick and fast
        even = replace(scene, bank=bank.calibrated(np.array(done.frames)))
        done = Pass(scene=even, templates=no_templates(even, n_components)).run(Views(scene=even, blocks=blocks))
    near_s = _near_s(done)
    half = max(4, round(max(near_s, _HALF_LEAST_S) * sampling_rate_hz))
    bank = bank.calibrated(np.array(done.frames)) if done.frames else bank
    every = max(1, int(done.seconds / _ENOUGH_S)) if near_s < settings.collision_greatest_s else 1
    return replace(scene, bank=bank, near=max(2, round(near_s * sampling_rate_hz)), half=half, every=every)


def _near_s(done: Pass) -> float:
    """Return how close two discharges collide, in seconds: closer where potentials come thick and fast."""
    settings = done.scene.settings
    near_s = _COLLISION_SHARE * done.seconds / max(seeds(done).size, 1)
    return float(np.clip(near_s, settings.collision_least_s, settings.collision_greatest_s))


def no_templates(scene: Scene, n_components: int) -> Templates:
    """Return templates of no unit."""
    shapes = np.zeros((0, n_components, 2 * scene.half + 1), dtype=np.float32)
    none = np.empty(0)
    return Templates(shapes=shapes, spread=none, misfit=none, rate=none, noise=none)


def learn_templates(scene: Scene, views: Views, n_components: int) -> tuple[Templates, Pass]:
    """Learn the units.

    Parameters
    ----------
    scene
        How to look at the recording.
    views
        The windows of the recording, gone over several times.
    n_components
        Components of the recording.

    Returns
    -------
    tuple
        The templates, and the last pass over the recording.
    """
    templates, done = _searched(scene, views, no_templates(scene, n_components))
    for _ in range(_COLORS):
        quieter = recolored(scene, templates, views, done)
        if quieter is None:
            break
        scene, templates = quieter
        views = Views(scene=scene, blocks=views.blocks)
        templates, done = _searched(scene, views, templates)
    done = Pass(scene=scene, templates=templates, thorough=True, keep=views.are_kept).run(views)
    fewer = merged(done, without_satellites(done, _without_collisions(done, views)))
    if len(fewer) < len(templates):
        done = Pass(scene=scene, templates=fewer, thorough=True, keep=views.are_kept).run(views)
    return done.templates, done


def _searched(scene: Scene, views: Views, templates: Templates) -> tuple[Templates, Pass]:
    """Return templates and those of the shapes that recur in what they leave, until nothing recurs."""
    for number in range(_PASSES + 1):
        done = Pass(scene=scene, templates=templates).run(views)
        rows = reduced(done, updated(done))
        new = _new_units(done) if number < _PASSES else []
        templates = table_of(reduced(done, [*rows, *new]) if new else rows, done.templates)
        if not new:
            break
    return templates, done


def _without_collisions(done: Pass, views: Views) -> list[int]:
    """Return which units to keep: not those that are so rare that they may be collisions, and are."""
    templates, unit, near = done.templates, done.joined("unit"), done.scene.near
    count = np.bincount(unit.astype(np.int64), minlength=len(templates))
    most = meetings(np.sort(count)[-2:], done)
    rare = np.flatnonzero(count <= most).tolist() if most >= _COLLISIONS_LEAST else []
    kept = [one for one in range(len(templates)) if one not in rare]
    if not rare or not kept:
        return without_sums(done, list(range(len(templates))))
    fewer = Pass(scene=done.scene, templates=templates.subset(kept), thorough=True).run(views)
    left = np.sort(fewer.joined("place"))
    for one in rare:
        times = done.joined("time")[unit == one]
        index = np.searchsorted(left, [times - near, times + near])
        if times.size and np.mean(index[1] > index[0]) > _LEFT_OVER:
            kept.append(one)
    return without_sums(done, sorted(kept))


def expected_above(deviate: FloatArray, done: Pass) -> FloatArray:
    """Return how many peaks of the bank at least as high noise alone gives in the time of a pass."""
    n_samples = max(done.usable, LEAST_S * done.scene.sampling_rate_hz)
    return np.asarray(done.scene.bank.null_tail(deviate) * n_samples, dtype=np.float64)


def seeds(done: Pass) -> IntArray:
    """Return which candidates of a pass are hardly noise, and not beside a greater one."""
    deviate, place = done.joined("deviate"), done.joined("place")
    scene = done.scene
    chosen = np.flatnonzero(local_fdr(expected_above(deviate, done)) < scene.settings.seed_fdr)
    chosen = chosen[~shadowed(place[chosen], deviate[chosen], scene.near, 1.0)]
    ringing = round(RINGING_S * scene.sampling_rate_hz)
    return chosen[~shadowed(place[chosen], deviate[chosen], ringing, RINGING)]


def _new_units(done: Pass) -> list[Row]:
    """Return the units that recur in what a pass left."""
    chosen, cuts = done.cuts_of(seeds(done))
    step = max(1, -(-chosen.size // _MOST))
    chosen, cuts, scene = chosen[::step], cuts[::step], done.scene
    place, settings = done.joined("place")[chosen], scene.settings
    rows = list[Row]()
    for shape in recurring_shapes(cuts, slack=scene.slack, least=_least(done, chosen.size), core=scene.near):
        count = shape.members.size
        mean = centered(shrunk(shape.mean, shape.deviation, count), scene.slack)
        size = float(np.linalg.norm(mean))
        if size < settings.least_detectability or beside_greater(place[shape.members], size, done):
            continue
        spread = (count * shape.spread + _SPREAD_COUNT * _SPREAD) / (count + _SPREAD_COUNT)
        spread = float(np.clip(spread, settings.spread_least, settings.spread_greatest))
        rows.append(Row(shape=mean, spread=spread, misfit=_MISFIT, rate=step * count / done.usable, noise=1.0))
    return rows


def _least(done: Pass, n_seeds: int) -> int:
    """Return how many potentials make a unit: two, or more where collisions may look alike by chance."""
    events = n_seeds + done.joined("unit").size
    collisions = events * (1 - np.exp(-2 * done.scene.near * events / max(done.usable, 1)))
    return max(2, round(float(_ALIKE * collisions)))
