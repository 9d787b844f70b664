"""How well fasciculation potentials are found, beside general EMG onset detectors on the same scenes.

Scenes are synthetic with known truth (``tests/measure/emg_scenes.py``, apart from the package's own simulator) and have
fixed seeds. ``snr`` is a potential's peak over the RMS of white noise before any filter. Sensitivity and false alarms
count over all the time in which the muscle truly rests. The peers look for bursts of contraction, not for single
potentials, and are here because nothing else is open: their onsets may lie 50 ms off, and what they find in a
contraction is forgiven. Those marked "told" are given a stretch of true rest.

Run ``python -m benchmarks.accuracy.fasciculations``.
"""

import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twitchwise.measure import measure_recording
from twitchwise.signals import ArraySource, Channel, Recording
from twitchwise.simulate import Setting, known_conditions, parameters_for, simulate_condition
from twitchwise.vocabulary import ChannelKind, Unit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "measure"))
from emg_scenes import Scene, make, matched  # type: ignore[import-not-found]

FloatArray = npt.NDArray[np.float64]
Detector = Callable[[FloatArray, float], FloatArray]
"""Gives times of events in seconds, from samples in V and their rate in Hz."""

SEEDS = (11, 12, 13)
WITHIN_S, PEER_WITHIN_S = 0.025, 0.05
REST_TOLD_S = 5.0
NOISE_HOURS, NOISE_V, NOISE_RATE_HZ = 30, 3e-6, 2000.0
SIMULATED_S, SIMULATED_NOISE_V, LEAST_PER_MIN = 120.0, 3e-6, 2.0
BASE = Scene(duration_s=120.0, rate_per_min=20.0, snr=8.0)
CONTRACTIONS = ((20.0, 25.0), (50.0, 53.0), (80.0, 95.0))


@dataclass(frozen=True, kw_only=True)
class Score:
    """Counts over scenes: true events at rest, found ones, matched ones, and hours of true rest."""

    true: int
    found: int
    hits: int
    hours: float

    @property
    def row(self) -> str:
        """Sensitivity, precision and false alarms per hour."""
        sensitivity = f"{self.hits / self.true:11.3f}" if self.true else f"{'-':>11}"
        precision = f"{self.hits / self.found:9.3f}" if self.found else f"{'-':>9}"
        return f"{sensitivity}{precision}{(self.found - self.hits) / self.hours:14.1f}"


def twitchwise_detector(signal: FloatArray, rate_hz: float) -> FloatArray:
    """Give the package's own events."""
    from emg_scenes import recording_of  # noqa: PLC0415 - see above

    events = measure_recording(recording_of(signal, rate_hz)).events
    return events[0].peak_s if events else np.empty(0)


def neurokit(method: str, shortest_s: float | None) -> Detector:
    """Give NeuroKit2's activation onsets, by its default shortest duration or a given one."""

    def detect(signal: FloatArray, rate_hz: float) -> FloatArray:
        import neurokit2  # noqa: PLC0415 - a peer, loaded when it is used

        clean = neurokit2.emg_clean(1e6 * signal, sampling_rate=int(rate_hz))
        shortest = "default" if shortest_s is None else shortest_s
        _, info = neurokit2.emg_activation(
            neurokit2.emg_amplitude(clean), clean, sampling_rate=int(rate_hz), method=method, duration_min=shortest
        )
        return np.asarray(info["EMG_Onsets"], dtype=np.float64) / rate_hz

    return detect


def biosppy(name: str, **options: float) -> Detector:
    """Give the onsets of one of BioSPPy's detectors; those that need it are told a stretch of true rest."""

    def detect(signal: FloatArray, rate_hz: float) -> FloatArray:
        from biosppy.signals import emg  # noqa: PLC0415 - a peer, loaded when it is used

        if name == "find_onsets":
            onsets = emg.find_onsets(signal=1e6 * signal, sampling_rate=rate_hz)[0]
        else:
            rest = 1e6 * signal[: round(REST_TOLD_S * rate_hz)]
            both = getattr(emg, name)(signal=1e6 * signal, rest=rest, sampling_rate=rate_hz, **options)[0]
            onsets = both[::2]  # it returns onsets and offsets in turn
        return np.asarray(onsets, dtype=np.float64) / rate_hz

    return detect


PEERS: dict[str, Detector] = {
    "neurokit2 threshold": neurokit("threshold", None),
    "neurokit2 threshold, 4 ms": neurokit("threshold", 0.004),
    "neurokit2 mixture, 4 ms": neurokit("mixture", 0.004),
    "biosppy find_onsets": biosppy("find_onsets"),
    "biosppy hodges_bui, told": biosppy("hodges_bui_onset_detector", size=10, threshold=5),
    "biosppy solnik, told": biosppy("solnik_onset_detector", threshold=15, active_state_duration=4),
}
OURS = {"twitchwise": twitchwise_detector}


def scored(detector: Detector, scene: Scene, *, peer: bool) -> Score:
    """Score a detector on a scene with all seeds; a peer is forgiven what it finds in a contraction."""
    total = Score(true=0, found=0, hits=0, hours=0.0)
    for seed in SEEDS:
        recording, truth = make(replace(scene, seed=seed))
        signal = recording.read("calf")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            times = np.sort(detector(signal, scene.sampling_rate_hz))
        if peer:
            near = [(start - 0.5, stop + 0.5) for start, stop in truth.active.spans]
            times = times[[not any(start <= at <= stop for start, stop in near) for at in times]]
        total = Score(
            true=total.true + len(truth.times_s),
            found=total.found + len(times),
            hits=total.hits + matched(times, truth.times_s, PEER_WITHIN_S if peer else WITHIN_S),
            hours=total.hours + (scene.duration_s - truth.active.duration_s) / 3600,
        )
    return total


def table(title: str, scenes: Iterable[tuple[str, Scene]], detectors: Mapping[str, Detector]) -> None:
    """Print one table: a row for every scene and detector."""
    print(f"\n{title}\n{'scene':36s}{'detector':30s}sensitivity precision false alarms/h")
    for name, scene in scenes:
        for detector_name, detector in detectors.items():
            try:
                row = scored(detector, scene, peer=detectors is not OURS).row
            except ImportError as error:
                row = f"  {error.name} is not installed"
            except Exception as error:  # noqa: BLE001 - a peer that fails is a result
                row = f"  failed: {type(error).__name__}: {error}"[:60]
            print(f"{name:36s}{detector_name:30s}{row}", flush=True)


def hard_scenes() -> Sequence[tuple[str, Scene]]:
    """Give scenes with what disturbs a recording."""
    contracting = replace(BASE, bursts=CONTRACTIONS, burst_snr=30.0)
    return (
        ("contractions", contracting),
        ("contractions of one unit", replace(contracting, burst_units=1, burst_snr=10.0)),
        ("weak contractions, two units", replace(contracting, burst_units=2, burst_snr=5.0)),
        ("very weak contractions, five units", replace(contracting, burst_units=5, burst_snr=2.0)),
        ("hum equal to the noise", replace(BASE, mains_v=3e-6)),
        ("hum of ten times the noise", replace(BASE, mains_v=3e-5)),
        ("heartbeat of ten times the noise", replace(BASE, ecg_v=3e-5)),
        ("heartbeat of 300 times the noise", replace(BASE, ecg_v=1e-3)),
        ("drift of 1 mV, offset of 10 mV", replace(BASE, drift_v=1e-3, offset_v=1e-2)),
        ("noise rises by half", replace(BASE, noise_step=1.5)),
    )


def simulated() -> None:
    """Print how the package's simulator and detector agree, for every condition in which single potentials occur."""
    print(f"\nThe package's own simulator, {SIMULATED_S:g} s of rest each, noise {1e6 * SIMULATED_NOISE_V:g} uV\n")
    print(f"{'condition':34s}{'true':>6}{'found':>7}{'matched':>9}{'at rest':>9}")
    changes = {"surface_emg_noise_rms": SIMULATED_NOISE_V}
    for condition in known_conditions():
        setting = Setting(condition=condition, scene="rest", changes=changes)
        if parameters_for(setting)["fasciculation_rate_per_min"] < LEAST_PER_MIN:
            continue
        simulation = simulate_condition(setting, duration_s=SIMULATED_S, seed=7)
        measured = measure_recording(simulation.recording)
        truth = simulation.events[0]
        found = measured.events[0].start_s if measured.events else np.empty(0)
        rest = measured.rest["EMG"].duration_s / SIMULATED_S
        hits = matched(found, truth.start_s, WITHIN_S)
        print(f"{condition:34s}{len(truth):6d}{len(found):7d}{hits:9d}{rest:8.1%}", flush=True)


def noise_alone() -> None:
    """Print how many potentials are found in white noise in which there are none."""
    found = 0
    for seed in range(NOISE_HOURS):
        samples = np.random.default_rng(seed).normal(0.0, NOISE_V, round(NOISE_RATE_HZ * 3600))
        channel = Channel(
            name="noise", kind=ChannelKind.EMG, unit=Unit.VOLT, sampling_rate_hz=NOISE_RATE_HZ, n_samples=samples.size
        )
        recording = Recording(name="noise", format="array", channels=(channel,), source=ArraySource([samples]))
        found += sum(len(train) for train in measure_recording(recording).events)
    print(f"\nWhite noise alone: {found} found in {NOISE_HOURS} h")


def main() -> None:
    """Print all tables."""
    levels = (4.0, 5.0, 6.0, 8.0, 15.0, 30.0)
    table("Size of potentials", ((f"snr {snr:g}", replace(BASE, snr=snr)) for snr in levels), OURS)
    rates = (0.0, 1.0, 10.0, 40.0, 80.0, 200.0)
    table("Rate, at snr 8", ((f"{rate:g} a minute", replace(BASE, rate_per_min=rate)) for rate in rates), OURS)
    rates_hz = (200.0, 500.0, 1000.0, 2000.0, 4000.0)
    table("Sampling, at snr 8", ((f"{hz:g} Hz", replace(BASE, sampling_rate_hz=hz)) for hz in rates_hz), OURS)
    table("Disturbances, at snr 8", hard_scenes(), OURS)
    shared = (("snr 8", BASE), ("snr 30", replace(BASE, snr=30.0)), hard_scenes()[0])
    table("Beside general onset detectors", shared, OURS | PEERS)
    simulated()
    noise_alone()


if __name__ == "__main__":
    main()
