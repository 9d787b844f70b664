"""Names for the arrays that rooms exchange; only rooms that may load an array library import this."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
"""Samples or times, float64; the docstring that takes one gives its shape and unit."""
IntArray = npt.NDArray[np.int64]
"""Sample numbers or counts, int64."""
BoolArray = npt.NDArray[np.bool_]
"""A mask over samples or windows."""
