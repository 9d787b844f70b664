"""A drawn ultrasound screen: speckle that lies flat, in which parts twitch, the probe slips, or an artery beats."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from tests.measure.video.drawn import Gray, film

from twitchwise.signals import Video

FloatArray = npt.NDArray[np.float64]
SHAPE = (240, 256)
LAYERS = 3
RISE_S, FALL_S = 0.06, 0.11


@dataclass(frozen=True, kw_only=True)
class Twitch:
    """When the fastest movement is, where, how far and how wide."""

    time_s: float
    x: float = 130.0
    y: float = 120.0
    size_px: float = 4.0
    width_px: float = 28.0


def screen(  # noqa: PLR0913 - one parameter a trait of the film
    twitches: Sequence[Twitch],
    duration_s: float,
    *,
    rate_hz: float = 50.0,
    probe_px: FloatArray | None = None,
    marks: bool = False,
    seed: int = 1,
    noise_gray: float = 1.5,
) -> Video:
    """Return a film of the screen."""
    n_frames = round(duration_s * rate_hz)
    speckle, (y, x) = _speckle(seed), np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    probe = np.zeros((n_frames, 2)) if probe_px is None else probe_px

    def draw(number: int) -> Gray:
        along, down = np.full(SHAPE, probe[number, 0], np.float32), np.full(SHAPE, probe[number, 1], np.float32)
        for one in twitches:
            part = np.exp(-((x - one.x) ** 2 + (y - one.y) ** 2) / (2 * one.width_px**2))
            pull = np.float32(one.size_px * course(number / rate_hz - one.time_s))
            along, down = along + 0.8 * pull * part, down + 0.6 * pull * part
        picture = cv2.remap(speckle, x - along, y - down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        if marks:
            picture = np.where(_text(), np.float32(250), picture)
        return np.asarray(picture, dtype=np.float32)

    return film(draw, n_frames, rate_hz=rate_hz, noise_gray=noise_gray, seed=seed)


def _text() -> npt.NDArray[np.bool_]:
    drawn = np.zeros(SHAPE, np.uint8)
    cv2.putText(drawn, "BICEPS", (20, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 2)
    return np.asarray(drawn > 0)


def course(time_s: float) -> float:
    """Return how far a twitch has gone, of 1; it is fastest at 0."""
    begun = time_s + RISE_S / 2
    if begun <= 0:
        return 0.0
    return float(np.sin(np.pi / 2 * min(begun / RISE_S, 1.0)) ** 2 * np.exp(-max(begun - RISE_S, 0) / FALL_S))


def _speckle(seed: int) -> Gray:
    rng = np.random.default_rng(seed)
    parts = [cv2.GaussianBlur(rng.standard_normal(SHAPE, dtype=np.float32), (0, 0), 4.0, sigmaY=1.6) for _ in range(2)]
    echo = np.hypot(*(part / part.std() for part in parts))
    fibers = 1 + 0.5 * np.sin(np.arange(SHAPE[0]) / 9)[:, np.newaxis]
    depth = np.linspace(1.2, 0.35, SHAPE[0])[:, np.newaxis]
    return np.asarray(np.clip(38 * echo * fibers * depth, 0, 255), dtype=np.float32)
