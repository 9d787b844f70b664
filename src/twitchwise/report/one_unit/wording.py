"""What the stages, numbers and curves of one motor unit are called, and what each stage is, in plain words."""

from collections.abc import Mapping
from types import MappingProxyType

from twitchwise.knowledge.schema import Parameter
from twitchwise.simulate.one_unit import Activity, StageName
from twitchwise.vocabulary.text import say

STAGES: Mapping[StageName, tuple[str, str]] = MappingProxyType(
    {
        StageName.SURROUNDINGS: (
            say("Blood and warmth"),
            say(
                "Nerve and muscle lie in salty water. Its salts, acid and warmth set how quick they are to fire. "
                "Here you see what differs from health."
            ),
        ),
        StageName.AXON: (
            say("Nerve fiber"),
            say(
                "A motor nerve cell sends a short pulse of voltage down its long fiber: the action potential. "
                "The first curve shows it as it sets off, the second as it gets to the muscle."
            ),
        ),
        StageName.JUNCTION: (
            say("From nerve to muscle"),
            say(
                "At its end the nerve lets out packs of a messenger. If enough of it lands, the muscle fiber fires. "
                "The curve shows how many fibers follow when the nerve gets ten pulses, three each second."
            ),
        ),
        StageName.FIBER: (
            say("Muscle fibers"),
            say(
                "Each muscle fiber now has an action potential of its own. It runs from the middle to both ends. "
                "One nerve cell and all its muscle fibers are called a motor unit."
            ),
        ),
        StageName.TWITCH: (
            say("One twitch"),
            say(
                "First nothing is felt: this short wait is the latent period. Then the muscle pulls (contraction) "
                "and lets go (relaxation). It lets go when its calcium has been pumped away."
            ),
        ),
        StageName.EMG: (
            say("On the skin (EMG)"),
            say(
                "Two electrodes on the skin pick up the voltage of all fibers of the unit as one wave. "
                "Slow fibers make the wave long. Many fibers make it tall."
            ),
        ),
        StageName.SKIN: (
            say("The skin moves"),
            say(
                "The muscle gets thick as it pulls and lifts the skin a tiny bit. A camera sees the lift. "
                "A motion sensor on the skin feels how hard it is thrown."
            ),
        ),
        StageName.ACTIVITY: (
            say("Ten seconds of EMG"),
            say(
                "This is what an EMG machine would show and play. Each crackle is one signal. "
                "Both curves show the same ten seconds, drawn by the same chance."
            ),
        ),
    }
)
"""Title of each stage, and two or three plain sentences about it."""

NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        "ionized_calcium": say("Calcium in blood"),
        "ionized_magnesium": say("Magnesium in blood"),
        "plasma_potassium": say("Potassium in blood"),
        "plasma_sodium": say("Sodium in blood"),
        "blood_ph": say("pH of the blood"),
        "muscle_temperature": say("Warmth of the muscle"),
        "nerve_temperature": say("Warmth of the nerve"),
        "caffeine_concentration": say("Caffeine in blood"),
        "thyroid_hormone_scale": say("Thyroid hormone (1 is health)"),
        "cortisol_scale": say("Cortisol (1 is health)"),
        "conduction_velocity": say("Speed of the nerve signal"),
        "travel_time": say("Time on the way to the muscle"),
        "resting_potential": say("Voltage at rest"),
        "node_threshold": say("Current that sets it off"),
        "fasciculation_rate": say("Single twitches of the muscle by chance"),
        "conducting_share": say("Nerve fibers that conduct"),
        "first_share": say("Muscle fibers that follow the first pulse"),
        "fifth_share": say("Muscle fibers that follow the fifth pulse"),
        "safety_factor": say("Safety factor (1 would just do)"),
        "junction_delay_spread": say("Jitter"),
        "fiber_velocity": say("Speed in the muscle fiber"),
        "fiber_arrival": say("Time to half of the way"),
        "fibers": say("Muscle fibers in this unit"),
        "alone": say("Fibers that fire on their own (seen by a needle only)"),
        "latent_period": say("Latent period"),
        "contraction_time": say("Contraction time"),
        "half_relaxation_time": say("Half-relaxation time"),
        "peak_force": say("Peak force"),
        "emg_peak_to_peak": say("Height of the wave"),
        "emg_duration": say("Length of the wave"),
        "skin_bulge": say("Lift of the skin"),
        "skin_acceleration": say("Hardest throw of the skin"),
        "discharges": say("Signals in these ten seconds"),
    }
)
"""What a number is called."""

DIALS: Mapping[str, str] = MappingProxyType(
    {
        "fasciculation_rate_per_min": say("Single twitches of the muscle by chance"),
        "stretch_reflex_gain": say("Strength of the stretch reflex"),
        "stretch_reflex_threshold": say("Speed of a stretch that sets off the reflex"),
        "reciprocal_inhibition": say("How much a reflex calms the muscle on the other side"),
        "motor_unit_loss": say("Share of motor units that are lost"),
        "motor_unit_loss_size_bias": say("How much large units are lost first"),
        "fibrillating_fibers": say("Single muscle fibers that fire on their own"),
        "voluntary_drive_scale": say("Strength of the will that gets through (1 is health)"),
        "voluntary_drive": say("Will to pull, as a share of all that one can"),
        "motor_unit_size_scale": say("Size of motor units (1 is health)"),
        "tremor_frequency": say("Beats of a tremor"),
        "tremor_drive": say("Strength of a tremor"),
        "tremor_frequency_spread": say("How uneven the beats of a tremor are"),
        "tremor_waxing": say("How much a tremor comes and goes"),
        "tremor_antagonist_phase": say("How far the other muscle is ahead in a tremor"),
        "common_drive_band": say("How fast the drive to the muscle sways"),
        "common_drive_spread": say("How much the drive to the muscle sways"),
        "doublet_probability": say("Share of twitches that fire more than once"),
        "multiplet_discharges": say("Signals in such a twitch"),
        "fiber_loss": say("Share of muscle fibers that are lost"),
        "fiber_diameter": say("Width of muscle fibers"),
        "fiber_diameter_spread_in_unit": say("How much the width of muscle fibers differs"),
        "specific_force_scale": say("Force that muscle fibers can give (1 is health)"),
        "twitch_peak_force": say("Force of one twitch"),
        "axon_blocked_share": say("Share of nerve fibers that are blocked"),
        "axon_myelin_scale": say("Coat of the nerve fiber (myelin; 1 is health)"),
        "axon_threshold_scale": say("How hard it is to set off the nerve fiber (1 is health)"),
        "axon_slow_potassium_scale": say("Slow potassium channels of the nerve fiber (1 is health)"),
        "axon_fast_potassium_scale": say("Fast potassium channels of the nerve fiber (1 is health)"),
        "axon_fast_sodium_scale": say("Fast sodium channels of the nerve fiber (1 is health)"),
        "axon_persistent_sodium_scale": say("Slow sodium channels of the nerve fiber (1 is health)"),
        "axon_leak_scale": say("Leak of the nerve fiber (1 is health)"),
        "axon_h_current_scale": say("H channels of the nerve fiber (1 is health)"),
        "caffeine_threshold_fall": say("How much caffeine is said to ease the firing of the nerve fiber"),
        "caffeine_inward_current_rise": say("How much caffeine is said to stir up the nerve cell"),
        "alkalosis_lowers_calcium": say("How much of its calcium the blood is said to lose"),
        "volley_rate_per_min": say("Sudden jerks"),
        "volley_duration": say("Length of a jerk"),
        "volley_drive": say("Strength of a jerk"),
        "volley_antagonist_share": say("Share of a jerk in the other muscle"),
        "spasm_rate_per_min": say("Spasms"),
        "spasm_duration": say("Length of a spasm"),
        "spasm_drive": say("Strength of a spasm"),
        "cramp_rate_per_min": say("Cramps"),
        "cramp_unit_share": say("Share of the muscle that a cramp takes in"),
        "fasciculating_units": say("Motor units that fire on their own"),
        "antagonist_drive": say("How much the other muscle pulls too"),
        "persistent_inward_current": say("How long a nerve cell goes on once it fires (1 is health)"),
        "synaptic_noise": say("Noise in the nerve cell"),
        "calcium_uptake_scale": say("Speed at which calcium is pumped away (1 is health)"),
        "calcium_release_scale": say("Calcium that one signal sets free (1 is health)"),
        "cross_bridge_rate_scale": say("Speed at which muscle fibers grip and let go (1 is health)"),
        "grouped_discharge_units": say("Motor units that fire in groups"),
        "grouped_discharge_interval": say("Time from group to group"),
        "grouped_discharge_interval_spread": say("How uneven the groups are"),
        "grouped_discharge_duration": say("Length of a group"),
        "grouped_discharge_rate_hz": say("Signals in a group"),
        "grouped_discharge_rate_fall": say("How much a group slows down"),
        "grouped_discharge_together": say("Whether all units fire in the same groups (1 is yes)"),
        "discharge_rate_least_hz": say("Slowest steady firing of a unit"),
        "discharge_rate_most_hz": say("Fastest firing of a unit"),
        "release_probability": say("Share of the messenger that one signal lets out"),
        "quantal_content": say("Packs of messenger that one signal lets out"),
        "quantum_size": say("What one pack of messenger does"),
        "endplate_threshold": say("What it takes to fire a muscle fiber"),
        "endplate_decay_time": say("How long the messenger acts"),
        "joint_stiffness": say("Stiffness of the joint"),
    }
)
"""What is turned, where the name of a number does not say it; another parameter has the label of its file."""

CURVES: Mapping[str, str] = MappingProxyType(
    {
        "at_the_start": say("Voltage of the nerve fiber, where the signal sets off"),
        "at_the_muscle": say("Voltage of the nerve fiber, at the muscle"),
        "shares": say("Muscle fibers that follow each pulse"),
        "inside": say("Voltage in a muscle fiber, above its rest"),
        "force": say("Force of one twitch"),
        "potential": say("Voltage on the skin"),
        "bulge": say("Lift of the skin"),
        "acceleration": say("How hard the skin is thrown"),
        "emg": say("Voltage on the skin, ten seconds"),
    }
)
"""What a curve is called."""

ACTIVITIES: Mapping[Activity, str] = MappingProxyType(
    {Activity.REST: say("The muscle rests"), Activity.CONTRACTION: say("The muscle pulls a little")}
)

SURROUNDINGS_LABEL = say("Set salts, hormones and warmth yourself")
SURROUNDINGS_ABOUT = say(
    "Here you can turn each salt, hormone and the warmth by hand. Ten sliders start at health. "
    "The ends of a slider are far beyond what a person can live with."
)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "own": say("By hand"),
        "trigger": say("Triggers in daily life"),
        "modulator": say("Salts, hormones and medicines"),
        "normal_phenomenon": say("What all people have"),
        "benign_syndrome": say("Harmless patterns"),
        "disease": say("Illness of nerve, muscle or brain"),
    }
)
"""What kinds of causes are called, in the order in which they are offered."""

NOTHING_CHANGES = say("At these values the model changes nothing in one motor unit.")
BEYOND_ONE_UNIT = say(
    "This cause acts on the brain or on many motor units together. One motor unit alone shows little or nothing of it."
)
HAND = say("A muscle of the hand")
"""The muscle that the parameters describe, where a cause names no other."""


def name_of(parameter: Parameter) -> str:
    """Return what a parameter is called where it is turned."""
    return DIALS.get(parameter.id) or NUMBERS.get(parameter.id) or parameter.label
