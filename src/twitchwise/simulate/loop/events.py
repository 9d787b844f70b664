"""What happened in a run of the loop and when: the truth that a detector is scored against."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from twitchwise.vocabulary.checks import require_not_negative, require_within


class LoopEventKind(StrEnum):
    """Kinds of events that descend to the pools or are done to the limb."""

    TREMOR_CYCLE = "tremor_cycle"
    SPASM = "spasm"
    JERK = "jerk"
    TAP = "tap"
    STRETCH = "stretch"
    STIMULUS = "stimulus"


@dataclass(frozen=True, kw_only=True, slots=True)
class LoopEvent:
    """One event, in seconds from the start of the run.

    Raises
    ------
    OutOfRangeError
        If it starts before 0 or ends before it starts.
    """

    kind: LoopEventKind
    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        """Refuse an event that ends before it starts."""
        require_not_negative("start_s", self.start_s)
        require_within("start_s", self.start_s, 0.0, self.end_s)


def in_order(events: Iterable[LoopEvent], end_s: float) -> tuple[LoopEvent, ...]:
    """Return events in order of their start, those that would outlast a run cut at its end."""
    cut = (replace(event, end_s=min(event.end_s, end_s)) for event in events)
    return tuple(sorted(cut, key=lambda event: event.start_s))
