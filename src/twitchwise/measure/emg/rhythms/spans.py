"""Long activity without a break, and whether it is a cramp or a contraction.

Both are many units at rates of will; in a cramp the intervals of single units vary far more (Minetto et al. 2009, PMID
19571196). Where no unit can be followed, what the person was told is all there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d

from twitchwise.measure.emg.rhythms.chains import Chain
from twitchwise.measure.emg.rhythms.definitions import Kind, of_spans, weigh
from twitchwise.measure.emg.rhythms.envelope import BIN_S
from twitchwise.measure.emg.rhythms.features import usual_interval
from twitchwise.measure.emg.rhythms.settings import RhythmSettings
from twitchwise.measure.emg.rhythms.trace import Causes
from twitchwise.signals import Intervals
from twitchwise.vocabulary import EventKind

# A muscle is active where at least this share of half a second is loud: a potential of one unit three times a second is
# not, one unit at ten a second is. Quieter moments shorter than this do not end an activity.
_LOUD_SHARE, _SMOOTH_S, _GAP_S = 0.15, 0.5, 1.0
# A unit is followed if it has so many discharges in the activity, and this part of its intervals lies near the usual
# one.
_FOLLOWED, _NEAR_USUAL = 30, 0.28


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Long activity: when, how many units could be followed in it, how irregular they are, and what it may be.

    ``irregularity`` is ``None`` where no unit could be followed.
    """

    start_s: float
    end_s: float
    n_units: int
    irregularity: float | None
    kinds: Mapping[Kind, float]


def active_in(loudness: npt.NDArray[np.float32], noise: float, settings: RhythmSettings) -> Intervals:
    """Return when a muscle was loud without a break, of a loudness in steps of 10 ms."""
    loud = (loudness > settings.sustained_loudness * noise).astype(np.float64)
    share = uniform_filter1d(loud, max(1, round(_SMOOTH_S / BIN_S)), mode="nearest")
    edges = np.flatnonzero(np.diff((share >= _LOUD_SHARE).astype(np.int8), prepend=0, append=0))
    spans = [(float(low) * BIN_S, float(high) * BIN_S) for low, high in zip(edges[::2], edges[1::2], strict=True)]
    joined: list[tuple[float, float]] = []
    for start, stop in spans:
        if joined and start - joined[-1][1] < _GAP_S:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return Intervals.union(joined)


def long_activity(
    active: Intervals, chains: Sequence[Chain], causes: Causes, settings: RhythmSettings
) -> tuple[Span, ...]:
    """Return the activities that last long enough to be a cramp, with what each may be.

    Parameters
    ----------
    active
        When the muscle was loud.
    chains
        Sources that were followed in the channel.
    causes
        What the person was told.
    settings
        Definitions.
    """
    found = []
    for start, stop in active.spans:
        if stop - start >= settings.cramp_shortest_s:
            followed = _followed(chains, (start, stop), settings)
            enough = len(followed) >= settings.cramp_units
            irregularity = float(np.median(followed)) if enough else None
            kinds = _kinds(irregularity, _relaxed(causes, start, stop), settings)
            found.append(Span(start_s=start, end_s=stop, n_units=len(followed), irregularity=irregularity, kinds=kinds))
    return tuple(found)


def _followed(chains: Sequence[Chain], when: tuple[float, float], settings: RhythmSettings) -> list[float]:
    """Return the irregularity of each source that was followed in a time and discharges at a rate of will."""
    found = []
    for chain in chains:
        inside = chain.time_s[(chain.time_s >= when[0]) & (chain.time_s <= when[1])]
        if inside.size >= _FOLLOWED:
            usual = usual_interval(np.diff(inside))
            willed = settings.willed_rate_low_hz <= 1 / usual.interval_s <= settings.willed_rate_high_hz
            if usual.share >= _NEAR_USUAL and willed:
                found.append(usual.spread)
    return found


def _relaxed(causes: Causes, start: float, stop: float) -> bool:
    return causes.relaxed is not None and causes.relaxed.contains((start + stop) / 2)


def _kinds(irregularity: float | None, relaxed: bool, settings: RhythmSettings) -> dict[Kind, float]:  # noqa: FBT001 - read at one place
    values = {} if irregularity is None else {"irregularity": max(irregularity, 1e-3)}
    prior = settings.cramp_when_relaxed if relaxed else settings.cramp_unasked
    definitions = of_spans(settings)
    return weigh(
        values, definitions, {kind: prior if kind is EventKind.CRAMP_DISCHARGE else 1 - prior for kind in definitions}
    )
