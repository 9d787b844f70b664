"""What the report says in plain words: levels of urgency, headings, and what the software is and is not.

The style is that of public health pages: short, kind and direct. Nothing here may say that a person has or has not got
a disease, and nothing may frighten.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from twitchwise.vocabulary import ChannelKind, EventKind, Setting, Unit, Urgency

TITLE = "Your twitch check"
EMERGENCY_NUMBER = "your local emergency number (999, 112 or 911)"
NOTICE = (
    "twitchwise is research and education software. It is not a medical device. It has not been tested on patients. "
    "It cannot examine you, and it can be wrong. It does not take the place of a doctor. "
    "If you are worried, or if you get worse, get medical help, whatever this page says."
)


DRAFT = "No doctor has checked the medical text behind this result yet."


@dataclass(frozen=True, kw_only=True, slots=True)
class CareCard:
    """What a level of urgency asks of a person.

    ``label`` names the level, ``heading`` says what to do in one line, ``lead`` why in general, ``steps`` how.
    """

    label: str
    heading: str
    lead: str
    steps: tuple[str, ...]


_WORSE = (
    f"Call {EMERGENCY_NUMBER} at once if you suddenly get weak or numb, or have trouble breathing, speaking or "
    "swallowing."
)

CARE_CARDS: Mapping[Urgency, CareCard] = MappingProxyType(
    {
        Urgency.EMERGENCY: CareCard(
            label="Emergency",
            heading="Get emergency help now",
            lead="Something in the answers can be a sign of a problem that needs treatment straight away.",
            steps=(
                f"Call {EMERGENCY_NUMBER} now.",
                "Do not drive yourself. If you can, ask someone to stay with you.",
                "Tell them what is listed below under \u201cWhy\u201d.",
                "Bring your medicines, or a list of them, if they are at hand. Do not wait to look for them.",
            ),
        ),
        Urgency.SAME_DAY: CareCard(
            label="Urgent: today",
            heading="Get medical help today",
            lead="Something in the answers should be checked by a doctor before the day is over.",
            steps=(
                "Call a doctor, an urgent care center or an out-of-hours service today.",
                "If you cannot reach anyone today, go to an emergency department.",
                _WORSE,
            ),
        ),
        Urgency.SOON: CareCard(
            label="Soon",
            heading="See a doctor soon",
            lead="Something in the answers should be checked by a doctor without a long wait.",
            steps=(
                "Ask for the next appointment you can get, and say why.",
                "If it gets worse while you wait, call and ask to be seen earlier.",
                _WORSE,
            ),
        ),
        Urgency.ROUTINE: CareCard(
            label="Not urgent",
            heading="Book an ordinary visit to a doctor",
            lead="Nothing in the answers points to a need for urgent help. A doctor can check it at an ordinary visit.",
            steps=(
                "Book an appointment when it suits you.",
                "Book sooner if a muscle gets weak, thin or stiff, or if the twitching spreads or gets worse.",
                _WORSE,
            ),
        ),
        Urgency.SELF_CARE: CareCard(
            label="Self-care",
            heading="You can look after this yourself for now",
            lead="Most twitches are harmless, and no answer given here points to a need to see a doctor.",
            steps=(
                "Try the advice further down this page.",
                "See a doctor if it does not settle, if it spreads, or if you think that a medicine may cause it.",
                "See a doctor if a muscle gets weak, thin or stiff.",
                _WORSE,
            ),
        ),
    }
)

TOO_LITTLE = CareCard(
    label="Cannot say",
    heading="Not enough was answered to say how soon to get help",
    lead="Too little was answered for any rule to apply. Please answer the questions about emergency signs first.",
    steps=(
        "If you feel very unwell, or if you are worried, get medical help now.",
        _WORSE,
    ),
)

WHY_HARMLESS = (
    "A twitch is a few muscle fibers that a nerve has set off by itself. It passes, and the muscle works on.",
    "About 7 in 10 healthy people get them, and they are very rarely a sign of anything serious.",
    "They often go with being tired or stressed, or with a lot of caffeine.",
    "Most stop by themselves. Some people have them for years without harm.",
)
WHY_HARMLESS_SOURCES = ("nhs_twitching_2023", "bfs_prospective_2017", "mattiuzzi_2024")
"""Ids of the sources of the above: how common they are and what they go with, and how they are years later."""

CONTRIBUTORS_LEAD = "These can add to a twitch, whatever else causes it. They do not rule out another cause."
TOGETHER_LEAD = "More than one cause can be there at once. Answers also point to:"

TELL_ALWAYS = (
    "When it began, where it is, and whether it has changed.",
    "All medicines, vitamins and drugs you take, and what changed before it began.",
    "Any muscle that has become weak, thin, stiff or numb, even a little.",
    "Nerve or muscle illness in your family.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Headings:
    """The headings of a report, the same in the terminal and on the page."""

    why: str = "Why"
    harmless: str = "Why most twitches are harmless"
    signs: str = "Please check these emergency signs"
    measured: str = "What was measured"
    causes: str = "What may cause it"
    contributors: str = "What may add to it"
    would_change: str = "What would call for help sooner"
    not_covered: str = "Something not covered here"
    not_asked: str = "Signs that were not asked about"
    tell: str = "What to tell a doctor"
    muscle: str = "What happens in the muscle"
    advice: str = "What may help"
    read_more: str = "Read more"
    doubts: str = "Keep in mind"
    sources: str = "Where this comes from"
    about: str = "About this report"


HEADINGS = Headings()

CHECK_SIGNS = "First check the emergency signs listed below. They were not all asked about."
SIGNS_LEAD = f"They were not asked about. If any of them is there now, call {EMERGENCY_NUMBER}."
CAUSES_LEAD = (
    "These are estimates from the answers and recordings given, not a diagnosis. "
    "The range shows how unsure each estimate is."
)
HELP_FIRST = "Get help first. That a harmless cause is likely does not make this less urgent."
MOSTLY_UNKNOWN = "Most likely it is something that this program does not know."
NOT_COVERED_LEAD = "This program knows only some causes. The chance that it is something else is"
NO_RULE = "None of the rules for seeking help applied to what was answered."
NO_RECORDING = "No recording was given, so nothing was measured."
NOTHING_NOTED = "Nothing was answered or measured."
DIFFER_LEAD = "Good sources do not say quite the same here. All are given, and the more careful one decides:"

MUSCLE_LEAD = (
    "A twitch has three parts. First nothing moves: the latent period. Then the muscle pulls: the contraction. "
    "Then it lets go: the relaxation."
)

LIKELY_WORDS: tuple[tuple[float, str], ...] = (
    (0.5, "likely"),
    (0.1, "possible"),
    (0.01, "less likely"),
    (0.001, "unlikely"),
    (0.0, "very unlikely"),
)
"""Least probability for each word: a choice of wording, which decides nothing."""

SETTINGS: Mapping[Setting, str] = MappingProxyType(
    {
        Setting.COMMUNITY: "people who have not seen a doctor about it",
        Setting.PRIMARY_CARE: "people who see a family doctor about it",
        Setting.NEUROLOGY_CLINIC: "people who are sent to a nerve specialist about it",
        Setting.GENETICS_CLINIC: "people whose doctors look for an inherited illness",
    }
)

UNIT_WORDS: Mapping[Unit, str] = MappingProxyType(
    {
        Unit.ONE: "",
        Unit.COUNT: "",
        Unit.PER_MINUTE: "per minute",
        Unit.PER_HOUR: "per hour",
        Unit.PIXEL: "pixels",
        Unit.PIXEL_PER_SECOND: "pixels/s",
        Unit.HOUR: "hours",
        Unit.DAY: "days",
        Unit.YEAR: "years",
        Unit.METER_PER_SECOND_SQUARED: "m/s²",
        Unit.DEGREE_CELSIUS: "°C",
        Unit.UNKNOWN: "(unit unknown)",
    }
)
"""How a unit is written for a reader, where that differs from the unit itself."""

MEASUREMENT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "fasciculation_rate": "How often the muscle fires on its own (fasciculation potentials)",
        "fasciculation_count": "How many times the muscle fired on its own",
        "fasciculation_amplitude": "Size of the fasciculation potentials",
        "fasciculation_amplitude_spread": "How much the size of the potentials varies",
        "fasciculation_duration": "How long a potential lasts",
        "fasciculation_phases": "Phases of a potential",
        "fasciculation_turns": "Turns of a potential",
        "polyphasic_share": "Share of potentials with more phases than usual",
        "fasciculation_instability": "How much the shape of a unit changes from one potential to the next",
        "active_units": "Motor units that fired on their own",
        "extrapolated_units": "Motor units that a longer recording might show",
        "fasciculation_interval": "Time from one fasciculation to the next",
        "fasciculation_interval_variation": "How irregular these times are",
        "fasciculation_rate_drift": "Change of the rate over the recording",
        "fasciculation_clustering": "Clustering of fasciculations",
        "isolated_share": "Share of discharges that came alone (more than 250 ms from the next)",
        "isolated_units_share": "Share of 10-second windows with two or more such units",
        "doublet_share": "Share of doublets",
        "multiplet_share": "Share of multiplets",
        "late_echo_share": "Share with a late echo from the spinal cord",
        "late_echo_latency": "Time to the late echo",
        "time_locked_share": "Share of fasciculations that two units make together",
        "time_locked_pairs": "Pairs of units that fire together",
        "rest_share": "Share of the recording at rest",
        "rest_noise_rms": "Noise at rest",
    }
)
"""How a measured quantity is called, by its id; any other goes by the plain words of its finding."""

CHANNEL_WORDS: Mapping[ChannelKind, str] = MappingProxyType(
    {
        ChannelKind.EMG: "EMG",
        ChannelKind.FORCE: "force",
        ChannelKind.ACCELERATION: "acceleration",
        ChannelKind.ANGULAR_VELOCITY: "angular velocity",
        ChannelKind.DISPLACEMENT: "displacement",
        ChannelKind.ANGLE: "angle",
        ChannelKind.ECG: "ECG",
        ChannelKind.EEG: "EEG",
        ChannelKind.OTHER: "another kind",
    }
)

EVENT_WORDS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.FASCICULATION_POTENTIAL: "fasciculation potentials",
        EventKind.TREMOR_BURST: "bursts of a tremor",
        EventKind.TWITCH: "twitches",
        EventKind.MYOKYMIC_DISCHARGE: "myokymic discharges",
        EventKind.NEUROMYOTONIC_DISCHARGE: "neuromyotonic discharges",
        EventKind.CRAMP_DISCHARGE: "cramp discharges",
        EventKind.MYOTONIC_DISCHARGE: "myotonic discharges",
        EventKind.FIBRILLATION_POTENTIAL: "fibrillation potentials",
        EventKind.SPASM: "spasms",
        EventKind.JERK: "jerks",
        EventKind.CLONUS_BEAT: "beats of clonus",
        EventKind.REFLEX: "reflexes",
        EventKind.CONTRACTION: "contractions",
        EventKind.TENDON_TAP: "taps on the tendon",
        EventKind.STRETCH: "stretches",
        EventKind.NERVE_STIMULUS: "stimuli to the nerve",
        EventKind.MOTOR_UNIT_DISCHARGE: "discharges of motor units",
        EventKind.POSITIVE_SHARP_WAVE: "positive sharp waves",
        EventKind.COMPLEX_REPETITIVE_DISCHARGE: "complex repetitive discharges",
        EventKind.CONTINUOUS_UNIT_DISCHARGE: "stretches of one unit that does not stop",
        EventKind.M_WAVE: "answers to a stimulus",
        EventKind.VISIBLE_TWITCH: "visible twitches",
        EventKind.TREMOR: "stretches of tremor",
        EventKind.CLONUS: "bouts of clonus",
        EventKind.FALL: "falls",
        EventKind.HYPNIC_JERK: "jerks on falling asleep",
        EventKind.LEG_MOVEMENT: "leg movements",
        EventKind.PERIODIC_LEG_MOVEMENT: "periodic leg movements",
        EventKind.FRAGMENTARY_MYOCLONUS: "bursts of fragmentary myoclonus",
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
