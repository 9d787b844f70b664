"""What a local movement may be instead of a twitch: the pulse, a blink, a movement that was meant."""

from collections.abc import Iterator, Sequence

import numpy as np

from twitchwise.measure.video.twitches.course import LocalMovement
from twitchwise.measure.video.twitches.settings import TwitchSettings
from twitchwise.vocabulary.text import say, say_many

BEATS = 5  # in a row that tell a rhythm
NEAR_WIDTHS = 3.0  # widths of a bell within which two movements are of one place
MINUTE_S = 60.0


def doubts_of(movements: Sequence[LocalMovement], width_px: float, settings: TwitchSettings) -> Iterator[str]:
    """Give what speaks against the movements being twitches, one sentence each.

    Parameters
    ----------
    movements
        In order of time.
    width_px
        Of the picture.
    settings
        Thresholds.
    """
    large = sum(bool(one.size_px > settings.blink_share * width_px) for one in movements)
    if large:
        yield say_many(
            "{count} of the movements is so large that it may be a blink, speech or meant: it is counted too.",
            "{count} of the movements are so large that they may be blinks, speech or meant: they are counted too.",
            count=large,
        )
    if any(_is_pulse([one.peak_s for one in place], settings) for place in _places(movements)):
        yield say("Movements at one place repeat as evenly as a pulse, and may be a pulsating vessel.")


def _places(movements: Sequence[LocalMovement]) -> Iterator[list[LocalMovement]]:
    """Give the movements of each place; one is as wide as the bell of its first."""
    left = list(movements)
    while left:
        first, reach = left[0], NEAR_WIDTHS * left[0].width_px
        near = [one for one in left if np.hypot(*np.subtract(one.place_px, first.place_px)) <= reach]
        left = [one for one in left if one not in near]
        yield near


def _is_pulse(times_s: Sequence[float], settings: TwitchSettings) -> bool:
    """Tell whether so many movements in a row come at a heart's rate and as evenly."""
    steps_s = np.diff(times_s)
    runs = [steps_s[first : first + BEATS] for first in range(steps_s.size - BEATS + 1)]
    return any(
        settings.pulse_low_per_min <= MINUTE_S / run.mean() <= settings.pulse_high_per_min
        and run.std() <= settings.pulse_unevenness * run.mean()
        for run in runs
    )
