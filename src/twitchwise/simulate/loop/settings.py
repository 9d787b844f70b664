"""What a run of the loop is set to: motor neurons, descending drive, reflexes, protocol and joint, each a value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Self

from twitchwise.simulate.limb import Joint
from twitchwise.vocabulary.checks import require_positive, require_within


def _number(parameter: str, low: float = 0.0, high: float = math.inf, *, above: bool = False) -> dict[str, object]:
    """Return what a field keeps about its number: the id of its parameter, its bounds, and whether 0 is refused."""
    return {"parameter": parameter, "low": low, "high": high, "above": above}


class _Numbers:
    """Values whose fields are numbers, each read from a parameter and held to its bounds."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Refuse a number outside its bounds."""
        for item in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value, rule = getattr(self, item.name), item.metadata
            if rule["above"]:
                require_positive(item.name, value)
            require_within(item.name, value, rule["low"], rule["high"])

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> Self:
        """Return the values that the parameters give."""
        chosen = {item.name: parameters[item.metadata["parameter"]] for item in fields(cls)}  # type: ignore[arg-type]
        return cls(**chosen)


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolSettings(_Numbers):
    """Motor neurons of one pool; see `twitchwise.simulate.loop.motor_neuron` for what each number does.

    Parameters
    ----------
    least_rate_hz, most_rate_hz, last_rate_hz
        Discharge rate at recruitment, at full drive, and before derecruitment.
    membrane_time_s
        Time constant of the membrane.
    afterhyperpolarization_time_s, afterhyperpolarization_range
        Time constant of the conductance after a discharge in a middle unit, and the fold from fastest to slowest.
    afterhyperpolarization_conductance
        The conductance right after a discharge, in leak conductances.
    afterhyperpolarization_depth
        How far its reversal potential lies below rest, in distances from rest to threshold.
    plateau_current, persistent_inward_current, plateau_time_s
        Persistent inward current of a healthy unit in units of its rheobase; what a condition makes of it; its time
        constant.
    synaptic_noise
        Standard deviation of the membrane potential through synaptic noise, in distances from rest to threshold.
    renshaw_gain, renshaw_time_s
        Drive that recurrent inhibition takes away when every unit discharges at the peak rate, and its time constant.
    """

    least_rate_hz: float = field(metadata=_number("discharge_rate_least_hz", 3.0, 20.0))
    most_rate_hz: float = field(metadata=_number("discharge_rate_most_hz", 5.0, 80.0))
    last_rate_hz: float = field(metadata=_number("derecruitment_rate_hz", 2.5, 20.0))
    membrane_time_s: float = field(metadata=_number("motor_neuron_membrane_time", 1e-3, 0.05))
    afterhyperpolarization_time_s: float = field(metadata=_number("afterhyperpolarization_time", 0.005, 0.5))
    afterhyperpolarization_range: float = field(metadata=_number("afterhyperpolarization_range", 1.0, 10.0))
    afterhyperpolarization_conductance: float = field(metadata=_number("afterhyperpolarization_conductance", 0.5, 20.0))
    afterhyperpolarization_depth: float = field(metadata=_number("afterhyperpolarization_depth", 0.0, 3.0))
    plateau_current: float = field(metadata=_number("plateau_current", 0.0, 5.0))
    persistent_inward_current: float = field(metadata=_number("persistent_inward_current", 0.0, 10.0))
    plateau_time_s: float = field(metadata=_number("plateau_time", 0.01, 5.0))
    synaptic_noise: float = field(metadata=_number("synaptic_noise", 0.0, 0.5))
    renshaw_gain: float = field(metadata=_number("renshaw_gain", 0.0, 5.0))
    renshaw_time_s: float = field(metadata=_number("renshaw_time", 0.001, 1.0))


@dataclass(frozen=True, kw_only=True, slots=True)
class DriveSettings(_Numbers):
    """What descends to the pools; a drive is a share of the maximal excitation, 0 to 1.

    Parameters
    ----------
    voluntary, voluntary_scale
        Level that is held, and what a condition multiplies it by.
    ramp_time_s, hold_time_s
        How long the level takes to be reached and left; how long it is held, 0 for to the end.
    antagonist
        Share of the voluntary drive that the antagonist gets.
    common_spread, common_band_hz
        Standard deviation of slow common fluctuations as a share of the drive, and the frequency they reach up to.
    tremor_frequency_hz, tremor_frequency_spread
        Rate of the descending rhythm, and the standard deviation from cycle to cycle as a share of it.
    tremor, tremor_antagonist, tremor_antagonist_phase_rad
        Peak drive of the rhythm; the antagonist's as a share of it; its lead in phase.
    tremor_waxing, tremor_waxing_time_s
        Standard deviation of the logarithm of the rhythm's amplitude, and the time over which it changes.
    spasm_rate_per_min, spasm_duration_s, spasm_onset_share, spasm
        Rate, mean duration, share of it in which the drive rises and in which it falls, and drive of spasms.
    volley_rate_per_min, volley_duration_s, volley_duration_spread, volley, volley_antagonist
        Rate, duration, its half-width as a share, and drive of volleys; the antagonist's as a share of it.
    visuomotor_gain, visuomotor_lead_s, visuomotor_delay_s
        Drive for each radian by which the joint is off, how far ahead its velocity is extended, and how late it comes.
    """

    voluntary: float = field(metadata=_number("voluntary_drive", 0.0, 1.0))
    voluntary_scale: float = field(metadata=_number("voluntary_drive_scale", 0.0, 5.0))
    ramp_time_s: float = field(metadata=_number("voluntary_ramp_time"))
    hold_time_s: float = field(metadata=_number("voluntary_hold_time"))
    antagonist: float = field(metadata=_number("antagonist_drive", 0.0, 2.0))
    common_spread: float = field(metadata=_number("common_drive_spread", 0.0, 1.0))
    common_band_hz: float = field(metadata=_number("common_drive_band", 0.1, 50.0))
    tremor_frequency_hz: float = field(metadata=_number("tremor_frequency", 0.5, 30.0))
    tremor_frequency_spread: float = field(metadata=_number("tremor_frequency_spread", 0.0, 0.3))
    tremor: float = field(metadata=_number("tremor_drive", 0.0, 1.0))
    tremor_antagonist: float = field(metadata=_number("tremor_antagonist_share", 0.0, 2.0))
    tremor_antagonist_phase_rad: float = field(metadata=_number("tremor_antagonist_phase", -math.pi, 2 * math.pi))
    tremor_waxing: float = field(metadata=_number("tremor_waxing", 0.0, 2.0))
    tremor_waxing_time_s: float = field(metadata=_number("tremor_waxing_time", above=True))
    spasm_rate_per_min: float = field(metadata=_number("spasm_rate_per_min"))
    spasm_duration_s: float = field(metadata=_number("spasm_duration", above=True))
    spasm_onset_share: float = field(metadata=_number("spasm_onset_share", 0.01, 0.5))
    spasm: float = field(metadata=_number("spasm_drive", 0.0, 1.0))
    volley_rate_per_min: float = field(metadata=_number("volley_rate_per_min"))
    volley_duration_s: float = field(metadata=_number("volley_duration", above=True))
    volley_duration_spread: float = field(metadata=_number("volley_duration_spread", 0.0, 0.9))
    volley: float = field(metadata=_number("volley_drive", 0.0, 1.0))
    volley_antagonist: float = field(metadata=_number("volley_antagonist_share", 0.0, 1.0))
    visuomotor_gain: float = field(metadata=_number("visuomotor_gain"))
    visuomotor_lead_s: float = field(metadata=_number("visuomotor_lead", 0.0, 1.0))
    visuomotor_delay_s: float = field(metadata=_number("visuomotor_delay", 0.001, 0.5))


@dataclass(frozen=True, kw_only=True, slots=True)
class ReflexSettings(_Numbers):
    """The stretch reflex.

    Parameters
    ----------
    gain_s
        Drive for each radian a second by which a stretch is faster than the threshold.
    length_gain
        Drive for each radian of stretch.
    threshold_radps
        Velocity of stretch below which spindles stay silent.
    delay_s
        From a stretch to the discharges that it causes in the muscle.
    reciprocal_inhibition
        Drive taken from a muscle as a share of what its antagonist's spindles give to that.
    """

    gain_s: float = field(metadata=_number("stretch_reflex_gain"))
    length_gain: float = field(metadata=_number("stretch_reflex_length_gain"))
    threshold_radps: float = field(metadata=_number("stretch_reflex_threshold"))
    delay_s: float = field(metadata=_number("reflex_delay", 0.001, 0.25))
    reciprocal_inhibition: float = field(metadata=_number("reciprocal_inhibition", 0.0, 5.0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Protocol(_Numbers):
    """What an examiner does; an interval of 0 leaves it out.

    Parameters
    ----------
    first_s
        When the first tap, stretch and train of stimuli come.
    tap_interval_s, tap_strength_radps, tap_duration_s
        Taps on the agonist's tendon: peak velocity of the stretch they are felt as, and its length.
    stretch_interval_s, stretch_amplitude_rad, stretch_duration_s, stretch_torque_nm
        Stretches of the agonist: a turn by an angle at constant velocity, held for as long as it took, or a torque.
        With an amplitude above 0 the joint is held by a motor all the time.
    stimulus_interval_s, stimulus_count, stimulus_rate_hz
        Trains of supramaximal stimuli to the agonist's nerve.
    distal_motor_latency_s, stimulus_distance_m
        From a stimulus to the first potential in the muscle, and the length of nerve in between.
    """

    first_s: float = field(metadata=_number("protocol_start"))
    tap_interval_s: float = field(metadata=_number("tap_interval"))
    tap_strength_radps: float = field(metadata=_number("tap_strength"))
    tap_duration_s: float = field(metadata=_number("tap_duration", 0.001, 0.5))
    stretch_interval_s: float = field(metadata=_number("stretch_interval"))
    stretch_amplitude_rad: float = field(metadata=_number("stretch_amplitude", 0.0, math.pi))
    stretch_duration_s: float = field(metadata=_number("stretch_duration", 0.001, 60.0))
    stretch_torque_nm: float = field(metadata=_number("stretch_torque"))
    stimulus_interval_s: float = field(metadata=_number("stimulus_interval"))
    stimulus_count: float = field(metadata=_number("stimulus_count"))
    stimulus_rate_hz: float = field(metadata=_number("stimulus_rate_hz", 0.0, 200.0))
    distal_motor_latency_s: float = field(metadata=_number("distal_motor_latency", 0.0, 0.1))
    stimulus_distance_m: float = field(metadata=_number("stimulus_distance", 0.0, 2.0))


@dataclass(frozen=True, kw_only=True, slots=True)
class LoopSettings:
    """Everything that a run of the loop is set to, but the motor units.

    Parameters
    ----------
    pool, drive, reflex, protocol, joint
        See their classes.
    parameters
        All parameters, which the twitch reads its mechanism from.
    """

    pool: PoolSettings
    drive: DriveSettings
    reflex: ReflexSettings
    protocol: Protocol
    joint: Joint
    parameters: Mapping[str, float]

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "LoopSettings":
        """Return the settings that the parameters give.

        Examples
        --------
        >>> from twitchwise.simulate import parameters_for
        >>> LoopSettings.of(parameters_for("healthy")).drive.tremor
        0.0
        """
        return cls(
            pool=PoolSettings.of(parameters),
            drive=DriveSettings.of(parameters),
            reflex=ReflexSettings.of(parameters),
            protocol=Protocol.of(parameters),
            joint=Joint.of(parameters),
            parameters=parameters,
        )
