"""What a person says about a recording and asks for; every part of the measuring is told the same."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from twitchwise.measure.spreading import Spread, one_by_one
from twitchwise.vocabulary import Side, Task, View

Progress = Callable[[float], None]
"""Is told how much is done, from 0 to 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the recording does not say itself.

    Parameters
    ----------
    discharges
        Whether to look for every discharge of every motor unit too.
    task
        What the person did meanwhile.
    site, side
        The part of the body that moved or that the sensor was on, in plain words such as ``head`` or ``hand``, and the
        side; they fill gaps and do not overrule what the file says of a channel.
    view
        What a video shows.
    spread
        Has the pieces of the work done.
    """

    discharges: bool = False
    task: Task | None = None
    site: str | None = None
    side: Side | None = None
    view: View | None = None
    spread: Spread = one_by_one

    def in_one_piece(self) -> "Asked":
        """Return the same for work that is a piece itself."""
        return replace(self, spread=one_by_one)
