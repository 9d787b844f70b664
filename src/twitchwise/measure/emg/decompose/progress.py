"""How much of a decomposition is done, told while it goes on."""

from twitchwise.measure.asked import Progress


def untold(_share: float) -> None:
    """Tell nobody."""


def part_of(progress: Progress, begin: float, end: float) -> Progress:
    """Return what tells of a step that is done from one share of the whole to another.

    Examples
    --------
    >>> told = []
    >>> part_of(told.append, 0.5, 0.7)(0.5)
    >>> told
    [0.6]
    """

    def tell(share: float) -> None:
        progress(begin + share * (end - begin))

    return tell
