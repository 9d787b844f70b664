"""Recordings of force and motion beside an EMG, with twitches of the forward model and noise of many kinds."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
from scipy.signal import butter, sosfilt

from twitchwise.measure.mechanics import ChannelTwitches, measure_twitches
from twitchwise.signals import ArraySource, Channel, EventTrain, Intervals, Recording
from twitchwise.simulate import parameters_for
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.twitches import coefficients_of
from twitchwise.simulate.twitches.calibration import _at_the_tendon, resting, timing_of
from twitchwise.simulate.twitches.mechanism import contracted, tetanic_share
from twitchwise.simulate.units import draw_units
from twitchwise.vocabulary import ChannelKind, EventKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.engine import jax

RATE_HZ = 1000.0
DURATION_S = 120.0
UNITS = {
    ChannelKind.FORCE: Unit.NEWTON,
    ChannelKind.DISPLACEMENT: Unit.METER,
    ChannelKind.ACCELERATION: Unit.METER_PER_SECOND_SQUARED,
    ChannelKind.ANGULAR_VELOCITY: Unit.RADIAN_PER_SECOND,
    ChannelKind.EMG: Unit.VOLT,
    ChannelKind.ECG: Unit.VOLT,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth:
    """One unit's twitch of peak 1 from the discharge on, at 1 kHz, and its true numbers in seconds."""

    force: FloatArray
    latency_s: float
    contraction_time_s: float
    half_relaxation_time_s: float


@lru_cache
def truths(muscle: str) -> tuple[Truth, ...]:
    """Return the twitches of a small, a middle and a large unit of a muscle, made without the compiled model."""
    parameters = parameters_for(Setting(condition="healthy", muscle=muscle))
    units = draw_units(parameters, 120, np.random.default_rng(3)).take(np.array([10, 60, 110]))
    k = coefficients_of(units, parameters)
    state, released = resting(k), np.ones(3)
    bridges = np.zeros((1500, 3))
    for index in range(1, len(bridges)):
        state = contracted(state, cast("jax.Array", released), k, 1 / RATE_HZ)
        bridges[index], released = state.cross_bridges, np.zeros(3)
    felt = _at_the_tendon(bridges, 1 / (2 * RATE_HZ * np.asarray(k.tendon_s)))
    force = np.asarray(tetanic_share(cast("jax.Array", felt), k))
    timing = timing_of(force, 1 / RATE_HZ)
    columns = zip(force.T, *timing, strict=True)
    return tuple(
        Truth(
            force=line / peak,
            latency_s=float(latency_s),
            contraction_time_s=float(contraction_s),
            half_relaxation_time_s=float(relaxation_s),
        )
        for line, peak, latency_s, contraction_s, relaxation_s in columns
    )


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What to make; noise is its root mean square, of a twitch of peak 1."""

    muscle: str = "thenar"
    kind: ChannelKind = ChannelKind.FORCE
    noise: float = 0.1
    noise_kind: str = "white"
    n_events: int = 24
    n_units: int = 1
    sizes: tuple[float, ...] = (1.0, 1.0, 1.0)
    seed: int = 0
    duration_s: float = DURATION_S
    sampling_rate_hz: float = RATE_HZ
    unit_numbers: bool = True
    others: tuple[Channel, ...] = ()
    extra: tuple[FloatArray, ...] = field(default=())


def discharges(scene: Scene) -> tuple[FloatArray, IntArray]:
    """Return when and which, three seconds apart on average and never nearer than two."""
    generator = np.random.default_rng(scene.seed)
    gap_s = (scene.duration_s - 3.0) / scene.n_events
    times_s = 1.5 + gap_s * np.arange(scene.n_events) + generator.uniform(0.0, max(gap_s - 2.0, 0.0), scene.n_events)
    return times_s, np.arange(scene.n_events) % scene.n_units


def noise_of(scene: Scene, n: int) -> FloatArray:
    """Return noise of root mean square 1."""
    white = np.random.default_rng([scene.seed, 1]).standard_normal(n)
    if scene.noise_kind == "white":
        return white
    band = {"tremor": (7.0, 11.0), "drift": (0.02, 0.4)}[scene.noise_kind]
    colored = sosfilt(butter(2, band, "bandpass", fs=scene.sampling_rate_hz, output="sos"), white)
    other = np.random.default_rng([scene.seed, 2]).standard_normal(n)
    return np.asarray(0.9 * colored / colored.std() + 0.4 * other, dtype=np.float64)


def samples_of(scene: Scene) -> FloatArray:
    """Return the channel: twitches that add, as the kind of sensor feels them, and noise."""
    times_s, unit = discharges(scene)
    time_s = np.arange(round(scene.duration_s * RATE_HZ)) / RATE_HZ
    clean = np.zeros_like(time_s)
    for at_s, one in zip(times_s, unit, strict=True):
        truth = truths(scene.muscle)[one]
        first = int(np.ceil(at_s * RATE_HZ))
        since = time_s[first : first + truth.force.size - 1] - at_s
        twitch = np.interp(since, np.arange(truth.force.size) / RATE_HZ, truth.force)
        clean[first : first + since.size] += scene.sizes[one] * twitch
    step = round(RATE_HZ / scene.sampling_rate_hz)
    felt = _felt(clean, scene.kind)[::step]
    return felt + scene.noise * noise_of(scene, felt.size)


def _felt(force: FloatArray, kind: ChannelKind) -> FloatArray:
    """Return what the sensor feels: a limb that resonates at 6 Hz, stepped finely, with a greatest response near 1."""
    if kind in (ChannelKind.FORCE, ChannelKind.DISPLACEMENT):
        return force
    angle, velocity = 0.0, 0.0
    turn, damping, step_s = 2 * np.pi * 6.0, 0.15, 1 / RATE_HZ
    felt = np.empty_like(force)
    for index, push in enumerate(force):
        acceleration = push - 2 * damping * turn * velocity - turn**2 * angle
        felt[index] = (
            acceleration if kind is ChannelKind.ACCELERATION else turn * (velocity + step_s * acceleration / 2)
        )
        velocity += step_s * acceleration
        angle += step_s * velocity
    return felt


def make(scene: Scene) -> tuple[Recording, EventTrain, Intervals]:
    """Return the recording, the train of discharges and the rest: all of it."""
    samples = samples_of(scene)
    channel = Channel(
        name="sensor",
        kind=scene.kind,
        unit=UNITS[scene.kind],
        sampling_rate_hz=scene.sampling_rate_hz,
        n_samples=samples.size,
    )
    recording = Recording(
        name="made",
        format="array",
        channels=(channel, *scene.others),
        source=ArraySource([samples, *scene.extra]),
    )
    return recording, train_of(scene), Intervals(((0.0, scene.duration_s),))


def train_of(scene: Scene) -> EventTrain:
    """Return the discharges as a detector would: potentials of 8 ms, numbered by unit."""
    times_s, unit = discharges(scene)
    return EventTrain(
        kind=EventKind.FASCICULATION_POTENTIAL,
        channel="emg",
        start_s=times_s,
        peak_s=times_s + 2e-3,
        end_s=times_s + 8e-3,
        peak=np.ones(times_s.size),
        unit=unit + 1 if scene.unit_numbers else np.zeros_like(unit),
        probability=np.full(times_s.size, 0.9),
    )


def measured(scene: Scene) -> ChannelTwitches:
    """Return what is measured on the sensor."""
    return measure_twitches(*make(scene)).channels[0]


def by_id(measurements: tuple[Measurement, ...]) -> dict[str, Measurement]:
    """Return measurements by their ids."""
    return {one.id: one for one in measurements}
