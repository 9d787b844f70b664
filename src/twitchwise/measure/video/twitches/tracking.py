"""Tracks soft skin under a camera that is held by hand: the picture as a whole first, then what each block adds.

Skin has little contrast, and no block of it tells its place alone when the camera moves. So each picture is first moved
back as a whole by six numbers that all pixels decide together (Baker and Matthews 2004, Lucas-Kanade 20 years on,
https://doi.org/10.1023/B:VISI.0000011205.11775.fd), from those of the picture before, and bent as smoothly as that one
was, because skin that is nearer moves more. What is left is less than a pixel and read block by block in one step of
least squares on the mean of both pictures' gradients, which noise does not shrink. The reference is the mean of many
pictures that have been moved back.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from twitchwise.measure.asked import Progress
from twitchwise.measure.video.field import MotionField
from twitchwise.measure.video.searching import searched
from twitchwise.measure.video.twitches.pictures import LEVEL_PX, Part, Plane, ahead, part_at, pictures_of, plane
from twitchwise.signals import Video
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

WIDEST_PX = 800
BLOCKS_ACROSS = 30
PART_EDGE_PX = 8  # the same for the outline of a part of the picture; at 18 twitches near it were lost
BLOCK_PX = (8, 32)  # least and greatest edge of a block in the smaller picture
EDGE_PX = LEVEL_PX + 3  # as far as brightness around, smoothing and gradients reach
REFERENCE_S = 1.0
STEPS = 2  # towards the whole picture's shift, from that of the picture before
SPARSE = 3  # of the pixels along each axis, those that decide on the whole picture's shift
FEW = 2  # of these along each axis, those that tell the usual difference
ALL, SOME = (slice(None),) * 2, (slice(SPARSE, -SPARSE, SPARSE),) * 2
TWITCH_SHARE = 3.0  # differences beyond so many usual ones have less say on the whole picture
PART_EVERY = 10  # pictures, before a new reference is asked what of it is the part, which takes a search in the file
# Percent of brightness a pixel. Compression makes what is fainter, as noise on an even wall, stay with the picture:
# walls that seemed to stand still had 0.04 at the most, rendered cloth that told the camera's movement 0.24 and more.
LEAST_SLOPE = {Part.BEHIND: 0.15}
BEND_BLOCKS, MOST_BENT_PX = 1.5, 8.0  # over how many blocks a bend is smooth, and how far it goes
LEAST_OVERLAP = 0.6  # of a picture with its reference; below it a new one is taken
LEAST_ALIKE = 0.25  # correlation with the reference, the same
NEAR_PX = 2.0  # about as far as steps reach from where they begin; what moves farther goes on as it went
SURELY_ALIKE = 0.85  # below it the picture is looked for farther away; 0.96 and more in films that were followed


def skin_field(video: Video, progress: Progress, part: Part = Part.ALL, *, widest_px: int = WIDEST_PX) -> MotionField:
    """Return how far each block of a film lay from where it lay in the reference picture.

    Parameters
    ----------
    video
        A film of at least two pictures.
    progress
        Is told how much is done, from 0 to 1.
    part
        What is followed: where skin does not fill the picture, what lies behind it need not move with it.
    widest_px
        Wider pictures are made smaller by a whole number.

    Returns
    -------
    MotionField
        Blocks that lie partly outside the picture or the part are NaN, and so is all of the picture after which a new
        reference had to be taken.
    """
    shrink = max(1, -(-video.width // widest_px))
    tracker, shifts, left = _Tracker(video, shrink, part), [], []
    for number, picture in enumerate(ahead(pictures_of(video, shrink))):
        shift, difference = tracker.take(number, picture)
        shifts.append(shift)
        left.append(difference)
        progress((number + 1) / video.n_frames)
    return MotionField(
        times_s=video.times_s,
        rows=tracker.rows,
        columns=tracker.columns,
        centers_px=tracker.centers_px * shrink + (shrink - 1) / 2,
        block_px=float(tracker.edge * shrink),
        shift_px=np.array(shifts, np.float32) * np.float32(shrink),
        noise_px=shrink * tracker.noise_px(np.median(np.array(left)[:: max(1, len(left) // 500)], axis=0)),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Reference:
    """A reference picture with its gradients, and where its texture is that of the part alone."""

    picture: Plane
    along_x: Plane
    along_y: Plane
    inner: BoolArray

    @classmethod
    def of(cls, picture: Plane, part: BoolArray) -> "_Reference":
        along_x, along_y = _gradients(picture)
        inner = np.zeros(picture.shape, np.bool_)
        within = (slice(EDGE_PX, -EDGE_PX),) * 2
        inner[within] = cv2.erode(part.astype(np.uint8), _square(PART_EDGE_PX))[within] > 0
        return cls(picture=picture, along_x=along_x, along_y=along_y, inner=inner)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Settled:
    """A picture moved back as a whole, where it is inside, and its correlation with the reference there."""

    moved: Plane
    inside: Plane
    alike: float


class _Tracker:
    """Tracks one film."""

    def __init__(self, video: Video, shrink: int, part: Part) -> None:
        self._video, self._shrink, self._part = video, shrink, part
        self._height, self._width = video.height // shrink, video.width // shrink
        self.edge = int(np.clip(round(self._width / BLOCKS_ACROSS), *BLOCK_PX))
        self.rows, self.columns = self._height // self.edge, self._width // self.edge
        y, x = np.mgrid[: self.rows, : self.columns] * self.edge + (self.edge - 1) / 2
        self.centers_px: FloatArray = np.stack([x.ravel(), y.ravel()], axis=1)
        self._basis = self._bases()
        middle = np.array([self._width / 2, self._height / 2], np.float32)
        self._places = plane(np.stack(self._basis, axis=-1) * np.float32(self._width) + middle)
        self._terms = np.zeros((2, 3))
        self._offset = np.zeros((2, 3))
        self._bend = np.zeros((self.rows, self.columns, 2), np.float32)
        self._ahead, self._is_far = np.zeros((2, 3)), False  # how far it goes on in a picture, and if farther than told
        self._looked_at = 0  # number of the picture in which the part was looked for last
        self._followed = part_at(video, 0, shrink, part)
        self._reference = self._first_reference()

    def take(self, number: int, picture: Plane) -> tuple[Plane, FloatArray]:
        """Return the shift of each block of the next picture, and the mean square that is left of it."""
        before = self._terms
        settled = self._settled(picture)
        if settled.inside.mean() < LEAST_OVERLAP * self._reference.inner.mean() or settled.alike < LEAST_ALIKE:
            # a picture that was not found says nothing of how far it moved
            self._begin_anew(number, picture, self._terms if settled.alike >= LEAST_ALIKE else before)
            return np.full((self.rows * self.columns, 2), np.nan, np.float32), np.full(self.rows * self.columns, np.nan)
        local, left = self._blocks(settled.moved, settled.inside)
        local += self._bend.reshape(-1, 2)
        self._bend = self._smooth(local)
        return (self._at_blocks() + local).astype(np.float32), left

    def noise_px(self, left: FloatArray) -> FloatArray:
        """Return the noise of shifts, given the usual mean square that is left of each block."""
        xx, xy, yy = self._information(self._reference.along_x, self._reference.along_y)
        found = xx * yy - xy**2
        n = self.edge**2
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = (
                np.stack([yy, xx], axis=1) / found[:, np.newaxis] * np.nan_to_num(left, nan=1.0)[:, np.newaxis] / n
            )
            # a direction that light's changes imitate is not told
            told = (found > 1e-3 * (xx + yy) ** 2) & (xx + yy > 0)
            told &= np.minimum(xx, yy) >= LEAST_SLOPE.get(self._part, 0.0) ** 2
        noise: FloatArray = np.where(told[:, np.newaxis] & np.isfinite(variance), np.sqrt(np.abs(variance)), np.inf)
        return noise

    def _first_reference(self) -> _Reference:
        """Return the mean of the first pictures, moved back."""
        last = min(self._video.n_frames, max(2, round(REFERENCE_S * self._video.frame_rate_hz)))
        pictures = pictures_of(self._video, self._shrink, last)
        first = next(pictures)
        self._reference = _Reference.of(first, self._followed)
        total, weight = first.copy(), np.ones_like(first)
        for picture in pictures:
            settled = self._settled(picture)
            if settled.alike >= LEAST_ALIKE:
                total += settled.moved * settled.inside
                weight += settled.inside
        self._stand_still()
        return _Reference.of(total / weight, self._followed)

    def _begin_anew(self, number: int, picture: Plane, moved: FloatArray) -> None:
        self._offset = self._offset + moved
        self._stand_still()
        self._bend = np.zeros_like(self._bend)
        if self._part is not Part.ALL and number >= self._looked_at + PART_EVERY:
            self._followed, self._looked_at = part_at(self._video, number, self._shrink, self._part), number
        self._reference = _Reference.of(picture, self._followed)

    def _stand_still(self) -> None:
        self._terms, self._ahead, self._is_far = np.zeros((2, 3)), np.zeros((2, 3)), False

    def _smooth(self, local: FloatArray) -> Plane:
        """Return the shift of blocks beyond the whole picture's as a smooth bend, each as told by its neighbors too."""
        known = (~np.isnan(local[:, 0])).astype(np.float32).reshape(self.rows, self.columns)
        values = np.clip(np.nan_to_num(local), -MOST_BENT_PX, MOST_BENT_PX).astype(np.float32)
        total = cv2.GaussianBlur(values.reshape(self.rows, self.columns, 2), (0, 0), BEND_BLOCKS)
        return plane(total / np.maximum(cv2.GaussianBlur(known, (0, 0), BEND_BLOCKS), 0.1)[..., np.newaxis])

    def _bases(self) -> tuple[Plane, Plane]:
        """Return x and y of each pixel from the middle, in widths."""
        y, x = np.mgrid[: self._height, : self._width].astype(np.float32)
        return (x - self._width / 2) / self._width, (y - self._height / 2) / self._width

    def _settled(self, picture: Plane) -> _Settled:
        """Return the picture moved back as a whole, looked for farther away where it is not found near.

        What is tried first is what would have found the picture before.
        """
        start = self._terms
        best, terms = self._settled_from(self._far(picture) if self._is_far else start + self._ahead, picture)
        if best.alike < SURELY_ALIKE:
            other, others = self._settled_from(start if self._is_far else self._far(picture), picture)
            best, terms = (other, others) if other.alike > best.alike else (best, terms)
        self._terms = terms
        change = terms - start
        self._is_far = float(np.abs(change - self._ahead)[:, 0].max()) > NEAR_PX
        self._ahead = change if float(np.abs(change)[:, 0].max()) > NEAR_PX else np.zeros((2, 3))
        return best

    def _far(self, picture: Plane) -> FloatArray:
        terms = self._terms.copy()
        terms[:, 0] = searched(self._reference.picture * self._reference.inner, picture, terms[:, 0])
        return terms

    def _settled_from(self, terms: FloatArray, picture: Plane) -> tuple[_Settled, FloatArray]:
        bent = self._bent()
        for _ in range(STEPS):
            # on the way there, some pixels are enough
            terms = terms + self._step(*self._moved_back(picture, bent, terms, SOME))
        moved, inside = self._moved_back(picture, bent, terms, ALL)
        return _Settled(moved=moved, inside=inside, alike=_alike(moved, self._reference.picture, inside)), terms

    def _bent(self) -> Plane:
        """Return where each pixel is taken from by the bend alone."""
        size = (self.columns * self.edge, self.rows * self.edge)
        bend = cv2.resize(self._bend, size, interpolation=cv2.INTER_LINEAR)
        right, below = self._width - size[0], self._height - size[1]
        full = cv2.copyMakeBorder(bend, 0, below, 0, right, cv2.BORDER_REPLICATE)
        return plane(cv2.add(full, self._places))

    def _moved_back(
        self, picture: Plane, bent: Plane, terms: FloatArray, which: tuple[slice, slice]
    ) -> tuple[Plane, Plane]:
        (x, x_across, x_down), (y, y_across, y_down) = terms.astype(np.float32)
        across, down = self._basis[0][:1, which[1]], self._basis[1][which[0], :1]
        at_x = plane(bent[(*which, 0)] + (x + x_across * across) + x_down * down)
        at_y = plane(bent[(*which, 1)] + (y + y_across * across) + y_down * down)
        # OpenCV's cubic interpolation does not keep a ramp, and so errs by up to 0.047 pixels, this by 0.01 on skin
        moved = cv2.remap(picture, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        # near an edge brightness around is that of fewer pixels, so that texture there is not what it was
        inside = (at_x > EDGE_PX) & (at_x < self._width - EDGE_PX)
        inside &= (at_y > EDGE_PX) & (at_y < self._height - EDGE_PX) & self._reference.inner[which]
        return plane(moved), inside.astype(np.float32)

    def _step(self, moved: Plane, inside: Plane) -> FloatArray:
        """Return the change of the six numbers that takes most of the difference of some pixels away."""
        reference = self._reference
        along_x, along_y = reference.along_x[SOME], reference.along_y[SOME]
        across, down = (basis[SOME] for basis in self._basis)
        difference = reference.picture[SOME] - moved
        few = difference[::FEW, ::FEW][inside[::FEW, ::FEW] > 0]
        usual = (float(np.median(np.abs(few))) if few.size else 0.0) + 1e-6
        say = inside / (1 + np.square(difference / (TWITCH_SHARE * usual)))
        slopes = [along_x, along_x * across, along_x * down, along_y, along_y * across, along_y * down]
        columns = np.stack([slope.ravel() for slope in slopes])
        weighted = columns * say.ravel()
        normal = (weighted @ columns.T).astype(np.float64)
        ridge = (1e-6 * np.trace(normal) / 6 + 1e-9) * np.eye(6)
        change: FloatArray = np.linalg.solve(normal + ridge, weighted @ difference.ravel())
        return change.reshape(2, 3)

    def _blocks(self, moved: Plane, inside: Plane) -> tuple[FloatArray, FloatArray]:
        """Return what each block adds to the whole picture's shift, and the mean square that is left."""
        of_moved = _gradients(moved)
        along_x, along_y = (
            (one + other) * np.float32(0.5)
            for one, other in zip((self._reference.along_x, self._reference.along_y), of_moved, strict=True)
        )
        difference = self._reference.picture - moved
        # what all of a block shares is light
        x_mean, y_mean, change = (self._means(one) for one in (along_x, along_y, difference))
        xx, xy, yy = self._information(along_x, along_y)
        xx, xy, yy = xx - x_mean**2, xy - x_mean * y_mean, yy - y_mean**2
        to_x = self._means(along_x * difference) - x_mean * change
        to_y = self._means(along_y * difference) - y_mean * change
        ridge = 1e-3 * float(np.median(xx + yy)) + 1e-9
        found = (xx + ridge) * (yy + ridge) - xy**2
        x, y = ((yy + ridge) * to_x - xy * to_y) / found, ((xx + ridge) * to_y - xy * to_x) / found
        shift = np.stack([x, y], axis=1)
        shift[self._means(inside) < 1 - 1e-6] = np.nan
        left = self._means(difference * difference) - change**2 - x * to_x - y * to_y
        return shift, np.maximum(left, 0)

    def _information(self, along_x: Plane, along_y: Plane) -> tuple[FloatArray, FloatArray, FloatArray]:
        xx, xy, yy = (self._means(one) for one in (along_x * along_x, along_x * along_y, along_y * along_y))
        return xx, xy, yy

    def _means(self, plane: Plane) -> FloatArray:
        """Return the mean of a plane in each block."""
        cut = plane[: self.rows * self.edge, : self.columns * self.edge]
        means = cv2.resize(cut, (self.columns, self.rows), interpolation=cv2.INTER_AREA)
        return np.asarray(means, dtype=np.float64).ravel()

    def _at_blocks(self) -> FloatArray:
        x, y = ((self.centers_px - [self._width / 2, self._height / 2]) / self._width).T
        terms = self._terms + self._offset
        shift: FloatArray = (terms @ np.stack([np.ones_like(x), x, y])).T
        return shift


def _square(reach_px: int) -> npt.NDArray[np.uint8]:
    return np.ones((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)


def _gradients(picture: Plane) -> tuple[Plane, Plane]:
    across = cv2.Scharr(picture, cv2.CV_32F, 1, 0, scale=1 / 32)
    return plane(across), plane(cv2.Scharr(picture, cv2.CV_32F, 0, 1, scale=1 / 32))


def _alike(moved: Plane, reference: Plane, inside: Plane) -> float:
    """Return the correlation of a picture with its reference where both are seen."""
    some = (slice(None, None, 4),) * 2
    one, other = (moved * inside)[some], (reference * inside)[some]
    scale = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / scale if scale else 0.0
