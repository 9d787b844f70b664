"""A whole simulation: from a setting through environment, axon, pool, junction, muscle and limb to every sensor."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from twitchwise.formats.bids import DischargeTable
from twitchwise.signals import EventTrain, Recording
from twitchwise.signals.one_thread import one_thread
from twitchwise.simulate.condition import Setting, assumptions
from twitchwise.simulate.firing import Firing, fire, is_active, limits_of
from twitchwise.simulate.mechanics import Mechanics, mechanical_channels
from twitchwise.simulate.middle_twitch import twitch_under
from twitchwise.simulate.muscle import ConcentricNeedle
from twitchwise.simulate.people import NOBODY, Sex, Traits
from twitchwise.simulate.pickup import ANTAGONIST, EMG, Electrodes, clearest_channel, electromyograms, emg_channels
from twitchwise.simulate.preparation import Prepared, prepare
from twitchwise.simulate.recorded import SimulatedSource
from twitchwise.simulate.stopwatch import Stopwatch
from twitchwise.simulate.truth import discharge_table, true_events
from twitchwise.simulate.twitches.four_numbers import Twitch
from twitchwise.simulate.units import MotorUnits
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.checks import require_positive, require_within

Progress = Callable[[float], None]

LONGEST_S = 86_400.0  # a day; discharge times, which are held in memory, stay below a few hundred MiB
LONGEST_ACTIVE_S = 3600.0  # motor neurons and limb are stepped all the time, and their motion is held in memory
RATES_HZ = (250.0, 100_000.0)  # from two or three samples a potential to far beyond any amplifier
COARSE_HZ = 1000.0  # below this the band of surface EMG, up to about 500 Hz, does not fit
MOST_UNITS = 1000  # more motor units than any limb muscle has
DISCHARGED = 0.9  # of a run, as told: stepping motor neurons takes most of it, at rest there is no more to tell


@dataclass(frozen=True, kw_only=True, eq=False)
class Simulation:
    """What was simulated, with the truth.

    Parameters
    ----------
    recording
        Channels of EMG (V), then ``Force`` (N) and the motion sensors; samples are made when read.
    events
        The truth on an EMG channel, one train a kind: ectopic events, tremor bursts, spasms, reflexes and so on.
    discharges
        Every discharge of every motor unit, and of single fibers that a needle sees.
    twitch
        Twitch of a middle motor unit under the condition.
    prepared
        The muscle: its motor units, parameters and axon.
    setting, seed
        What was asked for.
    warnings
        What is assumed or left out, one sentence each.
    stopwatch
        Seconds by stage so far.
    """

    recording: Recording
    events: tuple[EventTrain, ...]
    discharges: DischargeTable
    twitch: Twitch
    prepared: Prepared
    setting: Setting
    seed: int
    warnings: tuple[str, ...]
    stopwatch: Stopwatch

    @property
    def condition(self) -> str:
        """Id of the condition."""
        return self.setting.condition

    @property
    def parameters(self) -> Mapping[str, float]:
        """The numbers that the setting meant."""
        return self.prepared.parameters

    @property
    def units(self) -> MotorUnits:
        """The motor units."""
        return self.prepared.agonist

    @property
    def healthy_twitch(self) -> Twitch:
        """Twitch of a middle motor unit of the same person in health."""
        return twitch_under(self.prepared.healthy_parameters)

    @property
    def seconds(self) -> Mapping[str, float]:
        """Seconds by stage so far; EMG, force and motion are made when they are first read."""
        return dict(self.stopwatch.seconds)

    def make(self, progress: Progress | None = None) -> None:
        """Make all samples now, and tell the share that is made."""
        source = self.recording.source
        if isinstance(source, SimulatedSource):
            source.make(progress)


@dataclass(frozen=True, kw_only=True, slots=True)
class Apparatus:
    """How a simulation is recorded.

    Parameters
    ----------
    electrodes
        A pair, a grid or a needle; ``None`` for a pair between endplates and tendon.
    sampling_rate_hz
        Samples per second of every channel, 250 to 100000.
    n_units
        Motor units of the healthy muscle, 1 to 1000; ``None`` for the value of the knowledge files.

    Raises
    ------
    OutOfRangeError
        If a number lies outside.
    """

    electrodes: Electrodes | None = None
    sampling_rate_hz: float = 2048.0
    n_units: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers outside."""
        require_within("sampling_rate_hz", self.sampling_rate_hz, *RATES_HZ)
        if self.n_units is not None:
            require_within("n_units", self.n_units, 1, MOST_UNITS)


@one_thread()
def simulate_condition(
    setting: Setting | str,
    *,
    duration_s: float | None = None,
    seed: int = 0,
    apparatus: Apparatus | None = None,
    traits: Traits = NOBODY,
    progress: Progress | None = None,
) -> Simulation:
    """Simulate a muscle, its nerve and its limb under a condition.

    Parameters
    ----------
    setting
        What to simulate; a condition's id alone stands for its own scene and muscle at severity 1.
    duration_s
        Length in seconds, above 0; ``None`` for what the scene takes. At most a day at rest, an hour in action.
    seed
        At least 0; the same seed gives the same samples.
    apparatus
        Electrodes, sampling rate and number of motor units.
    traits
        Whose muscle it is: age and sex; nobody's unless given.
    progress
        Told the share that is done, up to 1 when all but the samples is, which are made when they are read; may raise
        to break off.

    Raises
    ------
    OutOfRangeError
        If there is no such condition, or a number lies outside.
    MissingExtraError
        If the package that steps the state equations is not installed.

    Examples
    --------
    >>> simulation = simulate_condition("healthy", duration_s=10.0, seed=1)
    >>> simulation.recording.read("EMG").shape, [str(train.kind) for train in simulation.events]
    ((20480,), ['fasciculation_potential'])
    """
    setting = Setting(condition=setting) if isinstance(setting, str) else setting
    apparatus = apparatus or Apparatus()
    require_within("seed", seed, 0, math.inf)
    stopwatch = Stopwatch()
    with stopwatch.stage("units_and_axon"):
        prepared = prepare(setting, seed=seed, n_units=apparatus.n_units, traits=traits)
    n_samples = checked_samples(prepared, duration_s, apparatus.sampling_rate_hz)
    with stopwatch.stage("discharges"):
        told = None if progress is None else partial(_tell, progress)
        firing = fire(prepared, n_samples / apparatus.sampling_rate_hz, seed=seed, progress=told)
    if firing.loop is None and progress is not None:
        progress(DISCHARGED)
    simulation = recorded(prepared, firing, n_samples, seed=seed, apparatus=apparatus, stopwatch=stopwatch)
    if progress is not None:
        progress(1.0)
    return simulation


def _tell(progress: Progress, share_discharged: float) -> None:
    progress(DISCHARGED * share_discharged)


def checked_samples(prepared: Prepared, duration_s: float | None, sampling_rate_hz: float) -> int:
    """Return the number of samples of a recording, or refuse its length."""
    duration_s = prepared.parameters["recording_duration"] if duration_s is None else duration_s
    require_positive("duration_s", duration_s)
    require_within("duration_s", duration_s, 0.0, LONGEST_ACTIVE_S if is_active(prepared) else LONGEST_S)
    n_samples = math.floor(duration_s * sampling_rate_hz + 0.5)
    if n_samples < 1:
        raise OutOfRangeError(
            f"duration_s must give at least one sample, got {duration_s!r} at {sampling_rate_hz!r} Hz."
        )
    return n_samples


def recorded(
    prepared: Prepared, firing: Firing, n_samples: int, *, seed: int, apparatus: Apparatus, stopwatch: Stopwatch
) -> Simulation:
    """Return a simulation of discharges that are given."""
    rate_hz, setting = apparatus.sampling_rate_hz, prepared.setting
    with stopwatch.stage("templates"):
        muscles = list(electromyograms(prepared, firing, apparatus.electrodes, rate_hz, seed=seed))
    with stopwatch.stage("truth"):
        events = true_events(firing, muscles[0], clearest_channel(muscles[0]), n_samples)
        discharges = discharge_table(firing, (EMG, ANTAGONIST)[: len(muscles)], muscles[0].fibers)
        twitch = prepared.twitch or twitch_under(prepared.parameters)
    mechanics = Mechanics.of(prepared, firing, seed=seed)
    source = SimulatedSource(muscles, mechanics, n_samples=n_samples, sampling_rate_hz=rate_hz, stopwatch=stopwatch)
    note = f"Simulated from the condition {setting.condition!r} with seed {seed}; not a recording of a person."
    return Simulation(
        recording=Recording(
            name=f"{setting.condition}, seed {seed}",
            format="simulated",
            channels=(
                *emg_channels(muscles, apparatus.electrodes, prepared.parameters, n_samples),
                *mechanical_channels(n_samples, rate_hz),
            ),
            source=source,
            warnings=(note,),
        ),
        events=events,
        discharges=discharges,
        twitch=twitch,
        prepared=prepared,
        setting=setting,
        seed=seed,
        warnings=(
            *_whose(prepared.traits),
            *assumptions(setting.condition),
            *_limits(prepared, rate_hz),
            *limits_of(prepared, n_samples / rate_hz, at_needle=isinstance(apparatus.electrodes, ConcentricNeedle)),
        ),
        stopwatch=stopwatch,
    )


def _whose(traits: Traits) -> Iterator[str]:
    if traits.age is not None or traits.sex is not None:
        who = {Sex.FEMALE: "a woman", Sex.MALE: "a man", None: "somebody"}[traits.sex]
        age = "" if traits.age is None else f" of {traits.age:g} years"
        yield f"The muscle is that of {who}{age}, by mean figures of age and sex."


def _limits(prepared: Prepared, sampling_rate_hz: float) -> Iterator[str]:
    if sampling_rate_hz < COARSE_HZ:
        yield f"At {sampling_rate_hz:g} Hz the shape of the potentials is coarse; 1000 Hz or more shows it."
    if not prepared.axon.conducts:
        yield "In the model this axon conducts no discharge any more; its velocity is left as in health."
