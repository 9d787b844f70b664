"""Runs of one source put together: phases that keep a constant distance, and runs of a source that speak together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np

from twitchwise.measure.emg.rhythms.definitions import normalized, weigh
from twitchwise.measure.emg.rhythms.runs import Run
from twitchwise.measure.emg.rhythms.settings import RhythmSettings

# Phases of one potential have the same rate to this part, lie in each other's time to this share, and keep their
# distance to this median deviation, up to the longest potential.
_SAME_RATE, _SAME_TIME, _STEADY_S, _LONGEST_S = 0.03, 0.7, 0.0008, 0.06
# What is smaller than this part of a potential is the filter's ringing and no phase; it is dropped with it.
_RINGS = 0.1
# So many runs of a source speak with full weight; more say the same again.
_SPEAKERS = 3


def together(runs: Sequence[Run], settings: RhythmSettings) -> list[Run]:
    """Return runs with phases of one potential put together, in which each source does one thing.

    Parameters
    ----------
    runs
        Runs of all chains of a channel.
    settings
        From which rate on runs are fast: slow and fast runs of a source are judged apart.
    """
    outside = [run for run in runs if run.rhythm == 0]
    grouped = [run for run in runs if run.rhythm > 0]
    fast: dict[int, list[Run]] = defaultdict(list)
    slow: list[Run] = []
    for run in _merged(outside):
        if run.features.rate_hz > settings.myotonic_rate_low_hz:
            fast[run.source].append(run)
        else:
            slow.append(run)
    pooled = [run for of_source in fast.values() for run in _pooled(of_source)]
    return [*pooled, *slow, *grouped]


def _merged(runs: Sequence[Run]) -> list[Run]:
    """Join phases to the one that is largest."""
    kept: list[Run] = []
    for run in sorted(runs, key=_size, reverse=True):
        for number, leader in enumerate(kept):
            lag_s = _lag(run, leader)
            if lag_s is not None:
                if _size(run) > _RINGS * _size(leader):
                    kept[number] = _with_phase(leader, run, lag_s)
                break
        else:
            kept.append(run)
    return kept


def _size(run: Run) -> float:
    return float(np.median(np.abs(run.peak)))


def _lag(run: Run, leader: Run) -> float | None:
    """Return the constant distance of a run to a leader, or None where there is none."""
    rates = run.features.rate_hz, leader.features.rate_hz
    start, stop = max(run.time_s[0], leader.time_s[0]), min(run.time_s[-1], leader.time_s[-1])
    shorter = min(run.features.duration_s, leader.features.duration_s)
    if abs(rates[0] - rates[1]) > _SAME_RATE * max(rates) or stop - start < _SAME_TIME * shorter:
        return None
    inside = run.time_s[(run.time_s >= start) & (run.time_s <= stop)]
    after = np.clip(np.searchsorted(leader.time_s, inside), 1, leader.time_s.size - 1)
    lags = np.stack([inside - leader.time_s[after - 1], inside - leader.time_s[after]])
    lag = lags[np.abs(lags).argmin(axis=0), np.arange(inside.size)]
    middle = float(np.median(lag))
    steady = np.median(np.abs(lag - middle)) <= _STEADY_S and abs(middle) <= min(_LONGEST_S, 0.6 / max(rates))
    return middle if steady else None


def _with_phase(leader: Run, phase: Run, lag_s: float) -> Run:
    phases = leader.values["phases"] + phase.values["phases"]
    potential_s = max(leader.potential_s, min(abs(lag_s) + leader.potential_s / 2, _LONGEST_S))
    values = {**leader.values, "phases": phases, "potential": potential_s}
    return replace(leader, values=values, kinds=weigh(values, leader.choices), potential_s=potential_s)


def _pooled(runs: list[Run]) -> list[Run]:
    """Let the runs of a source speak together: it does one thing, which shows better in some of its runs."""
    kinds = set.intersection(*(set(run.kinds) for run in runs))
    scores = {kind: sum(log(run.kinds[kind]) for run in runs) * min(1.0, _SPEAKERS / len(runs)) for kind in kinds}
    return [replace(run, kinds=normalized(scores)) for run in runs]
