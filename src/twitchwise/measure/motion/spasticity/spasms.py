"""Spasms: activity out of rest on a leg, and its type by EMG.

The types are those of Thomas et al. 2014: unit, tonic, clonus, myoclonus and mixed. What a sensor cannot tell is
whether the person meant the movement or was moved; that is a doubt of every count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from twitchwise.measure.emg.rhythms.envelope import BIN_S
from twitchwise.measure.emg.settings import emg_settings
from twitchwise.measure.motion.spasticity.beats import chains_on
from twitchwise.measure.motion.spasticity.levels import STEP_S, Level
from twitchwise.measure.motion.spasticity.settings import ClonusSettings, SpasmSettings
from twitchwise.measure.motion.spasticity.waves import Wave, WaveSource
from twitchwise.signals import Intervals, Recording
from twitchwise.vocabulary.arrays import BoolArray, FloatArray
from twitchwise.vocabulary.text import say

# What begins so soon after a noted stretch or tap is the answer to it.
_ANSWER_S = 1.0
# So long after the EMG of a spasm the leg may still move of it.
_MOVES_ON_S = 0.5
# Potentials of one unit last no longer than this many steps of 10 ms; a beat of clonus is made of many units.
_UNIT_STEPS = 3.0
# A spasm with less beating than this is not called mixed.
_SOME = 0.2


class SpasmType(StrEnum):
    """How the EMG of a spasm looks."""

    UNIT = "unit"
    TONIC = "tonic"
    CLONUS = "clonus"
    MYOCLONUS = "myoclonus"
    MIXED = "mixed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spasm:
    """One spasm: when, when and how strong at its peak, and its type where EMG tells it."""

    start_s: float
    stop_s: float
    peak_s: float
    size: float
    type: SpasmType | None = None

    @property
    def duration_s(self) -> float:
        """From beginning to end."""
        return self.stop_s - self.start_s


@dataclass(frozen=True, kw_only=True, eq=False)
class SpasmsOn:
    """Spasms on one source.

    Parameters
    ----------
    source
        Where.
    spasms
        In order of time.
    looked_s
        Time in which a spasm could have been told: the recording without missing samples, and without activity that is
        too long for a spasm or comes out of other activity.
    busy_s
        How long such activity was.
    moved
        Movements after which the leg lay differently, as after turning in bed or being moved; they are not counted.
    """

    source: WaveSource
    spasms: tuple[Spasm, ...]
    looked_s: float
    busy_s: float
    moved: int = 0


def not_at_rest(found: SpasmsOn) -> str:
    """Return why nothing can be said of spasms on a source that hardly rested."""
    return say(
        "Spasms cannot be looked for on {source!r}: it rests for {looked_s:.0f} s only, and a spasm shows only "
        "out of rest.",
        source=found.source.name,
        looked_s=found.looked_s,
    )


def spasms_in(level: Level, asked_s: FloatArray, missing: Intervals, settings: SpasmSettings) -> SpasmsOn:
    """Return the spasms on a level: activity out of rest, neither too short nor too long, that nothing asked for."""
    spans = level.spans(settings.gap_s)
    shortest_s = settings.shortest_s if level.source.is_emg else settings.shortest_motion_s
    spasms, busy_s, last_s, moved = list[Spasm](), 0.0, 0.0, 0
    for start_s, stop_s in spans:
        lasts_s = stop_s - start_s
        rested = start_s - last_s >= settings.still_before_s
        last_s = stop_s
        # steps are a tenth of a second, and the shortest spasm may fill one of them
        if lasts_s + STEP_S / 2 < shortest_s or _was_asked(start_s, asked_s):
            continue
        if not rested or lasts_s > settings.longest_s:
            busy_s += lasts_s
            continue
        if level.turned_rad(start_s, stop_s) >= settings.turn_least_rad:
            busy_s += lasts_s
            moved += 1
            continue
        peak_s, size = level.peak(start_s, stop_s)
        spasms.append(Spasm(start_s=start_s, stop_s=stop_s, peak_s=peak_s, size=size))
    looked_s = max(level.values.size * STEP_S - busy_s - missing.duration_s, 0.0) if level.rests else 0.0
    return SpasmsOn(source=level.source, spasms=tuple(spasms), looked_s=looked_s, busy_s=busy_s, moved=moved)


def _was_asked(start_s: float, asked_s: FloatArray) -> bool:
    waits = start_s - asked_s
    return bool(((waits >= -_ANSWER_S / 2) & (waits <= _ANSWER_S)).any())


def each_once(found: Iterable[SpasmsOn]) -> list[SpasmsOn]:
    """Return spasms each once: EMG channels keep their own, of a leg's sensors of motion the first stands for all.

    A movement that an EMG channel shows as a spasm is not told again.
    """
    kept = list[SpasmsOn]()
    for one in found:
        same = [other for other in kept if len({one.source.side, other.source.side} - {None}) <= 1]
        if one.source.is_emg or not same:
            kept.append(one)
        elif all(other.source.is_emg for other in same):
            told = Intervals.union([(s.start_s, s.stop_s + _MOVES_ON_S) for other in same for s in other.spasms])
            new = [s for s in one.spasms if not _overlaps(s, told)]
            kept += [replace(one, spasms=tuple(new))] if new else []
    return kept


def _overlaps(spasm: Spasm, told: Intervals) -> bool:
    return any(start_s < spasm.stop_s and spasm.start_s < stop_s for start_s, stop_s in told.spans)


def typed(
    recording: Recording, found: SpasmsOn, noise: float, settings: SpasmSettings, clonus: ClonusSettings
) -> Sequence[Spasm]:
    """Return the spasms of an EMG channel with their types."""
    waves = ((one, _wave(recording, found.source, one, clonus)) for one in found.spasms)
    rows = (
        (one, wave, wave.size[wave.at(one.start_s, one.stop_s)] > settings.above_noise * noise) for one, wave in waves
    )
    return [
        replace(one, type=_type(wave, found.source, one, active, settings, clonus))
        for one, wave, active in rows
        # a single potential is a fasciculation, however large
        if active.sum() * BIN_S > emg_settings().potential_longest_s
    ]


def _wave(recording: Recording, source: WaveSource, spasm: Spasm, settings: ClonusSettings) -> Wave:
    return source.wave(recording, max(spasm.start_s - 1.0, 0.0), spasm.stop_s + 1.0, settings)


def _type(
    wave: Wave,
    source: WaveSource,
    spasm: Spasm,
    active: BoolArray,
    settings: SpasmSettings,
    clonus: ClonusSettings,
) -> SpasmType:
    if spasm.duration_s <= settings.myoclonus_longest_s:
        return SpasmType.MYOCLONUS
    runs = int(np.count_nonzero(np.diff(active.astype(np.int8), prepend=0) == 1))
    if active.mean() <= settings.unit_share and active.sum() <= _UNIT_STEPS * max(runs, 1):
        return SpasmType.UNIT
    beating_s = sum(
        max(min(chain.stop_s, spasm.stop_s) - max(chain.start_s, spasm.start_s), 0.0)
        for chain in chains_on(wave, source, clonus)
    )
    share = beating_s / max(spasm.duration_s, BIN_S)
    if share >= settings.clonus_share:
        return SpasmType.CLONUS
    return SpasmType.MIXED if share >= _SOME else SpasmType.TONIC
