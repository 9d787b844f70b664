"""From millimeters of skin to pixels of a picture."""

from twitchwise.knowledge import library
from twitchwise.simulate.film.regions import Region
from twitchwise.vocabulary.checks import require_positive

MM = 1e-3


def millimeters_per_pixel(region: Region, width_px: int) -> float:
    """Return how much skin a pixel covers when the region fills the width of the picture, in mm.

    Raises
    ------
    OutOfRangeError
        If the width is not above 0.
    """
    require_positive("width_px", width_px)
    return library().value(f"film_field_{region.value}") / MM / width_px
