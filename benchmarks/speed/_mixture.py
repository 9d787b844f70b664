"""A Gaussian-mixture rule as published for fasciculations in ultrasound, written plainly in NumPy.

Bibbings et al. 2019, Foreground detection analysis of ultrasound image sequences identifies markers of motor neurone
disease across diagnostically relevant skeletal muscles: an adaptive mixture of Gaussians for each pixel tells what is
foreground. Its abstract alone could be opened, so the mixture is the usual one: each pixel has some Gaussians; the one
that a new value lies within 2.5 standard deviations of is moved towards it, or the weakest is replaced; those that are
likeliest and together weigh 0.7 are background.
"""

import numpy as np
import numpy.typing as npt

GAUSSIANS = 3
RATE = 0.005
NEAR = 2.5
BACKGROUND = 0.7
FIRST_SD = 15.0
LEAST_SD = 2.0


class Mixture:
    """Gaussians of each pixel."""

    def __init__(self, first: npt.NDArray[np.uint8]) -> None:
        shape = (GAUSSIANS, first.size)
        self.weight = np.zeros(shape, np.float32)
        self.weight[0] = 1
        self.mean = np.tile(first.reshape(-1).astype(np.float32), (GAUSSIANS, 1))
        self.variance = np.full(shape, FIRST_SD**2, np.float32)

    def foreground(self, picture: npt.NDArray[np.uint8]) -> float:
        """Take a picture and return the share of its pixels that are foreground."""
        values = picture.reshape(-1).astype(np.float32)
        away = np.square(values - self.mean)
        near = away < NEAR**2 * self.variance
        order = np.argsort(-self.weight / np.sqrt(self.variance), axis=0)
        sorted_near = np.take_along_axis(near, order, axis=0)
        matched = np.asarray(sorted_near.any(axis=0))
        place = np.take_along_axis(order, sorted_near.argmax(axis=0)[np.newaxis], axis=0)[0]
        weights = np.take_along_axis(self.weight, order, axis=0)
        background = (np.cumsum(weights, axis=0) - weights) < BACKGROUND
        is_background = (sorted_near & background).any(axis=0)
        self._learn(values, away, matched, place, order[-1])
        return float(1 - is_background.mean())

    def _learn(  # the arrays of one picture
        self,
        values: npt.NDArray[np.float32],
        away: npt.NDArray[np.float32],
        matched: npt.NDArray[np.bool_],
        place: npt.NDArray[np.int64],
        weakest: npt.NDArray[np.int64],
    ) -> None:
        pixels = np.arange(values.size)
        chosen = np.where(matched, place, weakest)
        self.weight *= 1 - RATE
        self.weight[chosen, pixels] += RATE
        seen = pixels[matched]
        at = place[matched]
        self.mean[at, seen] += RATE * (values[matched] - self.mean[at, seen])
        self.variance[at, seen] += RATE * (away[at, seen] - self.variance[at, seen])
        new, where = pixels[~matched], weakest[~matched]
        self.mean[where, new], self.variance[where, new], self.weight[where, new] = values[~matched], FIRST_SD**2, RATE
        np.maximum(self.variance, LEAST_SD**2, out=self.variance)
        self.weight /= self.weight.sum(axis=0)
