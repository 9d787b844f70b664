"""One night: what was scored and noted, when the sensors saw anything, and of which hours an index is."""

from collections.abc import Iterable
from dataclasses import dataclass

from twitchwise.measure.sleep.noted import Noted, noted_on
from twitchwise.measure.sleep.scoring import Surroundings
from twitchwise.measure.sleep.stages import ASLEEP, Hypnogram, Stage, hypnogram_of
from twitchwise.signals import Intervals, Recording
from twitchwise.vocabulary.text import say, say_in

UNSTAGED = say("no sleep stages were scored, so this is per hour of recording, awake or asleep")


@dataclass(frozen=True, kw_only=True, eq=False)
class Night:
    """A recording as the rules of sleep see it.

    Parameters
    ----------
    hypnogram
        Stages, or ``None`` where nobody scored any.
    noted
        What was noted beside them.
    lit_out
        From lights off to lights on, or the whole recording.
    """

    hypnogram: Hypnogram | None
    noted: Noted
    lit_out: Intervals

    @property
    def hours_of(self) -> str:
        """What an hour of an index is of, in words."""
        return say_in("an hour of", "sleep") if self.hypnogram else say_in("an hour of", "recording")

    @property
    def time_spent(self) -> str:
        """What a movement lies in, in words."""
        return say("in sleep") if self.hypnogram else say("in the recording")

    @property
    def doubts(self) -> tuple[str, ...]:
        """What every index per hour carries."""
        return () if self.hypnogram else (UNSTAGED,)

    def time_in(self, stages: Iterable[Stage], looked: Intervals) -> Intervals:
        """Return the part of a time looked at that was spent in some stages; all of it where none were scored."""
        return common(self.hypnogram.time_in(stages), looked) if self.hypnogram else looked

    def around(self, looked: Intervals) -> Surroundings:
        """Return what the rules for legs need, for a time looked at."""
        return Surroundings(
            asleep=self.time_in(ASLEEP, looked),
            looked=looked,
            arousals=self.noted.arousals,
            respiratory=self.noted.respiratory,
        )


def night_of(recording: Recording) -> Night:
    """Return a recording as the rules of sleep see it."""
    noted = noted_on(recording)
    return Night(hypnogram=hypnogram_of(recording), noted=noted, lit_out=Intervals.union([noted.lights_out]))


def common(one: Intervals, other: Intervals) -> Intervals:
    """Return the time that two have in common.

    Examples
    --------
    >>> common(Intervals(((0.0, 5.0),)), Intervals(((1.0, 2.0), (4.0, 9.0)))).spans
    ((1.0, 2.0), (4.0, 5.0))
    """
    shared, place = list[tuple[float, float]](), 0
    for start, stop in one.spans:
        while place and other.spans[place - 1][1] > start:
            place -= 1
        while place < len(other.spans) and other.spans[place][0] < stop:
            low, high = max(start, other.spans[place][0]), min(stop, other.spans[place][1])
            shared += [(low, high)] if low < high else []
            place += 1
    return Intervals.union(shared)
