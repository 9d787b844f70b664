"""Renders a scene: skin is warped as it and the camera move, lit, exposed and read out row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twitchwise.knowledge import library
from twitchwise.signals import EventTrain, Video
from twitchwise.signals.video import Picture
from twitchwise.simulate.film.light import Lamp
from twitchwise.simulate.film.opencv import opencv
from twitchwise.simulate.film.scene import FilmScene
from twitchwise.simulate.film.shake import camera_path
from twitchwise.simulate.film.skin import TONES, Canvas, outline, skin_canvas, smooth_field, surroundings
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray

SUPER = 2  # pixels of the canvas for each pixel of the picture: halves the error of taking values between pixels
MARGIN = 0.08  # of the picture's longer side, around it, for shake; farther out the skin is mirrored
BLURRED_PX = 0.7  # a movement during exposure above this is blurred, below it no eye and no detector sees
MOST_EXPOSURES = 5
WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)  # brightness of red, green and blue, ITU-R BT.601

Plane = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Film:
    """A rendered film with its truth.

    Parameters
    ----------
    video
        The film; its pictures are rendered when they are read.
    truth
        Every twitch: start, peak and end in seconds, size in pixels, place in pixels. What moves the skin for longer
        than a twitch does is not among them.
    scene
        What was rendered.
    """

    video: Video
    truth: EventTrain
    scene: FilmScene


def render(scene: FilmScene, name: str = "rendered film") -> Film:
    """Return the film of a scene.

    Raises
    ------
    MissingExtraError
        If OpenCV is not installed; said when the first picture is read.
    """
    times_s = _times(scene)
    video = Video(
        name=name,
        format="rendered",
        width=scene.camera.width,
        height=scene.camera.height,
        times_s=times_s,
        source=RenderedPictures(scene, times_s),
    )
    return Film(video=video, truth=_truth(scene), scene=scene)


class RenderedPictures:
    """The pictures of a scene; each is the same whenever it is read."""

    def __init__(self, scene: FilmScene, times_s: FloatArray) -> None:
        self._scene, self._times_s = scene, times_s

    def color(self, start: int, stop: int) -> Iterator[Picture]:
        """Give pictures ``start`` to ``stop`` (exclusive) in color."""
        for number in range(start, stop):
            yield self._studio.picture(number, float(self._times_s[number]))

    def brightness(self, start: int, stop: int) -> Iterator[Picture]:
        """Give the brightness of pictures ``start`` to ``stop`` (exclusive)."""
        for picture in self.color(start, stop):
            yield np.round(picture.astype(np.float32) @ WEIGHTS).astype(np.uint8)

    @cached_property
    def _studio(self) -> "_Studio":
        return _Studio(self._scene)


class _Studio:
    """Skin, light and camera of a scene, ready to take pictures."""

    def __init__(self, scene: FilmScene) -> None:
        self._scene = scene
        camera, seed = scene.camera, scene.seed
        self._height, self._width = camera.height, camera.width
        self._margin = round(MARGIN * max(self._height, self._width)) + 8
        shape = (SUPER * (self._height + 2 * self._margin), SUPER * (self._width + 2 * self._margin))
        grain = SUPER * scene.skin.grain_px
        blur = SUPER * np.hypot(camera.blur_px, 0.4)  # a pixel's own area blurs by 0.3 to 0.4 of it
        skin = skin_canvas(scene.region, scene.skin, shape, grain, seed)
        covered = outline(scene.region, shape, (SUPER * self._height, SUPER * self._width), seed)
        self._skin = _blurred(skin, blur)
        self._covered = None if covered is None else _blurred(covered, blur)
        self._behind = None if covered is None else _blurred(surroundings(shape, grain, seed), blur)
        self._lamp = Lamp(scene.light, camera, scene.duration_s, float(TONES[scene.skin.tone].mean()), seed)
        self._path = camera_path(camera, scene.duration_s, seed)
        self._depth = camera.relief * smooth_field((self._height, self._width), np.random.default_rng([seed, 5]))
        self._grid = _Grid(self._height, self._width)
        self._noise = np.random.default_rng([seed, 6]).standard_normal((1 << 21) + 77_777, np.float32)

    def picture(self, number: int, time_s: float) -> Picture:
        """Return one picture."""
        camera = self._scene.camera
        moments = time_s + camera.exposure_s * _middles(self._n_exposures(time_s))
        light = np.mean([self._exposed(moment) for moment in moments], axis=0, dtype=np.float32)
        light *= self._lamp.on_rows(time_s)
        return self._developed(light, np.random.default_rng([self._scene.seed, 7, number]))

    def _n_exposures(self, time_s: float) -> int:
        """Return in how many steps the exposure is taken, so that a fast movement is blurred."""
        ends = np.array([time_s, time_s + self._scene.camera.exposure_s])
        x, y, *_ = self._path.at(ends)
        tremor = 2 * np.pi * self._scene.limb.tremor_hz * self._scene.limb.tremor_px * self._scene.camera.exposure_s
        moved = float(np.hypot(*np.diff([x, y], axis=1))[0]) + tremor
        return int(np.clip(np.ceil(moved / BLURRED_PX), 1, MOST_EXPOSURES))

    def _exposed(self, moment_s: float) -> Canvas:
        """Return the light of one moment, rows read one after the other."""
        rows_s = moment_s + self._scene.camera.readout_s * np.arange(self._height) / self._height
        x, y = self._seen(rows_s)
        limb_x, limb_y = self._moved(x, y, moment_s, rows_s)
        skin = self._taken(self._skin, limb_x, limb_y) * self._shading(moment_s)
        if self._covered is None or self._behind is None:
            return skin
        share = self._taken(self._covered, limb_x, limb_y)[..., np.newaxis]
        mixed: Canvas = share * skin + (1 - share) * self._taken(self._behind, x, y)
        return mixed

    def _seen(self, rows_s: FloatArray) -> tuple[Plane, Plane]:
        """Return which point of the scene each pixel sees."""
        x, y, roll, zoom = (column[:, np.newaxis].astype(np.float32) for column in self._path.at(rows_s))
        size, across, down = np.exp(-zoom), self._grid.across, self._grid.down
        cos, sin = size * np.cos(roll), size * np.sin(roll)
        # what is nearer moves more when the camera moves to the side
        nearer = 1 + self._depth
        seen_x = cos * across + sin * down + self._width / 2 - x * nearer
        seen_y = -sin * across + cos * down + self._height / 2 - y * nearer
        return seen_x.astype(np.float32), seen_y.astype(np.float32)

    def _moved(self, x: Plane, y: Plane, moment_s: float, rows_s: FloatArray) -> tuple[Plane, Plane]:
        """Return which point of the skin at rest each pixel sees."""
        limb, seed = self._scene.limb, self._scene.seed
        x, y = x.copy(), y.copy()
        angle = np.random.default_rng([seed, 8]).uniform(0, 2 * np.pi, 3)
        breath = limb.breathing_px * np.sin(2 * np.pi * limb.breathing_hz * moment_s + angle[2])
        share = 0.5 + 0.5 * self._grid.down / self._height
        beat = limb.pulse_px * _beat(moment_s * limb.pulse_hz)
        shiver = limb.tremor_px * np.sin(2 * np.pi * limb.tremor_hz * rows_s)[:, np.newaxis]
        x -= (np.cos(angle[0]) * (breath * share + beat * self._depth_shape) + np.cos(angle[1]) * shiver).astype(
            np.float32
        )
        y -= (np.sin(angle[0]) * (breath * share + beat * self._depth_shape) + np.sin(angle[1]) * shiver).astype(
            np.float32
        )
        self._bulge(x, y, moment_s)
        return x, y

    @cached_property
    def _depth_shape(self) -> Plane:
        field = smooth_field((self._height, self._width), np.random.default_rng([self._scene.seed, 9]))
        return field / np.float32(2)

    def _bulge(self, x: Plane, y: Plane, moment_s: float) -> None:
        """Move the points that lie on a twitch."""
        for bulge in self._scene.bulges:
            height = bulge.height(moment_s)
            if height > 0:
                window = self._grid.around(bulge.place_px, bulge.reach_px + self._margin)
                move_x, move_y = bulge.shift_px(x[window], y[window])
                x[window] -= height * move_x
                y[window] -= height * move_y

    def _shading(self, moment_s: float) -> Plane | float:
        """Return how much brighter each pixel is because the skin there is tilted toward the light."""
        shading, direction = self._scene.light.shading, self._scene.light.direction_rad
        active = [(bulge, bulge.height(moment_s)) for bulge in self._scene.bulges]
        active = [(bulge, height) for bulge, height in active if height > 0]
        if not active or not shading:
            return 1.0
        total = np.ones((self._height, self._width, 1), np.float32)
        for bulge, height in active:
            window = self._grid.around(bulge.place_px, bulge.reach_px)
            dx = (self._grid.x[window] - bulge.place_px[0]) / bulge.width_px
            dy = (self._grid.y[window] - bulge.place_px[1]) / bulge.width_px
            slope = -height * bulge.size_px / bulge.width_px * np.exp(-(dx**2 + dy**2) / 2)
            slope *= dx * np.cos(direction) + dy * np.sin(direction)
            total[window] += (shading * slope)[..., np.newaxis]
        return total

    def _taken(self, canvas: Canvas, x: Plane, y: Plane) -> Canvas:
        """Return a canvas as seen at some points, given in pixels of the picture."""
        cv = opencv()
        offset = np.float32(SUPER * self._margin + (SUPER - 1) / 2)
        # OpenCV's cubic interpolation does not keep a ramp: it errs by up to 0.047 pixels of the canvas, this by 0.01
        taken: Canvas = cv.remap(
            canvas, SUPER * x + offset, SUPER * y + offset, cv.INTER_LINEAR, borderMode=cv.BORDER_REFLECT
        )
        return taken

    def _developed(self, light: Canvas, chance: np.random.Generator) -> Picture:
        """Return light as the camera's sensor and its curve make a picture of it."""
        at = int(chance.integers(0, self._noise.size - light.size)) if light.size < self._noise.size else 0
        noise = np.resize(self._noise[at:], light.size).reshape(light.shape)
        # photons: noise grows with the root of light; half of it comes from reading
        light = np.maximum(light, 0)
        light += self._scene.camera.noise * noise * np.sqrt(0.5 * light / 0.4 + 0.5) * np.float32(0.6)
        shown = 255 * np.power(np.clip(light, 0, 1), np.float32(1 / 2.2))
        return np.round(shown).astype(np.uint8)


class _Grid:
    """The pixels of a picture."""

    def __init__(self, height: int, width: int) -> None:
        self._shape = (height, width)
        self.y, self.x = (plane.astype(np.float32) for plane in np.mgrid[:height, :width])
        self.across = np.arange(width, dtype=np.float32)[np.newaxis] - np.float32(width / 2)
        self.down = np.arange(height, dtype=np.float32)[:, np.newaxis] - np.float32(height / 2)

    def around(self, place_px: tuple[float, float], reach_px: float) -> tuple[slice, slice]:
        """Return the part of the picture within a distance of a place."""
        spans = [
            slice(int(np.clip(middle - reach_px, 0, size)), int(np.clip(middle + reach_px + 1, 0, size)))
            for middle, size in zip(place_px[::-1], self._shape, strict=True)
        ]
        return spans[0], spans[1]


def _blurred(canvas: Canvas, blur: float) -> Canvas:
    blurred: Canvas = opencv().GaussianBlur(canvas, (0, 0), blur)
    return blurred


def _middles(number: int) -> FloatArray:
    middles: FloatArray = (np.arange(number) + 0.5) / number
    return middles


def _beat(turns: float) -> float:
    """Return the course of a pulse wave, 0 to 1: a fast rise, a slow fall."""
    phase = turns % 1.0
    return float(np.sin(np.pi * min(phase / 0.3, 1.0) / 2) ** 2 * np.exp(-max(phase - 0.15, 0.0) / 0.2))


def _times(scene: FilmScene) -> FloatArray:
    """Return when pictures are taken, from 0."""
    rate = scene.camera.frame_rate_hz
    even_s = np.arange(max(1, round(scene.duration_s * rate))) / rate
    if not scene.camera.varies:
        return even_s
    chance = np.random.default_rng([scene.seed, 10])
    late_s = even_s + chance.uniform(0, 0.3, even_s.size) / rate
    kept = chance.uniform(size=even_s.size) > 0.02  # noqa: PLR2004 - one picture in fifty is dropped
    kept[0] = True
    return np.asarray(late_s[kept] - late_s[0])


def _truth(scene: FilmScene) -> EventTrain:
    """Return the twitches; a movement as long as that of a cramp is none."""
    longest_s = library().value("visible_twitch_longest")
    short = [one for one in scene.bulges if one.times_s[2] - one.times_s[0] <= longest_s]
    bulges = sorted(short, key=lambda bulge: bulge.times_s)
    times = np.array([bulge.times_s for bulge in bulges]).reshape(-1, 3)
    return EventTrain(
        kind=EventKind.VISIBLE_TWITCH,
        channel="picture",
        start_s=times[:, 0],
        peak_s=times[:, 1],
        end_s=times[:, 2],
        peak=np.array([bulge.size_px for bulge in bulges]),
        place=np.array([bulge.place_px for bulge in bulges]).reshape(-1, 2),
    )
