"""What the report says in plain words: levels of urgency, headings, and what the software is and is not.

The style is that of public health pages: short, kind and direct. Nothing here may say that a person has or has not got
a disease, and nothing may frighten.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from twitchwise.vocabulary import EventKind, Setting, Unit, Urgency
from twitchwise.vocabulary.text import say

TITLE = say("Your twitch check")
EMERGENCY_NUMBER = say("your local emergency number (999, 112 or 911)")
NOTICE = say(
    "twitchwise is research and education software. It is not a medical device. It has not been tested on patients. "
    "It cannot examine you, and it can be wrong. It does not take the place of a doctor. "
    "If you are worried, or if you get worse, get medical help, whatever this page says."
)


DRAFT = say("No doctor has checked the medical text behind this result yet.")


@dataclass(frozen=True, kw_only=True, slots=True)
class CareCard:
    """What a level of urgency asks of a person.

    ``label`` names the level, ``heading`` says what to do in one line, ``lead`` why in general, ``steps`` how.
    """

    label: str
    heading: str
    lead: str
    steps: tuple[str, ...]


_WORSE = say(
    "Call {emergency_number} at once if you suddenly get weak or numb, or have trouble breathing, speaking or "
    "swallowing.",
    emergency_number=EMERGENCY_NUMBER,
)

CARE_CARDS: Mapping[Urgency, CareCard] = MappingProxyType(
    {
        Urgency.EMERGENCY: CareCard(
            label=say("Emergency"),
            heading=say("Get emergency help now"),
            lead=say("Something in the answers can be a sign of a problem that needs treatment straight away."),
            steps=(
                say("Call {emergency_number} now.", emergency_number=EMERGENCY_NUMBER),
                say("Do not drive yourself. If you can, ask someone to stay with you."),
                say("Tell them what is listed below under \u201cWhy\u201d."),
                say("Bring your medicines, or a list of them, if they are at hand. Do not wait to look for them."),
            ),
        ),
        Urgency.SAME_DAY: CareCard(
            label=say("Urgent: today"),
            heading=say("Get medical help today"),
            lead=say("Something in the answers should be checked by a doctor before the day is over."),
            steps=(
                say("Call a doctor, an urgent care center or an out-of-hours service today."),
                say("If you cannot reach anyone today, go to an emergency department."),
                _WORSE,
            ),
        ),
        Urgency.SOON: CareCard(
            label=say("Soon"),
            heading=say("See a doctor soon"),
            lead=say("Something in the answers should be checked by a doctor without a long wait."),
            steps=(
                say("Ask for the next appointment you can get, and say why."),
                say("If it gets worse while you wait, call and ask to be seen earlier."),
                _WORSE,
            ),
        ),
        Urgency.ROUTINE: CareCard(
            label=say("Not urgent"),
            heading=say("Book an ordinary visit to a doctor"),
            lead=say(
                "Nothing in the answers points to a need for urgent help. A doctor can check it at an ordinary visit."
            ),
            steps=(
                say("Book an appointment when it suits you."),
                say("Book sooner if a muscle gets weak, thin or stiff, or if the twitching spreads or gets worse."),
                _WORSE,
            ),
        ),
        Urgency.SELF_CARE: CareCard(
            label=say("Self-care"),
            heading=say("You can look after this yourself for now"),
            lead=say("Most twitches are harmless, and no answer given here points to a need to see a doctor."),
            steps=(
                say("Try the advice further down this page."),
                say("See a doctor if it does not settle, if it spreads, or if you think that a medicine may cause it."),
                say("See a doctor if a muscle gets weak, thin or stiff."),
                _WORSE,
            ),
        ),
    }
)

LEVEL_WORDS: Mapping[Urgency, str] = MappingProxyType(
    {
        Urgency.EMERGENCY: say("emergency"),
        Urgency.SAME_DAY: say("urgent: today"),
        Urgency.SOON: say("soon"),
        Urgency.ROUTINE: say("not urgent"),
        Urgency.SELF_CARE: say("self-care"),
    }
)
"""The names of the levels within a sentence."""

TOO_LITTLE = CareCard(
    label=say("Cannot say"),
    heading=say("Not enough was answered to say how soon to get help"),
    lead=say("Too little was answered for any rule to apply. Please answer the questions about emergency signs first."),
    steps=(
        say("If you feel very unwell, or if you are worried, get medical help now."),
        _WORSE,
    ),
)

WHY_HARMLESS = (
    say("A twitch is a few muscle fibers that a nerve has set off by itself. It passes, and the muscle works on."),
    say("About 7 in 10 healthy people get them, and they are very rarely a sign of anything serious."),
    say("They often go with being tired or stressed, or with a lot of caffeine."),
    say("Most stop by themselves. Some people have them for years without harm."),
)
WHY_HARMLESS_SOURCES = ("nhs_twitching_2023", "bfs_prospective_2017", "mattiuzzi_2024")
"""Ids of the sources of the above: how common they are and what they go with, and how they are years later."""

CONTRIBUTORS_LEAD = say("These can add to a twitch, whatever else causes it. They do not rule out another cause.")
TOGETHER_LEAD = say("More than one cause can be there at once. Answers also point to:")

TELL_ALWAYS = (
    say("When it began, where it is, and whether it has changed."),
    say("All medicines, vitamins and drugs you take, and what changed before it began."),
    say("Any muscle that has become weak, thin, stiff or numb, even a little."),
    say("Nerve or muscle illness in your family."),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Headings:
    """The headings of a report, the same in the terminal and on the page."""

    why: str = say("Why")
    harmless: str = say("Why most twitches are harmless")
    signs: str = say("Please check these emergency signs")
    measured: str = say("What was measured")
    causes: str = say("What may cause it")
    contributors: str = say("What may add to it")
    would_change: str = say("What would call for help sooner")
    not_covered: str = say("Something not covered here")
    not_asked: str = say("Signs that were not asked about")
    tell: str = say("What to tell a doctor")
    muscle: str = say("What happens in the muscle")
    advice: str = say("What may help")
    read_more: str = say("Read more")
    doubts: str = say("Keep in mind")
    sources: str = say("Where this comes from")
    about: str = say("About this report")


HEADINGS = Headings()

CHECK_SIGNS = say("First check the emergency signs listed below. They were not all asked about.")
SIGNS_LEAD = say(
    "They were not asked about. If any of them is there now, call {emergency_number}.",
    emergency_number=EMERGENCY_NUMBER,
)
CAUSES_LEAD = say(
    "These are estimates from the answers and recordings given, not a diagnosis. "
    "The range shows how unsure each estimate is."
)
HELP_FIRST = say("Get help first. That a harmless cause is likely does not make this less urgent.")
MOSTLY_UNKNOWN = say("Most likely it is something that this program does not know.")
NO_RULE = say("None of the rules for seeking help applied to what was answered.")
NO_RECORDING = say("No recording was given, so nothing was measured.")
NOTHING_NOTED = say("Nothing was answered or measured.")
DIFFER_LEAD = say("Good sources do not say quite the same here. All are given, and the more careful one decides:")

MUSCLE_LEAD = say(
    "A twitch has three parts. First nothing moves: the latent period. Then the muscle pulls: the contraction. "
    "Then it lets go: the relaxation."
)

LIKELY_WORDS: tuple[tuple[float, str], ...] = (
    (0.5, say("likely")),
    (0.1, say("possible")),
    (0.01, say("less likely")),
    (0.001, say("unlikely")),
    (0.0, say("very unlikely")),
)
"""Least probability for each word: a choice of wording, which decides nothing."""

COMPARED: Mapping[Setting, str] = MappingProxyType(
    {
        Setting.COMMUNITY: say("Compared with people who have not seen a doctor about it."),
        Setting.PRIMARY_CARE: say("Compared with people who see a family doctor about it."),
        Setting.NEUROLOGY_CLINIC: say("Compared with people who are sent to a nerve specialist about it."),
        Setting.GENETICS_CLINIC: say("Compared with people whose doctors look for an inherited illness."),
    }
)
"""With whom a person is compared."""

SETTINGS: Mapping[Setting, str] = MappingProxyType(
    {
        Setting.COMMUNITY: say("people who have not seen a doctor about it"),
        Setting.PRIMARY_CARE: say("people who see a family doctor about it"),
        Setting.NEUROLOGY_CLINIC: say("people who are sent to a nerve specialist about it"),
        Setting.GENETICS_CLINIC: say("people whose doctors look for an inherited illness"),
    }
)

UNIT_WORDS: Mapping[Unit, str] = MappingProxyType(
    {
        Unit.ONE: "",
        Unit.COUNT: "",
        Unit.PER_MINUTE: say("per minute"),
        Unit.PER_HOUR: say("per hour"),
        Unit.PIXEL: say("pixels"),
        Unit.PIXEL_PER_SECOND: say("pixels/s"),
        Unit.HOUR: say("hours"),
        Unit.DAY: say("days"),
        Unit.YEAR: say("years"),
        Unit.METER_PER_SECOND_SQUARED: say("m/s²"),
        Unit.DEGREE_CELSIUS: "°C",
        Unit.UNKNOWN: say("(unit unknown)"),
    }
)
"""How a unit is written for a reader, where that differs from the unit itself."""

MEASUREMENT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "fasciculation_rate": say("How often the muscle fires on its own (fasciculation potentials)"),
        "fasciculation_count": say("How many times the muscle fired on its own"),
        "fasciculation_amplitude": say("Size of the fasciculation potentials"),
        "fasciculation_amplitude_spread": say("How much the size of the potentials varies"),
        "fasciculation_duration": say("How long a potential lasts"),
        "fasciculation_phases": say("Phases of a potential"),
        "fasciculation_turns": say("Turns of a potential"),
        "polyphasic_share": say("Share of potentials with more phases than usual"),
        "fasciculation_instability": say("How much the shape of a unit changes from one potential to the next"),
        "active_units": say("Motor units that fired on their own"),
        "extrapolated_units": say("Motor units that a longer recording might show"),
        "fasciculation_interval": say("Time from one fasciculation to the next"),
        "fasciculation_interval_variation": say("How irregular these times are"),
        "fasciculation_rate_drift": say("Change of the rate over the recording"),
        "fasciculation_clustering": say("Clustering of fasciculations"),
        "isolated_share": say("Share of discharges that came alone (more than 250 ms from the next)"),
        "isolated_units_share": say("Share of 10-second windows with two or more such units"),
        "doublet_share": say("Share of doublets"),
        "multiplet_share": say("Share of multiplets"),
        "late_echo_share": say("Share with a late echo from the spinal cord"),
        "late_echo_latency": say("Time to the late echo"),
        "time_locked_share": say("Share of fasciculations that two units make together"),
        "time_locked_pairs": say("Pairs of units that fire together"),
        "rest_share": say("Share of the recording at rest"),
        "rest_noise_rms": say("Noise at rest"),
    }
)
"""How a measured quantity is called, by its id; any other goes by the plain words of its finding."""

EVENT_WORDS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.FASCICULATION_POTENTIAL: say("fasciculation potentials"),
        EventKind.TREMOR_BURST: say("bursts of a tremor"),
        EventKind.TWITCH: say("twitches"),
        EventKind.MYOKYMIC_DISCHARGE: say("myokymic discharges"),
        EventKind.NEUROMYOTONIC_DISCHARGE: say("neuromyotonic discharges"),
        EventKind.CRAMP_DISCHARGE: say("cramp discharges"),
        EventKind.MYOTONIC_DISCHARGE: say("myotonic discharges"),
        EventKind.FIBRILLATION_POTENTIAL: say("fibrillation potentials"),
        EventKind.SPASM: say("spasms"),
        EventKind.JERK: say("jerks"),
        EventKind.CLONUS_BEAT: say("beats of clonus"),
        EventKind.REFLEX: say("reflexes"),
        EventKind.CONTRACTION: say("contractions"),
        EventKind.TENDON_TAP: say("taps on the tendon"),
        EventKind.STRETCH: say("stretches"),
        EventKind.NERVE_STIMULUS: say("stimuli to the nerve"),
        EventKind.MOTOR_UNIT_DISCHARGE: say("discharges of motor units"),
        EventKind.POSITIVE_SHARP_WAVE: say("positive sharp waves"),
        EventKind.COMPLEX_REPETITIVE_DISCHARGE: say("complex repetitive discharges"),
        EventKind.CONTINUOUS_UNIT_DISCHARGE: say("stretches of one unit that does not stop"),
        EventKind.M_WAVE: say("answers to a stimulus"),
        EventKind.VISIBLE_TWITCH: say("visible twitches"),
        EventKind.TREMOR: say("stretches of tremor"),
        EventKind.CLONUS: say("bouts of clonus"),
        EventKind.FALL: say("falls"),
        EventKind.HYPNIC_JERK: say("jerks on falling asleep"),
        EventKind.LEG_MOVEMENT: say("leg movements"),
        EventKind.PERIODIC_LEG_MOVEMENT: say("periodic leg movements"),
        EventKind.FRAGMENTARY_MYOCLONUS: say("bursts of fragmentary myoclonus"),
    }
)


def care_card(level: Urgency, *, enough: bool, signs_to_check: bool) -> CareCard:
    """Return what a level asks of a person; nobody is told that all is well on too few answers.

    Parameters
    ----------
    level
        How soon to seek help.
    enough
        Whether enough was answered to stand behind the lowest level.
    signs_to_check
        Whether the report lists emergency signs that were not asked about.
    """
    card = CARE_CARDS[level] if enough or level is not Urgency.SELF_CARE else TOO_LITTLE
    if not signs_to_check:
        return card
    return dataclasses.replace(card, steps=(CHECK_SIGNS, *card.steps))


def likely_word(probability: float) -> str:
    """Return the word for a probability.

    Examples
    --------
    >>> likely_word(0.6), likely_word(0.02), likely_word(1e-5)
    ('likely', 'less likely', 'very unlikely')
    """
    return next(word for least, word in LIKELY_WORDS if probability >= least)
