"""When each picture of a film was taken: time stamps of the container, judged and, where a person says so, rescaled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray, IntArray
from twitchwise.vocabulary.text import say

# Steps that differ by no more than this share are even: stamps are rounded to milliseconds in many containers.
_EVEN = 0.25
# Rates that differ by more than this share are different rates; 29.97 and 30 are not.
_OTHER_RATE = 0.02
# A film without any time of its pictures: the rate that most players use.
_RATE_UNKNOWN_HZ = 25.0
_RATE_IN_NAME = re.compile(r"(?i)(?:fps[ _-]?(\d{2,5})|(?<![\d.])(\d{2,5})[ _-]?fps(?![ _-]?\d))")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamps:
    """Time stamps as a container gives them.

    Parameters
    ----------
    values
        Stamp of each picture in the order of the file, ``None`` where there is none.
    seconds
        Length of one unit of a stamp in seconds.
    declared_hz
        Pictures per second that the container declares.
    captured_hz
        Pictures per second with which the camera says it filmed.
    reorders
        Whether pictures are stored in another order than shown.
    is_gif
        Whether stamps are rounded to hundredths of a second.
    """

    values: tuple[int | None, ...]
    seconds: float
    declared_hz: float | None
    captured_hz: float | None
    reorders: bool
    is_gif: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureTimes:
    """Times of the pictures, shape ``(n_frames,)``, the stamps to find them by, and what was noticed."""

    times_s: FloatArray
    picture_stamps: IntArray | None
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def pictures_times(stamps: Stamps, *, name: str, frame_rate_hz: float | None) -> PictureTimes:
    """Return when each picture was taken.

    Parameters
    ----------
    stamps
        What the container says.
    name
        Name of the file; people often write the rate into it.
    frame_rate_hz
        Pictures per second as a person says; the times are scaled so that their usual step is one over it.
    """
    ordered, warnings = _ordered(stamps)
    times, rounded = _unrounded(_evened(ordered, stamps), stamps.seconds)
    warnings += _of_repeats(ordered)
    rate_hz = 1 / float(np.median(np.diff(times))) if times.size > 1 else 1.0
    true_hz = frame_rate_hz or stamps.captured_hz or rate_hz
    said = _said_of_rate(stamps, name, rate_hz, frame_rate_hz) if times.size > 1 else []
    usable = ordered is not None and bool((np.diff(ordered) > 0).all())
    scaled = times * (rate_hz / true_hz)
    return PictureTimes(
        times_s=scaled,
        picture_stamps=ordered if usable else None,
        warnings=(*warnings, *said, *_of_steps(scaled)),
        notes=(*rounded, *_notes(stamps, rate_hz, frame_rate_hz)) if times.size > 1 else (),
    )


def _ordered(stamps: Stamps) -> tuple[IntArray | None, list[str]]:
    """Return the stamps in the order in which pictures are shown, or none where they say nothing."""
    if any(value is None for value in stamps.values):
        return None, []
    values = np.array(stamps.values, dtype=np.int64)
    backward = int((np.diff(values) < 0).sum())
    if stamps.reorders or not backward:
        return np.sort(values), []
    return None, [
        say(
            "{count} time stamps run back; the pictures are taken as evenly spaced at the declared frame rate.",
            count=backward,
        )
    ]


def _evened(ordered: IntArray | None, stamps: Stamps) -> FloatArray:
    """Return rising times from 0; pictures with one stamp are spread evenly up to the next stamp."""
    n_pictures = len(stamps.values)
    if ordered is None:
        return np.arange(n_pictures) / (stamps.declared_hz or _RATE_UNKNOWN_HZ)
    values, first = np.unique(ordered, return_index=True)
    if values.size == 1:
        return np.arange(n_pictures) / (stamps.declared_hz or _RATE_UNKNOWN_HZ)
    step = float(np.median(np.diff(values))) * values.size / n_pictures
    knots = np.append(values, values[-1] + step * (n_pictures - first[-1]))
    times: FloatArray = np.interp(np.arange(n_pictures), np.append(first, n_pictures), knots - knots[0])
    return times * stamps.seconds


def _unrounded(times: FloatArray, unit_s: float) -> tuple[FloatArray, list[str]]:
    """Return even times where the given ones are even but for the rounding of the stamps, and say so."""
    if times.size < 3:  # noqa: PLR2004 - two times are always even
        return times, []
    step = (times[-1] - times[0]) / (times.size - 1)
    even = np.arange(times.size) * step
    off = float(np.abs(times - even).max())
    if not 1e-6 * step < off <= unit_s:
        return times, []
    said = say("Time stamps are rounded to {unit_s:g} s; the pictures are taken as evenly spaced.", unit_s=unit_s)
    return even, [said]


def _of_repeats(ordered: IntArray | None) -> list[str]:
    repeats = 0 if ordered is None else int((np.diff(ordered) == 0).sum())
    if not repeats:
        return []
    return [
        say("{count} time stamps repeat; the pictures that share one are spread evenly up to the next.", count=repeats)
    ]


def _said_of_rate(stamps: Stamps, name: str, rate_hz: float, given_hz: float | None) -> list[str]:
    """Say what speaks against the rate of the container, unless a person gave another."""
    if given_hz is not None:
        return []
    found = _RATE_IN_NAME.search(name)
    named_hz = float(found[1] or found[2]) if found else 0.0
    if stamps.captured_hz is not None and _differ(stamps.captured_hz, rate_hz):
        return [_slowed(stamps.captured_hz, rate_hz)]
    if named_hz and _differ(named_hz, rate_hz):
        return [_misnamed(named_hz, rate_hz)]
    return []


def _slowed(captured_hz: float, rate_hz: float) -> str:
    return say(
        "The camera notes that it took {captured_hz:g} pictures per second and the file shows {rate_hz:g}: slow motion;"
        " times are those of the camera.",
        captured_hz=captured_hz,
        rate_hz=rate_hz,
    )


def _misnamed(named_hz: float, rate_hz: float) -> str:
    return say(
        "The frame rate may be wrong: the file says {rate_hz:g} pictures per second, its name {named_hz:g}; if the name"
        " is right, give it (--fps); all times and frequencies scale with it.",
        rate_hz=rate_hz,
        named_hz=named_hz,
    )


def _of_steps(times: FloatArray) -> Iterator[str]:
    """Say where pictures are spaced unevenly or missing."""
    steps = np.diff(times)
    if steps.size < 2:  # noqa: PLR2004 - one step has nothing to differ from
        return
    usual = float(np.median(steps))
    multiples = steps / usual
    missing = np.round(multiples)[multiples > 1.5] - 1  # noqa: PLR2004 - halfway to a missing picture
    uneven = max(float(np.mean(np.abs(multiples - np.round(multiples)) > _EVEN)), missing.size / steps.size / 3)
    if uneven > 0.1:  # noqa: PLR2004 - a tenth uneven or a third of the steps long: that is how the film is
        low, high = np.quantile(steps, [0.05, 0.95])
        yield say(
            "The frame rate varies, {least_hz:.3g} to {most_hz:.3g} pictures per second; the file's times are used.",
            least_hz=float(1 / high),
            most_hz=float(1 / low),
        )
    elif missing.size:
        yield say(
            "{count} pictures are missing in {gaps} gaps; the file's times are used.",
            count=int(missing.sum()),
            gaps=missing.size,
        )


def _notes(stamps: Stamps, rate_hz: float, given_hz: float | None) -> Iterator[str]:
    if given_hz is not None and _differ(given_hz, rate_hz):
        yield say(
            "Frame rate as given, {given_hz:g} pictures per second; the file says {rate_hz:g}.",
            given_hz=given_hz,
            rate_hz=rate_hz,
        )
    if stamps.is_gif and given_hz is None:
        yield say(
            "A GIF keeps times in hundredths of a second and is often slower than life; give the true rate (--fps)."
        )
    if stamps.values and all(value is None for value in stamps.values):
        yield say("The file has no time stamps; pictures are taken as evenly spaced at the declared frame rate.")


def _differ(one_hz: float, other_hz: float) -> bool:
    return abs(one_hz / other_hz - 1) > _OTHER_RATE
