"""Learns the color of the noise again from what the units leave: in dense activity no moment was quiet before.

A first color holds the tails of great potentials, in which small units drown. Once the great ones are known and taken
out, what is left tells the noise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from twitchwise.measure.emg.units.bank import APART_S, make_bank
from twitchwise.measure.emg.units.color import NoiseColor, frame_length, learn_color
from twitchwise.measure.emg.units.explain import Scene, Views, explain
from twitchwise.measure.emg.units.passes import Pass
from twitchwise.measure.emg.units.templates import Templates
from twitchwise.measure.emg.units.trace import Samples, Trace

# The color is learnt again where no more than this share of the noise's power is left.
_QUIETER = 0.5
# Frames that tell how even the noise is, and how many times as long as the short ones of a color they are.
_FRAMES, _JOINED = 400, 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Left:
    """What units leave of the windows of a recording, as a recording of its own that can be gone over again."""

    scene: Scene
    templates: Templates
    views: Views

    def __iter__(self) -> Iterator[Trace]:
        first = 0
        for view in self.views:
            done = explain(self.scene, self.templates, view, thorough=False)
            usable = done.usable[done.core]
            yield Trace(
                samples=done.residual[:, done.core],
                sampling_rate_hz=self.scene.sampling_rate_hz,
                usable=usable,
                first_sample=first,
            )
            first += usable.size


def recolored(scene: Scene, templates: Templates, views: Views, done: Pass) -> tuple[Scene, Templates] | None:
    """Return a scene with the noise that units leave, and the units in it; nothing where the noise was known before.

    Parameters
    ----------
    scene, templates, views
        How the recording was looked at, its units so far, and its windows.
    done
        The last pass, whose matched filters tell how much of the noise is left.
    """
    if not (scene.is_dense and len(templates) and done.noise) or np.median(np.array(done.noise)) ** 2 > _QUIETER:
        return None
    left = list(Left(scene=scene, templates=templates, views=views))
    change = learn_color(left)
    color = scene.color.followed_by(change)
    bank = make_bank(color, scene.sampling_rate_hz, templates.shapes.shape[1], APART_S)
    frames = np.array(list(islice(_frames(left, change), _FRAMES)))
    if frames.size:
        bank = bank.calibrated(frames)
    shapes = np.stack([_filtered(shape, change) for shape in templates.shapes])
    return replace(scene, color=color, bank=bank), replace(
        templates, shapes=shapes, noise=np.ones_like(templates.noise)
    )


def _frames(left: list[Trace], color: NoiseColor) -> Iterator[Samples]:
    """Give frames of what is left as a color makes it."""
    for trace in left:
        length = _JOINED * frame_length(trace.sampling_rate_hz)
        white = color.apply(trace)
        for first in range(0, trace.n_samples - length + 1, length):
            if trace.usable[first : first + length].all():
                yield white[:, first : first + length]


def _filtered(shape: Samples, color: NoiseColor) -> Samples:
    """Return a shape as a color makes it, as long as it was."""
    whole = np.pad(shape, ((0, 0), (color.reach, color.reach)))
    trace = Trace(samples=whole, sampling_rate_hz=1.0, usable=np.ones(whole.shape[1], dtype=np.bool_))
    return color.apply(trace)[:, color.reach : color.reach + shape.shape[1]]
