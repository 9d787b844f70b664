"""A patch of skin as a picture: tone, mottling, pores, the net of fine lines, hairs, spots, and what lies around it."""

from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

from twitchwise.simulate.film.opencv import opencv
from twitchwise.simulate.film.regions import LOOKS, Look, Region
from twitchwise.simulate.film.scene import SkinLook

if TYPE_CHECKING:
    from twitchwise.vocabulary.arrays import FloatArray

Canvas = npt.NDArray[np.float32]
"""Linear light in red, green and blue, shape ``(height, width, 3)``, or one plane of it."""

# Linear reflectance of six skins, palest to darkest, in red, green and blue: made to look right, no measurement.
TONES = np.array(
    [
        (0.72, 0.53, 0.44),
        (0.62, 0.43, 0.33),
        (0.5, 0.32, 0.22),
        (0.36, 0.21, 0.13),
        (0.22, 0.12, 0.07),
        (0.1, 0.06, 0.04),
    ]
)
CLOTH = (0.25, 0.27, 0.3)


def skin_canvas(region: Region, skin: SkinLook, shape: tuple[int, int], grain: float, seed: int) -> Canvas:
    """Return a patch of skin.

    Parameters
    ----------
    region, skin
        What it looks like.
    shape
        Height and width in pixels of the canvas.
    grain
        Size of its grain in pixels of the canvas.
    seed
        Of everything that is drawn.
    """
    chance, look = np.random.default_rng([seed, 1]), LOOKS[region]
    relief = _mottling(shape, grain, chance) * 0.05 + _lines(shape, grain, chance) * -0.16 * look.lines
    relief += _dots(shape, grain, chance, density=0.02) * -0.25 * look.pores
    relief += _dots(shape, 4 * grain, chance, density=0.002) * -0.2 * look.spots
    relief += _hairs(shape, grain, chance, look.hairs) * -0.5
    relief += chance.standard_normal(shape, np.float32) * np.float32(0.015)  # grain finer than any pore
    tone = TONES[skin.tone] * (1 + look.redness * np.array([0.1, -0.35, -0.25]))
    lit = np.clip(1 + skin.contrast * relief, 0.05, 2.0)[..., np.newaxis]
    ruddy = 1 + 0.02 * skin.contrast * _octave(shape, 12 * grain, chance)[..., np.newaxis] * np.array([0.2, -1.0, -0.8])
    canvas = (lit * ruddy * tone).astype(np.float32)
    shown: Canvas = canvas + _mirrored(shape, grain, chance, look)
    return shown


def surroundings(shape: tuple[int, int], grain: float, seed: int) -> Canvas:
    """Return what lies behind a part that does not fill the picture: cloth with a weave."""
    chance = np.random.default_rng([seed, 2])
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    weave = 0.06 * np.sin(2.2 * x / grain) * np.sin(2.2 * y / grain)
    folds = 0.15 * _octave(shape, 20 * grain, chance) + 0.04 * _octave(shape, grain, chance)
    lit: Canvas = (1 + weave + folds)[..., np.newaxis].astype(np.float32) * np.array(CLOTH, np.float32)
    return lit


def outline(region: Region, shape: tuple[int, int], picture: tuple[float, float], seed: int) -> Canvas | None:
    """Return where the region covers its surroundings, 0 to 1, or None where it fills the picture.

    ``picture`` is the size of the picture in pixels of the canvas, height and width; the outline is a wavy ellipse.
    """
    across, down = LOOKS[region].outline
    if not across:
        return None
    chance = np.random.default_rng([seed, 3])
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    dx, dy = (x - shape[1] / 2) / (across * picture[1]), (y - shape[0] / 2) / (down * picture[0])
    angle, radius = np.arctan2(dy, dx), np.hypot(dx, dy)
    edge = 1 + sum(chance.normal(0, 0.05) * np.cos(k * angle + chance.uniform(0, 6.3)) for k in (2, 3, 4, 5))
    soft = 0.004 * max(picture) / min(across * picture[1], down * picture[0])
    covered: Canvas = np.clip((edge - radius) / soft + 0.5, 0, 1).astype(np.float32)
    return covered


def smooth_field(shape: tuple[int, int], chance: np.random.Generator) -> Canvas:
    """Return a field that changes slowly over a picture, mean 0 and standard deviation 1."""
    coarse = chance.standard_normal((4, 4)).astype(np.float32)
    field = opencv().resize(coarse, shape[::-1], interpolation=opencv().INTER_CUBIC)
    return cast("Canvas", (field - field.mean()) / field.std())


def _octave(shape: tuple[int, int], size: float, chance: np.random.Generator) -> Canvas:
    """Return noise whose grains have a size in pixels, standard deviation 1."""
    small = (max(4, int(2 * shape[0] / size) + 4), max(4, int(2 * shape[1] / size) + 4))
    coarse = opencv().GaussianBlur(chance.standard_normal(small, np.float32), (0, 0), 1.0)
    field = opencv().resize(coarse, shape[::-1], interpolation=opencv().INTER_CUBIC)
    return cast("Canvas", field / field.std())


def _mottling(shape: tuple[int, int], grain: float, chance: np.random.Generator) -> Canvas:
    return cast("Canvas", sum(_octave(shape, grain * 2.0**k, chance) * 0.7 ** (3 - min(k, 3)) for k in range(6)))


def _lines(shape: tuple[int, int], grain: float, chance: np.random.Generator) -> Canvas:
    """Return the net of fine lines: where noise of two sizes passes through zero."""
    first, second = _octave(shape, 3 * grain, chance), _octave(shape, 5 * grain, chance)
    net: Canvas = np.exp(-((first / 0.15) ** 2)) + np.exp(-((second / 0.1) ** 2))
    return net


def _dots(shape: tuple[int, int], size: float, chance: np.random.Generator, *, density: float) -> Canvas:
    """Return bells of a size at random places; ``density`` is their number for each square of that size."""
    plane = np.zeros(shape, np.float32)
    number = chance.poisson(density * plane.size / size**2 * 4)
    rows, columns = chance.integers(0, shape[0], number), chance.integers(0, shape[1], number)
    plane[rows, columns] = chance.uniform(0.4, 1.6, number)
    width = max(size / 2.5, 0.5)
    return cast("Canvas", opencv().GaussianBlur(plane, (0, 0), width) * 2 * np.pi * width**2)


def _hairs(shape: tuple[int, int], grain: float, chance: np.random.Generator, amount: float) -> Canvas:
    plane = np.zeros(shape, np.uint8)
    lean = chance.uniform(0, 2 * np.pi)
    length = 15 * grain
    for _ in range(chance.poisson(amount * 0.5 * plane.size / length**2 * 4)):
        plane = _drawn_hair(plane, chance, lean, length, max(1, round(grain / 6)))
    return cast("Canvas", plane.astype(np.float32) / 255)


def _drawn_hair(
    plane: npt.NDArray[np.uint8], chance: np.random.Generator, lean: float, length: float, thickness: int
) -> npt.NDArray[np.uint8]:
    t = np.linspace(0, 1, 8)
    angle = lean + chance.normal(0, 0.4) + chance.normal(0, 0.6) * t
    start = chance.uniform(0, 1, 2) * plane.shape[::-1]
    long = length * chance.uniform(0.4, 1.4)
    points: FloatArray = start + np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=1), axis=0) * long / 8
    shade = int(chance.uniform(90, 255))
    cv, turns = opencv(), [np.round(points * 16).astype(np.int32)]
    cv.polylines(plane, turns, isClosed=False, color=shade, thickness=thickness, lineType=cv.LINE_AA, shift=4)
    return plane


def _mirrored(shape: tuple[int, int], grain: float, chance: np.random.Generator, look: Look) -> Canvas:
    """Return light that is mirrored by what is wet: small bright patches."""
    if not look.wet:
        return np.zeros((1, 1, 1), np.float32)
    shine = np.maximum(_octave(shape, 3 * grain, chance) - 2.0, 0) * look.wet * 0.4
    return cast("Canvas", shine[..., np.newaxis].astype(np.float32))
