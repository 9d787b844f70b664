"""What a diary asks of the place where it is kept; it knows neither files nor servers."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy.orm import Session


class Home(Protocol):
    """The place of one diary; what it refuses is a `DiaryError`, but a broken rule of the tables is left as it is."""

    @property
    def where(self) -> str:
        """What a person calls the place."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session that sees one state of the diary and changes nothing."""
        ...

    def writing(self) -> AbstractContextManager[Session]:
        """Give a session that no other writes beside; when it ends well, its changes outlive a power cut."""
        ...

    def forget(self) -> None:
        """Leave no byte of what was changed or erased, as far as this place can reach."""
        ...
