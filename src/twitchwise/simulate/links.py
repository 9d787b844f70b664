"""What a condition changes along the chain, link by link beside health: numbers, curves, and who fires when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from twitchwise.knowledge import library
from twitchwise.simulate.axon.table import Excitability
from twitchwise.simulate.condition import Setting, parameters_for
from twitchwise.simulate.environment import Environment
from twitchwise.simulate.firing import DRIVES
from twitchwise.simulate.junction import Junction, expected_shares
from twitchwise.simulate.mechanics import MOTION_CHANNELS
from twitchwise.simulate.simulation import Simulation, simulate_condition
from twitchwise.vocabulary import ChannelKind, EventKind, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.twitches.four_numbers import Twitch

SHOWN_S = 2.0  # of discharges, EMG and motion: several cycles of any tremor or clonus
AT_WORK_S = 20.0  # simulated where motor neurons or nerve are set to work: a spasm or some taps come within it
AT_REST_S = 60.0  # simulated at rest, where it costs little: most fasciculations come within it
AWAITED, LONGEST_S = 3.0, 120.0  # a rare event is waited for until it comes in 19 of 20 runs, but no longer
UNDER_WAY = 0.25  # of the whole: by then contraction and tremor have reached their size
BEFORE_S = 0.2  # shown before an event
STIMULI, STIMULUS_RATE_HZ = 10, 3.0  # of repetitive nerve stimulation as it is usually done
FIFTH = 4  # index of the stimulus whose answer is usually compared with the first
TWITCH_S = 0.5  # shown of a twitch that is over by then; a longer one is shown until it has fallen by half twice
POINTS = 400  # of a curve: finer than a screen shows
PERCENT = 100.0
SECONDS_A_MINUTE = 60.0


class LinkName(StrEnum):
    """The links of the chain, in their order."""

    ENVIRONMENT = "environment"
    AXON = "axon"
    DISCHARGES = "discharges"
    JUNCTION = "junction"
    TWITCH = "twitch"
    EMG = "emg"
    LIMB = "limb"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One number in health and under the condition.

    Parameters
    ----------
    name
        Id of a parameter or of a kind of event, or the name of another quantity.
    label, unit
        For those who know the field.
    healthy, changed
        The two values, ``None`` where there is no such number.
    """

    name: str
    label: str
    unit: Unit
    healthy: float | None
    changed: float | None


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Trace:
    """A curve in health and under the condition; every array has shape ``(n,)``."""

    label: str
    unit: Unit
    x: FloatArray
    x_label: str
    healthy: FloatArray
    changed: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Raster:
    """Who fires when, in seconds of the stretch shown and by number of the motor unit, in health and changed."""

    duration_s: float
    healthy: tuple[FloatArray, IntArray]
    changed: tuple[FloatArray, IntArray]


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Link:
    """One link of the chain.

    Parameters
    ----------
    name
        Which one.
    is_changed
        Whether the condition acts on it, or on what reaches it.
    numbers
        What differs, and what is usual to know.
    trace, raster
        What can be drawn.
    """

    name: LinkName
    is_changed: bool
    numbers: tuple[Compared, ...] = ()
    trace: Trace | None = None
    raster: Raster | None = None


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Chain:
    """What a condition changes along the chain, and the two simulations that it was read from."""

    setting: Setting
    links: tuple[Link, ...]
    healthy: Simulation
    changed: Simulation

    def __getitem__(self, name: LinkName) -> Link:
        return next(link for link in self.links if link.name is name)


def chain_of(setting: Setting | str, *, seed: int = 1) -> Chain:
    """Simulate a condition and its healthy counterpart, and compare them link by link.

    Parameters
    ----------
    setting
        What to explain; a condition's id alone stands for its own scene and muscle at severity 1.
    seed
        At least 0; both use the same one.

    Raises
    ------
    OutOfRangeError
        As `twitchwise.simulate.simulate_condition`.
    MissingExtraError
        As `twitchwise.simulate.simulate_condition`.
    """
    setting = Setting(condition=setting) if isinstance(setting, str) else setting
    duration_s = _duration_s(setting)
    changed = simulate_condition(setting, duration_s=duration_s, seed=seed)
    healthy = simulate_condition(setting.in_health(), duration_s=duration_s, seed=seed)
    links = tuple(make(healthy, changed) for make in _LINKS)
    return Chain(setting=setting, links=links, healthy=healthy, changed=changed)


def _duration_s(setting: Setting) -> float:
    """Return how long to simulate, so that what the condition changes is seen."""
    changed, healthy = parameters_for(setting), parameters_for(setting.in_health())
    is_at_work = any(parameters[name] > 0 for parameters in (changed, healthy) for name in DRIVES)
    rates = [changed[name] for name in _EXPECTED if changed[name] > healthy[name]]
    awaited_s = AWAITED * SECONDS_A_MINUTE / max(rates) if rates else 0.0
    return max(AT_WORK_S if is_at_work else AT_REST_S, min(awaited_s, LONGEST_S))


def _of_parameter(name: str, healthy: Simulation, changed: Simulation) -> Compared:
    known = library().parameters[name]
    return Compared(
        name=name,
        label=known.label,
        unit=known.unit,
        healthy=healthy.parameters[name],
        changed=changed.parameters[name],
    )


def _environment(healthy: Simulation, changed: Simulation) -> Link:
    names = [name for name in Environment.__slots__ if healthy.parameters[name] != changed.parameters[name]]
    numbers = tuple(_of_parameter(name, healthy, changed) for name in names)
    return Link(name=LinkName.ENVIRONMENT, is_changed=bool(numbers), numbers=numbers)


_OF_AN_AXON = (
    ("node_threshold", "Threshold current at a node", Unit.AMPERE, "node_threshold_a"),
    ("ectopic_rate", "Discharges by chance, at one site", Unit.PER_MINUTE, "ectopic_rate_hz"),
    ("conduction_velocity", "Conduction velocity", Unit.METER_PER_SECOND, "conduction_velocity_mps"),
    ("resting_potential", "Resting potential", Unit.VOLT, "resting_potential_v"),
    ("time_constant", "Strength-duration time constant", Unit.SECOND, "strength_duration_time_constant_s"),
)


def _of_an_axon(axon: Excitability, field: str, unit: Unit) -> float | None:
    value: float | None = getattr(axon, field)
    return SECONDS_A_MINUTE * value if value is not None and unit is Unit.PER_MINUTE else value


def _axon(healthy: Simulation, changed: Simulation) -> Link:
    axons = (healthy.prepared.axon, changed.prepared.axon)
    numbers = tuple(
        Compared(name=name, label=label, unit=unit, healthy=pair[0], changed=pair[1])
        for name, label, unit, field in _OF_AN_AXON
        for pair in [[_of_an_axon(axon, field, unit) for axon in axons]]
    )
    blocked = Compared(
        name="blocked_share",
        label="Axons that are blocked",
        unit=Unit.PERCENT,
        healthy=PERCENT * healthy.parameters["axon_blocked_share"],
        changed=PERCENT * changed.parameters["axon_blocked_share"],
    )
    differs = blocked.healthy != blocked.changed
    return Link(
        name=LinkName.AXON,
        is_changed=axons[0] != axons[1] or differs,
        numbers=(blocked, *numbers) if differs else numbers,
    )


_EXPECTED = {
    "fasciculation_rate_per_min": EventKind.FASCICULATION_POTENTIAL,
    "cramp_rate_per_min": EventKind.CRAMP_DISCHARGE,
    "myotonic_run_rate_per_min": EventKind.MYOTONIC_DISCHARGE,
    "fibrillating_fibers": EventKind.FIBRILLATION_POTENTIAL,
    "spasm_rate_per_min": EventKind.SPASM,
    "volley_rate_per_min": EventKind.JERK,
}
"""What the model is told, by the events that it makes; a count of these in a minute differs by chance alone."""


def _discharges(healthy: Simulation, changed: Simulation) -> Link:
    pair = (healthy, changed)
    trains = [
        (one.discharges.time_s[(pool := one.discharges.pool == 0)], one.discharges.motor_unit[pool]) for one in pair
    ]
    expected = [name for name in _EXPECTED if healthy.parameters[name] != changed.parameters[name]]
    numbers = (
        Compared(
            name="motor_units",
            label="Motor units",
            unit=Unit.COUNT,
            healthy=float(len(healthy.units)),
            changed=float(len(changed.units)),
        ),
        *(_of_parameter(name, healthy, changed) for name in expected),
        *_event_numbers(healthy, changed),
        Compared(
            name="discharge_rate",
            label="Discharges of all motor units together",
            unit=Unit.HERTZ,
            healthy=trains[0][0].size / healthy.recording.duration_s,
            changed=trains[1][0].size / changed.recording.duration_s,
        ),
    )
    differs = any(not np.array_equal(*columns) for columns in zip(*trains, strict=True))
    start_s = _start_s(changed)
    return Link(
        name=LinkName.DISCHARGES,
        is_changed=differs or bool(expected) or len(healthy.units) != len(changed.units),
        numbers=numbers,
        raster=Raster(duration_s=SHOWN_S, healthy=_between(*trains[0], start_s), changed=_between(*trains[1], start_s)),
    )


def _between(time_s: FloatArray, unit: IntArray, start_s: float) -> tuple[FloatArray, IntArray]:
    here = (time_s >= start_s) & (time_s < start_s + SHOWN_S)
    return time_s[here] - start_s, unit[here]


def _event_numbers(healthy: Simulation, changed: Simulation) -> Iterator[Compared]:
    counts = [{train.kind: len(train) for train in one.events if len(train)} for one in (healthy, changed)]
    for kind in EventKind:
        if kind not in _EXPECTED.values() and any(kind in count for count in counts):
            rates = [SECONDS_A_MINUTE * count.get(kind, 0) / healthy.recording.duration_s for count in counts]
            label = kind.value.replace("_", " ").capitalize()
            yield Compared(name=kind, label=label, unit=Unit.PER_MINUTE, healthy=rates[0], changed=rates[1])


def _start_s(simulation: Simulation) -> float:
    """Return where the stretch that is shown starts: at an event once all is under way, else in the middle."""
    whole_s = simulation.recording.duration_s
    starts = np.sort(np.concatenate([train.start_s for train in simulation.events] or [np.empty(0)]))
    later = starts[starts >= UNDER_WAY * whole_s]
    wanted = float(np.concatenate([later, starts, [whole_s / 2 + BEFORE_S]])[0]) - BEFORE_S
    return float(np.clip(wanted, 0.0, whole_s - SHOWN_S))


def _junction(healthy: Simulation, changed: Simulation) -> Link:
    junctions = [Junction.of(one.parameters) for one in (healthy, changed)]
    stimuli_s = np.arange(STIMULI) / STIMULUS_RATE_HZ
    shares = [PERCENT * expected_shares(stimuli_s, junction) for junction in junctions]
    numbers = (
        Compared(
            name="fifth_share",
            label="Muscle fibers that the fifth of ten pulses sets off",
            unit=Unit.PERCENT,
            healthy=float(shares[0][FIFTH]),
            changed=float(shares[1][FIFTH]),
        ),
        Compared(
            name="safety_factor",
            label="Safety factor",
            unit=Unit.ONE,
            healthy=junctions[0].safety_factor,
            changed=junctions[1].safety_factor,
        ),
        _of_parameter("junction_delay_spread", healthy, changed),
    )
    trace = Trace(
        label="Fibers set off",
        unit=Unit.PERCENT,
        x=np.arange(1.0, STIMULI + 1.0),
        x_label=f"pulse, {STIMULUS_RATE_HZ:g} a second",
        healthy=shares[0],
        changed=shares[1],
    )
    return Link(
        name=LinkName.JUNCTION,
        is_changed=junctions[0] != junctions[1] or numbers[-1].healthy != numbers[-1].changed,
        numbers=numbers,
        trace=trace,
    )


_OF_A_TWITCH = (
    ("Latent period", "latent_period_s", Unit.SECOND),
    ("Contraction time", "contraction_time_s", Unit.SECOND),
    ("Half-relaxation time", "half_relaxation_time_s", Unit.SECOND),
    ("Peak force", "peak_force_n", Unit.NEWTON),
)


def _twitch(healthy: Simulation, changed: Simulation) -> Link:
    twitches: tuple[Twitch, Twitch] = (healthy.twitch, changed.twitch)
    ends_s = [one.latent_period_s + one.contraction_time_s + 2 * one.half_relaxation_time_s for one in twitches]
    time_s = np.linspace(0.0, max(TWITCH_S, *ends_s), POINTS)
    return Link(
        name=LinkName.TWITCH,
        is_changed=twitches[0] != twitches[1],
        numbers=tuple(
            Compared(
                name=name.rpartition("_")[0],
                label=label,
                unit=unit,
                healthy=getattr(twitches[0], name),
                changed=getattr(twitches[1], name),
            )
            for label, name, unit in _OF_A_TWITCH
        ),
        trace=Trace(
            label="Force of one twitch",
            unit=Unit.NEWTON,
            x=time_s,
            x_label="after the discharge",
            healthy=twitches[0].force_n(time_s),
            changed=twitches[1].force_n(time_s),
        ),
    )


def _emg(healthy: Simulation, changed: Simulation) -> Link:
    name = healthy.recording.of_kind(ChannelKind.EMG)[0].name
    return _of_channel(LinkName.EMG, "Electromyogram", name, (healthy, changed))


def _limb(healthy: Simulation, changed: Simulation) -> Link:
    names = [name for name, kind, _ in MOTION_CHANNELS if kind is ChannelKind.ACCELERATION]
    largest = max(names, key=lambda name: float(np.std(changed.recording.read(name))))
    return _of_channel(LinkName.LIMB, "Acceleration of the limb", largest, (healthy, changed))


def _of_channel(link: LinkName, label: str, channel: str, pair: tuple[Simulation, Simulation]) -> Link:
    start_s, unit = _start_s(pair[1]), pair[0].recording.channel(channel).unit
    whole = [one.recording.read(channel) for one in pair]
    shown = [one.recording.read(channel, start_s, start_s + SHOWN_S) for one in pair]
    size = Compared(
        name=f"{link}_size",
        label=f"{label}, root mean square",
        unit=unit,
        healthy=float(np.std(whole[0])),
        changed=float(np.std(whole[1])),
    )
    trace = Trace(
        label=label,
        unit=unit,
        x=np.arange(shown[0].size) * SHOWN_S / shown[0].size,
        x_label="seconds",
        healthy=shown[0] - whole[0].mean(),
        changed=shown[1] - whole[1].mean(),
    )
    return Link(name=link, is_changed=not np.array_equal(whole[0], whole[1]), numbers=(size,), trace=trace)


_LINKS: tuple[Callable[[Simulation, Simulation], Link], ...] = (
    _environment,
    _axon,
    _discharges,
    _junction,
    _twitch,
    _emg,
    _limb,
)
