"""The pendulum test of Wartenberg: a leg that is let go swings to rest, and how it does tells of its muscle tone.

Relaxation index and first swing are those of the study of 131 knees (https://doi.org/10.1186/s12984-018-0411-x): the
first flexion over the plateau, from where the leg was held to where it comes to rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks, savgol_filter
from scipy.stats import t

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.motion.spasticity.places import Place
from twitchwise.measure.motion.spasticity.settings import PendulumSettings
from twitchwise.measure.motion.spasticity.waves import PIECE_S, kept
from twitchwise.signals import Recording
from twitchwise.vocabulary import ChannelKind
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray

SWINGING = (ChannelKind.ANGLE, ChannelKind.ANGULAR_VELOCITY)
"""The kinds of sensor that give the angle of a swing; acceleration holds gravity and the swing together."""

# Drops whose swing is longer than this are none: a leg rests after a dozen swings; nor are shorter ones than the first.
_SHORTEST_S, _LONGEST_S = 0.2, 25.0
# A drop reaches this far into the next piece at most.
_MARGIN_S = 40.0
# A noted drop may be so far from the moment of release.
_NOTE_S = 3.0
# Angle and velocity are smoothed by a cubic over this time, which leaves the height of a turning point as it is.
_SMOOTH_S = 0.2
# The bias of a gyroscope is what it shows in this share of half seconds, the quietest, and in three at least.
_QUIET_SHARE, _QUIET_LEAST = 0.05, 3
# Half seconds that are as quiet but for this factor are taken with them.
_CALM = 1.4
# Turning points that a drop must show where nobody noted it: one full swing where the sensor is known to be on a joint
# or a leg; two, evenly timed, where it may be a gesture.
_TURNS_KNOWN, _TURNS_UNKNOWN, _EVEN = 2, 4, 1.25
# Each swing is smaller than the one before, but for this factor and so many standard errors.
_SMALLER, _NOISY = 1.05, 3.0
# Where a leg is held or hangs is the median over no more than this, of what is no farther from the swing than this.
_REST_S, _HANGS_S = 2.0, 8.0
# Stillness that a shorter movement breaks is one.
_JOINED_S = 0.3


@dataclass(frozen=True, kw_only=True, eq=False)
class Drop:
    """One drop of the leg.

    Parameters
    ----------
    release_s, rest_s
        When the leg was let go, and when it came to rest.
    first_rad, plateau_rad
        From the angle of the hold to the first turning point, and to rest; both above 0.
    turns_s, swings_rad
        When the leg turned, and how far from rest it was then, shape ``(n,)``.
    error_rad
        Standard error of an angle.
    drift_rad
        Standard error by which a gyroscope has drifted when the leg rests.
    noted
        Whether somebody noted the drop.
    """

    release_s: float
    rest_s: float
    first_rad: float
    plateau_rad: float
    turns_s: FloatArray
    swings_rad: FloatArray
    error_rad: float
    drift_rad: float
    noted: bool

    @property
    def relaxation_index(self) -> float:
        """First swing over plateau."""
        return self.first_rad / self.plateau_rad

    @property
    def swings(self) -> int:
        """How often the leg swung out and back: every second turning point."""
        return (self.turns_s.size + 1) // 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Damped:
    """How a swing dies away: damping ratio and undamped frequency in Hz, each with the ends of a 95 % interval."""

    ratio: tuple[float, float, float]
    frequency_hz: tuple[float, float, float]


def drops_in(
    recording: Recording, sensor: MotionSensor, place: Place, noted_s: FloatArray, settings: PendulumSettings
) -> list[Drop]:
    """Return the drops that a sensor shows, in order of time."""
    found = list[Drop]()
    for start_s in np.arange(0.0, sensor.duration_s, PIECE_S):
        stop_s = min(start_s + PIECE_S + _MARGIN_S, sensor.duration_s)
        rate_hz, rows = kept(sensor, recording, float(start_s), stop_s)
        if rows.shape[1] < 2 * settings.hold_least_s * rate_hz:
            continue
        for drop in _Swing(sensor.kind, rows, rate_hz, settings).drops(float(start_s), noted_s, place):
            if not found or drop.release_s > found[-1].rest_s:
                found.append(drop)
    return found


def damped(drop: Drop) -> Damped | None:
    """Return how the swings of a drop die away, or ``None`` where there are fewer than two.

    Each half swing is smaller than the last by a constant factor, if the leg is a damped pendulum.
    """
    sizes, half_s = np.abs(drop.swings_rad), np.diff(drop.turns_s)
    if sizes.size < 2:  # noqa: PLR2004 - a change needs two
        return None
    number = np.arange(sizes.size)
    weight = 1 / ((drop.error_rad / sizes) ** 2 + 1e-4)
    middle = float(weight @ number / weight.sum())
    spread = float(weight @ (number - middle) ** 2)
    fall = -float(weight @ ((number - middle) * np.log(sizes)) / spread)
    left = np.log(sizes) + fall * (number - middle) - float(weight @ np.log(sizes) / weight.sum())
    misfit = float(weight @ left**2) / max(sizes.size - 2, 1)
    wide = float(t.ppf(0.975, sizes.size - 2)) if sizes.size > 3 else 4.303  # noqa: PLR2004 - three or fewer: as of three
    error = wide * float(np.sqrt(max(misfit, 1.0) / spread))
    ends = [max(fall + sign * error, 0.0) for sign in (0, -1, 1)]
    ratios = [one / float(np.hypot(np.pi, one)) for one in ends]
    # noise moves a turning point the more, the smaller the swing
    rate_hz = 1 / (2 * float(np.average(half_s, weights=1 / (sizes[1:] ** -2 + sizes[:-1] ** -2))))
    uneven = float(half_s.std(ddof=1)) / float(half_s.mean()) if half_s.size > 1 else 0.05
    error_hz = rate_hz * max(wide * uneven / float(np.sqrt(half_s.size)), 0.01)
    up = [float(np.sqrt(1 - ratio**2)) for ratio in ratios]
    return Damped(
        ratio=(ratios[0], ratios[1], ratios[2]),
        frequency_hz=(rate_hz / up[0], max(rate_hz - error_hz, 0.0) / up[1], (rate_hz + error_hz) / up[2]),
    )


class _Swing:
    """The angle of one piece and where it is still."""

    def __init__(self, kind: ChannelKind, rows: FloatArray, rate_hz: float, settings: PendulumSettings) -> None:
        self.rate_hz, self.settings = rate_hz, settings
        self.drifts, self.bias_error_radps = kind is not ChannelKind.ANGLE, 0.0
        if self.drifts:
            turned = _along_main(rows)
            bias_radps, self.bias_error_radps = _bias(turned, rate_hz)
            self.velocity = self._smooth(turned - bias_radps)
            self.angle = np.cumsum(self.velocity) / rate_hz
        else:
            main = rows[int(np.argmax(rows.std(axis=1)))]
            self.angle, self.velocity = self._smooth(main), self._smooth(main, per_s=rate_hz)

    def _smooth(self, values: FloatArray, per_s: float | None = None) -> FloatArray:
        """Return smoothed values, or how they change in a second."""
        width = min(max(5, round(_SMOOTH_S * self.rate_hz) | 1), (values.size - 1) // 2 * 2 + 1)
        smooth = savgol_filter(values, width, 3) if per_s is None else per_s * savgol_filter(values, width, 2, deriv=1)
        return np.asarray(smooth, dtype=np.float64)

    def drops(self, start_s: float, noted_s: FloatArray, place: Place) -> Iterator[Drop]:
        """Give every drop between two times at which the leg is still."""
        firsts, ends = self._still()
        moving = firsts[1:] - ends[:-1]
        fits = (moving > _SHORTEST_S * self.rate_hz) & (moving < _LONGEST_S * self.rate_hz)
        noted = np.zeros(moving.size, dtype=np.bool_)
        for time_s in noted_s.tolist():
            noted |= np.abs(time_s - (start_s + ends[:-1] / self.rate_hz)) <= _NOTE_S
        fits &= noted | self._may_swing(ends[:-1], firsts[1:], place)
        for number in np.flatnonzero(fits).tolist():
            at = (int(firsts[number]), int(ends[number]), int(firsts[number + 1]), int(ends[number + 1]))
            drop = self._drop(at, start_s, noted=bool(noted[number]))
            if drop is not None and self._is_one(drop, place):
                yield drop

    def _still(self) -> tuple[IntArray, IntArray]:
        """Return where the leg is still for long enough: the first sample of each time, and the one after its last."""
        quiet: BoolArray = np.abs(self.velocity) < self.settings.still_velocity_radps
        edges = np.flatnonzero(np.diff(quiet.astype(np.int8), prepend=0, append=0))
        first, last, joined = edges[::2], edges[1::2], _JOINED_S * self.rate_hz
        apart = first[1:] > last[:-1] + joined
        begins, ends = first[np.append(True, apart)[: first.size]], last[np.append(apart, True)[: last.size]]
        least = (self.settings.hold_least_s + _JOINED_S) * self.rate_hz
        long = ends + joined - begins >= least
        return begins[long], ends[long]

    def _may_swing(self, held: IntArray, rests: IntArray, place: Place) -> BoolArray:
        """Tell which movements last long enough, and turn often enough, to be a drop that nobody noted."""
        if place is Place.ELSEWHERE:
            return np.zeros(held.size, dtype=np.bool_)
        turns = self._wanted(place)
        may: BoolArray = rests - held >= (turns - 1) / (2 * self.settings.rate_high_hz) * self.rate_hz
        if self.drifts:  # the angle is the sum of the velocity, so that it turns where that changes its sign
            changes = np.cumsum(np.diff(np.sign(self.velocity), append=0.0) != 0)
            may &= changes[rests] - changes[np.maximum(held - 1, 0)] >= turns
        return may

    def _wanted(self, place: Place) -> int:
        return _TURNS_UNKNOWN if place is Place.UNKNOWN and self.drifts else _TURNS_KNOWN

    def _drop(self, at: tuple[int, int, int, int], start_s: float, *, noted: bool) -> Drop | None:
        first, held, rests, last = at
        most = round(_REST_S * self.rate_hz)
        hangs = min(last, rests + round(_HANGS_S * self.rate_hz))
        hold, rest = self.angle[max(first, held - most) : held], self.angle[max(rests, hangs - most) : hangs]
        angle = self.angle[held : rests + 1]
        low, high = float(np.median(hold)), float(np.median(rest))
        plateau = high - low
        if abs(plateau) < self.settings.drop_least_rad:
            return None
        swing = (angle - high) * np.sign(plateau)
        turns = self._turns(swing)
        first_rad = abs(plateau) + (float(swing[turns[0]]) if turns.size else 0.0)
        return Drop(
            release_s=start_s + held / self.rate_hz,
            rest_s=start_s + rests / self.rate_hz,
            first_rad=first_rad,
            plateau_rad=abs(plateau),
            turns_s=start_s + (held + turns) / self.rate_hz,
            swings_rad=swing[turns],
            error_rad=self._error(hold, rest),
            drift_rad=self.bias_error_radps * (rests - held) / self.rate_hz,
            noted=noted,
        )

    def _turns(self, swing: FloatArray) -> "np.typing.NDArray[np.int64]":
        """Return where the leg turned: crests and troughs in turn, far enough from rest."""
        least = self.settings.swing_least_rad
        crests, _ = find_peaks(swing, height=least, prominence=least)
        troughs, _ = find_peaks(-swing, height=least, prominence=least)
        if crests.size == 0:
            return np.empty(0, dtype=np.int64)
        turns = np.sort(np.concatenate([crests, troughs[troughs > crests[0]]]))
        signs = np.sign(swing[turns])
        ends = np.flatnonzero(signs[1:] == signs[:-1])
        return np.asarray(turns[: ends[0] + 1] if ends.size else turns, dtype=np.int64)

    def _error(self, hold: FloatArray, rest: FloatArray) -> float:
        """Return the standard error of an angle: what the still leg wavers, and what a gyroscope drifts in a swing."""
        steady = max(float(np.std(hold - hold.mean())), float(np.std(rest - rest.mean())))
        return max(steady, self.settings.swing_least_rad / 10)

    def _grows(self, sizes: FloatArray, error_rad: float) -> bool:
        """Tell whether a swing is larger than the one before to the same side, by more than noise makes it."""
        apart = 1 if sizes.size == 2 else 2  # noqa: PLR2004 - of two, each is to its own side
        return bool((sizes[apart:] > _SMALLER * sizes[:-apart] + _NOISY * error_rad).any())

    def _is_one(self, drop: Drop, place: Place) -> bool:
        if drop.noted:
            return True
        sizes, half_s = np.abs(drop.swings_rad), np.diff(drop.turns_s)
        if place is Place.ELSEWHERE or sizes.size < self._wanted(place) or self._grows(sizes, drop.error_rad):
            return False
        rate_hz = 1 / (2 * float(half_s.mean()))
        even = float(half_s.max() / half_s.min()) <= _EVEN**2 or place is not Place.UNKNOWN
        return even and self.settings.rate_low_hz <= rate_hz <= self.settings.rate_high_hz


def _along_main(rows: FloatArray) -> FloatArray:
    centered = rows - np.median(rows, axis=1, keepdims=True)
    _, directions = np.linalg.eigh(centered @ centered.T)
    return np.asarray(directions[:, -1] @ rows, dtype=np.float64)


def _bias(velocity: FloatArray, rate_hz: float) -> tuple[float, float]:
    """Return what a gyroscope shows at rest, the median over its quietest half seconds, and its standard error."""
    length = max(1, round(0.5 * rate_hz))
    frames = velocity[: velocity.size // length * length].reshape(-1, length)
    spread = frames.std(axis=1)
    calm = np.sort(spread)[: max(_QUIET_LEAST, int(_QUIET_SHARE * spread.size))]
    quiet = np.flatnonzero(spread <= _CALM * calm[-1])
    means = frames[quiet].mean(axis=1)
    noise = float(np.median(spread[quiet])) / float(np.sqrt(length))
    return float(np.median(means)), max(noise, float(means.std())) / float(np.sqrt(means.size))
