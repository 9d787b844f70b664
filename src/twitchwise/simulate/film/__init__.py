"""Rendered films of skin with known twitches: texture, light, camera, shake, and what moves; needs OpenCV."""

from twitchwise.simulate.film.bulges import Bulge, bulges_of
from twitchwise.simulate.film.drawing import varied_scene
from twitchwise.simulate.film.from_simulation import scene_of
from twitchwise.simulate.film.geometry import millimeters_per_pixel
from twitchwise.simulate.film.regions import Region
from twitchwise.simulate.film.rendering import Film, render
from twitchwise.simulate.film.scene import Camera, FilmScene, Light, LimbMotion, Shake, SkinLook

__all__ = [
    "Bulge",
    "Camera",
    "Film",
    "FilmScene",
    "Light",
    "LimbMotion",
    "Region",
    "Shake",
    "SkinLook",
    "bulges_of",
    "millimeters_per_pixel",
    "render",
    "scene_of",
    "varied_scene",
]
