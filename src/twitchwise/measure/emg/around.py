"""The greatest of the samples around each one, in a few passes over all of them."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

_Scalar = TypeVar("_Scalar", bound=np.generic)


def greatest_within(values: npt.NDArray[_Scalar], reach: int) -> npt.NDArray[_Scalar]:
    """Return the greatest of each sample and of those up to ``reach`` away on either side.

    Parameters
    ----------
    values
        Samples of any kind that has an order, truth values among them, shape ``(n,)``.
    reach
        Samples on either side; those beyond the ends do not count.

    Returns
    -------
    numpy.ndarray
        Shape and kind as given.

    Notes
    -----
    The greatest of two, of four, of eight neighbors come from those of half as many. Each such pass is as quick as the
    memory; a filter that runs along the samples takes them one by one.

    Examples
    --------
    >>> greatest_within(np.array([0, 3, 0, 0, 0, 1]), 1)
    array([3, 3, 3, 0, 1, 1])
    """
    if values.size == 0 or reach == 0:
        return values.copy()
    reach = min(reach, values.size - 1)
    held, other = np.empty((2, values.size + 2 * reach), dtype=values.dtype)
    held[reach : reach + values.size] = values
    # the ends are carried on by themselves, which are among the samples around
    held[:reach], held[reach + values.size :] = values[0], values[-1]
    width, full = 1, 2 * reach + 1
    while width < full:
        step = min(width, full - width)
        left = held.size - step
        held, other = np.maximum(held[:-step], held[step:], out=other[:left]), held
        width += step
    return np.asarray(held, dtype=values.dtype)
