"""Whether leg movements, jerks and series are found: on constructed nights, on the simulator's, and against a peer.

Constructed nights hold movements of known times in the EMG of a leg, which is noise; disturbed ones hold hum, a
drifting resting level or a heart as well. The rules are checked against a slow second reading of them that looks at one
movement after the other. The simulator's two minutes of ``periodic_limb_movements`` and ``hypnic_jerks`` are measured
as EMG of a leg and another muscle with stages beside it. Seeds are not those that anything was set on. The peer is the
leg movement scoring of psgscoring, as it comes and with the two options that its notes call those of the AASM.

Run ``python -m benchmarks.accuracy.sleep``.
"""

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.accuracy.emg.tables import Table, number

from twitchwise.measure.asked import Asked
from twitchwise.measure.sleep import measure_sleep, rules_aasm, rules_wasm
from twitchwise.measure.sleep.movements import Movements
from twitchwise.measure.sleep.settings import leg_rules
from twitchwise.signals import Annotation, ArraySource, Channel, EventTrain, Recording
from twitchwise.simulate import simulate_condition
from twitchwise.vocabulary import ChannelKind, EventKind, Unit
from twitchwise.vocabulary.arrays import BoolArray, FloatArray

SEEDS = (101, 102, 103)
SIMULATED_SEEDS = tuple(range(201, 221))
HOURS = 1.0
NEAR_S = 0.3
Find = Callable[["Leg"], Movements]


class NotInstalledError(Exception):
    """The peer is not there."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Leg:
    """EMG of a leg with movements of known times."""

    samples_v: FloatArray
    rate_hz: float
    truth: Movements


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """How a leg is made: rate, noise and size of movements (standard deviations), and what disturbs it."""

    name: str
    rate_hz: float = 512.0
    noise_v: float = 2e-6
    size_v: float = 20e-6
    disturb: Callable[[FloatArray, np.random.Generator], FloatArray] | None = None
    is_rounded: bool = False


def hum(time_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return mains hum of 20 uV with a harmonic, at a frequency a little off."""
    phase = 2 * np.pi * (50.0 + rng.uniform(-0.05, 0.05)) * time_s
    return np.asarray(20e-6 * np.sin(phase) + 5e-6 * np.sin(3 * phase), dtype=np.float64)


def drift(time_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return a drifting offset, and noise that grows to twice its size over the night."""
    grown = rng.normal(0.0, 1.0, time_s.size) * 3.5e-6 * time_s / time_s[-1]
    return np.asarray(grown + 1e-3 * np.sin(2 * np.pi * time_s / 80.0), dtype=np.float64)


def heart(time_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return a heart of 30 uV at about 65 beats a minute."""
    beats = np.cumsum(rng.normal(0.92, 0.03, round(time_s[-1])))
    near = time_s - beats[np.clip(np.searchsorted(beats, time_s), 0, beats.size - 1)]
    return np.asarray(30e-6 * (np.exp(-((near / 0.012) ** 2)) - 0.5 * np.exp(-(((near + 0.02) / 0.012) ** 2))))


SCENES = (
    Scene(name="clear"),
    Scene(name="200 Hz", rate_hz=200.0),
    Scene(name="256 Hz", rate_hz=256.0),
    Scene(name="2048 Hz", rate_hz=2048.0),
    Scene(name="weak movements, 8 uV", size_v=8e-6),
    Scene(name="weak movements, 12 uV", size_v=12e-6),
    Scene(name="strong movements, 200 uV", size_v=200e-6),
    Scene(name="rounded movements", is_rounded=True, size_v=30e-6),
    Scene(name="loud rest, 5 uV", noise_v=5e-6),
    Scene(name="louder rest than the rules allow, 8 uV", noise_v=8e-6, size_v=40e-6),
    Scene(name="hum", disturb=hum),
    Scene(name="drift of offset and rest", disturb=drift),
    Scene(name="heart, no ECG", disturb=heart),
)


def made(scene: Scene, seed: int) -> Leg:
    """Make a leg: movements of 0.6 to 8 s, 1.5 s or more apart, at random."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(3600 * HOURS * scene.rate_hz)) / scene.rate_hz
    samples = rng.normal(0.0, scene.noise_v, time_s.size)
    onset, spans = 30.0, list[tuple[float, float]]()
    while onset < time_s[-1] - 40.0:
        length = float(rng.uniform(0.6, 8.0))
        spans.append((onset, onset + length))
        first, n = round(onset * scene.rate_hz), round(length * scene.rate_hz)
        shape = np.hanning(n) if scene.is_rounded else np.ones(n)
        samples[first : first + n] += shape * rng.normal(0.0, scene.size_v, n)
        onset += length + 1.5 + float(rng.exponential(25.0))
    if scene.disturb is not None:
        samples += scene.disturb(time_s, rng)
    return Leg(samples_v=samples, rate_hz=scene.rate_hz, truth=Movements.of(spans))


def recording_of(emg: dict[str, FloatArray], rate_hz: float, stages: list[str]) -> Recording:
    """Return EMG with an epoch of 30 s for each stage."""
    channels = tuple(
        Channel(name=name, kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=rate_hz, n_samples=samples.size)
        for name, samples in emg.items()
    )
    notes = tuple(
        Annotation(start_s=30.0 * place, duration_s=30.0, text=f"Sleep stage {one}") for place, one in enumerate(stages)
    )
    return Recording(
        name="night", format="array", channels=channels, source=ArraySource(list(emg.values())), annotations=notes
    )


def trains_of(recording: Recording) -> tuple[EventTrain, ...]:
    """Return the events that measuring gives."""
    found = measure_sleep(recording, Asked(), lambda _: None)
    return () if found is None else found.events


def ours(leg: Leg) -> Movements:
    """Return the leg movements that measuring a night gives."""
    night = recording_of({"EMG LAT": leg.samples_v}, leg.rate_hz, ["N2"] * round(120 * HOURS))
    spans = [
        pair
        for train in trains_of(night)
        if train.kind is EventKind.LEG_MOVEMENT
        for pair in zip(train.start_s.tolist(), train.end_s.tolist(), strict=True)
    ]
    return Movements.of(spans)


def peer(leg: Leg, *, by_aasm: bool) -> Movements:
    """Return the leg movements that psgscoring finds; it keeps those of 0.5 to 10 s."""
    try:
        analyze_plm = importlib.import_module("psgscoring.plm").analyze_plm
    except ImportError as error:
        raise NotInstalledError from error
    options: dict[str, object] = {"offset_aasm": True, "bilateral_window_s": 5.0} if by_aasm else {}
    stages = ["N2"] * round(120 * HOURS)
    found = analyze_plm(leg.samples_v, None, leg.rate_hz, stages, leg_unit="V", event_list_cap=None, **options)
    return Movements.of((one["onset_s"], one["onset_s"] + one["duration_s"]) for one in found["events"])


METHODS: tuple[tuple[str, Find], ...] = (
    ("twitchwise", ours),
    ("psgscoring", lambda leg: peer(leg, by_aasm=False)),
    ("psgscoring, AASM options", lambda leg: peer(leg, by_aasm=True)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """Movements found, of how many, how many were none, and errors of onset and end in seconds."""

    hits: int
    of: int
    false: int
    onset_s: FloatArray
    end_s: FloatArray

    @property
    def f1(self) -> float:
        """Harmonic mean of sensitivity and precision."""
        return 2 * self.hits / max(2 * self.hits + self.false + self.of - self.hits, 1)


def matched(found: Movements, truth: Movements) -> Match:
    """Give each true movement the first found one that overlaps it and that no other has."""
    taken, onset, end = set[int](), list[float](), list[float]()
    for start, stop in zip(truth.start_s, truth.stop_s, strict=True):
        over = np.flatnonzero((found.start_s < stop + NEAR_S) & (found.stop_s > start - NEAR_S))
        free = [int(place) for place in over if int(place) not in taken]
        if free:
            taken.add(free[0])
            onset.append(float(found.start_s[free[0]] - start))
            end.append(float(found.stop_s[free[0]] - stop))
    return Match(
        hits=len(taken),
        of=len(truth),
        false=len(found) - len(taken),
        onset_s=np.array(onset),
        end_s=np.array(end),
    )


def together(matches: list[Match]) -> Match:
    """Put the matches of several nights together."""
    return Match(
        hits=sum(one.hits for one in matches),
        of=sum(one.of for one in matches),
        false=sum(one.false for one in matches),
        onset_s=np.concatenate([one.onset_s for one in matches]),
        end_s=np.concatenate([one.end_s for one in matches]),
    )


def of_scene(scene: Scene) -> Iterator[tuple[str, ...]]:
    """Give a row a method."""
    legs = [made(scene, seed) for seed in SEEDS]
    for name, find in METHODS:
        try:
            match = together([matched(find(leg), leg.truth) for leg in legs])
        except NotInstalledError:
            yield (scene.name, f"{name} (not installed)", *"------")
            continue
        per_h = match.false / (HOURS * len(SEEDS))
        errors = [_middle_ms(match.onset_s), _far_ms(match.onset_s), _far_ms(match.end_s)]
        yield scene.name, name, f"{match.hits} of {match.of}", number(match.f1, 3), number(per_h, 1), *errors


def _middle_ms(errors_s: FloatArray) -> str:
    return number(1e3 * float(np.median(np.abs(errors_s))), 0) if errors_s.size else "-"


def _far_ms(errors_s: FloatArray) -> str:
    return number(1e3 * float(np.percentile(np.abs(errors_s), 95)), 0) if errors_s.size else "-"


def detector() -> Table:
    """Return what is found in constructed EMG."""
    head = ("leg", "method", "found", "F1", "false an hour", "onset ms", "onset ms, 95 %", "end ms, 95 %")
    rows = tuple(row for scene in SCENES for row in of_scene(scene))
    return Table(title=f"Leg movements in constructed EMG, {len(SEEDS)} nights of {HOURS:g} h", head=head, rows=rows)


def by_hand_aasm(onsets_s: FloatArray) -> set[float]:
    """Return the onsets of periodic movements as somebody would mark them, one after the other."""
    periodic, run, last = set[float](), list[float](), -np.inf
    for onset in onsets_s:
        if round(onset - last, 6) >= 5:
            if run and round(onset - run[-1], 6) > 90:
                periodic |= set(run) if len(run) >= 4 else set()
                run = []
            run.append(float(onset))
        last = float(onset)
    return periodic | (set(run) if len(run) >= 4 else set())


def by_hand_wasm(onsets_s: FloatArray, candidate: BoolArray) -> set[float]:
    """Return the onsets of periodic movements as somebody would mark them, one after the other."""
    periodic, run = set[float](), list[float]()
    for onset, is_candidate in zip(onsets_s, candidate, strict=True):
        gap = round(onset - run[-1], 6) if run else np.nan
        if not (is_candidate and 10 <= gap <= 90):
            periodic |= set(run) if len(run) >= 4 else set()
            run = []
        run += [float(onset)] if is_candidate else []
    return periodic | (set(run) if len(run) >= 4 else set())


def rules(nights: int = 2000) -> Table:
    """Return how often both readings of the rules agree on nights of random movements."""
    agree = {"AASM": 0, "WASM 2016": 0}
    for seed in range(nights):
        rng = np.random.default_rng(10_000 + seed)
        onsets = np.round(np.cumsum(rng.exponential(rng.choice([6.0, 20.0, 60.0]), 150) + 0.6), 2)
        movements = Movements.of((at, at + 0.5) for at in onsets).with_candidates(rng.random(150) > 0.05)
        aasm = rules_aasm.series(movements, leg_rules()) > 0
        wasm = rules_wasm.series(movements, leg_rules()) > 0
        agree["AASM"] += set(movements.start_s[aasm].tolist()) == by_hand_aasm(movements.start_s)
        agree["WASM 2016"] += set(movements.start_s[wasm].tolist()) == by_hand_wasm(
            movements.start_s, movements.candidate
        )
    rows = tuple((name, f"{count} of {nights}") for name, count in agree.items())
    return Table(title="Series against a second, slow reading of the rules", head=("rules", "nights alike"), rows=rows)


def of_simulator(condition: str, seed: int) -> tuple[Movements, Movements]:
    """Return what is found and what is true in two simulated minutes."""
    simulation = simulate_condition(condition, seed=seed)
    emg = simulation.recording.of_kind(ChannelKind.EMG)
    names = ("EMG LAT", "EMG chin")
    samples = {name: simulation.recording.read(one.name) for name, one in zip(names, emg, strict=False)}
    night = recording_of(samples, emg[0].sampling_rate_hz, ["W", "W", "N1", "N1"])
    is_jerk = condition == "hypnic_jerks"
    wanted, true = (EventKind.HYPNIC_JERK, EventKind.JERK) if is_jerk else (EventKind.LEG_MOVEMENT, EventKind.SPASM)
    found = [train for train in trains_of(night) if train.kind is wanted]
    truth = [train for train in simulation.events if train.kind is true]
    return tuple(
        Movements.of(pair for train in trains for pair in zip(train.start_s, train.end_s, strict=True))
        for trains in (found, truth)
    )  # type: ignore[return-value]


def simulated() -> Table:
    """Return what is found in the simulator's nights."""
    rows = list[tuple[str, ...]]()
    for condition in ("periodic_limb_movements", "hypnic_jerks"):
        match = together([matched(*of_simulator(condition, seed)) for seed in SIMULATED_SEEDS])
        errors = (_middle_ms(match.onset_s), _far_ms(match.onset_s), _far_ms(match.end_s))
        rows.append((condition, f"{match.hits} of {match.of}", number(match.f1, 3), str(match.false), *errors))
    head = ("condition", "found", "F1", "false", "onset ms", "onset ms, 95 %", "end ms, 95 %")
    return Table(title=f"The simulator, {len(SIMULATED_SEEDS)} seeds of two minutes", head=head, rows=tuple(rows))


def main() -> None:
    """Print the tables."""
    for table in (rules, detector, simulated):
        print(table().text, flush=True)


if __name__ == "__main__":
    main()
