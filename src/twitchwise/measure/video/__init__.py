"""Video: motion in pictures to a fraction of a pixel, and what it shows: twitches, tremor, periodic movement."""

from twitchwise.measure.video.film import measure_film

__all__ = ["measure_film"]
