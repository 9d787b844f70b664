"""."""

from collections.abc import Sequence
from pathlib import Path

from twitchwise.signals import EventTrain, Recording


def write_edf(recording: Recording, path: Path | str, *, event_trains: Sequence[EventTrain] = ()) -> None:
    """."""
    raise NotImplementedError
