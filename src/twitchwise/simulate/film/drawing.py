"""Draws scenes that differ in everything: skin, light, camera, hold, breath, and where and how it twitches."""

import numpy as np

from twitchwise.simulate.film.bulges import Bulge, train_curve, twitch_curve
from twitchwise.simulate.film.regions import Region
from twitchwise.simulate.film.scene import N_TONES, Camera, FilmScene, Light, LimbMotion, Shake, SkinLook
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.checks import require_not_negative

APART_S = 0.7  # least time between the starts of two twitches, so that each is one event
OFTEN = 0.3  # share of films with uneven times, and of twitches that are bursts
EDGE = 0.18  # of the picture, where no twitch is drawn


def varied_scene(  # noqa: PLR0913 - what is held fixed while all else is drawn
    seed: int,
    *,
    n_twitches: int,
    duration_s: float,
    size: tuple[int, int] = (640, 360),
    frame_rate_hz: float = 30.0,
    twitch_px: tuple[float, float] = (0.3, 2.0),
    shake: Shake = Shake.HANDHELD,
    region: Region | None = None,
) -> FilmScene:
    """Return a scene in which everything but what is given is drawn anew for each seed.

    Parameters
    ----------
    seed
        At least 0.
    n_twitches
        How many twitches; fewer where the film is too short to keep them apart.
    duration_s, size, frame_rate_hz, shake, region
        Length, width and height in pixels, rate, hold, and what is filmed; any region if left out.
    twitch_px
        Least and greatest size of a twitch in pixels, drawn evenly in its logarithm.

    Raises
    ------
    OutOfRangeError
        If a number lies outside what a scene can have.
    """
    require_not_negative("n_twitches", n_twitches)
    chance = np.random.default_rng([seed, 12])
    chosen = region or list(Region)[int(chance.integers(len(Region)))]
    wide = size[0]
    camera = Camera(
        width=size[0],
        height=size[1],
        frame_rate_hz=frame_rate_hz,
        exposure_s=float(chance.uniform(0.1, 0.6)) / frame_rate_hz,
        readout_s=float(chance.uniform(0.2, 0.95)) / frame_rate_hz,
        noise=float(chance.uniform(0.003, 0.02)),
        blur_px=float(chance.uniform(0.4, 1.0)),
        adapts=float(chance.uniform(0, 0.03)),
        varies=bool(chance.uniform() < OFTEN),
        shake=shake,
        shake_scale=float(chance.uniform(0.4, 1.5)),
        relief=float(chance.uniform(0.0, 0.06)),
    )
    places = _places(chance, n_twitches, size)
    starts = _starts(chance, n_twitches, duration_s)
    return FilmScene(
        region=chosen,
        duration_s=duration_s,
        bulges=tuple(
            _bulge(chance, start, place, wide, twitch_px) for start, place in zip(starts, places, strict=False)
        ),
        skin=SkinLook(
            tone=int(chance.integers(N_TONES)),
            contrast=float(chance.uniform(0.8, 2.5)),
            grain_px=float(chance.uniform(2.0, 6.0)) * max(1.0, wide / 640),
        ),
        light=_light(chance),
        camera=camera,
        limb=_limb(chance),
        seed=seed,
    )


def _light(chance: np.random.Generator) -> Light:
    return Light(
        level=float(chance.uniform(0.35, 0.8)),
        flicker_hz=float(chance.choice([100.0, 120.0])),
        flicker_depth=float(chance.uniform(0, 0.3)),
        unevenness=float(chance.uniform(0, 0.6)),
        direction_rad=float(chance.uniform(0, 2 * np.pi)),
        shading=float(chance.uniform(0, 0.6)),
    )


def _limb(chance: np.random.Generator) -> LimbMotion:
    return LimbMotion(
        breathing_hz=float(chance.uniform(0.18, 0.35)),
        breathing_px=float(chance.uniform(0, 2.0)),
        pulse_hz=float(chance.uniform(0.9, 1.6)),
        pulse_px=float(chance.uniform(0, 0.1)),
    )


def _places(chance: np.random.Generator, number: int, size: tuple[int, int]) -> list[tuple[float, float]]:
    """Return places that twitch, two or three in all, as a muscle's units that twitch are few."""
    spots = chance.uniform(EDGE, 1 - EDGE, (3, 2)) * size
    return [(float(spots[k, 0]), float(spots[k, 1])) for k in chance.integers(0, len(spots), number)]


def _starts(chance: np.random.Generator, number: int, duration_s: float) -> FloatArray:
    """Return starts in order that lie apart and leave time at both ends."""
    room = duration_s - 1.5 - APART_S * number
    fitting = number if room > 0 else max(0, int((duration_s - 1.5) / APART_S) - 1)
    free = np.sort(chance.uniform(0, max(duration_s - 1.5 - APART_S * fitting, 0), fitting))
    starts: FloatArray = 0.5 + free + APART_S * np.arange(fitting)
    return starts


def _bulge(
    chance: np.random.Generator, start_s: float, place: tuple[float, float], wide: int, sizes_px: tuple[float, float]
) -> Bulge:
    curve = twitch_curve(float(chance.uniform(0.03, 0.09)), float(chance.uniform(0.03, 0.1)))
    if chance.uniform() < OFTEN:  # short bursts, as those of myokymia
        onsets = np.concatenate([[0.0], np.cumsum(chance.uniform(0.02, 0.035, int(chance.integers(1, 4))))])
        curve = train_curve(curve, onsets)
    return Bulge(
        start_s=float(start_s),
        curve=curve,
        place_px=place,
        width_px=float(chance.uniform(0.025, 0.08)) * wide,
        size_px=float(np.exp(chance.uniform(*np.log(sizes_px)))),
        direction_rad=float(chance.uniform(0, 2 * np.pi)),
        drawn=float(chance.choice([0.0, 0.0, 0.5, 1.0])),
    )
