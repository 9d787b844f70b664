"""Adds templates at discharges, on all channels at once, at a cost that grows with the discharges and not with time.

A template with its channels side by side is one unbroken stretch of memory, and so is the time it lands on: each
discharge is one addition of a multiple of a stretch to another, which is what the BLAS routine ``axpy`` does. They
are taken unit by unit and shift by shift, which finds the template still in the processor's cache. Convolution, whether
direct or by Fourier transform, pays for the silence.
"""

import numpy as np
from scipy.linalg.blas import saxpy

from twitchwise.simulate.muscle.sources import FloatArray32
from twitchwise.simulate.muscle.templates import Templates
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.checks import require_within


def superpose(
    templates: Templates, time_s: FloatArray, unit: IntArray, weight: FloatArray | None = None, *, n_samples: int
) -> FloatArray32:
    """Return what the channels see of a whole train of discharges.

    Parameters
    ----------
    templates
        The potentials of the units.
    time_s, unit
        When each discharge is, in s from the first sample, in any order, and which unit's, each shape ``(n,)``.
    weight
        Share of the potential that each discharge gives, shape ``(n,)``; ``None`` for all of it.
    n_samples
        Length of the recording, at least 0.

    Returns
    -------
    array
        In V, shape ``(n_samples, n_channels)``.

    Raises
    ------
    OutOfRangeError
        If a unit does not exist or lengths differ.
    """
    require_within("n_samples", n_samples, 0, float("inf"))
    total = np.zeros((n_samples, templates.bank.shape[3]), np.float32)
    add_to(total, templates, time_s, unit, weight, first_sample=0)
    return total


def add_to(
    total: FloatArray32,
    templates: Templates,
    time_s: FloatArray,
    unit: IntArray,
    weight: FloatArray | None = None,
    *,
    first_sample: int,
) -> None:
    """Add what the channels see of a train of discharges to one block of a recording, in place.

    Each discharge is met to half a shift: ``0.5 / n_shifts`` of a sample.

    Parameters
    ----------
    total
        The block, in V, contiguous, shape ``(n_samples, n_channels)``.
    templates, time_s, unit, weight
        As in `superpose`, times from the start of the recording.
    first_sample
        Number of the block's first sample in the recording.

    Raises
    ------
    OutOfRangeError
        If a unit does not exist, lengths differ, or the block does not fit the templates.
    """
    _, n_shifts, length, n_channels = templates.bank.shape
    if not (total.flags.c_contiguous and total.dtype == np.float32 and total.shape[1:] == (n_channels,)):
        raise OutOfRangeError(f"total must be contiguous float32 of {n_channels} channels, got {total.shape!r}.")
    ticks, row, share = _discharges(templates, time_s, unit, weight)
    start = ticks // n_shifts - templates.before - first_sample
    near = (start > -length) & (start < total.shape[0])
    order = np.flatnonzero(near)[np.argsort(row[near], kind="stable")]
    start, row, share = start[order], row[order], share[order]
    # a potential that began before the block, or goes on after it, is cut
    low, high = np.maximum(start, 0), np.minimum(start + length, total.shape[0])
    length_here, from_here, to_here = (high - low), row * length + low - start, low
    steps = (n_channels * part for part in (length_here, from_here, to_here))
    bank, flat = np.ascontiguousarray(templates.bank).reshape(-1), total.reshape(-1)
    for n, origin, target, factor in zip(*(step.tolist() for step in steps), share.tolist(), strict=True):
        saxpy(bank, flat, n, factor, origin, 1, target, 1)


def _discharges(
    templates: Templates, time_s: FloatArray, unit: IntArray, weight: FloatArray | None
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return each discharge's moment in shifts, its row of the bank, and its share of the potential."""
    share = np.ones(np.shape(time_s)) if weight is None else np.asarray(weight, dtype=np.float64)
    if not np.shape(time_s) == np.shape(unit) == share.shape:
        raise OutOfRangeError("time_s, unit and weight must have one length.")
    if np.size(unit):
        require_within("unit", int(np.min(unit)), 0, templates.n_units - 1)
        require_within("unit", int(np.max(unit)), 0, templates.n_units - 1)
    n_shifts = templates.bank.shape[1]
    ticks = np.rint(np.asarray(time_s) * templates.sampling_rate_hz * n_shifts).astype(np.int64)
    return ticks, np.asarray(unit) * n_shifts + ticks % n_shifts, share
