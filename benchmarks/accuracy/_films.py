"""Drawn films with a known movement, written with H.264 so that they lose what a real film loses."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.float32]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Sway:
    """How a camera moves: pixels in x and y and turns in rad, each of shape ``(n_frames,)``."""

    x: FloatArray
    y: FloatArray
    turn: FloatArray


def write(path: Path, pictures: Iterator[Gray], *, frame_rate_hz: float, quality: int = 20) -> None:
    """Write pictures of brightness 0 to 255 with H.264 as phones and editors do."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(frame_rate_hz).limit_denominator(1000))
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(quality), "preset": "veryfast"}
        for number, picture in enumerate(pictures):
            gray = np.clip(picture + 0.5, 0, 255).astype(np.uint8)
            if number == 0:
                stream.height, stream.width = gray.shape
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.repeat(gray[..., np.newaxis], 3, 2), "rgb24")))
        container.mux(stream.encode())


def texture(shape: tuple[int, int], rng: np.random.Generator, *, finest: float, contrast: float) -> Gray:
    """Return texture of several sizes, mean 0."""
    layers = [cv2.GaussianBlur(rng.normal(size=shape).astype(np.float32), (0, 0), finest * k) * k for k in (1, 2, 5)]
    total = np.sum(layers, axis=0)
    return np.asarray(contrast * (total - total.mean()) / total.std(), dtype=np.float32)


def moved(picture: Gray, x: float, y: float = 0.0, turn: float = 0.0) -> Gray:
    """Return a picture moved by a fraction of a pixel."""
    height, width = picture.shape
    cosine, sine = np.cos(turn), np.sin(turn)
    middle = np.array([width / 2, height / 2])
    inverse = np.array([[cosine, sine], [-sine, cosine]])
    offset = middle - inverse @ (middle + np.array([x, y]))
    matrix = np.hstack([inverse, offset[:, np.newaxis]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT))


def fork(rng: np.random.Generator, frame_rate_hz: float, frequency_hz: float, rms_px: float, n: int) -> Iterator[Gray]:
    """Give pictures of a tuning fork before an even wall, on a stand that drifts at 3 Hz and below."""
    height, width, times = 240, 320, np.arange(n) / frame_rate_hz
    wall = np.tile(np.linspace(170, 225, width, dtype=np.float32), (height, 1))
    wall = (wall + texture((height, width), rng, finest=8, contrast=2)).astype(np.float32)
    tines = [_tine((height, width), rng, *places) for places in ((165, 158), (186, 174))]
    wave = rms_px * np.sqrt(2) * np.sin(2 * np.pi * frequency_hz * times + rng.uniform(0, 6))
    sway = 0.15 * np.sin(2 * np.pi * 3 * times + rng.uniform(0, 6))
    sway += 0.1 * np.cumsum(rng.normal(size=n)) / np.sqrt(frame_rate_hz)
    for number in range(n):
        picture = wall
        for (shine, mask), way in zip(tines, (1.0, -1.0), strict=True):
            shift = way * wave[number] + sway[number]
            part = moved(mask, shift)
            picture = picture * (1 - part) + moved(shine, shift) * part
        yield picture + noise(rng, picture.shape, 1.0)


def _tine(shape: tuple[int, int], rng: np.random.Generator, top: int, foot: int) -> tuple[Gray, Gray]:
    height, _ = shape
    mask = np.zeros(shape, np.float32)
    outline = np.array([[top - 5, 40], [top + 5, 40], [foot + 4, height], [foot - 4, height]])
    cv2.fillPoly(mask, [outline], 1.0)
    cv2.circle(mask, (top, 55), 9, 1.0, -1)
    shine = 110 + texture(shape, rng, finest=1.5, contrast=25)
    return shine, np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.8), dtype=np.float32)


def noise(rng: np.random.Generator, shape: tuple[int, ...], gray: float) -> Gray:
    """Return the camera's noise."""
    return np.asarray(gray * rng.standard_normal(shape, dtype=np.float32))


def hand(
    rng: np.random.Generator, frame_rate_hz: float, tremor: FloatArray, sway: Sway, *, lamp_hz: float = 100.0
) -> Iterator[Gray]:
    """Give pictures of a hand that moves by ``tremor`` pixels before a room, filmed under a flickering lamp."""
    height, width = 200, 320
    room = 120 + texture((height, width), rng, finest=2.5, contrast=18)
    skin = 165 + texture((height, width), rng, finest=1.8, contrast=7)
    outline = np.zeros((height, width), np.float32)
    cv2.ellipse(outline, (150, 105), (60, 40), 15, 0, 360, 1.0, -1)
    for finger in range(4):
        cv2.ellipse(outline, (205 + 4 * finger, 70 + 20 * finger), (38, 8), 8, 0, 360, 1.0, -1)
    mask: Gray = np.asarray(cv2.GaussianBlur(outline, (0, 0), 1.2), dtype=np.float32)
    for number, along in enumerate(tremor):
        part = moved(mask, along * 0.9, along * 0.4)
        picture = room * (1 - part) + moved(skin, along * 0.9, along * 0.4) * part
        picture = moved(picture, sway.x[number], sway.y[number], sway.turn[number])
        light = 1 + 0.03 * np.sin(2 * np.pi * lamp_hz * number / frame_rate_hz)
        yield picture * np.float32(light) + noise(rng, picture.shape, 2.0)


def held(rng: np.random.Generator, frame_rate_hz: float, n: int, size: float = 1.0) -> Sway:
    """Return the sway of a camera held in a hand: slow drift, and the hand's own tremor of 7 to 11 Hz."""
    times = np.arange(n) / frame_rate_hz

    def part(slow: float, fast: float) -> FloatArray:
        total = np.zeros(n)
        for frequency in rng.uniform(0.1, 1.5, 5):
            total += slow * rng.normal() * np.sin(2 * np.pi * frequency * times + rng.uniform(0, 6)) / frequency**0.5
        phase = np.cumsum(2 * np.pi * (9 + rng.normal(scale=8, size=n) * 0.5) / frame_rate_hz)
        swayed: FloatArray = size * (total - total[0] + fast * np.sin(phase + rng.uniform(0, 6)))
        return swayed

    return Sway(x=part(2.0, 0.25), y=part(2.0, 0.25), turn=part(0.003, 0.0002))


def wandering(
    rng: np.random.Generator, frame_rate_hz: float, n: int, frequency_hz: float, size_px: float
) -> FloatArray:
    """Return a tremor whose rate and size wander by some percent."""
    smooth = np.exp(-np.arange(int(4 * frame_rate_hz)) / frame_rate_hz)
    drift = np.convolve(rng.normal(size=n), smooth / np.sqrt(np.square(smooth).sum()), "same")
    rate = frequency_hz * (1 + 0.03 * drift)
    waxing = 1 + 0.2 * np.convolve(rng.normal(size=n), smooth / np.sqrt(np.square(smooth).sum()), "same")
    tremor: FloatArray = size_px * waxing * np.sin(2 * np.pi * np.cumsum(rate) / frame_rate_hz)
    return tremor
