"""Picks separate movements out of what is surprising: the greatest first, then what is not its echo."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.measure.video.twitches.chance import CELL_S, FalseAlarmLaw, calm_law
from twitchwise.measure.video.twitches.evenly import Series
from twitchwise.measure.video.twitches.scene import COURSES, KINDS, TwitchScene
from twitchwise.vocabulary.arrays import FloatArray

MOST = 2000  # movements in a film; one that moves all the time is no film of twitches
BESIDE = 0.2  # share of a movement's surprise that its smooth fit may leave anywhere in the picture at the same time
FAR_SIDE = 0.5  # the same within twice the distance at which two movements at one time are one
ECHO_MARGIN = 2.0  # a course that differs from the filter's echoes more than the filter's own
ECHO_S = 2.0
ONE_S = 0.15  # sooner after each other, at one place, two movements are one
REBOUND, REBOUND_S = 0.5, 0.4  # so much less and so soon, at one place, it cannot be told from what swings back
SIDES = 5  # a fifth of the picture to each side is one twitch at one time
AGAIN = 1  # blocks within which a movement is at the place of another
ROUNDS = 2  # by then the law does not change


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A movement of one place at one time: sample, row and column, kind, and how surprising it is."""

    sample: int
    row: int
    column: int
    course: int
    width_blocks: float
    is_drawn: bool
    surprise: float


def found_by_law(scene: TwitchScene, rate_per_hour: float) -> tuple[list[Candidate], FalseAlarmLaw | None]:
    """Return movements that chance exceeds at a rate, and the law of chance.

    The law is read off what is left when the movements found by it are taken out, a few times over, so that a film full
    of twitches is not taken for a noisy one. A muscle that twitches does so again at the same place, so that where
    something was found chance has fewer places to deceive, and less is needed.
    """
    calm = scene.calm_surprise
    law = calm_law(calm, scene.field.rate_hz)
    if law is None:
        return [], None
    for _ in range(ROUNDS):
        found = candidates(scene, np.full(calm.shape[1:], law.threshold(rate_per_hour)))
        law = calm_law(_without(scene, calm, found), scene.field.rate_hz) or law
    return candidates(scene, _thresholds(scene, found, law, rate_per_hour)), law


def _without(scene: TwitchScene, surprise: Series, found: Sequence[Candidate]) -> Series:
    """Return a surprise that is 0 where and when movements are felt."""
    quiet = surprise.copy()
    for one in found:
        quiet[_neighborhood(scene, one)] = 0
    return quiet


def _thresholds(scene: TwitchScene, found: Sequence[Candidate], law: FalseAlarmLaw, rate_per_hour: float) -> FloatArray:
    """Return the surprise that is needed at each place, shape ``(rows, columns)``."""
    near = np.zeros(scene.surprise.shape[1:], np.bool_)
    for one in found:
        rows, columns = (slice(max(0, at - AGAIN), at + AGAIN + 1) for at in (one.row, one.column))
        near[rows, columns] = True
    places = max(int((scene.surprise > 0).any(axis=0).sum()), 1)
    share = min(1.0, (2 * AGAIN + 1) ** 2 / places)
    return np.where(near, law.threshold(rate_per_hour / share), law.threshold(rate_per_hour))


def _neighborhood(scene: TwitchScene, one: Candidate) -> tuple[slice, slice, slice]:
    """Return the samples, rows and columns in which a movement is felt."""
    reach = int(np.ceil(3 * one.width_blocks)) + 2
    near = int(np.ceil((COURSES[one.course].length_s + CELL_S / 2) * scene.field.rate_hz))
    times, rows, columns = (
        slice(max(0, middle - side), middle + side + 1)
        for middle, side in ((one.sample, near), (one.row, reach), (one.column, reach))
    )
    return times, rows, columns


def candidates(scene: TwitchScene, thresholds: FloatArray) -> list[Candidate]:
    """Return movements more surprising than each place's threshold, ``(rows, columns)``, by their surprise."""
    left = np.where(scene.surprise > thresholds, scene.surprise, 0)
    echoes = _echoes(scene)
    found: list[Candidate] = []
    while len(found) < MOST:
        at = np.unravel_index(int(left.argmax()), left.shape)
        if left[at] <= 0:
            break
        one = _candidate(scene, (int(at[0]), int(at[1]), int(at[2])))
        found.append(one)
        _silence(left, one, echoes, scene.field.rate_hz)
    return found


def _candidate(scene: TwitchScene, at: tuple[int, int, int]) -> Candidate:
    course, kind = divmod(int(scene.kind[at]), len(KINDS))
    width, is_drawn = KINDS[kind]
    return Candidate(
        sample=at[0],
        row=at[1],
        column=at[2],
        course=course,
        width_blocks=width,
        is_drawn=is_drawn,
        surprise=float(scene.surprise[at]),
    )


def _echoes(scene: TwitchScene) -> list[FloatArray]:
    """Return the greatest share of a movement's surprise that its filter's echo reaches at each lag and later."""
    echoes, lags = [], int(ECHO_S * scene.field.rate_hz)
    for own, course in zip(scene.filters, COURSES, strict=True):
        answers = np.max([one.answer(course, lags) for one in scene.filters], axis=0)
        share = ECHO_MARGIN * np.square(answers / own.gain)
        echoes.append(np.minimum(np.maximum.accumulate(share[::-1])[::-1], 1.0))
    return echoes


def _silence(left: FloatArray, one: Candidate, echoes: list[FloatArray], rate_hz: float) -> None:
    """Set to 0 what may be the same movement: its neighbors in time and place, its echoes, and what it bends."""
    course, echo = COURSES[one.course], echoes[one.course]
    near = int(np.ceil(max(course.length_s / 2, ONE_S) * rate_hz))
    reach = int(np.ceil(3 * one.width_blocks)) + 1
    first, last = max(0, one.sample - echo.size + 1), min(len(left), one.sample + echo.size)
    around = (
        slice(max(0, one.row - reach), one.row + reach + 1),
        slice(max(0, one.column - reach), one.column + reach + 1),
    )
    lags = np.abs(np.arange(first, last) - one.sample)
    swings = np.maximum(echo[np.minimum(lags, echo.size - 1)], np.where(lags <= REBOUND_S * rate_hz, REBOUND, 0.0))
    limit = np.where(lags <= near, np.inf, one.surprise * swings)
    here = left[first:last, around[0], around[1]]
    here[here <= limit[:, np.newaxis, np.newaxis]] = 0
    meanwhile = left[max(0, one.sample - 2 * near) : one.sample + 2 * near + 1]
    meanwhile[meanwhile <= BESIDE * one.surprise] = 0
    # skin that is drawn together moves to both sides of a twitch
    side = max(reach, left.shape[2] // SIDES)
    times = slice(max(0, one.sample - near), one.sample + near + 1)
    for distance, share in ((side, 1.0), (2 * side, FAR_SIDE)):
        rows, columns = (slice(max(0, at - distance), at + distance + 1) for at in (one.row, one.column))
        here = left[times, rows, columns]
        here[here <= share * one.surprise] = 0
