"""The closed lists of words that rooms exchange."""

from enum import IntEnum, StrEnum


class FindingState(StrEnum):
    """What is known of a finding: there, looked for and not there, or never looked for."""

    PRESENT = "present"
    ABSENT = "absent"
    NOT_ASSESSED = "not_assessed"


class Urgency(IntEnum):
    """How soon to seek help; a greater value is more urgent, so ``max`` never lowers it."""

    SELF_CARE = 0
    ROUTINE = 1
    SOON = 2
    SAME_DAY = 3
    EMERGENCY = 4

    @property
    def word(self) -> str:
        """The name as it stands in files and JSON, for example ``same_day``."""
        return self.name.lower()


class Setting(StrEnum):
    """Where the question is asked; it decides how common each cause is beforehand."""

    COMMUNITY = "community"
    PRIMARY_CARE = "primary_care"
    NEUROLOGY_CLINIC = "neurology_clinic"
    GENETICS_CLINIC = "genetics_clinic"


class Sex(StrEnum):
    """Sex as recorded at birth, where a rule or a published range depends on it."""

    FEMALE = "female"
    MALE = "male"


class Side(StrEnum):
    """Side of the body."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"
    BOTH = "both"


class Detail(StrEnum):
    """What can be told about a finding beyond that it is there."""

    SIDE = "side"
    SITE = "site"
    DURATION = "duration"
    COURSE = "course"


class Course(StrEnum):
    """How a finding came or goes on."""

    SUDDEN = "sudden"
    WORSENING = "worsening"
    STEADY = "steady"
    IMPROVING = "improving"
    COMES_AND_GOES = "comes_and_goes"


class Family(StrEnum):
    """The family that a cause is counted in."""

    BENIGN = "benign"
    TRIGGER = "trigger"
    TREMOR = "tremor"
    PARKINSONISM = "parkinsonism"
    ATAXIA = "ataxia"
    DYSTONIA_CHOREA_MYOCLONUS = "dystonia_chorea_myoclonus"
    SPASTIC_PARAPLEGIA = "spastic_paraplegia"
    CORD = "cord"
    STROKE = "stroke"
    DEMYELINATION = "demyelination"
    SEIZURE = "seizure"
    MOTOR_NEURON = "motor_neuron"
    NEUROPATHY = "neuropathy"
    ROOT_OR_ENTRAPMENT = "root_or_entrapment"
    HYPEREXCITABILITY = "hyperexcitability"
    NEUROMUSCULAR_JUNCTION = "neuromuscular_junction"
    MUSCLE = "muscle"
    CALCIUM = "calcium"
    ELECTROLYTE = "electrolyte"
    ENDOCRINE = "endocrine"
    NUTRITION = "nutrition"
    MEDICINE_OR_TOXIN = "medicine_or_toxin"
    INFECTION = "infection"
    SLEEP = "sleep"
    FUNCTIONAL = "functional"


class ChannelKind(StrEnum):
    """What a channel measures."""

    EMG = "emg"
    FORCE = "force"
    ACCELERATION = "acceleration"
    ANGULAR_VELOCITY = "angular_velocity"
    DISPLACEMENT = "displacement"
    ANGLE = "angle"
    ECG = "ecg"
    EEG = "eeg"
    OTHER = "other"


class Electrode(StrEnum):
    """How an EMG channel touches the muscle; a claim about single fibers needs a needle."""

    SURFACE = "surface"
    NEEDLE = "needle"
    UNKNOWN = "unknown"


class Task(StrEnum):
    """What the person did while a movement was recorded; it decides which kind of tremor was looked for."""

    REST = "rest"
    POSTURE = "posture"
    ACTION = "action"
    STANDING = "standing"


class View(StrEnum):
    """What a video shows."""

    SKIN = "skin"
    LIMB = "limb"
    ULTRASOUND = "ultrasound"
    OBJECT = "object"


class EventKind(StrEnum):
    """What happened, as a detector or a simulator labels it."""

    FASCICULATION_POTENTIAL = "fasciculation_potential"
    TREMOR_BURST = "tremor_burst"
    TWITCH = "twitch"
    MYOKYMIC_DISCHARGE = "myokymic_discharge"
    NEUROMYOTONIC_DISCHARGE = "neuromyotonic_discharge"
    CRAMP_DISCHARGE = "cramp_discharge"
    MYOTONIC_DISCHARGE = "myotonic_discharge"
    FIBRILLATION_POTENTIAL = "fibrillation_potential"
    SPASM = "spasm"
    JERK = "jerk"
    CLONUS_BEAT = "clonus_beat"
    REFLEX = "reflex"
    CONTRACTION = "contraction"
    TENDON_TAP = "tendon_tap"
    STRETCH = "stretch"
    NERVE_STIMULUS = "nerve_stimulus"
    MOTOR_UNIT_DISCHARGE = "motor_unit_discharge"
    POSITIVE_SHARP_WAVE = "positive_sharp_wave"
    COMPLEX_REPETITIVE_DISCHARGE = "complex_repetitive_discharge"
    CONTINUOUS_UNIT_DISCHARGE = "continuous_unit_discharge"
    M_WAVE = "m_wave"
    VISIBLE_TWITCH = "visible_twitch"
    TREMOR = "tremor"
    CLONUS = "clonus"
    FALL = "fall"
    HYPNIC_JERK = "hypnic_jerk"
    LEG_MOVEMENT = "leg_movement"
    PERIODIC_LEG_MOVEMENT = "periodic_leg_movement"
    FRAGMENTARY_MYOCLONUS = "fragmentary_myoclonus"
