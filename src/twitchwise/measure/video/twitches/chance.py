"""How surprising a movement must be so that chance alone gives no more than a set rate of false alarms.

The greatest surprise of each tile of the picture in each half second is, without twitches, the greatest of many nearly
independent ones, and so follows Gumbel's law of extremes (Leadbetter, Lindgren and Rootzen 1983, Extremes and Related
Properties of Random Sequences and Processes, https://doi.org/10.1007/978-1-4612-5449-2). Its place and scale are read
off the middle of the film's own tiles, of which a twitch reaches few, and its tail is followed to the rate asked for.
Normal noise has a scale of 1, and no film is believed to be calmer than that.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from twitchwise.measure.video.twitches.evenly import Series
from twitchwise.vocabulary.arrays import FloatArray

CELL_S = 0.5
TILES = 4  # along each side of the picture
QUANTILES = (0.3, 0.85)  # of the tiles' cells, between which the law is fitted
CALM_QUANTILES = (0.2, 0.6)  # the same before times with twitches are taken out
GUMBEL_MEDIAN = -float(np.log(np.log(2)))
LEAST_CELLS = 8  # of a tile; fewer do not tell its middle
ROUNDS = 2
RARE_PER_HOUR = 60.0
CALM_SHARE = 0.3  # of the times, that must be left
ONCE = 9.0  # surprise that chance alone gives once in half a second: that of the best of some thousand places
LEAST = 1e-3  # surprise of what is judged and in no way rare
HOUR_S = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class FalseAlarmLaw:
    """The law of the greatest surprise in half a second without a twitch.

    Parameters
    ----------
    place, scale
        Of Gumbel's law.
    """

    place: float
    scale: float

    def leveled(self, surprise: Series) -> Series:
        """Return surprises made equal among laws, of what is judged: chance gives `ONCE` once in half a second."""
        equal = (surprise - np.float32(self.place)) / np.float32(self.scale) + np.float32(ONCE)
        return np.where(surprise > 0, np.maximum(equal, np.float32(LEAST)), np.float32(0)).astype(np.float32)

    def unleveled(self, leveled: float) -> float:
        """Return the surprise that `leveled` makes this of."""
        return self.place + (leveled - ONCE) * self.scale

    def threshold(self, rate_per_hour: float) -> float:
        """Return the surprise that chance exceeds at a rate."""
        return self.place - self.scale * float(np.log(rate_per_hour * CELL_S / HOUR_S))

    def rate_per_hour(self, surprise: FloatArray) -> FloatArray:
        """Return how often chance exceeds each of some surprises."""
        rate: FloatArray = HOUR_S / CELL_S * np.exp(-(np.asarray(surprise) - self.place) / self.scale)
        return rate


def false_alarm_law(surprise: Series, rate_hz: float) -> FalseAlarmLaw | None:
    """Return the law of a film, None where it is too short to tell.

    Parameters
    ----------
    surprise
        Of each place at each sample, 0 where none could be judged; shape ``(n_samples, rows, columns)``.
    rate_hz
        Samples per second.
    """
    return _law(_tiles(surprise, max(1, round(CELL_S * rate_hz))))


def calm_law(surprise: Series, rate_hz: float) -> FalseAlarmLaw | None:
    """Return the law of a film without the times, and those beside, in which something is rarer than once in a minute.

    So a film full of twitches is not taken for a noisy one. Where that would leave too little, all times count, by what
    they mostly do.
    """
    tiles = _tiles(surprise, max(1, round(CELL_S * rate_hz)))
    law = first = _law(tiles, CALM_QUANTILES)
    for _ in range(ROUNDS):
        if law is None:
            return None
        rare = (np.nan_to_num(tiles) > law.threshold(RARE_PER_HOUR)).any(axis=1)
        beside = np.convolve(rare, np.ones(3), "same") > 0
        calm = next((one for one in (~beside, ~rare) if one.sum() >= max(LEAST_CELLS, CALM_SHARE * len(tiles))), None)
        if calm is None:
            return first
        law = _law(tiles[calm]) or law
    return law


def _law(tiles: FloatArray, quantiles: tuple[float, float] = QUANTILES) -> FalseAlarmLaw | None:
    """Return the law of tiles, shape ``(n_cells, n_tiles)``, NaN where none could be judged."""
    tiles = tiles[:, (~np.isnan(tiles)).sum(axis=0) >= LEAST_CELLS]
    if not tiles.size:
        return None
    # tiles differ in texture and so in place; the scale is that of each around its own middle
    middle = np.nanmedian(tiles, axis=0)
    low, high = np.nanquantile(tiles - middle, quantiles)
    gumbel_low, gumbel_high = -np.log(-np.log(quantiles))
    scale = max(1.0, float((high - low) / (gumbel_high - gumbel_low)))
    places = middle - scale * GUMBEL_MEDIAN
    return FalseAlarmLaw(place=scale * float(logsumexp(places / scale)), scale=scale)


def _tiles(surprise: Series, length: int) -> FloatArray:
    """Return the greatest surprise of each tile of the picture in each cell, NaN without; ``(n_cells, n_tiles)``."""
    n_cells = len(surprise) // length
    cells = surprise[: n_cells * length].reshape(n_cells, length, *surprise.shape[1:]).max(axis=1)
    rows, columns = (np.array_split(np.arange(size), min(TILES, size)) for size in cells.shape[1:])
    tiles = [
        cells[:, row[0] : row[-1] + 1, column[0] : column[-1] + 1].max(axis=(1, 2))
        for row in rows
        for column in columns
    ]
    found = np.stack(tiles, axis=1).astype(np.float64)
    found[found <= 0] = np.nan
    return found
