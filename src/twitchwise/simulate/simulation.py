"""A whole simulation: a condition's discharges, what EMG and force see of them, and the truth about every event."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.signals import Channel, EventTrain, Recording
from twitchwise.simulate.condition import HEALTHY, assumptions, parameters_for, twitch_of
from twitchwise.simulate.discharges import Discharges, apart_from, joined
from twitchwise.simulate.events import true_events
from twitchwise.simulate.fasciculation_train import FasciculationProcess
from twitchwise.simulate.motor_unit import MotorUnit, draw_motor_units
from twitchwise.simulate.saturation import Saturation
from twitchwise.simulate.sensors import ForceSensor, Sensor, SimulatedSource, SurfaceElectrode, SurfaceEmg
from twitchwise.simulate.tremor_train import BurstProcess
from twitchwise.simulate.twitch import Twitch
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, OutOfRangeError, Unit
from twitchwise.vocabulary.checks import require_positive, require_within

EMG = "EMG"
FORCE = "Force"
LONGEST_S = 86_400.0  # a day; discharge times, which are held in memory, stay below a few hundred MiB
RATES_HZ = (250.0, 100_000.0)  # from two or three samples a potential to far beyond any amplifier
COARSE_HZ = 1000.0  # below this the band of surface EMG, up to about 500 Hz, does not fit


@dataclass(frozen=True, kw_only=True, eq=False)
class Simulation:
    """What was simulated, with the truth.

    Parameters
    ----------
    recording
        Channels ``EMG`` (V, surface) and ``Force`` (N); samples are made when read.
    events
        The truth on channel ``EMG``: fasciculation potentials, and tremor bursts where the condition has them.
    twitch, healthy_twitch
        Twitch of a middle motor unit under the condition, and the healthy one.
    units
        The motor units drawn.
    condition, parameters, seed
        What was asked for, and the numbers it meant.
    warnings
        What is assumed or left out, one sentence each.
    """

    recording: Recording
    events: tuple[EventTrain, ...]
    twitch: Twitch
    healthy_twitch: Twitch
    units: tuple[MotorUnit, ...]
    condition: str
    parameters: Mapping[str, float]
    seed: int
    warnings: tuple[str, ...]


def simulate_condition(
    condition: str,
    *,
    duration_s: float = 120.0,
    seed: int = 0,
    sampling_rate_hz: float = 2000.0,
    electrode: SurfaceElectrode | None = None,
) -> Simulation:
    """Simulate a muscle at rest under a condition.

    Fasciculations are drawn as random trains and rhythmic bursts on top of them; every discharge adds its potential to
    the EMG and its twitch to the force. Events that the end of the recording would cut are left out.

    Parameters
    ----------
    condition
        Id of a condition, or ``healthy``.
    duration_s
        Length in seconds, above 0 and at most a day.
    seed
        At least 0; the same seed gives the same samples.
    sampling_rate_hz
        Samples per second of both channels, 250 to 100000.
    electrode
        Noise and mains hum of the EMG channel; the noise of the knowledge file and no hum unless given.

    Raises
    ------
    OutOfRangeError
        If there is no such condition, or a number lies outside.

    Examples
    --------
    >>> simulation = simulate_condition("healthy", duration_s=10.0, seed=1)
    >>> simulation.recording.read("EMG").shape, [str(train.kind) for train in simulation.events]
    ((20000,), ['fasciculation_potential'])
    """
    n_samples = _checked_samples(duration_s, sampling_rate_hz, seed)
    parameters = parameters_for(condition)
    generator = np.random.Generator(np.random.PCG64(seed))
    units = draw_motor_units(parameters, max(1, round(parameters["fasciculating_units"])), generator)
    trains = _drawn(parameters, units, n_samples / sampling_rate_hz, generator)
    sensors = _sensors(parameters, units, trains, electrode or SurfaceElectrode(), sampling_rate_hz, seed)
    return Simulation(
        recording=Recording(
            name=f"{condition}, seed {seed}",
            format="simulated",
            channels=_channels(n_samples, sampling_rate_hz),
            source=SimulatedSource(sensors, n_samples),
            warnings=(f"Simulated from the condition {condition!r} with seed {seed}; not a recording of a person.",),
        ),
        events=tuple(true_events(kind, EMG, train, units, sampling_rate_hz) for kind, train in trains.items()),
        twitch=twitch_of(condition),
        healthy_twitch=twitch_of(HEALTHY),
        units=units,
        condition=condition,
        parameters=parameters,
        seed=seed,
        warnings=(*assumptions(condition), *_limits(sampling_rate_hz)),
    )


def _checked_samples(duration_s: float, sampling_rate_hz: float, seed: int) -> int:
    require_positive("duration_s", duration_s)
    require_within("duration_s", duration_s, 0.0, LONGEST_S)
    require_within("sampling_rate_hz", sampling_rate_hz, *RATES_HZ)
    require_within("seed", seed, 0, math.inf)
    n_samples = math.floor(duration_s * sampling_rate_hz + 0.5)
    if n_samples < 1:
        raise OutOfRangeError(
            f"duration_s must give at least one sample, got {duration_s!r} at {sampling_rate_hz!r} Hz."
        )
    return n_samples


def _drawn(
    parameters: Mapping[str, float], units: tuple[MotorUnit, ...], duration_s: float, generator: np.random.Generator
) -> dict[EventKind, Discharges]:
    """Return the discharges by kind of event, those of a single rhythmic unit among the fasciculations."""
    until_s = duration_s - max(unit.potential.duration_s for unit in units)
    at_random = FasciculationProcess.of(parameters)
    fasciculations = at_random.draw(until_s, generator)
    bursts = BurstProcess.of(parameters).draw(until_s, generator)
    fasciculations = apart_from(fasciculations, bursts, at_random.refractory_period_s)
    if parameters["burst_share"] == 0:
        return {EventKind.FASCICULATION_POTENTIAL: fasciculations}
    if len(units) == 1:
        return {EventKind.FASCICULATION_POTENTIAL: joined((fasciculations, bursts))}
    return {EventKind.FASCICULATION_POTENTIAL: fasciculations, EventKind.TREMOR_BURST: bursts}


def _sensors(
    parameters: Mapping[str, float],
    units: tuple[MotorUnit, ...],
    trains: Mapping[EventKind, Discharges],
    electrode: SurfaceElectrode,
    sampling_rate_hz: float,
    seed: int,
) -> tuple[Sensor, ...]:
    discharges = joined(tuple(trains.values()))
    if electrode.noise_rms_v is None:
        electrode = replace(electrode, noise_rms_v=parameters["surface_emg_noise_rms"])
    saturation = Saturation(
        twitch_tetanus_ratio=parameters["twitch_tetanus_ratio"], exponent=parameters["force_saturation_exponent"]
    )
    return (
        SurfaceEmg(units, discharges, electrode=electrode, sampling_rate_hz=sampling_rate_hz, seed=seed),
        ForceSensor(units, discharges, saturation=saturation, sampling_rate_hz=sampling_rate_hz),
    )


def _channels(n_samples: int, sampling_rate_hz: float) -> tuple[Channel, Channel]:
    return (
        Channel(
            name=EMG,
            kind=ChannelKind.EMG,
            unit=Unit.VOLT,
            sampling_rate_hz=sampling_rate_hz,
            n_samples=n_samples,
            electrode=Electrode.SURFACE,
        ),
        Channel(
            name=FORCE,
            kind=ChannelKind.FORCE,
            unit=Unit.NEWTON,
            sampling_rate_hz=sampling_rate_hz,
            n_samples=n_samples,
        ),
    )


def _limits(sampling_rate_hz: float) -> tuple[str, ...]:
    if sampling_rate_hz >= COARSE_HZ:
        return ()
    return (f"At {sampling_rate_hz:g} Hz the shape of the potentials is coarse; 1000 Hz or more shows it.",)
