"""A table of targets, and what a recording is asked for: a peak of a spectrum, the seconds around an event."""

from collections.abc import Iterator

import numpy as np
from scipy import signal

from twitchwise.simulate import Setting, Simulation, simulate_condition
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray

SILENT = {
    "surface_emg_noise_rms": 0.0,
    "mains_amplitude": 0.0,
    "force_sensor_noise": 0.0,
    "accelerometer_noise": 0.0,
    "gyroscope_noise": 0.0,
}
"""Changes that take the noise of every sensor away, so that only the model is measured."""
SETTLED_S = 1.0  # after which a contraction or a tremor has come up
RESOLUTION_HZ = 0.05
LAGS_S = (3e-4, 4e-3, 2.5e-6)  # from, to and in steps of
FAINT = 1e-6  # of the strongest frequency; what is fainter does not move the peak

missed: list[str] = []


def heading(text: str) -> None:
    """Print the title of a part of the table."""
    print(f"\n{text}", flush=True)


def check(what: str, target: str, measured: str, *, holds: bool) -> None:
    """Print one line of the table, and remember a miss."""
    if not holds:
        missed.append(what)
    print(f"  {what:60s} {target:24s} {measured:28s} {'holds' if holds else 'MISSED'}", flush=True)


def within(what: str, values: FloatArray, low: float, high: float, unit: str, *, scale: float = 1.0) -> None:
    """Print one line that holds where all values lie between two limits."""
    shown, target = np.atleast_1d(values) * scale, f"{low * scale:.3g} to {high * scale:.3g} {unit}"
    measured = f"{shown.min():.3g}" if shown.size == 1 else f"{shown.min():.3g} to {shown.max():.3g}"
    check(
        what, target, f"{measured} {unit}", holds=bool((low <= np.atleast_1d(values)).all() and (values <= high).all())
    )


def simulated(setting: Setting | str, duration_s: float, seed: int = 1, **changes: float) -> Simulation:
    """Simulate without the noise of sensors, with further changes."""
    setting = Setting(condition=setting) if isinstance(setting, str) else setting
    return simulate_condition(_changed(setting, changes), duration_s=duration_s, seed=seed)


def _changed(setting: Setting, changes: dict[str, float]) -> Setting:
    return Setting(
        condition=setting.condition,
        severity=setting.severity,
        muscle=setting.muscle,
        scene=setting.scene,
        changes={**SILENT, **setting.changes, **changes},
    )


def peak_hz(values: FloatArray, rate_hz: float, least_hz: float = 1.5, most_hz: float = 30.0) -> float:
    """Return the frequency at which a spectrum (Welch, 4 s) is largest."""
    length = min(round(4 * rate_hz), values.size)
    frequency, power = signal.welch(
        values - values.mean(), rate_hz, nperseg=length, nfft=max(length, round(rate_hz / RESOLUTION_HZ))
    )
    wanted = (frequency > least_hz) & (frequency < most_hz)
    return float(frequency[wanted][power[wanted].argmax()])


def delay_s(rows: FloatArray, rate_hz: float) -> float:
    """Return the delay from row to row at which their cross-correlation is largest, between 0.3 and 4 ms."""
    spectra = np.fft.rfft(rows)
    cross = np.sum(np.conj(spectra[:-1]) * spectra[1:], axis=0)
    turn = 2j * np.pi * np.fft.rfftfreq(rows.shape[1], 1 / rate_hz)
    strong = np.abs(cross) > FAINT * np.abs(cross).max()
    lags_s = np.arange(*LAGS_S)
    correlation = [float((cross[strong] * np.exp(turn[strong] * lag)).real.sum()) for lag in lags_s]
    return float(lags_s[np.argmax(correlation)])


def channel_hz(simulation: Simulation, channel: str, start_s: float = SETTLED_S, stop_s: float | None = None) -> float:
    """Return the frequency at which a channel's spectrum is largest, of an EMG that of its rectified course."""
    recording = simulation.recording
    rate_hz = recording.channel(channel).sampling_rate_hz
    values = recording.read(channel)[round(start_s * rate_hz) : None if stop_s is None else round(stop_s * rate_hz)]
    return peak_hz(np.abs(values) if channel.startswith("EMG") else values, rate_hz)


def times_s(simulation: Simulation, kind: EventKind) -> FloatArray:
    """Return when events of a kind start, in s."""
    found = [train.start_s for train in simulation.events if train.kind is kind]
    return np.concatenate([np.empty(0), *found])


def after(simulation: Simulation, channel: str, kind: EventKind, length_s: float) -> Iterator[FloatArray]:
    """Give the stretch of a channel after each event of a kind that is followed by a whole one."""
    recording = simulation.recording
    values, rate_hz = recording.read(channel), recording.channel(channel).sampling_rate_hz
    for start_s in times_s(simulation, kind).tolist():
        first = round(start_s * rate_hz)
        if first + length_s * rate_hz <= values.size:
            yield values[first : first + round(length_s * rate_hz)]
