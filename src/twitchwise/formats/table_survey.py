"""What one pass over a table tells about its columns, and the sampling rate that its time column gives."""

from dataclasses import dataclass, field

import numpy as np

from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import FloatArray
from twitchwise.vocabulary.text import say, say_many

# A step more than this many times the usual one is a gap. Where more than the given share of steps are that long, they
# come from rounded stamps, such as 1, 1, 2 ms at 750 Hz, and one more usual step is needed for a gap.
_GAP_STEPS = 1.5
_ROUNDED_SHARE = 0.02
# From this share of repeated stamps on, the stamps are coarser than the sampling, and only their mean step counts.
_COARSE_SHARE = 0.1
# Relative standard deviation of the steps from which on unevenness is worth a warning.
_JITTER_SHARE = 0.01


@dataclass(slots=True)
class ColumnSurvey:
    """Gaps, range and wholeness of the numbers of one column."""

    n_missing: int = 0
    is_whole: bool = True
    rises: bool = True
    low: float = np.inf
    high: float = -np.inf
    _last: float = -np.inf

    def add(self, values: FloatArray) -> None:
        """Take in the next rows."""
        self.rises = self.rises and bool((np.diff(values, prepend=self._last) > 0).all())
        self._last = float(values[-1]) if values.size else self._last
        present = values[~np.isnan(values)]
        self.n_missing += values.size - present.size
        if present.size:
            self.is_whole = self.is_whole and bool((present == np.floor(present)).all())
            self.low = min(self.low, float(present.min()))
            self.high = max(self.high, float(present.max()))


@dataclass(slots=True)
class TimeSurvey:
    """Steps of a time column, judged against the usual step of its first rows.

    Parameters
    ----------
    typed
        The path as the person typed it.
    """

    typed: str
    n_stamps: int = 0
    first: float = 0.0
    last: float = 0.0
    usual: float = 0.0
    gap_from: float = np.inf
    n_gaps: int = 0
    n_repeated: int = 0
    n_even: int = 0
    even_sum: float = 0.0
    square_sum: float = 0.0
    gap_sum: float = 0.0
    _is_judged: bool = field(default=False)

    def add(self, stamps: FloatArray) -> None:
        """Take in the next rows; refuses time that is missing or runs backwards."""
        if np.isnan(stamps).any():
            row = self.n_stamps + int(np.flatnonzero(np.isnan(stamps))[0]) + 1
            raise UnreadableRecordingError(
                say("{file!r}: row {number} must have a time, got none.", file=self.typed, number=row)
            )
        if not self.n_stamps and stamps.size:
            self.first = float(stamps[0])
        steps = np.diff(stamps, prepend=self.last) if self.n_stamps else np.diff(stamps)
        if (steps < 0).any():
            row = self.n_stamps + int(np.flatnonzero(steps < 0)[0]) + (1 if self.n_stamps else 2)
            raise UnreadableRecordingError(
                say(
                    "{file!r}: time must not run backwards, got an earlier one in row {number}.",
                    file=self.typed,
                    number=row,
                )
            )
        if steps.size and not self._is_judged:
            self._judge(steps)
        self._count(steps)
        self.n_stamps += stamps.size
        self.last = float(stamps[-1]) if stamps.size else self.last

    def _judge(self, steps: FloatArray) -> None:
        """Learn the usual step and how coarse the stamps are from the first rows."""
        self._is_judged = True
        self.usual = float(np.median(steps))
        is_rounded = (steps > _GAP_STEPS * self.usual).mean() > _ROUNDED_SHARE
        self.gap_from = (_GAP_STEPS + is_rounded) * self.usual

    def _count(self, steps: FloatArray) -> None:
        gaps = steps > self.gap_from
        even = steps[~gaps]
        self.n_gaps += int(gaps.sum())
        self.gap_sum += float((steps[gaps] - self.usual).sum())
        self.n_repeated += int((steps == 0).sum())
        self.n_even += even.size
        self.even_sum += float(even.sum())
        self.square_sum += float(((even - self.usual) ** 2).sum())

    @property
    def step(self) -> float:
        """Mean step without the gaps, in the unit of the column; 0 where there is none."""
        if self.is_coarse:
            return (self.last - self.first) / (self.n_stamps - 1)
        return self.even_sum / self.n_even if self.n_even else 0.0

    @property
    def is_coarse(self) -> bool:
        """Whether stamps repeat so often that they are rounded to more than a step."""
        return self.n_stamps > 1 and self.n_repeated > _COARSE_SHARE * (self.n_stamps - 1)

    def warnings(self, scale_s: float) -> tuple[str, ...]:
        """Say what is uneven; ``scale_s`` is the unit of the column in seconds."""
        if self.is_coarse:
            return (say("The time column is rounded to more than a sample; the sampling rate is its mean."),)
        said = []
        if self.n_gaps:
            said.append(
                say_many(
                    "The time column has a gap ({lost_s:.3g} s in all); later times are too early by that much.",
                    "The time column has {count} gaps ({lost_s:.3g} s in all); later times are too early by that much.",
                    count=self.n_gaps,
                    lost_s=self.gap_sum * scale_s,
                )
            )
        if self.n_repeated:
            said.append(
                say(
                    "Stamps of the time column that repeat the one before: {count}; all rows were kept.",
                    count=self.n_repeated,
                )
            )
        spread = (
            np.sqrt(max(self.square_sum / self.n_even - (self.step - self.usual) ** 2, 0.0)) if self.n_even else 0.0
        )
        if spread > _JITTER_SHARE * self.step:
            said.append(
                say(
                    "The time between samples varies by {percent:.0f} % (standard deviation); samples were taken as"
                    " evenly spaced.",
                    percent=float(100 * spread / self.step),
                )
            )
        return tuple(said)
