"""Fits a twitch to the average of many windows, weighed by the noise, and says how far each event leads it elsewhere.

Shape is sought by least squares; size, level and slope, which enter linearly, are solved for at every step (variable
projection: Golub and Pereyra 1973, doi:10.1137/0710036). The interval is that of a bootstrap over events in its linear
form, the infinitesimal jackknife (Efron and Stein 1981, doi:10.1214/aos/1176345462): how each event alone would move
the result. It needs no chance, and holds what varies between events as well as noise.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares

from twitchwise.measure.mechanics.noise import Noise
from twitchwise.measure.mechanics.shapes import Shapes
from twitchwise.measure.mechanics.windows import BEFORE_S, Windows
from twitchwise.vocabulary.arrays import FloatArray

# Rounds of fitting the curve and finding where half its peak ends the fit; the end moves by less than 1 % after two.
_ROUNDS = 3
# Columns of the design: size, level, slope.
_LINEAR = 3
# Steps of numerical derivatives, of parameters whose natural size is 1. Landmarks come from a table; the longer step
# keeps its grain out of the derivative.
_STEP, _LONG_STEP = 1e-4, 3e-3
# A search has settled when the sum of squares, about the number of samples, falls by less than this share of it, or the
# shape moves by less than this share: both are far below the standard error of what is read from it.
_SETTLED, _NEAR = 1e-6, 1e-3
_TINY = np.finfo(np.float64).tiny


class Quantities(NamedTuple):
    """What is read from a fitted twitch: latency, contraction and half-relaxation time in seconds, peak with sign."""

    latency_s: float
    contraction_time_s: float
    half_relaxation_time_s: float
    peak: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """A fitted twitch.

    Parameters
    ----------
    quantities
        What is read from it.
    over_s
        When it is over, in seconds after the discharge.
    influence
        By how much each event moves each quantity, shape ``(n_events, 4)``; their sum is 0 but for what is known
        beforehand.
    noise_error
        Standard error of each quantity that the noise alone gives, shape ``(4,)``.
    own
        Each event's own quantities, to first order, shape ``(n_events, 4)``.
    size_error
        Standard error of the size of one event's twitch whose shape is known.
    explained_share
        Share of what the whole average holds beyond noise that the twitch explains, 0 to 1.
    """

    quantities: Quantities
    over_s: float
    influence: FloatArray
    noise_error: FloatArray
    own: FloatArray
    size_error: float
    explained_share: float

    @property
    def n_events(self) -> int:
        """How many events were averaged."""
        return len(self.own)

    @property
    def twitch_to_noise(self) -> float:
        """Size of the averaged twitch over the standard error of that size."""
        return abs(self.quantities.peak) / self.size_error * float(np.sqrt(self.n_events))


def fit_twitch(windows: Windows, noise: Noise, shapes: Shapes) -> Fit:
    """Fit a twitch to the average of windows, of which there is at least one."""
    search = _Search(windows, noise, shapes)
    vector = search.best_start()
    n = 0
    for _ in range(_ROUNDS):
        used = search.samples_used(vector)
        if used == n:
            break
        vector, n = search.refined(vector, used), used
    return _judged(search, vector, n, windows)


class _Level(NamedTuple):
    """What a level and a slope leave of the whitened average, and an orthonormal basis of both, shape ``(n, 2)``."""

    basis: FloatArray
    left: FloatArray

    def without(self, columns: FloatArray) -> FloatArray:
        """Return columns without what level and slope explain of them, shape ``(n, k)``."""
        return columns - self.basis @ (self.basis.T @ columns)


class _Search:
    """The average, whitened, and the distance of shapes from it."""

    def __init__(self, windows: Windows, noise: Noise, shapes: Shapes) -> None:
        self.time_s, self.shapes, self.n_events = windows.time_s, shapes, len(windows)
        self.whitening = noise.whitening
        self.white = self.whitening @ windows.samples.mean(axis=0)
        self.lines = self.whitening @ np.stack([np.ones_like(self.time_s), self.time_s], axis=1)
        self.levels: dict[int, _Level] = {}

    def samples_used(self, vector: FloatArray) -> int:
        """Return how many samples a shape is fitted to, at least a few after the discharge."""
        end_s = self.shapes.fitted_until_s(vector)
        least = int(np.searchsorted(self.time_s, BEFORE_S / 5))
        return int(np.clip(np.searchsorted(self.time_s, end_s) + 1, least, self.time_s.size))

    def best_start(self) -> FloatArray:
        """Return the shape of the coarse grid that explains most."""
        starts = list(self.shapes.starts())
        columns = self.columns(np.array(starts), self.time_s.size)  # the leading part whitens a shorter window
        used = [self.samples_used(start) for start in starts]
        explained = [self.explained_by(columns[:n, one : one + 1]) for one, n in enumerate(used)]
        return starts[int(np.argmax(explained))]

    def design(self, vector: FloatArray, n: int) -> FloatArray:
        """Return the whitened twitch of peak 1, level and slope, shape ``(n, 3)``."""
        return np.column_stack([self.columns(vector[np.newaxis], n), self.lines[:n]])

    def columns(self, vectors: FloatArray, n: int) -> FloatArray:
        """Return whitened twitches of peak 1, shape ``(n, n_vectors)``; several cost little more than one."""
        shapes = np.stack([self.shapes.at(vector, self.time_s[:n]) for vector in vectors], axis=1)
        columns: FloatArray = self.whitening[:n, :n] @ (shapes / np.maximum(np.abs(shapes).max(axis=0), _TINY))
        return columns

    def level(self, n: int) -> _Level:
        """Return what a level and a slope leave of the first ``n`` samples."""
        if n not in self.levels:
            basis = np.linalg.qr(self.lines[:n])[0]
            self.levels[n] = _Level(basis, self.white[:n] - basis @ (basis.T @ self.white[:n]))
        return self.levels[n]

    def explained_by(self, column: FloatArray) -> float:
        """Return by how much a whitened twitch, shape ``(n, 1)``, lowers the sum of squares."""
        level = self.level(len(column))
        alone = level.without(column)[:, 0]
        return float(alone @ level.left) ** 2 / max(float(alone @ alone), _TINY)

    def refined(self, vector: FloatArray, n: int) -> FloatArray:
        """Return the shape that fits the first ``n`` samples best, with what is known of it beforehand."""
        low, high = self.shapes.bounds
        start, limits = np.clip(vector, low, high), (low, high)
        found = least_squares(
            self._residual, start, self._jacobian, bounds=limits, ftol=_SETTLED, xtol=_NEAR, args=(n,)
        )
        return np.asarray(found.x, dtype=np.float64)

    def _residual(self, vector: FloatArray, n: int) -> FloatArray:
        return self._residuals(vector[np.newaxis], n)[:, 0]

    def _jacobian(self, vector: FloatArray, n: int) -> FloatArray:
        steps = _STEP * np.eye(vector.size)
        moved = self._residuals(np.concatenate([vector + steps, vector - steps]), n)
        jacobian: FloatArray = (moved[:, : vector.size] - moved[:, vector.size :]) / (2 * _STEP)
        return jacobian

    def _residuals(self, vectors: FloatArray, n: int) -> FloatArray:
        """Return what the best twitches of shapes leave, then how unusual the shapes are, a column for each."""
        level = self.level(n)
        alone = level.without(self.columns(vectors, n))
        size = level.left @ alone / np.maximum(np.sum(alone**2, axis=0), _TINY)
        residual = np.sqrt(self.n_events) * (level.left[:, np.newaxis] - size * alone)
        unusual = (vectors - self.shapes.usual) * np.sqrt(self.shapes.known)
        return np.concatenate([residual, unusual.T])


def _left(design: FloatArray, white: FloatArray) -> float:
    """Return the sum of squares that a design leaves."""
    residual = white - design @ np.linalg.lstsq(design, white)[0]
    return float(residual @ residual)


def _judged(search: _Search, vector: FloatArray, n: int, windows: Windows) -> Fit:
    """Return the fit with what each event makes of it."""
    design = search.design(vector, n)
    linear = np.linalg.lstsq(design, search.white[:n])[0]
    jacobian = np.column_stack([design, float(linear[0]) * _slopes(search, vector, n)])
    residual = windows.samples[:, :n] @ search.whitening[:n, :n].T - design @ linear
    per_event = jacobian.T @ jacobian
    known = np.diag(np.append(np.zeros(_LINEAR), search.shapes.known))
    together = np.linalg.pinv(len(windows) * per_event + known, hermitian=True)
    alone = np.linalg.pinv(per_event + known, hermitian=True)
    read = _reading(search.shapes, vector)
    quantities = Quantities(*search.shapes.times(vector), float(linear[0]))
    pulls = residual @ jacobian
    return Fit(
        quantities=quantities,
        over_s=search.shapes.over_s(vector),
        influence=pulls @ together @ read.T,
        noise_error=np.sqrt(np.diag(read @ together @ read.T)),
        own=np.array(quantities) + pulls @ alone @ read.T,
        size_error=float(np.sqrt(np.linalg.inv(design.T @ design)[0, 0])),
        explained_share=_explained_share(search, vector),
    )


def _explained_share(search: _Search, vector: FloatArray) -> float:
    n = search.time_s.size  # what comes after half the peak was not fitted, but it must not tell another story
    explained = search.explained_by(search.columns(vector[np.newaxis], n))
    beyond_noise = _left(search.design(vector, n), search.white[:n]) - n / search.n_events
    return explained / max(explained + max(beyond_noise, 0.0), _TINY)


def _slopes(search: _Search, vector: FloatArray, n: int) -> FloatArray:
    """Return the derivatives of the whitened twitch of size 1 with respect to its shape, shape ``(n, n_shape)``."""
    steps = _STEP * np.eye(vector.size)
    columns = [(search.design(vector + step, n) - search.design(vector - step, n))[:, 0] for step in steps]
    slopes: FloatArray = np.stack(columns, axis=1) / (2 * _STEP)
    return slopes


def _reading(shapes: Shapes, vector: FloatArray) -> FloatArray:
    """Return the derivatives of the quantities by size, level, slope and shape, shape ``(4, 3 + n_shape)``."""
    matrix = np.zeros((len(Quantities._fields), _LINEAR + vector.size))
    matrix[-1, 0] = 1.0
    for column, step in enumerate(_LONG_STEP * np.eye(vector.size), start=_LINEAR):
        up, down = (np.array(shapes.times(vector + sign * step)) for sign in (1, -1))
        matrix[:-1, column] = (up - down) / (2 * _LONG_STEP)
    return matrix
