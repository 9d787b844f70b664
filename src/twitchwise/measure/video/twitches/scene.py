"""Everything that is looked at for twitches: the even field, what is left of it, and how surprising each place is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_dilation, binary_erosion, binary_opening

from twitchwise.measure.asked import Progress
from twitchwise.measure.video.twitches.chance import ONCE, FalseAlarmLaw, false_alarm_law
from twitchwise.measure.video.twitches.evenly import EvenField, Series
from twitchwise.measure.video.twitches.local import NORMAL, WIDTHS_BLOCKS, surprises
from twitchwise.measure.video.twitches.matched import Course, MatchedFilter, pooled_spectrum
from twitchwise.measure.video.twitches.restless import restless_blocks
from twitchwise.measure.video.twitches.settings import TwitchSettings, twitch_settings
from twitchwise.measure.video.twitches.whole_picture import WholePicture, seen_beyond, taken_out
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

COURSES = tuple(
    Course(contraction_s=contraction_s, half_relaxation_s=half_relaxation_s)
    for contraction_s, half_relaxation_s in ((0.03, 0.035), (0.05, 0.05), (0.08, 0.09), (0.13, 0.14))
)
"""From the fastest twitch to a short burst; each scores nine tenths or more of any course between two of them."""
KINDS = tuple((width, drawn) for width in WIDTHS_BLOCKS for drawn in (False, True))
SYSTEMATIC_PX = 0.01  # by which neighboring blocks may err together while the camera moves
NEAR_MISSING_S = 0.25  # a filter hears what was filled in up to here
CLIPPED_CAUSE, RARE_SCORE = 4.0, 3.0  # standard deviations beyond which a movement is rare
WIDER = 3  # of the shorter side, by which the part that is hidden reaches beyond a quarter
SHARED = 4.0  # standard deviations by which a block must share a movement
NEAR_RESTLESS = 3  # blocks around one that moves most of the time, which feel it
FEW_CALM = 12  # places that tell what chance does
DIAMOND = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.bool_)
CORNER = 3  # blocks that a corner is cut by at most, and no more than a quarter of the shorter side
RINGS, EDGE_PX = 2, 33.0  # told places that a judged one has around it, and how far they reach, both at least
AT_THE_ENDS_S = 0.5  # a course that is cut off is not judged


@dataclass(frozen=True, kw_only=True, eq=False)
class Response:
    """Standard deviations that a twitch of one pixel gives at each place, ``(rows, columns)``; the law of chance."""

    spreads: FloatArray
    law: FalseAlarmLaw


@dataclass(frozen=True, kw_only=True, eq=False)
class TwitchScene:
    """What is known of a film before twitches are told apart.

    Parameters
    ----------
    field, whole
        The even field and the movement of the picture as a whole.
    left_px
        What is left of the field, also by what each block does whenever the whole picture moves; shape
        ``(n_samples, n_blocks, 2)``.
    surprise
        Of each place at each sample, made equal among kinds of movement by the law of each: blocks that compression
        spoils one at a time make narrow movements often; shape ``(n_samples, rows, columns)``.
    kind
        Number in `COURSES` times that of `KINDS`, plus number in `KINDS`, of what fits best; the same shape.
    filters
        One for each course.
    responses
        What a bell-shaped twitch gives, for each course and width of skin that shifts.
    restless
        Blocks that move by themselves most of the time, shape ``(n_blocks,)``.
    """

    field: EvenField
    whole: WholePicture
    left_px: Series
    surprise: Series
    kind: IntArray
    filters: tuple[MatchedFilter, ...]
    responses: tuple[Response, ...]
    restless: BoolArray

    @property
    def calm_surprise(self) -> Series:
        """The surprise of places that are not near one that moves most of the time; 0 elsewhere."""
        return _calm(self.surprise, self.restless)

    @property
    def looked_s(self) -> float:
        """Seconds in which at least half of the places could be judged."""
        within = _within(self.field)
        if not within.any():
            return 0.0
        judged = (self.surprise[:, within] > 0).mean(axis=1) >= 0.5  # noqa: PLR2004 - half
        return float(judged.sum()) / self.field.rate_hz


def twitch_scene(field: EvenField, progress: Progress, settings: TwitchSettings | None = None) -> TwitchScene:
    """Return what a film's even field of motion, which tells something somewhere, tells of twitches."""
    settings = settings or twitch_settings()
    whole = taken_out(field)
    progress(0.0)  # nothing is found yet, but who waits may want to stop
    spectrum = pooled_spectrum(whole.left_px, field.trust, field.rate_hz)
    filters = tuple(MatchedFilter(course, field.rate_hz, spectrum, field.n_samples) for course in COURSES)
    restless = restless_blocks(field, whole.left_px, settings)
    progress(0.0)
    sectors = _sectors(field)
    grid, hidden, beyond = (field.rows, field.columns), _not_judged(field)[..., np.newaxis], ~_within(field)
    best, kind = np.zeros((field.n_samples, *grid), np.float32), np.zeros((field.n_samples, *grid), np.int64)
    responses = []
    for number, one in enumerate(filters):
        scores = np.where(hidden, np.float32(0), _scores(one, whole, sectors))
        for found in surprises(scores, field.trust, grid, SYSTEMATIC_PX * one.gain, restless):
            found.value[hidden.reshape(best.shape)] = 0
            found.value[:, beyond] = 0
            law = false_alarm_law(_calm(found.value, restless), field.rate_hz) or FalseAlarmLaw(place=ONCE, scale=1.0)
            value = law.leveled(found.value)
            here = value > best
            best[here] = value[here]
            kind[here] = number * len(KINDS) + KINDS.index((found.width_blocks, found.is_drawn))
            responses.append(Response(spreads=one.gain * found.response, law=law))
        progress((number + 1) / len(filters))
    return TwitchScene(
        field=field,
        whole=whole,
        left_px=whole.left_px,
        surprise=best,
        kind=kind,
        filters=filters,
        responses=tuple(one for one in responses if one.spreads.any()),
        restless=restless,
    )


def _calm(surprise: Series, restless: BoolArray) -> Series:
    """Return the surprise of places far from restless ones, less far where that leaves too few; 0 elsewhere."""
    grid = restless.reshape(surprise.shape[1:])
    if not grid.any():
        return surprise
    judged = (surprise > 0).any(axis=0)
    for reach in range(NEAR_RESTLESS, -1, -1):
        near = binary_dilation(grid, np.ones((3, 3), np.bool_), iterations=reach) if reach else grid
        if (judged & ~near).sum() >= FEW_CALM:
            return np.where(near, np.float32(0), surprise)
    return surprise


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sector:
    """Some blocks, and how the picture moves as seen by those that are not near them, shape ``(n_samples, n)``."""

    blocks: IntArray
    causes: Series


def _sectors(field: EvenField) -> list[_Sector]:
    """Return quarters of the picture, each with the movement of the rest, on which no twitch in the quarter leans."""
    number = np.arange(field.rows * field.columns)
    row, column = np.divmod(number, field.columns)
    lower, right = row >= field.rows / 2, column >= field.columns / 2
    sectors = []
    for is_lower in (False, True):
        for is_right in (False, True):
            near_rows = lower == is_lower
            near_columns = right == is_right
            hidden = _widened((near_rows & near_columns).reshape(field.rows, field.columns)).ravel()
            terms = seen_beyond(field, hidden)
            turns = 2 * np.pi * terms[:, [0, terms.shape[1] // 2]]
            causes = np.concatenate([terms, np.sin(turns), np.cos(turns)], axis=1).astype(np.float32)
            sectors.append(_Sector(blocks=number[near_rows & near_columns], causes=causes))
    return sectors


def _widened(mask: BoolArray) -> BoolArray:
    wider: BoolArray = binary_dilation(mask, np.ones((3, 3), np.bool_), iterations=max(1, min(mask.shape) // WIDER))
    return wider


def _scores(one: MatchedFilter, whole: WholePicture, sectors: Sequence[_Sector]) -> Series:
    """Return scores without what repeats with the movement of the whole picture.

    Skin that is nearer moves more, and reading shifts between pixels errs by a part that goes round with the fraction
    of a pixel; both follow the whole picture's movement, filtered as the scores are. What is rare in either has little
    say, and only what a block shares with that movement all the time is taken out.
    """
    scores = one.scores(whole.left_px.reshape(len(whole.left_px), -1)).reshape(whole.left_px.shape)
    for sector in sectors:
        basis, _ = np.linalg.qr(_clipped(one.scores(sector.causes), CLIPPED_CAUSE))
        own = scores[:, sector.blocks].reshape(len(scores), -1)
        scores[:, sector.blocks] -= (basis @ _shared(own, basis)).reshape(len(scores), -1, 2)
    return scores


def _shared(own: Series, basis: Series) -> Series:
    """Return how much of each movement of the whole picture scores share, shape ``(n_causes, n)``.

    Times at which a block does something rare, as twitch, have no say.
    """
    beside = own - np.median(own, axis=0)
    spread = NORMAL * np.median(np.abs(beside), axis=0)
    usual = np.abs(beside) < RARE_SCORE * np.maximum(spread, 1e-12)
    products = (basis[:, :, np.newaxis] * basis[:, np.newaxis]).reshape(len(basis), -1)
    normal = (usual.T.astype(np.float32) @ products).reshape(own.shape[1], basis.shape[1], -1)
    normal += 1e-3 * np.eye(basis.shape[1], dtype=np.float32)
    seen = (beside * usual).T @ basis
    share = np.linalg.solve(normal, seen[..., np.newaxis])[..., 0].T
    share[np.abs(share) < SHARED * np.maximum(spread, 1e-12)] = 0
    return np.asarray(share, dtype=np.float32)


def _within(field: EvenField) -> BoolArray:
    """Return which places are told and have told ones around.

    At an edge a smooth field is guessed, and brightness around is that of one side, so some rings around a place must
    be told; most of all it is in a corner, which is cut off.
    """
    told = field.told.reshape(field.rows, field.columns)
    rings = max(RINGS, round(EDGE_PX / field.block_px))
    within = binary_erosion(told, np.ones((3, 3), np.bool_), iterations=rings)
    blocks = min(CORNER, min(_extent(within)) // 4)
    return np.asarray(binary_opening(within, DIAMOND, iterations=blocks) if blocks else within, dtype=np.bool_)


def _extent(places: BoolArray) -> tuple[int, int]:
    return int(places.any(axis=1).sum()), int(places.any(axis=0).sum())


def _clipped(series: Series, spreads: float) -> Series:
    limit = spreads * np.maximum(NORMAL * np.median(np.abs(series), axis=0), 1e-12)
    clipped: Series = np.clip(series, -limit, limit).astype(np.float32)
    return clipped


def _not_judged(field: EvenField) -> BoolArray:
    reach = int(NEAR_MISSING_S * field.rate_hz)
    near = binary_dilation(field.missing, np.ones((2 * reach + 1, 1), np.bool_))
    ends = max(1, int(AT_THE_ENDS_S * field.rate_hz))
    near[:ends], near[-ends:] = True, True
    return near
