"""How certain each discharge is: two bell curves, one for discharges and one for the peaks that are none."""

import numpy as np

from twitchwise.vocabulary.arrays import FloatArray

# A spread below this share of the distance between the two groups would claim more than the heights can tell.
_LEAST_SPREAD = 0.05
# No peak is certain beyond this, nor hopeless: the curves are only a model.
_LEAST, _MOST = 1e-3, 1.0


def probability_of(height: FloatArray, of_discharges: FloatArray, of_others: FloatArray) -> FloatArray:
    """Return how probable it is that peaks of some heights are discharges, shape as ``height``, in (0, 1].

    Parameters
    ----------
    height
        Heights that are asked about.
    of_discharges, of_others
        Heights of discharges and of other peaks, from which the two curves and their shares are taken.

    Examples
    --------
    >>> import numpy as np
    >>> of_discharges, of_others = np.array([8.0, 9.0, 10.0]), np.array([1.0, 2.0, 1.5, 0.5])
    >>> probability_of(np.array([2.0, 9.0]), of_discharges, of_others).round(2).tolist()
    [0.0, 1.0]
    """
    if of_discharges.size == 0 or of_others.size == 0:
        return np.full(height.shape, _MOST)
    between = max(float(of_discharges.mean() - of_others.mean()), np.finfo(np.float64).tiny)
    odds = _log_density(height, of_discharges, between) - _log_density(height, of_others, between)
    # a peak higher than the middle discharge is no less certain than that one
    top = _log_density(of_discharges.mean(), of_discharges, between) - _log_density(
        of_discharges.mean(), of_others, between
    )
    odds = np.where(height > of_discharges.mean(), np.maximum(odds, top), odds)
    probability: FloatArray = np.clip(1 / (1 + np.exp(-np.clip(odds, -50, 50))), _LEAST, _MOST)
    return probability


def _log_density(height: FloatArray | np.floating, group: FloatArray, between: float) -> FloatArray:
    spread = max(float(group.std()), _LEAST_SPREAD * between)
    density: FloatArray = np.log(group.size / spread) - ((height - group.mean()) / spread) ** 2 / 2
    return density
