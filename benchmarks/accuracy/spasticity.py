"""How well clonus, spasms, pendulum tests and falls are found: the forward model's truth, and constructed recordings.

Seeds are those that nothing was tuned on; pendulums and falls are constructed. The peer for beats of clonus in EMG
follows the abstract of Mummidisetty, Bohorquez and Thomas 2012 (doi:10.1016/j.jneumeth.2011.10.017): an envelope by
Morlet wavelets of 74.8 to 193.9 Hz, one peak a contraction by threshold and time; what the abstract leaves open is
chosen here. Run ``python -m benchmarks.accuracy.spasticity``.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve, find_peaks

from twitchwise.measure.asked import Asked
from twitchwise.measure.emg.causes import causes_in
from twitchwise.measure.emg.rhythms import ChannelTrace, find_other_activity
from twitchwise.measure.motion.spasticity import measure_spasticity
from twitchwise.measure.results import RecordingMeasurements
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.signals.recording import Annotation
from twitchwise.simulate import Setting, Simulation, simulate_condition
from twitchwise.vocabulary import ChannelKind, Electrode, EventKind, Task, Unit

FloatArray = npt.NDArray[np.float64]

SEEDS = (201, 202, 203)
SPASTIC = ("spinal_cord_injury_spasticity", "hereditary_spastic_paraplegia", "stroke")
NOT_SPASTIC = (
    "parkinson_disease",
    "essential_tremor",
    "enhanced_physiological_tremor",
    "dystonic_tremor",
    "healthy_contraction",
    "benign_fasciculation_syndrome",
)
MOTION = (ChannelKind.ACCELERATION, ChannelKind.ANGULAR_VELOCITY)
BEAT_S, SPASM_S, FALL_S = 0.08, 1.0, 2.0
GRAVITY_MPS2 = 9.81
_UNITS = {
    ChannelKind.EMG: Unit.VOLT,
    ChannelKind.ACCELERATION: Unit.METER_PER_SECOND_SQUARED,
    ChannelKind.ANGULAR_VELOCITY: Unit.RADIAN_PER_SECOND,
    ChannelKind.ANGLE: Unit.RADIAN,
}


@dataclass
class Score:
    """Hits, misses and false alarms, and how long was looked."""

    hits: int = 0
    missed: int = 0
    false: int = 0
    hours: float = 0.0

    def add(self, true_s: FloatArray, found_s: FloatArray, within_s: float, duration_s: float) -> None:
        """Pair each true event with the nearest that is not yet taken."""
        left = list(found_s)
        for time_s in true_s:
            near = [one for one in left if abs(one - time_s) <= within_s]
            if near:
                left.remove(min(near, key=lambda one: abs(one - time_s)))
                self.hits += 1
            else:
                self.missed += 1
        self.false += len(left)
        self.hours += duration_s / 3600

    def line(self, what: str) -> str:
        """Return one line of the table."""
        f1 = 2 * self.hits / max(2 * self.hits + self.missed + self.false, 1)
        rate = self.false / self.hours if self.hours else 0.0
        counts = f"hit {self.hits:4d} missed {self.missed:3d} false {self.false:3d} ({rate:.2f} an hour)"
        return f"  {what:56s} F1 {f1:5.3f}  {counts}"


def measured(recording: Recording, asked: Asked | None = None) -> RecordingMeasurements | None:
    """Measure without telling of the progress."""
    return measure_spasticity(recording, asked or Asked(), lambda _: None)


def times_of(found: RecordingMeasurements | None, kind: EventKind) -> FloatArray:
    """Return when events of a kind begin, or peak if they are beats."""
    trains = [train for train in (() if found is None else found.events) if train.kind is kind]
    beats = kind is EventKind.CLONUS_BEAT
    return np.sort(np.concatenate([np.empty(0), *(one.peak_s if beats else one.start_s for one in trains)]))


def value_of(found: RecordingMeasurements | None, name: str) -> float | None:
    """Return the first measurement of a name."""
    return next((one.value for one in (() if found is None else found.measurements) if one.id == name), None)


def without_truth(simulated: Simulation, kinds: Sequence[ChannelKind]) -> Recording:
    """Return some channels of a simulation, with its stretches and taps as notes and nothing else of its truth."""
    recording = simulated.recording
    channels = tuple(one for one in recording.channels if one.kind in kinds)
    notes = [
        Annotation(start_s=float(time_s), duration_s=0.0, text=train.kind.value)
        for train in simulated.events
        if train.kind in {EventKind.STRETCH, EventKind.TENDON_TAP}
        for time_s in train.start_s
    ]
    source = ArraySource([recording.read(one.name) for one in channels])
    return dataclasses.replace(
        recording, channels=channels, source=source, annotations=tuple(sorted(notes, key=lambda one: one.start_s))
    )


def true_times(simulated: Simulation, *kinds: EventKind) -> FloatArray:
    """Return when true events of some kinds are, in their middle, or at their start if they are spasms."""
    trains = [train for train in simulated.events if train.kind in kinds]
    middles = [one.start_s if one.kind is EventKind.SPASM else (one.start_s + one.end_s) / 2 for one in trains]
    return np.sort(np.concatenate([np.empty(0), *middles]))


def beats_of_peer(samples: FloatArray, rate_hz: float) -> FloatArray:
    """Return contractions as the abstract of the peer tells: envelope by wavelets, threshold, least time between."""
    envelope = np.zeros(samples.size)
    for center_hz in np.geomspace(74.8, 193.9, 5):
        spread_s = 1.5 / (2 * np.pi * center_hz)
        time_s = np.arange(-4 * spread_s, 4 * spread_s, 1 / rate_hz)
        wavelet = np.exp(-0.5 * (time_s / spread_s) ** 2) * np.exp(2j * np.pi * center_hz * time_s)
        envelope += np.abs(fftconvolve(samples, wavelet, "same"))
    width = round(0.05 * rate_hz)
    envelope = fftconvolve(envelope, np.hanning(width) / width, "same")
    floor = float(np.median(envelope[envelope <= np.quantile(envelope, 0.2)]))
    peaks, _ = find_peaks(
        envelope, height=4 * floor, prominence=0.2 * np.quantile(envelope, 0.95), distance=0.1 * rate_hz
    )
    return np.asarray(peaks / rate_hz, dtype=np.float64)


def clonus_in_emg() -> None:
    """Compare the beats and the frequency of clonus in EMG with the truth, and with the peer."""
    ours, other, peer, errors = Score(), Score(), Score(), list[float]()
    for condition in SPASTIC:
        for seed in SEEDS:
            simulated = simulate_condition(Setting(condition=condition, scene="ankle_stretch"), seed=seed)
            recording = without_truth(simulated, [ChannelKind.EMG])
            found = measured(recording)
            emg = recording.channels[0]
            told = find_other_activity(ChannelTrace.of_recording(recording, emg), causes_in(recording))
            of_emg = [train.peak_s for train in told.events if train.kind is EventKind.CLONUS_BEAT]
            true_s = true_times(simulated, EventKind.CLONUS_BEAT, EventKind.REFLEX)
            both = np.unique(np.round(np.concatenate([times_of(found, EventKind.CLONUS_BEAT), *of_emg]), 3))
            ours.add(true_s, both, BEAT_S, emg.duration_s)
            other.add(true_s, np.concatenate([np.empty(0), *of_emg]), BEAT_S, emg.duration_s)
            samples = recording.read(emg.name)
            peer.add(true_s, beats_of_peer(samples, emg.sampling_rate_hz), BEAT_S, emg.duration_s)
            errors += frequency_errors(simulated, found)
    print(ours.line("beats in EMG, both parts of the measuring"))
    print(other.line("beats in EMG, other activity of EMG alone"))
    print(peer.line("beats in EMG, peer after Mummidisetty 2012"))
    print(f"  frequency: error {np.mean(np.abs(errors)):.3f} Hz in the mean, {np.max(np.abs(errors)):.3f} Hz at most")


def frequency_errors(simulated: Simulation, found: RecordingMeasurements | None) -> Iterator[float]:
    """Give by how much the frequency differs from that of the true beats after stretches, where both are known."""
    bouts = [_beats_from(simulated, time_s) for time_s in bouts_of(simulated)]
    steps = np.concatenate([np.empty(0), *(np.diff(beats) for beats in bouts)])
    value = value_of(found, "clonus_frequency")
    if value is not None and steps.size:
        yield value - 1 / float(steps.mean())


def _beats_from(simulated: Simulation, start_s: float) -> FloatArray:
    """Return the true beats of the bout that begins at a time."""
    beats = true_times(simulated, EventKind.CLONUS_BEAT, EventKind.REFLEX)
    later = beats[beats >= start_s]
    ends = np.flatnonzero(np.diff(later, prepend=start_s) > 1.0)
    return later[: ends[0]] if ends.size else later


def clonus_in_motion() -> None:
    """Find bouts of clonus with the sensors of motion alone, and count those found where there are none."""
    bouts, errors = Score(), list[float]()
    for condition in SPASTIC:
        for seed in SEEDS:
            simulated = simulate_condition(Setting(condition=condition, scene="ankle_stretch"), seed=seed)
            for kind in MOTION:
                recording = without_truth(simulated, [kind])
                found = measured(recording)
                bouts.add(bouts_of(simulated), times_of(found, EventKind.CLONUS), 0.5, recording.duration_s)
                errors += frequency_errors(simulated, found)
    print(bouts.line("bouts in acceleration or angular velocity"))
    print(f"  frequency: error {np.mean(np.abs(errors)):.3f} Hz in the mean, {np.max(np.abs(errors)):.3f} Hz at most")


def bouts_of(simulated: Simulation) -> FloatArray:
    """Return when true bouts begin: beats after a stretch, no farther than a second apart."""
    beats = true_times(simulated, EventKind.CLONUS_BEAT, EventKind.REFLEX)
    starts = [train.start_s for train in simulated.events if train.kind is EventKind.STRETCH]
    stretches = np.concatenate([np.empty(0), *starts])
    first = beats[np.flatnonzero(np.diff(beats, prepend=-10.0) > 1.0)] if beats.size else beats
    asked = [time_s for time_s in first if ((time_s - stretches >= 0) & (time_s - stretches < 0.6)).any()]
    return np.array([time_s for time_s in asked if np.count_nonzero((beats >= time_s) & (beats < time_s + 1)) >= 3])


def nothing_there() -> None:
    """Count what is found in recordings of tremor, contraction and twitches, also if they are said to be of a leg."""
    for site, task in ((None, None), ("ankle", Task.REST)):
        clonus, spasms = Score(), Score()
        for condition in NOT_SPASTIC:
            for seed in SEEDS:
                simulated = simulate_condition(condition, seed=seed)
                recording = without_truth(simulated, tuple(ChannelKind))
                found = measured(recording, Asked(site=site, task=task))
                clonus.add(np.empty(0), times_of(found, EventKind.CLONUS), 0.5, recording.duration_s)
                spasms.add(np.empty(0), times_of(found, EventKind.SPASM), 0.5, recording.duration_s)
        place = f"no spasticity, {'place not known' if site is None else 'said to be an ankle at rest'}"
        print(clonus.line(f"{place}: clonus"))
        print(spasms.line(f"{place}: spasms"))


def spasms() -> None:
    """Find the spasms of a simulated leg at rest, by EMG and by motion, and those of constructed nights."""
    by_emg, by_motion = Score(), Score()
    for seed in SEEDS:
        setting = Setting(condition="spinal_cord_injury_spasticity", scene="rest")
        simulated = simulate_condition(setting, duration_s=180.0, seed=seed)
        true_s = true_times(simulated, EventKind.SPASM)
        for score, kinds in ((by_emg, [ChannelKind.EMG]), (by_motion, MOTION)):
            recording = without_truth(simulated, kinds)
            found = measured(recording, Asked(site="calf", task=Task.REST))
            score.add(true_s, times_of(found, EventKind.SPASM), SPASM_S, recording.duration_s)
    print(by_emg.line("spasms of the forward model in EMG"))
    print(by_motion.line("spasms of the forward model in motion"))
    nights = Score()
    for seed in SEEDS:
        recording, true_s = night(np.random.default_rng(seed))
        nights.add(true_s, times_of(measured(recording), EventKind.SPASM), SPASM_S, recording.duration_s)
    print(nights.line("spasms in 4 h at an ankle, with 12 turns and 20 min walk"))


def recording_of(kind: ChannelKind, rows: FloatArray, rate_hz: float, site: str | None) -> Recording:
    """Return a recording of one sensor."""
    channels = tuple(
        Channel(
            name=f"sensor {axis}",
            kind=kind,
            unit=_UNITS[kind],
            sampling_rate_hz=rate_hz,
            n_samples=row.size,
            electrode=Electrode.UNKNOWN,
            array="sensor",
            site=site,
        )
        for axis, row in zip("XYZ", rows, strict=False)
    )
    return Recording(name="made", format="array", channels=channels, source=ArraySource(list(rows)))


def night(rng: np.random.Generator, rate_hz: float = 50.0, hours: float = 4.0) -> tuple[Recording, FloatArray]:
    """Return four hours at an ankle: spasms, turns in bed, and a walk that is no spasm."""
    time_s = np.arange(0, hours * 3600, 1 / rate_hz)
    rows = rng.normal(scale=0.03, size=(3, time_s.size))
    lean = np.zeros(time_s.size)
    for turn_s in np.sort(rng.uniform(60, 3.5 * 3600, 12)):
        lean += rng.uniform(-1, 1) / (1 + np.exp(np.clip((turn_s - time_s) / 0.4, -50, 50)))
    rows += GRAVITY_MPS2 * np.stack([np.sin(lean), np.cos(lean), 0 * lean])
    walks = (time_s > 3.6 * 3600) & (time_s < 3.6 * 3600 + 1200)
    rows[:, walks] += 4 * np.sin(2 * np.pi * 1.8 * time_s[walks]) + rng.normal(scale=1.0, size=(3, int(walks.sum())))
    starts = np.sort(rng.uniform(100, 3.5 * 3600, 16))
    starts = starts[np.diff(starts, prepend=-100.0) > 30]
    for start_s in starts:
        on = (time_s >= start_s) & (time_s < start_s + rng.uniform(0.6, 6.0))
        since = time_s[on] - start_s
        shape = np.sin(2 * np.pi * rng.uniform(0.8, 4.0) * since)
        rows[:, on] += rng.uniform(0.6, 4.0) * rng.normal(size=(3, 1)) * shape * np.exp(-since / 2)
    return recording_of(ChannelKind.ACCELERATION, rows, rate_hz, "ankle"), starts


def pendulums() -> None:
    """Compare first swing and relaxation index with those made, for linear and for air-like damping, two sensors."""
    for kind in (ChannelKind.ANGLE, ChannelKind.ANGULAR_VELOCITY):
        errors, index_errors, held, missed = list[float](), list[float](), 0, 0
        for seed in range(60):
            rng = np.random.default_rng(1000 + seed)
            rows, first_rad, plateau_rad = pendulum(rng, kind)
            found = measured(recording_of(kind, rows, 100.0, "shank"))
            one = [m for m in (() if found is None else found.measurements) if m.id == "pendulum_first_swing"]
            index = value_of(found, "pendulum_relaxation_index")
            if not one or index is None:
                missed += 1
                continue
            errors.append(one[0].value - first_rad)
            index_errors.append(index - first_rad / plateau_rad)
            held += one[0].low <= first_rad <= one[0].high
        degrees = np.degrees(np.abs(errors))
        print(
            f"  first swing, {kind.value:18s} error {degrees.mean():.2f} degrees in the mean, "
            f"{degrees.max():.2f} at most; index {np.mean(np.abs(index_errors)):.3f}; "
            f"interval holds it in {held} of {len(errors)}; {missed} missed"
        )


def pendulum(rng: np.random.Generator, kind: ChannelKind) -> tuple[FloatArray, float, float]:
    """Return a leg that is let go, with damping that grows with speed, a hand that wavers, and a sensor's noise."""
    rate_hz, step_s = 100.0, 1e-3
    natural = 2 * np.pi * rng.uniform(0.85, 1.15)
    ratio, drag, plateau = rng.uniform(0.05, 0.25), rng.uniform(0.0, 0.1), rng.uniform(0.7, 1.3)
    angle, velocity, track = -plateau, 0.0, [(-plateau, 0.0)]
    for _ in range(15_000):
        velocity += step_s * (
            -(natural**2) * np.sin(angle) - 2 * ratio * natural * velocity - drag * velocity * abs(velocity)
        )
        angle += step_s * velocity
        track.append((angle, velocity))
    swing = np.array(track[:: round(1 / (rate_hz * step_s))]).T
    hold = np.stack([np.full(200, -plateau), np.zeros(200)])
    both = np.concatenate([hold, swing], axis=1)
    both[0, :200] += 0.005 * np.sin(np.arange(200) / 30)
    first_rad = float(swing[0].max()) + plateau
    if kind is ChannelKind.ANGLE:
        return (both[0] + rng.normal(scale=0.005, size=both.shape[1]))[None], first_rad, plateau
    tilted = np.stack([0.2 * both[1], 0.9 * both[1], np.sqrt(1 - 0.85) * both[1]])
    return tilted + rng.normal(scale=0.01, size=tilted.shape) + rng.normal(scale=0.02, size=(3, 1)), first_rad, plateau


def falls() -> None:
    """Find constructed falls at the trunk among walking, sitting down and stumbling."""
    score = Score()
    for seed in range(40):
        recording, true_s = day_with_fall(np.random.default_rng(2000 + seed))
        score.add(true_s, times_of(measured(recording), EventKind.FALL), FALL_S, recording.duration_s)
    print(score.line("falls at the trunk among walking, sitting and stumbling"))


def day_with_fall(rng: np.random.Generator, rate_hz: float = 50.0) -> tuple[Recording, FloatArray]:
    """Return ten minutes of walking, sitting down and stumbling that end in a fall, mild or hard."""
    up = np.array([0.0, GRAVITY_MPS2, 0.0])[:, None]
    parts, at_s, fallen = list[FloatArray](), 0.0, list[float]()
    for what in ("walk", "sit", "walk", "stumble", "walk", "jump", "walk", "fall"):
        part = _piece(what, rng, rate_hz, up)
        fallen += [at_s] if what == "fall" else []
        parts.append(part)
        at_s += part.shape[1] / rate_hz
    rows = np.concatenate(parts, axis=1)
    rows += rng.normal(scale=0.1, size=rows.shape)
    return recording_of(ChannelKind.ACCELERATION, rows, rate_hz, "waist"), np.array(fallen)


def _piece(what: str, rng: np.random.Generator, rate_hz: float, up: FloatArray) -> FloatArray:
    def lasting(seconds: float, size: FloatArray) -> FloatArray:
        return np.repeat(size, max(1, round(seconds * rate_hz)), axis=1)

    if what == "walk":
        time_s = np.arange(0, 120, 1 / rate_hz)
        steps = np.stack([0.3 * np.sin(6 * time_s), np.sin(12 * time_s), 0.2 * np.sin(12 * time_s)])
        return np.asarray(up + 3 * steps, dtype=np.float64)
    if what == "sit":
        return np.concatenate([lasting(0.3, 0.7 * up), lasting(0.08, 2.1 * up), lasting(20, up)], axis=1)
    if what == "stumble":
        return np.concatenate([lasting(0.1, 0.5 * up), lasting(0.06, 2.8 * up), lasting(0.2, 0.8 * up)], axis=1)
    if what == "jump":
        return np.concatenate([lasting(0.3, 0.05 * up), lasting(0.06, 4 * up), lasting(0.5, up)], axis=1)
    lying = np.array([[GRAVITY_MPS2], [0.5], [1.0]])
    hit = rng.uniform(2.2, 6.0) * (0.8 * up + 0.5 * lying)
    falling = rng.uniform(0.3, 0.65) * up
    parts = [lasting(0.35, falling), lasting(0.05, hit), lasting(30, lying)]
    return np.concatenate(parts, axis=1)


def main() -> None:
    """Print the table."""
    for title, part in (
        ("Clonus in EMG", clonus_in_emg),
        ("Clonus in motion", clonus_in_motion),
        ("Nothing there", nothing_there),
        ("Spasms", spasms),
        ("Pendulum test", pendulums),
        ("Falls", falls),
    ):
        print(f"\n{title}", flush=True)
        part()


if __name__ == "__main__":
    main()
