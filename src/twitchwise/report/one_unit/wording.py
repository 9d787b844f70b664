"""What the stages, numbers and curves of one motor unit are called, and what each stage is, in plain words."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.knowledge.schema import Parameter
from twitchwise.simulate.one_unit import Activity, StageName

STAGES: Mapping[StageName, tuple[str, str]] = MappingProxyType(
    {
        StageName.SURROUNDINGS: (
            "Blood and warmth",
            (
                "Nerve and muscle lie in salty water. Its salts, acid and warmth set how quick they are to fire. "
                "Here you see what differs from health."
            ),
        ),
        StageName.AXON: (
            "Nerve fiber",
            (
                "A motor nerve cell sends a short pulse of voltage down its long fiber: the action potential. "
                "The first curve shows it as it sets off, the second as it gets to the muscle."
            ),
        ),
        StageName.JUNCTION: (
            "From nerve to muscle",
            (
                "At its end the nerve lets out packs of a messenger. If enough of it lands, the muscle fiber fires. "
                "The curve shows how many fibers follow when the nerve gets ten pulses, three each second."
            ),
        ),
        StageName.FIBER: (
            "Muscle fibers",
            (
                "Each muscle fiber now has an action potential of its own. It runs from the middle to both ends. "
                "One nerve cell and all its muscle fibers are called a motor unit."
            ),
        ),
        StageName.TWITCH: (
            "One twitch",
            (
                "First nothing is felt: this short wait is the latent period. Then the muscle pulls (contraction) "
                "and lets go (relaxation). It lets go when its calcium has been pumped away."
            ),
        ),
        StageName.EMG: (
            "On the skin (EMG)",
            (
                "Two electrodes on the skin pick up the voltage of all fibers of the unit as one wave. "
                "Slow fibers make the wave long. Many fibers make it tall."
            ),
        ),
        StageName.SKIN: (
            "The skin moves",
            (
                "The muscle gets thick as it pulls and lifts the skin a tiny bit. A camera sees the lift. "
                "A motion sensor on the skin feels how hard it is thrown."
            ),
        ),
        StageName.ACTIVITY: (
            "Ten seconds of EMG",
            (
                "This is what an EMG machine would show and play. Each crackle is one signal. "
                "Both curves show the same ten seconds, drawn by the same chance."
            ),
        ),
    }
)
"""Title of each stage, and two or three plain sentences about it."""

NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        "ionized_calcium": "Calcium in blood",
        "ionized_magnesium": "Magnesium in blood",
        "plasma_potassium": "Potassium in blood",
        "plasma_sodium": "Sodium in blood",
        "blood_ph": "pH of the blood",
        "muscle_temperature": "Warmth of the muscle",
        "nerve_temperature": "Warmth of the nerve",
        "caffeine_concentration": "Caffeine in blood",
        "thyroid_hormone_scale": "Thyroid hormone (1 is health)",
        "cortisol_scale": "Cortisol (1 is health)",
        "conduction_velocity": "Speed of the nerve signal",
        "travel_time": "Time on the way to the muscle",
        "resting_potential": "Voltage at rest",
        "node_threshold": "Current that sets it off",
        "fasciculation_rate": "Single twitches of the muscle by chance",
        "conducting_share": "Nerve fibers that conduct",
        "first_share": "Muscle fibers that follow the first pulse",
        "fifth_share": "Muscle fibers that follow the fifth pulse",
        "safety_factor": "Safety factor (1 would just do)",
        "junction_delay_spread": "Jitter",
        "fiber_velocity": "Speed in the muscle fiber",
        "fiber_arrival": "Time to half of the way",
        "fibers": "Muscle fibers in this unit",
        "alone": "Fibers that fire on their own (seen by a needle only)",
        "latent_period": "Latent period",
        "contraction_time": "Contraction time",
        "half_relaxation_time": "Half-relaxation time",
        "peak_force": "Peak force",
        "emg_peak_to_peak": "Height of the wave",
        "emg_duration": "Length of the wave",
        "skin_bulge": "Lift of the skin",
        "skin_acceleration": "Hardest throw of the skin",
        "discharges": "Signals in these ten seconds",
    }
)
"""What a number is called."""

DIALS: Mapping[str, str] = MappingProxyType(
    {
        "fasciculation_rate_per_min": "Single twitches of the muscle by chance",
        "stretch_reflex_gain": "Strength of the stretch reflex",
        "stretch_reflex_threshold": "Speed of a stretch that sets off the reflex",
        "reciprocal_inhibition": "How much a reflex calms the muscle on the other side",
        "motor_unit_loss": "Share of motor units that are lost",
        "motor_unit_loss_size_bias": "How much large units are lost first",
        "fibrillating_fibers": "Single muscle fibers that fire on their own",
        "voluntary_drive_scale": "Strength of the will that gets through (1 is health)",
        "voluntary_drive": "Will to pull, as a share of all that one can",
        "motor_unit_size_scale": "Size of motor units (1 is health)",
        "tremor_frequency": "Beats of a tremor",
        "tremor_drive": "Strength of a tremor",
        "tremor_frequency_spread": "How uneven the beats of a tremor are",
        "tremor_waxing": "How much a tremor comes and goes",
        "tremor_antagonist_phase": "How far the other muscle is ahead in a tremor",
        "common_drive_band": "How fast the drive to the muscle sways",
        "common_drive_spread": "How much the drive to the muscle sways",
        "doublet_probability": "Share of twitches that fire more than once",
        "multiplet_discharges": "Signals in such a twitch",
        "fiber_loss": "Share of muscle fibers that are lost",
        "fiber_diameter": "Width of muscle fibers",
        "fiber_diameter_spread_in_unit": "How much the width of muscle fibers differs",
        "specific_force_scale": "Force that muscle fibers can give (1 is health)",
        "twitch_peak_force": "Force of one twitch",
        "axon_blocked_share": "Share of nerve fibers that are blocked",
        "axon_myelin_scale": "Coat of the nerve fiber (myelin; 1 is health)",
        "axon_threshold_scale": "How hard it is to set off the nerve fiber (1 is health)",
        "axon_slow_potassium_scale": "Slow potassium channels of the nerve fiber (1 is health)",
        "axon_fast_potassium_scale": "Fast potassium channels of the nerve fiber (1 is health)",
        "axon_fast_sodium_scale": "Fast sodium channels of the nerve fiber (1 is health)",
        "axon_persistent_sodium_scale": "Slow sodium channels of the nerve fiber (1 is health)",
        "axon_leak_scale": "Leak of the nerve fiber (1 is health)",
        "axon_h_current_scale": "H channels of the nerve fiber (1 is health)",
        "caffeine_threshold_fall": "How much caffeine is said to ease the firing of the nerve fiber",
        "caffeine_inward_current_rise": "How much caffeine is said to stir up the nerve cell",
        "alkalosis_lowers_calcium": "How much of its calcium the blood is said to lose",
        "volley_rate_per_min": "Sudden jerks",
        "volley_duration": "Length of a jerk",
        "volley_drive": "Strength of a jerk",
        "volley_antagonist_share": "Share of a jerk in the other muscle",
        "spasm_rate_per_min": "Spasms",
        "spasm_duration": "Length of a spasm",
        "spasm_drive": "Strength of a spasm",
        "cramp_rate_per_min": "Cramps",
        "cramp_unit_share": "Share of the muscle that a cramp takes in",
        "fasciculating_units": "Motor units that fire on their own",
        "antagonist_drive": "How much the other muscle pulls too",
        "persistent_inward_current": "How long a nerve cell goes on once it fires (1 is health)",
        "synaptic_noise": "Noise in the nerve cell",
        "calcium_uptake_scale": "Speed at which calcium is pumped away (1 is health)",
        "calcium_release_scale": "Calcium that one signal sets free (1 is health)",
        "cross_bridge_rate_scale": "Speed at which muscle fibers grip and let go (1 is health)",
        "grouped_discharge_units": "Motor units that fire in groups",
        "grouped_discharge_interval": "Time from group to group",
        "grouped_discharge_interval_spread": "How uneven the groups are",
        "grouped_discharge_duration": "Length of a group",
        "grouped_discharge_rate_hz": "Signals in a group",
        "grouped_discharge_rate_fall": "How much a group slows down",
        "grouped_discharge_together": "Whether all units fire in the same groups (1 is yes)",
        "discharge_rate_least_hz": "Slowest steady firing of a unit",
        "discharge_rate_most_hz": "Fastest firing of a unit",
        "release_probability": "Share of the messenger that one signal lets out",
        "quantal_content": "Packs of messenger that one signal lets out",
        "quantum_size": "What one pack of messenger does",
        "endplate_threshold": "What it takes to fire a muscle fiber",
        "endplate_decay_time": "How long the messenger acts",
        "joint_stiffness": "Stiffness of the joint",
    }
)
"""What is turned, where the name of a number does not say it; another parameter has the label of its file."""

CURVES: Mapping[str, str] = MappingProxyType(
    {
        "at_the_start": "Voltage of the nerve fiber, where the signal sets off",
        "at_the_muscle": "Voltage of the nerve fiber, at the muscle",
        "shares": "Muscle fibers that follow each pulse",
        "inside": "Voltage in a muscle fiber, above its rest",
        "force": "Force of one twitch",
        "potential": "Voltage on the skin",
        "bulge": "Lift of the skin",
        "acceleration": "How hard the skin is thrown",
        "emg": "Voltage on the skin, ten seconds",
    }
)
"""What a curve is called."""

ACTIVITIES: Mapping[Activity, str] = MappingProxyType(
    {Activity.REST: "The muscle rests", Activity.CONTRACTION: "The muscle pulls a little"}
)

SURROUNDINGS_LABEL = "Set salts, hormones and warmth yourself"
SURROUNDINGS_ABOUT = (
    "Here you can turn each salt, hormone and the warmth by hand. Ten sliders start at health. "
    "The ends of a slider are far beyond what a person can live with."
)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "own": "By hand",
        "trigger": "Triggers in daily life",
        "modulator": "Salts, hormones and medicines",
        "normal_phenomenon": "What all people have",
        "benign_syndrome": "Harmless patterns",
        "disease": "Illness of nerve, muscle or brain",
    }
)
"""What kinds of causes are called, in the order in which they are offered."""

NOTHING_CHANGES = "At these values the model changes nothing in one motor unit."
BEYOND_ONE_UNIT = (
    "This cause acts on the brain or on many motor units together. One motor unit alone shows little or nothing of it."
)
HAND = "A muscle of the hand"
"""The muscle that the parameters describe, where a cause names no other."""


def name_of(parameter: Parameter) -> str:
    """Return what a parameter is called where it is turned."""
    return DIALS.get(parameter.id) or NUMBERS.get(parameter.id) or parameter.label
