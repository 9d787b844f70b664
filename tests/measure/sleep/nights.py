"""Constructed nights: stages, notes, leg EMG with movements of known times, and worn sensors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from twitchwise.measure import RecordingMeasurements
from twitchwise.measure.asked import Asked
from twitchwise.measure.sleep import measure_sleep
from twitchwise.measure.sleep.movements import LEFT, Movements
from twitchwise.signals import Annotation, ArraySource, Channel, Recording
from twitchwise.vocabulary import ChannelKind, Measurement, Unit
from twitchwise.vocabulary.arrays import FloatArray

EPOCH_S = 30.0
RATE_HZ = 256.0


def note(text: str, start_s: float, duration_s: float = 0.0) -> Annotation:
    return Annotation(start_s=start_s, duration_s=duration_s, text=text)


def stages(letters: Iterable[str], epoch_s: float = EPOCH_S) -> list[Annotation]:
    """Give an epoch of 30 s for each letter or word."""
    return [note(f"Sleep stage {one}", epoch_s * place, epoch_s) for place, one in enumerate(letters)]


def at(onsets_s: Iterable[float], duration_s: float = 1.0, leg: int = LEFT) -> Movements:
    """Give movements of one length at some onsets."""
    return Movements.of([(onset, onset + duration_s) for onset in onsets_s], leg)


def every(interval_s: float, n: int, start_s: float = 100.0) -> list[float]:
    return [start_s + interval_s * place for place in range(n)]


def marked(onsets_s: Iterable[float], duration_s: float = 1.0, text: str = "Limb movement left") -> list[Annotation]:
    return [note(text, onset, duration_s) for onset in onsets_s]


@dataclass
class Emg:
    """EMG at rest, to which bursts are added."""

    seconds: float
    rate_hz: float = RATE_HZ
    noise_v: float = 1.5e-6
    seed: int = 0
    samples: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.samples = (
            self.rng.normal(0.0, self.noise_v, round(self.seconds * self.rate_hz))
            if self.noise_v
            else (np.zeros(round(self.seconds * self.rate_hz)))
        )

    def burst(self, start_s: float, duration_s: float, size_v: float = 30e-6) -> "Emg":
        """Add noise of a standard deviation."""
        first, n = round(start_s * self.rate_hz), round(duration_s * self.rate_hz)
        self.samples[first : first + n] += self.rng.normal(0.0, size_v, n)
        return self

    def wave(self, start_s: float, duration_s: float, size_v: float, rate_hz: float = 80.0) -> "Emg":
        """Add a sine of an amplitude."""
        first, n = round(start_s * self.rate_hz), round(duration_s * self.rate_hz)
        self.samples[first : first + n] += size_v * np.sin(2 * np.pi * rate_hz * np.arange(n) / self.rate_hz)
        return self

    def channel(self, name: str = "EMG LAT", unit: Unit = Unit.VOLT) -> Channel:
        return Channel(
            name=name, kind=ChannelKind.EMG, unit=unit, sampling_rate_hz=self.rate_hz, n_samples=self.samples.size
        )


def recording(channels: Sequence[tuple[Channel, FloatArray]], notes: Iterable[Annotation] = ()) -> Recording:
    return Recording(
        name="night.edf",
        format="array",
        channels=tuple(channel for channel, _ in channels),
        source=ArraySource([samples for _, samples in channels]),
        annotations=tuple(sorted(notes, key=lambda one: one.start_s)),
    )


def emg_night(legs: dict[str, Emg], notes: Iterable[Annotation] = ()) -> Recording:
    return recording([(emg.channel(name), emg.samples) for name, emg in legs.items()], notes)


def noted_night(notes: Iterable[Annotation], hours: float = 8.0) -> Recording:
    """Give a recording of notes alone, with one EEG channel that nothing is measured on."""
    eeg = Channel(name="C3", kind=ChannelKind.EEG, unit=Unit.VOLT, sampling_rate_hz=1.0, n_samples=round(3600 * hours))
    return recording([(eeg, np.zeros(eeg.n_samples))], notes)


def measured(night: Recording, asked: Asked | None = None) -> RecordingMeasurements:
    found = measure_sleep(night, asked or Asked(), lambda _: None)
    assert found is not None
    return found


def values(found: RecordingMeasurements) -> dict[str, Measurement]:
    return {one.id: one for one in found.measurements}
