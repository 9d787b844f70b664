"""Bouts of clonus: chains of beats that began with a stretch, or that the leg keeps up without one, which is a doubt.

A tremor can have the same rhythm. What tells clonus is that it begins soon after a stretch and was not there before
(Wallace, Ross and Thomas 2005 evoked it so; the ranges are files ``clonus_*`` and ``rhythm_clonus_*``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.measure.emg.rhythms.settings import rhythm_settings
from twitchwise.measure.motion.spasticity.beats import Chain, chains_on
from twitchwise.measure.motion.spasticity.places import Place
from twitchwise.measure.motion.spasticity.settings import ClonusSettings
from twitchwise.measure.motion.spasticity.stretches import Turns
from twitchwise.measure.motion.spasticity.waves import Wave, WaveSource
from twitchwise.signals import Recording
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say

# How loud the rhythm was before is told from so much time, which ends so long before the first beat.
_BEFORE_S, _APART_S = 1.0, 0.1
# Two bouts on two sensors are one if they share this part of the shorter, and their frequencies differ by no more than
# this factor.
_SHARED, _SAME_RATE = 0.5, 1.15
# A rhythm that comes again keeps its frequency within this factor, and clonus comes again within this time.
_SAME_TREMOR, _AGAIN_S = 1.2, 10.0
# A bout goes on where it was before if the pause is shorter than so many beats.
_BEATS_OF_PAUSE = 3.0

ONE_OF_A_TREMOR = say("No stretch was noted or seen before it, so that it may be a tremor.")
AGAIN = say("It began without a new stretch, some seconds after a bout of the same rhythm.")
SEEN_ONLY = say("The stretch before it was seen in the motion and not noted.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Bout:
    """One bout of clonus.

    Parameters
    ----------
    source
        Where it was seen.
    chain
        Its beats.
    stretch_s
        When the stretch was that began it, or ``None``.
    probability
        How likely it is clonus and no tremor.
    doubts
        Why it must not be leaned on.
    also_on
        Other sensors that show the same bout.
    cut
        Whether it reaches the end of the recording, so that it may have lasted longer.
    """

    source: WaveSource
    chain: Chain
    stretch_s: float | None
    probability: float
    doubts: tuple[str, ...] = ()
    also_on: tuple[str, ...] = ()
    cut: bool = False

    @property
    def frequency_hz(self) -> float:
        """Beats per second."""
        return float((len(self.chain) - 1) / (self.chain.time_s[-1] - self.chain.time_s[0]))

    @property
    def duration_s(self) -> float:
        """From half a beat before the first to half a beat after the last."""
        return self.chain.stop_s - self.chain.start_s


@dataclass(frozen=True, kw_only=True, eq=False)
class Sighted:
    """What was seen on one source: bouts of clonus, and rhythms that began without a stretch."""

    source: WaveSource
    bouts: tuple[Bout, ...]
    unasked: tuple[Chain, ...]


def bouts_on(
    recording: Recording, source: WaveSource, noted_s: FloatArray, turns: Turns, settings: ClonusSettings
) -> Sighted:
    """Return the bouts of clonus on one source, in order of time, and the rhythms that are none."""
    found, unasked = list[Bout](), list[Chain]()
    judge = _Judge(source=source, noted_s=noted_s, turns=turns, settings=settings)
    for start_s, stop_s, wave in source.pieces(recording, settings):
        for chain in chains_on(wave, source, settings):
            if start_s <= chain.time_s[0] < stop_s and not (found and chain.time_s[0] < found[-1].chain.time_s[-1]):
                bout = judge.bout(chain, wave, found)
                found += [] if bout is None else [bout]
                unasked += [chain] if bout is None else []
    bouts = tuple(replace(bout, cut=_reaches_end(bout)) for bout in _joined(found, settings))
    return Sighted(source=source, bouts=bouts, unasked=tuple(unasked))


def without_tremor(sighted: Sequence[Sighted], settings: ClonusSettings) -> list[Bout]:
    """Return the bouts that no tremor explains, by source and time.

    A rhythm that lasts and that nothing began is taken for a tremor. What comes after it without a stretch is that
    tremor again, and so is what comes after a stretch, but on the leg, where a stretch begins clonus before all.
    """
    lasting = [
        float(chain.time_s[0]) for one in sighted for chain in one.unasked if len(chain) >= settings.sustained_beats
    ]
    first_s = min(lasting, default=float("inf"))
    return [bout for one in sighted for bout in one.bouts if not _is_tremor(bout, one, first_s, settings)]


def lasting_rhythm(sighted: Sequence[Sighted], settings: ClonusSettings) -> Chain | None:
    """Return the longest rhythm that lasts and that nothing began, or ``None``."""
    lasting = [chain for one in sighted for chain in one.unasked if len(chain) >= settings.sustained_beats]
    return max(lasting, key=len, default=None)


def _is_tremor(bout: Bout, seen: Sighted, first_s: float, settings: ClonusSettings) -> bool:
    if bout.stretch_s is not None and seen.source.place is Place.LEG:
        return False
    return bool(bout.chain.time_s[0] > first_s) or _was_there(bout, seen.unasked, settings)


def _reaches_end(bout: Bout) -> bool:
    return bout.source.duration_s - bout.chain.stop_s < bout.chain.interval_s


def _was_there(bout: Bout, unasked: Iterable[Chain], settings: ClonusSettings) -> bool:
    """Tell whether the same rhythm came earlier without a stretch, as a tremor does that pauses and comes again."""
    return any(
        chain.time_s[0] < bout.chain.time_s[0]
        and len(chain) >= settings.beats_least_motion
        and 1 / _SAME_TREMOR <= bout.chain.interval_s / chain.interval_s <= _SAME_TREMOR
        for chain in unasked
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Judge:
    """Tells bouts of clonus from tremor and from limbs that swing by themselves, on one source."""

    source: WaveSource
    noted_s: FloatArray
    turns: Turns
    settings: ClonusSettings

    def bout(self, chain: Chain, wave: Wave, before: Sequence[Bout]) -> Bout | None:
        """Return the bout that a chain is, or ``None`` where it cannot be told from something else."""
        first_s, settings = float(chain.time_s[0]), self.settings
        if before and first_s - before[-1].chain.time_s[-1] <= _BEATS_OF_PAUSE / settings.rate_low_hz:
            large = settings.beat_share * np.median(before[-1].chain.height)
            return replace(before[-1], chain=chain) if np.median(chain.height) >= large else None
        if before and self._comes_again(chain, before):
            return replace(before[-1], chain=chain, doubts=tuple(dict.fromkeys((*before[-1].doubts, AGAIN))))
        if not _is_new(chain, wave, self.source, settings):
            return None
        return self._after_noted(chain) or self._without_note(chain)

    def _comes_again(self, chain: Chain, before: Sequence[Bout]) -> bool:
        """Tell whether a chain is the rhythm of the longest bout again, soon after the last, as after a spasm."""
        longest = max((bout.chain for bout in before), key=len)
        return bool(
            before[-1].stretch_s is not None
            and chain.time_s[0] - before[-1].chain.time_s[-1] <= _AGAIN_S
            and 1 / _SAME_TREMOR <= chain.interval_s / longest.interval_s <= _SAME_TREMOR
            and (self._is_clockwork(chain) or len(chain) >= self.settings.sustained_beats)
        )

    def _is_clockwork(self, chain: Chain) -> bool:
        return chain.likeness >= self.settings.likeness and len(chain) >= self.settings.beats_least_motion

    def _after_noted(self, chain: Chain) -> Bout | None:
        """Return the bout that began with a noted stretch."""
        least = self.settings.beats_least if self.source.is_emg else self.settings.beats_least_motion
        stretch_s = _stretch_before(float(chain.time_s[0]), self.noted_s, self.settings)
        # a leg that is moved about after a stretch swings too, but not as clockwork
        loose = not self.source.is_emg and chain.likeness < self.settings.likeness
        if stretch_s is None or len(chain) < least or loose:
            return None
        return _bout(self.source, chain, stretch_s, 1 - rhythm_settings().clonus_unasked)

    def _without_note(self, chain: Chain) -> Bout | None:
        """Return the bout that began with a stretch that was seen, or that a leg keeps up as clockwork."""
        settings, first_s = self.settings, float(chain.time_s[0])
        if not self._is_clockwork(chain):
            return None
        if self.turns.turned_before(first_s):
            return _bout(self.source, chain, first_s, 1 - rhythm_settings().clonus_unasked, SEEN_ONLY)
        if self.source.place is Place.LEG and len(chain) >= settings.sustained_beats:
            return _bout(self.source, chain, None, settings.probability_on_leg, ONE_OF_A_TREMOR)
        return None


def _bout(source: WaveSource, chain: Chain, stretch_s: float | None, probability: float, *doubts: str) -> Bout:
    return Bout(source=source, chain=chain, stretch_s=stretch_s, probability=probability, doubts=doubts)


def _is_new(chain: Chain, wave: Wave, source: WaveSource, settings: ClonusSettings) -> bool:
    """Tell whether the rhythm was not there before, as a tremor would be."""
    stop_s = float(chain.time_s[0]) - _APART_S - chain.interval_s / 2
    if stop_s - wave.start_s < _BEFORE_S / 2:
        return False
    part = wave.swing[wave.at(stop_s - _BEFORE_S, stop_s)]
    inside = wave.swing[wave.at(float(chain.time_s[0]), float(chain.time_s[-1]))]
    before = max(float(np.sqrt(np.median(part**2)) / 0.6745), source.noise)
    return float(np.sqrt((inside**2).mean())) >= settings.louder_than_before * before


def _stretch_before(first_s: float, noted_s: FloatArray, settings: ClonusSettings) -> float | None:
    waits = first_s - noted_s
    reach = settings.begins_within_s + settings.note_error_s
    fits = noted_s[(waits >= -settings.note_error_s) & (waits <= reach)]
    return float(fits[-1]) if fits.size else None


def _joined(bouts: Sequence[Bout], settings: ClonusSettings) -> Iterator[Bout]:
    """Join bouts on one source that a missed beat or a second stretch parts."""
    open_bout: Bout | None = None
    for bout in bouts:
        if open_bout is None:
            open_bout = bout
        elif bout.chain.time_s[0] - open_bout.chain.time_s[-1] <= _BEATS_OF_PAUSE / settings.rate_low_hz:
            open_bout = replace(open_bout, chain=_together(open_bout.chain, bout.chain))
        else:
            yield open_bout
            open_bout = bout
    if open_bout is not None:
        yield open_bout


def _together(first: Chain, second: Chain) -> Chain:
    later = second.time_s > first.time_s[-1]
    return Chain(
        time_s=np.concatenate([first.time_s, second.time_s[later]]),
        height=np.concatenate([first.height, second.height[later]]),
        size=np.concatenate([first.size, second.size[later]]),
        depth=min(first.depth, second.depth),
        likeness=min(first.likeness, second.likeness),
    )


def each_once(bouts: Iterable[Bout]) -> list[Bout]:
    """Return each bout once: of sensors that show the same one the first given stands for it and names the others.

    EMG channels are different muscles and each keep their own.
    """
    found = list[Bout]()
    for bout in bouts:
        same = next((index for index, other in enumerate(found) if _same(bout, other)), None)
        if same is None:
            found.append(bout)
        elif bout.source.name not in found[same].also_on:
            found[same] = replace(found[same], also_on=(*found[same].also_on, bout.source.name))
    return found


def _same(bout: Bout, other: Bout) -> bool:
    if bout.source is other.source or (bout.source.is_emg and other.source.is_emg):
        return False
    sides = {bout.source.side, other.source.side} - {None}
    shared = min(bout.chain.stop_s, other.chain.stop_s) - max(bout.chain.start_s, other.chain.start_s)
    ratio = bout.frequency_hz / other.frequency_hz
    return (
        len(sides) <= 1
        and shared >= _SHARED * min(bout.duration_s, other.duration_s)
        and 1 / _SAME_RATE <= ratio <= _SAME_RATE
    )
