"""Whether a rhythm of bursts began with a stretch or tap, as clonus does, or was there before it, as a tremor is."""

from collections.abc import Sequence

import numpy as np

from twitchwise.measure.emg.rhythms.definitions import Kind, Other
from twitchwise.measure.emg.rhythms.envelope import Bursts
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import Causes
from twitchwise.vocabulary import EventKind
from twitchwise.vocabulary.arrays import FloatArray

_FEWEST = 2  # bursts that have an interval


def parted(
    rhythms: Sequence[Bursts], causes: Causes, settings: RhythmSettings
) -> list[tuple[Bursts, dict[Kind, float]]]:
    """Return rhythms with how likely each kind is beforehand.

    They are parted at the first stretch or tap, before which bursts are no answer to it, unless the same rhythm was
    there before: then it is one rhythm, which nothing began.
    """
    begun = np.sort(np.concatenate([causes.stretches_s, causes.taps_s]))
    before_s = [] if begun.size == 0 else _intervals_before(rhythms, float(begun[0]), settings)
    found = list[tuple[Bursts, dict[Kind, float]]]()
    for bursts in rhythms:
        at = int(np.searchsorted(bursts.peak_s, begun[0])) if begun.size else 0
        after = bursts.where(slice(at, len(bursts)))
        if _was_there(after, before_s, settings):
            found.append((bursts, _prior(settings.clonus_unasked)))
            continue
        parts = [part for part in (bursts.where(slice(0, at)), after) if len(part) >= settings.burst_count]
        found += [(part, _prior(_clonus(part, begun, settings))) for part in parts]
    return found


def _intervals_before(rhythms: Sequence[Bursts], first_s: float, settings: RhythmSettings) -> list[float]:
    """Return the intervals of the rhythms that were there well before the first stretch or tap."""
    parts = [one.where(slice(0, int(np.searchsorted(one.peak_s, first_s)))) for one in rhythms]
    return [
        _interval_s(part)
        for part in parts
        if len(part) >= settings.clonus_before_count and first_s - part.peak_s[0] > settings.note_error_s
    ]


def _was_there(bursts: Bursts, before_s: Sequence[float], settings: RhythmSettings) -> bool:
    """Tell whether bursts keep the rate of a rhythm that was there before."""
    if len(bursts) < _FEWEST:
        return False
    factor = settings.clonus_same_rate
    return any(1 / factor <= _interval_s(bursts) / interval_s <= factor for interval_s in before_s)


def _interval_s(bursts: Bursts) -> float:
    return float(np.median(bursts.intervals_s))


def _clonus(bursts: Bursts, begun: FloatArray, settings: RhythmSettings) -> float:
    """Return how likely clonus is beside tremor: it begins soon after a stretch or tap."""
    waits = bursts.peak_s[0] - begun
    after = bool(((waits >= 0) & (waits <= settings.clonus_begins_within_s)).any())
    return 1 - settings.clonus_unasked if after else settings.clonus_unasked


def _prior(clonus: float) -> dict[Kind, float]:
    """Return how likely each kind of rhythm is beforehand; bursts of one unit are looked for apart."""
    return {
        EventKind.CLONUS_BEAT: clonus,
        EventKind.TREMOR_BURST: 1 - clonus,
        Other.WILLED: 1.0,
        Other.UNEXPLAINED: 1.0,
    }
