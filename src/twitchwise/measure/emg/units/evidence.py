"""How certain a finding is: local false discovery rates, and the odds of a discharge against noise.

Local false discovery rate from the Grenander density of p-values: Strimmer (2008, https://doi.org/10.1186/1471-2105-9-303).
Peaks of Gaussian noise: Rice (1945, https://doi.org/10.1002/j.1538-7305.1945.tb00453.x).
"""

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary.arrays import FloatArray


def local_fdr(expected_above: FloatArray) -> FloatArray:
    """Return for each finding the probability that it is noise, from how many such noise would give.

    Parameters
    ----------
    expected_above
        Number of findings at least as strong that noise alone gives in the same time, shape ``(n,)``.

    Returns
    -------
    array of shape (n,)
        The slope of the least concave majorant of the count of findings over ``expected_above``, inverted: how many
        findings there are at this strength for each one that noise gives. Never above 1.

    Examples
    --------
    >>> local_fdr(np.array([1e-6, 0.5, 1.0, 2.0])).round(3).tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    if expected_above.size == 0:
        return np.empty(0)
    order = np.argsort(expected_above, kind="stable")
    gaps = np.diff(expected_above[order], prepend=0.0)
    widths, counts = list[float](), list[int]()
    for gap in gaps:
        width, count = float(gap), 1
        while widths and widths[-1] / counts[-1] >= width / count:  # slope must not rise
            width, count = width + widths.pop(), count + counts.pop()
        widths.append(width)
        counts.append(count)
    rate = np.repeat(np.array(widths) / np.array(counts), counts)
    out = np.empty(rate.size)
    out[order] = np.minimum(rate, 1.0)
    return out


def log_odds(
    height: npt.ArrayLike, detectability: FloatArray, spread: FloatArray, log_rate_ratio: FloatArray
) -> FloatArray:
    """Return the log odds that a peak of a matched filter is a discharge and not noise.

    Parameters
    ----------
    height
        Output of the matched filter at a peak, in standard deviations of noise, above 0.
    detectability
        What it is on average for a discharge of the unit.
    spread
        Standard deviation of the size of the unit's potentials, as a share.
    log_rate_ratio
        Logarithm of the discharges of the unit per zero crossing of its matched filter under noise.

    Notes
    -----
    Peaks of noise have the density ``f0 h exp(-h^2 / 2)`` a second, those of discharges
    ``rate * normal(h; detectability, 1 + spread^2 detectability^2)``.
    """
    h = np.asarray(height, dtype=np.float64)
    variance = 1 + (spread * detectability) ** 2
    signal = -((h - detectability) ** 2) / (2 * variance) - 0.5 * np.log(2 * np.pi * variance)
    return np.asarray(log_rate_ratio + signal - np.log(h) + h**2 / 2, dtype=np.float64)


def probability_of(odds_log: FloatArray) -> FloatArray:
    """Return the probability of log odds, shape as given."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds_log, -50, 50))), dtype=np.float64)
