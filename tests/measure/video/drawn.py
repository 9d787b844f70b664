"""Drawn films, in memory, whose movement is known."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from twitchwise.signals import Picture, Video

Gray = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Pictures that are drawn when they are asked for."""

    draw: Callable[[int], Gray]
    noise_gray: float
    seed: int

    def brightness(self, start: int, stop: int) -> Iterator[Picture]:
        """Give pictures ``start`` to ``stop``."""
        for number in range(start, stop):
            rng = np.random.default_rng([self.seed, number])
            picture = self.draw(number)
            picture = picture + self.noise_gray * rng.standard_normal(picture.shape, dtype=np.float32)
            yield np.clip(picture + 0.5, 0, 255).astype(np.uint8)

    def color(self, start: int, stop: int) -> Iterator[Picture]:
        """Give the same in gray colors."""
        return (np.repeat(picture[..., np.newaxis], 3, axis=2) for picture in self.brightness(start, stop))


def film(
    draw: Callable[[int], Gray],
    n_frames: int,
    *,
    rate_hz: float = 60.0,
    noise_gray: float = 1.5,
    seed: int = 1,
    warnings: tuple[str, ...] = (),
) -> Video:
    """Return a film."""
    height, width = draw(0).shape
    return Video(
        name="drawn",
        format="drawn",
        width=width,
        height=height,
        times_s=np.arange(n_frames) / rate_hz,
        source=Drawing(draw=draw, noise_gray=noise_gray, seed=seed),
        warnings=warnings,
    )


def texture(shape: tuple[int, int], seed: int = 1, *, contrast: float = 20.0, finest: float = 2.0) -> Gray:
    """Return texture of several sizes around brightness 120."""
    rng = np.random.default_rng(seed)
    layers = [cv2.GaussianBlur(rng.standard_normal(shape, dtype=np.float32), (0, 0), finest * k) * k for k in (1, 2, 5)]
    total = np.sum(layers, axis=0)
    return np.asarray(120 + contrast * (total - total.mean()) / total.std(), dtype=np.float32)


def moved(picture: Gray, x: float, y: float = 0.0, turn: float = 0.0) -> Gray:
    """Return a picture moved right by x and down by y pixels, and turned about its middle.

    What is not turned is moved exactly, around the edges; what is turned is moved to a 32nd of a pixel, as OpenCV does.
    """
    height, width = picture.shape
    if not turn:
        phase = np.fft.fftfreq(height)[:, np.newaxis] * y + np.fft.rfftfreq(width) * x
        return np.asarray(np.fft.irfft2(np.fft.rfft2(picture) * np.exp(-2j * np.pi * phase), picture.shape), np.float32)
    cosine, sine = np.cos(turn), np.sin(turn)
    middle = np.array([width / 2, height / 2])
    inverse = np.array([[cosine, sine], [-sine, cosine]])
    matrix = np.hstack([inverse, (middle - inverse @ (middle + np.array([x, y])))[:, np.newaxis]])
    flags = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT))


def before(room: Gray, thing: Gray, mask: Gray, x: float, y: float = 0.0) -> Gray:
    """Return a room with a thing before it that moved."""
    part = moved(mask, x, y)
    return np.asarray(room * (1 - part) + moved(thing, x, y) * part, dtype=np.float32)


def disk(shape: tuple[int, int], radius: float) -> Gray:
    """Return a soft disk in the middle."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    distance = np.hypot(x - shape[1] / 2, y - shape[0] / 2)
    return np.asarray(np.clip((radius - distance) / 2 + 0.5, 0, 1), dtype=np.float32)
