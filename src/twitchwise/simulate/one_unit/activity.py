"""Some seconds of EMG of one motor unit: what fires by itself, or a contraction so slight that it has just begun.

What arises in axons is drawn for the whole muscle, and each of its units is taken to look like this one. What
descends - will, a tremor, spasms, jerks - makes the unit discharge while its drive lies above the unit's threshold: at
the rate of recruitment there, up to the greatest rate at full drive. Intervals scatter as much as synaptic noise has
the membrane scatter.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache

import numpy as np
from scipy import signal

from twitchwise.simulate.condition import Setting, parameters_for
from twitchwise.simulate.ectopic import axon_train
from twitchwise.simulate.ectopic.timing import SECONDS_PER_MINUTE, random_starts_s
from twitchwise.simulate.junction import expected_shares
from twitchwise.simulate.muscle import superpose
from twitchwise.simulate.one_unit.parts import KEPT, RATE_HZ, Parts
from twitchwise.vocabulary.arrays import FloatArray

SHOWN_S = 10.0  # heard and drawn: long enough for a rhythm, short enough to listen to
SEARCHED_S = 60.0  # drawn, so that what is rare comes
BEFORE_S = 1.0  # of silence before the first discharge
FRAME_S = 1e-3  # of a drive
BUSY_MOST = 0.9  # share of the time: what is to cramp more often still gets pauses between its cramps
_OF_AXONS, _OF_NOISE, _OF_NEURON, _OF_SPASMS, _OF_VOLLEYS, _OF_COMMON = 1, 2, 3, 4, 5, 6  # streams of chance
_CUT = 3.0  # standard deviations of an interval: none is negative
_LEAST_INTERVAL = 0.2  # of the mean interval


class Activity(StrEnum):
    """What the person does."""

    REST = "rest"
    CONTRACTION = "contraction"


@dataclass(frozen=True, kw_only=True, eq=False)
class Firing:
    """Discharges of a minute in order of time, and the share of the unit's fibers that each sets off; ``(n,)``."""

    time_s: FloatArray
    share: FloatArray

    def within(self, start_s: float) -> int:
        """Return how many there are in the stretch that is shown."""
        return int(((self.time_s >= start_s) & (self.time_s < start_s + SHOWN_S)).sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class Heard:
    """One motor unit that is listened to."""

    parts: Parts
    activity: Activity

    @cached_property
    def firing(self) -> Firing:
        """All discharges."""
        own, wanted = self._own_s(), self._wanted_s()
        time_s = np.concatenate([own, wanted])
        share = np.concatenate([np.full(own.size, self.parts.reached), self._shares(wanted)])
        order = np.argsort(time_s, kind="stable")
        return Firing(time_s=time_s[order], share=share[order])

    def emg_v(self, start_s: float) -> FloatArray:
        """Return the EMG of the stretch that is shown, in V, with the noise of skin and amplifier."""
        n_samples, firing = round(SHOWN_S * RATE_HZ), self.firing
        near = (firing.time_s > start_s - BEFORE_S) & (firing.time_s < start_s + SHOWN_S)
        alone = np.zeros(int(near.sum()), dtype=np.int64)
        late_s = firing.time_s[near] - start_s
        seen = superpose(self.parts.seen, late_s, alone, firing.share[near], n_samples=n_samples)[:, 0]
        noise = np.random.default_rng(_OF_NOISE).standard_normal(n_samples, dtype=np.float32)
        emg: FloatArray = seen + self.parts.parameters["surface_emg_noise_rms"] * noise
        return emg

    def _own_s(self) -> FloatArray:
        """Return what arises in axons of the muscle."""
        if not self.parts.axon.conducts:
            return np.empty(0)
        parameters, n_units = self.parts.parameters, round(self.parts.parameters["pool_units"])
        few = {name: min(parameters[name], n_units) for name in ("fasciculating_units", "grouped_discharge_units")}
        cramps = BUSY_MOST * SECONDS_PER_MINUTE / parameters["cramp_duration"]
        named = {**parameters, **few, "cramp_rate_per_min": min(parameters["cramp_rate_per_min"], cramps)}
        return axon_train(named, n_units, SEARCHED_S, np.random.default_rng(_OF_AXONS)).time_s

    def _wanted_s(self) -> FloatArray:
        """Return what the cell body of this unit sends."""
        if not self.parts.axon.conducts:
            return np.empty(0)
        drive = _drive(self.parts.parameters, self.activity)
        return _discharges_s(drive, float(self.parts.unit.recruitment_threshold[0]), self.parts.parameters)

    def _shares(self, time_s: FloatArray) -> FloatArray:
        return expected_shares(time_s, self.parts.junction) if time_s.size else np.empty(0)


@lru_cache(maxsize=KEPT)
def heard_of(parts: Parts, activity: Activity) -> Heard:
    """Return a motor unit that is listened to; the same unit is drawn once."""
    return Heard(parts=parts, activity=activity)


def start_of(pair: tuple[Heard, Heard]) -> float:
    """Return where the stretch begins that shows health and change: a moment before the first discharge of the changed.

    Where that has none, before the first in health; where neither has, and in a contraction, at the start.
    """
    if pair[0].activity is Activity.CONTRACTION:
        return 0.0
    times = [one.firing.time_s for one in reversed(pair) if one.firing.time_s.size]
    first_s = float(times[0][0]) if times else 0.0
    return min(max(first_s - BEFORE_S, 0.0), SEARCHED_S - SHOWN_S)


def _drive(parameters: Mapping[str, float], activity: Activity) -> FloatArray:
    """Return the drive in each frame, as a share of the greatest; at rest only what also comes at rest."""
    lasts_s = SEARCHED_S if activity is Activity.REST else SHOWN_S
    time_s = FRAME_S * np.arange(round(lasts_s / FRAME_S), dtype=np.float64)
    drive = np.zeros(time_s.size)
    if activity is Activity.CONTRACTION:
        drive += parameters["voluntary_drive_scale"] * max(parameters["voluntary_drive"], slight_drive())
    elif parameters["voluntary_drive"] > 0:
        return drive
    turns = 2 * math.pi * parameters["tremor_frequency"] * time_s
    drive += parameters["tremor_drive"] * np.maximum(np.sin(turns), 0.0)
    for kind, stream in (("spasm", _OF_SPASMS), ("volley", _OF_VOLLEYS)):
        drive += parameters[f"{kind}_drive"] * _episodes(parameters, kind, time_s, stream)
    if drive.any():
        spread, band_hz = parameters["common_drive_spread"], parameters["common_drive_band"]
        drive *= np.maximum(1 + spread * _slow_noise(band_hz, time_s.size), 0.0)
    return np.minimum(drive, 1.0)


@cache
def slight_drive() -> float:
    """Return the drive of a weak contraction that can be held, which the scene ``contraction`` gives."""
    return parameters_for(Setting(condition="healthy", scene="contraction"))["voluntary_drive"]


@lru_cache(maxsize=KEPT)
def _slow_noise(band_hz: float, n_frames: int) -> FloatArray:
    """Return fluctuations below a frequency, standard deviation 1."""
    low_pass = signal.butter(2, band_hz, fs=1 / FRAME_S)
    noise = signal.lfilter(*low_pass, np.random.default_rng(_OF_COMMON).standard_normal(n_frames))
    return np.asarray(noise / noise.std(), dtype=np.float64)


def _episodes(parameters: Mapping[str, float], kind: str, time_s: FloatArray, stream: int) -> FloatArray:
    """Return 1 in the frames of spasms or volleys, else 0."""
    rate, lasts_s = parameters[f"{kind}_rate_per_min"], parameters[f"{kind}_duration"]
    rate = min(rate, BUSY_MOST * SECONDS_PER_MINUTE / lasts_s)
    interval_s = SECONDS_PER_MINUTE / rate if rate else math.inf
    starts = random_starts_s(SEARCHED_S, interval_s, lasts_s, np.random.default_rng(stream))
    last = np.concatenate([[-math.inf], starts])[np.searchsorted(starts, time_s, side="right")]
    return np.asarray(time_s - last < lasts_s, dtype=np.float64)


def _discharges_s(drive: FloatArray, threshold: float, parameters: Mapping[str, float]) -> FloatArray:
    above_s = FRAME_S * np.flatnonzero((drive >= threshold) & (drive > 0))
    least, most = parameters["discharge_rate_least_hz"], parameters["discharge_rate_most_hz"]
    excess = np.clip((drive - threshold) / max(1 - threshold, FRAME_S), 0, 1)
    rate_hz = least + max(most - least, 0.0) * excess
    chance = np.random.default_rng(_OF_NEURON)
    found, now_s = [], 0.0
    while (place := int(np.searchsorted(above_s, now_s))) < above_s.size:
        now_s = float(above_s[place])
        found.append(now_s)
        jitter = parameters["synaptic_noise"] * float(np.clip(chance.standard_normal(), -_CUT, _CUT))
        now_s += max(1 + jitter, _LEAST_INTERVAL) / float(rate_hz[round(now_s / FRAME_S)])
    return np.array(found)
