"""What a concentric needle in the muscle sees of each fiber: the oval core against the shaft.

Muscle around the needle is without end and conducts better along the fibers than across them (Nandedkar and Stalberg,
Medical and Biological Engineering and Computing 1983, 21:158-165): a point current ``I`` at ``x`` along and ``r``
across gives ``I / (4 pi across sqrt(along / across r**2 + x**2))``. The skin, the metal of the needle and the fibers
that it pushed aside are not modeled. Each fiber keeps its own potential, so that junctions can be late or fail one by
one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft

from twitchwise.simulate.muscle.action_potential import FiberActionPotential
from twitchwise.simulate.muscle.conductor import Conductor
from twitchwise.simulate.muscle.electrodes import ConcentricNeedle
from twitchwise.simulate.muscle.layout import Layout
from twitchwise.simulate.muscle.low_pass import low_pass, power_of_two
from twitchwise.simulate.muscle.sources import FloatArray32
from twitchwise.simulate.muscle.templates import SHIFTED_RATE_HZ, Templates
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.checks import require_positive

BEFORE_S = 1e-3  # the low-pass reaches this far ahead
STEP_RATE_HZ = 48000.0  # at least; a front moves less than 0.1 mm from step to step
TOGETHER = 128  # fibers worked on at once; more do not fit the cache


@dataclass(frozen=True, kw_only=True, eq=False)
class NeedleFibers:
    """The potentials of single fibers at a needle.

    Parameters
    ----------
    fiber, unit
        Number of each fiber in the layout and of its motor unit, shape ``(n,)``, units ascending.
    distance_m
        From the middle of the core, across the fiber, in m, shape ``(n,)``.
    voltage_v
        Potential when the endplate is activated at sample ``before``, in V, shape ``(n, n_samples)``.
    before
        Number of samples before that.
    sampling_rate_hz
        Samples per second.
    n_units
        Number of motor units of the muscle.
    """

    fiber: IntArray
    unit: IntArray
    distance_m: FloatArray
    voltage_v: FloatArray32
    before: int
    sampling_rate_hz: float
    n_units: int

    def of_unit(self, unit: int) -> slice:
        """Return where a unit's fibers stand in the arrays."""
        low, high = np.searchsorted(self.unit, [unit, unit + 1])
        return slice(int(low), int(high))

    def discharge(
        self, unit: int, *, delay_s: FloatArray | float = 0.0, transmitted: BoolArray | bool = True
    ) -> FloatArray:
        """Return one discharge of a unit, fiber by fiber delayed and left out, in V, shape ``(n_samples,)``.

        Parameters
        ----------
        unit
            Its number.
        delay_s
            By how much each endplate is late, in s, up to the time before and after the potential, shape ``(n,)``.
        transmitted
            Whether each junction let the discharge through, shape ``(n,)``.
        """
        here = self.of_unit(unit)
        n_samples = self.voltage_v.shape[1]
        spectrum = fft.rfft(self.voltage_v[here].astype(np.float64), 2 * n_samples, axis=1)
        turn = 2 * np.pi * fft.rfftfreq(2 * n_samples, 1 / self.sampling_rate_hz)
        late = np.broadcast_to(delay_s, spectrum.shape[:1])[:, np.newaxis]
        passed = np.broadcast_to(transmitted, spectrum.shape[:1])[:, np.newaxis]
        wave: FloatArray = fft.irfft((spectrum * passed * np.exp(-1j * turn * late)).sum(axis=0), 2 * n_samples)
        return wave[:n_samples]

    def templates(self) -> Templates:
        """Return the potentials of whole units, every fiber on time, as templates of one channel."""
        starts = np.searchsorted(self.unit, np.arange(self.n_units))
        sums = np.zeros((self.n_units, self.voltage_v.shape[1]))
        np.add.at(sums, self.unit, self.voltage_v)
        sums[starts == np.append(starts[1:], self.unit.size)] = 0.0
        n_shifts, n_fft = power_of_two(SHIFTED_RATE_HZ / self.sampling_rate_hz), 2 * sums.shape[1]
        turn = 2 * np.pi * fft.rfftfreq(n_fft)
        shift = np.exp(-1j * turn * np.arange(n_shifts)[:, np.newaxis] / n_shifts)
        bank = fft.irfft(fft.rfft(sums, n_fft)[:, np.newaxis] * shift, n_fft)[:, :, : sums.shape[1]]
        return Templates(
            bank=np.ascontiguousarray(bank[..., np.newaxis], dtype=np.float32),
            before=self.before,
            sampling_rate_hz=self.sampling_rate_hz,
            channel_names=("needle",),
        )


def needle_fibers(
    layout: Layout,
    needle: ConcentricNeedle,
    parameters: Mapping[str, float],
    *,
    sampling_rate_hz: float,
    within_m: float,
) -> NeedleFibers:
    """Return what a needle sees of each fiber near it.

    Parameters
    ----------
    layout, needle
        The muscle and the needle in it.
    parameters
        By id; of the tissue, the action potential and the needle.
    sampling_rate_hz
        Samples per second, above 0.
    within_m
        Fibers farther than this from the core, across, are left out; above 0.

    Raises
    ------
    OutOfRangeError
        If a number lies outside or the needle does not reach the muscle.
    """
    require_positive("sampling_rate_hz", sampling_rate_hz)
    require_positive("within_m", within_m)
    conductor, potential = Conductor.of(parameters), FiberActionPotential.of(parameters)
    if not conductor.cover_m < needle.depth_m < conductor.cover_m + parameters["muscle_thickness"]:
        raise OutOfRangeError(f"depth_m must lie in the muscle under fat and skin, got {needle.depth_m!r}.")
    points, weights = _points(needle, parameters)
    points = points - [0.0, 0.0, conductor.cover_m]
    distance = np.hypot(layout.across_m - needle.across_m, layout.depth_m + conductor.cover_m - needle.depth_m)
    fiber = np.flatnonzero(distance < within_m)
    steps = _Steps.of(layout, fiber, potential, sampling_rate_hz)
    seen = _Seen(conductor=conductor, points=points, weights=weights)
    waves = [steps.waves(some, seen) for some in np.split(fiber, range(TOGETHER, fiber.size, TOGETHER))]
    return NeedleFibers(
        fiber=fiber,
        unit=layout.unit_of_fiber[fiber],
        distance_m=distance[fiber],
        voltage_v=np.concatenate(waves),
        before=steps.before,
        sampling_rate_hz=sampling_rate_hz,
        n_units=layout.n_units,
    )


def _points(needle: ConcentricNeedle, parameters: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
    """Return points of core and shaft, x, z, y in m, and how each counts: the core's mean less the shaft's."""
    length = parameters["needle_core_length"]
    core = needle.core_m(length_m=length, width_m=parameters["needle_core_width"], bevel_rad=parameters["needle_bevel"])
    shaft = needle.shaft_m(length_m=parameters["needle_shaft_length"], core_length_m=length)
    weights = np.concatenate([np.full(core.shape[0], 1 / core.shape[0]), -needle.shaft_weights()])
    return np.concatenate([core, shaft]), weights


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """What a needle sees of a point current."""

    conductor: Conductor
    points: FloatArray
    weights: FloatArray

    def potential(self, layout: Layout, fiber: npt.NDArray[np.intp], along_m: FloatArray) -> FloatArray32:
        """Return the potential in V/A of currents on fibers, shape of ``along_m``: ``(n_fibers, n_places)``."""
        ratio = self.conductor.along_s_per_m / self.conductor.across_s_per_m
        radius = layout.diameter_m[fiber] / 2
        seen = np.zeros(along_m.shape, np.float32)
        place = along_m.astype(np.float32)
        for (x, z, y), weight in zip(self.points, self.weights, strict=True):
            across = np.hypot(layout.across_m[fiber] - z, layout.depth_m[fiber] - y)
            # the current leaves through the membrane: no point is nearer to it than the fiber is thick
            square = ratio * np.maximum(across, radius) ** 2
            seen += np.float32(weight) / np.sqrt(
                (place - np.float32(x)) ** 2 + square[:, np.newaxis].astype(np.float32)
            )
        return seen / np.float32(4 * np.pi * self.conductor.across_s_per_m)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Steps:
    """Fronts that move on by one stretch of fiber from moment to moment."""

    layout: Layout
    potential: FiberActionPotential
    oversampled: int
    n_steps: int
    n_samples: int
    before: int
    sampling_rate_hz: float

    @classmethod
    def of(
        cls, layout: Layout, fiber: npt.NDArray[np.intp], potential: FiberActionPotential, sampling_rate_hz: float
    ) -> "_Steps":
        oversampled = power_of_two(STEP_RATE_HZ / sampling_rate_hz)
        ends = np.maximum(layout.endplate_m - layout.left_end_m, layout.right_end_m - layout.endplate_m)[fiber]
        velocity = layout.velocity_mps[fiber]
        before = int(np.ceil(BEFORE_S * sampling_rate_hz))
        lasts_s = float(((ends + potential.tail_m) / velocity).max(initial=0.0))
        return cls(
            layout=layout,
            potential=potential,
            oversampled=oversampled,
            n_steps=int(np.ceil(float((ends / velocity).max(initial=0.0)) * sampling_rate_hz * oversampled)) + 1,
            n_samples=before + int(np.ceil(lasts_s * sampling_rate_hz)) + 1,
            before=before,
            sampling_rate_hz=sampling_rate_hz,
        )

    def waves(self, fiber: npt.NDArray[np.intp], seen: _Seen) -> FloatArray32:
        """Return the potentials of some fibers, in V, shape ``(n, n_samples)``."""
        rate_hz = self.sampling_rate_hz * self.oversampled
        to_right, to_left = self._reached(fiber, seen, rate_hz)
        n_fft = int(fft.next_fast_len(self.n_samples + self.before, real=True)) * self.oversampled
        frequency_hz = fft.rfftfreq(n_fft, 1 / rate_hz)
        frequency_hz = frequency_hz[frequency_hz <= self.sampling_rate_hz / 2]
        turn = 2 * np.pi * frequency_hz
        # a stretch is reached half a step after its beginning
        gain = low_pass(frequency_hz / self.sampling_rate_hz) * rate_hz
        gain = gain * np.exp(-1j * turn * (self.before / self.sampling_rate_hz + 0.5 / rate_hz))
        strength = self.potential.strength_a_m2_per_v(self.layout.diameter_m[fiber])[:, np.newaxis]
        wave = self.potential.spectrum(turn, self.layout.velocity_mps[fiber, np.newaxis]) * (strength * gain)
        spectrum = fft.rfft(to_right + to_left, n_fft, axis=1)[:, : turn.size] * wave
        n_out = n_fft // self.oversampled
        waves = fft.irfft(spectrum, n_out, axis=1)[:, : self.n_samples] / self.oversampled
        return waves.astype(np.float32)

    def _reached(self, fiber: npt.NDArray[np.intp], seen: _Seen, rate_hz: float) -> Iterator[FloatArray]:
        """Give, for both directions, what the slope seen adds up to over each stretch, in V/A."""
        endplate = self.layout.endplate_m[fiber, np.newaxis]
        run = self.layout.velocity_mps[fiber, np.newaxis] / rate_hz * np.arange(self.n_steps + 1)
        for end, sign in ((self.layout.right_end_m, 1.0), (self.layout.left_end_m, -1.0)):
            edge = endplate + sign * np.minimum(run, np.abs(end[fiber, np.newaxis] - endplate))
            yield np.diff(seen.potential(self.layout, fiber, edge), axis=1).astype(np.float64)
