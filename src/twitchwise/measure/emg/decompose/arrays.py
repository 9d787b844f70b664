"""Names for the arrays of this room, which are single precision because a grid's samples are many."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Samples, filters and sources, float32; the docstring that takes one gives its shape."""
