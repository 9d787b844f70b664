"""What an accelerometer at a leg, at an arm or on the bed can tell of a night: movements, their periodicity, stillness.

It sees that something moved, not why. At the ankle it finds about two of three people with many periodic leg movements
(https://pubmed.ncbi.nlm.nih.gov/17767810), and it cannot leave out movements that come with breathing or with arousals.
Stages of sleep are not guessed from it: the start of sleep from a wrist is good to tens of minutes only.
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np

from twitchwise.measure.motion.sensors import MotionSensor
from twitchwise.measure.results import ChannelQuality
from twitchwise.measure.sleep.amplitude import Amplitude, Reader, amplitude_of
from twitchwise.measure.sleep.bursts import Bursts, bursts_in
from twitchwise.measure.sleep.indices import About, lasting
from twitchwise.measure.sleep.jerks import FITS, Jerks, in_stillness, jerk_measurements, time_of_falling_asleep
from twitchwise.measure.sleep.leg_movements import Limits, movements_in, runs_of
from twitchwise.measure.sleep.leg_results import leg_measurements
from twitchwise.measure.sleep.montage import is_at_leg, sees_legs
from twitchwise.measure.sleep.movements import Movements
from twitchwise.measure.sleep.near import begins_in, overlapping
from twitchwise.measure.sleep.night import Night, common
from twitchwise.measure.sleep.scoring import score_legs
from twitchwise.measure.sleep.settings import JerkRules, WornRules, emg_reading, jerk_rules, leg_rules, worn_rules
from twitchwise.signals import Intervals, Recording
from twitchwise.vocabulary import Measurement, Unit
from twitchwise.vocabulary.text import say, together

_HALF_MINUTE_S = 30.0
# A burst of 250 ms of EMG shakes a limb for longer; half a second is still no movement by the rules.
_LONGEST_JERK_S = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadSensor:
    """What one worn sensor shows.

    Parameters
    ----------
    sensor
        The sensor.
    movements
        Movements of any length.
    bursts
        Short bursts outside movements of half a second and more.
    seen
        When it recorded.
    still
        Half minutes in which nothing moved.
    """

    sensor: MotionSensor
    movements: Movements
    bursts: Bursts
    seen: Intervals
    still: Intervals

    @property
    def still_share_percent(self) -> float:
        """Share of the time seen in which nothing moved, in percent."""
        seen_s = self.seen.duration_s
        return 100 * (1 - min(float(self.movements.duration_s.sum()) / seen_s, 1.0)) if seen_s else 0.0


def read_sensor(recording: Recording, sensor: MotionSensor) -> ReadSensor:
    """Read the axes of an accelerometer together."""
    rules, rate_hz = worn_rules(), sensor.sampling_rate_hz
    reader = Reader(
        read=lambda first, stop: sensor.read(recording, first / rate_hz, stop / rate_hz),
        n_samples=sensor.channels[0].n_samples,
        rate_hz=rate_hz,
        band_low_hz=rules.band_low_hz,
        window_s=emg_reading().amplitude_window_s,
        takes_mains=False,
    )
    amplitude = amplitude_of(reader)
    limits = _limits(rules)
    movements = movements_in(amplitude, limits)
    lasting_ones = movements.where(movements.duration_s >= _LONGEST_JERK_S)
    seen = _seen(amplitude)
    return ReadSensor(
        sensor=sensor,
        movements=movements,
        bursts=bursts_in(amplitude, limits).outside(lasting_ones),
        seen=seen,
        still=_still(movements, seen, amplitude.duration_s),
    )


def worn_measurements(read: ReadSensor, night: Night) -> tuple[Measurement, ...]:
    """Return what one sensor can bear: still time, jerks that fit, and at a leg or on the bed movements of the legs."""
    looked = common(read.seen, night.lit_out)
    name = read.sensor.name
    still = About(
        method=say("Half minutes in which the sensor did not move; a stand-in for rest, not for sleep."), channel=name
    )
    parts = [lasting("still_time", common(read.still, looked), _HALF_MINUTE_S, still)]
    jerks = worn_jerks(read, night, jerk_rules())
    how = say("Movements of less than half a second after 30 s without any and before a minute without any.")
    parts.append(jerk_measurements(jerks, night, how, name))
    if sees_legs(read.sensor):
        score = score_legs(read.movements, night.around(looked), leg_rules())
        about = About(method=_how(), channel=name, doubts=(*night.doubts, *_doubts(read)))
        parts.append(leg_measurements(score, night, looked, leg_rules(), about))
    return tuple(chain.from_iterable(parts))


def worn_jerks(read: ReadSensor, night: Night, rules: JerkRules) -> Jerks:
    """Return the movements that fit a jerk on falling asleep: brief, out of stillness, and followed by stillness."""
    looked = common(read.seen, night.lit_out)
    window = time_of_falling_asleep(night, looked, rules)
    brief = read.bursts.where(read.bursts.duration_s < _LONGEST_JERK_S)
    moving = read.movements.where(read.movements.duration_s >= _LONGEST_JERK_S)
    fits = in_stillness(brief.start_s, brief.stop_s, moving, rules) & begins_in(brief.start_s, window)
    kept = brief.where(fits)
    at = (read.sensor.channels[0].name,) * len(kept)
    seen_as = say("a sensor of movement cannot tell a jerk from another brief movement")
    return Jerks(bursts=kept, at=at, looked=window, doubts=(() if night.hypnogram else (FITS,)) + (seen_as,))


def worn_quality(read: ReadSensor) -> tuple[ChannelQuality, ...]:
    """Return the quality of every axis."""
    says = say(
        "Sensor {sensor!r} was still for {percent:.0f} % of the time.",
        sensor=read.sensor.name,
        percent=read.still_share_percent,
    )
    return tuple(
        ChannelQuality(
            channel=channel.name,
            sampling_rate_hz=channel.sampling_rate_hz,
            duration_s=channel.duration_s,
            usable=True,
            unit=Unit.METER_PER_SECOND_SQUARED,
            statements=(says,),
        )
        for channel in read.sensor.channels
    )


def _limits(rules: WornRules) -> Limits:
    quiet_s = leg_rules().movement_quiet_s
    return Limits(
        onset=rules.onset_mps2,
        offset=rules.offset_mps2,
        quiet_s=quiet_s,
        window_s=emg_reading().amplitude_window_s,
        median=rules.offset_mps2,
        smear_s=emg_reading().amplitude_window_s,
    )


def _seen(amplitude: Amplitude) -> Intervals:
    starts, stops = runs_of(~amplitude.missing)
    step_s = amplitude.step_s
    return Intervals.union((float(a) * step_s, float(b) * step_s) for a, b in zip(starts, stops, strict=True))


def _still(movements: Movements, seen: Intervals, duration_s: float) -> Intervals:
    """Return the whole half minutes without any movement, as far as they were seen."""
    edges = np.arange(0.0, duration_s - _HALF_MINUTE_S + 1e-6, _HALF_MINUTE_S)
    epochs = Movements.of(zip(edges, edges + _HALF_MINUTE_S, strict=True))
    moved = overlapping(epochs, np.stack([movements.start_s, movements.stop_s], axis=1))
    return common(Intervals.union((at, at + _HALF_MINUTE_S) for at in edges[~moved]), seen)


def _how() -> str:
    rules = worn_rules()
    return say(
        "Movements are those with more than {least_mps2:g} m/s2 above the noise of the sensor.",
        least_mps2=rules.onset_mps2,
    )


def _doubts(read: ReadSensor) -> tuple[str, ...]:
    rules = worn_rules()
    where = (
        say("from an accelerometer on the ankle and not from EMG")
        if is_at_leg(read.sensor)
        else say("from an accelerometer on the bed, where all of the body and a partner move it too, and not from EMG")
    )
    found = say(
        "one on the ankle found {percent:g} % of the people with many periodic leg movements, and "
        "its index went with that of polysomnography by r = {correlation:g}",
        percent=rules.sensitivity_percent,
        correlation=rules.correlation,
    )
    breathing = say("movements that come with breathing or with an arousal are counted too")
    return together([where, found], "; "), breathing
