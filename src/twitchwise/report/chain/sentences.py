"""One plain sentence for each link of the chain: what changes there and by how much, or that nothing does."""

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from twitchwise.report.display import number, quantity, with_unit
from twitchwise.simulate.links import Compared, Link, LinkName
from twitchwise.vocabulary import EventKind, Unit
from twitchwise.vocabulary.text import say, say_in, together

TOLD = 2  # changes told in a sentence: more are hard to read, and the figure has the rest
LEAST_TOLD = {
    LinkName.EMG: 0.05,
    LinkName.LIMB: 0.05,
}  # smaller changes of a trace come from when events fall by chance

PLACES: Mapping[LinkName, str] = MappingProxyType(
    {
        LinkName.ENVIRONMENT: say("Blood and warmth"),
        LinkName.AXON: say("Nerve fiber"),
        LinkName.DISCHARGES: say("Signals of the nerve"),
        LinkName.JUNCTION: say("From nerve to muscle"),
        LinkName.TWITCH: say("One twitch"),
        LinkName.EMG: say("On the skin (EMG)"),
        LinkName.LIMB: say("Limb"),
    }
)
"""What a link is called."""

THINGS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "ionized_calcium": (say("calcium"), False),
        "ionized_magnesium": (say("magnesium"), False),
        "plasma_potassium": (say("potassium"), False),
        "plasma_sodium": (say("sodium"), False),
        "blood_ph": (say("the pH of the blood"), False),
        "muscle_temperature": (say("the warmth of the muscle"), False),
        "nerve_temperature": (say("the warmth of the nerve"), False),
        "caffeine_concentration": (say("caffeine"), False),
        "thyroid_hormone_scale": (say("the effect of thyroid hormone"), False),
        "cortisol_scale": (say("the effect of cortisol"), False),
        "blocked_share": (say("the share of blocked fibers"), False),
        # Translators: "it" and "its" are of the nerve fiber
        "node_threshold": (say("the current that sets it off"), False),
        "ectopic_rate": (say("signals by chance at one spot"), True),
        # Translators: of the nerve fiber
        "conduction_velocity": (say("its speed"), False),
        # Translators: of the nerve fiber
        "resting_potential": (say("its voltage at rest"), False),
        # Translators: of the nerve fiber
        "time_constant": (say("its time constant"), False),
        "motor_units": (say("motor units left"), True),
        "fasciculation_rate_per_min": (say("single twitches"), True),
        "cramp_rate_per_min": (say("cramps"), True),
        "myotonic_run_rate_per_min": (say("runs of single muscle fibers"), True),
        "fibrillating_fibers": (say("single muscle fibers that fire on their own"), True),
        "spasm_rate_per_min": (say("spasms"), True),
        "volley_rate_per_min": (say("jerks"), True),
        "discharge_rate": (say("all signals"), True),
        EventKind.FASCICULATION_POTENTIAL: (say("single twitches"), True),
        EventKind.TREMOR_BURST: (say("bursts of tremor"), True),
        EventKind.MYOKYMIC_DISCHARGE: (say("groups of signals (myokymia)"), True),
        EventKind.NEUROMYOTONIC_DISCHARGE: (say("fast runs of signals"), True),
        EventKind.CRAMP_DISCHARGE: (say("cramps"), True),
        EventKind.MYOTONIC_DISCHARGE: (say("runs of single muscle fibers"), True),
        EventKind.FIBRILLATION_POTENTIAL: (say("signals of single muscle fibers"), True),
        EventKind.SPASM: (say("spasms"), True),
        EventKind.JERK: (say("jerks"), True),
        EventKind.CLONUS_BEAT: (say("beats of clonus"), True),
        EventKind.REFLEX: (say("reflexes"), True),
        EventKind.TENDON_TAP: (say("taps"), True),
        EventKind.STRETCH: (say("stretches"), True),
        EventKind.NERVE_STIMULUS: (say("pulses to the nerve"), True),
        "fifth_share": (say("the share of fibers that answer the fifth pulse"), False),
        "safety_factor": (say("the safety margin"), False),
        "junction_delay_spread": (say("the jitter"), False),
        "latent_period": (say("the wait (latent period)"), False),
        "contraction_time": (say("the rise (contraction time)"), False),
        "half_relaxation_time": (say("letting go (half-relaxation time)"), False),
        "peak_force": (say("the peak force"), False),
        "emg_size": (say("the mean size"), False),
        "limb_size": (say("the mean shake"), False),
    }
)
"""What a number is about, in plain words, and whether it is several things."""

_COUNTED = {Unit.PER_MINUTE, Unit.HERTZ, Unit.COUNT, Unit.MOLE_PER_LITER}
_HARDLY = {Unit.PER_MINUTE: 1e-3, Unit.HERTZ: 1e-3}  # less than one in sixteen hours, or minutes

_FINER: Mapping[Unit, tuple[float, str]] = MappingProxyType(
    {Unit.MOLE_PER_LITER: (1e-3, "mmol/L"), Unit.AMPERE: (1e-9, "nA"), Unit.HERTZ: (1.0, say("per second"))}
)
"""Units in which these numbers read best, which differ from those of other reports."""

# whether it is several things, and whether it is more of them
_MORE: Mapping[tuple[bool, bool], str] = MappingProxyType(
    {
        (False, False): say("{thing} goes down from {before} to {after}"),
        (False, True): say("{thing} goes up from {before} to {after}"),
        (True, False): say("{thing} go down from {before} to {after}"),
        (True, True): say("{thing} go up from {before} to {after}"),
    }
)
_LONGER: Mapping[tuple[bool, bool], str] = MappingProxyType(
    {
        (False, False): say("{thing} gets shorter, from {before} to {after}"),
        (False, True): say("{thing} gets longer, from {before} to {after}"),
        (True, False): say("{thing} get shorter, from {before} to {after}"),
        (True, True): say("{thing} get longer, from {before} to {after}"),
    }
)

NOT_MEASURED = say("Computed with a model; it was not measured on you.")
NOTHING = say("the model changes nothing here.")
NOT_YET = say("nothing was seen in the time computed.")
TOO_LITTLE = say("there is a change, but too small to tell in numbers.")


def in_words(value: float | None, unit: Unit) -> str:
    """Return a value with its unit; none for zero of what is counted, and for what is not there.

    Examples
    --------
    >>> in_words(0.0008, Unit.MOLE_PER_LITER), in_words(0.0, Unit.PER_MINUTE), in_words(0.09, Unit.SECOND)
    ('0.8 mmol/L', 'none', '90 ms')
    """
    if value is None or (value == 0 and unit in _COUNTED):
        return say_in("an amount", "none")
    if abs(value) < _HARDLY.get(unit, 0.0):
        return say_in("an amount", "hardly any")
    if unit in _FINER:
        scale, name = _FINER[unit]
        return with_unit(number(value / scale), name)
    return quantity(value, unit)


def differs(one: Compared) -> bool:
    """Tell whether two numbers are still different as they are told, in three digits."""
    return in_words(one.healthy, one.unit) != in_words(one.changed, one.unit)


def direction(one: Compared) -> str:
    """Return ``up``, ``down`` or ``same``; a number that is not there counts as zero."""
    if not differs(one):
        return say_in("beside health", "same")
    if (one.changed or 0.0) > (one.healthy or 0.0):
        return say_in("beside health", "up")
    return say_in("beside health", "down")


def sentences_of(links: Sequence[Link]) -> tuple[str, ...]:
    """Return a sentence for each link; what is recorded of a rare change is said to be awaited, not to be the same."""
    is_awaited = any(link.is_changed for link in links if link.name is LinkName.DISCHARGES)
    return tuple(
        _at(PLACES[link.name], NOT_YET) if is_awaited and _is_silent(link) else sentence_of(link) for link in links
    )


def _is_silent(link: Link) -> bool:
    return link.name in {LinkName.EMG, LinkName.LIMB} and not link.is_changed


def sentence_of(link: Link) -> str:
    """Return what a condition changes at a link, with the numbers that change most."""
    place = PLACES[link.name]
    if not link.is_changed:
        return _at(place, NOTHING)
    told = list(map(_change, _most_changed(link)))
    return _at(place, say("{changes}.", changes=together(told, "; ")) if told else TOO_LITTLE)


def _at(place: str, said: str) -> str:
    return say("{place}: {said}", place=place, said=said)


def word_of(link: Link) -> str:
    """Return whether a link is changed, in a word for its title."""
    if not link.is_changed:
        return say_in("beside health", "same")
    return say("CHANGED") if any(_most_changed(link)) else say("nearly the same")


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
    thing, several = THINGS.get(one.name, (one.label, False))
    before, after = in_words(one.healthy, one.unit), in_words(one.changed, one.unit)
    how = _LONGER if one.unit is Unit.SECOND else _MORE
    return say(how[several, direction(one) == "up"], thing=thing, before=before, after=after)
