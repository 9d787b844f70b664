"""What the engine works on: components whose noise is 1, in blocks, and windows that do not depend on the blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import BoolArray
from twitchwise.vocabulary.checks import require_not_negative, require_positive

Samples = npt.NDArray[np.float32]
"""Samples of all components, or a template of all of them, float32."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """A stretch of one channel, or of the components of an array of electrodes.

    Parameters
    ----------
    samples
        Shape ``(n_components, n)``, each component in multiples of the RMS of its noise; noise of one component does
        not follow that of another.
    sampling_rate_hz
        Samples per second.
    usable
        Samples that may be used, shape ``(n,)``.
    first_sample
        Place of the first sample in the recording.

    Raises
    ------
    OutOfRangeError
        If the shapes do not fit, a usable sample is not finite, or a number lies outside.
    """

    samples: Samples
    sampling_rate_hz: float
    usable: BoolArray
    first_sample: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be, and set to zero what may not be used."""
        require_positive("sampling_rate_hz", self.sampling_rate_hz)
        require_not_negative("first_sample", self.first_sample)
        if self.samples.ndim != 2 or self.samples.shape[0] < 1:  # noqa: PLR2004 - components and samples
            raise OutOfRangeError(f"samples must have shape (n_components, n), got {self.samples.shape!r}.")
        if self.usable.shape != self.samples.shape[1:]:
            raise OutOfRangeError(f"usable must have one entry a sample, got {self.usable.shape!r}.")
        samples = np.where(self.usable, self.samples, np.float32(0)).astype(np.float32, copy=False)
        if not np.isfinite(samples).all():
            raise OutOfRangeError("usable samples must be finite, got NaN or infinity.")
        object.__setattr__(self, "samples", samples)

    @property
    def n_samples(self) -> int:
        """Number of samples of a component."""
        return int(self.samples.shape[1])

    @property
    def stop_sample(self) -> int:
        """Place after the last sample in the recording."""
        return self.first_sample + self.n_samples


@dataclass(frozen=True, kw_only=True, eq=False)
class Window:
    """A stretch with margins: what is found from ``start`` to before ``stop``, in the recording, belongs to it."""

    trace: Trace
    start: int
    stop: int


def windows(blocks: Iterable[Trace], length: int, margin: int) -> Iterator[Window]:
    """Cut a recording at multiples of ``length``, with ``margin`` samples on both sides, however it was cut before.

    Parameters
    ----------
    blocks
        Stretches that follow one another without a gap.
    length, margin
        In samples.

    Raises
    ------
    OutOfRangeError
        If the blocks do not follow one another, or differ in rate or components.
    """
    held: list[Trace] = []
    start: int | None = None
    for block in blocks:
        _require_follows(held, block)
        held.append(block)
        start = block.first_sample if start is None else start
        while held[-1].stop_sample >= (stop := (start // length + 1) * length) + margin:
            joined = _joined(held)
            yield _window(joined, start, stop, margin)
            held, start = [_part(joined, max(joined.first_sample, stop - margin), joined.stop_sample)], stop
    while start is not None and start < held[-1].stop_sample:
        joined = _joined(held)
        stop = min((start // length + 1) * length, joined.stop_sample)
        yield _window(joined, start, stop, margin)
        held, start = [joined], stop


def _require_follows(held: list[Trace], block: Trace) -> None:
    if not held:
        return
    last = held[-1]
    if block.first_sample != last.stop_sample:
        raise OutOfRangeError(
            f"first_sample must be {last.stop_sample!r}, after the last block, got {block.first_sample!r}."
        )
    if block.samples.shape[0] != last.samples.shape[0] or block.sampling_rate_hz != last.sampling_rate_hz:
        raise OutOfRangeError("blocks must agree in sampling rate and components, got two that do not.")


def _joined(held: list[Trace]) -> Trace:
    if len(held) == 1:
        return held[0]
    return Trace(
        samples=np.concatenate([block.samples for block in held], axis=1),
        sampling_rate_hz=held[0].sampling_rate_hz,
        usable=np.concatenate([block.usable for block in held]),
        first_sample=held[0].first_sample,
    )


def _part(trace: Trace, start: int, stop: int) -> Trace:
    inside = slice(start - trace.first_sample, stop - trace.first_sample)
    return Trace(
        samples=trace.samples[:, inside],
        sampling_rate_hz=trace.sampling_rate_hz,
        usable=trace.usable[inside],
        first_sample=start,
    )


def _window(joined: Trace, start: int, stop: int, margin: int) -> Window:
    first, last = max(joined.first_sample, start - margin), min(joined.stop_sample, stop + margin)
    return Window(trace=_part(joined, first, last), start=start, stop=stop)
