"""The clock of a movement sensor: its unit, true rate, gaps, repeats and jumps, told from the stamps of its rows.

A sensor is sampled at a steady rate; what its stamps show beyond this is told apart by its pattern.
"""

from dataclasses import dataclass

import numpy as np

from twitchwise.formats.motion.raw_motion import RawSensor, Singles
from twitchwise.formats.motion.row_order import GAP_STEPS, each_once, fresh_rows, in_order, of_bursts, timed_rows
from twitchwise.vocabulary import UnreadableRecordingError
from twitchwise.vocabulary.arrays import BoolArray, FloatArray, IntArray
from twitchwise.vocabulary.text import digits, say, say_many

# Movement sensors give between 4 and 4000 samples a second: a range of a thousand, so that exactly one of the units s,
# ms, us and ns fits the step between two samples.
_SLOWEST_HZ, _FASTEST_HZ = 4.0, 4000.0
_UNITS_S = {1.0: say("seconds"), 1e-3: say("milliseconds"), 1e-6: say("microseconds"), 1e-9: say("nanoseconds")}
# A single missing sample makes a step of two, which can be told from its neighbors.
_MISSING_STEPS = 1.5
# A step is nearer to two than to one from this share of a step on.
_CROWDED = 0.5
# Samples are as good as even when no stamp is further from an even clock than this share of a step.
_EVEN_WITHIN = 0.02
# Steps before and after a long one that are compared.
_COMPARED = 8
# A stated unit of time cannot be where it makes the samples slower or faster than this.
_STATED_HZ = (0.02, 40_000.0)
_SIGNIFICANT_DIGITS = 7
# Half of the last digit of a stamp, with some room for its rounding in binary.
_HALF_DIGIT = 0.55
# Two steps are the same within this share, the rounding of floats.
_SAME_STEP = 1e-9
_MOST_PERCENT = 95.0
_SAME_RATE_SHARE = 0.01
# Stamps that are looked at to learn how finely they are written.
_STAMPS_LOOKED_AT = 2000
_DIGITS_LOOKED_AT = 7


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ticks:
    """When the samples of a sensor were taken.

    Parameters
    ----------
    rows
        Numbers of the rows that hold samples, in order of time.
    times_s
        Their times, ascending, from the first sample on.
    first_s
        Time of the first sample on the file's clock.
    rate_hz
        Samples per second without the gaps.
    is_even
        Whether the samples lie on an even clock as they are.
    gap_from_s
        A step longer than this is a gap.
    notes, warnings
        What was found, and what is doubtful.
    """

    rows: IntArray
    times_s: FloatArray
    first_s: float
    rate_hz: float
    is_even: bool
    gap_from_s: float
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def ticks_of(sensor: RawSensor, known_hz: float | None, typed: str) -> Ticks:
    """Judge the clock of a sensor.

    Parameters
    ----------
    sensor
        Its rows.
    known_hz
        Samples per second, as a person says.
    typed
        The path as the person typed it.

    Raises
    ------
    UnreadableRecordingError
        If there is no time and nobody says the rate, fewer than two samples, or the stamps and what is said of them
        disagree.
    """
    if sensor.stamps is None:
        return _counted(sensor, known_hz, typed)
    ordered = _Ordered.of(sensor.stamps, sensor.values, typed)
    step = ordered.step
    unit_s = sensor.stamp_unit_s or _unit_of(step, known_hz, typed)
    if not _STATED_HZ[0] <= 1 / (step * unit_s) <= _STATED_HZ[1]:
        raise UnreadableRecordingError(
            say(
                "{file!r}: time must step as its unit says, got steps of {step:g} in {unit}; correct the unit in the"
                " title of its column.",
                file=typed,
                step=step,
                unit=_UNITS_S.get(unit_s) or unit_s,
            )
        )
    times_s, even_step_s = ordered.times(step) * unit_s, step * unit_s
    spread_s = _spread_of(times_s, even_step_s)
    fitted = _even_line(times_s, even_step_s, 0.0 if ordered.is_rounded else ordered.written * unit_s)
    first_s = float(ordered.stamps[0]) * unit_s
    if fitted is not None:
        places, even_step_s, late_s = fitted
        times_s, first_s = np.multiply(places, even_step_s, dtype=np.float64), first_s + late_s
    rate_hz = float(f"{1 / even_step_s:.{_SIGNIFICANT_DIGITS}g}")
    _require_rate(rate_hz, known_hz, typed)
    gap_from_s = GAP_STEPS / rate_hz
    return Ticks(
        rows=ordered.rows,
        times_s=times_s,
        first_s=first_s,
        rate_hz=rate_hz,
        is_even=fitted is not None and not _has_single_gap(times_s, rate_hz),
        gap_from_s=gap_from_s,
        notes=(_clock_note(sensor, unit_s, rate_hz, spread_s),),
        warnings=(*ordered.warnings, *_gap_warnings(times_s, gap_from_s)),
    )


def _counted(sensor: RawSensor, known_hz: float | None, typed: str) -> Ticks:
    """Count the rows of a sensor without time at the rate that is said."""
    rate_hz = sensor.stated_rate_hz or known_hz
    if rate_hz is None:
        raise UnreadableRecordingError(
            say(
                "{file!r} must say its sampling rate, got no time and no rate; pass it with --sampling-rate.",
                file=typed,
            )
        )
    _require_rate(rate_hz, known_hz, typed)
    count = len(sensor.values)
    return Ticks(
        rows=np.arange(count),
        times_s=np.arange(count) / rate_hz,
        first_s=0.0,
        rate_hz=rate_hz,
        is_even=True,
        gap_from_s=GAP_STEPS / rate_hz,
        notes=(say("The file holds no time; samples were counted at {rate_hz:g} Hz.", rate_hz=rate_hz),),
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Ordered:
    """Rows in order of time, each once; ``written`` is how finely stamps are written, in their own unit."""

    rows: IntArray
    stamps: FloatArray
    is_rounded: bool
    written: float
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, stamps: FloatArray, values: Singles, typed: str) -> "_Ordered":
        rows, warnings = timed_rows(stamps, values)
        rows, kept, said = in_order(stamps, rows)
        warnings += said
        rows, kept, said, is_rounded = each_once(rows, kept, values)
        warnings += said
        rows, kept, said = fresh_rows(rows, kept, values)
        delivered = None if is_rounded else of_bursts(kept)
        if delivered is not None:
            kept, is_rounded = delivered, True
            said.append(
                say("Times come in bursts, as samples were delivered; samples were spread evenly between them.")
            )
        if len(rows) < 2 or kept[-1] <= kept[0]:  # noqa: PLR2004 - a rate takes two
            raise UnreadableRecordingError(
                say("{file!r} must hold at least two samples with times, got {count}.", file=typed, count=len(rows))
            )
        written = _written(kept)
        return cls(
            rows=rows,
            stamps=kept,
            is_rounded=is_rounded,
            written=written,
            warnings=(*warnings, *said),
        )

    @property
    def step(self) -> float:
        """Mean step without the gaps, in the unit of the stamps."""
        if self.is_rounded:
            return _rounded_step(self.stamps)
        steps = np.diff(self.stamps)
        usual = float(np.median(steps))
        taken = steps <= GAP_STEPS * usual
        return float(steps[taken].sum()) / (int(taken.sum()) + int(_single_gaps(steps, usual).sum()))

    def times(self, step: float) -> FloatArray:
        """Return times from the first on, in the unit of the stamps; of rounded stamps those between are filled in."""
        if not self.is_rounded:
            return np.asarray(self.stamps - self.stamps[0], dtype=np.float64)
        return _spread(self.stamps, step)


def _single_gaps(steps: FloatArray, usual: float) -> BoolArray:
    """Tell where one sample is missing: after a long step the clock stays behind, after a late stamp it does not."""
    long = np.flatnonzero((steps > _MISSING_STEPS * usual) & (steps <= GAP_STEPS * usual))
    missing = np.zeros(steps.size, dtype=bool)
    if not long.size:
        return missing
    behind = np.cumsum(np.where(steps > GAP_STEPS * usual, 0.0, steps / usual - 1))
    around = np.arange(1, _COMPARED + 1)
    before = behind[np.clip(long[:, None] - around, 0, steps.size - 1)]
    after = behind[np.clip(long[:, None] + around - 1, 0, steps.size - 1)]
    lost = np.median(after, axis=1) - np.median(np.where(long[:, None] >= around, before, 0.0), axis=1)
    missing[long[lost > _CROWDED]] = True
    return missing


def _rounded_step(stamps: FloatArray) -> float:
    """Return the mean step of stamps that stand still for several samples, without the gaps."""
    starts = np.flatnonzero(np.diff(stamps, prepend=-np.inf) > 0)
    counts, widths = np.diff(starts), np.diff(stamps[starts])
    even = widths <= GAP_STEPS * float(np.median(widths)) if widths.size else np.ones(0, dtype=bool)
    inner = even.copy()
    inner[:1] = even[:1] & (even.size == 1)  # the first stamp may have begun before the first sample
    chosen = inner if inner.any() else even
    return float(widths[chosen].sum() / counts[chosen].sum())


def _spread(stamps: FloatArray, step: float) -> FloatArray:
    """Give samples of rounded stamps even times: from gap to gap they follow each other at the mean step."""
    moved = np.diff(stamps, prepend=stamps[0])
    widths = moved[moved > 0]
    gaps = np.flatnonzero(moved > GAP_STEPS * max(float(np.median(widths)), step))
    times = np.empty(stamps.size)
    for first, stop in zip([0, *gaps], [*gaps, stamps.size], strict=True):
        piece = np.arange(stop - first) * step
        times[first:stop] = piece + float(np.median(stamps[first:stop] - piece))
    return np.asarray(times - times[0], dtype=np.float64)


def _written(stamps: FloatArray) -> float:
    """Return the power of ten that all stamps are multiples of; 0 where they are written more finely than looked."""
    looked = stamps[:_STAMPS_LOOKED_AT]
    steps = np.diff(looked)
    coarsest = int(np.floor(np.log10(float(np.min(steps, where=steps > 0, initial=1e9)))))
    for power in range(coarsest, max(coarsest, 0) - _DIGITS_LOOKED_AT, -1):
        units = looked / 10.0**power
        if (np.abs(units - np.round(units)) < np.maximum(1e-3, 1e-12 * np.abs(units))).all():  # rounding of floats
            return float(10.0**power)
    return 0.0


def _unit_of(step: float, known_hz: float | None, typed: str) -> float:
    for unit_s in _UNITS_S:
        rate_hz = 1 / (step * unit_s)
        if known_hz is not None and abs(rate_hz - known_hz) <= _SAME_RATE_SHARE * known_hz:
            return unit_s
    for unit_s in _UNITS_S:
        if _SLOWEST_HZ <= 1 / (step * unit_s) < _FASTEST_HZ:
            return unit_s
    raise UnreadableRecordingError(
        say(
            "{file!r}: time must step by 1/{fastest_hz:g} to 1/{slowest_hz:g} s in s, ms, us or ns, got steps of"
            " {step:g}; name its unit in the title of its column.",
            file=typed,
            fastest_hz=_FASTEST_HZ,
            slowest_hz=_SLOWEST_HZ,
            step=step,
        )
    )


def _require_rate(rate_hz: float, known_hz: float | None, typed: str) -> None:
    if known_hz is not None and abs(rate_hz - known_hz) > _SAME_RATE_SHARE * rate_hz:
        raise UnreadableRecordingError(
            say(
                "{file!r}: sampling rate must be the {rate_hz:.4g} Hz of the file, got {known_hz:g} Hz.",
                file=typed,
                rate_hz=rate_hz,
                known_hz=known_hz,
            )
        )


def _even_line(times_s: FloatArray, step_s: float, written_s: float) -> tuple[IntArray, float, float] | None:
    """Return the place of each sample on an even clock, its step and how late the first stamp is; nothing if uneven.

    Stamps that are written coarsely may be off by half of their last digit.
    """
    places = np.cumsum(np.round(np.diff(times_s, prepend=0.0) / step_s)).astype(np.int64)
    middle_s, middle = float(times_s.mean()), float(places.mean())
    off = places - middle
    fitted_s = float(off @ (times_s - middle_s)) / float(off @ off) if off.any() else step_s
    late = times_s - middle_s - off * fitted_s
    coarse_s = _HALF_DIGIT * written_s if written_s < _CROWDED * step_s else 0.0
    if float(np.abs(late).max()) > max(_EVEN_WITHIN * step_s, coarse_s):
        return None
    exact = abs(fitted_s - step_s) < _SAME_STEP * step_s
    return places, step_s if exact else fitted_s, float(-late[0])


def _spread_of(times_s: FloatArray, step_s: float) -> float:
    """Return how far steps are from whole ones (95th percentile, seconds)."""
    steps = np.diff(times_s)
    return float(np.percentile(np.abs(steps - np.round(steps / step_s) * step_s), _MOST_PERCENT))


def _has_single_gap(times_s: FloatArray, rate_hz: float) -> bool:
    """Tell whether single samples are missing, which are filled in from their neighbors."""
    return bool(_single_gaps(np.diff(times_s), 1 / rate_hz).any())


def _clock_note(sensor: RawSensor, unit_s: float, rate_hz: float, spread_s: float) -> str:
    unit = _UNITS_S.get(unit_s) or digits(f"{unit_s:g} s")
    is_stated = sensor.stamp_unit_s is not None
    clock = say("The clock is stated in {unit}", unit=unit) if is_stated else say("The clock is in {unit}", unit=unit)
    if spread_s > 0.001 / rate_hz:
        return say(
            "{clock}; samples come at {rate_hz:.4g} Hz, within {spread_ms:.2g} ms.",
            clock=clock,
            rate_hz=rate_hz,
            spread_ms=1000 * spread_s,
        )
    return say("{clock}; samples come at {rate_hz:.4g} Hz.", clock=clock, rate_hz=rate_hz)


def _gap_warnings(times_s: FloatArray, gap_from_s: float) -> list[str]:
    steps = np.diff(times_s)
    gaps = steps[steps > gap_from_s]
    if not gaps.size:
        return []
    return [
        say_many(
            "The clock shows a gap ({lost_s:.3g} s in all); samples there are missing.",
            "The clock shows {count} gaps ({lost_s:.3g} s in all); samples there are missing.",
            count=gaps.size,
            lost_s=float(gaps.sum()),
        )
    ]
