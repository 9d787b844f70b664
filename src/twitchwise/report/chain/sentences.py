"""One plain sentence for each link of the chain: what changes there and by how much, or that nothing does."""

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from twitchwise.report.display import number, quantity
from twitchwise.simulate.links import Compared, Link, LinkName
from twitchwise.vocabulary import EventKind, Unit

TOLD = 2  # changes told in a sentence: more are hard to read, and the figure has the rest
LEAST_TOLD = {
    LinkName.EMG: 0.05,
    LinkName.LIMB: 0.05,
}  # smaller changes of a trace come from when events fall by chance

PLACES: Mapping[LinkName, str] = MappingProxyType(
    {
        LinkName.ENVIRONMENT: "Blood and warmth",
        LinkName.AXON: "Nerve fiber",
        LinkName.DISCHARGES: "Signals of the nerve",
        LinkName.JUNCTION: "From nerve to muscle",
        LinkName.TWITCH: "One twitch",
        LinkName.EMG: "On the skin (EMG)",
        LinkName.LIMB: "Limb",
    }
)
"""What a link is called."""

THINGS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "ionized_calcium": ("calcium", False),
        "ionized_magnesium": ("magnesium", False),
        "plasma_potassium": ("potassium", False),
        "plasma_sodium": ("sodium", False),
        "blood_ph": ("the pH of the blood", False),
        "muscle_temperature": ("the warmth of the muscle", False),
        "nerve_temperature": ("the warmth of the nerve", False),
        "caffeine_concentration": ("caffeine", False),
        "thyroid_hormone_scale": ("the effect of thyroid hormone", False),
        "cortisol_scale": ("the effect of cortisol", False),
        "blocked_share": ("the share of blocked fibers", False),
        "node_threshold": ("the current that sets it off", False),
        "ectopic_rate": ("signals by chance at one spot", True),
        "conduction_velocity": ("its speed", False),
        "resting_potential": ("its voltage at rest", False),
        "time_constant": ("its time constant", False),
        "motor_units": ("motor units left", True),
        "fasciculation_rate_per_min": ("single twitches", True),
        "cramp_rate_per_min": ("cramps", True),
        "myotonic_run_rate_per_min": ("runs of single muscle fibers", True),
        "fibrillating_fibers": ("single muscle fibers that fire on their own", True),
        "spasm_rate_per_min": ("spasms", True),
        "volley_rate_per_min": ("jerks", True),
        "discharge_rate": ("all signals", True),
        EventKind.FASCICULATION_POTENTIAL: ("single twitches", True),
        EventKind.TREMOR_BURST: ("bursts of tremor", True),
        EventKind.MYOKYMIC_DISCHARGE: ("groups of signals (myokymia)", True),
        EventKind.NEUROMYOTONIC_DISCHARGE: ("fast runs of signals", True),
        EventKind.CRAMP_DISCHARGE: ("cramps", True),
        EventKind.MYOTONIC_DISCHARGE: ("runs of single muscle fibers", True),
        EventKind.FIBRILLATION_POTENTIAL: ("signals of single muscle fibers", True),
        EventKind.SPASM: ("spasms", True),
        EventKind.JERK: ("jerks", True),
        EventKind.CLONUS_BEAT: ("beats of clonus", True),
        EventKind.REFLEX: ("reflexes", True),
        EventKind.TENDON_TAP: ("taps", True),
        EventKind.STRETCH: ("stretches", True),
        EventKind.NERVE_STIMULUS: ("pulses to the nerve", True),
        "fifth_share": ("the share of fibers that answer the fifth pulse", False),
        "safety_factor": ("the safety margin", False),
        "junction_delay_spread": ("the jitter", False),
        "latent_period": ("the wait (latent period)", False),
        "contraction_time": ("the rise (contraction time)", False),
        "half_relaxation_time": ("letting go (half-relaxation time)", False),
        "peak_force": ("the peak force", False),
        "emg_size": ("the mean size", False),
        "limb_size": ("the mean shake", False),
    }
)
"""What a number is about, in plain words, and whether it is several things."""

_COUNTED = {Unit.PER_MINUTE, Unit.HERTZ, Unit.COUNT, Unit.MOLE_PER_LITER}
_HARDLY = {Unit.PER_MINUTE: 1e-3, Unit.HERTZ: 1e-3}  # less than one in sixteen hours, or minutes

_FINER: Mapping[Unit, tuple[float, str]] = MappingProxyType(
    {Unit.MOLE_PER_LITER: (1e-3, "mmol/L"), Unit.AMPERE: (1e-9, "nA"), Unit.HERTZ: (1.0, "per second")}
)
"""Units in which these numbers read best, which differ from those of other reports."""

NOTHING = "the model changes nothing here."
NOT_YET = "nothing was seen in the time computed."
TOO_LITTLE = "there is a change, but too small to tell in numbers."


def in_words(value: float | None, unit: Unit) -> str:
    """Return a value with its unit; none for zero of what is counted, and for what is not there.

    Examples
    --------
    >>> in_words(0.0008, Unit.MOLE_PER_LITER), in_words(0.0, Unit.PER_MINUTE), in_words(0.09, Unit.SECOND)
    ('0.8 mmol/L', 'none', '90 ms')
    """
    if value is None or (value == 0 and unit in _COUNTED):
        return "none"
    if abs(value) < _HARDLY.get(unit, 0.0):
        return "hardly any"
    if unit in _FINER:
        scale, name = _FINER[unit]
        return f"{number(value / scale)} {name}"
    return quantity(value, unit)


def differs(one: Compared) -> bool:
    """Tell whether two numbers are still different as they are told, in three digits."""
    return in_words(one.healthy, one.unit) != in_words(one.changed, one.unit)


def direction(one: Compared) -> str:
    """Return ``up``, ``down`` or ``same``; a number that is not there counts as zero."""
    if not differs(one):
        return "same"
    return "up" if (one.changed or 0.0) > (one.healthy or 0.0) else "down"


def sentences_of(links: Sequence[Link]) -> tuple[str, ...]:
    """Return a sentence for each link; what is recorded of a rare change is said to be awaited, not to be the same."""
    is_awaited = any(link.is_changed for link in links if link.name is LinkName.DISCHARGES)
    return tuple(
        f"{PLACES[link.name]}: {NOT_YET}" if is_awaited and _is_silent(link) else sentence_of(link) for link in links
    )


def _is_silent(link: Link) -> bool:
    return link.name in {LinkName.EMG, LinkName.LIMB} and not link.is_changed


def sentence_of(link: Link) -> str:
    """Return what a condition changes at a link, with the numbers that change most."""
    place = PLACES[link.name]
    if not link.is_changed:
        return f"{place}: {NOTHING}"
    told = "; ".join(map(_change, _most_changed(link)))
    return f"{place}: {told}." if told else f"{place}: {TOO_LITTLE}"


def word_of(link: Link) -> str:
    """Return whether a link is changed, in a word for its title."""
    if not link.is_changed:
        return "same"
    return "CHANGED" if any(_most_changed(link)) else "nearly the same"


def _most_changed(link: Link) -> Iterator[Compared]:
    """Give the numbers that change most, in the order in which they stand; a sum only where there is nothing else."""
    least = math.log1p(LEAST_TOLD.get(link.name, 0.0))
    changed = [one for one in link.numbers if differs(one) and _size_of_change(one) >= least]
    parts = [one for one in changed if one.name != "discharge_rate"] or changed
    chosen = sorted(parts, key=_size_of_change, reverse=True)[:TOLD]
    return (one for one in parts if one in chosen)


def _size_of_change(one: Compared) -> float:
    if not one.healthy or not one.changed:
        return math.inf
    return abs(math.log(abs(one.changed / one.healthy)))


def _change(one: Compared) -> str:
    thing, several = THINGS.get(one.name, (one.label.lower(), False))
    before, after = in_words(one.healthy, one.unit), in_words(one.changed, one.unit)
    way = direction(one)
    if one.unit is Unit.SECOND:
        verb, way = ("get" if several else "gets"), "longer," if way == "up" else "shorter,"
    else:
        verb = "go" if several else "goes"
    return f"{thing} {verb} {way} from {before} to {after}"
