"""What a condition changes along the chain, link by link beside health: numbers, curves, and who fires when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from twitchwise.knowledge import library
from twitchwise.signals import EventTrain
from twitchwise.simulate.axon.table import Excitability
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.environment import Environment
from twitchwise.simulate.junction import Junction, expected_shares
from twitchwise.simulate.mechanics import MOTION_CHANNELS
from twitchwise.simulate.simulation import Apparatus, Simulation, simulate_condition
from twitchwise.vocabulary import ChannelKind, EventKind, Unit
from twitchwise.vocabulary.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from twitchwise.simulate.twitches.four_numbers import Twitch

SHOWN_S = 2.0  # of discharges, EMG and motion: several cycles of any tremor or clonus
LONGEST_S = 20.0  # simulated for it: a fasciculation or a spasm comes within it in most conditions
BEFORE_S = 0.2  # shown before an event
STIMULI, STIMULUS_RATE_HZ = 10, 3.0  # of repetitive nerve stimulation as it is usually done
TWITCH_S = 0.5  # shown of a twitch
POINTS = 400  # of a curve: finer than a screen shows


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
    """One number in health and under the condition; ``None`` where there is no such number."""

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
    """Who fires when, in seconds of the stretch shown, in health and under the condition."""

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
    changed = _simulated(setting, seed)
    healthy = _simulated(setting.in_health(), seed)
    links = tuple(make(healthy, changed) for make in _LINKS)
    return Chain(setting=setting, links=links, healthy=healthy, changed=changed)


def _simulated(setting: Setting, seed: int) -> Simulation:
    return simulate_condition(setting, duration_s=LONGEST_S, seed=seed, apparatus=Apparatus())


def _environment(healthy: Simulation, changed: Simulation) -> Link:
    names = [name for name in Environment.__slots__ if healthy.parameters[name] != changed.parameters[name]]
    known = library().parameters
    numbers = tuple(
        Compared(
            label=known[name].label,
            unit=known[name].unit,
            healthy=healthy.parameters[name],
            changed=changed.parameters[name],
        )
        for name in names
    )
    return Link(name=LinkName.ENVIRONMENT, is_changed=bool(numbers), numbers=numbers)


_OF_AN_AXON: tuple[tuple[str, Unit, Callable[[Excitability], float | None]], ...] = (
    ("Resting potential", Unit.VOLT, lambda axon: axon.resting_potential_v),
    ("Threshold current at a node", Unit.AMPERE, lambda axon: axon.node_threshold_a),
    ("Strength-duration time constant", Unit.SECOND, lambda axon: axon.strength_duration_time_constant_s),
    ("Conduction velocity", Unit.METER_PER_SECOND, lambda axon: axon.conduction_velocity_mps),
    ("Discharges by chance, at one site", Unit.HERTZ, lambda axon: axon.ectopic_rate_hz),
)


def _axon(healthy: Simulation, changed: Simulation) -> Link:
    axons = (healthy.prepared.axon, changed.prepared.axon)
    numbers = tuple(
        Compared(label=label, unit=unit, healthy=of(axons[0]), changed=of(axons[1])) for label, unit, of in _OF_AN_AXON
    )
    return Link(name=LinkName.AXON, is_changed=axons[0] != axons[1], numbers=numbers)


def _discharges(healthy: Simulation, changed: Simulation) -> Link:
    start_s = _start_s(changed)
    tables = [(one.discharges.time_s, one.discharges.motor_unit, one.discharges.pool) for one in (healthy, changed)]
    shown = []
    for time_s, unit, pool in tables:
        here = (pool == 0) & (time_s >= start_s) & (time_s < start_s + SHOWN_S)
        shown.append((time_s[here] - start_s, unit[here]))
    rates = [len(one.discharges) / one.recording.duration_s for one in (healthy, changed)]
    number = Compared(
        label="Discharges of all motor units together", unit=Unit.HERTZ, healthy=rates[0], changed=rates[1]
    )
    events = tuple(_event_numbers(healthy.events, changed.events, healthy.recording.duration_s))
    differs = [not np.array_equal(tables[0][column], tables[1][column]) for column in range(3)]
    return Link(
        name=LinkName.DISCHARGES,
        is_changed=any(differs),
        numbers=(number, *events),
        raster=Raster(duration_s=SHOWN_S, healthy=shown[0], changed=shown[1]),
    )


def _event_numbers(
    healthy: tuple[EventTrain, ...], changed: tuple[EventTrain, ...], duration_s: float
) -> Iterator[Compared]:
    counts = [{train.kind: len(train) for train in trains} for trains in (healthy, changed)]
    for kind in EventKind:
        if any(kind in count for count in counts):
            rates = [60.0 * count.get(kind, 0) / duration_s for count in counts]
            yield Compared(label=kind.value, unit=Unit.PER_MINUTE, healthy=rates[0], changed=rates[1])


def _start_s(simulation: Simulation) -> float:
    """Return where the stretch that is shown starts: at the first event, else in the middle."""
    starts = [float(train.start_s[0]) for train in simulation.events if len(train)]
    wanted = min(starts) - BEFORE_S if starts else simulation.recording.duration_s / 2
    return float(np.clip(wanted, 0.0, simulation.recording.duration_s - SHOWN_S))


def _junction(healthy: Simulation, changed: Simulation) -> Link:
    junctions = [Junction.of(one.parameters) for one in (healthy, changed)]
    stimuli_s = np.arange(STIMULI) / STIMULUS_RATE_HZ
    shares = [expected_shares(stimuli_s, junction) for junction in junctions]
    numbers = (
        Compared(
            label="Safety factor", unit=Unit.ONE, healthy=junctions[0].safety_factor, changed=junctions[1].safety_factor
        ),
        Compared(
            label="Share of fibers that the fifth of ten stimuli at 3 Hz sets off",
            unit=Unit.ONE,
            healthy=float(shares[0][4]),
            changed=float(shares[1][4]),
        ),
    )
    trace = Trace(
        label="Share of fibers set off by each stimulus",
        unit=Unit.ONE,
        x=np.arange(1.0, STIMULI + 1.0),
        x_label="stimulus",
        healthy=shares[0],
        changed=shares[1],
    )
    return Link(name=LinkName.JUNCTION, is_changed=junctions[0] != junctions[1], numbers=numbers, trace=trace)


_OF_A_TWITCH = (
    ("Latent period", "latent_period_s", Unit.SECOND),
    ("Contraction time", "contraction_time_s", Unit.SECOND),
    ("Half-relaxation time", "half_relaxation_time_s", Unit.SECOND),
    ("Peak force", "peak_force_n", Unit.NEWTON),
)


def _twitch(healthy: Simulation, changed: Simulation) -> Link:
    twitches: tuple[Twitch, Twitch] = (healthy.twitch, changed.twitch)
    time_s = np.linspace(0.0, TWITCH_S, POINTS)
    return Link(
        name=LinkName.TWITCH,
        is_changed=twitches[0] != twitches[1],
        numbers=tuple(
            Compared(label=label, unit=unit, healthy=getattr(twitches[0], name), changed=getattr(twitches[1], name))
            for label, name, unit in _OF_A_TWITCH
        ),
        trace=Trace(
            label="Force of one twitch",
            unit=Unit.NEWTON,
            x=time_s,
            x_label="seconds after the discharge",
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
    strength = Compared(
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
    return Link(name=link, is_changed=not np.array_equal(whole[0], whole[1]), numbers=(strength,), trace=trace)


_LINKS: tuple[Callable[[Simulation, Simulation], Link], ...] = (
    _environment,
    _axon,
    _discharges,
    _junction,
    _twitch,
    _emg,
    _limb,
)
