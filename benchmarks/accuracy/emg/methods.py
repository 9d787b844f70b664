"""The methods that are compared: ours, a plain threshold, a published recipe, and general EMG onset detectors.

A method for one channel is told which channel shows the events best. The onset detectors look for contractions, and are
here because nothing else is open; what they find in a contraction is forgiven. They are loaded when they are used.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from benchmarks.accuracy.emg.published_recipe import BAND_HZ, Recipe, band_passed_v
from benchmarks.accuracy.emg.scenes import Scene
from benchmarks.accuracy.emg.scoring import Found
from scipy import signal

from twitchwise.measure import RecordingMeasurements, measure_recording
from twitchwise.signals import EventTrain
from twitchwise.vocabulary import EventKind, TwitchwiseError
from twitchwise.vocabulary.arrays import FloatArray

NEEDLE_BAND_HZ = (20.0, 5000.0)
MAD_TO_SIGMA = 1.4826  # of a normal distribution
APART_S = 0.01  # peaks nearer to each other are phases of one potential
DISCHARGES_APART_S = 0.0015
SAME_EVENT_S = 0.01  # within which channels that are reported apart see one event
REST_TOLD_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Method:
    """One of the methods: its name, what it does, and whether it looks for contractions and is forgiven for it."""

    name: str
    find: Callable[[Scene], Found]
    finds_contractions: bool = False


class NotInstalledError(Exception):
    """A package that is compared is not installed."""


def measured(scene: Scene) -> RecordingMeasurements:
    """Return what the package measures, with every discharge where the scene asks for that."""
    return measure_recording(scene.recording, discharges=scene.wants_discharges)


def twitchwise(scene: Scene) -> Found:
    """Return the package's own events, or its discharges where these are asked for and there are any."""
    try:
        result = measured(scene)
    except TwitchwiseError:
        return Found()
    if scene.wants_discharges and result.discharges:
        return joined(result.discharges)
    return joined([train for train in result.events if train.kind is EventKind.FASCICULATION_POTENTIAL])


def joined(trains: Sequence[EventTrain]) -> Found:
    """Return the events of all trains; those of different trains that coincide are one, timed where it is largest."""
    if len(trains) == 1:
        return Found.at(trains[0].peak_s, trains[0].unit)
    owner = np.repeat(np.arange(len(trains)), [len(train) for train in trains])
    if owner.size == 0:
        return Found()
    time_s = np.concatenate([train.peak_s for train in trains])
    size = np.concatenate([np.abs(train.peak) for train in trains])
    unit = np.concatenate([train.unit for train in trains])
    order = np.argsort(time_s, kind="stable")
    begins = np.flatnonzero(np.diff(time_s[order]) > SAME_EVENT_S) + 1
    kept = [group[size[group].argmax()] for group in np.split(order, begins)]
    # numbers of units mean something within one train only
    numbered = unit[kept] * len(trains) + owner[kept]
    return Found.at(time_s[kept], np.where(unit[kept] > 0, numbered, 0))


def filtered(scene: Scene) -> FloatArray:
    """Return the clearest channel in the usual band, in V."""
    return band_passed_v(scene, NEEDLE_BAND_HZ if scene.wants_discharges else BAND_HZ)


def threshold(sigmas: float, scene: Scene) -> Found:
    """Return peaks above a multiple of the noise, which is taken from the median of all sizes."""
    size = np.abs(filtered(scene))
    return _peaks(size, sigmas * MAD_TO_SIGMA * float(np.median(size)), scene)


def plain_threshold(sigmas: float, scene: Scene) -> Found:
    """Return peaks above a multiple of the standard deviation of the whole signal, potentials and all."""
    band_v = filtered(scene)
    return _peaks(np.abs(band_v), sigmas * float(band_v.std()), scene)


def _peaks(size_v: FloatArray, limit_v: float, scene: Scene) -> Found:
    apart_s = DISCHARGES_APART_S if scene.wants_discharges else APART_S
    apart = max(1, round(apart_s * scene.sampling_rate_hz))
    peaks, _ = signal.find_peaks(size_v, height=max(limit_v, np.finfo(float).tiny), distance=apart)
    return Found.at(peaks / scene.sampling_rate_hz)


def neurokit(name: str, scene: Scene) -> Found:
    """Return NeuroKit2's activation onsets; the shortest activation is set to 4 ms, for its default misses all."""
    try:
        import neurokit2  # noqa: PLC0415 - a peer, loaded when it is used
    except ImportError as error:
        raise NotInstalledError("neurokit2") from error
    rate = int(scene.sampling_rate_hz)
    clean = neurokit2.emg_clean(1e6 * scene.clear_v, sampling_rate=rate)
    _, info = neurokit2.emg_activation(
        neurokit2.emg_amplitude(clean), clean, sampling_rate=rate, method=name, duration_min=0.004
    )
    return Found.at(np.asarray(info["EMG_Onsets"], dtype=np.float64) / rate)


def biosppy(name: str, scene: Scene) -> Found:
    """Return the onsets of one of BioSPPy's detectors; that of Solnik is told a stretch of rest."""
    try:
        from biosppy.signals import emg  # noqa: PLC0415 - a peer, loaded when it is used
    except ImportError as error:
        raise NotInstalledError("biosppy") from error
    rate, samples = scene.sampling_rate_hz, 1e6 * scene.clear_v
    if name == "find_onsets":
        onsets = emg.find_onsets(signal=samples, sampling_rate=rate)[0]
    else:
        rest = samples[: round(REST_TOLD_S * rate)]
        both = emg.solnik_onset_detector(
            signal=samples, rest=rest, sampling_rate=rate, threshold=15, active_state_duration=4
        )[0]
        onsets = both[::2]  # it returns onsets and offsets in turn
    return Found.at(np.asarray(onsets, dtype=np.float64) / rate)


def quietly(find: Callable[[Scene], Found], scene: Scene) -> Found:
    """Call a method without its warnings; one that fails on a recording has found nothing."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return find(scene)
        except NotInstalledError:
            raise
        except Exception:  # noqa: BLE001 - whatever a peer fails with is its result
            return Found()


OURS = Method(name="twitchwise", find=twitchwise)
THRESHOLDS = tuple(Method(name=f"threshold, {k:g} sigma", find=partial(threshold, k)) for k in (3.0, 4.0, 5.0))
PLAIN = Method(name="threshold, 3 standard deviations", find=partial(plain_threshold, 3.0))
RECIPE = Method(name="recipe of SPiQE, rebuilt", find=lambda scene: Found.at(Recipe.fitted().peaks_s(scene)))
PEERS = (
    Method(name="neurokit2, threshold", find=partial(quietly, partial(neurokit, "threshold")), finds_contractions=True),
    Method(
        name="biosppy, find_onsets", find=partial(quietly, partial(biosppy, "find_onsets")), finds_contractions=True
    ),
    Method(name="biosppy, Solnik", find=partial(quietly, partial(biosppy, "solnik")), finds_contractions=True),
)
ALL = (OURS, *THRESHOLDS, RECIPE, *PEERS)


def is_slow(method: Method) -> bool:
    """Tell whether a method takes so long that it is asked about few scenes."""
    return method.name.startswith("neurokit2")
