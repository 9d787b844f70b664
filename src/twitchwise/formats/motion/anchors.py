"""Times of all samples of a logger that stamps only each block: smoothed, because the sampling clock is steady.

A stamp is rounded to a sample or to a millisecond, so single blocks seem to jump; over many blocks the rounding
averages out, and only the slow drift of the sampling clock is left.
"""

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray, IntArray

# Blocks on either side that a time is averaged over; a block lasts about a second.
_BLOCKS_BESIDE = 50
# Blocks that lie further apart than this, or closer, than their samples take belong to two stretches.
_JUMP_S = 0.5


def sample_times(counts: IntArray, anchors: FloatArray, times_s: FloatArray, rate_hz: float) -> FloatArray:
    """Return a time for each sample.

    Parameters
    ----------
    counts
        Samples of each block, shape ``(n_blocks,)``.
    anchors
        Place in each block, in samples, that its stamp is of.
    times_s
        The stamps in seconds, not before 0 by more than a block.
    rate_hz
        Nominal samples per second.
    """
    firsts = np.cumsum(counts) - counts
    residues = times_s - (firsts + anchors) / rate_hz
    cuts = np.flatnonzero(np.abs(np.diff(residues)) > _JUMP_S) + 1
    times = np.arange(int(counts.sum())) / rate_hz
    for start, stop in zip([0, *cuts.tolist()], [*cuts.tolist(), counts.size], strict=True):
        smooth = _smoothed(residues[start:stop])
        first, last = int(firsts[start]), int(firsts[stop - 1] + counts[stop - 1])
        times[first:last] += np.interp(np.arange(first, last), firsts[start:stop] + anchors[start:stop], smooth)
    return times


def _smoothed(residues: FloatArray) -> FloatArray:
    """Average over the blocks around each, as many on one side as on the other, so that a drift stays as it is."""
    count = residues.size
    beside = np.minimum(np.minimum(np.arange(count), np.arange(count)[::-1]), _BLOCKS_BESIDE)
    sums = np.concatenate([[0.0], np.cumsum(residues)])
    places = np.arange(count)
    smooth = (sums[places + beside + 1] - sums[places - beside]) / (2 * beside + 1)
    return _with_straight_ends(smooth, residues)


def _with_straight_ends(smooth: FloatArray, residues: FloatArray) -> FloatArray:
    """Replace both ends, where few blocks are averaged, by a line through the blocks there."""
    span = min(2 * _BLOCKS_BESIDE + 1, residues.size)
    if span < 3:  # noqa: PLR2004 - a line through two blocks smooths nothing
        return np.full(residues.size, residues.mean())
    half, places = span // 2, np.arange(span)
    for part in (slice(0, span), slice(residues.size - span, residues.size)):
        line = np.polynomial.polynomial.polyfit(places, residues[part], 1)
        fitted = line[0] + line[1] * places
        if part.start == 0:
            smooth[:half] = fitted[:half]
        if part.stop == residues.size:
            smooth[residues.size - half :] = fitted[span - half :]
    return smooth
