"""The electrode grids of OT Bioelettronica: which electrode lies where, by the grid's name.

A name such as ``GR08MM1305`` says 8 mm between electrodes, 13 rows and 5 columns. The order in which the electrodes are
numbered is the one of ``electrodes.py`` in openhdemg (https://github.com/GiacomoValliPhD/openhdemg) and of ``grid.py``
in MUedit (https://github.com/simonavrillon/MUedit), which agree but for turning a grid around. Turning or mirroring a
grid changes no distance between electrodes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_NAME = re.compile(r"(?<![A-Z0-9])(?:(?:GR|HD)\d{2}MM\d{4}|GR100ML1305|ELSCH\d{3}NM\d|MYOM[A-Z]{2}-\d+X\d+)(?!\d)")
_MILLIMETER = 1e-3

Place = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A grid of electrodes.

    Parameters
    ----------
    name
        The maker's name, for example ``GR08MM1305``.
    n_electrodes
        How many electrodes it has, numbered from 1.
    spacing_m
        Distance between neighbors in meters.
    place
        Row and column of an electrode, by its number.
    """

    name: str
    n_electrodes: int
    spacing_m: float
    place: Callable[[int], Place]

    def position_m(self, number: int) -> tuple[float, float, float] | None:
        """Return x (along a row), y (down a column) and z of an electrode in meters; nothing if there is none.

        Examples
        --------
        >>> grid = find_grid("Soleus - GR08MM1305")
        >>> grid.position_m(1), grid.position_m(65)
        ((0.0, 0.008, 0.0), None)
        """
        if not 1 <= number <= self.n_electrodes:
            return None
        row, column = self.place(number)
        return column * self.spacing_m, row * self.spacing_m, 0.0


def _serpentine_13_by_5(number: int) -> Place:
    """Go down the first column, whose first place is empty, up the second, and so on."""
    column, row = divmod(number, 13)
    return (12 - row if column % 2 else row), column


def _from_the_last_column_13_by_5(number: int) -> Place:
    """Go down the last column, whose first place is empty, then down the one before it."""
    column, row = divmod(number, 13)
    return row, 4 - column


def _up_the_columns(number: int) -> Place:
    column, row = divmod(number - 1, 8)
    return 7 - row, column


def _up_from_the_last_of_8(number: int) -> Place:
    column, row = divmod(number - 1, 8)
    return 7 - row, 7 - column


def _up_from_the_last_of_4(number: int) -> Place:
    column, row = divmod(number - 1, 8)
    return 7 - row, 3 - column


def _down_the_columns(number: int) -> Place:
    column, row = divmod(number - 1, 8)
    return row, column


_PLACES: dict[str, tuple[int, float, Callable[[int], Place]]] = {
    "GR04MM1305": (64, 4.0, _serpentine_13_by_5),
    "GR08MM1305": (64, 8.0, _serpentine_13_by_5),
    "HD04MM1305": (64, 4.0, _from_the_last_column_13_by_5),
    "HD08MM1305": (64, 8.0, _from_the_last_column_13_by_5),
    "GR10MM0808": (64, 10.0, _up_the_columns),
    "HD10MM0808": (64, 10.0, _up_from_the_last_of_8),
    "GR10MM0804": (32, 10.0, _up_from_the_last_of_4),
    "HD10MM0804": (32, 10.0, _down_the_columns),
    "HD05MM0804": (32, 5.0, _down_the_columns),
}
KNOWN_GRIDS = {
    name: Grid(name=name, n_electrodes=count, spacing_m=spacing * _MILLIMETER, place=place)
    for name, (count, spacing, place) in _PLACES.items()
}


def name_of_grid(words: str) -> str | None:
    """Return the name of the array that words mention, known or not, in capitals.

    Examples
    --------
    >>> name_of_grid("Vastus lateralis - hd20mm1602 (3)"), name_of_grid("bipolar")
    ('HD20MM1602', None)
    """
    match = _NAME.search(words.upper())
    return match[0] if match else None


def find_grid(words: str) -> Grid | None:
    """Return the grid that words mention, if its electrodes are known."""
    return KNOWN_GRIDS.get(name_of_grid(words) or "")
