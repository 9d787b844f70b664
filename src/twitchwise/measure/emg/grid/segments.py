"""Windows of a grid that touch put together, so that a potential that two of them hold is looked at once."""

from dataclasses import dataclass

import numpy as np

from twitchwise.measure.emg.grid.band import Samples
from twitchwise.measure.emg.grid.basis import Window
from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Longer ones are not put together: each discharge is looked for in the whole of its segment.
_LONGEST_S = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Segments:
    """Stretches of a grid in its patterns, in order of time.

    Parameters
    ----------
    samples
        Of each, shape ``(n_patterns, n)``, noise of variance 1.
    start_s
        Time of the first sample of each, shape ``(n_segments,)``.
    owner
        The segment that each window went into, shape ``(n_windows,)``.
    """

    samples: tuple[Samples, ...]
    start_s: FloatArray
    owner: IntArray


def put_together(windows: tuple[Window, ...], start_s: FloatArray, n_patterns: int, rate_hz: float) -> Segments:
    """Put windows together that touch.

    Parameters
    ----------
    windows
        In order of time, each of shape ``(n_patterns or fewer, n)``; patterns that were not known yet are zeros.
    start_s
        Time of the first sample of each, shape ``(n_windows,)``.
    n_patterns
        Patterns of the grid in the end.
    rate_hz
        Rate of the windows.
    """
    first = np.rint(start_s * rate_hz).astype(np.int64)
    samples, begins, owner = list[Samples](), list[int](), list[int]()
    for window, begin in zip(windows, first.tolist(), strict=True):
        stop = begin + window.shape[1]
        end = begins[-1] + samples[-1].shape[1] if samples else -1
        if samples and begin <= end and stop - begins[-1] <= _LONGEST_S * rate_hz:
            new = _filled(window, n_patterns)[:, max(end - begin, 0) :]
            samples[-1] = np.concatenate([samples[-1], new], axis=1)
        else:
            samples.append(_filled(window, n_patterns))
            begins.append(begin)
        owner.append(len(samples) - 1)
    starts = np.array(begins, dtype=np.float64) / rate_hz
    return Segments(samples=tuple(samples), start_s=starts, owner=np.array(owner, dtype=np.int64))


def _filled(window: Window, n_patterns: int) -> Samples:
    full = np.zeros((n_patterns, window.shape[1]), dtype=np.float32)
    full[: window.shape[0]] = window
    return full
